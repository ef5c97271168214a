"""What becomes of documents, reviews and publication of an agency that ends: the preview says it, the clock does it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from documents.models import Campaign, Document, DocumentVersion, Handover, ImpactItem, Publication
from documents.services.carriers import reviews_tick
from documents.services.clock import documents_tick
from tests import factories
from tests.documents import lives, published
from tests.documents.test_simulation import checksums
from tests.people import SINCE, World, person, seat
from tests.workflows.mergers import SOON, TODAY, at, decided, leader, merge, prepared
from tests.workflows.screens import log_in, statements, text
from workflows import engine
from workflows.errors import WorkflowError
from workflows.handing import sweep
from workflows.models import Unit, User
from workflows.parting import foresee
from workflows.roles import Role

DAY = timedelta(days=1)


@pytest.fixture
def heir(world: World) -> Unit:
    """A department beside ours with a division of the same name, a head and a drafter."""
    made: dict[str, Any] = {"kind": "department", "parent": world.unit("tinh")}
    found = Unit.objects.create(code="SM", name="Sở Nội vụ", **made)
    same = {"code": "P2", "name": "Phòng Hành chính tư pháp", "kind": "division", "parent": found}
    world.units |= {"sm": found, "sm2": Unit.objects.create(**same)}
    for name, role, unit in (("truong", Role.STEERING_HEAD, "sm"), ("soan", Role.DRAFTER, "sm2")):
        world.people[name] = person(name)
        seat(world.people[name], role, world.unit(unit))
    return found


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def held(world: World, code: str, unit: str = "hctp") -> DocumentVersion:
    """A version in force of a document of this code."""
    factories.regulation()
    return lives.adopt(world, SINCE, SINCE, owner=factories.document(world, unit, code=code))


def told(found: Any) -> dict[tuple[str, str, str], int]:
    return {(one.kind.name, one.unit.code, one.heir): one.number for one in foresee(found, SOON).goings}


def test_handed_documents_go_on_under_the_heir_and_earlier_days_stay(world: World, heir: Unit) -> None:
    version = held(world, "QT-01")
    draft = factories.version(world, "iso_check", owner=version.document)
    lone = factories.version(world, "draft")
    taken = Document.objects.create(agency=heir, unit=heir, kind="SYS_PROC", code="qt 01", title="Khác")
    found = decided(world, merge("STP", "SM", documents="hand"))
    before = checksums()
    assert told(found)["documents", "HCTP", "SM/P2"] == 2
    assert checksums() == before
    done, complaints = sweep(at(SOON + 30 * DAY))
    assert complaints == []
    assert done["carried.documents"] == 2
    went = Document.objects.get(predecessor=version.document)
    assert (went.agency, went.unit, went.code, went.former) == (heir, world.unit("sm2"), "QT-01/STP", "QT-01")
    assert taken.code in [one.code for one in Document.objects.filter(agency=heir)]
    states = {one.pk: one.state for one in DocumentVersion.objects.filter(agency=world.unit("stp"))}
    assert (states[version.pk], states[draft.pk], states[lone.pk]) == ("withdrawn", "cancelled", "cancelled")
    on, of = DocumentVersion.objects.in_force(SOON).get(), DocumentVersion.objects.in_force(SOON - DAY).get()
    assert (on.document, on.predecessor, on.content) == (went, version, version.content)
    assert of == version
    assert went.versions.get(state="draft").content == draft.content
    assert "qt-01;" in f"{went.search};"
    for name in ("truong", "soan"):
        assert DocumentVersion.objects.visible_to(world.people[name], at(SOON)).filter(pk=version.pk).exists()
    assert not DocumentVersion.objects.visible_to(fresh(world.lan), at(SOON + 30 * DAY)).exists()
    assert not DocumentVersion.objects.visible_to(world.dung, at(SOON)).exists()


def test_an_offered_document_stays_in_force_until_the_head_decides(world: World, heir: Unit) -> None:
    version, other = held(world, "QT-01"), held(world, "QT-02")
    decided(world, merge("STP", "SM"), on=TODAY)
    assert sweep(at(TODAY, 23))[1] == []
    offer, second = (Handover.objects.get(document=one.document) for one in (version, other))
    assert DocumentVersion.objects.get(pk=version.pk).state == "effective"
    with pytest.raises(WorkflowError) as caught:
        engine.fire(offer, "accept", by=fresh(world.soan))
    assert caught.value.code == "not_your_turn"
    done = engine.fire(offer, "accept", by=fresh(world.truong), code="QT-SM-09")
    assert done.successor is not None
    assert (done.successor.code, done.successor.former) == ("QT-SM-09", "QT-01")
    assert DocumentVersion.objects.get(document=done.successor).state == "effective"
    with pytest.raises(WorkflowError):
        engine.fire(second, "accept", by=fresh(world.truong), code="qt sm 09")
    engine.fire(second, "decline", by=fresh(world.truong), note="Không còn thủ tục")
    assert DocumentVersion.objects.get(pk=other.pk).state == "withdrawn"
    assert not Document.objects.filter(predecessor=other.document).exists()
    assert "QT-SM-09" in text(world.truong, f"/documents/{version.document_id}/")
    assert "QT-01" in text(world.truong, f"/handovers/{offer.pk}/")
    assert "QT-01" in text(world.truong, "/handovers/")
    for name in ("dung", "xuan"):
        assert log_in(world.people[name]).get(f"/handovers/{offer.pk}/").status_code == 404


def test_open_reviews_begin_anew_at_the_heir(world: World, heir: Unit) -> None:
    item = factories.impact(world)
    decided(world, merge("STP", "SM", documents="hand"), on=TODAY)
    assert sweep(at(TODAY, 23))[1] == []
    assert ImpactItem.objects.get(pk=item.pk).state == "resolved"
    mine = ImpactItem.objects.get(agency=heir)
    assert (mine.event, mine.state, mine.document.predecessor) == (item.event, "detected", item.document)
    assert reviews_tick(at(TODAY, 23))[0]["campaign.close"] == 1
    assert Campaign.objects.get(agency=world.unit("stp")).state == "closed"
    assert reviews_tick(at(TODAY, 23)) == ({}, [])


@pytest.mark.parametrize("manner", ["hand", "offer"])
def test_what_the_old_head_let_wait_is_reviewed_by_the_heir(world: World, heir: Unit, manner: str) -> None:
    item = factories.impact(world, "impact_confirmed")
    item = engine.fire(item, "waive", by=world.tuan, until=SOON + 30 * DAY, note="Chờ thông tư hướng dẫn")
    engine.fire(item.campaign, "close", by=world.phuc)
    decided(world, merge("STP", "SM", documents=manner), on=TODAY)
    assert sweep(at(TODAY, 22))[1] == []
    if manner == "offer":
        assert ImpactItem.objects.get().state == "waived", "it waits with its document"
        engine.fire(Handover.objects.get(), "accept", by=fresh(world.truong))
    for tick in (reviews_tick, documents_tick):
        assert tick(at(TODAY, 23))[1] == []
    assert ImpactItem.objects.get(pk=item.pk).state == "resolved"
    mine = ImpactItem.objects.get(agency=heir)
    assert (mine.state, mine.waived_until, mine.event) == ("detected", None, item.event)
    assert documents_tick(at(SOON + 40 * DAY))[1] == []
    assert ImpactItem.objects.get(pk=item.pk).state == "resolved", "it does not come back to who is gone"


def test_an_offer_that_was_not_answered_goes_on_to_the_heirs_heir(world: World, heir: Unit) -> None:
    version = held(world, "QT-01")
    decided(world, merge("STP", "SM"), on=TODAY)
    assert sweep(at(TODAY, 9))[1] == []
    last = Unit.objects.create(code="SX", name="Sở Mới", kind="department", parent=world.unit("tinh"))
    seat(person("sau"), Role.STEERING_HEAD, last)
    decided(world, merge("SM", "SX"), on=SOON, number="6/NQ")
    assert sweep(at(SOON, 9))[1] == []
    offer = Handover.objects.get()
    assert (offer.state, offer.agency, offer.document) == ("offered", last, version.document)
    with pytest.raises(WorkflowError):
        engine.fire(offer, "accept", by=fresh(world.truong), now=at(SOON, 10))
    done = engine.fire(offer, "accept", by=User.objects.get(username="sau"), now=at(SOON, 10))
    assert done.successor is not None
    assert done.successor.agency == last


def test_reviews_of_an_offered_document_wait_with_it(world: World, heir: Unit) -> None:
    item = factories.impact(world)
    decided(world, merge("STP", "SM"), on=TODAY)
    assert sweep(at(TODAY, 23))[1] == []
    assert ImpactItem.objects.get(pk=item.pk).state == "detected"
    engine.fire(Handover.objects.get(), "accept", by=fresh(world.truong))
    for tick in (reviews_tick, documents_tick):
        assert tick(at(TODAY, 23))[1] == []
    assert ImpactItem.objects.get(pk=item.pk).state == "resolved"
    assert ImpactItem.objects.get(agency=heir).state == "detected"


def test_the_publication_is_revoked_by_the_clock_from_the_day_of_the_end(world: World, heir: Unit) -> None:
    found = published.publication(world)
    decided(world, merge("STP", "SM", documents="hand"))
    sweep(at(SOON + 3 * DAY))
    again = Publication.objects.get(pk=found.pk)
    assert (again.state, again.ended_on, again.revocation_no[:7]) == ("revoked", SOON, "5/NQ-SV")


def test_a_split_names_what_has_no_heir_and_takes_the_choices(world: World, heir: Unit) -> None:
    other = Unit.objects.create(code="SK", name="Sở Khác", kind="department", parent=world.unit("tinh"))
    one, two = held(world, "QT-01"), held(world, "QT-02", "bttp")
    split = {"what": "split", "unit": "STP", "into": ["SM", "SK"], "documents": "hand"}
    lines = (split, {"what": "move", "unit": "XA1", "parent": "SM"}, {"what": "move", "unit": "XB1", "parent": "SM"})
    draft, head = prepared(world, *lines), leader(world)
    facts: dict[str, Any] = {"decision_no": "5", "decision_on": TODAY, "effective_on": TODAY}
    with pytest.raises(WorkflowError) as caught:
        engine.fire(draft, "decide", by=head, **facts)
    assert caught.value.said.count("chưa có nơi nhận") == 1
    assert "Phòng Bổ trợ tư pháp: 1" in caught.value.said
    choices = {"units": {str(world.unit("bttp").pk): "SK"}}
    draft = engine.fire(draft, "assign", by=world.cao, choices=choices)
    engine.fire(draft, "decide", by=head, **facts)
    assert sweep(at(TODAY, 23))[1] == []
    assert Document.objects.get(predecessor=one.document).unit == world.unit("sm2")
    assert Document.objects.get(predecessor=two.document).agency == other
    seat(person("khac"), Role.STEERING_HEAD, other)
    seen = DocumentVersion.objects.visible_to(User.objects.get(username="khac"))
    assert {found.document.code for found in seen} == {"QT-01", "QT-02"}  # both heirs read what the old agency left
    assert not seen.filter(agency=heir).exists()


def test_the_page_costs_the_same_for_many_documents(world: World, heir: Unit) -> None:
    found = decided(world, merge("STP", "SM"))
    client, url = log_in(leader(world)), f"/reorganisations/{found.pk}/"
    things = f"{url}things/documents/"
    held(world, "QT-01")
    for address in (url, things):
        client.get(address)
    counts = []
    for number in (2, 3):
        with statements() as page:
            client.get(url)
        with statements() as listed:
            assert client.get(things).context["total"] == number - 1
        counts.append((len(page), len(listed)))
        held(world, f"QT-0{number}")
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 39
