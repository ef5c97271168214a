"""What changed between two versions of a procedure: by section and row first, then by word."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from django.utils.translation import gettext as _

from documents.sections import SECTIONS, Column, Content, Section
from documents.words import Span, Words, vocabulary

Status = Literal["same", "added", "removed", "changed"]
RowStatus = Literal["same", "added", "removed", "changed", "moved"]
_Row = Mapping[str, str]

ALIKE = 0.5
"""Share of common words from which a row without a common key counts as the same row, rewritten."""
_SHORT = 60
"""Characters up to which a summary quotes a value."""


@dataclass(frozen=True, slots=True)
class CellDiff:
    """One cell: both values and the words between them."""

    column: Column
    old: str
    new: str
    spans: tuple[Span, ...]

    @property
    def changed(self) -> bool:
        """Whether the values differ."""
        return self.old != self.new


@dataclass(frozen=True, slots=True)
class RowDiff:
    """One row. Numbers count from 1 and are None where the row is not; ``moved`` holds for a changed row as well."""

    key: str
    status: RowStatus
    moved: bool
    old_number: int | None
    new_number: int | None
    cells: tuple[CellDiff, ...]


@dataclass(frozen=True, slots=True)
class SectionDiff:
    """One section: ``spans`` for a text, ``rows`` for a table; the time limit is one row of two cells."""

    section: Section
    status: Status
    spans: tuple[Span, ...] = ()
    rows: tuple[RowDiff, ...] = ()


def redline(old: Content | None, new: Content) -> list[SectionDiff]:
    """Compare two contents, in the table's order; without an old one everything written is added.

    Deterministic. Rows pair by key, else by likeness of their first required column.
    """
    words = Words()
    before: Mapping[str, Any] = old if old is not None else {}
    after: Mapping[str, Any] = new
    return [_section(item, before.get(item.key), after.get(item.key), words) for item in SECTIONS]


def _section(item: Section, old: Any, new: Any, words: Words) -> SectionDiff:
    if item.kind == "text":
        spans = words.diff(old or "", new or "")
        return SectionDiff(item, _status(old, new, changed=any(span.op != "same" for span in spans)), spans)
    if item.kind == "limit":
        rows = [_limit(item, old or {}, new or {}, words)]
        filled = (any((old or {}).values()), any((new or {}).values()))
        return SectionDiff(item, _status(*filled, changed=rows[0].status != "same"), rows=tuple(rows))
    rows = _rows(item, old or [], new or [], words)
    return SectionDiff(item, _status(old, new, changed=any(row.status != "same" for row in rows)), rows=tuple(rows))


def _status(old: Any, new: Any, *, changed: bool) -> Status:
    if not changed:
        return "same"
    if not old:
        return "added"
    return "changed" if new else "removed"


def _limit(item: Section, old: Mapping[str, str | None], new: Mapping[str, str | None], words: Words) -> RowDiff:
    one, other = ({name: value or "" for name, value in limit.items()} for limit in (old, new))
    cells = _cells(item, one, other, words)
    status: RowStatus = "changed" if any(cell.changed for cell in cells) else "same"
    return RowDiff("", status, False, 1, 1, cells)


def _cells(item: Section, old: _Row, new: _Row, words: Words) -> tuple[CellDiff, ...]:
    pairs = [(column, old.get(column.key, ""), new.get(column.key, "")) for column in item.columns]
    return tuple(CellDiff(column, one, other, words.diff(one, other)) for column, one, other in pairs)


def _rows(item: Section, old: Sequence[_Row], new: Sequence[_Row], words: Words) -> list[RowDiff]:
    """Rows of the new table in order; a removed row stands behind the surviving row that it followed."""
    origin = pairs(item, old, new)
    stayed = _in_order([origin[here] for here in sorted(origin)])
    behind: dict[int, list[RowDiff]] = {}
    last = -1
    for there, row in enumerate(old):
        if there in origin.values():
            last = there
        else:
            cells = _cells(item, row, {}, words)
            behind.setdefault(last, []).append(RowDiff(row.get("key", ""), "removed", False, there + 1, None, cells))
    found = behind.get(-1, [])
    for here, row in enumerate(new):
        source = origin.get(here)
        cells = _cells(item, old[source] if source is not None else {}, row, words)
        if source is None:
            found.append(RowDiff(row.get("key", ""), "added", False, None, here + 1, cells))
            continue
        moved = source not in stayed
        status: RowStatus = "changed" if any(cell.changed for cell in cells) else "moved" if moved else "same"
        found.append(RowDiff(row.get("key", ""), status, moved, source + 1, here + 1, cells))
        found += behind.get(source, [])
    return found


def pairs(item: Section, old: Sequence[_Row], new: Sequence[_Row]) -> dict[int, int]:
    """Place in the new table → place in the old one: by key, then by likeness, the best pair first."""
    places = {row["key"]: place for place, row in enumerate(old) if row.get("key")}
    found = {place: places[row["key"]] for place, row in enumerate(new) if row.get("key") in places}
    left_old = sorted(set(range(len(old))) - set(found.values()))
    left_new = [place for place in range(len(new)) if place not in found]
    taken: set[int] = set()
    for _score, _gap, there, here in sorted(_likely(item, old, new, left_old, left_new)):
        if there not in taken and here not in found:
            found[here] = there
            taken.add(there)
    return found


def _likely(
    item: Section, old: Sequence[_Row], new: Sequence[_Row], left_old: Sequence[int], left_new: Sequence[int]
) -> Iterator[tuple[float, int, int, int]]:
    """Pairs alike enough: likeness (negative, so that the best sorts first), distance, old place, new place."""
    name = _title_column(item).key
    theirs = [(place, vocabulary(old[place].get(name, ""))) for place in left_old]
    for here in left_new:
        mine = vocabulary(new[here].get(name, ""))
        for there, words in theirs:
            common = 2 * len(mine & words)
            if common and common >= ALIKE * (len(mine) + len(words)):
                yield -common / (len(mine) + len(words)), abs(here - there), there, here


def _title_column(item: Section) -> Column:
    return next(column for column in item.columns if column.required)


def _in_order(places: Sequence[int]) -> set[int]:
    """A longest increasing subsequence: the rows that stayed; the others moved."""
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for place in places:
        at = bisect_left(ends, place)
        before[place] = ends[at - 1] if at else None
        ends[at : at + 1] = [place]
    stayed: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        stayed.add(last)
        last = before[last]
    return stayed


def aligned(content: Content, like: Content) -> Content:
    """The content with each row that is one of ``like`` bearing the key that it has there.

    For contents that did not grow out of each other, so that their rows can be told apart from new ones.
    """
    found: dict[str, Any] = dict(content)
    theirs: Mapping[str, Any] = like
    for item in SECTIONS:
        if item.kind == "rows":
            origin = pairs(item, theirs[item.key], found[item.key])
            keys = [row["key"] for row in theirs[item.key]]
            found[item.key] = _keyed(
                found[item.key], {place: keys[there] for place, there in origin.items()}, set(keys)
            )
    return cast("Content", found)


def _keyed(rows: Sequence[_Row], given: Mapping[int, str], taken: set[str]) -> list[dict[str, str]]:
    """Rows with the keys given; a row of its own keeps its key unless another bears it."""
    taken = taken | {row["key"] for row in rows}
    found = []
    for place, row in enumerate(rows):
        key = given.get(place, row["key"])
        if place not in given and key in given.values():
            key = next(fresh for fresh in (f"{key[:36]}_{n}" for n in range(2, 999)) if fresh not in taken)
            taken.add(key)
        found.append({**row, "key": key})
    return found


def legal_basis_only(diffs: Sequence[SectionDiff]) -> bool:
    """Whether something changed, and nothing but the legal basis."""
    return {diff.section.key for diff in diffs if diff.status != "same"} == {"legal_basis"}


def summary(diffs: Sequence[SectionDiff]) -> list[str]:
    """Short lines in Vietnamese for the revision sheet, one for each section text and each row that changed."""
    lines: list[str] = []
    for diff in diffs:
        if diff.status == "same":
            continue
        if diff.section.kind == "text":
            lines.append(f"{diff.section.label}: {_text_change(diff)}")
        elif diff.section.kind == "limit":
            lines.append(f"{diff.section.label}: {_cell_changes(diff.rows[0].cells)}")
        else:
            lines += [_row_line(diff.section, row) for row in diff.rows if row.status != "same"]
    return lines


def _text_change(diff: SectionDiff) -> str:
    if diff.status == "added":
        return _("thêm nội dung")
    if diff.status == "removed":
        return _("bỏ nội dung")
    old, new = ("".join(span.text for span in diff.spans if span.op != other) for other in ("ins", "del"))
    return f"{old} → {new}" if _quotable(old) and _quotable(new) else _("sửa nội dung")


def _row_line(item: Section, row: RowDiff) -> str:
    name = _title_column(item).key
    title = next(cell.new or cell.old for cell in row.cells if cell.column.key == name)
    short = " ".join(title.split())
    short = short if len(short) <= _SHORT else f"{short[: _SHORT - 1].rstrip()}…"
    if row.status == "added":
        return f"{item.row} {row.new_number}: {_('thêm')} “{short}”"
    if row.status == "removed":
        return f"{item.row} {row.old_number}: {_('bỏ')} “{short}”"
    moved = [_("chuyển từ vị trí %(number)d") % {"number": row.old_number}] if row.moved else []
    changes = [_cell_changes(row.cells)] if row.status == "changed" else []
    return f"{item.row} {row.new_number}: {'; '.join((*moved, *changes))}"


def _cell_changes(cells: Sequence[CellDiff]) -> str:
    found = []
    for cell in cells:
        label = str(cell.column.label).lower()
        if cell.changed and _quotable(cell.old) and _quotable(cell.new):
            empty = _("(trống)")
            found.append(f"{label} {cell.old or empty} → {cell.new or empty}")
        elif cell.changed:
            found.append(_("sửa %(column)s") % {"column": label})
    return "; ".join(found)


def _quotable(text: str) -> bool:
    return len(text) <= _SHORT and "\n" not in text
