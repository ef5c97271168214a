"""The neighbourhood of an act: random registers against a search by hand, the walls, the cut, its page and its API."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents.models import Document, DocumentVersion, Regulation, RegulationRelation, RelationKind
from documents.services import maps
from documents.services.asof import Moment
from documents.services.neighbourhood import Neighbourhood, neighbourhood
from tests import factories
from tests.people import World
from tests.workflows.screens import log_in, statements, text
from workflows import engine
from workflows.models import User

pytestmark = pytest.mark.once

KINDS = [str(kind) for kind in RelationKind]
ACTS = 8


def relate(source: Regulation, kind: str, target: Regulation, day: date | None = None) -> None:
    RegulationRelation.objects.create(source=source, kind=kind, target=target, effective_on=day)


def citing(world: World, *acts: Regulation, unit: str = "hctp", since: date | None = None) -> DocumentVersion:
    """A procedure in force that cites these acts, in this order."""
    rows = [{"key": f"b{n}", "number": act.number, "issuer": "", "note": ""} for n, act in enumerate(acts, 1)]
    return factories.in_force(world, unit, since=since or date(2026, 1, 5), legal_basis=rows)


def near(act: Regulation, user: User, **how: Any) -> Neighbourhood:
    today = timezone.localdate()
    at = Moment(how.pop("on", today), how.pop("known", None), today)
    return neighbourhood(act, at=at, user=user, **how)


def star(world: World, spokes: int, procedures: int) -> Regulation:
    """An act that so many others amend, and so many procedures that cite it."""
    middle = factories.regulation("1/2020/NĐ-CP")
    for n in range(spokes):
        relate(factories.regulation(f"{n + 2}/2021/TT-BTP"), "amends", middle)
    for _each in range(procedures):
        citing(world, middle)
    return middle


def far(edges: list[tuple[int, str, int]]) -> dict[int, int]:
    """Hops from act 0, two at most: every pair of ends tried until nothing changes."""
    found = {0: 0}
    for hops in (1, 2):
        for source, _kind, target in edges:
            for one, other in ((source, target), (target, source)):
                if found.get(one) == hops - 1 and other not in found:
                    found[other] = hops
    return found


edge = st.tuples(st.integers(0, ACTS - 1), st.sampled_from(KINDS), st.integers(0, ACTS - 1))
cited = st.lists(st.integers(0, ACTS - 1), min_size=1, max_size=4)
procedures = st.lists(st.tuples(cited, st.sampled_from(["hctp", "bttp", "nx1"]), st.booleans()), max_size=5)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edges=st.lists(edge, max_size=12, unique=True), papers=procedures, most=st.sampled_from([1, 3, 200]))
def test_a_random_register_equals_a_search_by_hand(
    world: World, edges: list[tuple[int, str, int]], papers: list[tuple[list[int], str, bool]], most: int
) -> None:
    with transaction.atomic():
        acts = [factories.regulation(f"{n}/2020/NĐ-CP") for n in range(1, ACTS + 1)]
        for source, kind, target in edges:
            relate(acts[source], kind, acts[target])
        hops, rank = far(edges), {act.pk: n for n, act in enumerate(acts)}
        order: list[tuple[tuple[Any, ...], Any]] = [((steps, 0, n), acts[n].pk) for n, steps in hops.items()]
        rows: dict[Any, dict[int, tuple[int, ...]]] = {}
        for numbers, unit, begun in papers:
            since = timezone.localdate() + timedelta(days=0 if begun else 1)
            made = citing(world, *[acts[n] for n in numbers], unit=unit, since=since)
            own = {n: tuple(at for at, m in enumerate(numbers, 1) if m == n) for n in numbers if n in hops}
            if own and begun and unit != "nx1":
                rows[made.pk] = own
                place = (made.agency.path, made.unit.path, made.document.code)
                order.append(((1 + min(hops[n] for n in own), 1, *place), made.pk))
        kept = [pk for _key, pk in sorted(order)][:most]
        found = near(acts[0], world.phuc, most=most)
        assert [one.act.pk for one in found.acts] == [pk for pk in kept if pk in rank]
        assert [one.version.pk for one in found.versions] == [pk for pk in kept if pk in rows]
        assert {rank[one.act.pk]: one.hops for one in found.acts} == {
            n: steps for n, steps in hops.items() if acts[n].pk in kept
        }
        assert sorted((rank[one.source], one.kind, rank[one.target]) for one in found.relations) == sorted(
            (s, k, t) for s, k, t in edges if s != t and acts[s].pk in kept and acts[t].pk in kept
        )
        assert {(one.version, rank[one.act]): one.rows for one in found.citations} == {
            (pk, n): places for pk, own in rows.items() if pk in kept for n, places in own.items() if acts[n].pk in kept
        }
        assert found.left == len(order) - len(kept)
        assert found.left_acts == len(hops) - len(found.acts)
        transaction.set_rollback(True)


def test_the_day_of_a_relation_is_its_own_or_that_of_the_acting_document(world: World) -> None:
    middle = factories.regulation("1/2020/NĐ-CP")
    unknown = factories.regulation("2/2021/TT-BTP", effective_on=None)
    dated = factories.regulation("3/2021/TT-BTP", effective_on=date(2021, 5, 1))
    relate(unknown, "guides", middle)
    relate(dated, "amends", middle)
    relate(dated, "repeals_part", middle, date(2099, 1, 1))
    found = near(middle, world.phuc)
    assert [(one.kind, one.since) for one in found.relations] == [
        ("amends", date(2021, 5, 1)),
        ("repeals_part", date(2099, 1, 1)),
        ("guides", None),
    ]
    rows = maps.tables(found, date(2098, 12, 31), maps.addresses(found)).relations
    assert [(one.label, one.later) for one in rows] == [
        ("sửa đổi", False),
        ("bãi bỏ một phần", True),
        ("hướng dẫn", False),
    ]


def test_a_foreign_agency_s_procedures_are_not_there(world: World) -> None:
    middle = factories.regulation("1/2020/NĐ-CP")
    ours, theirs = citing(world, middle), citing(world, middle, unit="nx1")
    draft = factories.version(world, "draft", legal_basis=ours.content["legal_basis"])
    for user, seen in ((world.son, ours), (world.dung, theirs), (world.cao, ours)):
        assert [one.version.pk for one in near(middle, user).versions] == [seen.pk]
    assert near(middle, world.son).left == 0
    for url in (f"/regulations/{middle.pk}/map/", f"/api/regulations/{middle.pk}/map/"):
        shown = text(world.son, url)
        assert ours.document.code in shown
        assert theirs.document.code not in shown
        assert draft.document.code not in shown


def test_versions_are_those_in_force_on_the_day(world: World) -> None:
    middle = factories.regulation("1/2020/NĐ-CP")
    citing(world, middle, since=date(2026, 3, 1))
    assert near(middle, world.phuc, on=date(2026, 2, 28)).versions == []
    assert len(near(middle, world.phuc, on=date(2026, 3, 1)).versions) == 1


def test_the_cut_is_said(world: World) -> None:
    middle = star(world, 204, 2)
    found = near(middle, world.phuc)
    assert (len(found.acts), len(found.versions)) == (200, 0)
    assert (found.left_acts, found.left_versions) == (5, 2)
    shown = " ".join(text(world.phuc, f"/regulations/{middle.pk}/map/").split())
    assert "Bản đồ chỉ có 200 ô gần nhất; còn 5 văn bản và 2 tài liệu nằm ngoài." in shown
    answer = log_in(world.phuc).get(f"/api/regulations/{middle.pk}/map/").json()
    assert (len(answer["nodes"]), answer["left_out"]) == (200, {"regulations": 5, "versions": 2})


@pytest.mark.parametrize("many", [2, 30])
def test_statements_do_not_grow(world: World, many: int) -> None:
    middle = star(world, many, many)
    with statements() as run:
        found = near(middle, world.phuc)
    assert (len(found.acts), len(found.versions)) == (many + 1, many)
    # Two levels of relations, citations, versions, acts, relations among them; and the person's seats.
    assert len(run) == 7, run
    with statements() as run:
        text(world.phuc, f"/regulations/{middle.pk}/map/")
    assert len(run) < 25, run


def test_the_page_says_the_same_in_drawing_and_tables(world: World) -> None:
    dead, heir = factories.regulation("1/2020/NĐ-CP", title="<b>&"), factories.regulation("2/2021/NĐ-CP")
    relate(heir, "replaces", dead, date(2021, 2, 1))
    own = citing(world, heir, dead)
    Document.objects.filter(pk=own.document_id).update(title='"><script>alert(1)</script>')
    shown = " ".join(text(world.phuc, f"/regulations/{dead.pk}/map/").split())
    drawn, tables = re.split("</svg> *</div>", shown)
    assert "<script>alert" not in shown
    assert "&lt;b&gt;&amp;" in drawn
    assert "Hết hiệu lực toàn bộ" in drawn
    assert 'class="root dead"' in drawn
    assert "2/2021/NĐ-CP thay thế 1/2020/NĐ-CP, từ 01/02/2021" in drawn
    assert "2/2021/NĐ-CP (số 1), 1/2020/NĐ-CP (số 2)" in drawn or "1/2020/NĐ-CP (số 2), 2/2021/NĐ-CP (số 1)" in drawn
    for target in (heir.get_absolute_url(), own.document.get_absolute_url()):
        assert f'href="{target}"' in drawn
        assert f'href="{target}"' in tables
    assert "style=" not in drawn.rsplit("<svg", 1)[1]
    assert "01/02/2021" in tables
    link = f'href="/regulations/{dead.pk}/map/?on=03/02/2021"'
    assert link in text(world.phuc, f"{dead.get_absolute_url()}?on=03/02/2021")


def test_the_page_takes_a_day_as_others_do(world: World) -> None:
    act, other = factories.regulation("1/2020/NĐ-CP"), factories.regulation("2/2021/NĐ-CP")
    relate(other, "replaces", act, date(2026, 5, 1))
    assert "Hết hiệu lực toàn bộ" not in text(world.phuc, f"/regulations/{act.pk}/map/?on=30/04/2026")
    assert "quan hệ chưa tới ngày" in text(world.phuc, f"/regulations/{act.pk}/map/?on=30/04/2026")
    assert "Hết hiệu lực toàn bộ" in text(world.phuc, f"/regulations/{act.pk}/map/?on=01/05/2026")
    assert "không phải là ngày" in text(world.phuc, f"/regulations/{act.pk}/map/?on=x", 400)


def test_the_api_gives_nodes_and_edges(world: World) -> None:
    act, other = factories.regulation("1/2020/NĐ-CP", title="Nghị định"), factories.regulation("2/2021/NĐ-CP")
    relate(other, "guides", act, date(2021, 2, 1))
    own = citing(world, other, act, other)
    client = log_in(world.phuc)
    found = client.get(f"/api/regulations/{act.pk}/map/", {"on": "2026-06-01"}).json()
    assert (found["regulation"]["number"], found["on"]) == ("1/2020/NĐ-CP", "2026-06-01")
    assert [(node["type"], node["hops"], node["number"], node["validity"]) for node in found["nodes"]] == [
        ("regulation", 0, "1/2020/NĐ-CP", "in_force"),
        ("regulation", 1, "2/2021/NĐ-CP", "in_force"),
        ("version", 1, own.number, None),
    ]
    assert found["nodes"][2]["unit"]["name"] == "Phòng Hành chính tư pháp"
    assert found["nodes"][2]["document"]["code"] == own.document.code
    cites = {"kind": "cites", "from": str(own.pk), "since": None}
    assert found["edges"] == [
        {"kind": "guides", "from": str(other.pk), "to": str(act.pk), "since": "2021-02-01", "rows": None},
        {**cites, "to": str(act.pk), "rows": [2]},
        {**cites, "to": str(other.pk), "rows": [1, 3]},
    ]
    assert client.get(f"/api/regulations/{act.pk}/map/", {"on": "x"}).status_code == 400
    assert client.get(f"/api/regulations/{act.pk}/map/", {"hops": "9"}).status_code == 400
    assert log_in(world.root).get(f"/api/regulations/{act.pk}/map/").status_code == 404


NOW = timezone.now()
LONG_AGO, AGO, LATELY = (NOW - timedelta(days=days) for days in (30, 20, 10))
THEN = (AGO + timedelta(days=1)).date()


@pytest.fixture
def grown(world: World) -> tuple[Regulation, Regulation, DocumentVersion]:
    """An act, what replaced it by what became known later and is corrected then, and a procedure that cites the act."""

    def entered(number: str, at: Any, **facts: Any) -> Regulation:
        given = {"number": number, "effective_on": date(2020, 1, 1), **facts}
        return engine.start(Regulation(), "import", by=None, facts=given, now=at)

    middle, heir = entered("1/2020/NĐ-CP", AGO), entered("2/2021/NĐ-CP", AGO, effective_on=date(2021, 1, 1))
    guide = entered("3/2021/TT-BTP", LATELY)
    for source, kind, recorded in ((heir, "replaces", LATELY), (heir, "guides", AGO), (guide, "guides", AGO)):
        RegulationRelation.objects.create(source=source, kind=kind, target=middle, recorded_at=recorded)
    engine.fire(heir, "correct", by=None, now=LATELY, facts={"number": heir.number, "effective_on": date(2022, 2, 2)})
    return middle, heir, citing(world, middle)


def test_by_the_records_of_a_day_gone_by(world: World, grown: tuple[Regulation, Regulation, DocumentVersion]) -> None:
    middle, heir, own = grown
    found = near(middle, world.phuc, known=THEN)
    assert [(one.act.number, one.act.validity_on) for one in found.acts] == [  # type: ignore[attr-defined]
        ("1/2020/NĐ-CP", "in_force"),
        ("2/2021/NĐ-CP", "in_force"),
    ]
    assert [(one.kind, one.since) for one in found.relations] == [("guides", date(2021, 1, 1))]
    assert (found.versions, found.left) == ([], 0)
    today = near(middle, world.phuc)
    assert len(today.acts) == 3
    assert [(one.kind, one.since) for one in today.relations if one.source == heir.pk] == [
        ("guides", date(2022, 2, 2)),
        ("replaces", date(2022, 2, 2)),
    ]
    assert [one.version for one in today.versions] == [own]
    with statements() as asked:
        near(middle, world.phuc, known=THEN)
    assert len(asked) <= 9, asked


def test_the_page_and_the_api_take_both_days(
    world: World, grown: tuple[Regulation, Regulation, DocumentVersion]
) -> None:
    middle, _heir, own = grown
    url = f"/regulations/{middle.pk}/map/"
    shown = " ".join(text(world.phuc, f"{url}?known={THEN}").split())
    assert "Bạn đang xem hôm nay, nhưng theo ghi nhận trong quá khứ." in shown
    assert f"Chỉ tính những gì hệ thống đã ghi nhận đến hết ngày {THEN:%d/%m/%Y}" in shown
    assert "2/2021/NĐ-CP hướng dẫn 1/2020/NĐ-CP, từ 01/01/2021" in shown
    for absent in ("thay thế 1/2020/NĐ-CP", "3/2021/TT-BTP", own.document.code):
        assert absent not in shown, absent
    before = " ".join(text(world.phuc, f"{url}?known={LONG_AGO:%Y-%m-%d}").split())
    assert "danh mục chưa ghi văn bản 1/2020/NĐ-CP" in before
    assert "<svg xmlns" not in before
    assert "Chưa ai biết" in text(world.phuc, f"{url}?known={NOW + timedelta(days=2):%d/%m/%Y}", 400)
    assert f'value="{THEN:%d/%m/%Y}"' in shown
    assert "Bạn đang xem" not in text(world.phuc, url)
    client, address = log_in(world.phuc), f"/api/regulations/{middle.pk}/map/"
    answer = client.get(address, {"known": str(THEN), "on": str(THEN)}).json()
    assert (answer["on"], answer["known"], len(answer["nodes"])) == (str(THEN), str(THEN), 2)
    assert client.get(address, {"known": f"{LONG_AGO:%Y-%m-%d}"}).json()["nodes"] == []
    assert client.get(address, {"known": "2999-01-01"}).status_code == 400
