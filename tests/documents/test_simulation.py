"""Trying a change of law: what is foretold is what then happens, nothing is written, and nobody else is in it."""

from __future__ import annotations

import hashlib
import os
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from documents.models import Campaign, Event, Regulation
from documents.reach import Strength
from documents.services import simulation
from documents.services.campaigns import campaign_open
from documents.services.relations import relation_add
from documents.services.simulation import Supposition, foretell
from documents.services.touching import Hop, Touched
from tests import factories
from tests.documents.test_reach import citing, relate
from tests.people import World
from tests.workflows.screens import log_in, statements
from workflows import engine
from workflows.models import Unit
from workflows.reading import Wrote, read_only

PAGE = "/regulations/simulation/"
DAY = date(2027, 1, 4)


@pytest.fixture
def law(world: World) -> dict[str, Regulation]:
    """An old decree and a circular that guides it; a second decree; nothing new yet."""
    del world
    acts = {name: factories.regulation(number) for name, number in (
        ("old", "2/2020/NĐ-CP"), ("guide", "3/2021/TT-BTP"), ("other", "6/2019/NĐ-CP"))}  # fmt: skip
    relate(acts["guide"], "guides", acts["old"])
    return acts


def checksums() -> dict[str, str]:
    """A digest of every row of every table but the sessions', which note when a person was last there."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - {"django_session"}):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names come from the database itself
            rows = sorted(map(repr, cursor.fetchall()))
            found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def supposed(law: dict[str, Regulation], *relations: tuple[str, str]) -> Supposition:
    fresh = Regulation(number="1/2027/NĐ-CP", number_key="1/2027/ND-CP")
    return Supposition(fresh, DAY, [(kind, law[name]) for kind, name in relations])


def place(world: World) -> Unit:
    return world.unit("stp")


def told(world: World, supposition: Supposition) -> list[tuple[Any, ...]]:
    found = foretell(supposition, agency=place(world), user=world.phuc, day=timezone.localdate())
    return [
        (one.touched.version.document.code, str(one.touched.strength), one.touched.path, one.due_on) for one in found
    ]


def happens(world: World, relations: list[tuple[str, Regulation]]) -> list[tuple[Any, ...]]:
    """Register the act, say what it does, open the campaign, confirm every item."""
    facts = {"number": "1/2027/NĐ-CP", "issuer": "", "kind": "", "title": "", "source_status": "",
             "issued_on": None, "effective_on": DAY.isoformat(), "expired_on": None}  # fmt: skip
    act = engine.start(Regulation(), "register", by=world.phuc, facts=facts)
    for kind, target in relations:
        relation_add(source=act, kind=kind, number=target.number, by=world.phuc)
    items = campaign_open(regulation=act, agency=place(world), by=world.phuc).items
    done = [engine.fire(item, "confirm", by=world.phuc) for item in items.order_by("unit__path", "document__code_key")]
    return [(item.document.code, item.strength, item.path, item.due_on) for item in done]


def test_what_is_foretold_is_what_happens(world: World, law: dict[str, Regulation]) -> None:
    for act, unit in (("old", "hctp"), ("guide", "bttp"), ("other", "hctp")):
        citing(world, law[act], unit=unit)
    citing(world, law["old"], unit="nx1")
    foretold = told(world, supposed(law, ("replaces", "old")))
    assert [row[1] for row in foretold] == ["dies", "ungrounded"]
    assert happens(world, [("replaces", law["old"])]) == foretold


KINDS = ("replaces", "repeals", "amends", "repeals_part", "guides")
ACTS, UNITS = ("old", "guide", "other"), ("hctp", "bttp", "nx1")
SIMULATIONS = int(os.environ.get("SIMULATIONS", "240"))
"""Suppositions of every run; ``make histories`` tries ten thousand."""
PARTS = 8


@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_is_supposed(world: World, law: dict[str, Regulation], part: int) -> None:
    """What is foretold leaves every table as it was and is what then happens; in parts that run beside each other."""

    @seed(part)
    @settings(max_examples=SIMULATIONS // PARTS, database=None, deadline=None)
    @given(
        known=st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from(KINDS), st.sampled_from(ACTS)), max_size=2),
        relations=st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(ACTS)), max_size=4, unique=True),
        cited=st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from(UNITS)), max_size=4),
    )
    def tried(
        known: list[tuple[str, str, str]], relations: list[tuple[str, str]], cited: list[tuple[str, str]]
    ) -> None:
        with transaction.atomic():
            for source, kind, target in dict.fromkeys(known):
                if source != target and (source, kind, target) != ("guide", "guides", "old"):
                    relate(law[source], kind, law[target])
            for act, unit in cited:
                citing(world, law[act], unit=unit)
            before = checksums()
            foretold = told(world, supposed(law, *relations))
            assert checksums() == before
            assert happens(world, [(kind, law[name]) for kind, name in relations]) == foretold
            transaction.set_rollback(True)

    tried()


def test_nothing_is_written(world: World, law: dict[str, Regulation]) -> None:
    citing(world, law["old"])
    client = log_in(world.phuc)
    asked = {"number": "1/2027/NĐ-CP", "effective_on": "04/01/2027", "replaces": "02/2020/NĐ-CP"}
    client.get(PAGE, asked)  # the session
    before = checksums()
    page = client.get(PAGE, asked)
    assert (page.status_code, page.context["number"]) == (200, 1)
    told(world, supposed(law, ("replaces", "old")))
    assert checksums() == before
    assert not Campaign.objects.exists()


def test_a_stretch_held_to_reading_refuses_to_write(world: World) -> None:
    del world
    with pytest.raises(Wrote), transaction.atomic(), read_only():
        factories.regulation("9/2020/NĐ-CP")
    assert not Regulation.objects.filter(number="9/2020/NĐ-CP").exists()


def test_an_end_takes_bases_away_from_its_day(world: World, law: dict[str, Regulation]) -> None:
    citing(world, law["old"])
    citing(world, law["guide"])
    found = foretell(
        Supposition(law["old"], DAY, event="expired"), agency=place(world), user=world.phuc, day=timezone.localdate()
    )
    assert [(str(one.touched.strength), one.dead_from) for one in found] == [("dies", DAY), ("ungrounded", None)]
    assert [owner.username for owner in found[0].owners] == ["lan"]


def test_the_page_says_who_gets_what_until_when(world: World, law: dict[str, Regulation]) -> None:
    code = citing(world, law["old"], law["other"]).document.code
    foreign = citing(world, law["old"], unit="nx1").document.code
    asked = {"number": "1/2027/NĐ-CP", "effective_on": "04/01/2027", "replaces": "2/2020/nd-cp"}
    page = log_in(world.phuc).get(PAGE, asked).content.decode()
    for said in (
        code,
        "Lan",
        "đây là giả định",
        "Viện dẫn văn bản hết hiệu lực từ 04/01/2027",
        "bị thay thế hoặc bãi bỏ",
    ):
        assert said in page
    assert foreign not in page


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"number": "1/2027/NĐ-CP", "replaces": "99/2020/NĐ-CP"}, "chưa có trong danh mục văn bản"),
        ({"number": "1/2027/NĐ-CP", "replaces": "nghị định cũ"}, "Không thấy số, ký hiệu văn bản nào"),
        ({"number": "1/2027/NĐ-CP", "effective_on": "31/02/2027"}, "Không phải là ngày"),
        ({"number": ""}, "Chưa thử được"),
        ({"number": "1/2027/NĐ-CP", "kind": "rác"}, "Chưa thử được"),
    ],
)
def test_what_is_wrong_is_said_and_kept(
    world: World, law: dict[str, Regulation], asked: dict[str, str], said: str
) -> None:
    del law
    answer = log_in(world.phuc).get(PAGE, asked)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert said in page
    assert all(value in page for value in asked.values() if value != "rác")


def test_who_has_no_seat_tries_nothing(world: World) -> None:
    assert log_in(world.root).get(PAGE).status_code == 403
    assert log_in(world.lan).get(PAGE).status_code == 200


def test_statements_do_not_grow(world: World, law: dict[str, Regulation]) -> None:
    counted = []
    told(world, supposed(law, ("replaces", "old")))  # the calendar is loaded once per process
    for _more in range(2):
        for _each in range(3):
            citing(world, law["old"])
        with statements() as run:
            told(world, supposed(law, ("replaces", "old")))
        counted.append(len(run))
    assert counted == [15, 15]


def test_the_day_of_work_is_never_in_the_past(world: World, law: dict[str, Regulation]) -> None:
    citing(world, law["old"])
    today = timezone.localdate()
    late = Supposition(Regulation(number="1/2020/NĐ-CP"), today - timedelta(days=400), [("replaces", law["old"])])
    (one,) = foretell(late, agency=place(world), user=world.phuc, day=today)
    assert one.due_on > today


def test_a_write_planted_in_the_foretelling_is_refused(
    world: World, law: dict[str, Regulation], monkeypatch: pytest.MonkeyPatch
) -> None:
    citing(world, law["old"])

    def writing(units: Any, day: date) -> dict[int, Any]:
        del units, day
        factories.regulation("9/2020/NĐ-CP")
        return {}

    monkeypatch.setattr(simulation, "_drafters", writing)
    with pytest.raises(Wrote), transaction.atomic():
        told(world, supposed(law, ("replaces", "old")))
    assert not Regulation.objects.filter(number="9/2020/NĐ-CP").exists()


def test_a_way_of_several_days_is_dead_from_the_last_of_them(world: World, law: dict[str, Regulation]) -> None:
    version = citing(world, law["old"])
    hops: list[Hop] = [
        {"kind": "replaces", "from": "a", "to": "b", "row": None, "section": "", "since": day}
        for day in ("2027-01-04", "2027-06-01", None)
    ]
    event = Event(kind="effective", regulation=law["other"])
    dies = Touched(version, hops, Strength.DIES, direct=True)
    assert simulation._dead_from(dies, event) == date(2027, 6, 1)
    assert simulation._dead_from(Touched(version, hops, Strength.CITED, direct=True), event) is None
