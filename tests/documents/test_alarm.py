"""The alarm: each cause from its day and not before, what settles it and what does not, and figures that agree."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents.models import AnnouncedProcedure, DocumentVersion, Event, ImpactItem, Regulation, RegulationRelation
from documents.services.alarm import (
    CAUSES,
    CHANGES,
    LAW,
    OUTDATED,
    REVIEW,
    alarms,
    alarms_of,
    condition,
    dead_citations,
    doubts,
    months_later,
    review_floor,
)
from documents.services.alarm_figures import Figures, figures
from documents.services.alarm_words import sentences
from documents.services.asof import Moment, versions_in_force
from documents.services.campaigns import campaign_for, campaign_open
from documents.services.clock import documents_tick
from tests import factories
from tests.documents.lives import at as instant
from tests.people import World
from workflows import engine

TODAY = timezone.localdate()
NOW = Moment.now(TODAY)
YOUNG = TODAY - timedelta(days=30)
DAY = TODAY - timedelta(days=10)
EVE, MORROW = DAY - timedelta(days=1), DAY + timedelta(days=1)


def on(day: date, known: date | None = None) -> Moment:
    return Moment(day, known, TODAY)


def basis(*numbers: str) -> list[dict[str, str]]:
    return [{"key": f"b{place}", "number": number, "issuer": "", "note": ""} for place, number in enumerate(numbers, 1)]


def citing(world: World, *numbers: str, unit: str = "hctp", since: date | None = YOUNG) -> DocumentVersion:
    for number in numbers:
        factories.regulation(number)
    return factories.in_force(world, unit, since, legal_basis=basis(*numbers))


def act_on(target: str, kind: str = "replaces", since: date | None = DAY, by: str = "7/2026/NĐ-CP") -> Regulation:
    source = factories.regulation(by, effective_on=since)
    RegulationRelation.objects.create(
        source=source, kind=kind, target=factories.regulation(target), recorded_at=instant(YOUNG)
    )
    return source


def announce(version: DocumentVersion, number: str, since: date = YOUNG, change: str = "amended") -> Regulation:
    """Let a decision announce a version's procedure anew."""
    act = factories.regulation(number, effective_on=since)
    code = version.document.code
    AnnouncedProcedure.objects.create(
        agency=version.agency, code=code, decision=number, regulation=act, change=change, effective_on=since
    )
    return act


def item_of(world: World, source: Regulation, version: DocumentVersion, day: date = MORROW) -> ImpactItem:
    campaign = campaign_open(regulation=source, agency=world.unit("stp"), by=world.phuc, now=instant(day))
    return campaign.items.get(document=version.document)


def cleared(world: World, item: ImpactItem, day: date = MORROW) -> ImpactItem:
    screened = engine.fire(item, "screen", by=world.phuc, now=instant(day), note="Không đổi nội dung")
    return engine.fire(screened, "no_impact", by=world.quang, now=instant(day))


def causes(moment: Moment = NOW) -> dict[Any, list[str]]:
    """Causes by version of all that is in force; lists and figures must say the same."""
    standing = versions_in_force(moment)
    found = {pk: alarm.causes for pk, alarm in alarms(standing, moment).items()}
    for cause in CAUSES:
        listed = set(standing.filter(condition(cause, moment, standing)).values_list("pk", flat=True))
        assert listed == {pk for pk, own in found.items() if cause in own}, cause
    assert set(standing.filter(condition(OUTDATED, moment, standing)).values_list("pk", flat=True)) == set(found)
    counted = sum(figures(standing, moment).values(), Figures())
    assert (counted.total, counted.outdated, counted.law, counted.changes or 0, counted.review) == (
        standing.count(),
        len(found),
        *(sum(cause in own for own in found.values()) for cause in CAUSES),
    )
    return found


def test_from_the_day_on_which_the_cited_act_dies(world: World) -> None:
    stale, sound = citing(world, "3/2020/NĐ-CP", "1/2020/NĐ-CP"), citing(world, "3/2020/NĐ-CP")
    heir = act_on("1/2020/NĐ-CP")
    assert causes(on(EVE)) == {}
    assert causes(on(DAY)) == causes() == {stale.pk: [LAW]}
    (row,) = alarms([stale, sound], on(DAY))[stale.pk].dead
    assert (row.citation.number, row.act.number, row.since, row.heirs, row.stopped) == (
        "1/2020/NĐ-CP",
        "1/2020/NĐ-CP",
        DAY,
        [heir],
        False,
    )
    said = [one.text for one in sentences(alarms([stale], NOW)[stale.pk])]
    assert said == [f"viện dẫn văn bản hết hiệu lực: 1/2020/NĐ-CP (từ {DAY:%d/%m/%Y}, được thay bằng 7/2026/NĐ-CP)"]
    assert alarms_of([sound.document_id], NOW) == {}
    assert list(alarms_of([stale.document_id, sound.document_id], NOW)) == [stale.document_id]
    assert alarms_of([stale.document_id], on(EVE)) == {}


def test_the_first_known_day_counts_and_unknown_days_stay_unknown(world: World) -> None:
    expired = factories.regulation("1/2019/NĐ-CP", expired_on=MORROW)
    factories.regulation("2/2019/NĐ-CP", expired_on=EVE)
    factories.regulation("3/2019/NĐ-CP", source_status="expired", effective_on=None)
    version = citing(world, "1/2019/NĐ-CP", "2/2019/NĐ-CP", "3/2019/NĐ-CP", "4/2019/NĐ-CP", "5/2019/NĐ-CP")
    act_on("1/2019/NĐ-CP", "repeals", DAY, by="8/2026/NĐ-CP")
    act_on("4/2019/NĐ-CP", "suspends", DAY, by="9/2026/NĐ-CP")
    act_on("5/2019/NĐ-CP", "amends", DAY, by="10/2026/NĐ-CP")
    found = [(row.act.number, row.since, row.heirs, row.stopped) for row in alarms([version], NOW)[version.pk].dead]
    assert found == [
        ("1/2019/NĐ-CP", DAY, [], False),
        ("2/2019/NĐ-CP", EVE, [], False),
        ("3/2019/NĐ-CP", None, [], False),
        ("4/2019/NĐ-CP", DAY, [], True),
    ]
    assert expired.expired_on == MORROW
    (said,) = sentences(alarms([version], NOW)[version.pk])
    assert "3/2019/NĐ-CP (chưa rõ từ ngày nào); 4/2019/NĐ-CP (ngưng hiệu lực, từ " in said.text
    known = alarms([version], on(TODAY, TODAY - timedelta(days=1)))
    assert known == {}, "nothing of this was recorded yesterday"


def test_a_verdict_settles_the_act_on_the_version_that_it_was_given_for(world: World) -> None:
    version, other = citing(world, "1/2020/NĐ-CP"), citing(world, "1/2020/NĐ-CP", unit="bttp")
    item = item_of(world, act_on("1/2020/NĐ-CP"), version)
    assert causes() == {version.pk: [LAW], other.pk: [LAW]}, "that somebody looks at it settles nothing"
    engine.fire(item, "screen", by=world.phuc, note="Không đổi")
    assert causes() == {version.pk: [LAW], other.pk: [LAW]}, "nor that it is proposed"
    engine.fire(ImpactItem.objects.get(pk=item.pk), "no_impact", by=world.quang)
    assert causes() == {other.pk: [LAW]}


def test_a_later_version_that_still_cites_it_is_alarmed_anew(world: World) -> None:
    version = citing(world, "1/2020/NĐ-CP")
    tomorrow = TODAY + timedelta(days=1)
    cleared(world, item_of(world, act_on("1/2020/NĐ-CP", since=tomorrow), version, TODAY), TODAY)
    assert causes(on(tomorrow)) == {}
    later = factories.version(world, "effective", owner=version.document, legal_basis=basis("1/2020/NĐ-CP"))
    assert causes() == {}
    assert causes(on(tomorrow)) == {later.pk: [LAW]}


def test_an_act_that_dies_later_or_by_another_event_is_alarmed_anew(world: World) -> None:
    version = citing(world, "1/2020/NĐ-CP", "2/2020/NĐ-CP", "3/2020/NĐ-CP")
    source = act_on("1/2020/NĐ-CP")
    cleared(world, item_of(world, source, version))
    assert causes() == {}
    act_on("2/2020/NĐ-CP", by="8/2026/NĐ-CP")
    assert [row.act.number for row in dead_citations([version.pk], NOW)] == ["2/2020/NĐ-CP"]
    RegulationRelation.objects.create(
        source=source, kind="repeals", target=factories.regulation("3/2020/NĐ-CP"), recorded_at=instant(TODAY)
    )
    numbers = [row.act.number for row in dead_citations([version.pk], NOW)]
    assert numbers == ["2/2020/NĐ-CP", "3/2020/NĐ-CP"], "nobody knew of it when the verdict was given"


def test_a_verdict_on_the_beginning_of_an_act_says_nothing_of_its_end(world: World) -> None:
    act = factories.regulation("1/2026/NĐ-CP", effective_on=YOUNG)
    version = citing(world, "1/2026/NĐ-CP")
    assert cleared(world, item_of(world, act, version)).strength == "cited"
    act_on("1/2026/NĐ-CP")
    assert causes() == {version.pk: [LAW]}


def test_a_verdict_on_a_pause_settles_the_pause_and_not_the_end(world: World) -> None:
    version = citing(world, "1/2020/NĐ-CP")
    item = item_of(world, act_on("1/2020/NĐ-CP", "suspends"), version)
    assert causes() == {version.pk: [LAW]}
    cleared(world, item)
    assert causes() == {}
    act_on("1/2020/NĐ-CP", by="8/2026/NĐ-CP")
    assert causes() == {version.pk: [LAW]}


def test_a_verdict_on_the_end_of_an_act_by_its_own_date_settles_it(world: World) -> None:
    act = factories.regulation("1/2020/NĐ-CP", expired_on=DAY)
    version, other = citing(world, "1/2020/NĐ-CP"), citing(world, "1/2020/NĐ-CP")
    for kind in ("amended", "expired"):
        assert set(causes()) == {version.pk, other.pk}, "a verdict on another event about the act settles nothing"
        campaign = campaign_for(
            event=Event.objects.of_act(act, kind), agency=world.unit("stp"), by=world.phuc, now=instant(MORROW)
        )
        cleared(world, campaign.items.get(document=version.document))
    assert causes() == {other.pk: [LAW]}


def test_a_verdict_counts_from_the_day_on_which_it_was_given(world: World) -> None:
    version = citing(world, "1/2020/NĐ-CP")
    given = TODAY - timedelta(days=3)
    cleared(world, item_of(world, act_on("1/2020/NĐ-CP"), version), given)
    before = given - timedelta(days=1)
    assert causes(on(before)) == {version.pk: [LAW]}
    assert causes(on(given)) == causes(on(TODAY)) == causes(on(TODAY + timedelta(days=9))) == {}


def test_what_was_recorded_later_does_not_count(world: World) -> None:
    known, verdict = TODAY - timedelta(days=6), TODAY - timedelta(days=3)
    act = engine.start(Regulation(), "import", by=None, now=instant(YOUNG), facts={"number": "1/2020/NĐ-CP"})
    heir = engine.start(
        Regulation(), "import", by=None, now=instant(YOUNG), facts={"number": "7/2026/NĐ-CP", "effective_on": DAY}
    )
    RegulationRelation.objects.create(source=heir, kind="replaces", target=act, recorded_at=instant(known))
    owner = factories.document(world)
    fresh = DocumentVersion(document=owner, agency=owner.agency, unit=owner.unit, content={})
    text = factories.content(legal_basis=basis("1/2020/NĐ-CP"))
    version = engine.start(fresh, "adopt", by=None, now=instant(YOUNG), content=text, effective_from=YOUNG)
    cleared(world, item_of(world, heir, version, verdict), verdict)
    assert causes(on(TODAY, known - timedelta(days=1))) == {}
    for moment in (on(TODAY, known), on(TODAY, verdict - timedelta(days=1)), on(DAY, known)):
        assert causes(moment) == {version.pk: [LAW]}, moment
        (row,) = alarms([version], moment)[version.pk].dead
        assert (row.since, [one.number for one in row.heirs]) == (DAY, ["7/2026/NĐ-CP"])
    assert causes(on(EVE, known)) == causes(on(TODAY, verdict)) == causes() == {}


def test_a_change_that_is_overdue_is_a_cause_of_its_own(world: World) -> None:
    version, other = citing(world, "1/2020/NĐ-CP"), citing(world, "2/2020/NĐ-CP")
    item = item_of(world, announce(version, "7/QĐ-BTP", TODAY), version, TODAY)
    due = item.due_on
    assert item.strength == "announced"
    assert due is not None
    assert causes(on(due)) == {}, "the last day is still in time"
    after = on(due + timedelta(days=1))
    assert causes(after) == {version.pk: [CHANGES]}
    (said,) = sentences(alarms([version, other], after)[version.pk])
    assert said.text == f"thay đổi đã quá hạn chưa cập nhật: 7/QĐ-BTP, hạn {due:%d/%m/%Y}"
    cleared(world, item, TODAY)
    assert causes(after) == {}


def test_an_item_of_the_cited_law_is_no_overdue_change_and_the_past_tells_nothing_of_changes(world: World) -> None:
    killed, amended, changed = (citing(world, f"{place}/2020/NĐ-CP") for place in (1, 2, 3))
    act_on("1/2020/NĐ-CP", since=TODAY + timedelta(days=900), by="8/2026/NĐ-CP")
    act_on("2/2020/NĐ-CP", "amends", YOUNG, by="10/2026/NĐ-CP")
    announce(changed, "9/QĐ-BTP")
    long_ago = TODAY - timedelta(days=29)
    for number, version in (("8/2026/NĐ-CP", killed), ("10/2026/NĐ-CP", amended), ("9/QĐ-BTP", changed)):
        item_of(world, factories.regulation(number), version, long_ago)
    assert causes() == {changed.pk: [CHANGES]}
    yesterday = on(TODAY - timedelta(days=1))
    assert causes(yesterday) == {}
    assert {one.changes for one in figures(versions_in_force(yesterday), yesterday).values()} == {None}
    assert {one.changes for one in figures(versions_in_force(NOW), NOW).values()} == {1}


def test_the_yearly_review_is_overdue_after_its_last_day(world: World) -> None:
    old, young = citing(world, since=date(2026, 1, 5)), citing(world, since=date(2026, 6, 1))
    unknown = citing(world, since=None)
    assert causes(on(date(2027, 1, 5))) == {}
    assert causes(on(date(2027, 1, 6))) == {old.pk: [REVIEW]}
    assert causes(on(date(2027, 6, 2))) == {old.pk: [REVIEW], young.pk: [REVIEW]}
    alarm = alarms([old, young, unknown], on(date(2027, 1, 6)))
    assert {pk: one.review_due for pk, one in alarm.items()} == {old.pk: date(2027, 1, 5)}
    assert [one.text for one in sentences(alarm[old.pk])] == ["quá kỳ rà soát định kỳ: hạn 05/01/2027"]


def test_a_verdict_is_a_review(world: World) -> None:
    version = citing(world, "1/2020/NĐ-CP", since=date(2026, 1, 5))
    cleared(world, item_of(world, act_on("1/2020/NĐ-CP", "amends"), version), DAY)
    due = months_later(DAY, 12)
    assert causes(on(date(2027, 1, 6))) == causes(on(due)) == {}
    assert causes(on(due + timedelta(days=1))) == {version.pk: [REVIEW]}
    assert alarms([version], on(due + timedelta(days=1)))[version.pk].review_due == due


@pytest.mark.parametrize("months", [1, 6, 12, 13, 24])
def test_the_floor_of_a_review_is_the_last_day_that_is_too_long_ago(settings: Any, months: int) -> None:
    settings.PERIODIC_REVIEW_MONTHS = months
    asked, wrong = date(2024, 1, 1), []
    while asked < date(2026, 4, 1):
        floor = review_floor(asked)
        assert floor is not None
        late = (months_later(floor, months), months_later(floor + timedelta(days=1), months))
        if not late[0] < asked <= late[1]:
            wrong.append((asked, floor))
        asked += timedelta(days=1)
    assert wrong == []
    assert months_later(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert review_floor(date(1, 1, 1)) is None
    assert review_floor(date(9999, 12, 31)) is not None


def test_the_causes_overlap_and_figures_are_by_unit(world: World) -> None:
    both = citing(world, "1/2020/NĐ-CP", since=date(2025, 1, 1))
    citing(world, "2/2020/NĐ-CP")
    stale = citing(world, "1/2020/NĐ-CP", unit="bttp")
    citing(world, "1/2020/NĐ-CP", unit="nx1")
    factories.version(world, legal_basis=basis("1/2020/NĐ-CP"))
    act_on("1/2020/NĐ-CP")
    seen = versions_in_force(NOW).visible_to(world.son)
    assert {pk: alarm.causes for pk, alarm in alarms(seen, NOW).items()} == {both.pk: [LAW, REVIEW], stale.pk: [LAW]}
    hctp, bttp = world.unit("hctp").pk, world.unit("bttp").pk
    found = figures(seen, NOW)
    assert found == {hctp: Figures(2, 1, 0, 1, 1), bttp: Figures(1, 1, 0, 0, 1)}
    assert [found[unit].sound for unit in (hctp, bttp)] == [1, 0]
    assert found[hctp] + found[bttp] == Figures(3, 2, 0, 1, 2)
    assert (Figures(1, 0, None) + Figures(1)).changes is None


def test_one_query_per_cause_however_many_rows(world: World) -> None:
    def asked(moment: Moment) -> int:
        shown = list(versions_in_force(moment))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(alarms(shown, moment)) == len(shown)
        return len(queries)

    act_on("1/2020/NĐ-CP")
    for place in range(3):
        version = citing(world, "1/2020/NĐ-CP", since=date(2025, 1, 1) + timedelta(days=place))
        item_of(world, announce(version, "9/QĐ-BTP"), version, TODAY - timedelta(days=29))
        assert asked(NOW) == 5, "which citations are dead, these, their heirs, overdue changes, reviews"
        assert asked(on(TODAY - timedelta(days=1))) == 4
    with CaptureQueriesContext(connection) as queries:
        assert alarms([], NOW) == {}
        figures(versions_in_force(NOW), NOW)
    assert len(queries) == 1


def test_what_may_be_dead_is_a_doubt(world: World) -> None:
    factories.regulation("3/2020/NĐ-CP", source_status="dropped_2025_2026")
    numbers = [f"{place}/2020/NĐ-CP" for place in range(1, 6)]
    version = citing(world, *numbers)
    act_on(numbers[0], since=None, by="7/2026/NĐ-CP")
    act_on(numbers[1], "amends", None, by="8/2026/NĐ-CP")
    act_on(numbers[3], by="9/2026/NĐ-CP")
    act_on(numbers[3], since=None, by="10/2026/NĐ-CP")
    assert [row.number for row in doubts(version.pk, TODAY)] == ["1/2020/NĐ-CP", "3/2020/NĐ-CP"]
    assert [row.act.number for row in dead_citations([version.pk], NOW)] == ["4/2020/NĐ-CP"]
    documents_tick(instant(TODAY))
    assert causes() == {version.pk: [LAW]}
