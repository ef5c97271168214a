"""What a yearly report tells (domain §6.4): counts with their lists, facts, and the gates of the year before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from capa.machines.report import GATES, SENT, UNIT
from capa.models import Inspection, ObjectiveSet, ReportContent, ReportReceipt, Review, YearReport
from capa.models.inspection import CONCLUDED
from capa.models.report import TEXTS
from capa.models.review import HELD, ISSUED
from capa.reportsums import by_name, summed
from capa.services.agencyfacts import ISSUED as VERSIONS_ISSUED
from capa.services.known import COUNTS, Count, Place
from capa.services.listing import Line
from capa.services.reviewing import frozen
from documents.models import AnnouncedProcedure, DocumentVersion, Publication
from workflows.models import Committee, Record, UnitKind, User

APPROVED = ("approved", "running", "evaluated")


def _changed(place: Place) -> QuerySet[AnnouncedProcedure]:
    """What announcements of the year said of procedures."""
    rows = AnnouncedProcedure.objects.filter(agency=place.agency, effective_on__year=place.year)
    rows = rows.filter(effective_on__lte=place.day)
    return (rows if place.unit is None else rows.filter(field__in=place.unit.fields)).order_by("code_key", "pk")


def _versions(place: Place) -> QuerySet[DocumentVersion]:
    rows: QuerySet[DocumentVersion] = place.own(DocumentVersion.objects.select_related("document", "unit"))
    return rows.order_by("document__code_key", "pk")


def _issued(place: Place, *, first: bool) -> QuerySet[DocumentVersion]:
    """Versions issued by a decision of the year: documents new in it, or revisions."""
    rows = _versions(place).filter(state__in=VERSIONS_ISSUED, decision_on__year=place.year, decision_on__lte=place.day)
    new = {"issue_no": 1, "revision_no": 0}
    return rows.filter(**new) if first else rows.exclude(**new)


def _withdrawn(place: Place) -> QuerySet[DocumentVersion]:
    rows = _versions(place).filter(state="withdrawn")
    return rows.filter(effective_to__year=place.year, effective_to__lte=place.day)


def _reviews(place: Place) -> QuerySet[Review]:
    rows: QuerySet[Review] = place.own(Review.objects.for_list())
    return rows.filter(year=place.year, state__in=HELD, held_on__lte=place.day).order_by("held_on", "pk")


def _published(place: Place) -> QuerySet[Publication]:
    rows: QuerySet[Publication] = place.own(Publication.objects.for_list())
    return rows.filter(published_on__year=place.year, published_on__lte=place.day).order_by("published_on", "pk")


def _inspected(place: Place) -> QuerySet[Inspection]:
    """Inspections of the agency that came to a conclusion, whoever inspected."""
    rows = Inspection.objects.for_list().filter(about=place.agency, plan__year=place.year, state__in=CONCLUDED)
    return (rows if place.unit is None else rows.none()).order_by("done_on", "pk")


TOLD: tuple[Count, ...] = (
    COUNTS["announced"],
    COUNTS["covered"],
    COUNTS["uncovered"],
    Count("changed", lazy("Thủ tục được công bố mới, sửa đổi, bãi bỏ trong năm"), _changed),
    COUNTS["documents"],
    COUNTS["outdated"],
    Count("issued_new", lazy("Tài liệu ban hành mới trong năm"), lambda place: _issued(place, first=True)),
    Count("revised", lazy("Tài liệu sửa đổi trong năm"), lambda place: _issued(place, first=False)),
    Count("withdrawn", lazy("Tài liệu bãi bỏ trong năm"), _withdrawn),
    COUNTS["rounds"],
    COUNTS["rounds_held"],
    COUNTS["findings_major"],
    COUNTS["findings_minor"],
    COUNTS["findings_observation"],
    COUNTS["cars_raised"],
    COUNTS["cars_closed"],
    COUNTS["cars_overdue"],
    Count("reviews_held", lazy("Cuộc xem xét của lãnh đạo đã họp trong năm"), _reviews),
    COUNTS["objectives_met"],
    COUNTS["objectives_at_risk"],
    COUNTS["objectives_missed"],
    COUNTS["objectives_unmeasured"],
    Count("published", lazy("Lần công bố trong năm"), _published),
    Count("inspected", lazy("Lần được kiểm tra trong năm"), _inspected),
)
"""Numbers of a report, in its order."""
BY_KEY = {one.key: one for one in TOLD}


def place_of(report: YearReport, day: date) -> Place:
    """Of the agency or of the unit, in the report's year."""
    return Place(report.agency, day, report.year, report.unit if report.level == UNIT else None)


def labels() -> dict[str, str]:
    """Every number in words."""
    return {one.key: str(one.label) for one in TOLD}


def content_of(report: YearReport, day: date) -> dict[str, Any]:
    """Everything as JSON, in Vietnamese whoever sends it: facts, figures with the rows behind each, and from below."""
    with translation.override("vi"):
        place = place_of(report, day)
        counts = {one.key: frozen(one, place) for one in TOLD}
        texts = {name: getattr(report, name) for name in TEXTS}
        return {
            "as_of": day.isoformat(),
            "facts": facts_of(place),
            "counts": counts,
            "below": report.below,
            "texts": texts,
            "waivers": report.waivers,
            "compared": report.compared,
        }


def facts_of(place: Place) -> list[list[str]]:
    """What is told in words and not in numbers, each with its name."""
    agency = place.agency
    runs = Committee.objects.filter(agency=agency, valid_from__lte=place.day).exclude(valid_to__lte=place.day)
    committee = runs.order_by("-valid_from").first()
    holds = Publication.objects.standing().filter(agency=agency).first()
    met = ", ".join(f"{one.held_on:%d/%m/%Y}" for one in _reviews(place) if one.held_on)
    scores = "; ".join(filter(None, (_score(one) for one in _inspected(place))))
    published = ""
    if holds is not None:
        published = f"{holds.decision_no} ({holds.decision_on:%d/%m/%Y})" if holds.decision_on else holds.decision_no
    rows = (
        (_("Cơ quan, đơn vị"), str(place.unit or agency)),
        (_("Loại cơ quan"), str(UnitKind(agency.kind).label)),
        (_("Quyết định lập Ban chỉ đạo"), _decision(committee)),
        (_("Tiêu chuẩn áp dụng"), holds.edition if holds else ""),
        (_("Công bố sự phù hợp"), published),
        (_("Địa chỉ đăng tải"), holds.website if holds else ""),
        (_("Ngày họp xem xét của lãnh đạo"), met),
        (_("Kết quả kiểm tra"), scores),
    )
    return [[str(name), value or _("Chưa có")] for name, value in rows]


def _decision(found: Committee | None) -> str:
    return f"{found.decision_no} ({found.decision_on:%d/%m/%Y})" if found else ""


def _score(one: Inspection) -> str:
    return " ".join(filter(None, (f"{one.plan}:", "" if one.score is None else str(one.score), one.band)))


def unmet(report: YearReport, day: date) -> dict[str, str]:
    """Gates of the year that are not met, each with the sentence of what is missing."""
    found, year, agency = {}, report.year, report.agency
    if not ObjectiveSet.objects.filter(agency=agency, year=year, state__in=APPROVED).exists():
        found["objectives"] = _("Mục tiêu của năm %(year)d chưa được phê duyệt.") % {"year": year}
    if not Review.objects.filter(agency=agency, year=year, state__in=ISSUED).exists():
        found["review"] = _("Xem xét của lãnh đạo năm %(year)d chưa thông báo kết luận.") % {"year": year}
    if not Publication.objects.standing().filter(agency=agency, published_on__lte=day).exists():
        found["publication"] = _("Cơ quan chưa có công bố đang có giá trị.")
    return found


@dataclass(frozen=True)
class Row:
    """One number of the report: the own, that of the reports below, and both together."""

    key: str
    label: str
    own: int
    below: int

    @property
    def total(self) -> int:
        """Own and below."""
        return self.own + self.below


@dataclass(frozen=True)
class Told:
    """What a report tells. ``frozen``: as it was sent; else as the records stand on ``as_of``."""

    as_of: date
    frozen: bool
    facts: Sequence[Sequence[str]]
    rows: Sequence[Row]
    texts: Mapping[str, str]
    below: Sequence[Mapping[str, Any]]
    waivers: Sequence[Mapping[str, Any]]
    compared: Sequence[Mapping[str, Any]]
    sha256: str = ""

    @property
    def let_be(self) -> list[tuple[str, str, str]]:
        """Of each gate that was waived: what it asks, why it was, and who did it."""
        labels = {one.key: str(one.label) for one in GATES}
        return [(labels.get(one["gate"], one["gate"]), one["reason"], one["by"]) for one in self.waivers]

    @property
    def proven(self) -> list[str]:
        """Each total that was typed from paper, beside the sum of the reports, and who typed it when."""
        known, words = labels(), _("%(label)s: trên giấy %(typed)d, cộng từ báo cáo %(sum)d (%(by)s, %(on)s)")
        return [
            words
            % {**one, "label": known.get(one["key"], one["key"]), "on": f"{date.fromisoformat(one['on']):%d/%m/%Y}"}
            for one in self.compared
        ]


def told_of(report: YearReport, day: date, reader: User | None = None) -> Told:
    """The report as it was sent, or, while it is written and for insiders alone, as it stands; None: for them."""
    kept = report.content_for(reader)
    if kept is None:
        place, taken = place_of(report, day), report.taken()
        below = summed(taken)
        rows = [Row(one.key, str(one.label), one.number(place), below.get(one.key, 0)) for one in TOLD]
        texts = {name: getattr(report, name) for name in TEXTS}
        return Told(day, False, facts_of(place), rows, texts, taken, report.waivers, report.compared)
    body = kept.body
    below, counts = summed(body["below"]), body["counts"]
    rows = [Row(key, counts[key]["label"], len(counts[key]["rows"]), below.get(key, 0)) for key in in_order(counts)]
    facts, waivers, compared = body["facts"], body["waivers"], body.get("compared", [])
    return Told(kept.as_of, True, facts, rows, body["texts"], by_name(body["below"]), waivers, compared, kept.sha256)


def lateness(receipt: ReportReceipt | None) -> str:
    """That the report was accepted after the receiver's own had gone out, and what becomes of it; "": it was not."""
    if receipt is not None and receipt.state == "left_out":
        return _("Được chấp nhận sau khi nơi nhận đã gửi báo cáo năm: số liệu không có trong báo cáo đó.")
    onward = receipt.onward if receipt is not None and receipt.state == "accepted" else None
    if onward is None or onward.state not in SENT:
        return ""
    return _(
        "Được chấp nhận sau khi nơi nhận đã gửi báo cáo năm: số liệu chưa có trong báo cáo đó, và chỉ được tổng hợp nếu"
        " báo cáo đó bị trả lại."
    )


def in_order(counts: Iterable[str]) -> list[str]:
    """Keys in the order of the table, those that it no longer has after them: PostgreSQL keeps no order in JSON."""
    held = list(counts)
    return [*(key for key in BY_KEY if key in held), *(key for key in held if key not in BY_KEY)]


def kept_lines(kept: ReportContent, key: str) -> tuple[str, list[Line]] | None:
    """Label and rows of a number as it was sent; None if there was no such number."""
    found = kept.body["counts"].get(key)
    if found is None:
        return None
    return found["label"], [Line(text, url, unit=unit) for text, url, unit in found["rows"]]


def readable(rows: Iterable[Line], kept: ReportContent, key: str, reader: User) -> list[Line]:
    """Kept rows of a page, for insiders as they are; others get a row without words for a record not theirs to read.

    One query beyond those that the number's own rows cost.
    """
    held, report = list(rows), kept.report
    if report.is_insider(reader):
        return held
    pks = {line.url: _pk(line.url) for line in held if line.url}
    model: Any = BY_KEY[key].rows(place_of(report, kept.as_of)).model if key in BY_KEY and pks else None
    seen: set[UUID] = set()
    if model is not None and issubclass(model, Record):
        wanted = [pk for pk in pks.values() if pk is not None]
        seen = set(model.objects.visible_to(reader).filter(pk__in=wanted).values_list("pk", flat=True))
    return [line if not line.url or pks[line.url] in seen else Line("", unit=line.unit) for line in held]


def _pk(url: str) -> UUID | None:
    """Key of the record of a page: the last part of its address."""
    try:
        return UUID(url.rstrip("/").rsplit("/", 1)[-1])
    except ValueError:
        return None
