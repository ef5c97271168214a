"""Point tables, and the score that an agency gives itself: live on any day, and kept when it says so."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from capa.machines import suggestion
from capa.machines.scoring import RULES
from capa.models import Inspection, ScoringTemplate, SelfScore
from capa.models.inspection import CONCLUDED
from capa.models.scoring import standing
from capa.services.known import Place
from capa.services.listing import lines
from capa.services.rules import COUNTS
from capa.services.scorecard import card
from capa.views.inspections import crumbs
from capa.views.rewriting import may, number_of
from capa.views.scorefields import ScoreForm, filled
from capa.views.starting import starting_place
from workflows import engine
from workflows.access import fetch
from workflows.errors import NotVisible, WorkflowError
from workflows.models import Unit, User, day_of
from workflows.views.person import person, walled

BEHIND = 50
SPARE = 3
"""Empty rows at the end of a form."""
CELLS = ("key", "group", "text", "max", "rule", "evidence")


@require_safe
@walled
def template(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A point table as it is."""
    user = person(request)
    found = fetch(ScoringTemplate, user, pk, among=ScoringTemplate.objects.for_list())
    offers = engine.offers(found, user)
    labels = dict(RULES)
    context = {
        "template": found,
        "rows": [{**row, "rule_label": labels[row["rule"]]} for row in found.criteria],
        "offers": [offer for offer in offers if offer.step.action != "edit"],
        "may_edit": any(offer.step.action == "edit" and offer.refusal is None for offer in offers),
        "may_renew": found.state == "in_force" and starting_place(ScoringTemplate, "draft", user) is not None,
    }
    return render(request, "capa/inspections/template.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def template_new(request: HttpRequest) -> HttpResponse:
    """A new table or a new version: it begins with the one that ``like`` names, else with our suggestion."""
    user = person(request)
    place = starting_place(ScoringTemplate, "draft", user)
    if place is None:
        raise PermissionDenied(_("Vai trò hiện nay của bạn không được soạn bảng điểm."))
    like = request.GET.get("like", "")
    before = fetch(ScoringTemplate, user, like) if like else None
    start: dict[str, Any] = {
        "year": before.year if before else day_of().year,
        "title": before.title if before else suggestion.title(),
        "ground": before.ground if before else "",
        "criteria": before.criteria if before else suggestion.criteria(),
        "bands": before.bands if before else suggestion.bands(),
    }
    fresh = ScoringTemplate(agency=place, unit=place)
    return _table(request, fresh, "draft", start, suggested=before is None)


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def template_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a table while nobody uses it."""
    found = fetch(ScoringTemplate, person(request), pk)
    if request.method != "POST":
        may(found, request, "edit")
    start = {name: getattr(found, name) for name in ("year", "title", "ground", "criteria", "bands")}
    return _table(request, found, "edit", start, suggested=False)


def _table(
    request: HttpRequest, record: ScoringTemplate, action: str, shown: dict[str, Any], *, suggested: bool
) -> HttpResponse:
    status, problems = 200, {}
    expected: int | None = record.row_version
    if request.method == "POST":
        shown, expected = _typed(request.POST), number_of(request.POST.get("expected", ""))
        try:
            if action == "draft":
                done = engine.start(record, action, by=person(request), **shown)
            else:
                done = engine.fire(record, action, by=person(request), expected=expected, **shown)
        except WorkflowError as error:
            status = error.status
            problems = dict(error.problems) if isinstance(error.problems, dict) else {"": error.said}
        else:
            messages.success(request, _("Đã ghi: %(record)s.") % {"record": done})
            return HttpResponseRedirect(done.get_absolute_url())
    context = {
        "record": record,
        "shown": shown,
        "criteria": [*shown["criteria"], *({} for _number in range(SPARE))],
        "bands": [*shown["bands"], {}],
        "rules": RULES,
        "problems": problems,
        "suggested": suggested,
        "expected": expected,
        "fresh": action == "draft",
    }
    return render(request, "capa/inspections/template_form.html", context, status=status)


def _typed(data: Any) -> dict[str, Any]:
    """The table as typed; rows in which nothing stands are left out."""
    cells = zip(*(data.getlist(f"c-{name}") for name in CELLS), strict=False)
    rows = [dict(zip(CELLS, row, strict=True)) for row in cells]
    bands = zip(data.getlist("b-least"), data.getlist("b-label"), strict=False)
    return {
        **{name: data.get(name, "") for name in ("year", "title", "ground")},
        "criteria": [row for row in rows if any(row[name].strip() for name in ("group", "text", "max"))],
        "bands": [{"least": least.strip(), "label": label} for least, label in bands if (least + label).strip()],
    }


def _own_agency(user: User) -> Unit:
    found = next((seat.agency for seat in user.seats_held()), None)
    if found is None:
        raise PermissionDenied(_("Cần có vai trò trong cơ quan thì mới tự chấm điểm được."))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def live(request: HttpRequest) -> HttpResponse:
    """The inspectors' own form on the agency's live data of today; POST begins a score that is kept."""
    user, today = person(request), day_of()
    agency = _own_agency(user)
    place = Place(agency, today, today.year)
    found = ScoringTemplate.objects.for_agency(agency, today.year)
    if request.method == "POST":
        try:
            made = engine.start(SelfScore(agency=agency, unit=agency), "open", by=user, year=today.year)
        except WorkflowError as error:
            messages.error(request, error.said)
        else:
            return HttpResponseRedirect(made.get_absolute_url())
    context = {
        "agency": agency,
        "today": today,
        "template": found,
        "card": card(found, place, {}) if found else None,
        "scores": SelfScore.objects.visible_to(user).filter(agency=agency).order_by("-created_at")[:BEHIND],
        "may_open": found is not None and starting_place(SelfScore, "open", user) == agency,
    }
    return render(request, "capa/inspections/live.html", context)


@require_safe
@walled
def live_behind(request: HttpRequest, key: str) -> HttpResponse:
    """The list behind a number of the own agency's live data."""
    today = day_of()
    trail = [*crumbs(), (reverse("capa:self_score_live"), _("Tự chấm điểm"))]
    return _behind(request, Place(_own_agency(person(request)), today, today.year), key, trail)


def _behind(request: HttpRequest, place: Place, key: str, trail: list[tuple[str, str]]) -> HttpResponse:
    if key not in COUNTS:
        raise NotVisible
    page = Paginator(COUNTS[key].rows(place), BEHIND).get_page(request.GET.get("page"))
    rows = lines(page, person(request))
    context = {"label": COUNTS[key].label, "page_obj": page, "rows": rows, "as_of": place.day, "crumbs": trail}
    return render(request, "capa/inspections/behind.html", context)


@require_safe
@walled
def self_score(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A kept self-score, beside what inspectors gave in the same year."""
    user = person(request)
    found = fetch(SelfScore, user, pk, among=SelfScore.objects.for_list().select_related("template"))
    place = Place(found.agency, day_of(), found.year)
    seen = Inspection.objects.visible_to(user).filter(
        about=found.agency_id, state__in=CONCLUDED, plan__template=found.template_id
    )
    theirs = seen.for_list().order_by("-done_on").first()
    offers = engine.offers(found, user)
    others = standing(theirs.points.all()) if theirs else {}
    context = {
        "score": found,
        "card": card(found.template, place, standing(found.points.all()), others=others, live=found.state == "draft"),
        "inspection": theirs,
        "packs": found.packs.select_related("by").order_by("-at")[:5],
        "offers": [offer for offer in offers if offer.step.action != "score"],
        "may_score": any(offer.step.action == "score" and offer.refusal is None for offer in offers),
    }
    return render(request, "capa/inspections/self_score.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def self_score_write(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Points of every criterion on one form."""
    among = SelfScore.objects.for_list().select_related("template")
    found = fetch(SelfScore, person(request), pk, among=among)
    shown = card(found.template, Place(found.agency, day_of(), found.year), standing(found.points.all()))
    form = ScoreForm(found, shown, behind="capa:self_score_behind")
    return filled(request, form, [*crumbs(), (found.get_absolute_url(), str(found))])


@require_safe
@walled
def self_score_behind(request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
    """The list behind a number of a self-score, as it is today."""
    user, today = person(request), day_of()
    found = fetch(SelfScore, user, pk, among=SelfScore.objects.for_list())
    trail = [*crumbs(), (found.get_absolute_url(), str(found))]
    return _behind(request, Place(found.agency, today, found.year), key, trail)
