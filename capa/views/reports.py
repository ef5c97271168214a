"""Yearly reports: the lists, one with its numbers and the lists behind them, taking up those below, and the files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from capa.machines.report import AGENCY, SENT, YEAR_REPORT
from capa.models import ReportReceipt, YearReport
from capa.reportsums import summed
from capa.services.listing import lines
from capa.services.telling import BY_KEY, TOLD, kept_lines, lateness, place_of, readable, told_of
from capa.services.telling_files import report_docx, report_xlsx
from capa.views.rewriting import may, number_of, rewrite, take
from documents.forms import SELECT
from workflows import engine
from workflows.access import fetch, may_start
from workflows.errors import NotVisible, WorkflowError
from workflows.forms import StepForm
from workflows.models import Unit, User, day_of
from workflows.text import alphabetical
from workflows.views.person import person, walled
from workflows.wordfiles import MEDIA_TYPE as WORD
from workflows.workbooks import MEDIA_TYPE as EXCEL

PAGE, BEHIND = 50, 50
PAGED = {"write", "consolidate"}
"""Steps with a page of their own."""
FILES = {"docx": (report_docx, WORD), "xlsx": (report_xlsx, EXCEL)}


class TotalsForm(forms.Form):
    """Totals of the reports below as somebody has them on paper; an empty one is not compared."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in TOLD:
            wide = forms.NumberInput(attrs={"class": "form-control", "min": 0})
            self.fields[one.key] = forms.IntegerField(
                label=str(one.label), required=False, min_value=0, max_value=2**31 - 1, widget=wide
            )

    @property
    def totals(self) -> dict[str, int] | None:
        """Those that were typed; None: none."""
        return {key: number for key, number in self.cleaned_data.items() if number is not None} or None


def _crumbs() -> list[tuple[str, str]]:
    return [(reverse("capa:year_reports"), _("Báo cáo năm"))]


def writing_places(user: User) -> list[Unit]:
    """Agencies and units whose report the person may begin, each once: agencies first, then by name."""
    seats = user.seats_held()
    found = {one.pk: one for seat in seats for one in (seat.agency, seat.unit)}
    places = [one for one in found.values() if may_start(YEAR_REPORT, "draft", user, one.agency_id, one.pk) is None]
    return sorted(places, key=lambda one: (one.pk != one.agency_id, alphabetical(str(one)), one.code))


class PlaceForm(forms.Form):
    """Whose report it is, where a person writes for several; for one alone nothing is asked."""

    def __init__(self, places: list[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(one.pk): one for one in places}
        if len(places) > 1:
            self.fields["place"] = forms.ChoiceField(
                label=_("Báo cáo của"),
                choices=[(key, str(one)) for key, one in self.places.items()],
                widget=forms.Select(attrs=SELECT),
                error_messages=dict.fromkeys(("required", "invalid_choice"), _("Chọn nơi mà bạn lập báo cáo.")),
            )

    @property
    def place(self) -> Unit | None:
        """The place chosen, or the only one; None: not chosen yet."""
        if "place" not in self.fields:
            return next(iter(self.places.values()))
        return self.places[self.cleaned_data["place"]] if self.is_valid() else None


@require_safe
def year_reports(request: HttpRequest) -> HttpResponse:
    """Reports that the person reads, and those that wait to be looked at by the person's agencies."""
    user = person(request)
    rows = YearReport.objects.visible_to(user).for_list().order_by("-year", "unit__path")
    got = ReportReceipt.objects.visible_to(user).for_list()
    context = {
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "waiting": got.filter(agency__in={seat.agency.pk for seat in user.seats_held()}, state="waiting")[:PAGE],
        "may_start": bool(writing_places(user)),
    }
    return render(request, "capa/year_reports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def year_report_new(request: HttpRequest) -> HttpResponse:
    """Begin a report, of the agency or of a unit; whatever goes wrong, what was typed stays."""
    user, status, given = person(request), 200, request.POST if request.method == "POST" else None
    places = writing_places(user)
    if not places:
        raise PermissionDenied(_("Vai trò hiện nay của bạn không được lập báo cáo năm."))
    whose = PlaceForm(places, given)
    place = whose.place
    fresh = YearReport(agency=(place or places[0]).agency, unit=place or places[0])
    form = StepForm(YEAR_REPORT.rows_of("draft")[0], fresh, given)
    form.initial = {"year": day_of().year}
    if request.method == "POST":
        status = 400
        if form.is_valid() and place is not None:
            try:
                done = engine.start(fresh, "draft", by=user, **form.cleaned_data)
            except WorkflowError as error:
                take(form, error)
                status = error.status
            except IntegrityError:  # two of them at once: the door saw no other report, the table did
                form.add_error("year", _("Đơn vị đã có báo cáo của năm này."))
                status = 409
            else:
                messages.success(request, _("Đã lập báo cáo."))
                return HttpResponseRedirect(done.get_absolute_url())
    context = {"form": form, "whose": whose, "place": places[0] if len(places) == 1 else None}
    return render(request, "capa/year_report_new.html", context, status=status)


@require_safe
@walled
def year_report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One report: as it stands while it is written, as it was sent from then on."""
    user = person(request)
    found = fetch(
        YearReport, user, pk, among=YearReport.objects.for_list().defer(None).select_related("agency__parent")
    )
    offers, receipts = engine.offers(found, user), ReportReceipt.objects.filter(report=found)
    inside = found.level == AGENCY and found.state in SENT and found.is_insider(user)
    context = {
        "report": found,
        "told": told_of(found, day_of(), user),
        "receipt": receipts.visible_to(user).first(),
        "lateness": lateness(receipts.select_related("report").first()),
        "late": found.waiting("accepted", "left_out").select_related("report__unit") if inside else (),
        "offers": [offer for offer in offers if offer.step.action not in PAGED],
        "open": {offer.step.action for offer in offers if offer.refusal is None} & PAGED,
    }
    return render(request, "capa/year_report.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def year_report_write(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write what people report beside the numbers."""
    found = fetch(YearReport, person(request), pk, among=YearReport.objects.for_list().defer(None))
    return rewrite(request, found, "write", _crumbs())


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def year_report_consolidate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take up accepted reports; totals that were typed and do not add up are refused, and stay as they were typed."""
    user, status = person(request), 200
    found = fetch(YearReport, user, pk, among=YearReport.objects.for_list().defer(None))
    form = TotalsForm(request.POST if request.method == "POST" else None)
    expected: int | None = found.row_version
    problems: list[str] = []
    if request.method != "POST" or not found.is_insider(user):  # the form shows what is taken up into a draft
        may(found, request, "consolidate")
    if request.method == "POST":
        status, expected = 400, number_of(request.POST.get("expected", ""))
        if expected is None:
            expected = found.row_version
            problems = [_("Biểu mẫu thiếu số phiên bản của hồ sơ. Hãy tải lại trang rồi gửi lại.")]
        elif form.is_valid():
            try:
                done = engine.fire(found, "consolidate", by=user, expected=expected, totals=form.totals)
            except WorkflowError as error:
                status, expected = error.status, found.row_version
                problems = [str(one) for one in error.problems] or [str(error.sentence)]
            else:
                messages.success(request, _("Đã tổng hợp."))
                return HttpResponseRedirect(done.get_absolute_url())
    rows = found.taken()
    sums = summed(rows)
    table = [(form[one.key], sums.get(one.key, 0)) for one in TOLD]
    context = {"report": found, "form": form, "table": table, "below": rows, "expected": expected, "problems": problems}
    return render(request, "capa/year_report_consolidate.html", context, status=status)


@require_safe
@walled
def year_report_behind(request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
    """The list behind an own number of a report: of today while insiders write it, for all others as it was sent."""
    user, today = person(request), day_of()
    found = fetch(YearReport, user, pk, among=YearReport.objects.for_list())
    kept = found.content_for(user)
    if kept is None:
        if key not in BY_KEY:
            raise NotVisible
        label, as_of = str(BY_KEY[key].label), today
        page = Paginator(BY_KEY[key].rows(place_of(found, today)), BEHIND).get_page(request.GET.get("page"))
        rows = lines(page, user)
    else:
        told = kept_lines(kept, key)
        if told is None:
            raise NotVisible
        label, as_of = told[0], kept.as_of
        page = Paginator(told[1], BEHIND).get_page(request.GET.get("page"))
        rows = readable(page, kept, key, user)
    context = {"report": found, "label": label, "page_obj": page, "rows": rows, "as_of": as_of}
    return render(request, "capa/year_report_behind.html", context)


@require_safe
@walled
def report_receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A report as the one above has it before them: what was sent, and what to do with it."""
    user = person(request)
    rows = ReportReceipt.objects.for_list().select_related("report__agency", "report__unit")
    found = fetch(ReportReceipt, user, pk, among=rows)
    told = None
    if YearReport.objects.visible_to(user).filter(pk=found.report_id).exists():  # the sender may have left us since
        told = told_of(found.report, day_of(), user)
    context = {
        "record": found,
        "report": found.report,
        "told": told if told and told.frozen else None,
        "readable": told is not None,
        "lateness": lateness(found),
        "offers": engine.offers(found, user),
    }
    return render(request, "capa/report_receipt.html", context)


def report_file(user: User, pk: UUID, kind: str) -> HttpResponse:
    """A report as a file, for whoever may read it."""
    found = fetch(
        YearReport, user, pk, among=YearReport.objects.for_list().defer(None).select_related("agency__parent")
    )
    if kind not in FILES:
        raise NotVisible
    write, media_type = FILES[kind]
    answer = HttpResponse(write(found, told_of(found, day_of(), user)), content_type=media_type)
    name = f"bao-cao-nam-{found.year}-{found.unit.code}.{kind}"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


@require_safe
@walled
def year_report_file(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """A report as a file."""
    return report_file(person(request), pk, kind)
