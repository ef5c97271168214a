"""Publication: its conditions, the frozen list, separate hands, and the six causes of publishing again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents import gates
from documents.models import (
    AnnouncedChange,
    AnnouncedProcedure,
    Cause,
    Event,
    Publication,
    RegulationRelation,
    ScopeRow,
)
from documents.services.republishing import publications_tick
from tests import factories
from tests.capa import records
from tests.documents import published
from tests.people import World
from tests.workflows.screens import log_in, statements, text
from tests.workflows.test_tree import decided
from workflows import engine, inbox
from workflows.errors import GuardFailed, SameHand
from workflows.models import Committee, Seat, Unit, day_of

pytestmark = pytest.mark.once

LATER = timezone.now() + timedelta(days=1)


def unmet(world: World) -> dict[str, str]:
    """Conditions that do not hold in the first department today."""
    return {one.gate.name: one.sentence for one in gates.verdicts(world.unit("stp"), day_of()) if not one.met}


def causes(found: Publication) -> list[tuple[str, str]]:
    return list(found.causes.order_by("pk").values_list("cause", "subject"))


def tick() -> Publication:
    """Let the clock look; return the publication that holds."""
    publications_tick(timezone.now())
    return Publication.objects.standing().get()


def test_every_condition_is_told_at_once(world: World) -> None:
    Committee.objects.update(valid_to=day_of())
    assert set(unmet(world)) >= {"committee", "framework", "coverage", "audit"}
    draft = factories.document(world)
    assert "Quy trình thủ tục hành chính" in unmet(world)["framework"]
    published.announce(world, draft.code)
    assert "Còn 1 thủ tục" in unmet(world)["coverage"]


def test_a_fit_agency_has_nothing_unmet(world: World) -> None:
    published.fit(world)
    assert unmet(world) == {}


def test_a_seat_that_ended_is_named(world: World) -> None:
    published.fit(world)
    Seat.objects.filter(user=world.hoa).update(valid_to=day_of())
    assert unmet(world) == {"committee": "Ban chỉ đạo ISO hôm nay chưa có: Thư ký ISO."}


def test_an_open_major_nonconformity_stops_confirming_and_signing(world: World) -> None:
    published.fit(world)
    major = records.answers(world, "issue") | {"severity": "major"}
    car = engine.fire(records.report(world), "issue", by=world.quang, **major)
    assert car.number in unmet(world)["major"]
    assert set(unmet(world)) == {"major"}
    found = published.prepared(world)
    with pytest.raises(GuardFailed) as refused:
        engine.fire(found, "confirm", by=world.quang)
    assert "không phù hợp nặng" in " ".join(refused.value.problems)


def test_an_audit_longer_ago_than_a_year_does_not_count(world: World) -> None:
    published.fit(world)
    place, day = world.unit("stp"), day_of()
    audit = next(one for one in gates.verdicts(place, day + timedelta(days=370)) if one.gate.name == "audit")
    assert not audit.met


def test_the_list_is_frozen_and_the_database_keeps_it(world: World) -> None:
    version = published.fit(world)
    found = published.prepared(world)
    rows = {(row.kind, row.code) for row in found.scope.all()}
    assert rows == {("document", version.document.code), ("procedure", version.document.code)}
    for change in (lambda: found.scope.update(title="Khác"), lambda: found.scope.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_list_that_is_no_longer_true_must_be_made_anew(world: World) -> None:
    found = published.publication(world, "preparing")
    factories.in_force(world)
    with pytest.raises(GuardFailed) as refused:
        engine.fire(found, "confirm", by=world.quang)
    assert "lập lại danh mục" in " ".join(refused.value.problems)
    found = engine.fire(found, "freeze", by=world.hoa, **published.answers("freeze"))
    assert (found.taken, ScopeRow.objects.filter(publication=found, taken=2, kind="document").count()) == (2, 2)
    assert ScopeRow.objects.filter(publication=found, taken=1).count() == 2
    assert engine.fire(found, "confirm", by=world.quang).state == "confirmed"


def test_who_prepared_neither_confirms_nor_signs(world: World) -> None:
    published.fit(world)
    for role in ("qmr", "steering_head"):
        Seat.objects.create(
            user=world.hoa, role=role, unit=world.unit("stp"), decision_no="13", valid_from=date(2026, 1, 5)
        )
    found = published.prepared(world)
    with pytest.raises(SameHand):
        engine.fire(found, "confirm", by=world.hoa)
    found = engine.fire(engine.fire(found, "confirm", by=world.quang), "submit", by=world.hoa)
    with pytest.raises(SameHand):
        engine.fire(found, "sign", by=world.hoa)


def test_one_publication_at_a_time(world: World) -> None:
    published.publication(world, "confirmed")
    with pytest.raises(GuardFailed):
        published.prepared(world)


@pytest.mark.parametrize("site", ["stp.songvang.gov.vn", "javascript:alert(1)", "ftp://stp.vn"])
def test_it_is_published_at_an_address_that_opens(world: World, site: str) -> None:
    found = published.publication(world, "signed")
    with pytest.raises(GuardFailed):
        engine.fire(found, "publish", by=world.van, **published.answers("publish") | {"website": site})


def test_the_next_one_takes_the_place_of_the_last(world: World) -> None:
    first = published.publication(world)
    assert first.decision_no == "01/QĐ-STP"
    second = published.publication(world)
    first = Publication.objects.get(pk=first.pk)
    assert (first.state, first.ended_on) == ("superseded", day_of())
    assert second.predecessor == first
    assert list(Publication.objects.standing()) == [second]


def test_nothing_changed_is_no_cause(world: World) -> None:
    assert tick_of(published.publication(world)) == ("published", [])


def tick_of(found: Publication) -> tuple[str, list[tuple[str, str]]]:
    del found
    now = tick()
    return now.state, causes(now)


def test_a_new_version_of_a_document_is_no_change_of_scope(world: World) -> None:
    found = published.publication(world)
    owner = ScopeRow.objects.filter(publication=found, kind="document").get().document
    factories.version(world, "effective", owner=owner)
    assert tick_of(found) == ("published", [])


def test_a_document_added_or_withdrawn_is_a_cause_and_somebody_s_work(world: World) -> None:
    found = published.publication(world)
    version = factories.in_force(world)
    assert tick_of(found) == ("republish_required", [("added", str(version.document))])
    assert inbox.counts(world.hoa)["publication"] == 1
    assert "publication" not in inbox.counts(world.van)
    old = ScopeRow.objects.filter(publication=found, kind="document").get()
    gone = old.document.versions.get() if old.document else version
    engine.fire(gone, "withdraw", by=world.tuan, **factories.answers("withdraw"))
    state, told = tick_of(found)
    assert state == "republish_required"
    assert told[1:] == [("removed", str(old))]
    assert tick_of(found) == (state, told), "told once"


def test_another_title_is_a_changed_scope(world: World) -> None:
    found = published.publication(world)
    document: Any = ScopeRow.objects.filter(publication=found, kind="document").get().document
    document.title = "Tên mới"
    document.save()
    assert [cause for cause, _said in tick_of(found)[1]] == [Cause.CHANGED]


def test_the_list_of_procedures_grows_or_shrinks(world: World) -> None:
    found = published.publication(world)
    published.announce(world, "9.999999")
    published.announce(world, "8.888888", change=AnnouncedChange.PROCESS)
    row = found.scope.get(kind="procedure")
    AnnouncedProcedure.objects.filter(code=row.code).update(ended_on=day_of())
    told = tick_of(found)[1]
    assert {(cause, said.split()[0]) for cause, said in told} == {("procedures", "thêm"), ("procedures", "bỏ")}
    assert not any("8.888888" in said for _cause, said in told)


def test_the_agency_has_another_name(world: World) -> None:
    found = published.publication(world)
    place = world.unit("stp")
    place.name = "Sở Tư pháp và Nội vụ"
    place.save()
    assert tick_of(found)[1] == [("agency", "Sở Tư pháp tỉnh Sông Vàng → Sở Tư pháp và Nội vụ")]


def test_the_agency_is_merged(world: World) -> None:
    found = published.publication(world)
    Event.objects.of_unit(world.unit("stp"), day_of(LATER), successor=world.unit("nx"))
    Event.objects.of_unit(world.unit("hctp"), day_of(), name="Phòng khác")
    assert tick_of(found)[1] == []
    publications_tick(LATER)
    assert [cause for cause, _said in causes(found)] == ["agency"]


def test_a_new_edition_of_the_standard(world: World) -> None:
    old = factories.regulation(published.EDITION, effective_on=date(2015, 10, 1))
    found = published.publication(world)
    assert found.standard == old
    new = factories.regulation("TCVN ISO 9001:2026", effective_on=date(2026, 10, 1))
    RegulationRelation.objects.create(source=new, target=old, kind="replaces")
    assert tick_of(found)[1] == [("edition", "TCVN ISO 9001:2015 → TCVN ISO 9001:2026")]


def test_the_clock_looks_once_a_day_and_at_what_changed(world: World) -> None:
    published.publication(world)
    tick()
    with statements() as asked:
        publications_tick(timezone.now())
    assert len(asked) == 1
    publications_tick(LATER)
    with statements() as asked:
        publications_tick(LATER)
    assert len(asked) == 1


def test_another_agency_s_documents_are_no_cause(world: World) -> None:
    found = published.publication(world)
    factories.in_force(world, "nx1")
    assert tick_of(found) == ("published", [])


def test_a_foreign_agency_has_its_own(world: World) -> None:
    published.publication(world)
    assert list(Publication.objects.visible_to(world.dung)) == []
    assert Unit.objects.get(code="NX").pk not in Publication.objects.values_list("agency", flat=True)


# --- Pages.


def test_the_page_says_every_condition_with_its_place(world: World) -> None:
    factories.in_force(world)
    shown = text(world.hoa, published.prepared(world).get_absolute_url())
    for said in (
        "Chưa có danh mục thủ tục hành chính",
        "chưa có đợt đánh giá nội bộ",
        "/coverage/?agency=STP",
        "/reviews/",
    ):
        assert said in shown
    assert shown.count("chưa đạt") == 3


def test_what_was_typed_stays_when_it_is_refused(world: World) -> None:
    published.publication(world, "confirmed")
    answer = log_in(world.hoa).post("/publications/new/", {"edition": "TCVN ISO 9001:2026"})
    assert answer.status_code == 422
    assert "đang có một hồ sơ công bố chưa xong" in answer.content.decode()
    assert "TCVN ISO 9001:2026" in answer.content.decode()


def test_the_list_costs_the_same_whatever_its_length(world: World) -> None:
    published.publication(world)
    client = log_in(world.hoa)
    client.get("/publications/")
    with statements() as few:
        client.get("/publications/")
    for _again in range(3):
        published.publication(world)
    with statements() as many:
        shown = client.get("/publications/").content.decode()
    assert len(many) == len(few)
    assert "04/QĐ-STP" in shown


def test_the_next_publication_says_what_it_adds(world: World) -> None:
    published.publication(world)
    version = factories.in_force(world)
    published.announce(world, version.document.code)
    tick()
    shown = " ".join(text(world.hoa, published.prepared(world).get_absolute_url()).split())
    assert "So với bản công bố trước" in shown
    assert f"Tài liệu {version.document}" in shown


def test_the_home_page_counts_causes_for_the_agency_alone(world: World) -> None:
    published.publication(world, "republish_required")
    told = "lý do phải công bố lại"
    assert told in text(world.son, "/")
    assert told not in text(world.dung, "/")
    assert told not in text(world.xuan, "/")


def test_a_declaration_made_before_is_taken_over_once(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    version = factories.in_force(world)
    given = {"agency": "STP", "edition": published.EDITION, "decision": "35/QĐ-STP", "website": published.SITE}
    told = [f"--{name}={value}" for name, value in {**given, "notified": "112/CV-STP"}.items()]
    call_command("adopt_publication", *told, "--date=20/01/2026", "--show-dead")
    found = Publication.objects.standing().get()
    assert (found.state, found.decision_on, found.show_alarms) == ("published", date(2026, 1, 20), True)
    assert found.scope.get().document == version.document
    assert "35/QĐ-STP" in capsys.readouterr().out
    for wrong in ("20/01/2026", "2026-01-20", "01/01/2099"):
        with pytest.raises(CommandError):
            call_command("adopt_publication", *told, f"--date={wrong}")
    with pytest.raises(CommandError, match="no such agency"):
        call_command("adopt_publication", *told[1:], "--agency=KHONG", "--date=20/01/2026")


def test_an_agency_without_procedures_needs_no_list_of_them(world: World) -> None:
    factories.in_force(world)
    assert "coverage" in unmet(world)
    decided(world, "stp", "no_procedures", "yes")
    assert "coverage" not in unmet(world)


def test_an_agency_that_ended_is_not_asked_to_publish_again(world: World) -> None:
    found, place = published.publication(world), world.unit("stp")
    place.name, place.valid_to, place.successor = "Sở Tư pháp cũ", day_of(), world.unit("nx")
    place.save()
    with statements() as asked:
        publications_tick(timezone.now())
    assert len(asked) == 1, "it is not even looked at"
    with pytest.raises(GuardFailed):
        engine.fire(Publication.objects.get(pk=found.pk), "require", by=None)
    place.valid_to = day_of(LATER)
    place.save()
    assert [cause for cause, _said in tick_of(found)[1]] == ["agency"], "until it ends"


def test_many_at_once_freeze_what_each_would_and_are_refused_together(world: World) -> None:
    """What is read ahead for all is each one's own list; whose declaration holds already stops the whole."""
    places = [world.unit(name) for name in ("stp", "tinh", "xa")]
    for at, place in enumerate(places[:2]):
        factories.in_force(world, "hctp" if at == 0 else "tinh")
        AnnouncedProcedure.objects.create(agency=place, code=f"TT.{at}", title="t", change="new", decision="9/QĐ")
    given: dict[str, Any] = {"edition": published.EDITION, "decision_no": "1/QĐ", "decision_on": timezone.localdate()}
    given |= {"website": published.SITE, "notified": "2/CV", "alarms": "hidden"}
    lists: list[list[list[tuple[Any, ...]]]] = []
    reads: list[int] = []
    for many in (False, True):
        with transaction.atomic(), CaptureQueriesContext(connection) as asked:
            fresh = [Publication(agency=place, unit=place) for place in places]
            if many:
                engine.start_many(fresh, "adopt", by=None, **given)
            else:
                fresh = [engine.start(one, "adopt", by=None, **given) for one in fresh]
            columns = ("kind", "group", "code", "code_key", "title", "note", "document", "taken")
            lists.append([list(ScopeRow.objects.filter(publication=one).values_list(*columns)) for one in fresh])
            lists[-1].append([(one.scope_sha256, one.predecessor_id, one.state) for one in fresh])
            reads.append(sum('FROM "documents_announcedprocedure"' in query["sql"] for query in asked))
            transaction.set_rollback(True)
    assert lists[0] == lists[1]
    assert reads == [3, 1]
    assert [len(one) for one in lists[0][:3]] == [2, 2, 0]
    engine.start(Publication(agency=places[1], unit=places[1]), "adopt", by=None, **given)
    with pytest.raises(GuardFailed):
        engine.start_many([Publication(agency=one, unit=one) for one in places], "adopt", by=None, **given)
    assert list(Publication.objects.values_list("agency", flat=True)) == [places[1].pk]
