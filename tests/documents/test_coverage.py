"""Coverage: announced procedures against documents in force, both ways, by unit and down the tree; who sees what."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from documents.models import AnnouncedProcedure, DocumentVersion
from documents.services.announcing import announce
from documents.services.asof import Moment
from documents.services.coverage import Ratio, ratios, shares
from documents.services.standing import standing
from tests import factories
from tests.documents.lives import at as instant
from tests.people import World
from tests.real_data import DATA, needs_data
from tests.workflows.screens import log_in, statements, text
from workflows import engine

TODAY = timezone.localdate()
NOW = Moment.now(TODAY)
LONG_AGO = date(2020, 1, 1)
PAGE = "/coverage/"


def announced(world: World, code: str, agency: str = "stp", **facts: Any) -> AnnouncedProcedure:
    given = {"change": "new", "decision": "1/QĐ-BTP", "effective_on": LONG_AGO, **facts}
    row = AnnouncedProcedure(agency=world.unit(agency), code=code, title=f"Thủ tục {code}", **given)
    announce(row, given.get("recorded_at"))
    return row


def document(world: World, code: str, unit: str = "hctp", since: date = LONG_AGO, **facts: Any) -> DocumentVersion:
    factories.regulation()
    owner = factories.document(world, unit, code=code, **facts)
    fresh = DocumentVersion(document=owner, agency=owner.agency, unit=owner.unit, content={})
    return engine.start(fresh, "adopt", by=None, content=factories.content(), effective_from=since)


def of(world: World, moment: Moment = NOW, agency: str = "stp", who: str = "son") -> tuple[Any, ...]:
    """Figure, missing codes and surplus codes of an agency; list and figures must agree."""
    place, user = world.unit(agency), world.people[who]
    ratio = ratios(moment, user, agency=place).get(place.pk, Ratio(known=False))
    parts = shares(place, moment, user)
    missing = sorted(row.code for part in parts for row in part.missing)
    surplus = sorted(one.version.document.code for part in parts for one in part.surplus)
    assert sum((part.ratio for part in parts), Ratio(known=ratio.known)) == ratio
    assert (ratio.missing, ratio.surplus) == (len(missing), len(surplus))
    return str(ratio), missing, surplus


def test_a_figure_is_numerator_denominator_and_one_rounding() -> None:
    shown = [(str(one), one.percent, one.full) for one in (Ratio(44, 44), Ratio(1, 8), Ratio(1, 3), Ratio())]
    assert shown == [
        ("44/44", Decimal("100.0"), True),
        ("1/8", Decimal("12.5"), False),
        ("1/3", Decimal("33.3"), False),
        ("0/0", None, True),
    ]
    assert Ratio(1, 16).percent == Decimal("6.3"), "half up, once"
    unknown = Ratio(known=False)
    assert (str(unknown), unknown.percent, unknown.full) == ("?", None, False)
    assert Ratio(1, 2, 3) + unknown == unknown + Ratio(1, 2, 3) == Ratio(1, 2, 3)
    assert Ratio(1, 2, 3) + Ratio(2, 2, 1) == Ratio(3, 4, 4)
    assert unknown + unknown == unknown


def test_both_ways_by_code_in_any_spelling_and_each_once(world: World) -> None:
    for code in ("2.000528", "2.000529", "2.000530"):
        announced(world, code)
    announced(world, "2 000528", decision="2/QĐ-UBND", change="amended")
    announced(world, "2.000999", "nx")
    covered = document(world, "2-000528")
    document(world, "2.000999")
    document(world, "2.000529", kind="SYS_PROC")
    document(world, "2.000529", "nx1")
    document(world, "2.000529", "xa")
    factories.version(world, "approved", owner=factories.document(world, code="2.000530"))
    assert of(world) == ("1/3", ["2.000529", "2.000530"], ["2.000999"])
    assert of(world, agency="nx", who="dung") == ("0/1", ["2.000999"], ["2.000529"])
    (share,) = (part for part in shares(world.unit("stp"), NOW, world.son) if part.covered)
    assert (share.unit, share.covered) == (covered.unit, [covered])
    assert of(world, agency="nx") == ("?", [], []), "another agency's list is not there at all"


def test_a_document_that_is_withdrawn_covers_nothing(world: World) -> None:
    announced(world, "1")
    gone = document(world, "1")
    assert of(world) == ("1/1", [], [])
    engine.fire(gone, "withdraw", by=world.tuan, **factories.answers("withdraw"))
    assert of(world) == ("0/1", ["1"], [])
    assert of(world, Moment(TODAY - timedelta(days=1), None, TODAY)) == ("1/1", [], [])


def test_a_list_that_nobody_announced_is_unknown_and_one_without_procedures_is_empty(world: World) -> None:
    document(world, "1")
    assert of(world) == ("?", [], [])
    assert shares(world.unit("stp"), NOW, world.son) == []
    announced(world, "1", effective_on=TODAY)
    assert of(world, Moment(TODAY - timedelta(days=1), None, TODAY)) == ("?", [], [])
    announced(world, "1", change="abolished", effective_on=TODAY, decision="3/QĐ-BTP")
    assert of(world) == ("0/0", [], ["1"])
    (share,) = shares(world.unit("stp"), NOW, world.son)
    assert share.surplus[0].ended == AnnouncedProcedure.objects.get(change="abolished")


@pytest.mark.parametrize("change", ["process", "abolished"])
def test_neither_an_internal_process_nor_an_end_alone_is_a_list(world: World, change: str) -> None:
    document(world, "1")
    announced(world, "2", change=change, effective_on=LONG_AGO)
    assert of(world) == ("?", [], [])
    assert shares(world.unit("stp"), NOW, world.son) == []
    announced(world, "1", change="amended", effective_on=TODAY)
    announced(world, "1", change="process", effective_on=TODAY, decision="3/QĐ-UBND")
    assert of(world) == ("1/1", [], [])
    assert of(world, Moment(TODAY - timedelta(days=1), None, TODAY)) == ("?", [], [])


def test_why_a_surplus_is_one(world: World) -> None:
    for code in ("1", "2", "3"):
        document(world, code)
        announced(world, code, effective_on=date(2021, 1, 1))
    announced(world, "2", change="abolished", decision="5/QĐ-BTP", effective_on=date(2022, 1, 1))
    announced(world, "9", change="replaced", replaces="3", decision="6/QĐ-BTP", effective_on=date(2023, 1, 1))
    document(world, "4")
    assert of(world) == ("1/2", ["9"], ["2", "3", "4"])
    (share,) = (part for part in shares(world.unit("stp"), NOW, world.son) if part.surplus)
    why = {one.version.document.code: one.ended.decision if one.ended else None for one in share.surplus}
    assert why == {"2": "5/QĐ-BTP", "3": "6/QĐ-BTP", "4": None}
    assert of(world, Moment(date(2021, 12, 31), None, TODAY)) == ("3/3", [], ["4"])
    assert of(world, Moment(date(2022, 1, 1), None, TODAY)) == ("2/2", [], ["2", "4"])


def test_what_was_known_then(world: World) -> None:
    first, second = instant(TODAY - timedelta(days=20)), instant(TODAY - timedelta(days=10))
    announced(world, "1", recorded_at=first)
    announced(world, "1", change="abolished", decision="2/QĐ-BTP", effective_on=date(2021, 1, 1), recorded_at=second)

    def known(moment: datetime, days: int) -> tuple[Any, ...]:
        return of(world, Moment(TODAY, timezone.localdate(moment) + timedelta(days=days), TODAY))

    assert [known(first, -1)[0], known(first, 0)[0], known(second, -1)[0], known(second, 0)[0]] == [
        "?",
        "0/1",
        "0/1",
        "0/0",
    ]


def test_a_missing_procedure_falls_to_the_unit_in_charge_of_its_field(world: World) -> None:
    place = world.unit("bttp")
    place.fields = ["Công chứng"]
    place.save()
    announced(world, "1", field="Công chứng")
    announced(world, "2", field="Luật sư")
    announced(world, "3", field="Công chứng")
    document(world, "3")
    found = [(part.unit, str(part.ratio)) for part in shares(world.unit("stp"), NOW, world.son)]
    assert found == [(world.unit("hctp"), "1/1"), (world.unit("bttp"), "0/1"), (None, "0/1")]


def test_figures_equal_a_count_by_hand(world: World) -> None:
    dice = random.Random(7)
    expected: dict[date, dict[str, set[str]]] = {}
    rows = [(str(n % 9), dice.choice(("new", "abolished")), date(2021 + n, 1, 1)) for n in range(14)]
    for place, (code, change, since) in enumerate(rows):
        announced(world, code, change=change, effective_on=since, decision=f"{place}/QĐ-BTP")
    docs = {str(n): date(2021 + n, 6, 1) for n in (0, 2, 4, 6, 8, 11)}
    for code, since in docs.items():
        document(world, code, since=since)
    for on in (date(year, month, 2) for year in range(2020, 2037, 2) for month in (1, 7)):
        live: set[str] = set()
        for code, change, since in rows:
            if since <= on:
                live = live - {code} if change == "abolished" else live | {code}
        held = {code for code, since in docs.items() if since <= on}
        expected[on] = {"missing": live - held, "surplus": held - live, "live": live}
    for on, told in expected.items():
        if not any(since <= on for _code, _change, since in rows):
            assert of(world, Moment(on, None, TODAY))[0] == "?"
            continue
        covered = len(told["live"]) - len(told["missing"])
        wanted = (f"{covered}/{len(told['live'])}", sorted(told["missing"]), sorted(told["surplus"]))
        assert of(world, Moment(on, None, TODAY)) == wanted, on


def test_down_the_tree_each_agency_by_itself_and_the_sum_of_those_that_are_known(world: World) -> None:
    announced(world, "1")
    announced(world, "2")
    document(world, "1")
    document(world, "7", "xa")
    found = standing(world.unit("tinh"), NOW, world.cao)
    assert {line.place.code: str(line.ratio) for line in found.below if line.place} == {"STP": "1/2", "XA1": "?"}
    assert (str(found.ratio), str(found.total.ratio), found.lists, found.places) == ("?", "1/2", 1, 3)
    assert (found.figures.total, found.total.figures.total) == (0, 2)
    announced(world, "7", "xa")
    assert str(standing(world.unit("tinh"), NOW, world.cao).total.ratio) == "2/3"
    assert str(standing(world.unit("stp"), NOW, world.lan).total.ratio) == "2/3"
    assert str(standing(world.unit("stp"), NOW, world.dung).total.ratio) == "?"


def test_the_page_says_it(world: World) -> None:
    empty = text(world.son, PAGE)
    assert "Chưa có danh mục thủ tục hành chính được công bố cho cơ quan này" in empty
    assert " %" not in empty
    announced(world, "2.1", decision="9/QĐ-BTP")
    announced(world, "2.2")
    announced(world, "2.3", change="abolished")
    stale, other = document(world, "2.2", since=TODAY), document(world, "2.3", since=TODAY)
    factories.regulation(factories.LAW).acted_on_by.create(
        source=factories.regulation("7/2025/NĐ-CP"), kind="replaces", effective_on=date(2025, 7, 1)
    )
    page = " ".join(text(world.son, PAGE).split())
    assert "<strong>1/2</strong>thủ tục được công bố đã có quy trình (50" in page
    for shown in ("Thủ tục 2.1", "9/QĐ-BTP", "đã công bố bãi bỏ", stale.document.title, other.document.title):
        assert shown in page, shown
    assert page.count("viện dẫn văn bản hết hiệu lực: 123/2015/NĐ-CP (từ 01/07/2025, được thay bằng 7/2025/NĐ-CP)") == 2
    assert f"state=stale&amp;on={TODAY.isoformat()}" in page
    assert "2/2" in page, "both cite dead law"
    assert 'data-label="Đơn vị">Phòng Hành chính tư pháp</td>' in page, "a unit is no agency to go to"
    assert 'data-label="Đơn vị">Chưa có đơn vị phụ trách</td>' in page
    assert 'data-label="Cơ quan"><a href="?agency=XA1">Xã Bình Minh</a></td>' in page
    past = " ".join(text(world.son, f"{PAGE}?on=2019-12-31").split())
    assert "Bạn đang xem quá khứ" in past
    assert "Chưa có danh mục" in past


def test_who_sees_whose_page(world: World) -> None:
    def status(who: str, query: str) -> int:
        return log_in(world.people[who]).get(f"{PAGE}{query}").status_code

    got = {who: status(who, "?agency=STP") for who in ("son", "lan", "cao", "dung", "xuan", "root")}
    assert got == {"son": 200, "lan": 200, "cao": 200, "dung": 404, "xuan": 404, "root": 404}
    files = {who: status(who, "xlsx/?agency=STP") for who in ("son", "cao", "dung", "root")}
    assert files == {"son": 200, "cao": 200, "dung": 404, "root": 404}
    assert [status("root", ""), status("root", "xlsx/"), status("son", "?agency=KHÔNG")] == [200, 404, 404]
    assert [status("son", "?on=31/02/2026"), status("son", "xlsx/?on=abc"), status("son", "?agency=HCTP")] == [
        400,
        400,
        404,
    ]
    assert "Bạn chưa giữ vị trí ở cơ quan nào." in text(world.root, PAGE)


def test_the_file_holds_the_figures_and_the_differences(world: World) -> None:
    announced(world, "=1+1", field="Luật sư")
    announced(world, "2")
    document(world, "2")
    document(world, "3")
    answer = log_in(world.son).get(f"{PAGE}xlsx/")
    book = load_workbook(BytesIO(answer.content))
    assert book.sheetnames == ["Theo đơn vị", "Theo cơ quan", "Chênh lệch"]
    rows = list(book["Theo đơn vị"].iter_rows(values_only=True))[1:]
    assert rows == [
        ("Phòng Hành chính tư pháp", 1, 1, 1, 0, 1, 2, 0, 0, 2, 0),
        ("Chưa có đơn vị phụ trách", 0, 1, 0, 1, 0, 0, 0, 0, 0, 0),
    ]
    told = {(row[0], row[1]) for row in book["Chênh lệch"].iter_rows(min_row=2, values_only=True)}
    assert told == {("Thiếu quy trình", "=1+1"), ("Không có trong danh mục", "3")}
    assert book["Chênh lệch"]["B2"].data_type == "s"
    below = list(book["Theo cơ quan"].iter_rows(min_row=2, values_only=True))
    assert below[1][:6] == ("Xã Bình Minh", None, None, None, None, None), "unknown is empty, not 100 %"


def test_the_answers_of_the_api(world: World) -> None:
    announced(world, "1", field="Luật sư")
    announced(world, "2")
    document(world, "2", since=TODAY)
    document(world, "3", since=TODAY)
    client, url = log_in(world.lan), reverse("coverage")
    told = client.get(f"{url}?on=2026-01-01&known={TODAY.isoformat()}").json()
    assert told["as_of"]["on"] == "2026-01-01"
    assert (told["agency"]["covered"], told["agency"]["announced"], told["agency"]["percent"]) == (0, 2, "0.0")
    told = client.get(url).json()
    assert (told["agency"]["covered"], told["agency"]["announced"], told["agency"]["percent"]) == (1, 2, "50.0")
    assert [(one["code"], one["unit"]) for one in told["missing"]] == [("1", None)]
    assert [(one["document"]["code"], one["ended_by"]) for one in told["surplus"]] == [("3", None)]
    assert [one["list_known"] for one in told["below"]] == [False]
    assert [one["percent"] for one in told["below"]] == [None]
    stp = world.unit("stp").pk
    got = {who: log_in(world.people[who]).get(f"{url}?agency={stp}").status_code for who in ("son", "cao", "dung")}
    assert got == {"son": 200, "cao": 200, "dung": 404}
    assert log_in(world.root).get(url).status_code == 404
    assert client.get(f"{url}?agency={world.unit('hctp').pk}").status_code == 404
    assert client.get(f"{url}?known=2999-01-01").status_code == 400

    factories.regulation(factories.LAW).acted_on_by.create(
        source=factories.regulation("7/2025/NĐ-CP"), kind="replaces", effective_on=date(2025, 7, 1)
    )
    alarms = client.get(reverse("alarms_list")).json()
    assert (alarms["count"], alarms["next"]) == (2, None)
    first = alarms["results"][0]
    assert (first["document"]["code"], first["causes"], first["law"][0]["since"]) == ("2", ["law"], "2025-07-01")
    assert [one["number"] for one in first["law"][0]["replaced_by"]] == ["7/2025/NĐ-CP"]
    assert first["sentences"][0].startswith("viện dẫn văn bản hết hiệu lực: 123/2015/NĐ-CP (từ 01/07/2025")
    for query, number in (("cause=law", 2), ("cause=review", 0), ("on=2025-06-30", 0), ("limit=1", 2)):
        assert client.get(f"{reverse('alarms_list')}?{query}").json()["count"] == number, query
    assert client.get(f"{reverse('alarms_list')}?cause=none").status_code == 400
    assert log_in(world.dung).get(reverse("alarms_list")).json()["count"] == 0


def test_home_shows_the_figure_of_ones_own_agency(world: World) -> None:
    assert "chưa có quy trình" not in text(world.son, "/")
    announced(world, "1")
    announced(world, "2", "nx")
    announced(world, "3", "nx")
    document(world, "1")
    assert "thủ tục được công bố chưa có quy trình (đã có 1/1)" in text(world.son, "/")
    page = text(world.dung, "/")
    assert "thủ tục được công bố chưa có quy trình (đã có 0/2)" in page
    assert 'class="card-number alarm"' in page


def test_statements_do_not_grow_with_rows(world: World) -> None:
    announced(world, "a")
    announced(world, "b")
    document(world, "b")
    document(world, "c")
    world.son.seats_held()
    counted = []
    for place in range(3):
        with statements() as found:
            standing(world.unit("stp"), NOW, world.son)
        counted.append(len(found))
        announced(world, f"1{place}")
        announced(world, f"2{place}")
        document(world, f"2{place}")
        document(world, f"3{place}")
    assert counted == [15] * 3


@needs_data
@pytest.mark.parametrize("gone", [0, 3])
def test_the_real_list_covers_itself(world: World, gone: int) -> None:
    path = DATA / "procedures.jsonl"
    call_command("import_announcements", path, agency="STP", verbosity=0)
    call_command("import_procedures", path, agency="STP", verbosity=0)
    for version in DocumentVersion.objects.order_by("document__code_key")[:gone]:
        engine.fire(version, "withdraw", by=world.tuan, **factories.answers("withdraw"))
    assert of(world)[0] == f"{271 - gone}/271"
