"""A committee by decision: proposed, enacted, re-established; its three seats never empty without somebody's task."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from notifications.models import Notice
from tests.people import SINCE, World, person, seat
from tests.workflows.screens import log_in, text
from workflows import engine, inbox
from workflows.errors import WorkflowError
from workflows.models import Committee, Establishment, Seat, Unit, UnitKind, User, VacantSeat
from workflows.roles import Role
from workflows.vacancies import gaps, reconcile, sweep

TODAY = timezone.localdate()
GIVEN: dict[str, Any] = {"decision_no": "77/QĐ-STP", "decision_on": TODAY, "valid_from": TODAY}


def rows(world: World, place: str = "stp", **changes: Any) -> list[dict[str, Any]]:
    """Head, deputy, secretary and a member, by name."""
    who = {"steering_head": "quang", "qmr": "minh", "iso_secretary": "giup", "steering_member": "hung"} | changes
    return [{"username": name, "role": role, "unit": world.unit(place).pk} for role, name in who.items() if name]


def proposed(world: World, place: str = "stp", by: User | None = None, **changes: Any) -> Establishment:
    about, owner = world.unit(place), world.unit("stp")
    fresh = Establishment(about=about, agency=owner, unit=owner)
    return engine.start(fresh, "propose", by=by or world.hoa, members=rows(world, place, **changes))


def noon(days: int = 0) -> datetime:
    return timezone.now() + timedelta(days=days)


def test_a_committee_is_re_established_and_the_one_before_ends_that_day(world: World) -> None:
    stp, old = world.unit("stp"), Committee.objects.get()
    done = engine.fire(proposed(world), "enact", by=world.tuan, **GIVEN)
    old.refresh_from_db()
    assert done.committee is not None
    assert (done.state, old.valid_to, done.committee.valid_from) == ("in_force", TODAY, TODAY)
    before = Seat.objects.held_on(TODAY - timedelta(days=1)).filter(unit__agency=stp, role=Role.STEERING_HEAD)
    now = Seat.objects.held_on(TODAY).filter(unit__agency=stp, role__in=("steering_head", "qmr", "iso_secretary"))
    assert {one.user for one in before} == {world.tuan}
    assert {(one.role, one.user.username) for one in now} == {
        ("steering_head", "quang"), ("qmr", "minh"), ("iso_secretary", "giup"),
    }  # fmt: skip
    assert {one.ground for one in now} == {f"77/QĐ-STP ({TODAY:%d/%m/%Y})"}
    # Seats that no committee gives go on.
    assert Seat.objects.held_on(TODAY).filter(user=world.van, role=Role.RECORDS_CLERK).exists()
    assert Seat.objects.held_on(TODAY).filter(user=world.dung, role=Role.QMR).exists()


def test_what_was_done_in_the_old_seat_stays_told_by_it(world: World) -> None:
    done = engine.fire(proposed(world), "enact", by=world.tuan, **GIVEN)
    with pytest.raises(WorkflowError):
        engine.fire(proposed(world, by=world.giup), "enact", by=world.tuan, **GIVEN)
    page = text(world.quang, f"/people/committee/{done.pk}/")
    for said in ("Tuan", "Hoa", "77/QĐ-STP", "Đại diện lãnh đạo"):
        assert said in page


@pytest.mark.parametrize(
    ("changes", "given", "said"),
    [
        ({"qmr": ""}, {}, "Thiếu: Đại diện lãnh đạo"),
        ({}, {"decision_on": TODAY + timedelta(days=1)}, "Ngày quyết định"),
        ({}, {"decision_no": "12/QĐ-STP"}, "đã lập một Ban"),
        ({}, {"valid_from": SINCE}, "phải sau ngày"),
        ({}, {"decision_no": "x" * 61}, "Dài quá"),
    ],
)
def test_what_is_missing_is_said_and_nothing_changes(
    world: World, changes: dict[str, Any], given: dict[str, Any], said: str
) -> None:
    draft = proposed(world, **changes)
    with pytest.raises(WorkflowError) as caught:
        engine.fire(draft, "enact", by=world.tuan, **(GIVEN | given))
    assert said in caught.value.said
    assert (Committee.objects.count(), Seat.objects.filter(valid_to=TODAY).count()) == (1, 0)


def test_two_hands_propose_and_decide(world: World) -> None:
    seat(world.hoa, Role.QMR, world.unit("stp"))
    with pytest.raises(WorkflowError) as caught:
        engine.fire(proposed(world), "enact", by=User.objects.get(pk=world.hoa.pk), **GIVEN)
    assert caught.value.code == "same_hand"


@pytest.mark.parametrize(
    "members",
    [
        None,
        [],
        "x",
        [{"username": "quang"}],
        [{"username": "quang", "role": "qmr", "unit": True}],
        [{"username": "nobody", "role": "qmr", "unit": 1}],
        [{"username": "nghi", "role": "qmr", "unit": 1}],
        [{"username": "quang", "role": "drafter", "unit": 1}],
        [{"username": "quang", "role": "qmr", "unit": 987654}],
    ],
)
def test_members_are_people_and_places_that_there_are(world: World, members: Any) -> None:
    stp = world.unit("stp")
    with pytest.raises(WorkflowError):
        engine.start(Establishment(about=stp, agency=stp, unit=stp), "propose", by=world.hoa, members=members)
    assert not Establishment.objects.exists()


def test_a_province_establishes_the_first_committee_of_a_commune(world: World) -> None:
    province, commune = world.unit("tinh"), world.unit("xa")
    head = person("chutich")
    seat(head, Role.STEERING_HEAD, province)
    fresh = Establishment(about=commune, agency=province, unit=province)
    draft = engine.start(fresh, "propose", by=world.cao, members=rows(world, "xa"))
    done = engine.fire(draft, "enact", by=head, **GIVEN)
    assert done.committee is not None
    assert done.committee.agency == commune
    assert {one.user.username for one in Seat.objects.held_on(TODAY).filter(unit=commune)} == {
        "xuan", "quang", "minh", "giup", "hung",
    }  # fmt: skip
    stranger = Establishment(about=world.unit("nx"), agency=province, unit=province)
    draft = engine.start(stranger, "propose", by=world.cao, members=rows(world, "nx"))
    with pytest.raises(WorkflowError):
        engine.fire(draft, "enact", by=head, **GIVEN)


def test_an_empty_seat_is_a_task_in_the_inbox_of_who_can_act_until_it_is_filled(world: World) -> None:
    stp = world.unit("stp")
    assert gaps(TODAY) == set()
    Seat.objects.filter(role=Role.ISO_SECRETARY, unit=stp).update(valid_to=TODAY)
    assert gaps(TODAY) == {(stp.pk, "iso_secretary")}
    assert gaps(TODAY - timedelta(days=1)) == set()
    assert dict(sweep(noon())[0]) == {"raise": 1}
    assert dict(sweep(noon())[0]) == {}
    task = VacantSeat.objects.get()
    for who, sees in (("tuan", 1), ("quang", 1), ("daumoi", 1), ("hoa", 0), ("lan", 0), ("dung", 0), ("cao", 0)):
        fresh = User.objects.get(pk=world.people[who].pk)
        assert len(inbox.for_user(fresh, machine="vacant_seat")) == sees, who
    given: dict[str, Any] = {
        "person": str(world.giup.pk),
        "decision_no": "80/QĐ",
        "decision_on": TODAY,
        "valid_from": TODAY,
    }
    done = engine.fire(task, "fill", by=world.tuan, **given)
    assert (done.state, gaps(TODAY)) == ("filled", set())
    given_to = Seat.objects.get(user=world.giup, role=Role.ISO_SECRETARY)
    assert (given_to.decision_no, given_to.committee) == ("80/QĐ", Committee.objects.get())
    assert dict(sweep(noon())[0]) == {}


def test_the_task_closes_when_the_seat_is_filled_another_way(world: World) -> None:
    Seat.objects.filter(role=Role.QMR, unit=world.unit("stp")).update(valid_to=TODAY)
    reconcile(noon())
    seat(world.giup, Role.QMR, world.unit("stp"), since=TODAY)
    assert dict(reconcile(noon())) == {"close": 1}
    assert VacantSeat.objects.get().state == "closed"


def test_a_closed_account_leaves_the_seat_empty_and_others_untouched(world: World) -> None:
    User.objects.filter(pk=world.tuan.pk).update(is_active=False)
    assert gaps(TODAY) == {(world.unit("stp").pk, "steering_head")}
    assert gaps(TODAY, [world.unit("nx").pk]) == set()  # it never had a committee: that is for its checklist


def test_where_nobody_is_left_the_agency_above_is_asked(world: World) -> None:
    Seat.objects.filter(unit__agency=world.unit("stp")).update(valid_to=TODAY)
    reconcile(noon())
    assert {one.agency for one in VacantSeat.objects.all()} == {world.unit("tinh")}
    assert len(inbox.for_user(User.objects.get(pk=world.cao.pk), machine="vacant_seat")) == 3
    seat(world.quang, Role.QMR, world.unit("stp"), since=TODAY)
    assert dict(reconcile(noon())) == {"close": 3, "raise": 2}
    still = VacantSeat.objects.filter(state="open")
    assert {(one.agency, one.role) for one in still} == {
        (world.unit("stp"), "steering_head"), (world.unit("stp"), "iso_secretary"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("who", "changes"),
    [
        ("tuan", {"person": "tuan"}),
        ("tuan", {"decision_on": TODAY + timedelta(days=1)}),
        ("tuan", {"valid_from": TODAY + timedelta(days=1)}),
        ("tuan", {"person": "dung"}),
        ("lan", {}),
        ("dung", {}),
    ],
)
def test_who_may_not_be_seated_and_who_may_not_seat(world: World, who: str, changes: dict[str, Any]) -> None:
    Seat.objects.filter(role=Role.QMR, unit=world.unit("stp")).update(valid_to=TODAY)
    reconcile(noon())
    who_sits = str(world.people[changes.get("person", "giup")].pk)
    days: dict[str, Any] = {"decision_on": TODAY, "valid_from": TODAY} | changes
    given = {"decision_no": "80/QĐ", **days, "person": who_sits}
    with pytest.raises(WorkflowError):
        engine.fire(VacantSeat.objects.get(), "fill", by=world.people[who], **given)
    assert gaps(TODAY) == {(world.unit("stp").pk, "qmr")}


def test_an_agency_that_has_ended_owes_nobody(world: World) -> None:
    stp = world.unit("stp")
    Seat.objects.filter(unit__agency=stp).update(valid_to=TODAY)
    Unit.objects.filter(pk=stp.pk).update(valid_to=TODAY)
    assert gaps(TODAY) == set()


def test_a_deed_shows_in_the_tasks_at_once_and_is_told(
    world: World, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    Seat.objects.filter(role=Role.QMR, unit=world.unit("stp")).update(valid_to=TODAY)
    with django_capture_on_commit_callbacks(execute=True):
        reconcile(noon())
    assert {one.user.username for one in Notice.objects.all()} == {"tuan", "hoa", "daumoi"}
    draft = proposed(world)
    with django_capture_on_commit_callbacks(execute=True):
        engine.fire(draft, "enact", by=world.tuan, **GIVEN)
    assert VacantSeat.objects.get().state == "closed"


def test_a_decision_for_a_later_day_changes_nothing_before_it(world: World) -> None:
    soon = TODAY + timedelta(days=7)
    first = engine.fire(proposed(world), "enact", by=world.tuan, **GIVEN)
    again = proposed(world, by=world.giup, steering_head="hung")
    later = GIVEN | {"decision_no": "9", "valid_from": soon}
    done = engine.fire(again, "enact", by=User.objects.get(pk=world.quang.pk), **later)
    sweep(noon())
    assert Establishment.objects.get(pk=first.pk).state == "in_force"
    assert Seat.objects.held_on(TODAY).filter(role=Role.STEERING_HEAD, unit=world.unit("stp")).get().user == world.quang
    assert dict(sweep(noon(7))[0]) == {"replace": 1}
    assert Establishment.objects.get(pk=first.pk).state == "replaced"
    assert Establishment.objects.get(pk=done.pk).state == "in_force"


def test_who_held_what_on_any_day_is_on_the_page_and_in_the_api(world: World) -> None:
    engine.fire(proposed(world), "enact", by=world.tuan, **GIVEN)
    yesterday = TODAY - timedelta(days=1)

    def heads(query: str) -> set[str]:
        groups = log_in(world.van).get(f"/people/{query}").context["groups"]
        return {one.user.username for _unit, held in groups for one in held if one.role == Role.STEERING_HEAD}

    assert heads("") == {"quang"}
    assert heads(f"?on={yesterday}") - {"nghi"} == {"tuan"}  # whose account is closed is shown with that mark
    assert f"Đang xem ngày {yesterday:%d/%m/%Y}" in text(world.van, f"/people/?on={yesterday}")
    text(world.van, "/people/?on=nay", 400)
    found = log_in(world.van).get(f"/api/seats/?on={yesterday}&role=steering_head").json()["results"]
    assert {one["user"]["full_name"] for one in found} == {"Tuan"}


def test_the_screens_lead_from_the_proposal_to_the_decision(world: World) -> None:
    url, client = "/people/committee/?agency=STP", log_in(world.hoa)
    page = client.get(url)
    assert page.status_code == 200
    form = page.context["formset"]
    data: dict[str, Any] = {"form-TOTAL_FORMS": "4", "form-INITIAL_FORMS": str(form.initial_form_count())}
    for at, row in enumerate([*rows(world)[:3], {"username": "", "role": "qmr", "unit": world.unit("stp").pk}]):
        data |= {f"form-{at}-{name}": value for name, value in row.items()}
    wrong = client.post(url, data | {"form-0-username": "khong-co"})
    assert wrong.status_code == 400
    assert "Không có người dùng “khong-co”" in wrong.content.decode()
    assert 'value="khong-co"' in wrong.content.decode()
    more = client.post(url, data | {"more": "1"})
    assert (more.status_code, Establishment.objects.count()) == (200, 0)
    assert client.post(url, data).status_code == 302
    draft = Establishment.objects.get()
    assert len(draft.members) == 3
    place = f"/people/committee/{draft.pk}/"
    assert str(draft) in text(world.tuan, "/people/")
    assert "Ghi quyết định" in text(world.tuan, place)
    text(world.lan, place, 403)
    text(world.dung, place, 404)
    text(world.tuan, f"{place}edit/", 403)
    assert "quang" in text(world.hoa, f"{place}edit/")
    edited = {**data, "form-2-username": "hung", "expected": "1"}
    assert client.post(f"{place}edit/", edited).status_code == 302
    assert client.post(f"{place}edit/", edited).status_code == 409
    act = f"/records/establishment/{draft.pk}/enact/"
    day = f"{TODAY:%d/%m/%Y}"
    typed = {"decision_no": "77/QĐ", "decision_on": day, "valid_from": day, "expected": "2"}
    assert log_in(world.tuan).post(act, typed).status_code == 302
    now = Seat.objects.held_on(TODAY).filter(decision_no="77/QĐ")
    assert {one.user.username for one in now} == {"quang", "minh", "hung"}
    for who, status in (("lan", 403), ("quang", 403), ("tuan", 404), ("dung", 404), ("root", 404)):
        text(world.people[who], url, status)


def test_an_empty_seat_has_a_page_and_the_committee_says_it(world: World) -> None:
    Seat.objects.filter(role=Role.QMR, unit=world.unit("stp")).update(valid_to=TODAY)
    reconcile(noon())
    task = VacantSeat.objects.get()
    assert "Đang trống: Đại diện lãnh đạo" in text(world.van, "/people/")
    assert "Bố trí người" in text(world.tuan, f"/people/vacant/{task.pk}/")
    text(world.dung, f"/people/vacant/{task.pk}/", 404)
    text(world.xuan, f"/people/vacant/{task.pk}/", 404)
    listed = log_in(world.tuan).get("/api/vacant_seats/?state=open").json()
    assert [(one["role"], one["about"]["code"]) for one in listed["results"]] == [("qmr", "STP")]
    assert log_in(world.dung).get("/api/vacant_seats/").json()["count"] == 0


def test_the_api_proposes_and_decides(world: World) -> None:
    client, kind = log_in(world.hoa), "application/json"
    body = {"about": world.unit("stp").pk, "members": rows(world)}
    made = client.post("/api/establishments/", body, content_type=kind)
    assert made.status_code == 201, made.content
    for wrong, status in (({"about": 0}, 400), ({"about": world.unit("nx").pk}, 404), ({"members": []}, 400)):
        assert client.post("/api/establishments/", body | wrong, content_type=kind).status_code == status
    place = f"/api/establishments/{made.json()['id']}/actions/enact/"
    given = {"decision_no": "5/QĐ", "decision_on": str(TODAY), "valid_from": str(TODAY), "expected_version": 1}
    assert log_in(world.lan).post(place, given, content_type=kind).status_code == 403
    assert log_in(world.dung).post(place, given, content_type=kind).status_code == 404
    done = log_in(world.tuan).post(place, given, content_type=kind)
    assert (done.status_code, done.json()["state"]) == (200, "in_force")
    assert log_in(world.lan).post("/api/establishments/", body, content_type=kind).status_code == 403


def test_tasks_of_many_agencies_cost_the_same_to_find(world: World, django_assert_max_num_queries: Any) -> None:
    above = world.unit("tinh")
    for number in range(30):
        one = Unit.objects.create(code=f"S{number}", name=f"Sở {number}", kind=UnitKind.DEPARTMENT, parent=above)
        Committee.objects.create(agency=one, decision_no="1", decision_on=date(2026, 1, 1), valid_from=date(2026, 1, 1))
    with django_assert_max_num_queries(2):
        assert len(gaps(TODAY)) == 90
    reconcile(noon())
    with django_assert_max_num_queries(6):
        assert dict(reconcile(noon())) == {}
