"""The roll-up on its pages and over the API: who sees which node, and every number with the list behind it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from capa.api.figures import FigureShape
from capa.indicators import BY_NUMBER, INDICATORS
from capa.models import Certificate, Provider
from capa.rollup import Figure
from capa.services.rollup import Place as At
from capa.services.rollup import figures, inspected
from documents.models import AnnouncedProcedure
from documents.services.announcing import announce
from tests import factories
from tests.capa import inspected as inspections
from tests.documents import published
from tests.people import World, person, seat
from tests.workflows.screens import log_in, statements, text
from workflows.models import Unit

pytestmark = pytest.mark.once

TODAY = timezone.localdate()
PAGE = "/figures/"


def filled(world: World) -> None:
    """A country in which every figure but the empty ones counts something."""
    published.publication(world)
    announce(
        AnnouncedProcedure(agency=world.unit("xa"), code="9", title="9", change="new", effective_on=date(2020, 1, 1))
    )
    factories.in_force(world, "xa")
    factories.version(world)
    inspections.inspection(world, "closed")
    year = TODAY + timedelta(days=365)
    Certificate.objects.create(agency=world.unit("stp"), number="1", body="Vinacert-7", issued_on=TODAY, valid_to=year)
    for kind in ("consultancy", "consultant", "assessor"):
        Provider.objects.create(kind=kind, name=kind, number=kind, valid_from=date(2020, 1, 1))
    Provider.objects.create(kind="certifier", name="Cũ", number="9", valid_from=date(2020, 1, 1), valid_to=TODAY)


def watcher(world: World) -> Any:
    """Somebody who follows the country from a ministry, under which nothing is."""
    ministry = Unit.objects.create(code="BO", name="Bộ Khoa học", kind="ministry")
    user = person("quansat")
    seat(user, "national_viewer", ministry)
    return user


def numbers(page: str) -> list[tuple[str, int]]:
    """Every linked number of the page with its address."""
    found = re.findall(r'<a href="(/figures/\d+/[a-z_]+/\?[^"]+)">([\d.]+)</a>', page)
    return [(url.replace("&amp;", "&"), int(number.replace(".", ""))) for url, number in found]


def test_every_number_is_as_long_as_its_list_or_its_sum(world: World) -> None:
    filled(world)
    user = watcher(world)
    for who, node in ((user, "country"), (world.cao, str(world.unit("tinh").pk)), (world.xuan, "")):
        found = numbers(text(who, f"{PAGE}?node={node}"))
        assert len(found) > len(INDICATORS)
        for url, number in found:
            page = text(who, url)
            total = re.search(r"Tổng (\d+), cộng từ (\d+) dòng", page)
            rows = page.count('<td data-label="Tên">')
            if total is None:
                assert (rows, f"{number} dòng" in page) == (number, True), url
                continue
            assert int(total[1]) == number, url
            parts = re.findall(r'<td data-label="Số">(\d+)(?:/(\d+))?</td>', page)
            column = 1 if "/of/" in url else 0
            assert sum(int(part[column] or part[0]) for part in parts) == number, url
    page = text(user, f"{PAGE}?node=country")
    assert "Danh mục đơn vị hành chính 2026" in page
    assert "không cộng hai số này" in page


def test_the_province_sees_what_is_in_it_and_nothing_else(world: World) -> None:
    filled(world)
    announce(AnnouncedProcedure(agency=world.unit("nx"), code="7", title="7", change="new", effective_on=TODAY))
    found = {one.indicator.number: one for one in figures(world.unit("tinh"), TODAY)}
    assert (found[14].numerator, found[14].denominator) == (1, 2)
    assert (found[1].numerator, found[16].numerator, found[17].numerator) == (1, 1, 3)
    page = text(world.cao, f"/figures/14/of/?node={world.unit('tinh').pk}")
    assert "Sở Tư pháp tỉnh Sông Vàng" in page
    assert "Núi Xanh" not in page


def test_who_sees_which_node(world: World) -> None:
    national = watcher(world)
    stp, tinh, division = (world.unit(name).pk for name in ("stp", "tinh", "hctp"))
    rows = [
        (world.son, "", 200), (world.son, str(stp), 200), (world.son, str(world.unit("xa").pk), 200),
        (world.son, str(tinh), 404), (world.son, "country", 404), (world.son, str(division), 404),
        (world.dung, str(stp), 404), (world.xuan, str(stp), 404), (world.cao, str(stp), 200),
        (world.root, "", 403), (world.root, str(stp), 404), (world.son, "abc", 404), (world.son, "9" * 30, 404),
        (national, "country", 200), (national, str(stp), 200),
    ]  # fmt: skip
    for user, node, status in rows:
        for url in (PAGE, "/figures/14/in/", "/api/figures/", "/api/figures/14/in/"):
            asked = f"{url}?node={node}" if node else url
            got = log_in(user).get(asked).status_code
            assert got == status or (url.startswith("/api/") and len(node) > 9 and got == 400), (user, url, node, got)


def test_a_number_that_is_none_is_no_address_and_a_day_to_come_has_no_figures(world: World) -> None:
    for url in ("/figures/18/in/", "/figures/1/of/", "/figures/14/x/", "/figures/3/law/", "/figures/0/in/"):
        assert log_in(world.son).get(url).status_code == 404, url
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    page = text(world.son, f"{PAGE}?on={tomorrow}", 400)
    assert "chưa đến" in page
    assert "F1" not in page
    assert log_in(world.son).get(f"/figures/14/in/?on={tomorrow}").status_code == 404
    assert log_in(world.son).get(f"/api/figures/?on={tomorrow}").status_code == 400
    assert "Không hiểu ngày" in text(world.son, f"{PAGE}?on=hôm+qua", 400)


def test_the_api_says_what_the_page_says(world: World) -> None:
    filled(world)
    place = world.unit("tinh")
    for day in (TODAY, TODAY - timedelta(days=400)):
        told = log_in(world.cao).get(f"/api/figures/?node={place.pk}&on={day.isoformat()}").json()
        wanted = figures(place, day)
        assert [(one["number"], one["numerator"], one["denominator"]) for one in told["figures"]] == [
            (one.indicator.number, one.numerator, one.denominator) for one in wanted
        ]
        said = {one["number"]: one["percent"] for one in told["figures"]}
        assert said == {one.indicator.number: None if one.percent is None else str(one.percent) for one in wanted}
    listed = log_in(world.cao).get(f"/api/figures/14/of/?node={place.pk}").json()
    assert (listed["count"], {row["number"] for row in listed["results"]}) == (2, {"1/1", "0/1"})


def test_the_api_gives_each_percent_the_decimals_of_its_indicator(world: World) -> None:
    user = watcher(world)
    told = log_in(user).get("/api/figures/?node=country").json()["figures"]
    assert {one["number"]: one["percent"] for one in told if one["number"] in (9, 11)} == {9: "0", 11: "0.0"}
    shown = {number: Figure(BY_NUMBER[number], 20, (), 22) for number in (9, 11)}
    assert {number: FigureShape(one).data["percent"] for number, one in shown.items()} == {9: "91", 11: "90.9"}


def test_an_agency_inspected_twice_counts_once_by_its_last(world: World) -> None:
    found = inspections.inspection(world, "closed")
    day = found.done_on
    assert day is not None
    assert [(one.agency, one.mode, one.built_applied) for one in inspected(At(None, day))] == [
        (world.unit("xa").pk, "direct", True)
    ]
    for other in (day - timedelta(days=1), date(day.year + 1, 1, 1)):
        assert inspected(At(None, other)) == [], other
    assert inspected(At(world.unit("nx"), day)) == []
    assert inspected(At(world.unit("stp"), date(day.year, 12, 31))) != []


@pytest.mark.parametrize("url", [PAGE, "/figures/13/of/"])
def test_pages_cost_the_same_whatever_the_number_of_agencies(world: World, url: str) -> None:
    client, asked = log_in(world.cao), f"{url}?node={world.unit('tinh').pk}"
    client.get(asked)
    with statements() as before:
        client.get(asked)
    for n in range(8):
        Unit.objects.create(code=f"X{n}", name=f"Xã {n}", kind="commune", parent=world.unit("tinh"))
    with statements() as after:
        assert client.get(asked).status_code == 200
    assert len(after) == len(before) <= 30, "\n".join(after)
    assert reverse("capa:rollup") == PAGE


def test_registers_by_day_and_by_sight(world: World) -> None:
    filled(world)
    assert "Vinacert-7" in text(world.son, "/figures/certificates/")
    assert "Vinacert-7" in text(world.cao, "/figures/certificates/")
    assert "Vinacert-7" not in text(world.dung, "/figures/certificates/")
    assert "Vinacert-7" not in text(world.xuan, "/figures/certificates/")
    assert "Cũ" in text(world.xuan, "/figures/providers/")
    client, day = log_in(world.dung), TODAY.isoformat()
    assert client.get("/api/certificates/").json()["count"] == 0
    told = [client.get(url).json()["count"] for url in ("/api/providers/", f"/api/providers/?on={day}")]
    assert told == [4, 3]
    gone = Certificate.objects.get()
    gone.withdrawn_on = TODAY
    gone.save()
    assert {one.indicator.number: one.numerator for one in figures(None, TODAY)}[16] == 0
    assert log_in(world.son).get(f"/api/certificates/?on={day}").json()["count"] == 0
