"""Events other than an act's own: whom they touch, by which path, and who is left out."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from documents.models import (
    AnnouncedProcedure,
    Campaign,
    DocumentVersion,
    Event,
    ImpactItem,
    RegulationRelation,
    SunsetClause,
)
from documents.reach import RANK, Strength
from documents.services.campaigns import campaign_for, campaign_open
from documents.services.events import Scope, _by_name, _by_owner, event_touches
from documents.services.foreseeing import foresee
from documents.sunset import endings
from tests import factories
from tests.people import World
from workflows import engine
from workflows.errors import NotYourTurn
from workflows.models import day_of

TODAY = timezone.localdate()


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Phí áp dụng đến hết ngày 31/12/2025.", [date(2025, 12, 31)]),
        ("đến hết ngày 5 tháng 3 năm 2026", [date(2026, 3, 5)]),
        ("ĐẾN HẾT 30.6.2026", [date(2026, 6, 30)]),
        ("thực hiện tới ngày 1/7/2027", [date(2027, 7, 1)]),
        ("hết hiệu lực từ ngày 01/7/2027", [date(2027, 6, 30)]),
        ("hết hiệu lực kể từ 01/01/2027", [date(2026, 12, 31)]),
        ("đến hết tháng 6/2026", [date(2026, 6, 30)]),
        ("đến hết tháng 12 năm 2026", [date(2026, 12, 31)]),
        ("đến hết năm 2028", [date(2028, 12, 31)]),
        ("đến hết 31/12/2025, đến hết 31/12/2025 và đến hết 30/6/2026", [date(2025, 12, 31), date(2026, 6, 30)]),
        ("mục tiêu đến năm 2030", []),
        ("Quyết định ngày 31/12/2025", []),
        ("từ ngày 01/01/2026", []),
        ("đến hết ngày 31/02/2026", []),
        ("đến hết tháng 13/2026", []),
        ("đến hết ngày làm việc", []),
        ("đến hết 31/12/20256", []),
        ("hồ sơ đến 12/2025/QĐ-UBND", []),
    ],
)
def test_ends_in_a_wording(text: str, days: list[date]) -> None:
    assert [one.until for one in endings(text)] == days


def found(event: Event, world: World, agency: str = "stp", *, below: bool = False) -> dict[str, tuple[str, list[str]]]:
    """Code → strength and the kinds of its hops."""
    touched = event_touches(event, Scope(TODAY, agency=world.unit(agency), below=below))
    return {one.version.document.code: (one.strength, [hop["kind"] for hop in one.path]) for one in touched}


def test_wordings_that_run_out(world: World) -> None:
    until = TODAY + timedelta(days=20)
    said = f"200.000 đồng, áp dụng đến hết ngày {until:%d/%m/%Y}"
    steps = [{"key": "s1", "name": "Thu phí", "responsible": "Một cửa", "time": "1 ngày", "form": ""}]
    steps.append({"key": "s2", "name": said, "responsible": "Một cửa", "time": "1 ngày", "form": ""})
    fee, step = factories.in_force(world, fee=said), factories.in_force(world, steps=steps)
    commune = factories.in_force(world, "xa", fee=said)
    factories.in_force(world, "nx1", fee=said)
    factories.in_force(world, fee="Không thu")
    factories.version(world, "draft", fee=said)
    event = Event.objects.of_sunset(until)
    ends = (Strength.SUNSET, ["ends"])
    assert found(event, world) == {fee.document.code: ends, step.document.code: ends}
    assert found(event, world, below=True).keys() == {one.document.code for one in (fee, step, commune)}
    assert found(Event.objects.of_sunset(until + timedelta(days=1)), world) == {}
    (one,) = [one for one in event_touches(event, Scope(TODAY)) if one.version == step]
    assert one.path[0] | {"since": None} == {
        "kind": "ends",
        "from": f"{until:%d/%m/%Y}",
        "to": step.document.code,
        "row": 2,
        "section": "steps",
        "since": None,
    }


def test_the_clock_opens_the_review_of_what_ends_and_only_once(world: World) -> None:
    near, far = TODAY + timedelta(days=59), TODAY + timedelta(days=61)
    cited = factories.regulation("5/2020/TT-BTP", effective_on=date(2020, 5, 1), expired_on=near)
    replaced = factories.regulation("6/2020/TT-BTP", effective_on=date(2020, 5, 1), expired_on=near)
    heir = factories.regulation("7/2026/TT-BTP", effective_on=near)
    RegulationRelation.objects.create(source=heir, kind="replaces", target=replaced)
    basis = [{"key": "b1", "number": act.number, "issuer": "", "note": ""} for act in (cited, replaced)]
    ours = factories.in_force(world, fee=f"đến hết {near:%d/%m/%Y}", legal_basis=basis)
    factories.in_force(world, fee=f"đến hết {far:%d/%m/%Y}")
    morning = timezone.make_aware(datetime.combine(TODAY, time(8)))
    done, complaints = foresee(morning)
    assert (dict(done), complaints) == ({"campaign.sunset": 1, "campaign.expired": 1}, [])
    items = ImpactItem.objects.order_by("strength")
    assert [(one.document, one.strength, one.created_by) for one in items] == [
        (ours.document, Strength.DIES, None),
        (ours.document, Strength.SUNSET, None),
    ]
    assert {str(one) for one in Campaign.objects.all()} == {
        "Rà soát khi 5/2020/TT-BTP hết hiệu lực",
        f"Rà soát nội dung chỉ áp dụng đến hết {near:%d/%m/%Y}",
    }
    again, complaints = foresee(morning + timedelta(hours=1))
    assert (dict(again), complaints) == ({}, [])
    assert ImpactItem.objects.count() == 2
    later, complaints = foresee(morning + timedelta(days=40))
    assert (dict(later), complaints) == ({"campaign.sunset": 1}, [])


def test_what_only_a_dead_act_would_end_ends_by_its_own_date(world: World) -> None:
    """A repeal by an act that is dead before its day ends nothing; one by a living act, or of an unknown day, may."""
    ends = TODAY + timedelta(days=30)
    dead = factories.regulation("7/2026/TT-BTP", effective_on=ends, expired_on=ends - timedelta(days=9))
    lives = factories.regulation("8/2026/TT-BTP", effective_on=ends, expired_on=ends + timedelta(days=9))
    undated = factories.regulation("9/2026/TT-BTP", effective_on=None)
    basis = []
    for number, acting in ((1, dead), (2, lives), (3, undated)):
        act = factories.regulation(f"{number}/2020/TT-BTP", effective_on=date(2020, 5, 1), expired_on=ends)
        RegulationRelation.objects.create(source=acting, kind="repeals", target=act)
        basis.append({"key": f"b{number}", "number": act.number, "issuer": "", "note": ""})
    factories.in_force(world, legal_basis=basis)
    done, complaints = foresee(timezone.make_aware(datetime.combine(TODAY, time(8))))
    assert (dict(done), complaints) == ({"campaign.expired": 1}, [])
    assert [str(one) for one in Campaign.objects.all()] == ["Rà soát khi 1/2020/TT-BTP hết hiệu lực"]


def test_a_unit_that_changes_touches_what_it_owns_and_where_it_is_named(world: World) -> None:
    unit, other = world.unit("hctp"), world.unit("bttp")
    named = [{"key": "s1", "name": "Thẩm định", "responsible": unit.name.upper(), "time": "1 ngày", "form": ""}]
    own = factories.in_force(world, "hctp")
    naming = factories.in_force(world, "bttp", steps=named)
    longer = [{"key": "s1", "name": "Thẩm định", "responsible": f"{unit.name}s", "time": "1 ngày", "form": ""}]
    factories.in_force(world, "bttp", steps=longer)
    commune = factories.in_force(world, "xa", steps=named)
    factories.in_force(world, "nx1", steps=named)
    event = Event.objects.of_unit(unit, TODAY + timedelta(days=30), successor=other)
    assert found(event, world) == {
        own.document.code: (Strength.OWNER, ["owns"]),
        naming.document.code: (Strength.NAMED, ["names"]),
    }
    both = {own.document.code, naming.document.code}
    assert found(event, world, below=True).keys() == {*both, commune.document.code}
    campaign = campaign_for(event=event, agency=world.unit("stp"), by=world.phuc)
    assert campaign.items.count() == 2
    assert campaign_for(event=event, agency=world.unit("stp"), by=world.phuc).items.count() == 2
    assert {one.regulation for one in campaign.items.all()} == {None}
    assert unit.name in str(campaign)
    assert other.name in str(campaign)


def test_a_document_that_goes_touches_those_that_name_it(world: World) -> None:
    gone = factories.in_force(world)
    naming = factories.in_force(world, scope=f"Áp dụng cùng {gone.document.code.lower()}.")
    factories.in_force(world, scope=f"Áp dụng cùng {gone.document.code}9.")
    event = Event.objects.of_withdrawal(gone.document, TODAY)
    assert found(event, world) == {naming.document.code: (Strength.REFERS, ["names"])}


@pytest.mark.parametrize(
    ("change", "strength"),
    [("new", "announced"), ("amended", "announced"), ("abolished", "abolished"), ("process", "process")],
)
def test_a_decision_touches_the_procedures_that_it_announces(world: World, change: str, strength: str) -> None:
    decision = factories.regulation("2304/QĐ-BTP", issued_on=TODAY, effective_on=TODAY)
    ours, other, foreign = (factories.in_force(world, unit) for unit in ("hctp", "hctp", "xa"))
    rows = {"change": change, "decision": decision.number, "regulation": decision}
    AnnouncedProcedure.objects.create(agency=world.unit("stp"), code=ours.document.code, **rows)
    event = Event.objects.of_act(decision)
    assert found(event, world, below=True) == {ours.document.code: (strength, ["announces", "handles"])}
    assert {other.document.code, foreign.document.code}.isdisjoint(found(event, world, below=True))
    (item,) = campaign_open(regulation=decision, agency=world.unit("stp"), by=world.phuc).items.all()
    assert item.strength == strength
    assert item.wanted_day == TODAY + timedelta(days=30)


def test_a_replaced_procedure_is_touched_as_well(world: World) -> None:
    decision = factories.regulation("2304/QĐ-BTP", effective_on=TODAY)
    old, fresh = factories.in_force(world), factories.in_force(world)
    AnnouncedProcedure.objects.create(
        agency=world.unit("stp"),
        code=fresh.document.code,
        replaces=old.document.code,
        change="replaced",
        regulation=decision,
    )
    touched = found(Event.objects.of_act(decision), world)
    assert {code: strength for code, (strength, _path) in touched.items()} == {
        old.document.code: Strength.ABOLISHED,
        fresh.document.code: Strength.ANNOUNCED,
    }


def test_a_campaign_of_a_superior_covers_the_tree_and_leaves_what_is_held(world: World) -> None:
    act = factories.regulation("18/2026/NĐ-CP", effective_on=TODAY)
    basis = [{"key": "b1", "number": act.number, "issuer": "", "note": ""}]
    event = Event.objects.of_act(act)
    ours, commune = factories.in_force(world, legal_basis=basis), factories.in_force(world, "xa", legal_basis=basis)
    factories.in_force(world, "nx1", legal_basis=basis)
    theirs = campaign_for(event=event, agency=world.unit("xa"), by=None)
    whole = campaign_for(event=event, agency=world.unit("stp"), by=world.phuc, below=True)
    assert whole.below
    assert [one.document for one in whole.items.all()] == [ours.document]
    assert [one.document for one in theirs.items.all()] == [commune.document]
    second = factories.in_force(world, "xa", legal_basis=basis)
    assert campaign_for(event=event, agency=world.unit("stp"), by=world.phuc).items.count() == 2
    item = whole.items.get(document=second.document)
    assert (item.agency, item.unit) == (world.unit("xa"), second.unit)
    assert item in ImpactItem.objects.visible_to(world.xuan)
    assert item not in ImpactItem.objects.visible_to(world.dung)


def test_only_who_launches_campaigns_opens_one(world: World) -> None:
    event = Event.objects.of_sunset(TODAY)
    with pytest.raises(NotYourTurn):
        campaign_for(event=event, agency=world.unit("stp"), by=world.lan)
    with pytest.raises(NotYourTurn):
        campaign_for(event=event, agency=world.unit("nx"), by=world.phuc)
    assert not Campaign.objects.exists()


def test_clauses_follow_the_draft_and_freeze_with_it(world: World) -> None:
    draft = factories.version(world, "draft", fee="đến hết 31/12/2030")
    assert [one.until for one in draft.sunsets.all()] == [date(2030, 12, 31)]
    assert SunsetClause.objects.filter(version__in=DocumentVersion.objects.in_force(day_of())).count() == 0


def test_of_several_ways_the_hardest_is_shown(world: World) -> None:
    unit = world.unit("hctp")
    steps = [{"key": "s1", "name": "Thẩm định", "responsible": unit.name, "time": "1 ngày", "form": ""}]
    own = factories.in_force(world, "hctp", steps=steps)
    event = Event.objects.of_unit(unit, TODAY + timedelta(days=30), name="Phòng Mới")
    ways = {RANK[one.strength]: one.strength for find in (_by_name, _by_owner) for one in find(event, Scope(TODAY))}
    assert len(ways) == 2
    assert found(event, world)[own.document.code][0] == ways[min(ways)]
    act = factories.regulation("99/2026/QĐ-UBND", effective_on=TODAY)
    basis = [{"key": "b1", "number": act.number, "issuer": "", "note": ""}]
    citing = factories.in_force(world, legal_basis=basis)
    AnnouncedProcedure.objects.create(
        agency=world.unit("stp"), code=citing.document.code, title="x", regulation=act, change="abolished"
    )
    told = found(Event.objects.of_act(act), world)[citing.document.code][0]
    assert told == min((Strength.CITED, Strength.ABOLISHED), key=RANK.__getitem__)


def test_what_becomes_of_a_unit_on_one_day_are_several_events_each_once(world: World) -> None:
    unit, heir, day = world.unit("hctp"), world.unit("bttp"), TODAY + timedelta(days=30)
    renamed = Event.objects.of_unit(unit, day, name="Phòng Mới")
    again = Event.objects.of_unit(unit, day, name="Phòng Mới")
    other = Event.objects.of_unit(unit, day, name="Phòng Khác")
    merged = Event.objects.of_unit(unit, day, successor=heir)
    assert renamed == again
    assert len({renamed.pk, other.pk, merged.pk}) == 3
    assert (merged.new_name, merged.successor, renamed.successor) == ("", heir, None)
    assert Event.objects.of_unit(unit, day, successor=heir) == merged
    old = Event.objects.create(
        key=f"reorganised:{unit.pk}:{TODAY}",
        kind="reorganised",
        unit=unit,
        unit_name="x",
        occurs_on=TODAY,
        new_name="Y",
    )
    assert Event.objects.of_unit(unit, TODAY, name="Y") == old, "as it was kept before its key said all"


def test_an_end_on_the_last_day_that_is_looked_ahead_is_foreseen(world: World) -> None:
    last = TODAY + timedelta(days=settings.FORESEE_DAYS)
    factories.in_force(world, fee=f"đến hết {last:%d/%m/%Y}")
    morning = timezone.make_aware(datetime.combine(TODAY, time(8)))
    assert foresee(morning - timedelta(days=1))[0] == {}
    assert foresee(morning)[0] == {"campaign.sunset": 1}


def test_an_announcement_issued_on_the_last_day_there_is_has_a_last_day(world: World) -> None:
    act = factories.regulation("15/2026/QĐ-UBND", issued_on=date.max, effective_on=date.max)
    version = factories.in_force(world)
    AnnouncedProcedure.objects.create(
        agency=world.unit("stp"), code=version.document.code, title="x", regulation=act, change="new"
    )
    item = campaign_open(regulation=act, agency=world.unit("stp"), by=world.phuc).items.get()
    assert engine.fire(item, "confirm", by=world.phuc).due_on is not None
