"""The fishbone (Ishikawa) of an analysis as SVG: readable on a phone, printable, the same for the same analysis.

The spine runs down into the effect, a bone for each category from either side into the spine. No style element and no
style attribute, which the security policy forbids: presentation attributes and classes. Nothing that people wrote
becomes markup, and no character that XML cannot hold is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from capa.analysis import Analysis, Category
from workflows.lettering import drawable, wrapped

WIDTH = 360
"""Units of the drawing's width: at this many pixels, what a phone has, a unit is a pixel."""
MIDDLE = WIDTH // 2
EDGE = 10
"""Where the bones' upright parts stand, from either side."""
GAP = 8
"""Between bone, text and spine."""
LINE = 15
"""Height of a line of text of 12 units."""
SLOPE = 36
"""How far a bone comes down on its way into the spine."""
HEAD = 18
"""From the edge to the box of the effect."""
CELL = 20
LABEL = 21
EFFECT = 38
"""Measured characters, of which a small ``o`` is one, of a line of a cause, of a category's name and of the effect."""
CAUSE_LINES = 5
LABEL_LINES = 2
EFFECT_LINES = 8
SAID = 120
"""Characters of one text in the description."""


@dataclass(frozen=True, slots=True)
class _Bone:
    """One category: its name, and each cause in full and in lines."""

    code: str
    name: str
    label: list[str]
    causes: list[tuple[str, list[str]]]

    @property
    def height(self) -> int:
        """Units that name and causes take."""
        return _box(self.label) + sum(len(lines) * LINE + GAP for _full, lines in self.causes)


def svg(analysis: Analysis, effect: str) -> SafeString:
    """The drawing as an ``svg`` element, safe to put into a page; ``effect`` is what the causes led to.

    As wide as its place: keep it in a box, ``.fishbone`` is its class.
    """
    bones = _bones(analysis)
    parts: list[SafeString] = []
    top = GAP
    for at in range(0, len(bones), 2):
        pair = bones[at : at + 2]
        join = top + max(bone.height for bone in pair) + SLOPE
        parts += [_drawn(bone, top, join, right=bool(side)) for side, bone in enumerate(pair)]
        top = join + GAP
    shown = drawable(effect) if effect.strip() else _("Sự không phù hợp")
    name = _("Sơ đồ xương cá: %(effect)s") % {"effect": _short(shown)}
    head, bottom = _head(shown, top + GAP)
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="fishbone" role="img" viewBox="0 0 {} {}"'
        ' font-family="\'Be Vietnam Pro\', sans-serif" font-size="12" fill="currentColor" stroke="none">'
        "<title>{}</title><desc>{}</desc>"
        '<path class="fishbone-spine" d="M{} {}V{}" fill="none" stroke="currentColor" stroke-width="3"/>{}{}</svg>',
        *(WIDTH, bottom + 2, name, _description(bones), MIDDLE, GAP, top + GAP),
        *(_joined(parts), head),
    )


def _bones(analysis: Analysis) -> list[_Bone]:
    """Every category in its order, and last those causes that have none yet."""
    causes: dict[str, list[str]] = {code: [] for code in Category.values}
    for cause in analysis["causes"]:
        causes.setdefault(cause["category"], []).append(drawable(cause["text"]))
    names = {str(category): str(category.label) for category in Category}
    return [_bone(code, names.get(code, _("Chưa xếp nhóm")), texts) for code, texts in causes.items()]


def _bone(code: str, name: str, texts: list[str]) -> _Bone:
    return _Bone(
        code or "none",
        name,
        wrapped(name, LABEL, LABEL_LINES),
        [(text, wrapped(text, CELL, CAUSE_LINES)) for text in texts],
    )


def _box(lines: list[str]) -> int:
    return len(lines) * LINE + GAP


def _drawn(bone: _Bone, top: int, join: int, *, right: bool) -> SafeString:
    """A category's name in its box, the bone down and into the spine, and each cause on its twig."""
    edge, inner = (WIDTH - EDGE, MIDDLE + GAP) if right else (EDGE, MIDDLE - GAP)
    left = inner if right else EDGE
    width = MIDDLE - GAP - EDGE
    base = top + _box(bone.label)
    boxed = format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="3" fill="none" stroke="currentColor" stroke-width="1.5"/>{}',
        *(left, top, width, base - top, _text(bone.label, left + width // 2, top + LINE, label=True)),
    )
    spine = format_html(
        '<path d="M{} {}V{}L{} {}" fill="none" stroke="currentColor" stroke-width="1.5"/>',
        *(edge, base, join - SLOPE, MIDDLE, join),
    )
    twigs: list[SafeString] = []
    for full, lines in bone.causes:
        foot = base + len(lines) * LINE + 4
        text = _text(lines, inner + 2 if right else EDGE + GAP, base + LINE - 1)
        twig = format_html('<path d="M{} {}H{}" stroke="currentColor" stroke-width="0.75"/>', edge, foot, inner)
        twigs.append(format_html('<g class="fishbone-cause"><title>{}</title>{}{}</g>', full, text, twig))
        base = foot + 4
    return format_html(
        '<g class="fishbone-{}"><title>{}</title>{}{}{}</g>',
        *(bone.code, bone.name, boxed, spine, _joined(twigs)),
    )


def _head(effect: str, top: int) -> tuple[SafeString, int]:
    """The box of the effect under the spine's arrow, and where it ends."""
    lines = wrapped(effect, EFFECT, EFFECT_LINES)
    height = _box(lines) + 2
    drawn = format_html(
        '<g class="fishbone-effect"><title>{}</title><path d="M{} {}l-7 -12h14z"/>'
        '<rect x="{}" y="{}" width="{}" height="{}" rx="3" fill="none" stroke="currentColor" stroke-width="2.5"/>'
        "{}</g>",
        *(effect, MIDDLE, top, HEAD, top, WIDTH - 2 * HEAD, height),
        _text(lines, MIDDLE, top + LINE + 1, label=True),
    )
    return drawn, top + height


def _text(lines: list[str], x: int, y: int, *, label: bool = False) -> SafeString:
    """Lines one under another; a label is bold and stands in the middle."""
    spans = format_html_join(
        "", '<tspan x="{}" y="{}">{}</tspan>', ((x, y + n * LINE, one) for n, one in enumerate(lines))
    )
    how = SafeString(' text-anchor="middle" font-weight="600"') if label else ""
    return format_html("<text{}>{}</text>", how, spans)


def _joined(parts: Iterable[SafeString]) -> SafeString:
    """Markup put together; ``str.join`` would make it text again."""
    return format_html_join("", "{}", ((part,) for part in parts))


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= SAID else words[: SAID - 1].rstrip() + "…"


def _description(bones: Iterable[_Bone]) -> str:
    """The drawing in words, for those who cannot see it."""
    said = [
        f"{bone.name}: {'; '.join(_short(full) for full, _lines in bone.causes) or _('chưa có nguyên nhân')}."
        for bone in bones
    ]
    return " ".join(said)
