"""Decisions on agencies that wait beside each other: what one does must leave in place what the other rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

from django.utils.translation import gettext as _

from workflows.machines.reorganisation import FOUND, MOVE
from workflows.models.people import Unit
from workflows.rearranging import Line, Plan

Dated = tuple[Sequence[Line], date]
"""Lines of a decision and the first day of its order."""


def lock(plan: Plan) -> None:
    """Let decisions on one tree be recorded one after the other: each sees the one before."""
    roots = {int(unit.path.split("/")[1]) for unit in plan.units.values()}
    list(Unit.objects.select_for_update(no_key=True).filter(pk__in=roots).order_by("pk"))


def clashes(mine: Dated, others: Iterable[Dated]) -> list[str]:
    """What keeps a decision from standing beside others that wait or are being carried out."""
    found = [said for other in others for said in _clashes(mine, other)]
    return list(dict.fromkeys(found))


def _clashes(mine: Dated, other: Dated) -> Iterator[str]:
    for code in sorted({one.unit for one in mine[0]} & {one.unit for one in other[0]}):
        yield _("“%(code)s” đã có trong một quyết định khác đang chờ thực hiện.") % {"code": code}
    for code in _needed_after(mine, other):
        yield _("“%(code)s” chưa kết thúc được: một quyết định khác đang chờ cần nó làm nơi nhận hoặc cấp trên.") % {
            "code": code
        }
    for code in _needed_after(other, mine):
        yield _("“%(code)s” không nhận được: sẽ kết thúc theo một quyết định khác đang chờ.") % {"code": code}
    moves = [[one for one in lines if one.what in (MOVE, FOUND)] for lines, _day in (mine, other)]
    if all(moves):
        for code in Plan([*moves[0], *moves[1]], {}).loops():
            yield _("“%(code)s” sẽ trực thuộc cơ quan dưới mình vì một quyết định khác đang chờ.") % {"code": code}


def _needed_after(ending: Dated, other: Dated) -> Collection[str]:
    """Agencies that end by one decision and that another needs on that day or later.

    What was placed below one before goes along to its heir, if there is just one.
    """
    (lines, day), (theirs, their_day) = ending, other
    ends = {one.unit: one for one in lines if one.ends}
    late = {code for one in theirs if their_day >= day for code in (*one.into, one.parent)}
    lost = {one.parent for one in theirs if one.parent in ends and len(ends[one.parent].into) != 1}
    return sorted((late & set(ends)) | lost)
