"""One inspection: its page, the judgements and points of the team, and the lists behind what is counted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from capa.machines.inspection import FLAGS
from capa.models import Car, Inspection, InspectionPlan, Judgement, SelfScore
from capa.models.scoring import standing
from capa.services.auto import COUNTS, place_of, said_of
from capa.services.listing import lines
from capa.services.scorecard import card
from capa.views.inspections import crumbs
from capa.views.rewriting import may, number_of, rewrite
from capa.views.scorefields import ScoreForm, filled
from workflows import engine
from workflows.access import fetch
from workflows.errors import NotReadable, NotVisible, WorkflowError
from workflows.forms import day_input
from workflows.models import User, day_of
from workflows.views.person import person, walled

BEHIND = 50
PAGED = {"edit", "judge", "score"}
AMONG = Inspection.objects.for_list().select_related("plan__template")


def _found(user: User, pk: UUID) -> Inspection:
    return fetch(Inspection, user, pk, among=AMONG.all().defer(None))


@require_safe
@walled
def inspection(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was judged, scored, found and concluded; for the agency, from the conclusion on."""
    user = person(request)
    found = _found(user, pk)
    offers, inside = engine.offers(found, user), found.is_open_to(user)
    newest = {row.flag: row for row in found.judgements.select_related("by").order_by("pk")} if inside else {}
    live = said_of(place_of(found)) if inside else {}
    template, given = found.plan.template, standing(found.points.all()) if inside else {}
    own = SelfScore.objects.filter(agency=found.about_id, year=found.plan.year, state="confirmed", template=template)
    latest = own.order_by("-confirmed_on", "-created_at").first() if template else None
    context = {
        "inspection": found,
        "inside": inside,
        "reads_plan": InspectionPlan.objects.visible_to(user).filter(pk=found.plan_id).exists(),
        "flags": [(flag, newest.get(flag.key), live.get(flag.key)) for flag in FLAGS] if inside else [],
        "has_data": bool(live),
        "card": card(template, place_of(found), given, others=standing(latest.points.all()) if latest else {})
        if template and inside
        else None,
        "self_score": latest,
        "findings": _findings(found) if inside else [],
        "addresses": found.addresses.select_related("by").order_by("-seen_on", "-pk") if inside else [],
        "packs": found.packs.select_related("by").order_by("-at")[:5] if inside else [],
        "offers": [offer for offer in offers if offer.step.action not in PAGED],
        "open": {offer.step.action for offer in offers if offer.refusal is None} & PAGED,
    }
    return render(request, "capa/inspections/inspection.html", context)


def _findings(found: Inspection) -> list[tuple[Any, Car | None]]:
    """Each finding with the latest cycle of the CAR that it became; two queries."""
    cars = Car.objects.filter(root__inspected__inspection=found.pk).select_related("root", "unit").order_by("cycle")
    latest = {car.root.inspected_id: car for car in cars}
    return [(one, latest.get(one.pk)) for one in found.findings.order_by("pk")]


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change mode and day while the agency has not been told."""
    return rewrite(request, _found(person(request), pk), "edit", crumbs())


@require_safe
@walled
def behind(request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
    """The list behind a number of the agency's live data."""
    user = person(request)
    found = _found(user, pk)
    if key not in COUNTS:
        raise NotVisible
    if not found.is_open_to(user):
        raise NotReadable
    place = place_of(found)
    page = Paginator(COUNTS[key].rows(place), BEHIND).get_page(request.GET.get("page"))
    context = {
        "label": COUNTS[key].label,
        "page_obj": page,
        "rows": lines(page, user),
        "as_of": place.day,
        "crumbs": [*crumbs(), (found.get_absolute_url(), str(found))],
    }
    return render(request, "capa/inspections/behind.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def judge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every flag on one form: yes, no, or left as it is, each with what it rests on."""
    user, status, problems = person(request), 200, {}
    found = _found(user, pk)
    expected: int | None = found.row_version
    typed = request.POST if request.method == "POST" else None
    if typed is None:
        may(found, request, "judge")
    else:
        expected, rows = number_of(typed.get("expected", "")), _judged(typed)
        day = day_input_value(typed.get("seen_on", ""))
        try:
            engine.fire(found, "judge", by=user, expected=expected, seen_on=day, judgements=rows)
        except WorkflowError as error:
            status, problems = error.status, _problems(error, [row["flag"] for row in rows])
            if error.code == "stale":
                expected = found.row_version
        else:
            messages.success(request, _("Đã ghi nhận định."))
            return HttpResponseRedirect(found.get_absolute_url())
    newest: dict[str, Judgement] = {row.flag: row for row in found.judgements.order_by("pk")}
    flags = [
        {
            "flag": flag,
            "standing": newest.get(flag.key),
            "value": typed.get(f"value-{flag.key}", "") if typed else "",
            "note": typed.get(f"note-{flag.key}", "") if typed else "",
            "problem": problems.get(flag.key, ""),
        }
        for flag in FLAGS
    ]
    seen = typed.get("seen_on", "") if typed else f"{day_of():%d/%m/%Y}"
    context = {
        "inspection": found,
        "flags": flags,
        "expected": expected,
        "problems": problems,
        "seen_on": day_input().render("seen_on", seen, {"id": "id_seen_on"}),
    }
    return render(request, "capa/inspections/judge.html", context, status=status)


def day_input_value(text: str) -> str:
    """A day typed as dd/mm/yyyy in ISO form; anything else as typed, for the door to refuse."""
    parts = text.strip().split("/")
    return "-".join(part.zfill(2) for part in reversed(parts)) if len(parts) == 3 else text  # noqa: PLR2004


def _judged(typed: Any) -> list[dict[str, Any]]:
    values = {flag.key: typed.get(f"value-{flag.key}", "") for flag in FLAGS}
    return [
        {"flag": key, "value": value == "yes", "note": typed.get(f"note-{key}", "")}
        for key, value in values.items()
        if value in ("yes", "no")
    ]


def _problems(error: WorkflowError, keys: list[str]) -> dict[str, str]:
    """The door's problems by flag; what is about none of them stands above the form."""
    found: dict[str, str] = {}
    if isinstance(error.problems, dict):
        for path, sentence in error.problems.items():
            place = path.split(".")
            named = place[0] == "judgements" and len(place) > 1
            found[keys[int(place[1])] if named else path] = str(sentence)
        return found
    return {"": error.said}


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def score(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Points of every criterion on one form."""
    user = person(request)
    found = _found(user, pk)
    if found.plan.template is None:
        raise NotVisible
    shown = card(found.plan.template, place_of(found), standing(found.points.all()))
    form = ScoreForm(found, shown, behind="capa:inspection_behind")
    return filled(request, form, [*crumbs(), (found.get_absolute_url(), str(found))])
