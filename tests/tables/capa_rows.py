"""A record for each row of the tables of audits and corrective action, ready for its step, and who is fit to do it.

Names of people are those of ``tests.people``; the unit in question is ``hctp``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from capa.models import Action, Car, Finding, Objective, ObjectiveSet, Observation, Output, Programme, Review, Round
from tests import factories
from tests.capa import inspected, records, yearly
from tests.people import HOLDERS, World
from tests.tables import inspection_rows, oracle_capa, oracle_yearly
from tests.workflows import attached
from workflows import engine
from workflows.models import Record
from workflows.roles import CLOCK, Role

ALL = [(name, state, action) for name, rules in oracle_capa.RULES.items() for (state, action) in rules]
NEVER_AT_REST = {("car", "awaiting_verification", "fail"), ("car", "ineffective", "reissue")}
"""A failed check and the next cycle are one deed and its follower: no record is ever seen between them."""
ROWS = [row for row in ALL if row[1] and row not in NEVER_AT_REST]
STARTS = [row for row in ALL if not row[1]]

NAMED = {
    **{("round", action): "binh2" for action in ("open", "agree", "report", "sign")},
    **{("car", action): "binh" for action in ("pass", "fail")},
    **{("car", action): "quang" for action in ("approve_plan", "return_plan", "close")},
    **{("action", action): "lan" for action in ("finish", "ask_more_time")},
    ("objective", "measure"): "lan",
    ("output", "finish"): "lan",
}
"""Where the oracle asks for a relation: the one person to whom it holds on these records, which are minor ones."""


def fit(name: str, state: str, action: str) -> list[str]:
    """People who may do the step, the one to do it first."""
    roles = oracle_capa.RULES[name][state, action][0] - {CLOCK}
    named = "son" if (name, state, action) == ("car", "reported", "attach") else NAMED.get((name, action))
    return [named] if named else [HOLDERS[Role(role)] for role in sorted(roles)]


def everybody_but(world: World, names: list[str]) -> list[Any]:
    """Every persona who is not fit: other roles, other units, other agencies, no seat, a closed account."""
    return [person for name, person in world.people.items() if name not in names]


def ready(world: World, name: str, state: str, action: str) -> Record:
    """A record in the state, with what the step's guard wants."""
    found: Any = _builders[name](world, state, action)
    return type(found).objects.get(pk=found.pk)  # type: ignore[no-any-return]


def _programme(world: World, state: str, action: str) -> Programme:
    found = records.programme(world, state)
    if action == "complete":
        for one in found.rounds.all():
            engine.fire(one, "cancel", by=world.tuan, note="Không cần")
    return found


def _round(world: World, state: str, action: str) -> Round:
    found = records.audit_round(world, state)
    if (state, action) in (("planned", "return"), ("planned", "appoint")):
        found = engine.fire(found, "propose", by=world.hoa, **records.answers(world, "propose"))
    if action == "agree":
        records.conform(world, found)
    return found


def _finding(world: World, state: str, action: str) -> Finding:
    result = {"note": "conform", "settle": "opportunity"}.get(action, "minor")
    return records.finding(world, state, result=result)


def _car(world: World, state: str, action: str) -> Car:
    if action == "link":
        return repeated(world, state)
    wants = action in ("revise_document", "waive")
    found = records.car(world, state, documents=(records.fresh_document(world),) if wants else ())
    if action == "complete":
        records.finish(world, found)
    if action == "close":
        found = engine.fire(found, "pass", by=world.binh, **records.answers(world, "pass"))
    return found


def repeated(world: World, state: str) -> Car:
    """A CAR on a document and clause on which there was one before."""
    document = records.fresh_document(world)
    issue = {**records.answers(world, "issue"), "document": str(document.pk)}
    _earlier, found = (engine.fire(records.report(world), "issue", by=world.hoa, **issue) for _number in range(2))
    return records.advance(world, found, state)


def _action(world: World, state: str, action: str) -> Action:
    return records.action(world, state)


def _observation(world: World, state: str, action: str) -> Observation:
    return records.observation(world, state)


def _objectives(world: World, state: str, action: str) -> ObjectiveSet:
    found = yearly.objectives(world, state)
    if action == "evaluate":
        for number in range(1, 1 + found.objectives.get().periods_ended(timezone.localdate())):
            yearly.measure(world, found.objectives.get(), number)
    return found


def _objective(world: World, state: str, action: str) -> Objective:
    return yearly.objective(world, state, **({"source": "living"} if action == "pull" else {}))


def _review(world: World, state: str, action: str) -> Review:
    found = yearly.review(world, state)
    if action == "ready":
        return yearly.write_inputs(world, found)
    if action == "issue":
        yearly.decide(world, found)
    if action == "close":
        yearly.end(world, found)
    return found


def _output(world: World, state: str, action: str) -> Output:
    return yearly.output(world, state)


_builders = {
    **inspection_rows.BUILDERS,
    "review": _review,
    "output": _output,
    "objective_set": _objectives,
    "objective": _objective,
    "programme": _programme,
    "round": _round,
    "finding": _finding,
    "car": _car,
    "action": _action,
    "observation": _observation,
}


def answers(world: World, record: Any, action: str) -> dict[str, Any]:
    """Right answers for the step on this record."""
    if (record.machine.name, action) == ("programme", "draft"):
        return {"year": 2027, "title": "Chương trình năm", "aim": ""}
    if action == "link":
        return {"earlier": str(Car.objects.exclude(pk=record.pk).get().pk)}
    if action in ("revise_document", "waive"):
        document = {"document": str(record.demands.get().document_id)}
        return document if action == "revise_document" else {**document, "until": records.in_days(30), "note": "Chờ"}
    if action == "attach":
        by = world.people[fit(record.machine.name, record.state, action)[0]]
        return {"files": [str(attached.text(record, by).pk)], "note": "Ảnh chụp"}
    if action == "release":
        last = record.members.order_by("pk").last()
        return {"member": str(last.pk), "valid_to": records.in_days(1), "note": "Chuyển công tác"}
    given = plain(world, record.machine.name, action)
    asked = {ask.name for step in record.machine.rows_of(action) for ask in step.asks}
    return {name: value for name, value in given.items() if name in asked}


def plain(world: World, name: str, action: str) -> dict[str, Any]:
    """Right answers for the step, whatever the record."""
    if name in inspection_rows.NAMES:
        return inspection_rows.answers(world, name, action)
    if name not in oracle_yearly.RULES:
        return records.answers(world, action)
    return yearly.edited(world, name) if action == "edit" else yearly.answers(world, action)


def moment(action: str) -> datetime:
    """When the step is taken: units are told of an audit well ahead, everything else happens now."""
    return records.ago(10) if action == "notify" else timezone.now()


def fresh(world: World, name: str, action: str) -> tuple[Any, dict[str, Any]]:
    """A record not yet started, and the answers of its start row."""
    whole, unit = world.unit("stp"), world.unit("hctp")
    if name == "programme":
        return Programme(agency=whole, unit=whole), {"year": 2026, "title": "Chương trình năm", "aim": ""}
    if name == "round":
        owner = records.programme(world, "draft")
        return Round(agency=whole, unit=whole, programme=owner), {"plan": records.round_plan(world)}
    if name == "finding":
        owner_round = records.audit_round(world, "in_progress")
        return Finding(agency=whole, unit=unit, round=owner_round), records.recorded()
    if name in {*oracle_yearly.RULES, *inspection_rows.NAMES}:
        return _fresh_yearly(world, name, action)
    if name == "observation":
        agreed = records.finding(world, "acknowledged", result="observation")
        return Observation(agency=whole, unit=unit, finding=agreed), {}
    return _fresh_action(world) if name == "action" else _fresh_car(world, action)


def _fresh_yearly(world: World, name: str, action: str) -> tuple[Any, dict[str, Any]]:
    if name in inspection_rows.NAMES:
        return inspection_rows.fresh(world, name, action)
    whole, unit = world.unit("stp"), world.unit("hctp")
    if name == "objective":
        return Objective(agency=whole, unit=unit, owner_set=yearly.objectives(world)), yearly.facts(world)
    if name == "output":
        return Output(agency=whole, unit=whole, review=yearly.review(world, "held")), yearly.decision(world)
    model = {"objective_set": ObjectiveSet, "review": Review}[name]
    return model(agency=whole, unit=whole), yearly.answers(world, action)


def _fresh_action(world: World) -> tuple[Any, dict[str, Any]]:
    owner = records.car(world, "implementing")
    row = {"row_key": "a2", "what": "Việc thêm", "assignee": world.lan, "planned_for": records.in_days(5)}
    return Action(car=owner, agency_id=owner.agency_id, unit_id=owner.unit_id, **row), {}


def _fresh_car(world: World, action: str) -> tuple[Any, dict[str, Any]]:
    place: dict[str, Any] = {"agency": world.unit("stp"), "unit": world.unit("hctp")}
    if action == "report":
        return Car(**place), records.reported()
    if action == "raise":
        return Car(**place, finding=records.finding(world, "acknowledged", result="minor")), {}
    if action == "carry":
        before = records.car(world, "closed")
        return Car(**place, predecessor=before, root_id=before.root_id), {}
    if action == "inspect":
        return Car(**place, inspected=inspected.found(world)), {}
    factories.regulation()
    facts = {
        "source": "inspection",
        "severity": "major",
        "reference": "Biên bản 3",
        "description": "Thiếu hồ sơ",
        "found_on": records.in_days(-30),
        "plan": records.car_plan(world),
    }
    return Car(**place), {"facts": facts}
