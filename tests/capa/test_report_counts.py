"""Numbers and gates of a yearly report at their bounds: of the year, until the day, and what still holds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from capa.models import YearReport
from capa.services.known import Place
from capa.services.telling import BY_KEY, unmet
from documents.models import AnnouncedChange
from tests import factories
from tests.capa import yearly
from tests.documents import published
from tests.people import World
from workflows import engine
from workflows.models import day_of

pytestmark = pytest.mark.once


def told(world: World, key: str, day: date | None = None, *, unit: str = "", year: int = 0) -> int:
    day = day or day_of()
    place = Place(world.unit("stp"), day, year or day.year, world.unit(unit) if unit else None)
    return BY_KEY[key].number(place)


def gates(world: World) -> set[str]:
    day = day_of()
    return set(unmet(YearReport(agency=world.unit("stp"), unit=world.unit("stp"), year=day.year), day))


def test_a_declaration_counts_as_long_as_it_stands(world: World) -> None:
    found = published.publication(world, "signed")
    assert "publication" in gates(world)
    found = engine.fire(found, "publish", by=world.van, **published.answers("publish"))
    assert "publication" not in gates(world)
    factories.in_force(world)
    found = engine.fire(found, "require", by=None)
    assert "publication" not in gates(world), "it must be made anew, and stands until then"
    engine.fire(found, "revoke", by=world.tuan, **published.answers("revoke"))
    assert "publication" in gates(world)


def test_a_review_counts_once_its_conclusions_are_out(world: World) -> None:
    found = yearly.review(world, "minutes_draft")
    assert {"review", "objectives"} <= gates(world)
    yearly.decide(world, found)
    engine.fire(found, "issue", by=world.tuan, **yearly.answers(world, "issue"))
    assert "review" not in gates(world)
    yearly.objectives(world, "submitted")
    assert "objectives" in gates(world)


def test_what_announcements_said_in_the_year_until_the_day(world: World) -> None:
    for code, day in (("1", date(2025, 12, 31)), ("2", date(2026, 1, 1)), ("3", date(2026, 6, 30))):
        published.announce(world, code, effective_on=day, decision=f"{code}/QĐ", change=AnnouncedChange.NEW)
    published.announce(world, "4", effective_on=None, decision="4/QĐ")
    assert [told(world, "changed", date(2026, month, 1)) for month in (1, 6, 7)] == [1, 1, 2]
    assert told(world, "changed", date(2026, 6, 29)) == 1
    assert told(world, "changed", date(2026, 6, 30)) == 2
    assert told(world, "changed", date(2025, 12, 31)) == 1


def test_new_documents_and_revisions_are_told_apart_and_withdrawn_ones_by_year(world: World) -> None:
    tomorrow = day_of() + timedelta(days=1)
    first, other = factories.version(world, "effective"), factories.version(world, "effective")
    draft = factories.version(world, "approved", owner=first.document, purpose="Mục đích khác.")
    assert (told(world, "issued_new"), told(world, "revised"), told(world, "withdrawn")) == (2, 0, 0)
    engine.fire(draft, "issue", by=world.van, decision_on=day_of(), effective_from=tomorrow)
    assert (told(world, "issued_new"), told(world, "revised")) == (2, 1)
    assert (told(world, "issued_new", unit="hctp"), told(world, "issued_new", unit="bttp")) == (2, 0)
    end = engine.fire(other, "withdraw", by=world.tuan, **factories.answers("withdraw")).effective_to
    assert end is not None
    later = date(end.year + 1, 1, 1)
    assert [told(world, "withdrawn", day) for day in (end - timedelta(days=1), end, later)] == [0, 1, 0]
    assert told(world, "issued_new", later) == told(world, "revised", later) == 0
