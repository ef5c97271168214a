"""The tree over time: kinds, names and obligations by decision, the rules of the country, and who sees what."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from tests.people import World, person, seat
from tests.workflows.screens import log_in, statements, text
from workflows import engine
from workflows.deciding import decide
from workflows.errors import WorkflowError
from workflows.models import Move, ObligationRule, ReferenceSet, Unit, UnitDecision, UnitKind, User
from workflows.roles import Role
from workflows.tree import Book, Held, Spell, readings, settle, spells, tally

NO, ON = "15/QĐ-UBND", date(2026, 3, 2)
SINCE = date(2026, 4, 1)


def decided(
    world: World, about: str, aspect: str, value: str, *, by: User | None = None, **changes: Any
) -> UnitDecision:
    """A decision recorded by the province's coordinator."""
    given: dict[str, Any] = {"valid_from": SINCE, "decision_no": NO, "decision_on": ON, **changes}
    return decide(about=world.unit(about), by=by or world.cao, aspect=aspect, value=value, **given)


def obligation(world: World, name: str, day: date) -> tuple[str, str]:
    found = Book(Unit.objects.get(pk=world.unit(name).pk)).read(world.unit(name), day).obligation
    return found.value, found.ground


def test_the_rule_of_the_country_holds_by_kind_and_day(world: World) -> None:
    assert obligation(world, "stp", date(2026, 1, 1)) == ("mandatory", "Quyết định 19/2014/QĐ-TTg")
    assert obligation(world, "stp", date(2014, 5, 17)) == ("mandatory", "Quyết định 144/2006/QĐ-TTg")
    assert obligation(world, "xa", date(2014, 5, 18)) == ("encouraged", "Quyết định 19/2014/QĐ-TTg")
    assert obligation(world, "xa", date(2006, 6, 19)) == ("", "")
    ended = ObligationRule.objects.get(kind=UnitKind.DISTRICT, valid_from=date(2014, 5, 18))
    assert ended.valid_to == date(2025, 7, 1)


def test_a_province_lifts_its_communes_from_a_day_and_no_others(world: World) -> None:
    far = Unit.objects.create(code="XA9", name="Xã ngoài", kind=UnitKind.COMMUNE, parent=world.unit("nx"))
    decided(world, "tinh", "obligation", "mandatory", below="commune")
    assert obligation(world, "xa", SINCE - timedelta(days=1))[0] == "encouraged"
    assert obligation(world, "xa", SINCE) == ("mandatory", f"{NO} (02/03/2026)")
    assert Book().read(far, SINCE).obligation.value == "encouraged"
    decided(world, "tinh", "obligation", "by_rule", below="commune", valid_from=date(2026, 9, 1))
    assert obligation(world, "xa", date(2026, 9, 1))[0] == "encouraged"
    history = Book(world.unit("xa")).history(world.unit("xa"))["obligation"]
    assert [(one.value, one.since, one.until) for one in history] == [
        ("encouraged", date(2006, 6, 20), date(2014, 5, 18)),
        ("encouraged", date(2014, 5, 18), SINCE),
        ("mandatory", SINCE, date(2026, 9, 1)),
        ("encouraged", date(2026, 9, 1), None),
    ]


def test_one_agency_is_excepted_and_one_without_procedures_is_in_no_denominator(world: World) -> None:
    decided(world, "stp", "obligation", "own_regime")
    decided(world, "xa", "no_procedures", "yes", valid_from=date(2026, 6, 1))
    rows = {one.unit.code: one for one in readings(world.unit("tinh"), date(2026, 6, 1))}
    assert set(rows) == {"SV", "STP", "XA1"}
    assert rows["STP"].obligation.value == "own_regime"
    assert not rows["XA1"].counts
    counts = dict(tally(list(rows.values())))
    assert counts["Xã, phường, đặc khu"] == {"all": 1, "none": 1}
    assert all(one.counts for one in readings(world.unit("tinh"), date(2026, 5, 31)))


def test_a_renaming_shows_on_its_day_and_the_old_name_stays_for_the_days_before(world: World) -> None:
    soon = timezone.localdate() + timedelta(days=3)
    decided(world, "xa", "name", "Xã Hoà Bình", valid_from=soon)
    commune = Unit.objects.get(code="XA1")
    assert commune.name == "Xã Bình Minh"
    done, complaints = settle(timezone.now() + timedelta(days=3))
    assert (dict(done), complaints) == ({"rename": 1}, [])
    commune.refresh_from_db()
    assert (commune.name, commune.name_folded) == ("Xã Hoà Bình", "xa hoa binh")
    assert dict(settle(timezone.now() + timedelta(days=3))[0]) == {}
    book = Book(commune)
    assert book.read(commune, soon - timedelta(days=1)).name == "Xã Bình Minh"
    assert book.read(commune, soon).name == "Xã Hoà Bình"


def test_a_kind_changes_by_decision_and_back_when_it_is_revoked(world: World) -> None:
    first = decided(world, "xa", "kind", "department")
    second = decided(world, "xa", "kind", "sub_department", valid_from=date(2026, 5, 1))
    assert Unit.objects.get(code="XA1").kind == UnitKind.SUB_DEPARTMENT
    head = person("chutich")
    seat(head, Role.STEERING_HEAD, world.unit("tinh"))
    engine.fire(first, "revoke", by=head, note="Ghi nhầm")
    assert Unit.objects.get(code="XA1").kind == UnitKind.SUB_DEPARTMENT
    done = engine.fire(second, "revoke", by=head, note="Ghi nhầm")
    assert done.state == "revoked"
    assert Unit.objects.get(code="XA1").kind == UnitKind.COMMUNE
    assert [move.action for move in Move.objects.of(second.pk)] == ["record", "revoke"]


@pytest.mark.parametrize(
    ("who", "what", "changes"),
    [
        ("hoa", ("stp", "obligation", "encouraged"), {}),
        ("hoa", ("stp", "no_procedures", "yes"), {}),
        ("hoa", ("stp", "kind", "commune"), {}),
        ("cao", ("xa", "obligation", "never"), {}),
        ("cao", ("xa", "kind", "division"), {}),
        ("cao", ("xa", "name", "Tên"), {"below": "commune"}),
        ("cao", ("xa", "obligation", "mandatory"), {"decision_on": date(2999, 1, 1)}),
        ("cao", ("xa", "obligation", "mandatory"), {"decision_no": "x" * 61}),
        ("cao", ("hctp", "obligation", "mandatory"), {}),
        ("hoa", ("tinh", "obligation", "mandatory"), {}),
        ("dung", ("xa", "obligation", "mandatory"), {}),
        ("lan", ("stp", "obligation", "mandatory"), {}),
        ("tuan", ("stp", "obligation", "mandatory"), {}),
    ],
)
def test_what_no_decision_may_say(world: World, who: str, what: tuple[str, str, str], changes: dict[str, Any]) -> None:
    with pytest.raises(WorkflowError):
        decided(world, *what, by=world.people[who], **changes)
    assert not UnitDecision.objects.exists()


@pytest.mark.parametrize(
    "change", [{"value": "encouraged"}, {"valid_from": date(2020, 1, 1)}, {"decision_no": "1"}, {"below": "commune"}]
)
def test_the_database_changes_no_decision(world: World, change: dict[str, Any]) -> None:
    made = decided(world, "xa", "obligation", "mandatory")
    with pytest.raises(DatabaseError), transaction.atomic():
        QuerySet.update(UnitDecision.objects.filter(pk=made.pk), **change)
    with pytest.raises(DatabaseError), transaction.atomic():
        ObligationRule.objects.all().delete()
    made.refresh_from_db()
    assert (made.value, made.valid_from, ObligationRule.objects.exists()) == ("mandatory", SINCE, True)


def test_an_agency_may_take_the_duty_upon_itself(world: World) -> None:
    decided(world, "stp", "obligation", "mandatory", by=world.hoa)
    assert obligation(world, "stp", SINCE) == ("mandatory", f"{NO} (02/03/2026)")


def test_what_says_the_same_on_the_same_ground_is_one_interval() -> None:
    first, second = date(2026, 1, 1), date(2026, 2, 1)
    assert spells([], lambda day: Held()) == []
    assert spells([first, second], lambda day: Held("a", None, "x")) == [Spell("a", None, None, "x")]
    assert spells([second, first], lambda day: Held("a" if day < second else "b", None, "x")) == [
        Spell("a", None, second, "x"),
        Spell("b", second, None, "x"),
    ]


def test_denominators_have_days_and_sources(world: World) -> None:
    then = {(one.kind, one.number) for one in ReferenceSet.objects.on(date(2025, 6, 30))}
    now = {(one.kind, one.number) for one in ReferenceSet.objects.on(date(2025, 7, 1))}
    assert then == {("province", 63), ("district", None), ("commune", 8910)}
    assert now == {("province", 34), ("commune", 3321)}


def test_the_page_of_the_tree_shows_a_level_with_obligation_and_ground(world: World) -> None:
    decided(world, "tinh", "obligation", "mandatory", below="commune")
    page = text(world.cao, "/units/?on=2026-04-01&kind=commune")
    for said in ("Xã Bình Minh", "Bắt buộc", NO, "1 cơ quan khớp", "3321"):
        assert said in page
    assert "Núi Xanh" not in page
    early = log_in(world.cao).get("/units/?on=31/03/2026&kind=commune").context
    assert [one.obligation.value for one in early["page_obj"]] == ["encouraged"]
    assert [one.unit.code for one in log_in(world.cao).get("/units/").context["page_obj"]] == ["STP"]
    assert "Không hiểu ngày" in text(world.cao, "/units/?on=31/02/2026", 400)


def test_a_filter_looks_into_the_whole_tree(world: World) -> None:
    def found(query: str) -> set[str]:
        return {one.unit.code for one in log_in(world.cao).get(f"/units/?{query}").context["page_obj"]}

    assert found("q=binh+minh") == {"XA1"}
    assert found("q=stp") == {"STP"}
    assert found("obligation=mandatory") == {"SV", "STP"}
    assert found("kind=ministry") == found("obligation=unknown") == set()


def test_sight_is_the_own_tree_and_nothing_beside_it(world: World) -> None:
    province, department, commune = (world.unit(name).pk for name in ("tinh", "stp", "xa"))
    for who, readable in (
        ("cao", {province, department, commune}),
        ("hoa", {department, commune}),
        ("xuan", {commune}),
        ("dung", set()),
        ("root", set()),
    ):
        for pk in (province, department, commune):
            expected = 200 if pk in readable else 404
            text(world.people[who], f"/units/{pk}/", expected)
            text(world.people[who], f"/units/?under={pk}", expected)
            assert log_in(world.people[who]).get(f"/api/units/{pk}/history/").status_code == expected
        listed = log_in(world.people[who]).get("/api/tree/").json()
        assert {one["unit"]["id"] for one in listed["results"]} - {world.unit("nx").pk} == readable
        assert listed["count"] == len(readable) + (who == "dung")
    assert "Sông Vàng" not in text(world.dung, "/units/?q=sông+vàng").replace("Sở Tư pháp tỉnh Núi Xanh", "")
    text(world.root, "/units/")


def test_who_watches_from_a_ministry_sees_the_country_and_no_draft(world: World) -> None:
    ministry = Unit.objects.create(code="BKHCN", name="Bộ Mẫu", kind=UnitKind.MINISTRY)
    watcher = person("theodoi")
    seat(watcher, Role.NATIONAL_VIEWER, ministry)
    page = log_in(watcher).get("/units/").context
    assert {one.unit.code for one in page["page_obj"]} == {"SV", "NX", "BKHCN"}
    assert page["total"] == 5
    text(watcher, f"/units/{world.unit('xa').pk}/")
    clerk = person("vanthubo")
    seat(clerk, Role.STAFF, ministry)
    text(clerk, f"/units/{world.unit('xa').pk}/", 404)
    assert {one.unit.code for one in log_in(clerk).get("/units/").context["page_obj"]} == set()


def test_a_unit_that_ended_keeps_its_row_and_names_its_successor(world: World) -> None:
    gone = Unit.objects.create(
        code="XA0", name="Xã Cũ", kind=UnitKind.COMMUNE, parent=world.unit("stp"), valid_to=date(2025, 7, 1),
        successor=world.unit("xa"),
    )  # fmt: skip
    assert gone.code not in {one.unit.code for one in readings(world.unit("stp"), date(2025, 7, 1))}
    assert gone.code in {one.unit.code for one in readings(world.unit("stp"), date(2025, 6, 30))}
    page = text(world.hoa, f"/units/{gone.pk}/")
    assert "đã kết thúc" in page
    assert "Xã Bình Minh" in page
    assert "Xã Cũ" in text(world.hoa, f"/units/{world.unit('xa').pk}/")


def test_a_decision_is_typed_in_and_what_is_wrong_keeps_what_was_typed(world: World) -> None:
    url = f"/units/{world.unit('xa').pk}/decide/obligation/"
    typed = {
        "value": "mandatory",
        "below": "",
        "valid_from": "01/04/2026",
        "decision_no": NO,
        "decision_on": "02/03/2026",
    }
    client = log_in(world.cao)
    assert client.get(url).status_code == 200
    for wrong in ({"decision_on": "31/02/2026"}, {"valid_from": ""}, {"value": "x"}):
        answer = client.post(url, typed | wrong)
        assert answer.status_code == 400
        assert f'value="{NO}"' in answer.content.decode()
    answer = client.post(url, typed | {"decision_on": "02/03/2999"})
    assert answer.status_code == 422
    assert "Ngày quyết định không thể sau ngày ghi" in answer.content.decode()
    assert client.post(url, typed).status_code == 302
    page = text(world.cao, f"/units/{world.unit('xa').pk}/?on=2026-04-01")
    assert "01/04/2026" in page
    assert NO in page
    assert log_in(world.xuan).get(url).status_code == 403
    assert log_in(world.dung).get(url).status_code == 404
    assert client.get(url.replace("obligation", "nothing")).status_code == 404


def test_the_tree_costs_the_same_however_many_agencies(world: World) -> None:
    client, counted = log_in(world.cao), []
    client.get("/units/")
    for turn in range(2):
        for address in ("/units/?q=a", f"/units/{world.unit('tinh').pk}/", "/api/tree/"):
            with statements() as run:
                client.get(address)
            counted.append(len(run))
        for number in range(20):
            Unit.objects.create(
                code=f"C{turn}{number}", name=f"Xã a {number}", kind=UnitKind.COMMUNE, parent=world.unit("tinh")
            )
    assert counted[:3] == counted[3:]
    assert max(counted) <= 14
