"""What the database itself never holds twice, whoever writes: numbers, drafts, starts, items, acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from documents.models import Campaign, Document, DocumentVersion, ImpactItem, Register, Regulation, RegulationRelation
from tests import factories
from tests.people import World
from workflows import engine

ONCE: dict[type[models.Model], dict[str, list[str]]] = {
    Document: {"document_code": ["agency_id", "code_key"]},
    DocumentVersion: {
        "version_number": ["document_id", "issue_no", "revision_no"],
        "version_one_open": ["document_id"],
        "version_one_effective": ["document_id"],
        "version_start_once": ["document_id", "effective_from"],
    },
    Register: {"register_once": ["agency_id", "name", "year"]},
    Regulation: {"regulation_key": ["number_key", "issuer_key"]},
    RegulationRelation: {"relation_of_parts_once": ["source_id", "kind", "target_id", "provisions"]},
    Campaign: {"campaign_once": ["agency_id", "event_id"]},
    ImpactItem: {"impact_once": ["event_id", "document_id"]},
}


@pytest.mark.parametrize("model", ONCE, ids=lambda model: model.__name__)
def test_every_rule_of_once_stands_in_the_database(db: None, model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
    standing = {name: found[name]["columns"] for name in ONCE[model] if name in found and found[name]["unique"]}
    assert standing == ONCE[model]


def blank(owner: Document, revision: int) -> DocumentVersion:
    return DocumentVersion(
        document=owner, agency=owner.agency, unit=owner.unit, content={}, issue_no=1, revision_no=revision
    )


def refused(write: Callable[[], Any]) -> bool:
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        return True
    return False


def test_two_versions_of_a_document_never_share_a_number(world: World) -> None:
    owner = factories.in_force(world).document

    def draft(place: Document, revision: int) -> DocumentVersion:
        return engine.start(blank(place, revision), "create", by=world.lan, content=factories.content())

    assert refused(lambda: draft(owner, 0))
    first = draft(owner, 1)
    assert refused(lambda: draft(owner, 2)), "one under way at a time"
    engine.fire(first, "abandon", by=world.lan, note="Huỷ")
    assert draft(owner, 1).number == first.number, "a cancelled draft holds no number"
    assert draft(factories.document(world), 0).number == "01/00"


def test_two_issued_versions_never_begin_on_one_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard says it first; without the guard the database does."""
    monkeypatch.setattr(DocumentVersion, "unfit_dates", lambda self, act: [])
    day = timezone.localdate() + timedelta(days=3)
    first = factories.version(world, "approved")
    given: dict[str, Any] = {"decision_on": day, "effective_from": day}
    engine.fire(first, "issue", by=world.van, **given)
    second = factories.version(world, "approved", owner=first.document)
    assert refused(lambda: engine.fire(second, "issue", by=world.van, **given))
    later: dict[str, Any] = {**given, "effective_from": day + timedelta(days=1)}
    assert engine.fire(second, "issue", by=world.van, **later).state == "issued"


def test_a_version_never_ends_before_it_begins(world: World) -> None:
    since = date(2026, 1, 5)
    for ends, bad in ((since - timedelta(days=1), True), (since, False)):
        version = factories.in_force(world, since=since)
        assert refused(lambda: engine.fire(version, "supersede", by=None, effective_to=ends)) is bad  # noqa: B023


def test_an_act_a_campaign_an_item_and_a_relation_stand_once(world: World) -> None:
    item = factories.impact(world)
    act, law = factories.act_of(item), factories.regulation()
    RegulationRelation.objects.create(source=act, kind="amends", target=law)
    assert refused(lambda: RegulationRelation.objects.create(source=act, kind="amends", target=law))
    RegulationRelation.objects.create(source=act, kind="guides", target=law)

    def again() -> ImpactItem:
        twin = ImpactItem(
            campaign=item.campaign,
            regulation=act,
            document=item.document,
            version=item.version,
            agency=item.agency,
            unit=item.unit,
        )
        return engine.start(twin, "detect", by=world.phuc)

    assert refused(again)
    place = world.unit("stp")
    fresh = Campaign(agency=place, unit=place, regulation=act)
    assert refused(lambda: engine.start(fresh, "launch", by=world.phuc))
