"""How law and versions look: validity in words, a comparison, what is still missing, how an act reaches a document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from documents.citing import BASIS
from documents.forms import SOURCE_STATUS
from documents.machines.version import OPEN, VERSION
from documents.models import Citation, DocumentVersion, ImpactItem, RelationKind
from documents.models.regulation import VALIDITY_COLOURS, Validity
from documents.provisions import words
from documents.reach import Strength
from documents.sections import section
from documents.services.comparisons import base_of, compared
from documents.services.screening import hints
from workflows.engine import Act

register = template.Library()

STRENGTH_COLOURS = {
    Strength.DIES: "red",
    Strength.STOPS: "orange",
    Strength.CHANGES: "yellow",
    Strength.UNGROUNDED: "orange",
    Strength.GUIDED: "azure",
    Strength.ABOLISHED: "red",
    Strength.ANNOUNCED: "yellow",
    Strength.PROCESS: "yellow",
    Strength.SUNSET: "orange",
    Strength.OWNER: "yellow",
    Strength.NAMED: "yellow",
    Strength.REFERS: "yellow",
}


@register.simple_tag
def validity_tag(value: str) -> str:
    """Validity as a coloured word; empty for none."""
    if not value:
        return ""
    known = Validity(value)
    return format_html('<span class="tag tag-{}">{}</span>', VALIDITY_COLOURS[known], known.label)


@register.filter
def at(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    """The value of a key, or nothing."""
    return mapping.get(key) if mapping is not None else None


@register.filter
def known(day: date | None) -> str:
    """A date of the register; what nobody knows is said to be unknown, never left blank."""
    return f"{day:%d/%m/%Y}" if day else _("Chưa rõ")


@register.filter
def part_words(parts: Iterable[str]) -> str:
    """Articles, clauses and points in words."""
    return words(parts)


@register.simple_tag
def source_words(status: str) -> str:
    """What the source of the data said of an act, in words; an unknown code as it stands."""
    return str(dict(SOURCE_STATUS).get(status, status))


_STANDS = {
    "legal_basis": lazy("%(act)s ← căn cứ số %(row)s của %(target)s"),
    "steps": lazy("%(act)s ← bước %(row)s của %(target)s"),
}
_PLACES = {"legal_basis": lazy("căn cứ số %(row)s"), "steps": lazy("bước %(row)s")}


@register.filter
def hop(step: Mapping[str, Any]) -> str:
    """One hop of a path in words: ``khoản 2 Điều 5 18/2026/NĐ-CP ← căn cứ số 3 của QT.07``."""
    ends = {"act": step["from"], "target": step["to"]}
    parts = words(step.get("provisions", ()))
    if step["kind"] == "cites":
        said = _STANDS[step.get("section", "legal_basis")] % {**ends, "row": step["row"]}
        return f"{parts} {said}" if parts else said
    if step["kind"] in PLACED:
        place = _place(step)
        return PLACED[step["kind"]]() % {**ends, "place": place}
    label = dict(RelationKind.choices).get(step["kind"], step["kind"])
    label = f"{label} {parts}" if parts else label
    said = _("%(act)s → %(relation)s %(target)s") % {**ends, "relation": label}
    since = step.get("since")
    return _("%(hop)s từ %(day)s") % {"hop": said, "day": f"{date.fromisoformat(since):%d/%m/%Y}"} if since else said


@register.simple_tag
def relation_words(kind: str) -> str:
    """What one act does to another, in words."""
    return str(dict(RelationKind.choices).get(kind, kind))


def _place(step: Mapping[str, Any]) -> str:
    """Where in a document a wording stands: its section, and the row if it is a table's."""
    label = str(section(step["section"]).label) if step.get("section") else ""
    words = {"section": label, "row": step.get("row")}
    return _("%(section)s, dòng %(row)s") % words if label and step.get("row") else label


PLACED = {
    "announces": lambda: _("%(act)s công bố thủ tục %(target)s"),
    "handles": lambda: _("thủ tục %(act)s do %(target)s giải quyết"),
    "ends": lambda: _("nội dung chỉ áp dụng đến hết %(act)s trong %(target)s (%(place)s)"),
    "owns": lambda: _("%(act)s chủ trì %(target)s"),
    "names": lambda: _("%(target)s nhắc đến %(act)s (%(place)s)"),
}
"""Hops that are no relation between acts, in words."""


@register.filter
def short_path(path: list[Mapping[str, Any]]) -> str:
    """A path beside its own act and document: only the row of a direct citation, else every hop."""
    if len(path) == 1 and path[0]["kind"] == "cites":
        said = _PLACES[path[0].get("section", "legal_basis")] % {"row": path[0]["row"]}
        parts = words(path[0].get("provisions", ()))
        return f"{said}: {parts}" if parts else said
    return "; ".join(hop(step) for step in path)


@register.simple_tag
def strength_tag(value: str) -> str:
    """What happens to the cited document, as a coloured word; nothing for a document that cites the act itself."""
    if value == Strength.CITED or value not in STRENGTH_COLOURS:
        return ""
    strength = Strength(value)
    return format_html('<span class="tag tag-{}">{}</span>', STRENGTH_COLOURS[strength], strength.label)


@register.inclusion_tag("documents/parts/redline.html")
def redline(version: DocumentVersion) -> dict[str, Any]:
    """What a version changes against the one in force; for the pane of the inbox."""
    return {"comparison": compared(version, base_of(version))}


@register.simple_tag
def missing(version: DocumentVersion) -> list[str]:
    """What the check of a version under way would still find today; empty for a sound one and for a finished one."""
    if version.state not in OPEN:
        return []
    return version.missing_for_check(Act(VERSION.rows_of("pass")[0], None, "", None, timezone.now()))


@register.inclusion_tag("documents/parts/impact.html")
def impact_facts(item: ImpactItem) -> dict[str, Any]:
    """An item with the rows of the legal basis by which it is reached, and the least time of the deadline's rule."""
    cited_act = item.path[-1]["from"] if item.path else item.subject
    rows = Citation.objects.filter(version=item.version_id, regulation__number=cited_act, place=BASIS)
    rows = rows.order_by("position")
    basis = item.version.content["legal_basis"]
    cited = [
        {"number": row.position + 1, "row": basis[row.position]}
        for row in rows.order_by("position")
        if row.position < len(basis)
    ]
    hint = hints([item]).get(item.pk)
    return {"item": item, "cited": cited, "hint": hint, "least_days": settings.REVISE_MIN_WORKING_DAYS}
