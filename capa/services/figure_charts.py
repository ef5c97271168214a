"""Figures drawn: horizontal bars as SVG geometry in whole user units, for a template without scripts and styles.

A phone is 390 px wide, so a chart is narrow, its words stand above its bars and each bar says its number in words: no
legend, and nothing told by colour alone. The table beside it has the same data in full.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from capa.services.figures import SHOWN, Figures, Part, Row, Table

WIDTH = 340
LONGEST = 180
"""The longest bar; right of it is room for its words."""
LABEL = 46
"""Letters of a label that fit into the width."""
MOST = 12
"""Lines drawn; the table has the others."""
NAME, STEP, BAR, GAP = 19, 17, 12, 10
AXIS_FROM, AXIS_TO, AXIS_FOOT = 0, 330, 18
MARKS = (0, 50, 80, 100)
"""Percents with an upright line; 80 is where the vital few end."""


@dataclass(frozen=True)
class Word:
    """A text at a point. ``kind``: ``name`` of a line, ``n`` beside a bar, ``tick`` of an axis."""

    kind: str
    x: int
    y: int
    text: str


@dataclass(frozen=True)
class Bar:
    """A bar. ``kind`` is its colour: a group of the figures, ``age`` or ``cause``."""

    kind: str
    x: int
    y: int
    width: int
    height: int = BAR


@dataclass
class Chart:
    """One picture, built from the top. ``dots``: the cumulative share of a Pareto; ``ticks``: its upright lines."""

    key: str
    title: str
    desc: str = ""
    height: int = 0
    words: list[Word] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    dots: list[tuple[int, int]] = field(default_factory=list)
    ticks: tuple[int, ...] = ()
    width: int = WIDTH

    @property
    def line(self) -> str:
        """Points of the cumulative line."""
        return " ".join(f"{x},{y}" for x, y in self.dots)

    @property
    def foot(self) -> int:
        """Where the upright lines end."""
        return self.height - AXIS_FOOT

    def name(self, text: str, kind: str = "name") -> None:
        """A line of words over the whole width."""
        short = text if len(text) <= LABEL else f"{text[: LABEL - 1].rstrip()}…"
        self.words.append(Word(kind, 0, self.height + 14, short))
        self.height += NAME

    def bar(self, kind: str, width: int, text: str) -> None:
        """A bar with its words at its end."""
        self.bars.append(Bar(kind, 0, self.height, width))
        self.words.append(Word("n", width + 6, self.height + BAR - 1, text))
        self.height += STEP


def charts(found: Figures) -> dict[str, Chart | None]:
    """Charts by the key of their table, ``age`` and ``pareto``; None where there is nothing to draw."""
    drawn = {table.key: _groups(table) for table in found.tables}
    return {**drawn, "age": _ages(found.ages), "pareto": _pareto(found.causes)}


def _groups(table: Table) -> Chart | None:
    """Three bars a line: open with the overdue part in front of it, recurring, closed."""
    if not table.rows:
        return None
    highest = max(number.n for row in table.rows for number in row.numbers)
    chart, said = Chart(table.key, table.title), []
    for row in table.rows[:MOST]:
        n = dict(zip(SHOWN, (number.n for number in row.numbers), strict=True))
        chart.name(row.label)
        words = _words(n)
        for group, text in words.items():
            chart.bar(group, _scaled(n[group], highest), text)
            if group == "open" and n["overdue"]:
                over = chart.bars[-1]
                chart.bars.append(Bar("overdue", 0, over.y, _scaled(n["overdue"], highest)))
        chart.height += GAP
        said.append(_sentence(row, words))
    chart.desc = _desc(said, len(table.rows))
    return chart


def _words(n: dict[str, int]) -> dict[str, str]:
    """Words of the bars of a line that are not nothing, by group."""
    words = _("%(n)d đang mở, %(late)d quá hạn") if n["overdue"] else _("%(n)d đang mở")
    said = {
        "open": words % {"n": n["open"], "late": n["overdue"]},
        "recurring": _("%(n)d lặp lại") % {"n": n["recurring"]},
        "closed": _("%(n)d đã đóng") % {"n": n["closed"]},
    }
    return {group: text for group, text in said.items() if n[group]}


def _sentence(row: Row, words: dict[str, str]) -> str:
    return f"{row.label}: {', '.join(words.values())}"


def _ages(parts: Sequence[Part]) -> Chart | None:
    highest = max(part.number.n for part in parts)
    if not highest:
        return None
    chart, said = Chart("age", _("Tuổi của phiếu đang mở")), []
    for part in parts:
        text = f"{part.number.n} · {share(part.percent)}"
        chart.name(part.label)
        chart.bar("age", _scaled(part.number.n, highest), text)
        chart.height += GAP
        said.append(f"{part.label}: {text}")
    chart.desc = _desc(said, len(said))
    return chart


def _pareto(parts: Sequence[Part]) -> Chart | None:
    """Bars are shares, dots the shares so far, on one axis of 0 to 100 %."""
    if not parts:
        return None
    chart, said = Chart("pareto", _("Pareto nguyên nhân"), ticks=tuple(_on_axis(mark, 100) for mark in MARKS)), []
    for part in parts:
        shares = {"n": part.number.n, "share": share(part.percent), "upto": share(part.upto_percent)}
        text = _("%(n)d · %(share)s, luỹ kế %(upto)s") % shares
        chart.name(part.label)
        chart.name(text, "n")
        width = _on_axis(part.number.n, part.of) - AXIS_FROM
        chart.bars.append(Bar("cause", AXIS_FROM, chart.height, width))
        chart.dots.append((_on_axis(part.upto, part.of), chart.height + BAR // 2))
        chart.height += STEP + GAP
        said.append(f"{part.label}: {text}")
    chart.height += AXIS_FOOT
    ends = {MARKS[0]: "tick first", MARKS[-1]: "tick last"}
    for mark in MARKS:
        chart.words.append(Word(ends.get(mark, "tick"), _on_axis(mark, 100), chart.height - 4, f"{mark} %"))
    chart.desc = _desc(said, len(said))
    return chart


def share(value: Decimal | None) -> str:
    """A percent in words; a dash of nothing."""
    return "–" if value is None else f"{number_format(value, 1)} %"


def _desc(said: Iterable[str], lines: int) -> str:
    text = "; ".join(said) + "."
    if lines > MOST:
        text += " " + _("Hình vẽ %(shown)d dòng đầu, bảng có đủ %(all)d dòng.") % {"shown": MOST, "all": lines}
    return text


def _scaled(n: int, highest: int) -> int:
    """Length of a bar; what is not nothing is seen."""
    return max(2, n * LONGEST // highest)


def _on_axis(part: int, whole: int) -> int:
    return AXIS_FROM + part * (AXIS_TO - AXIS_FROM) // whole
