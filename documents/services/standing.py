"""How an agency's documents stand on a day, by unit and down the tree: coverage of its procedures, and what alarms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from documents.services.alarm import CAUSES, Alarm, alarms, changes_known
from documents.services.alarm_figures import Figures, figures
from documents.services.asof import Moment, versions_in_force
from documents.services.coverage import Ratio, Share, ratios, shares
from workflows.models import Unit, User
from workflows.workbooks import Percent, Sheet, Value


@dataclass(frozen=True)
class Line:
    """One row of figures: a unit, or an agency with all that is in it; ``place`` None: no unit is in charge."""

    place: Unit | None
    ratio: Ratio
    figures: Figures


@dataclass(frozen=True)
class Standing:
    """One agency at a moment. ``shares``: its announced procedures by unit, empty where no list is known.

    ``below``: the agencies under it, each with all that is in it and nothing of those below that; ``total`` is of it
    and of all below, whose lists are known in ``lists`` of ``places``.
    """

    agency: Unit
    moment: Moment
    ratio: Ratio
    figures: Figures
    units: list[Line]
    shares: list[Share]
    alarms: dict[UUID, Alarm]
    below: list[Line]
    total: Line
    lists: int

    @property
    def places(self) -> int:
        """How many agencies the total is of."""
        return len(self.below) + 1


def standing(agency: Unit, at: Moment, user: User) -> Standing:
    """Everything that the page of an agency says; 15 queries, and nine more by the records of a day gone by."""
    unknown, nothing = Ratio(known=False), Figures(changes=0 if changes_known(at) else None)
    versions = versions_in_force(at).visible_to(user)
    mine = versions.filter(agency=agency)
    own, by_unit = shares(agency, at, user), figures(mine, at)
    lists, by_agency = (
        ratios(at, user, agency__path__startswith=agency.path),
        figures(versions.filter(agency__path__startswith=agency.path), at, "agency"),
    )
    under = Unit.objects.visible_to(user).agencies().under(agency).exclude(pk=agency.pk).order_by("path")
    below = [Line(one, lists.get(one.pk, unknown), by_agency.get(one.pk, nothing)) for one in under]
    head = Line(agency, lists.get(agency.pk, unknown), by_agency.get(agency.pk, nothing))
    total = head
    for line in below:
        total = Line(agency, total.ratio + line.ratio, total.figures + line.figures)
    shown = [version for share in own for version in (*share.covered, *(one.version for one in share.surplus))]
    return Standing(
        agency,
        at,
        head.ratio,
        head.figures,
        _units(agency, own, by_unit, Line(None, Ratio() if head.ratio.known else unknown, nothing)),
        own,
        alarms(shown, at),
        below,
        total,
        len(lists),
    )


def _units(agency: Unit, own: list[Share], by_unit: dict[int, Figures], blank: Line) -> list[Line]:
    """Lines of the units that have a document or a share in the list; ``blank`` has the figures of none."""
    given = {share.unit.pk if share.unit else None: share.ratio for share in own}
    units = Unit.objects.filter(agency=agency, pk__in={*by_unit, *(pk for pk in given if pk)}).order_by("path")
    lines = [Line(one, given.get(one.pk, blank.ratio), by_unit.get(one.pk, blank.figures)) for one in units]
    return [*lines, Line(None, given[None], blank.figures)] if None in given else lines


def sheets(found: Standing) -> Iterator[Sheet]:
    """The same as an Excel file: figures by unit and by agency, then each procedure without a document or a list."""
    head = [
        _("Nơi"), _("Có quy trình"), _("Được công bố"), _("Tỷ lệ"), _("Thiếu quy trình"), _("Không có trong danh mục"),
        _("Tài liệu đang có hiệu lực"), *(str(label).capitalize() for label in CAUSES.values()), _("Không vướng"),
    ]  # fmt: skip
    yield Sheet(_("Theo đơn vị"), head, [_row(line) for line in found.units])
    if found.below:
        yield Sheet(
            _("Theo cơ quan"),
            head,
            [_row(line) for line in [Line(found.agency, found.ratio, found.figures), *found.below]],
        )
    lines: list[list[Value]] = []
    for share in found.shares:
        unit = str(share.unit or _("Chưa có đơn vị phụ trách"))
        lines += [[_("Thiếu quy trình"), row.code, row.title, unit, row.decision] for row in share.missing]
        lines += [
            [_("Không có trong danh mục"), one.version.document.code, one.version.document.title, unit,
             one.ended.decision if one.ended else None]
            for one in share.surplus
        ]  # fmt: skip
    yield Sheet(_("Chênh lệch"), [_("Loại"), _("Mã thủ tục"), _("Tên"), _("Đơn vị"), _("Quyết định")], lines)


def _row(line: Line) -> list[Value]:
    ratio, found = line.ratio, line.figures
    told: list[Value] = [None] * 5
    if ratio.known:
        told = [ratio.covered, ratio.announced, Percent(ratio.covered, ratio.announced), ratio.missing, ratio.surplus]
    place = str(line.place or _("Chưa có đơn vị phụ trách"))
    return [place, *told, found.total, found.law, found.changes, found.review, found.sound]
