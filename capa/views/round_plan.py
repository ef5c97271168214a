"""Forms of a round: its plan, and its teams with what the planner proposes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from capa.clauses import CLAUSES, clause_label
from capa.machines.audit import ROUND
from capa.models import Programme, Round
from capa.planner import Blocked
from capa.rounds import SIZE_LIMIT, TITLE_LIMIT, Team, Teams
from capa.services.planning import Case, case_of, proposed
from capa.shapes import TEXT_LIMIT
from capa.views.rewriting import may, number_of
from capa.views.round import crumbs_of
from documents.forms import NO_DAY, TakesProblems
from workflows import engine
from workflows.access import fetch, may_start
from workflows.errors import WorkflowError
from workflows.forms import DAY_HINT, day_input
from workflows.models import Unit
from workflows.views.person import person, walled

NEEDED = {"required": lazy("Cần nhập mục này.")}


class RoundForm(TakesProblems):
    """A round's plan as people type it. What is empty or wrong beyond its kind is judged by the door."""

    title = forms.CharField(
        label=lazy("Tên đợt"),
        max_length=TITLE_LIMIT,
        error_messages=NEEDED,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    starts_on = forms.DateField(
        label=lazy("Từ ngày"), widget=day_input(), help_text=DAY_HINT, error_messages=NO_DAY | NEEDED
    )
    ends_on = forms.DateField(label=lazy("Đến hết ngày"), widget=day_input(), error_messages=NO_DAY | NEEDED)
    size = forms.IntegerField(
        label=lazy("Số người mỗi đoàn, kể cả trưởng đoàn"),
        min_value=1,
        max_value=SIZE_LIMIT,
        error_messages=NEEDED,
        widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
    )
    criteria = forms.CharField(
        label=lazy("Chuẩn mực đánh giá"),
        required=False,
        max_length=TEXT_LIMIT,
        help_text=lazy("Mỗi dòng một chuẩn mực: tiêu chuẩn, quy trình, văn bản pháp luật."),
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
    )
    units = forms.TypedMultipleChoiceField(
        label=lazy("Đơn vị được đánh giá"), coerce=int, widget=forms.CheckboxSelectMultiple, error_messages=NEEDED
    )
    clauses = forms.MultipleChoiceField(
        label=lazy("Điều khoản"), widget=forms.CheckboxSelectMultiple, error_messages=NEEDED
    )

    def __init__(self, data: Any = None, *, units: list[Unit], initial: Mapping[str, Any]) -> None:
        super().__init__(data, initial=dict(initial))
        places, clauses = self.fields["units"], self.fields["clauses"]
        known = [*CLAUSES, *(code for code in initial.get("clauses", ()) if code not in CLAUSES)]
        places.choices = [(unit.pk, str(unit)) for unit in units]  # type: ignore[attr-defined]
        clauses.choices = [(code, clause_label(code)) for code in known]  # type: ignore[attr-defined]

    def plan(self) -> dict[str, Any]:
        """The answer ``plan`` for the door."""
        data = dict(self.cleaned_data)
        return data | {name: data[name].isoformat() for name in ("starts_on", "ends_on")}


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def round_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new round of a programme."""
    user = person(request)
    owner = fetch(Programme, user, pk)
    if may_start(ROUND, "plan", user, owner.agency_id, owner.unit_id) is not None:
        raise PermissionDenied(_("Vai trò hiện nay của bạn không được lập đợt đánh giá."))
    fresh = Round(programme=owner, agency_id=owner.agency_id, unit_id=owner.unit_id)
    initial = {"size": 2, "criteria": "TCVN ISO 9001:2015"}
    return _plan_page(request, fresh, initial)


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def round_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a planned round; its teams are then proposed anew."""
    found = fetch(Round, person(request), pk, among=Round.objects.for_list())
    if request.method != "POST":
        may(found, request, "replan")
    visits = list(found.visits.all())
    initial = {
        **{name: getattr(found, name) for name in ("title", "criteria", "clauses", "starts_on", "ends_on")},
        "units": [visit.unit_id for visit in visits],
        "size": visits[0].size if visits else 2,
    }
    return _plan_page(request, found, initial)


def _plan_page(request: HttpRequest, record: Round, initial: Mapping[str, Any]) -> HttpResponse:
    """Show the form, or send it to the door: ``plan`` for a new round, ``replan`` for one that is there."""
    fresh, status = not record.row_version, 200
    units = list(Unit.objects.filter(agency=record.agency_id).order_by("path"))
    form = RoundForm(request.POST if request.method == "POST" else None, units=units, initial=initial)
    expected: int | None = record.row_version
    if request.method == "POST":
        status, expected = 400, number_of(request.POST.get("expected", ""))
        if form.is_valid() and (fresh or expected is not None):
            try:
                done = _send_plan(request, record, form, expected)
            except WorkflowError as error:
                form.take(error.sentence, error.problems)
                status, expected = error.status, record.row_version if error.code == "stale" else expected
            else:
                messages.success(request, _("Đã ghi kế hoạch đợt. Tiếp theo: đề xuất đoàn đánh giá."))
                return HttpResponseRedirect(done.get_absolute_url())
    crumbs = crumbs_of(record)[:2] if fresh else crumbs_of(record)
    context = {"form": form, "round": None if fresh else record, "expected": expected, "crumbs": crumbs}
    return render(request, "capa/round_edit.html", context, status=status)


def _send_plan(request: HttpRequest, record: Round, form: RoundForm, expected: int | None) -> Round:
    if not record.row_version:
        return engine.start(record, "plan", by=person(request), plan=form.plan())
    return engine.fire(record, "replan", by=person(request), expected=expected, plan=form.plan())


@dataclass
class Desk:
    """What the teams page shows: what is chosen, and what went wrong."""

    chosen: Teams
    expected: int | None
    error: WorkflowError | None = None
    problems: list[str] = field(default_factory=list)
    blocked: tuple[str, ...] = ()
    filled: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def round_teams(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Choose the teams; ``do=cross`` asks the planner and only fills the form, anything else goes to the door."""
    user = person(request)
    found = fetch(Round, user, pk, among=Round.objects.for_list())
    case = case_of(found)
    if request.method != "POST":
        may(found, request, "propose")
        return _teams_page(request, found, case, Desk(found.as_teams(), found.row_version))
    desk = Desk(_typed(request.POST, case), number_of(request.POST.get("expected", "")))
    if request.POST.get("do") == "cross":
        may(found, request, "propose")
        answer = proposed(case)
        if isinstance(answer, Blocked):
            desk.blocked = answer.sentences
        else:
            desk.chosen, desk.filled = answer, True
        return _teams_page(request, found, case, desk)
    try:
        done = engine.fire(found, "propose", by=user, expected=desk.expected or 0, teams=_answer(desk.chosen))
    except WorkflowError as error:
        desk.error = error
        desk.problems = _sentences(error, case)
        desk.expected = found.row_version if error.code == "stale" else desk.expected
        return _teams_page(request, found, case, desk)
    messages.success(request, _("Đã đề xuất đoàn; Trưởng ban được báo để quyết định."))
    return HttpResponseRedirect(done.get_absolute_url())


def _typed(sent: QueryDict, case: Case) -> Teams:
    """The selects as an answer; a place left empty is 0 for a leader, and no member."""
    rows = []
    for visit in case.visits:
        chosen = [number_of(sent.get(f"member.{visit.unit_id}.{place}", "")) for place in range(1, visit.size)]
        lead = number_of(sent.get(f"lead.{visit.unit_id}", "")) or 0
        rows.append(Team(unit=visit.unit_id, lead=lead, members=[key for key in chosen if key]))
    return {"lead": number_of(sent.get("lead", "")) or 0, "teams": rows}


def _answer(chosen: Teams) -> dict[str, Any]:
    """The same for the door, where a place left empty is none."""
    rows = [{**team, "lead": team["lead"] or None} for team in chosen["teams"]]
    return {"lead": chosen["lead"] or None, "teams": rows}


def _sentences(error: WorkflowError, case: Case) -> list[str]:
    """The door's problems in words; a path such as ``teams.1.lead`` is told by the unit's name."""
    if not isinstance(error.problems, Mapping):
        return [str(line) for line in error.problems]
    found = []
    for path, sentence in error.problems.items():
        place = number_of([*path.split("."), ""][1])
        known = place is not None and place < len(case.visits)
        where = str(case.visits[place].unit) if known and place is not None else _("Trưởng đoàn của đợt")
        found.append(f"{where}: {sentence}")
    return found


def _teams_page(request: HttpRequest, found: Round, case: Case, desk: Desk) -> HttpResponse:
    given = {team["unit"]: team for team in desk.chosen["teams"]}
    load = [(one.name, _load(desk.chosen, one.key)) for one in case.people]
    context = {
        "round": found,
        "crumbs": crumbs_of(found),
        "desk": desk,
        "leads": [{"key": one.key, "label": one.name, "on": one.key == desk.chosen["lead"]} for one in case.leads],
        "rows": [_row(visit, case, given[visit.unit_id]) for visit in case.visits],
        "load": sorted(load, key=lambda pair: (-pair[1], pair[0])),
        "nobody": not case.people,
    }
    status = desk.error.status if desk.error else 200
    return render(request, "capa/round_teams.html", context, status=status)


def _load(teams: Teams, key: int) -> int:
    return sum(key in (team["lead"], *team["members"]) for team in teams["teams"])


def _row(visit: Any, case: Case, team: Team) -> dict[str, Any]:
    """The selects of one unit; who may not go there stands in them with the reason and cannot be chosen."""
    members = [*team["members"], *[0] * visit.size][: visit.size - 1]
    return {
        "unit": visit.unit,
        "size": visit.size,
        "lead": _options(case, visit.unit_id, team["lead"], leads=True),
        "members": [(place, _options(case, visit.unit_id, key)) for place, key in enumerate(members, start=1)],
        "barred": [
            (one.name, case.reasons[one.key, visit.unit_id])
            for one in case.people
            if (one.key, visit.unit_id) in case.reasons
        ],
    }


def _options(case: Case, unit: int, chosen: int, *, leads: bool = False) -> list[dict[str, Any]]:
    return [
        {"key": one.key, "label": one.name, "on": one.key == chosen, "why": case.reasons.get((one.key, unit), "")}
        for one in case.people
        if one.leads or not leads
    ]
