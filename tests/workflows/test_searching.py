"""The search: marks and none, numbers in any spelling, exact hits first, and who does not find it."""

from __future__ import annotations

import unicodedata
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents.services.searching import sections_of
from tests import factories
from tests.capa import records
from tests.people import World
from tests.real_data import naughty_strings, needs_data, rows
from tests.workflows import screens, searched
from workflows import catching_up, searching
from workflows.models import Heading, Passage
from workflows.searching import QUERY_LIMIT, Wanted, search
from workflows.sources import CHUNK, pieces_of
from workflows.spelling import folded, marked, readable
from workflows.text import nfc

TEXT = "Chứng thực bản sao từ bản chính theo Quyết định 08/2020/QĐ-TTg."
STRANGE = "Mở thẩm quyền Ðắk Lắk"

SPELLINGS = (
    "chứng thực", "chung thuc", "CHỨNG THỰC", "Chung Thuc", "thuc chung", unicodedata.normalize("NFD", "chứng thực"),
    "08/2020", "8/2020", "008/2020", "8/2020/QĐ-TTg", "08/2020/QD-TTG", "8 / 2020 / QĐ – TTg", "8⁄2020", "qđ-ttg",
    "８/２０２０", "ban sao 2020/qd",
)  # fmt: skip


@pytest.mark.parametrize("query", SPELLINGS)
def test_a_document_in_force_is_found_by_its_text(world: World, query: str) -> None:
    version = factories.in_force(world, purpose=TEXT)
    (hit,) = searched.hits(world.son, query, "document")
    assert (hit.id, hit.url, hit.part) == (version.pk, version.get_absolute_url(), "Mục đích")
    assert nfc("".join(piece.text for piece in hit.excerpt)) == TEXT
    assert any(piece.hit for piece in hit.excerpt)


@pytest.mark.parametrize("query", ["18/2020", "8/2021", "20/QĐ", "chứng từ gốc", "thực chứng minh", "???", "/", " "])
def test_what_is_not_there_is_not_found(world: World, query: str) -> None:
    factories.in_force(world, purpose=TEXT)
    assert searched.hits(world.son, query) == []


@pytest.mark.parametrize("query", ["QT.07/CX", "qt 7 cx", "QT07CX", "qt-07-cx", "Qt.007/cx"])
def test_a_code_is_found_in_any_spelling(world: World, query: str) -> None:
    owner = factories.document(world, code="QT.07/CX", title="Chứng thực")
    draft = factories.version(world, "effective", owner=owner)
    assert searched.ids(world.son, query, "document") == [draft.pk]


@pytest.mark.parametrize("query", ["23/2015/NĐ-CP", "023/2015/nd-cp", "23/2015", "23 2015 nđ cp", "nghị định 23/2015"])
def test_a_legal_document_is_found_by_number(world: World, query: str) -> None:
    act = factories.regulation("23/2015/NĐ-CP", title="Về chứng thực", kind="Nghị định")
    factories.regulation("123/2015/NĐ-CP", title="Về hộ tịch", kind="Nghị định")
    assert searched.ids(world.son, query, "regulation") == [act.pk]


def test_hits_with_the_marks_come_first(world: World) -> None:
    loose = [factories.in_force(world, purpose="Bức trướng", since=date(2026, month, 5)) for month in (1, 2, 3)]
    exact = factories.in_force(world, purpose="Nhà TRƯỜNG", since=date(2020, 1, 5))
    newest_first = [version.pk for version in reversed(loose)]
    found = searched.hits(world.son, "trường", "document")
    assert [hit.id for hit in found] == [exact.pk, *newest_first]
    assert [hit.exact for hit in found] == [True, False, False, False]
    found = searched.hits(world.son, "trướng", "document")
    assert [hit.id for hit in found] == [*newest_first, exact.pk]
    assert [hit.exact for hit in searched.hits(world.son, "truong", "document")] == [False] * 4
    page = screens.text(world.son, reverse("workflows:search") + "?q=trường")
    assert page.index(f"{exact.pk}") < page.index("Khớp khi bỏ dấu") < page.index(f"{loose[0].pk}")


def test_a_hit_in_the_title_stands_before_one_in_the_text(world: World) -> None:
    inside = factories.in_force(world, purpose="Đăng ký thường trú", since=date(2026, 5, 5))
    titled = factories.version(world, "effective", owner=factories.document(world, title="Đăng ký thường trú"))
    assert searched.ids(world.son, "dang ky thuong", "document") == [titled.pk, inside.pk]
    (first, _second) = searched.hits(world.son, "đăng ký", "document")
    assert [piece.text for piece in first.title if piece.hit] == ["Đăng", "ký"]
    assert first.excerpt == []


def test_a_new_name_of_a_document_is_found_at_once(world: World) -> None:
    version = factories.in_force(world)
    version.document.title = STRANGE
    version.document.save()
    assert searched.ids(world.son, "dak lak", "document") == [version.pk]


def test_drafts_and_dead_versions_are_not_found(world: World) -> None:
    factories.version(world, "draft", purpose=STRANGE)
    factories.version(world, "withdrawn", purpose=STRANGE)
    assert searched.hits(world.lan, STRANGE) == []


def test_a_car_and_a_finding_are_found_by_those_who_read_them(world: World) -> None:
    found = records.car(world, "plan_approved")
    assert searched.ids(world.minh, "thông tư đã hết hiệu lực") == [found.pk, found.finding_id]
    assert searched.ids(world.lan, "chưa quy định ai rà soát", "car") == [found.pk]
    assert searched.ids(world.lan, "lap so theo doi", "car") == [found.pk]
    assert searched.ids(world.lan, found.number, "car") == [found.pk]
    assert searched.ids(world.lan, "thông tư đã hết hiệu lực", "finding") == []
    assert searched.ids(world.son, "lap so theo doi", "car") == []


def test_a_foreign_agency_finds_nothing(world: World) -> None:
    factories.in_force(world, purpose=STRANGE)
    records.car(world, "analysis")
    for who in ("dung", "xuan", "root"):
        for query in (STRANGE, "thong tu", "quy trinh", "hctp"):
            assert searched.ids(world.people[who], query, "document") == [], (who, query)
            assert searched.ids(world.people[who], query, "car") == [], (who, query)
    assert searched.ids(world.cao, STRANGE, "document") != []
    assert searched.hits(world.root, "123/2015") == []
    assert searched.ids(world.dung, "123/2015", "regulation") != []


def test_the_page_groups_counts_and_escapes(world: World) -> None:
    factories.in_force(world, purpose="<script>alert('chứng thực')</script> & <b>")
    page = screens.text(world.son, reverse("workflows:search") + "?q=ch%E1%BB%A9ng+th%E1%BB%B1c")
    assert "<mark>chứng</mark> <mark>thực</mark>" in page
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "Tài liệu đang có hiệu lực" in page
    assert "Có 1 kết quả cho “chứng thực”." in page


def test_the_page_without_a_query_without_a_hit_and_with_too_much(world: World) -> None:
    url = reverse("workflows:search")
    assert 'id="asked"' in screens.text(world.son, url)
    assert "Không tìm thấy “xyz&lt;b&gt;”" in screens.text(world.son, f"{url}?q=xyz%3Cb%3E")
    assert "dài quá 200 ký tự" in screens.text(world.son, f"{url}?q={'a' * (QUERY_LIMIT + 1)}", status=400)
    assert "Không tìm thấy" in screens.text(world.son, f"{url}?q={'a' * QUERY_LIMIT}")
    assert f'action="{url}"' in screens.text(world.son, "/")


def test_more_of_one_kind(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "HITS", 2)
    monkeypatch.setattr(searching, "MOST", 3)
    for _version in range(4):
        factories.in_force(world)
    (found,) = (one for one in search(world.son, "thống nhất") if one.name == "document")
    assert (found.count, found.more, len(found.hits)) == (3, True, 2)
    url = reverse("workflows:search") + "?q=thong+nhat"
    assert "kind=document" in screens.text(world.son, url)
    (alone,) = search(world.son, "thống nhất", "document")
    assert len(alone.hits) == 3
    assert "Chỉ hiện" in screens.text(world.son, f"{url}&kind=document")
    assert "Có hơn" in screens.text(world.son, f"{url}&kind=nobody")


def test_what_is_hidden_in_front_does_not_cover_what_may_be_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST", 1)
    monkeypatch.setattr(searching, "WIDE", 1)
    to_come = timezone.localdate() + timedelta(days=30)
    for _each in range(3):
        factories.in_force(world, since=to_come, purpose="Thống nhất hiếm có")
    seen = factories.in_force(world, purpose="Thống nhất hiếm có")
    assert searched.ids(world.son, "hiếm có") == [seen.pk]
    assert searched.ids(world.son, "hiem co", "document") == [seen.pk]


def test_hidden_titles_and_texts_together_do_not_cover_what_may_be_seen(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither list is full, but both are more than are looked at first."""
    monkeypatch.setattr(searching, "MOST", 1)
    monkeypatch.setattr(searching, "WIDE", 2)
    to_come = timezone.localdate() + timedelta(days=30)
    for _each in range(3):
        owner = factories.in_force(world, since=to_come).document
        owner.title = "Đất đai hiếm có"
        owner.save()
    for _each in range(2):
        factories.in_force(world, since=to_come, purpose="Thống nhất hiếm có")
    seen = factories.in_force(world, purpose="Thống nhất hiếm có", since=date(2020, 1, 5))
    assert searched.ids(world.son, "hiếm có") == [seen.pk]
    assert searched.ids(world.son, "hiem co", "document") == [seen.pk]


def test_the_search_costs_the_same_whatever_is_found(world: World) -> None:
    def cost() -> int:
        with screens.statements() as found:
            assert searched.hits(world.son, "thống nhất")
        return len(found)

    factories.in_force(world)
    searched.hits(world.son, "thống nhất")
    few = cost()
    for _version in range(9):
        factories.in_force(world)
    assert cost() == few
    # Reach; titles, texts and, with marks, texts again, of five sources; then what is shown of the one, and for its
    # marks what is in force and what of that is dead.
    assert few <= 1 + 5 * 2 + 2 + 2 + 2


def test_hostile_strings_are_texts_like_others(world: World) -> None:
    factories.in_force(world)
    client = screens.log_in(world.son)
    for text in naughty_strings():
        try:
            answer = client.get(reverse("workflows:search"), {"q": text})
        except UnicodeEncodeError:  # half a character: no client can send it
            assert search(world.son, text) == []
            continue
        assert answer.status_code == (400 if len(nfc(text.strip())) > QUERY_LIMIT else 200), text
        assert b"<script>alert" not in answer.content


def test_a_percent_sign_is_no_wildcard(world: World) -> None:
    factories.in_force(world, purpose="Đạt 100% hồ_sơ")
    assert searched.hits(world.son, "100%", "document")
    assert searched.hits(world.son, "hồ_sơ", "document")
    assert searched.hits(world.son, "1%0 hồ", "document") == []
    assert searched.hits(world.son, "h_sơ", "document") == []


LETTERS = st.text(st.sampled_from("aàâăđÐd eéiơuư 0123/–-.%_#\\'\"ßİ½ﬁ\u0301\u0323\u031b\n"), max_size=40)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(LETTERS, min_size=1, max_size=6), query=LETTERS)
def test_the_database_finds_what_python_finds(db: None, texts: list[str], query: str) -> None:
    """Both conditions, read by the database and by Python; and what fits with its marks fits without."""
    Heading.objects.all().delete()
    fresh: list[Heading] = []
    for text in map(readable, texts):
        facts = {"day": date(2026, 1, 1), "source": "x", "owner": uuid.uuid4()}
        fresh.append(Heading(text=text, marked=marked(text), folded=folded(text), **facts))
    Heading.objects.bulk_create(fresh)
    wanted = Wanted.of(query)

    def python(one: Heading, exact: bool) -> bool:
        if exact:
            return all(word in one.marked for word in wanted.marked)
        loose = all(word in one.folded for word in wanted.words)
        return loose or bool(wanted.code and wanted.code in one.folded)

    for exact in (True, False):
        fits = Heading.objects.filter(wanted.exact if exact else wanted.loose)
        kept = set(fits.values_list("owner", flat=True))
        assert kept == {one.owner for one in fresh if python(one, exact)}


@given(LETTERS)
def test_a_text_is_cut_without_losing_a_word(text: str) -> None:
    long = f"{text} " * 90
    pieces = pieces_of(long)
    assert all(len(piece) <= CHUNK for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(long.split())


def written_down() -> list[tuple[object, ...]]:
    form = ("source", "owner", "agency", "folded", "marked")
    return sorted([*Heading.objects.values_list(*form), *Passage.objects.values_list(*form, "place")], key=str)


def test_the_clock_writes_what_is_missing(world: World) -> None:
    version = factories.in_force(world, purpose=STRANGE)
    car = records.car(world, "analysis")
    before = written_down()
    assert before
    for model in (Heading, Passage):
        model.objects.all().delete()
    assert searched.hits(world.son, STRANGE) == []
    catching_up.catch_up(timezone.now())
    assert searched.ids(world.son, STRANGE) == [version.pk]
    assert searched.ids(world.lan, "thông tư", "car") == [car.pk]
    assert written_down() == before
    assert catching_up.catch_up(timezone.now()) == ({}, [])


@pytest.mark.parametrize(("model", "name"), [(Heading, "heading"), (Passage, "passage")])
def test_the_indexes_stand_where_the_database_has_them(db: None, model: type[Model], name: str) -> None:
    with connection.cursor() as cursor:
        names = set(connection.introspection.get_constraints(cursor, model._meta.db_table))
    wanted = {f"{name}_folded", f"{name}_marked"} if connection.vendor == "postgresql" else set[str]()
    assert names >= {f"{name}_order", f"{name}_agency", f"{name}_once", *wanted}


@needs_data
def test_real_procedures_are_found_by_their_own_words(world: World) -> None:
    for row in rows("procedures")[:5]:
        steps: list[dict[str, Any]] = [
            {"key": f"s{place}", "name": text, "responsible": "Một cửa", "time": "", "form": ""}
            for place, text in enumerate(row["steps"])
        ]
        version = factories.in_force(world, steps=steps)
        said = sections_of(version.content)["steps"].splitlines()[0].split(" · ")[0]
        phrase = " ".join(said.split()[:8])[:QUERY_LIMIT]
        assert version.pk in searched.ids(world.son, phrase, "document")
        assert version.pk in searched.ids(world.son, folded(phrase).replace("#", ""), "document")
