"""A framework is complete when every item required by the models that the agency applies has a text in force."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from capa.models import Touched
from capa.services import upkeep
from capa.services.agencyfacts import compute
from capa.services.auto import COUNTS
from capa.services.known import Place, Places
from capa.services.listing import lines
from documents.models import Adoption, DocumentVersion
from documents.services.frameworks import Choice, next_version, take
from tests.documents import modelled, published
from tests.people import World
from workflows import engine
from workflows.models import Unit

TODAY = timezone.localdate()
pytestmark = pytest.mark.django_db


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def complete(code: str, day: date = TODAY) -> bool:
    """Whether the agency's framework is; of today as it is kept, which must be what is computed."""
    rows = {one.agency: one.complete for one in compute(day)}
    assert day != TODAY or rows == {one.agency: one.complete for one in upkeep.facts(TODAY, TODAY)}
    return rows[Unit.objects.get(code=code).pk]


def test_a_framework_is_complete_with_every_required_item_of_the_models_that_are_applied(world: World) -> None:
    published.fit(world)
    version, stp, tomorrow = modelled.for_departments(world), world.unit("stp"), TODAY + timedelta(days=1)
    upkeep.recompute(TODAY)

    assert complete("STP"), "offered, and not applied"
    adoption = engine.start(Adoption(agency=stp, unit=stp, model=version.model), "adopt", by=world.hoa)
    assert (complete("STP"), complete("STP", TODAY - timedelta(days=1))) == (False, True)
    live = DocumentVersion.objects.in_force(TODAY).get(agency=stp)
    draft = take(adoption, [Choice(version.items.get(), live.unit)], by=world.lan)[0]
    assert not complete("STP"), "taken up, and nothing in force"
    count, place = COUNTS["items_lacking"], Place(stp, TODAY, TODAY.year)
    [line] = lines(count.rows(place), world.hoa)
    assert (line.text, line.url) == ("Quy trình hs · Mô hình khung cấp sở", adoption.get_absolute_url())
    both = Places([stp.pk, world.unit("xa").pk], TODAY, TODAY.year)
    assert (count.number(place), count.numbers(both)) == (1, {stp.pk: 1})
    engine.fire(draft, "drop", by=world.lan, note="Dùng tài liệu đang có")
    upkeep.facts_tick(timezone.now())
    own = take(adoption, [Choice(version.items.get(), document=live.document)], by=world.lan)[0]
    assert complete("STP")
    modelled.moved_above(world, version, "dg")
    assert (complete("STP"), complete("STP", tomorrow)) == (True, False), (
        "the next version requires another, from its day on"
    )
    engine.fire(own, "drop", by=world.lan, note="Không theo nữa", now=noon(tomorrow))
    assert complete("STP"), "it was followed until then"
    engine.fire(adoption, "leave", by=world.tuan, note="Có mô hình khác", now=noon(tomorrow))
    assert (complete("STP"), complete("STP", tomorrow)) == (True, True)


def test_a_model_that_moves_today_shows_at_once(world: World) -> None:
    modelled.populated(world)
    version = modelled.model(world, modelled.item("hs"), now=noon(TODAY - timedelta(days=40)))
    modelled.linked(world, version)
    upkeep.recompute(TODAY)
    assert complete("XA1")
    items = [modelled.item("hs"), modelled.item("moi", required=False), modelled.item("dg")]
    fresh = engine.fire(next_version(version.model, by=world.hoa), "edit", by=world.hoa, items=items)
    assert not Touched.objects.exists(), "a draft of a model asks nothing of anybody"
    modelled.published(world, fresh)
    assert {row.agency_id for row in Touched.objects.all()} == {version.model.below_id}
    assert not complete("XA1")
