"""Roll-ups kept as they stood, their files, and totals typed from reports on paper."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capa.forms_rollup import ReportedForm
from capa.models import Snapshot
from capa.rollup import Figure
from capa.services.behind import behind, lines
from capa.services.reported import Told, enter, parts_of
from capa.services.rollup import Place, counted
from capa.services.rollup_files import Report, kept_report, live_report, rollup_docx, rollup_xlsx
from capa.services.snapshots import is_intact, may_take, rows_kept, take
from capa.views.rollup import BEHIND, Asked, asked
from workflows.access import fetch
from workflows.errors import BadAnswer, NotVisible
from workflows.models import User
from workflows.views.person import person, walled
from workflows.wordfiles import MEDIA_TYPE as WORD
from workflows.workbooks import MEDIA_TYPE as EXCEL

PAGE, NOTE = 50, 300
FILES = {"xlsx": (rollup_xlsx, EXCEL), "docx": (rollup_docx, WORD)}


@require_POST
@walled
def freeze(request: HttpRequest) -> HttpResponse:
    """Keep the figures of a node and a day as they stand."""
    user, wanted = person(request), asked(request)
    if wanted.problem:
        return HttpResponse(wanted.problem, status=400, content_type="text/plain; charset=utf-8")
    kept = take(wanted.place, user, request.POST.get("note", "").replace("\0", "").strip()[:NOTE])
    messages.success(request, _("Đã chốt số liệu."))
    return HttpResponseRedirect(kept.get_absolute_url())


@require_safe
@walled
def snapshots(request: HttpRequest) -> HttpResponse:
    """Snapshots of the nodes that the person sees, the newest first."""
    rows = Snapshot.objects.visible_to(person(request)).select_related("node", "taken_by").defer("rows", "figures")
    return render(request, "capa/snapshots.html", {"page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page"))})


@require_safe
@walled
def snapshot(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures as they stood, and whether they are what was frozen."""
    kept = _kept(person(request), pk)
    figures = [{**one, "percent": one["percent"] and Decimal(one["percent"])} for one in kept.figures]
    return render(request, "capa/snapshot.html", {"kept": kept, "figures": figures, "intact": is_intact(kept)})


@require_safe
@walled
def snapshot_behind(request: HttpRequest, pk: int, number: int, key: str) -> HttpResponse:
    """The list behind a number of a snapshot, from its own rows."""
    user = person(request)
    kept = _kept(user, pk)
    place, rows = Place(kept.node, kept.day), rows_kept(kept)
    figure: Figure | None = next((one for one in counted(rows, {}) if one.indicator.number == number), None)
    found = behind(place, figure, key, by_unit=False) if figure is not None else None
    if figure is None or found is None:
        raise NotVisible
    page_obj = Paginator(found.ids, BEHIND).get_page(request.GET.get("page"))
    shown = lines(place, rows, figure, found, list(page_obj), user=user, names=kept.rows["names"])
    context = {"kept": kept, "figure": figure, "found": found, "page_obj": page_obj, "rows": shown}
    return render(request, "capa/rollup_behind.html", {**context, "asked": Asked(place), "place": place})


def _kept(user: User, pk: int) -> Snapshot:
    return fetch(Snapshot, user, pk, among=Snapshot.objects.select_related("node__parent", "taken_by"))


@require_safe
@walled
def rollup_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The figures of a node and a day as a file."""
    wanted = asked(request)
    if wanted.problem:
        return HttpResponse(wanted.problem, status=400, content_type="text/plain; charset=utf-8")
    return _file(live_report(wanted.place), kind)


@require_safe
@walled
def snapshot_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A snapshot as a file."""
    return _file(kept_report(_kept(person(request), pk)), kind)


def _file(report: Report, kind: str) -> HttpResponse:
    if kind not in FILES:
        raise NotVisible
    write, media_type = FILES[kind]
    answer = HttpResponse(write(report), content_type=media_type)
    where = report.node.code if report.node is not None else "ca-nuoc"
    name = f"so-lieu-tong-hop-{where}-{report.day:%Y-%m-%d}.{kind}"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def reported_new(request: HttpRequest) -> HttpResponse:
    """Type a total of a report; numbers that contradict themselves are refused, and what was typed stays."""
    user, wanted = person(request), asked(request)
    if wanted.problem:
        return HttpResponse(wanted.problem, status=400, content_type="text/plain; charset=utf-8")
    if not may_take(user, wanted.place):
        raise PermissionDenied(_("Chỉ người chịu trách nhiệm báo cáo của nơi này mới nhập được số báo cáo."))
    form, status = ReportedForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid() and _entered(user, wanted, form):
            messages.success(request, _("Đã ghi số báo cáo."))
            return HttpResponseRedirect(f"{reverse('capa:rollup')}?{wanted.query}")
    context = {"form": form, "asked": wanted, "place": wanted.place}
    return render(request, "capa/reported_new.html", context, status=status)


def _entered(user: User, wanted: Asked, form: ReportedForm) -> bool:
    given = form.cleaned_data
    try:
        told = Told(
            given["indicator"], given["numerator"], given["denominator"], parts_of(given["parts"]), given["source"]
        )
        enter(wanted.place, user, told)
    except BadAnswer as error:
        form.add_error(None, dict(error.problems))  # type: ignore[arg-type] # a mapping, by field
        return False
    return True
