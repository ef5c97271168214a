"""Pages as of a day: they say that they show the past or the future, keep to it, and their link goes on showing it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from documents.models import DocumentVersion, RegulationRelation
from tests import factories
from tests.documents import lives
from tests.documents.lives import START, at
from tests.people import World
from tests.workflows.screens import log_in, statements, text

LIBRARY = "/documents/"
TODAY = timezone.localdate()
PAST, FUTURE = "Bạn đang xem quá khứ", "Bạn đang xem tương lai"
RECORDS = "Bạn đang xem hôm nay, nhưng theo ghi nhận trong quá khứ."


def days(more: int) -> date:
    return START + timedelta(days=more)


def basis(*numbers: str) -> list[dict[str, str]]:
    return [{"key": f"b{place}", "number": number, "issuer": "", "note": ""} for place, number in enumerate(numbers)]


def read(world: World, url: str, name: str = "son", status: int = 200) -> str:
    """What a person reads between the page's head and foot, on one line."""
    page = " ".join(text(world.people[name], url, status).split())
    return page[page.index("<main") : page.index("</main>")]


def twice(world: World) -> tuple[DocumentVersion, DocumentVersion]:
    """A document whose second version was issued on the 10th day to begin on the 20th."""
    first = lives.adopt(world, START, START, purpose="Mục đích ban đầu.")
    second = lives.renew(world, first.document, days(10), days(20), purpose="Mục đích đã sửa.")
    return first, second


@pytest.mark.parametrize(
    ("query", "said", "unsaid"),
    [
        ("", (), (PAST, FUTURE, RECORDS)),
        (f"on={TODAY:%d/%m/%Y}", (), (PAST, FUTURE, RECORDS)),
        (f"on={TODAY}&known={TODAY}", (), (PAST, FUTURE, RECORDS)),
        ("on=2026-01-04", (PAST, "04/01/2026", "hệ thống biết hôm nay"), (FUTURE, RECORDS)),
        (f"on={TODAY + timedelta(days=1)}", (FUTURE, "còn có thể thay đổi"), (PAST, RECORDS)),
        ("on=2026-01-04&known=05/01/2026", (PAST, "đã ghi nhận đến hết ngày 05/01/2026"), (FUTURE, RECORDS)),
        ("known=2026-01-05", (RECORDS, "đã ghi nhận đến hết ngày 05/01/2026"), (PAST, FUTURE)),
        (f"on={TODAY + timedelta(days=1)}&known=2026-01-05", (FUTURE, "đến hết ngày 05/01/2026"), (PAST, RECORDS)),
    ],
)
def test_it_says_plainly_when_it_is_not_today(
    world: World, query: str, said: tuple[str, ...], unsaid: tuple[str, ...]
) -> None:
    shown = lives.adopt(world, START, START)
    for url in (LIBRARY, shown.document.get_absolute_url()):
        page = read(world, f"{url}?{query}")
        assert [sentence for sentence in said if sentence not in page] == []
        assert [sentence for sentence in unsaid if sentence in page] == []
        assert ("Xem theo hôm nay" in page) == bool(said)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("on=31/02/2026", "hông phải là ngày"),
        ("on=2026-01-04&known=x", "hông phải là ngày"),
        (f"on=2026-01-04&known={TODAY + timedelta(days=1)}", "Chưa ai biết điều sẽ được ghi nhận sau hôm nay"),
    ],
)
def test_a_wrong_day_is_told_and_today_is_shown(world: World, query: str, sentence: str) -> None:
    first, second = twice(world)
    page = read(world, f"{LIBRARY}?{query}", status=400)
    assert sentence in page
    assert PAST not in page
    assert second.document.title in page
    page = read(world, f"{first.document.get_absolute_url()}?{query}", status=400)
    assert sentence in page
    assert PAST not in page
    assert "Mục đích đã sửa." in page


def test_the_library_shows_whom_the_records_of_a_day_put_in_force(world: World) -> None:
    first, _second = twice(world)
    late = lives.adopt(world, START, days(15))
    gone = lives.withdraw(world, lives.adopt(world, START, START), days(12))
    titles = {"first": first.document.title, "late": late.document.title, "gone": gone.document.title}
    for query, seen in (
        (f"on={days(5)}", {"first", "late", "gone"}),
        (f"on={days(5)}&known={days(14)}", {"first", "gone"}),
        (f"on={days(13)}&known={days(11)}", {"first", "gone"}),
        (f"on={days(13)}&known={days(12)}", {"first"}),
        (f"on={days(13)}", {"first", "late"}),
        (f"on={days(-1)}", set()),
    ):
        page = read(world, f"{LIBRARY}?{query}")
        assert {name for name, title in titles.items() if f"{title}<" in page} == seen, query
        assert f"{len(seen)} tài liệu" in page, query
    page = read(world, f"{LIBRARY}?on={days(13)}&known={days(11)}")
    assert f"?on={days(13)}&amp;known={days(11)}" in page, "the row leads to the same moment"
    assert "đến trước" not in page, "its end was recorded later"
    assert "Đã được thay thế</span>" not in page


def test_states_and_drafts_are_those_of_today_and_say_so(world: World) -> None:
    twice(world)
    for query in ("state=withdrawn&on=2026-01-04", "state=issued&known=2026-01-04"):
        page = read(world, f"{LIBRARY}?{query}")
        assert "ngày đã chọn không áp dụng ở đây" in page
        assert PAST not in page
    assert PAST not in read(world, f"{LIBRARY}?tab=drafts&on=2026-01-04", "lan")


def test_the_document_shows_the_text_of_the_day(world: World) -> None:
    first, second = twice(world)
    url = first.document.get_absolute_url()
    for query, said, unsaid in (
        (f"on={days(19)}", "Mục đích ban đầu.", "Mục đích đã sửa."),
        (f"on={days(20)}", "Mục đích đã sửa.", "Mục đích ban đầu."),
        (f"on={days(20)}&known={days(9)}", "Mục đích ban đầu.", "Mục đích đã sửa."),
        (f"on={days(20)}&known={days(10)}", "Mục đích đã sửa.", "Mục đích ban đầu."),
    ):
        page = read(world, f"{url}?{query}")
        assert said in page, query
        assert unsaid not in page, query
    assert "không có bản nào có hiệu lực" in read(world, f"{url}?on={days(5)}&known={days(-1)}")
    versions = read(world, f"{url}?tab=versions&known={days(9)}")
    assert (first.get_absolute_url() in versions, second.get_absolute_url() in versions) == (True, False)
    assert "Ban hành</strong>" not in read(world, f"{url}?tab=history&known={days(9)}")
    assert "Ban hành</strong>" in read(world, f"{url}?tab=history&known={days(10)}")


def test_the_legal_basis_has_the_validity_that_was_known(world: World) -> None:
    law = lives.register("1/2020/NĐ-CP", START)
    heir = lives.register("2/2026/NĐ-CP", days(6), effective_on=days(3))
    version = lives.adopt(world, START, START, legal_basis=basis(law.number, heir.number))
    RegulationRelation.objects.create(
        source=heir, kind="replaces", target=law, effective_on=days(4), recorded_at=at(days(8))
    )
    url = version.document.get_absolute_url()
    unknown = read(world, f"{url}?on={days(4)}&known={days(7)}")
    assert "Chưa rõ hiệu lực" in unknown, "what nobody knew stays unknown"
    assert "Còn hiệu lực" in unknown
    assert "Hết hiệu lực toàn bộ" not in unknown
    assert "được thay bằng" not in unknown
    assert "khi đó chưa có trong danh mục" in read(world, f"{url}?on={days(4)}&known={days(5)}")
    dead = read(world, f"{url}?on={days(4)}&known={days(8)}")
    assert "Bản này viện dẫn văn bản đã hết hiệu lực" in dead
    assert f"{heir.get_absolute_url()}" in dead
    assert "Hết hiệu lực toàn bộ" not in read(world, f"{url}?on={days(3)}&known={days(8)}")
    row = "viện dẫn văn bản hết hiệu lực: 1/2020/NĐ-CP"
    for query, stale in ((f"on={days(4)}", 1), (f"on={days(3)}", 0), (f"on={days(4)}&known={days(7)}", 0)):
        assert (row in read(world, f"{LIBRARY}?{query}")) == bool(stale), query
        assert f"{stale} tài liệu" in read(world, f"{LIBRARY}?state=stale&{query}"), query
    assert "1 tài liệu" in read(world, f"{LIBRARY}?state=stale&on={days(4)}&known={days(8)}")


def test_the_permanent_link_goes_on_showing_the_same(world: World) -> None:
    law = lives.register("1/2020/NĐ-CP", START, effective_on=START)
    version = lives.adopt(world, START, START, legal_basis=basis(law.number))
    url = version.document.get_absolute_url()
    link = f"on={TODAY}&amp;known={TODAY}"
    for place in (LIBRARY, url):
        assert link in read(world, place)
    query = f"on={days(30)}&known={days(5)}"
    before = [read(world, address) for address in (f"{LIBRARY}?{query}", f"{url}?{query}", url)]
    assert query.replace("&", "&amp;") in before[0]
    heir = lives.register("2/2026/NĐ-CP", days(6), effective_on=days(6))
    RegulationRelation.objects.create(source=heir, kind="replaces", target=law, recorded_at=at(days(6)))
    lives.renew(world, version.document, days(6), days(7), purpose="Khác hẳn.")
    lives.adopt(world, START, days(6))
    after = [read(world, address) for address in (f"{LIBRARY}?{query}", f"{url}?{query}", url)]
    assert after[:2] == before[:2]
    assert after[2] != before[2], "today's page has moved on"


def test_the_walls_stand_on_every_day(world: World) -> None:
    shown = lives.adopt(world, START, START)
    foreign = lives.adopt(world, START, START, owner=factories.document(world, "nx1"))
    draft = lives.approve(world, shown.document, at(days(2)))
    assert draft.get_absolute_url() in read(world, f"{shown.document.get_absolute_url()}?tab=versions", "lan")
    for query in (f"on={days(3)}", f"on={days(3)}&known={days(4)}", f"on={TODAY + timedelta(days=9)}"):
        ours, theirs = (read(world, f"{LIBRARY}?{query}", name) for name in ("son", "dung"))
        assert (f"{shown.document.title}<" in ours, f"{foreign.document.title}<" in ours) == (True, False)
        assert (f"{shown.document.title}<" in theirs, f"{foreign.document.title}<" in theirs) == (False, True)
        read(world, f"{shown.document.get_absolute_url()}?{query}", "dung", 404)
        for tab in ("versions", "history"):
            page = read(world, f"{shown.document.get_absolute_url()}?tab={tab}&{query}")
            assert draft.get_absolute_url() not in page


@pytest.mark.parametrize("query", [f"on={days(9)}", f"on={days(9)}&known={days(8)}", f"known={days(8)}&state=stale"])
def test_statements_do_not_grow_with_rows(world: World, query: str) -> None:
    costs, number = [], 0
    for many in (2, 9):
        for _each in range(many):
            number += 1
            law = lives.register(f"{number}/2020/NĐ-CP", START, expired_on=days(1))
            heir = lives.register(f"{number}/2025/NĐ-CP", START, effective_on=START)
            RegulationRelation.objects.create(
                source=heir, kind="replaces", target=law, effective_on=START, recorded_at=at(START)
            )
            numbers = [f"{place}/2020/NĐ-CP" for place in range(1, number + 1)]
            last = lives.adopt(world, START, START, legal_basis=basis(*numbers))
        client, cost = log_in(world.son), []
        for url in (LIBRARY, last.document.get_absolute_url()):
            client.get(url)
            with statements() as found:
                assert client.get(f"{url}?{query}").status_code == 200
            cost.append(len(found))
        costs.append(cost)
    assert costs[0] == costs[1]
    assert max(costs[1]) <= 20
