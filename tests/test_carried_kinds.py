"""What becomes of every kind of record when its agency ends: a table, whole for every machine."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from capa.models import Car, Finding, Inspection, ObjectiveSet, Programme, Review, Round, Spread, SpreadAnswer
from documents.models import Adoption
from tests.capa import inspected, records, yearly
from tests.people import World
from tests.tables import capa_rows, oracle
from tests.workflows.mergers import SOON, TODAY, at, decided, merge, prepared
from workflows import engine, registry
from workflows.carrying import Parting, carriers
from workflows.errors import WorkflowError
from workflows.handing import sweep
from workflows.lapsing import lapsers
from workflows.models import Move, Unit
from workflows.parting import foresee
from workflows.roles import CLOCK

pytestmark = pytest.mark.once

HERE, OPEN_TO_HEIR = "không của một cơ quan", "cơ quan khác đang theo; nơi nhận xem được"
KINDS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "version": (("lapse",), {}),
    "impact": (("drop",), {}),
    "campaign": (("close",), {"closed": "kết thúc rồi"}),
    "publication": (("lapse", "revoke"), {}),
    "regulation": ((), {"registered": HERE, "verified": HERE}),
    "model_version": (("lapse",), {"published": OPEN_TO_HEIR}),
    "adoption": (("lapse",), {}),
    "adopted_item": (("release",), {}),
    "handover": (("hand_over",), {}),
    "programme": (("lapse",), {}),
    "round": (("lapse",), {}),
    "finding": (("lapse",), {}),
    "car": (("hand_over",), {"ineffective": "không bao giờ dừng ở đây"}),
    "action": (("hand_over",), {}),
    "observation": (("hand_over",), {}),
    "objective_set": (("lapse",), {}),
    "objective": (("lapse",), {}),
    "review": (("lapse",), {}),
    "output": (("lapse",), {}),
    "scoring_template": (("lapse",), {"in_force": OPEN_TO_HEIR}),
    "inspection_plan": (("lapse",), {}),
    "inspection": (("lapse",), {}),
    "self_score": (("lapse",), {}),
    "spread": (("lapse",), {}),
    "spread_answer": (("waive",), {}),
    "year_report": (
        ("lapse",),
        {"submitted": "nơi nhận đang xem", "accepted": "nơi nhận sẽ tổng hợp", "consolidated": "đã ở báo cáo trên"},
    ),
    "report_receipt": (("lapse",), {"consolidated": "đã ở trong báo cáo của cơ quan"}),
    "unit_decision": ((), {"standing": "lịch sử của cây cơ quan"}),
    "establishment": ((), {"draft": "Ban chỉ đạo kết thúc cùng cây", "in_force": "Ban chỉ đạo kết thúc cùng cây"}),
    "vacant_seat": ((), {"open": "đồng hồ đóng khi cơ quan không còn"}),
    "reorganisation": (("hand_over",), {}),
}
"""By machine the clock's deeds that end or hand over what is open, and the open states in which a record stays, why."""
LAPSING = [(name, state) for name, rows in oracle.LAPSED.items() if name in capa_rows._builders for state in rows]
SEEN = [row for row in LAPSING if row not in {("inspection_plan", "draft"), ("objective", "proposed")}]
"""Their plan or set has records of its own in them, which the builders give no lone one of."""


@pytest.mark.parametrize("machine", registry.machines(), ids=lambda machine: str(machine.name))
def test_every_open_state_is_carried_or_said_to_stay(machine: Any) -> None:
    deeds, stays = KINDS[machine.name]
    reached = {state for deed in deeds for row in machine.rows_of(deed) for state in row.sources}
    assert {stage.state for stage in machine.stages if not stage.final} - reached == set(stays)
    clock = [row for deed in deeds for row in machine.rows_of(deed) if CLOCK not in row.by]
    assert [row.action for row in clock if (machine.name, row.action) != ("campaign", "close")] == []


def test_what_a_table_ends_some_carrier_finds() -> None:
    sources = {name: set(rows) for name, rows in oracle.LAPSED.items()}
    assert {model.machine.name: set(lapsers(model)) for model in registry.models() if lapsers(model)} == {
        **sources,
        "version": set(lapsers(registry.model_of("version"))),
        "publication": set(lapsers(registry.model_of("publication"))),
    }
    found = {kind.find([0], TODAY).model for kind in carriers()}
    assert {registry.model_of(name) for name in oracle.LAPSED} <= found


@pytest.mark.parametrize(("name", "state"), SEEN[::4])
def test_it_ends_where_the_table_says(world: World, name: str, state: str) -> None:
    record: Any = capa_rows.ready(world, name, state, "lapse")
    kind = next(one for one in carriers() if one.find([0], TODAY).model is type(record) and one.of == "unit")
    assert record in kind.find([record.agency_id], TODAY)
    assert not kind.find([world.unit("nx").pk], TODAY).exists()
    kind.carry(record, Parting(None, "", TODAY, "5/NQ-SV", timezone.now()))
    again = type(record).objects.get(pk=record.pk)
    assert again.state == oracle.LAPSED[name][state]
    last = Move.objects.of(again.pk).last()
    assert last is not None
    assert (last.action, "5/NQ-SV" in str(last.body)) == ("lapse", True)
    assert record not in kind.find([record.agency_id], TODAY)
    with pytest.raises(WorkflowError):
        engine.fire(record, "lapse", by=world.tuan, note="Tự kết thúc")


def counts(found: Any) -> dict[tuple[str, str], int]:
    return {(one.kind.name, one.unit.code): one.number for one in foresee(found, SOON).goings}


def test_a_year_of_an_agency_that_merges_is_foreseen_carried_and_undone(world: World) -> None:
    world.units["sm"] = Unit.objects.create(code="SM", name="Sở Nội vụ", kind="department", parent=world.unit("tinh"))
    same = {"code": "HCTP", "name": "Phòng Khác", "kind": "division", "parent": world.unit("sm")}
    world.units["sm2"] = Unit.objects.create(**same)
    finding = records.finding(world, "acknowledged", result="minor")
    yearly.objectives(world, "running")
    review = yearly.review(world, "tracking")
    mine = inspected.inspection(world, "in_progress")
    wanted = {
        ("findings", "HCTP"): 1, ("rounds", "STP"): 1, ("programmes", "STP"): 1, ("objectives", "HCTP"): 1,
        ("objective_sets", "STP"): 1, ("outputs", "HCTP"): 1, ("management_reviews", "STP"): 1,
        ("inspections", "STP"): 1, ("inspection_plans", "STP"): 1,
    }  # fmt: skip
    draft = prepared(world, merge("STP", "SM"))
    told = counts(draft)
    assert {key: told.get(key) for key in wanted} == wanted
    engine.fire(draft, "abandon", by=world.cao, note="Chưa làm")
    undone = decided(world, merge("STP", "SM"))
    engine.fire(undone, "undo", by=world.people["chutich"], note="Dừng lại")
    assert sweep(at(SOON))[0] == {}
    assert Round.objects.get().state == "in_progress"
    decided(world, merge("STP", "SM"), on=TODAY, number="6/NQ-SV")
    done, complaints = sweep(at(TODAY, 23))
    assert complaints == []
    assert {name: done[f"carried.{name}"] for name, _unit in wanted} == {name: n for (name, _u), n in wanted.items()}
    states = {
        Finding: "withdrawn", Round: "cancelled", Programme: "lapsed", ObjectiveSet: "lapsed", Review: "closed",
        Inspection: "cancelled",
    }  # fmt: skip
    assert {model: model.objects.get().state for model in states} == states
    assert Finding.objects.get(pk=finding.pk).agency == world.unit("stp"), "history stays where it was made"
    assert mine.agency == world.unit("stp")
    assert review.pk == Review.objects.get().pk
    assert sweep(at(TODAY, 23)) == ({}, [])


def test_others_who_inspect_or_ask_an_agency_that_ends_are_told_so(world: World) -> None:
    other = inspected.inspection(world, "notified")
    car = records.car(world, "issued")
    given: dict[str, Any] = {"wording": "Có không?", "answer_by": records.in_days(9)}
    stp = world.unit("stp")
    engine.start(Spread(agency=stp, unit=stp, car=car), "ask", by=world.hoa, **given, agencies=[world.unit("xa").pk])
    found = decided(world, merge("XA1", "XB1"))
    assert {key: counts(found).get(key) for key in (("inspected", "XA1"), ("spread_answers", "XA1"))} == {
        ("inspected", "XA1"): 1,
        ("spread_answers", "XA1"): 1,
    }
    assert sweep(at(SOON, 1))[1] == []
    assert Inspection.objects.get(pk=other.pk).state == "cancelled"
    assert SpreadAnswer.objects.get().state == "waived"
    assert (Spread.objects.get().state, Car.objects.get(pk=car.pk).agency) == ("open", world.unit("stp")), "not theirs"
    assert not Adoption.objects.exists()
