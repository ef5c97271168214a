"""What this app knows of the conditions of a publication, and how one is started and shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from documents import gates
from documents.gates import Gate, Verdict
from documents.models import (
    Document,
    DocumentKind,
    DocumentVersion,
    Publication,
    ScopeKind,
    ScopeRow,
)
from documents.models.scope import Difference, difference, scope_lists, scope_of
from documents.services import required
from documents.services.asof import Moment
from documents.services.coverage import Ratio, covered
from workflows.models import Committee, Seat, Unit
from workflows.roles import Role, label_of
from workflows.tree import without_procedures

KEY_SEATS = (Role.STEERING_HEAD, Role.QMR, Role.ISO_SECRETARY)
"""Without one of these a committee cannot act (domain §2.1)."""


def _committee(agency: Unit, day: date) -> str | None:
    """A committee whose decision holds, with head, representative and secretary."""
    runs = Q(valid_to=None) | Q(valid_to__gt=day)
    if not Committee.objects.filter(runs, agency=agency, valid_from__lte=day).exists():
        return _("Chưa có quyết định thành lập Ban chỉ đạo ISO đang có giá trị.")
    held = set(Seat.objects.held_on(day).filter(unit__agency=agency, role__in=KEY_SEATS).values_list("role", flat=True))
    lacking = [label_of(role) for role in KEY_SEATS if role not in held]
    return _("Ban chỉ đạo ISO hôm nay chưa có: %(roles)s.") % {"roles": ", ".join(lacking)} if lacking else None


def _framework(agency: Unit, day: date) -> str | None:
    """Each group of documents that the agency keeps has one in force, and so has every item that is required by a
    framework model that it applies.
    """
    return " ".join(filter(None, (_groups(agency, day), *_items(agency, day)))) or None


def _groups(agency: Unit, day: date) -> str:
    """A group is complete when one of its documents is in force."""
    groups = set(Document.objects.filter(agency=agency).values_list("kind", flat=True))
    if not groups:
        return _("Cơ quan chưa có tài liệu nào.")
    standing = DocumentVersion.objects.in_force(day).filter(agency=agency).order_by()
    alive = set(standing.values_list("document__kind", flat=True))
    lacking = [str(DocumentKind(kind).label) for kind in DocumentKind.values if kind in groups - alive]
    text = _("Nhóm tài liệu chưa có tài liệu nào đang có hiệu lực: %(groups)s.")
    return text % {"groups": ", ".join(lacking)} if lacking else ""


def _items(agency: Unit, day: date) -> Iterator[str]:
    """Of each model that the agency applies, as it holds on the day, the required items without a text in force."""
    text = _("Mô hình khung “%(model)s” còn mục bắt buộc chưa có tài liệu đang có hiệu lực: %(items)s.")
    rows = required.lacking(day, Q(agency=agency)).order_by("named", "version", "position")
    for (named, _version), items in groupby(rows, key=attrgetter("named", "version_id")):
        yield text % {"model": named, "items": ", ".join(str(one) for one in items)}


def _coverage(agency: Unit, day: date) -> str | None:
    """Every announced procedure has its document in force (domain §6.3, F14), unless by decision there is none."""
    if without_procedures([agency.pk], day):
        return None
    ratio = covered(Moment.now(day), None, agency=agency).get(agency.pk, Ratio(known=False))
    if not ratio.known:
        return _("Chưa có danh mục thủ tục hành chính được công bố của cơ quan.")
    if ratio.full:
        return None
    words = {"number": ratio.missing, "ratio": ratio}
    return _("Còn %(number)d thủ tục được công bố chưa có quy trình (đã có %(ratio)s).") % words


def _coverage_page(agency: Unit) -> str:
    return f"{reverse('documents:coverage')}?{urlencode({'agency': agency.code})}"


GATES = (
    Gate("committee", lazy("Ban chỉ đạo ISO hợp lệ"), _committee, lambda _agency: reverse("workflows:people")),
    Gate("framework", lazy("Đủ các nhóm tài liệu"), _framework, lambda _agency: reverse("documents:library")),
    Gate("coverage", lazy("Mọi thủ tục được công bố đều có quy trình"), _coverage, _coverage_page),
)


@dataclass(frozen=True)
class State:
    """How a publication stands on a day: its conditions, its list against today's and against the one before it."""

    verdicts: list[Verdict]
    rows: list[ScopeRow]
    drift: Difference
    against: Difference | None

    @property
    def unmet(self) -> int:
        """How many conditions do not hold."""
        return sum(not one.met for one in self.verdicts)

    @property
    def documents(self) -> list[ScopeRow]:
        """Rows that are documents."""
        return [row for row in self.rows if row.kind == ScopeKind.DOCUMENT]

    @property
    def procedures(self) -> list[ScopeRow]:
        """Rows that are announced procedures."""
        return [row for row in self.rows if row.kind == ScopeKind.PROCEDURE]


def state_of(publication: Publication, day: date) -> State:
    """Everything that the page of a publication says. Ended ones are compared with nothing of today."""
    rows = list(scope_lists(publication))
    over = publication.stage.final
    before = publication.predecessor
    return State(
        verdicts=[] if publication.published_on else gates.verdicts(publication.agency, day),
        rows=rows,
        drift=Difference() if over else difference(rows, scope_of(publication.agency_id, day)),
        against=difference(scope_lists(before), rows) if before is not None else None,
    )
