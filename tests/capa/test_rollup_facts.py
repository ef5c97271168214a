"""Facts of agencies: equal to a replay by hand on random small countries, on any day; kept ones equal to computed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from capa.models import AgencyFacts, Certificate, Touched
from capa.rollup import Facts
from capa.services import upkeep
from capa.services.agencyfacts import Among, compute
from capa.services.auto import COUNTS
from capa.services.known import Place as PlaceOf
from capa.services.rollup import NotYet, figures
from capa.services.upkeep import facts, facts_tick, recompute
from documents.models import AnnouncedProcedure, Document, DocumentVersion, Publication
from documents.services.announcing import announce
from tests import factories
from tests.documents import published
from tests.people import World, person, seat
from workflows import engine
from workflows.deciding import decide
from workflows.models import ObligationRule, Unit

TODAY = timezone.localdate()
NOW = timezone.now()
BEGIN = TODAY - timedelta(days=40)
DAYS = [BEGIN, BEGIN + timedelta(days=9), TODAY - timedelta(days=12), TODAY - timedelta(days=1), TODAY]
pytestmark = pytest.mark.django_db


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


class Country:
    """A small country made at random, and what was done to it, as plain rows to replay."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.agencies: list[Unit] = []
        for n in range(2):
            root = self._unit(f"M{n}", ("ministry", "province")[n], None)
            for place in range(3):
                kind = self.dice.choice(("department", "commune", "sub_department"))
                below = self._unit(f"A{n}{place}", kind, root)
                if place == 0:
                    self._unit(f"B{n}", "commune", below)
        self.announced: list[tuple[int, str, date, date | None]] = []
        self.documents: list[tuple[int, str, str, date, date | None]] = []
        self.declared: list[tuple[int, date, set[str]]] = []
        self.exempt: dict[int, date] = {}
        self.certificates: list[tuple[int, date, date]] = []
        factories.regulation()
        self.clerk = person(f"clerk{seed}")
        for root in self.agencies:
            if root.parent is None:
                seat(self.clerk, "province_coordinator", root)
        self.lifted = self._decide(self.agencies[0], "obligation", "mandatory", below="commune")
        for agency in self.agencies:
            self._fill(agency)

    def _day(self) -> date:
        return BEGIN + timedelta(days=self.dice.randrange(40))

    def _unit(self, code: str, kind: str, parent: Unit | None) -> Unit:
        made = Unit.objects.create(code=code, name=code, kind=kind, parent=parent)
        self.agencies.append(made)
        return made

    def _fill(self, agency: Unit) -> None:
        for code in self.dice.sample("12345", self.dice.randrange(4)):
            since = self._day()
            row = AnnouncedProcedure(agency=agency, code=code, title=code, change="new", effective_on=since)
            announce(row)
            gone = self._day() if self.dice.random() < 0.2 else None
            if gone and gone > since:
                announce(
                    AnnouncedProcedure(agency=agency, code=code, change="abolished", decision="9", effective_on=gone)
                )
            self.announced.append((agency.pk, code, since, gone if gone and gone > since else None))
        for code in self.dice.sample("12345", self.dice.randrange(5)):
            self._document(agency, code, self.dice.choice(("TTHC_PROC", "TTHC_PROC", "POLICY")))
        if self.dice.random() < 0.6:
            self._publish(agency)
        if agency.parent is not None and self.dice.random() < 0.2:
            self.exempt[agency.pk] = self._decide(agency, "no_procedures", "yes")
        if self.dice.random() < 0.5:
            since = self._day()
            ends = since + timedelta(days=self.dice.randrange(1, 25))
            self.certificates.append((agency.pk, since, ends))
            Certificate.objects.create(agency=agency, number=f"{agency.pk}", body="QC", issued_on=since, valid_to=ends)

    def _document(self, agency: Unit, code: str, kind: str) -> None:
        since = self._day()
        owner = Document.objects.create(agency=agency, unit=agency, kind=kind, code=code, title=code)
        fresh = DocumentVersion(document=owner, agency=agency, unit=agency, content={})
        held = engine.start(fresh, "adopt", by=None, now=noon(since), content=factories.content(), effective_from=since)
        ends = self._day() if self.dice.random() < 0.3 else None
        if ends and ends > since:
            engine.fire(held, "supersede", by=None, now=noon(ends), effective_to=ends)
        self.documents.append((agency.pk, code, kind, since, ends if ends and ends > since else None))

    def _publish(self, agency: Unit) -> None:
        on = self._day()
        given = {"edition": "TCVN ISO 9001:2015", "decision_no": "1/QĐ", "decision_on": on, "notified": "x"}
        site = {"website": "https://a.gov.vn/iso", "alarms": "hidden"}
        engine.start(Publication(agency=agency, unit=agency), "adopt", by=None, now=noon(on), **given, **site)
        rows = (
            code
            for pk, code, since, gone in self.announced
            if pk == agency.pk and since <= on and (not gone or gone > on)
        )
        self.declared.append((agency.pk, on, set(rows)))

    def _decide(self, about: Unit, aspect: str, value: str, **more: Any) -> date:
        since = self._day()
        given: dict[str, Any] = {"valid_from": since, "decision_no": "2/QĐ", "decision_on": BEGIN}
        decide(about=about, by=self.clerk, aspect=aspect, value=value, now=noon(BEGIN), **given, **more)
        return since


def replay(country: Country, day: date) -> dict[int, Facts]:
    """Every fact by loops over the rows as they were made, without a query on records."""
    return {one.pk: _replayed(country, one, day) for one in country.agencies}


def _replayed(country: Country, agency: Unit, day: date) -> Facts:
    def live(since: date, gone: date | None) -> bool:
        return since <= day and (gone is None or day < gone)

    pk = agency.pk
    rows = [one for one in country.announced if one[0] == pk and one[2] <= day]
    codes = {code for _pk, code, since, gone in rows if live(since, gone)}
    kept = [one for one in country.documents if one[0] == pk and one[3] <= day]
    held = [one for one in kept if live(one[3], one[4])]
    covered = {code for _pk, code, kind, _since, _gone in held if kind == "TTHC_PROC"} & codes
    told = [names for other, on, names in country.declared if other == pk and on <= day]
    kinds, alive = {one[2] for one in kept}, {one[2] for one in held}
    first = country.agencies[0]
    root = first if agency.path.startswith(first.path) else country.agencies[5]
    eased = agency.kind == "commune" and not (root == first and country.lifted <= day)
    counts = not (pk in country.exempt and country.exempt[pk] <= day)
    papers = [(since, ends) for other, since, ends in country.certificates if other == pk]
    return Facts(
        pk, agency.path, agency.kind, root.pk, root.kind, "encouraged" if eased else "mandatory", counts,
        bool(rows) or not counts, len(codes), len(covered), len(told[0] & codes) if told else 0, bool(told), bool(kept),
        bool(held), bool(kept) and kinds == alive, 0, 0, any(since <= day < ends for since, ends in papers),
        sum(since <= day and since.year == day.year for since, _ends in papers),
    )  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_facts_of_any_day_are_those_of_a_replay_by_hand(seed: int) -> None:
    country = Country(seed)
    for day in DAYS:
        expected = replay(country, day)
        assert {one.agency: one for one in compute(day)} == expected, day
        some = [one.pk for one in country.agencies[2:5]]
        assert {one.agency: one for one in compute(day, Among(ids=some))} == {pk: expected[pk] for pk in some}
        root = country.agencies[5]
        assert {one.agency for one in facts(day, TODAY, root.path)} == {one.pk for one in country.agencies[5:]}
        assert {one.agency: one for one in facts(day, TODAY)} == expected, "whether kept or not"
    facts_tick(NOW)
    assert not Touched.objects.exists()
    assert facts(TODAY, TODAY) == compute(TODAY)


def test_kept_facts_cost_three_queries_and_none_of_them_grows(world: World, django_assert_num_queries: Any) -> None:
    recompute(TODAY)
    with django_assert_num_queries(3):
        first = facts(TODAY, TODAY)
    assert {one.agency for one in first} == {unit.pk for unit in Unit.objects.agencies()}
    with CaptureQueriesContext(connection) as asked:
        compute(TODAY - timedelta(days=1))
    before = len(asked)
    for n in range(5):
        Unit.objects.create(code=f"T{n}", name=f"T{n}", kind="commune", parent=world.unit("tinh"))
    with CaptureQueriesContext(connection) as asked:
        assert len(compute(TODAY - timedelta(days=1))) == len(first) + 5
    assert len(asked) == before


def changed(agency: Unit, **facts_of: Any) -> dict[str, Any]:
    """What an agency's facts say today without the clock having run, of these names."""
    mine = next(one for one in facts(TODAY, TODAY) if one.agency == agency.pk)
    assert facts(TODAY, TODAY) == compute(TODAY)
    return {name: getattr(mine, name) for name in facts_of}


def test_every_deed_shows_at_once_and_touches_its_agency_alone(world: World) -> None:
    stp, recomputed = world.unit("stp"), recompute(TODAY)
    assert recomputed == Unit.objects.agencies().count()
    factories.regulation()

    def touched() -> set[str]:
        found = {row.agency.code for row in Touched.objects.select_related("agency") if row.agency}
        facts_tick(NOW)
        return found

    announce(AnnouncedProcedure(agency=stp, code="1", title="1", change="new", effective_on=TODAY))
    assert changed(stp, announced=1, covered=0) == {"announced": 1, "covered": 0}
    assert touched() == {"STP"}
    draft = factories.version(world, owner=factories.document(world, code="1"))
    assert changed(stp, planned=1, building=1) == {"planned": 1, "building": True}
    assert touched() == {"STP"}
    draft = engine.fire(draft, "submit", by=world.lan)
    assert touched() == set(), "a step between begin and issue alters no figure"
    for action, who in (("agree", "minh"), ("pass", "hoa"), ("agree", "quang"), ("approve", "tuan"), ("issue", "van")):
        draft = engine.fire(draft, action, by=world.people[who], **factories.answers(action))
    assert changed(stp, planned=0, reissued=1, covered=1) == {"planned": 0, "reissued": 1, "covered": 1}
    assert touched() == {"STP"}
    decide(about=world.unit("xa"), by=world.cao, aspect="no_procedures", value="yes", valid_from=TODAY,
           decision_no="3/QĐ", decision_on=TODAY)  # fmt: skip
    assert changed(world.unit("xa"), counts=False) == {"counts": False}
    assert touched() == {"XA1"}
    ObligationRule.objects.get(kind="commune", valid_to=None).save()
    assert [row.agency for row in Touched.objects.all()] == [None]
    facts_tick(NOW)
    Certificate.objects.create(agency=stp, number="1", body="QC", issued_on=TODAY, valid_to=TODAY + timedelta(days=1))
    assert changed(stp, certified=True, certificates=1) == {"certified": True, "certificates": 1}
    assert touched() == {"STP"}


def test_documents_entered_today_count_from_the_day_on_which_they_took_effect(world: World) -> None:
    stp, xa = world.unit("stp"), world.unit("xa")
    held = factories.in_force(world, since=BEGIN)
    factories.in_force(world, "xa", None)
    factories.version(world, owner=factories.document(world, kind="POLICY"))

    def told(agency: Unit, day: date) -> tuple[bool, bool, bool]:
        mine = next(one for one in facts(day, TODAY) if one.agency == agency.pk)
        return mine.building, mine.applied, mine.complete

    before, yesterday = BEGIN - timedelta(days=1), TODAY - timedelta(days=1)
    assert [told(stp, day) for day in (before, BEGIN, yesterday)] == [(False, False, False), *[(True, True, True)] * 2]
    assert told(stp, TODAY) == (True, True, False), "a group of which there is a draft alone is of today"
    assert told(xa, before) == (True, True, True), "an unknown start precedes all"
    place = PlaceOf(stp, yesterday, yesterday.year)
    assert not COUNTS["idle"].rows(place).exists()
    engine.fire(held, "supersede", by=None, effective_to=yesterday)
    assert told(stp, yesterday) == (True, False, False)
    assert list(COUNTS["idle"].rows(place)) == [held.document]


@pytest.mark.parametrize("change", ["process", "abolished"])
def test_an_approved_internal_process_is_no_announced_list(world: World, change: str) -> None:
    factories.in_force(world)
    stp = world.unit("stp")
    announce(AnnouncedProcedure(agency=stp, code="1", title="1", change=change, effective_on=BEGIN))

    def told() -> tuple[bool, bool, int | None]:
        mine = next(one for one in facts(TODAY, TODAY) if one.agency == stp.pk)
        number = next(one for one in figures(stp, TODAY) if one.indicator.number == 14)
        return mine.listed, mine.full, number.denominator

    assert told() == (False, False, 0)
    announce(AnnouncedProcedure(agency=stp, code="2", title="2", change="new", effective_on=TODAY, decision="2"))
    assert told() == (True, False, 1)


def test_a_figure_changes_at_midnight_whether_or_not_the_clock_has_run(world: World) -> None:
    stp, tomorrow = world.unit("stp"), TODAY + timedelta(days=1)
    announce(AnnouncedProcedure(agency=stp, code="1", title="1", change="new", effective_on=tomorrow))
    ended = Unit.objects.create(code="E", name="E", kind="commune", parent=stp, valid_to=tomorrow)
    begun = Unit.objects.create(code="F", name="F", kind="commune", parent=stp, valid_from=tomorrow)
    recompute(TODAY)
    assert {row.agency_id for row in AgencyFacts.objects.filter(stands=False)} == {begun.pk}

    def told(day: date) -> tuple[int, bool, bool]:
        rows = {one.agency: one for one in facts(day, day)}
        return rows[stp.pk].announced, ended.pk in rows, begun.pk in rows

    assert (told(TODAY), told(tomorrow)) == ((0, True, False), (1, False, True))
    facts_tick(noon(tomorrow))
    assert told(tomorrow) == (1, False, True)
    assert set(AgencyFacts.objects.values_list("day", flat=True)) == {tomorrow}


def test_the_clock_may_be_broken_off(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "AT_ONCE", 1)
    ticks: Iterator[float] = iter([0.0, 1.0, 100.0])
    monkeypatch.setattr(upkeep, "monotonic", lambda: next(ticks))
    announce(AnnouncedProcedure(agency=world.unit("stp"), code="1", title="1", change="new", effective_on=TODAY))
    assert facts_tick(NOW)[0]["facts"] == 1
    assert Touched.objects.exists()
    assert facts(TODAY, TODAY) == compute(TODAY)


def test_figures_of_the_country_of_a_part_and_of_a_day_to_come(world: World) -> None:
    country = {one.indicator.number: one for one in figures(None, TODAY)}
    assert (country[11].denominator, country[13].denominator) == (34, 3321)
    old = {one.indicator.number: one for one in figures(None, date(2021, 4, 1))}
    assert [old[n].denominator for n in (9, 10, 11, 12, 13)] == [22, 98, 63, 63, 8910]
    part = {one.indicator.number: one for one in figures(world.unit("tinh"), TODAY)}
    assert (part[11].denominator, part[13].denominator, part[12].numerator) == (1, 1, 0)
    with pytest.raises(NotYet):
        figures(None, TODAY + timedelta(days=1))


def test_a_procedure_named_in_an_earlier_list_alone_is_not_declared(world: World) -> None:
    stp, version = world.unit("stp"), published.fit(world)
    yesterday = TODAY - timedelta(days=1)
    row = {"title": "2", "change": "new", "agency": stp, "code": "2"}
    announce(AnnouncedProcedure(**row, decision="1/QĐ", effective_on=BEGIN))
    found = published.prepared(world)
    announce(AnnouncedProcedure(agency=stp, code="2", change="abolished", decision="2/QĐ", effective_on=yesterday))
    found = engine.fire(found, "freeze", by=world.hoa, **published.answers("freeze"))
    for _state, action, name in published.PATH:
        found = engine.fire(found, action, by=world.people[name], **published.answers(action))
    announce(AnnouncedProcedure(**row, decision="3/QĐ", effective_on=TODAY))
    mine = next(one for one in facts(TODAY, TODAY) if one.agency == stp.pk)
    assert (mine.published, mine.announced, mine.declared, mine.conforms) == (True, 2, 1, False)
    assert version.document.code != "2"


def test_a_draft_that_was_given_up_later_was_under_way_until_then(world: World) -> None:
    draft, tomorrow = factories.version(world), TODAY + timedelta(days=1)
    engine.fire(draft, "abandon", by=world.lan, now=noon(tomorrow), note="Không cần nữa")

    def told(day: date) -> int:
        return next(one.planned for one in compute(day) if one.agency == world.unit("stp").pk)

    assert [told(TODAY - timedelta(days=1)), told(TODAY), told(tomorrow)] == [0, 1, 0]
    facts_tick(NOW)
    gone = factories.version(world)
    facts_tick(NOW)
    engine.fire(gone, "abandon", by=world.lan, note="Không cần nữa")
    assert facts(TODAY, TODAY) == compute(TODAY), "what is kept hears of it at once"
