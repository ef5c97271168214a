"""Trying a unit's change and a document's end, and opening the review of what was tried."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from documents.models import AnnouncedProcedure, Campaign, Event, ImpactItem, Regulation, RegulationRelation
from documents.services.campaigns import campaign_for
from documents.services.simulation import Supposition, foretell
from documents.trials import ActTrial
from tests import factories
from tests.documents.test_reach import citing
from tests.documents.test_simulation import checksums
from tests.people import World
from tests.workflows.screens import log_in
from workflows import engine
from workflows.errors import GuardFailed

PAGE, OPEN = "/regulations/simulation/", "/campaigns/new/"
TODAY = timezone.localdate()
LATER = TODAY + timedelta(days=40)
SPELT = f"{LATER:%d/%m/%Y}"


def naming(world: World, name: str, unit: str = "bttp") -> str:
    steps = [{"key": "s1", "name": "Thẩm định", "responsible": name, "time": "1 ngày", "form": ""}]
    return factories.in_force(world, unit, steps=steps).document.code


def asked(world: World, **given: Any) -> dict[str, Any]:
    return {"what": "unit", "unit": world.unit("hctp").pk, "effective_on": SPELT, **given}


def test_a_units_change_is_foretold_as_it_then_happens(world: World) -> None:
    unit = world.unit("hctp")
    own, named = factories.in_force(world, "hctp").document.code, naming(world, unit.name)
    naming(world, unit.name, "nx1")
    given = asked(world, successor=world.unit("bttp").pk)
    client = log_in(world.phuc)
    client.get(PAGE, given)
    before = checksums()
    page = client.get(PAGE, given)
    assert checksums() == before
    foretold = [one for _unit, rows in page.context["groups"] for one in rows]
    told = [(one.touched.version.document.code, one.touched.path, one.due_on) for one in foretold]
    assert {code for code, _path, _due in told} == {own, named}
    assert page.context["may_open"]
    assert client.post(OPEN, given).status_code == 302
    items = Campaign.objects.get().items.order_by("unit__path", "document__code_key")
    done = [engine.fire(item, "confirm", by=world.phuc) for item in items]
    assert [(item.document.code, item.path, item.due_on) for item in done] == told
    assert client.post(OPEN, given).status_code == 302
    assert (Campaign.objects.count(), Event.objects.count()) == (1, 1)


def test_a_withdrawal_says_who_names_it_and_what_is_left_uncovered(world: World) -> None:
    gone = factories.in_force(world).document
    other = factories.in_force(world, scope=f"Thực hiện cùng {gone.code}.").document.code
    AnnouncedProcedure.objects.create(agency=world.unit("stp"), code=gone.code, title="Cấp giấy A", change="new")
    AnnouncedProcedure.objects.create(agency=world.unit("nx"), code=gone.code, title="Cấp giấy B", change="new")
    page = log_in(world.phuc).get(PAGE, {"what": "document", "code": gone.code.lower(), "effective_on": SPELT})
    shown = page.content.decode()
    assert [one.touched.version.document.code for _unit, rows in page.context["groups"] for one in rows] == [other]
    assert "Cấp giấy A sẽ không còn quy trình" in shown
    assert "Cấp giấy B" not in shown


def test_which_procedures_lose_every_basis_and_from_when(world: World) -> None:
    old, live = factories.regulation("2/2020/NĐ-CP"), factories.regulation("4/2020/NĐ-CP")
    dead = factories.regulation("1/2001/NĐ-CP", expired_on=date(2010, 1, 1))
    rows = [{"key": f"b{act.pk.hex[:4]}", "number": act.number, "issuer": "", "note": ""} for act in (old, dead)]
    bare = factories.in_force(world, legal_basis=rows)
    kept = citing(world, old, live)
    unknown = factories.in_force(
        world, legal_basis=[rows[0], {"key": "b9", "number": "tập quán", "issuer": "", "note": ""}]
    )
    found = foretell(Supposition(old, LATER, event="expired"), agency=world.unit("stp"), user=world.phuc, day=TODAY)
    assert {one.touched.version.pk: one.baseless_from for one in found} == {
        bare.pk: LATER,
        kept.pk: None,
        unknown.pk: None,
    }
    page = log_in(world.phuc).get(PAGE, {"number": old.number, "kind": "expired", "effective_on": SPELT})
    assert page.context["baseless"] == 1
    assert f"Không còn căn cứ nào có hiệu lực từ {SPELT}" in page.content.decode()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "một trong hai"),
        ({"new_name": "Phòng Mới", "successor": "bttp"}, "một trong hai"),
        ({"successor": "hctp"}, "không thay đổi gì"),
        ({"new_name": "Phòng Hành chính tư pháp"}, "không thay đổi gì"),
        ({"new_name": "Phòng Mới", "effective_on": "31/02/2027"}, "Không phải là ngày"),
        ({"new_name": "Phòng Mới", "unit": "nx1"}, "Chưa thử được"),
        ({"what": "document", "code": "KHONG.CO"}, "không có tài liệu nào mang mã hiệu này"),
        ({"what": "act", "number": "1/2027/NĐ-CP"}, "còn là giả định"),
    ],
)
def test_what_is_wrong_is_said_and_kept(world: World, given: dict[str, str], said: str) -> None:
    body = asked(world, **given)
    for name in ("unit", "successor"):
        if body.get(name) in ("hctp", "bttp", "nx1"):
            body[name] = world.unit(body[name]).pk
    answer = log_in(world.phuc).post(OPEN, body)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert said in page
    for name in ("new_name", "code", "number"):
        assert given.get(name, "") in page
    assert not Campaign.objects.exists()


def test_an_act_of_the_register_is_opened_as_it_is_and_not_as_supposed(world: World) -> None:
    act = factories.regulation("2/2020/NĐ-CP", expired_on=LATER)
    citing(world, act)
    client = log_in(world.phuc)
    body = {"what": "act", "number": act.number, "kind": "expired"}
    assert client.post(OPEN, body | {"effective_on": f"{TODAY:%d/%m/%Y}"}).status_code == 400
    assert client.post(OPEN, body | {"guides": act.number}).status_code == 400
    assert not Event.objects.exists()
    assert client.post(OPEN, body).status_code == 302
    assert str(Campaign.objects.get()) == "Rà soát khi 2/2020/NĐ-CP hết hiệu lực"


def test_who_may_not_launch_tries_and_opens_nothing(world: World) -> None:
    factories.in_force(world, "hctp")
    given = asked(world, new_name="Phòng Mới")
    page = log_in(world.lan).get(PAGE, given)
    assert (page.status_code, page.context["number"], page.context["may_open"]) == (200, 1, False)
    assert log_in(world.lan).post(OPEN, given).status_code == 403
    assert log_in(world.phuc).get(OPEN).status_code == 405
    assert not Campaign.objects.exists()


def test_a_closed_campaign_opens_again_for_what_is_new_and_only_for_that(world: World) -> None:
    factories.in_force(world, "hctp")
    event = Event.objects.of_unit(world.unit("hctp"), LATER, name="Phòng Mới")
    campaign = campaign_for(event=event, agency=world.unit("stp"), by=world.phuc)
    (item,) = campaign.items.all()
    engine.fire(engine.fire(item, "screen", by=world.phuc, note="Không đổi"), "no_impact", by=world.quang)
    engine.fire(campaign, "close", by=world.phuc)
    again = asked(world, new_name="Phòng Mới")
    assert log_in(world.phuc).post(OPEN, again).status_code == 302
    assert (Campaign.objects.get().state, campaign.items.count()) == ("closed", 1)
    factories.in_force(world, "hctp")
    assert log_in(world.phuc).post(OPEN, again).status_code == 302
    assert (Campaign.objects.get().state, campaign.items.count()) == ("open", 2)
    assert ImpactItem.objects.get(state="no_impact") == item
    with pytest.raises(GuardFailed):
        engine.fire(Campaign.objects.get(), "close", by=world.phuc)


def test_a_new_act_may_stand_on_the_page_without_a_button(world: World) -> None:
    old = factories.regulation("2/2020/NĐ-CP")
    citing(world, old)
    page = log_in(world.phuc).get(PAGE, {"number": "1/2027/NĐ-CP", "replaces": old.number})
    assert (page.context["number"], page.context["may_open"]) == (1, False)
    assert not Regulation.objects.filter(number="1/2027/NĐ-CP").exists()


def test_a_cited_act_dies_on_its_own_day_and_the_last_of_them_counts(world: World) -> None:
    old, young = factories.regulation("2/2020/NĐ-CP"), factories.regulation("4/2020/NĐ-CP")
    soon, late = TODAY + timedelta(days=10), LATER + timedelta(days=10)
    dying = factories.regulation("5/2020/NĐ-CP", expired_on=soon)
    replaced = factories.regulation("6/2020/NĐ-CP", expired_on=late + timedelta(days=9))
    heir = factories.regulation("7/2026/NĐ-CP", effective_on=late)
    RegulationRelation.objects.create(source=heir, kind="replaces", target=replaced)
    first, last = citing(world, old, dying), citing(world, old, replaced)
    both, kept = citing(world, old, young), citing(world, old, heir)
    killer = factories.regulation("12/2026/NĐ-CP", effective_on=None)
    RegulationRelation.objects.create(source=killer, kind="repeals", target=young, effective_on=soon)

    def told(day: date | None) -> dict[Any, date | None]:
        tried = Supposition(killer, day, [("replaces", old)])
        found = foretell(tried, agency=world.unit("stp"), user=world.phuc, day=TODAY)
        return {one.touched.version.pk: one.baseless_from for one in found}

    assert told(LATER) == {first.pk: LATER, last.pk: late, both.pk: LATER, kept.pk: None}
    assert told(None) == {first.pk: None, last.pk: None, both.pk: None, kept.pk: None}, "nobody knows when"


def shared(number: str = "4/2024/NQ-HĐND") -> tuple[Regulation, Regulation]:
    """Two provinces' acts of one number."""
    made = [
        engine.start(Regulation(), "import", by=None, facts={"number": number, "issuer": f"HĐND tỉnh {name}"})
        for name in ("A", "An Giang")
    ]
    return made[0], made[1]


@pytest.mark.parametrize("tail", ["", " của HĐND", " của HĐND tỉnh B", "; 1/2020/NĐ-CP của HĐND tỉnh A"])
def test_a_number_of_two_issuers_is_asked_for_its_issuer(world: World, tail: str) -> None:
    factories.regulation("1/2020/NĐ-CP")
    shared()
    place = world.unit("stp")
    form = ActTrial({"number": "9/2026/NQ-HĐND", "replaces": f"04/2024/NQ-HĐND{tail}"}, place=place)
    assert not form.is_valid()
    assert list(form.errors) == ["replaces"]
    (said,) = form.errors["replaces"]
    assert "HĐND tỉnh A; HĐND tỉnh An Giang" in said
    assert "hãy ghi thêm cơ quan ban hành" in said
    form = ActTrial({"number": "04/2024/NQ-HĐND"}, place=place)
    assert not form.is_valid()
    assert list(form.errors) == ["issuer"]


def test_the_named_issuers_act_is_tried_and_no_other(world: World) -> None:
    first, second = shared()
    place = world.unit("stp")
    form = ActTrial({"number": "9/2026/NQ-HĐND", "replaces": "04/2024/NQ-HĐND của Hội đồng nhân dân tỉnh An Giang"},
                    place=place)  # fmt: skip
    assert form.is_valid(), form.errors
    assert form.change().relations == [("replaces", second)]
    both = "04/2024/NQ-HĐND HĐND tỉnh A, 4/2024/NQ-HĐND HĐND tỉnh An Giang"
    form = ActTrial({"number": "9/2026/NQ-HĐND", "amends": both}, place=place)
    assert form.is_valid(), form.errors
    assert form.change().relations == [("amends", first), ("amends", second)]
    for issuer, act in (("HĐND tỉnh A", first), ("hđnd tỉnh an giang", second)):
        form = ActTrial({"number": "04/2024/NQ-HĐND", "issuer": issuer}, place=place)
        assert form.is_valid(), form.errors
        assert form.change().act == act
    form = ActTrial({"number": "04/2024/NQ-HĐND", "issuer": "HĐND tỉnh B"}, place=place)
    assert form.is_valid(), form.errors
    assert form.change().act._state.adding
    assert not form.certain


def test_the_issuer_is_asked_for_on_the_page(world: World) -> None:
    first, _second = shared()
    rows = [{"key": "b1", "number": first.number, "issuer": first.issuer, "note": ""}]
    code = factories.in_force(world, legal_basis=rows).document.code
    client = log_in(world.phuc)
    given = {"number": "04/2024/NQ-HĐND", "kind": "expired", "effective_on": SPELT}
    page = client.get(PAGE, given)
    assert page.status_code == 400
    assert "hãy ghi thêm cơ quan ban hành" in page.content.decode()
    assert code in client.get(PAGE, given | {"issuer": "HĐND tỉnh A"}).content.decode()
