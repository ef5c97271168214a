"""The alarm when what acts is dead itself, and when nobody knows from which day it acts."""

from __future__ import annotations

from documents.models import Regulation, RegulationRelation
from documents.models.citation import replacements_of
from documents.provisions import stored
from documents.services.alarm import LAW, alarms
from tests import factories
from tests.documents.lives import at as instant
from tests.documents.test_alarm import DAY, EVE, MORROW, NOW, YOUNG, act_on, basis, causes, citing, on
from tests.people import World


def test_a_suspension_is_over_with_the_act_that_suspends(world: World) -> None:
    stopped, part = citing(world, "1/2020/NĐ-CP"), factories.regulation("2/2020/NĐ-CP")
    by_part = basis("2/2020/NĐ-CP")
    by_part[0]["note"] = "Điều 5"
    named = factories.in_force(world, since=YOUNG, legal_basis=by_part)
    source = factories.regulation("7/2026/NĐ-CP", effective_on=YOUNG, expired_on=DAY)
    for target, provisions in ((factories.regulation("1/2020/NĐ-CP"), ""), (part, stored(("5",)))):
        RegulationRelation.objects.create(
            source=source, kind="suspends", target=target, provisions=provisions, recorded_at=instant(YOUNG)
        )
    assert causes(on(EVE)) == {stopped.pk: [LAW], named.pk: [LAW]}
    assert causes(on(DAY)) == causes() == {}


def test_what_was_repealed_before_it_could_act_ends_nothing(world: World) -> None:
    version = citing(world, "1/2020/NĐ-CP")
    dead_heir = act_on("1/2020/NĐ-CP", since=DAY)
    act_on(dead_heir.number, "repeals", EVE, by="8/2026/NĐ-CP")
    assert causes() == {}
    act_on("1/2020/NĐ-CP", "repeals", MORROW, by="9/2026/NĐ-CP")
    (row,) = alarms([version], NOW)[version.pk].dead
    assert (row.since, row.heirs) == (MORROW, []), "neither its day nor its name counts"


def test_the_heir_of_what_is_known_dead_is_named_though_nobody_knows_its_day(world: World) -> None:
    factories.regulation("1/2020/NĐ-CP", expired_on=DAY)
    version = citing(world, "1/2020/NĐ-CP", "2/2020/NĐ-CP")
    heir = act_on("1/2020/NĐ-CP", since=None)
    act_on("2/2020/NĐ-CP", since=None, by="8/2026/NĐ-CP")
    assert [(row.since, row.heirs) for row in alarms([version], NOW)[version.pk].dead] == [(DAY, [heir])]
    assert replacements_of({row.pk for row in Regulation.objects.all()}, EVE) == {}
