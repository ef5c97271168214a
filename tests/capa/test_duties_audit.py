"""Separation of duties in audits (domain §2.2 rules 1, 2, 4, 5): own unit, own documents, own proposals, outsiders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from capa.models import Car, Finding, Programme, Round
from documents.models import DocumentVersion
from tests import factories
from tests.capa import records, seats
from tests.capa.test_duties import refused
from tests.people import World, seat
from tests.tables import capa_rows, oracle_capa
from workflows import engine
from workflows.errors import WorkflowError
from workflows.models import Move, Seat, User
from workflows.roles import Role

pytestmark = pytest.mark.once

PLAN_PATH = (("edit", "draft"), ("submit", "submitted"), ("review", "reviewed"))
AUTHORS = {"create": "lan", "edit": "lan", "submit": "lan", "agree": "minh", "pass": "hoa", "approve": "tuan"}
"""Who does what to a version on the main path: a person for each deed that makes it own work."""


# Programme and team: who put it forward does not decide it.


def programme(world: World, deed: str, doer: User) -> Programme:
    """A programme before the next decision, with one deed done by somebody of one's own choice."""
    place = world.unit("stp")
    found = engine.start(
        Programme(agency=place, unit=place),
        "draft",
        by=doer if deed == "draft" else world.hoa,
        **records.answers(world, "draft"),
    )
    records.plan(world, found)
    for action, target in PLAN_PATH:
        if (action, deed) in (("review", "edit"), ("review", "draft"), ("review", "submit")):
            break
        by = doer if action == deed else world.people["quang" if action == "review" else "hoa"]
        found = engine.fire(found, action, by=by, **records.answers(world, action))
        assert found.state == target
    return found


@pytest.mark.parametrize("way", seats.WAYS)
@pytest.mark.parametrize("deed", ["draft", "edit", "submit"])
def test_who_prepared_the_programme_does_not_review_or_approve_it(world: World, deed: str, way: seats.Way) -> None:
    tam = seats.newcomer(world, Role.ISO_SECRETARY, "stp")
    found = programme(world, deed, tam)
    refused(found, "review", way(world, tam, Role.QMR), world)
    found = engine.fire(found, "review", by=world.quang)
    refused(found, "approve", seats.add(world, tam, Role.STEERING_HEAD), world)
    assert engine.fire(found, "approve", by=world.tuan).state == "approved"


@pytest.mark.parametrize("way", seats.WAYS)
def test_who_reviewed_the_programme_does_not_approve_it(world: World, way: seats.Way) -> None:
    tam = seats.newcomer(world, Role.QMR, "stp")
    refused(programme(world, "review", tam), "approve", way(world, tam, Role.STEERING_HEAD), world)


@pytest.mark.parametrize("way", seats.WAYS)
@pytest.mark.parametrize("again", [False, True])
def test_who_proposed_a_team_does_not_appoint_one(world: World, way: seats.Way, *, again: bool) -> None:
    """Nor does another's later proposal make the first one undone."""
    tam = seats.newcomer(world, Role.ISO_SECRETARY, "stp")
    found, given = records.audit_round(world, "planned"), records.answers(world, "propose")
    found = engine.fire(found, "propose", by=tam, **given)
    if again:
        found = engine.fire(found, "return", by=world.tuan, note="Đổi người")
        found = engine.fire(found, "propose", by=world.hoa, **given)
    refused(found, "appoint", way(world, tam, Role.STEERING_HEAD), world)
    assert engine.fire(found, "appoint", by=world.tuan).state == "team_appointed"


# Own unit, own documents.


def propose(world: World, member: User) -> Round:
    """Put forward Bình2 and somebody for the round that is there."""
    given = {"lead": world.binh2.pk, "members": [member.pk], "unit": world.unit("hctp").pk}
    by = world.people.get("thu", world.hoa)
    return engine.fire(Round.objects.get(), "propose", by=by, teams={"lead": world.binh2.pk, "teams": [given]})


def not_in_a_team(world: World, member: User, reason: str) -> None:
    with pytest.raises(WorkflowError) as caught:
        propose(world, member)
    assert (caught.value.code, caught.value.status) == ("guard_failed", 422)
    assert any(reason in problem for problem in caught.value.problems)


@pytest.mark.parametrize("role", [Role.DRAFTER, Role.UNIT_HEAD, Role.STAFF, Role.FRONT_DESK, Role.AUDITOR])
@pytest.mark.parametrize("way", [seats.add, seats.leave])
def test_nobody_is_appointed_to_audit_their_own_unit(world: World, role: str, way: seats.Way) -> None:
    tam = seats.newcomer(world, role)
    records.audit_round(world, "planned")
    not_in_a_team(world, way(world, tam, Role.AUDITOR), "là người của đơn vị này")


def test_the_period_audited_ends(world: World, settings: Any) -> None:
    """A seat whose last day is the first day looked back on bars; one that ended before does not."""
    tam = seats.newcomer(world, Role.STAFF)
    first = timezone.localdate() - timedelta(days=settings.AUDIT_PERIOD_DAYS)
    own = Seat.objects.filter(user=tam)
    own.update(valid_from=first - timedelta(days=100), valid_to=first + timedelta(days=1))
    seat(tam, Role.AUDITOR, world.unit("bttp"))
    records.audit_round(world, "planned")
    not_in_a_team(world, tam, "là người của đơn vị này")
    own.filter(unit=world.unit("hctp")).update(valid_to=first)
    assert propose(world, tam).proposed


@pytest.mark.parametrize("deed", sorted(AUTHORS))
def test_nobody_audits_what_they_wrote_reviewed_or_approved(world: World, deed: str) -> None:
    done = factories.version(world, "effective")
    if deed == "edit":
        draft = factories.version(world, "draft")
        engine.fire(draft, "edit", by=world.lan, **factories.answers("edit"))
    doer = world.people[AUTHORS[deed]]
    assert Move.objects.filter(machine="version", action=deed, actor=doer, unit=done.unit_id).exists()
    records.audit_round(world, "planned")
    seats.newcomer(world, Role.ISO_SECRETARY, "stp", "thu")
    doer = seats.vanish(world, doer, Role.AUDITOR)
    not_in_a_team(world, doer, "đã soạn thảo, xem xét hoặc phê duyệt")


@pytest.mark.parametrize(("action", "result"), [("revise", "minor"), ("present", "minor"), ("note", "conform")])
@pytest.mark.parametrize("way", ["unit", "past", "work"])
def test_a_team_member_who_becomes_partial_stops_there(world: World, action: str, result: str, way: str) -> None:
    found = records.finding(world, "recorded", result=result)
    partial(world, world.binh, way)
    refused(found, action, world.binh, world)
    fresh = Finding(agency_id=found.agency_id, unit_id=found.unit_id, round_id=found.round_id)
    with pytest.raises(WorkflowError) as caught:
        engine.start(fresh, "record", by=world.binh, **records.recorded())
    assert caught.value.code == "same_hand"


@pytest.mark.parametrize("state", ["recorded", "presented"])
@pytest.mark.parametrize("way", ["unit", "past", "work"])
def test_a_lead_who_becomes_partial_withdraws_nothing(world: World, state: str, way: str) -> None:
    found = records.finding(world, state)
    partial(world, world.binh2, way)
    refused(found, "withdraw", world.binh2, world)


def partial(world: World, user: User, way: str) -> None:
    """A seat in the unit, one in the past, or a document of the unit."""
    today = timezone.localdate()
    if way == "work":
        owner = factories.document(world)
        seat(user, Role.LEGAL_WATCH, world.unit("stp"))
        draft = DocumentVersion(document=owner, agency=owner.agency, unit=owner.unit, content={})
        engine.start(draft, "create", by=user, content=factories.content())
        return
    until = None if way == "unit" else today - timedelta(days=3)
    seat(user, Role.STAFF, world.unit("hctp"), since=today - timedelta(days=30), until=until)


@pytest.mark.parametrize("action", ["uphold", "overturn"])
@pytest.mark.parametrize("who", ["team", "unit"])
@pytest.mark.parametrize("way", [seats.add, seats.leave])
def test_no_party_decides_the_dispute(world: World, action: str, who: str, way: seats.Way) -> None:
    found = records.finding(world, "disputed")
    party = world.binh if who == "team" else world.minh
    refused(found, action, way(world, party, Role.QMR), world)


@pytest.mark.parametrize("way", seats.WAYS)
def test_who_answered_an_observation_does_not_close_it(world: World, way: seats.Way) -> None:
    tam = seats.newcomer(world, Role.UNIT_HEAD)
    found = engine.fire(records.observation(world), "respond", by=tam, response="Đã sắp xếp lại")
    refused(found, "close", way(world, tam, Role.ISO_SECRETARY), world)
    if way is not seats.vanish:
        refused(found, "return", tam, world)


# Outsiders.


@pytest.mark.parametrize(("name", "state", "action"), capa_rows.ROWS)
def test_outsiders_and_the_sysadmin_can_do_nothing(world: World, name: str, state: str, action: str) -> None:
    """All their roles in one hand, in the unit and in the agency, superuser besides: no power at all."""
    record = capa_rows.ready(world, name, state, action)
    tam = seats.newcomer(world, Role.STAFF, "xa")
    for role in (Role.CONSULTANT, Role.CERT_BODY, Role.SYSADMIN):
        seat(tam, role, world.unit("stp"))
        seat(tam, role, world.unit("hctp"))
    User.objects.filter(pk=tam.pk).update(is_superuser=True, is_staff=True)
    tam, before = User.objects.get(pk=tam.pk), Move.objects.count()
    with pytest.raises(WorkflowError) as caught:
        engine.fire(record, action, by=tam, **capa_rows.answers(world, record, action))
    assert caught.value.code == "not_your_turn"
    assert all(offer.refusal for offer in engine.offers(record, tam))
    assert Move.objects.count() == before


@pytest.mark.parametrize(("name", "state", "action"), capa_rows.STARTS)
def test_outsiders_and_the_sysadmin_can_start_nothing(world: World, name: str, state: str, action: str) -> None:
    assert state not in oracle_capa.STATES
    record, given = capa_rows.fresh(world, name, action)
    for who in ("admin", "tuvan", "chungnhan", "root"):
        with pytest.raises(WorkflowError) as caught:
            engine.start(record, action, by=world.people[who], **given)
        assert caught.value.code == "not_your_turn"


def test_the_agency_as_a_whole_may_answer_for_a_nonconformity(world: World) -> None:
    """A seat held for the whole agency is no seat in the unit, where the agency itself is the unit: else nobody could
    approve, verify, close or even cancel."""
    whole = str(world.unit("stp").pk)
    found = engine.fire(
        records.report(world), "issue", by=world.hoa, **{**records.answers(world, "issue"), "unit": whole}
    )
    assert world.binh in found.fit_verifiers()
    head = seats.newcomer(world, Role.UNIT_HEAD, "stp")
    assert found.ties_of(head, ["owner_unit"]) == {"owner_unit"}
    assert found.ties_of(world.quang, ["owner_unit"]) == set()
    assert engine.fire(found, "cancel", by=world.quang, note="Nhầm").state == "cancelled"
    assert Car.objects.get(pk=found.pk).unit == world.unit("stp")
