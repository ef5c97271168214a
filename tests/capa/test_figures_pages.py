"""The page of figures and its files, as their readers get them."""

from __future__ import annotations

import io
import re
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from capa.models import Car
from capa.services import figure_sheets
from capa.services.car_filters import chosen
from capa.services.figures import figures
from tests.capa import town_of_cars as town
from tests.people import World
from tests.workflows.screens import log_in, statements, text
from workflows.models import Unit, User
from workflows.workbooks import MEDIA_TYPE, Sheet, workbook

PAGE = "/cars/figures/"
HOSTILE = "</title></svg><script>alert(1)</script><img src=x onerror=alert(1)>&amp;\"'"
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1", "＋1", "－1", "＠x", "#N/A", "=cmd|' /C calc'!A0")


class Links(HTMLParser):
    """Links into the list, each with its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[list[str]] = []
        self._open = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        to = dict(attrs).get("href") or ""
        if tag == "a" and to.startswith("/cars/?"):
            self.found.append([to, ""])
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        self._open &= tag != "a"

    def handle_data(self, data: str) -> None:
        if self._open:
            self.found[-1][1] += f"{data} "


def sheets(content: bytes) -> Workbook:
    """A file read back."""
    return load_workbook(io.BytesIO(content))


def rows(book: Workbook, place: int) -> list[tuple[Any, ...]]:
    """Values of one sheet."""
    return list(book.worksheets[place].iter_rows(values_only=True))


def fetched(user: User, url: str) -> Any:
    """The answer with a file."""
    answer = log_in(user).get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, MEDIA_TYPE)
    return answer


def test_addresses() -> None:
    assert reverse("capa:figures") == PAGE
    assert reverse("capa:figures_xlsx") == "/cars/figures.xlsx"
    assert reverse("capa:cars_xlsx") == "/cars.xlsx"
    for url in (PAGE, "/cars/figures.xlsx", "/cars.xlsx"):
        assert Client().get(url).status_code == 302
        assert Client().post(url).status_code in (302, 405)


def test_every_number_leads_to_a_list_of_this_length(world: World) -> None:
    town.build(world, 30)
    client, wrong = log_in(world.tuan), {}
    links = Links(client.get(PAGE).content.decode()).found
    assert len(links) > 80
    timely = [(to, words) for to, words in links if "timely" in to]
    for to, words in links:
        shown = re.search(r"(\d+)/\d+", words) if (to, words) in timely else re.search(r"\d+", words)
        if "bình quân" in words:
            continue
        assert shown is not None, (to, words)
        number = int(shown[1] if (to, words) in timely else shown[0])
        answer = client.get(to)
        assert answer.status_code == 200, to
        if (length := answer.context["page_obj"].paginator.count) != number:
            wrong[to] = (number, length)
    assert wrong == {}
    assert len(timely) == 1


def test_an_empty_town_says_so_and_divides_nothing_by_nothing(world: World) -> None:
    page = text(world.tuan, PAGE)
    assert page.count("chưa có") == 2
    assert "0/0" not in page
    assert 'class="figure-chart"' not in page
    book = sheets(fetched(world.tuan, "/cars/figures.xlsx").content)
    assert [row[1] for row in rows(book, 0)[1:]] == [0, 0, 0, 0, "chưa có", "chưa có"]


def test_statements_do_not_grow_with_cars(world: World) -> None:
    counted: dict[str, list[int]] = {PAGE: [], "/cars/figures.xlsx": [], "/cars.xlsx": []}
    for number in (3, 57):
        town.build(world, number, seed=number)
        client = log_in(world.tuan)
        for url, found in counted.items():
            with statements() as run:
                client.get(url)
            found.append(len(run))
    assert {url: found[0] - found[1] for url, found in counted.items()} == dict.fromkeys(counted, 0)
    assert max(counted[PAGE]) <= 12  # eight of the figures; session read and kept, person, the number of the bell


def test_hostile_names_are_words_in_html_and_svg(world: World) -> None:
    Unit.objects.filter(pk=world.unit("hctp").pk).update(name=HOSTILE)
    town.car(world, description=HOSTILE, source=HOSTILE[:20], clause=HOSTILE)
    page = text(world.tuan, PAGE)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    drawn = re.findall(r"<svg viewBox.*?</svg>", page.split("<main")[1], re.DOTALL)
    roots = [ET.fromstring(svg) for svg in drawn]  # noqa: S314 - our own page
    assert len(roots) >= 5
    for root in roots:
        assert root.get("role") == "img"
        named = (root.get("aria-labelledby") or "").split()
        assert [one.tag for one in root[:2]] == ["title", "desc"]
        assert [one.get("id") for one in root[:2]] == named
        assert all(one.text for one in root[:2])
        assert not any("style" in one.attrib or one.tag == "style" for one in root.iter())


def test_pictures_have_whole_numbers_in_either_language(world: World) -> None:
    town.build(world, 28)
    client = log_in(world.tuan)
    for language in ("vi", "en"):
        client.post("/language/", {"language": language})
        page = client.get(PAGE).content.decode()
        numbers = re.findall(r'<(?:rect|circle|text)\b[^>]*? (?:x|y|width|height|cx|cy)="([^"]*)"', page)
        assert numbers
        assert [one for one in numbers if not one.isdecimal()] == []


def test_the_year_is_chosen_and_kept_in_the_files_name(world: World) -> None:
    today = timezone.localdate()
    last = date(today.year - 1, 6, 1)
    town.task(world, town.car(world, state="closed", found_on=last, closed_on=last, completed_on=last), last)
    page = text(world.tuan, f"{PAGE}?year={last.year}")
    assert f"Đóng trong năm {last.year}" in page
    assert "100,0 %" in page
    assert "1/1" in page
    answer = fetched(world.tuan, f"/cars/figures.xlsx?year={last.year}")
    assert f'filename="so-lieu-khac-phuc-{last.year}.xlsx"' in answer["Content-Disposition"]
    assert answer["Content-Disposition"].startswith("attachment")


def test_the_file_has_the_numbers_of_the_page(world: World) -> None:
    town.build(world, 42)
    found = figures(Car.objects.visible_to(world.tuan), {}, timezone.localdate())
    book = sheets(fetched(world.tuan, "/cars/figures.xlsx").content)
    assert len(book.sheetnames) == 8
    for place, table in enumerate(found.tables, start=1):
        expected = [(row.label, *(number.n for number in row.numbers)) for row in (*table.rows, table.total)]
        assert rows(book, place)[1:] == expected
    for sheet in book.worksheets:
        assert all(cell.font.bold for cell in sheet[1])
        assert sheet.column_dimensions["A"].width > 30
        assert sheet.freeze_panes == "A2"
    summary, pareto = book.worksheets[0], book.worksheets[-1]
    assert summary["D7"].value == pytest.approx(found.timely.number.n / found.timely.of)
    assert summary["D7"].number_format == "0.0%"
    assert [row[1] for row in rows(book, 7)[1:]] == [*(part.number.n for part in found.causes), found.uncaused.n]
    assert pareto.cell(len(found.causes) + 1, 4).value == 1


def test_nothing_in_a_file_is_a_formula(world: World) -> None:
    for place, formula in enumerate(FORMULAS):
        town.car(world, number=f"{formula}{place}", description=formula, clause=formula)
    Unit.objects.filter(pk=world.unit("hctp").pk).update(name=FORMULAS[0])
    for url in ("/cars/figures.xlsx", "/cars.xlsx"):
        book = sheets(fetched(world.tuan, url).content)
        cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    shown = book.worksheets[0]
    assert sorted(cell.value.strip() for cell in shown["K"][1:]) == sorted(one.strip() for one in FORMULAS)
    assert all(cell.quotePrefix for cell in shown["K"][1:] if cell.value != "#N/A")
    assert shown["B2"].value == FORMULAS[0]


@pytest.mark.parametrize("odd", ["a\x00b", "a\x0bb", "\ud800x", "\ufffe", "x" * 40_000, "a\r\nb\rc"])
def test_letters_that_no_sheet_can_hold_do_not_spoil_the_file(odd: str) -> None:
    book = sheets(workbook([Sheet("A", ("Đầu",), [(odd,), ("sau",)])]))
    assert rows(book, 0)[2] == ("sau",)
    assert len(rows(book, 0)[1][0] or "") <= 32_767


def test_the_list_as_a_file_has_real_dates_and_the_same_filters(world: World) -> None:
    town.build(world, 42)
    today = timezone.localdate()
    for query in ("", "?group=open", "?group=closed", f"?unit={world.unit('bttp').pk}", "?cause=none", "?source=xyz"):
        client = log_in(world.tuan)
        shown = client.get(f"/cars/{query}").context["page_obj"].paginator.count
        assert len(rows(sheets(client.get(f"/cars.xlsx{query}").content), 0)) == shown + 1, query
    answer = fetched(world.tuan, "/cars.xlsx?group=closed")
    assert f"{today.year}" in answer["Content-Disposition"]
    listed = rows(sheets(answer.content), 0)
    closed = chosen(Car.objects.visible_to(world.tuan), {"group": "closed"}, today)
    assert {row[0] for row in listed[1:]} == set(closed.values_list("number", flat=True))
    assert all(isinstance(row[6], datetime) and isinstance(row[8], datetime) for row in listed[1:])
    assert all(isinstance(row[9], int) for row in listed[1:])
    assert listed[0][-1] == "Mô tả"


def test_the_list_says_what_was_asked_and_what_is_cut(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for days in range(5):
        town.car(
            world, description=f"  \n Dòng một {'x' * 300}\nDòng hai", found_on=timezone.localdate() - timedelta(days)
        )
    whole = sheets(fetched(world.tuan, "/cars.xlsx?group=open&age=0-30&severity=minor").content)
    notes = dict(row[:2] for row in rows(whole, 1)[1:])
    assert notes["Mức độ"] == "Nhẹ"
    assert notes["Nhóm phiếu"] == "Đang mở"
    assert "0–30 ngày" in notes["Chỉ gồm"]
    assert notes["Số phiếu khớp"] == 5
    assert rows(whole, 0)[1][10].startswith("Dòng một")
    assert len(rows(whole, 0)[1][10]) == 200
    monkeypatch.setattr(figure_sheets, "MOST_ROWS", 3)
    cut = sheets(fetched(world.tuan, "/cars.xlsx").content)
    assert len(rows(cut, 0)) == 1 + 3 + 1
    assert "3 phiếu đầu trong số 5" in rows(cut, 0)[-1][0]
    assert "3 phiếu đầu trong số 5" in rows(cut, 1)[-1][0]


def test_nobody_gets_a_line_of_another_agency(world: World) -> None:
    town.car(world, "nx1", description="Bí mật của Núi Xanh")
    town.car(world, "bttp", description="Của Bổ trợ")
    for name, number in (("tuan", 1), ("minh", 0), ("dung", 1), ("cao", 0), ("root", 0), ("xuan", 0)):
        listed = rows(sheets(fetched(world.people[name], "/cars.xlsx").content), 0)
        assert len(listed) == 1 + number, name
        assert ("Bí mật của Núi Xanh" in str(listed)) == (name == "dung")
