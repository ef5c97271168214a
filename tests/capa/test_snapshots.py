"""Roll-ups kept as they stood, their files, and totals of reports that contradict themselves."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from openpyxl import load_workbook

from capa.models import ReportedTotal, Snapshot
from capa.services.reported import Told, beyond, contradictions, enter, parts_of, told_of
from capa.services.rollup import NotYet, Place, counted, references
from capa.services.snapshots import is_intact, rows_kept, shown, take
from documents.models import AnnouncedProcedure
from documents.services.announcing import announce
from tests.capa.test_rollup_pages import filled, watcher
from tests.people import World, person, seat
from tests.workflows.mergers import decided, second_commune
from tests.workflows.screens import log_in, text
from workflows.errors import BadAnswer, NotYourTurn
from workflows.handing import sweep
from workflows.models import Unit, User
from workflows.roles import Role

TODAY = timezone.localdate()


def test_a_snapshot_keeps_what_stood_and_the_live_figures_go_on(world: World) -> None:
    filled(world)
    place = Place(world.unit("tinh"), TODAY)
    kept = take(place, world.cao, "Báo cáo năm")
    before = {one["number"]: one["numerator"] for one in kept.figures}
    announce(AnnouncedProcedure(agency=world.unit("xa"), code="99", title="9", change="new", effective_on=TODAY))
    Unit.objects.filter(pk=world.unit("xa").pk).update(name="Xã khác")
    again = Snapshot.objects.get(pk=kept.pk)
    assert is_intact(again)
    assert [shown(one) for one in counted(rows_kept(again), references(place))] == again.figures, "from its own rows"
    assert {one["number"]: one["numerator"] for one in again.figures} == before
    page = text(world.cao, kept.get_absolute_url())
    assert "Mã kiểm tra khớp" in page
    for one in again.figures:
        listed = text(world.cao, f"{kept.get_absolute_url()}{one['number']}/in/")
        assert f"Tổng {one['numerator']}," in listed or f"{one['numerator']} dòng" in listed, one["key"]
        keys = [part["key"] for part in one["parts"]] + (["of"] if one["denominator"] is not None else [])
        for key in keys:
            assert f"{kept.get_absolute_url()}{one['number']}/{key}/" in page, (one["key"], key)
    assert "100,0 %" in page, "as everywhere"
    assert "Xã Bình Minh" in text(world.cao, f"{kept.get_absolute_url()}14/of/"), "as it was called"
    assert "Tổng 3," in text(world.cao, f"/figures/14/of/?node={world.unit('tinh').pk}")


def test_every_number_of_a_snapshot_leads_to_what_it_counted_then(world: World) -> None:
    filled(world)
    kept = take(Place(None, TODAY), watcher(world))
    xa = world.unit("xa").pk
    Unit.objects.filter(pk=xa).update(name="Xã khác", kind="department")
    announce(AnnouncedProcedure(agency=world.unit("xa"), code="99", title="9", change="new", effective_on=TODAY))
    client, page = log_in(kept.taken_by), text(kept.taken_by, kept.get_absolute_url())
    found = re.findall(rf'<a href="({kept.get_absolute_url()}(\d+)/(\w+)/)">(\d+)</a>', page)
    keys = {(int(number), key) for _url, number, key, _value in found}
    assert keys == {
        (one["number"], key)
        for one in kept.figures
        for key in ("in", *(["of"] if one["denominator"] is not None else []), *(part["key"] for part in one["parts"]))
    }
    for url, _number, _key, value in found:
        listed = client.get(url).content.decode()
        total = re.search(r"Tổng (\d+), cộng từ (\d+) dòng", listed)
        shown = (total[1], total[2]) if total else (value, value)
        assert (shown[0], f"{shown[1]} dòng" in listed) == (value, True), url
    commune = text(kept.taken_by, f"{kept.get_absolute_url()}14/of/")
    assert ("Xã Bình Minh" in commune, "Xã khác" in commune) == (True, False)
    assert "Xã, phường, đặc khu</td>" in commune, "of the kind that it was"
    assert [log_in(world.son).get(url).status_code for url, *_rest in found[:3]] == [404] * 3


def test_a_snapshot_is_never_rewritten_and_a_forged_one_shows(world: World) -> None:
    kept = take(Place(world.unit("stp"), TODAY), world.hoa)
    for change in (kept.delete, kept.save):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    kept.figures = json.loads(json.dumps(kept.figures).replace('"numerator": 0', '"numerator": 7'))
    assert not is_intact(kept)
    assert connection.vendor


def test_who_freezes_and_who_reads(world: World) -> None:
    stp, tinh = Place(world.unit("stp"), TODAY), Place(world.unit("tinh"), TODAY)
    for who, place in (
        (world.lan, stp),
        (world.son, stp),
        (world.hoa, tinh),
        (world.dung, stp),
        (world.cao, Place(None, TODAY)),
    ):
        with pytest.raises(NotYourTurn):
            take(place, who)
    with pytest.raises(NotYet):
        take(Place(world.unit("stp"), TODAY + timedelta(days=1)), world.hoa)
    kept = take(stp, world.cao)
    url = kept.get_absolute_url()
    whole = take(Place(None, TODAY), watcher(world))
    for who, mine, country in (
        (world.son, 200, 404),
        (world.cao, 200, 404),
        (world.dung, 404, 404),
        (world.xuan, 404, 404),
    ):
        client = log_in(who)
        assert [client.get(one).status_code for one in (url, whole.get_absolute_url())] == [mine, country]
        assert client.get(f"{url}files/xlsx/").status_code == mine
        assert (url in client.get("/figures/snapshots/").content.decode()) == (mine == 200)
    assert log_in(world.son).post(f"/figures/freeze/?node={world.unit('stp').pk}").status_code == 403
    assert log_in(world.hoa).post("/figures/freeze/", {"note": "Quý IV"}).status_code == 302
    assert log_in(world.hoa).get("/figures/freeze/").status_code == 405
    assert Snapshot.objects.get(note="Quý IV").node == world.unit("stp")


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_files_say_what_the_page_says(world: World, kind: str) -> None:
    filled(world)
    node = world.unit("tinh")
    kept = take(Place(node, TODAY), world.cao)
    for url in (f"/figures/files/{kind}/?node={node.pk}", f"{kept.get_absolute_url()}files/{kind}/"):
        answer = log_in(world.cao).get(url)
        assert "attachment" in answer["Content-Disposition"]
        if kind == "xlsx":
            rows = list(
                load_workbook(BytesIO(answer.content))["Số liệu tổng hợp"].iter_rows(min_row=2, values_only=True)
            )
            assert [(row[0], row[2], row[3]) for row in rows] == [
                (one["key"], one["numerator"], one["denominator"]) for one in kept.figures
            ]
            continue
        document = ZipFile(BytesIO(answer.content)).read("word/document.xml").decode()
        said = re.sub(r"<[^>]+>", "|", document)
        for words in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "TỈNH SÔNG VÀNG", "BÁO CÁO", "Nơi nhận", "F13"):
            assert words in said, words
        assert ("chưa chốt" in said) == ("files/docx/?" in url)
    assert log_in(world.cao).get(f"/figures/files/pdf/?node={node.pk}").status_code == 404
    assert log_in(world.dung).get(f"/figures/files/{kind}/?node={node.pk}").status_code == 404


def told(number: int, numerator: int, denominator: int | None, *parts: int) -> Told:
    return Told(number, numerator, denominator, [(str(n), part) for n, part in enumerate(parts)], "BC")


def test_numbers_that_contradict_themselves(world: World) -> None:
    assert contradictions(told(2, 161, None, 26, 135)) == {}
    assert contradictions(told(2, 161, None)) == {}
    (sentence,) = contradictions(told(2, 161, None, 26, 153)).values()
    assert "26 + 153 = 179, không phải 161" in sentence
    assert set(contradictions(told(13, 5564, 8910))) == set()
    assert set(contradictions(told(13, 8911, 8910))) == {"denominator"}
    assert set(contradictions(told(13, 5564, None))) == {"denominator"}
    assert set(contradictions(told(2, 161, 200))) == {"denominator"}
    assert parts_of("Sở, ngành: 26\n\nCấp xã = 1.135\r\n") == [("Sở, ngành", 26), ("Cấp xã", 1135)]
    for wrong in ("26", "Cấp xã: 1.35", "Cấp xã: -5", "Cấp xã: mười"):
        with pytest.raises(BadAnswer):
            parts_of(wrong)


def test_totals_that_cannot_stand_beside_each_other() -> None:
    typed: dict[int, tuple[int, int | None]] = {1: (52, None), 3: (50, 52), 5: (19, 52), 6: (32, 52)}
    assert beyond(told(7, 1, 52), typed) == {}
    assert beyond(told(4, 39, 52), typed) == {}, "F3 and F4 overlap"
    (sentence,) = beyond(told(7, 2, 52), typed).values()
    assert "F5 (19) + F6 (32) + F7 (2): 53 cơ quan, nhiều hơn 52" in sentence
    assert set(beyond(told(8, 53, 60), typed)) == {"numerator"}
    assert set(beyond(told(1, 49, None), typed)) == {"numerator"}, "F3 has 50 of them"
    assert "F5 (19) + F6 (32): 51" in beyond(told(1, 50, None), typed)["numerator"]
    assert beyond(told(1, 53, None), typed) == {}
    assert beyond(told(7, 2, 53), {5: (19, 52), 6: (32, 52)}) == {}, "a correction under way"
    assert set(beyond(told(7, 2, 52), {5: (19, 52), 6: (32, 52)})) == {"numerator"}
    assert beyond(told(2, 900, None), typed) == beyond(told(13, 5564, 8910), typed) == {}


def test_totals_of_another_day_or_place_do_not_stand_beside(world: World) -> None:
    url = "/figures/reported/new/?node={}&on={}"
    tinh, stp, client = world.unit("tinh"), world.unit("stp"), log_in(world.cao)
    first = {"indicator": "1", "numerator": "5", "source": "BC"}
    assert client.post(url.format(tinh.pk, TODAY), first).status_code == 302
    given = {"indicator": "3", "numerator": "6", "denominator": "6", "source": "BC"}
    refused = client.post(url.format(tinh.pk, TODAY), given)
    assert (refused.status_code, "nhiều hơn 5 cơ quan" in refused.content.decode()) == (400, True)
    assert client.post(url.format(tinh.pk, TODAY - timedelta(days=1)), given).status_code == 302
    seat(world.cao, Role.PROVINCE_COORDINATOR, stp)
    assert log_in(world.cao).post(url.format(stp.pk, TODAY), given).status_code == 302


def test_the_last_that_was_told_of_a_place_by_the_day_stands(world: World) -> None:
    tinh = world.unit("tinh")
    for month, number in ((6, 7), (3, 4), (9, 8), (9, 9)):
        given = {"node": tinh, "indicator": 2, "day": date(2025, month, 30), "numerator": number, "source": "BC"}
        ReportedTotal.objects.create(**given, entered_at=timezone.now(), entered_by=world.cao)

    def said(day: date, node: Any = tinh) -> dict[int, int]:
        return {one: row.numerator for one, row in ReportedTotal.objects.told(node, day).items()}

    days = [date(2025, 3, 29), date(2025, 3, 30), date(2025, 6, 30), date(2025, 12, 31), date(2026, 1, 1)]
    assert [said(day) for day in days] == [{}, {2: 4}, {2: 7}, {2: 9}, {}]
    assert said(days[3], None) == said(days[3], world.unit("stp")) == {}


def test_a_report_is_typed_and_refused_on_the_page(world: World) -> None:
    url = f"/figures/reported/new/?node={world.unit('tinh').pk}"
    given: dict[str, Any] = {"indicator": "2", "numerator": "161", "source": "90/BC-SKHCN", "parts": "Sở: 26\nXã: 153"}
    client = log_in(world.cao)
    answer = client.post(url, given)
    page = answer.content.decode()
    assert (answer.status_code, "26 + 153 = 179, không phải 161" in page) == (400, True)
    assert "Xã: 153" in page, "what was typed stays"
    assert client.post(url, {**given, "numerator": "-1"}).status_code == 400
    assert not ReportedTotal.objects.exists()
    assert client.post(url, {**given, "parts": "Sở: 26\nXã: 135"}).status_code == 302
    assert "Theo 90/BC-SKHCN" in text(world.cao, f"/figures/?node={world.unit('tinh').pk}")
    assert "90/BC-SKHCN" not in text(world.cao, f"/figures/?node={world.unit('stp').pk}")
    assert "90/BC-SKHCN" not in text(
        world.cao, f"/figures/?node={world.unit('tinh').pk}&on={date(TODAY.year - 1, 5, 5)}"
    )
    assert {log_in(who).get(url).status_code for who in (world.son, world.dung)} == {404}
    assert log_in(world.son).get("/figures/reported/new/").status_code == 403


def test_after_a_move_the_body_above_now_sees_it_and_the_one_before_no_longer(world: World) -> None:
    second_commune(world)
    tinh, stp, xa = (world.unit(name) for name in ("tinh", "stp", "xa"))
    new = Unit.objects.create(code="SM", name="Sở Nội vụ", kind="department", parent=tinh)
    head = person("trangiam")
    seat(head, Role.ISO_SECRETARY, new)
    kept = take(Place(xa, TODAY), world.cao)
    whole = take(Place(None, TODAY), watcher(world))
    reported = enter(Place(xa, TODAY), world.cao, Told(2, 161, None, [], "BC"))

    def seen() -> dict[str, tuple[bool, bool, int]]:
        people = {name: User.objects.get(username=name) for name in ("hoa", "trangiam", "cao", "xuan", "dung")}
        return {
            name: (
                Snapshot.objects.visible_to(one).filter(pk=kept.pk).exists(),
                ReportedTotal.objects.visible_to(one).filter(pk=reported.pk).exists(),
                log_in(one).get(kept.get_absolute_url()).status_code,
            )
            for name, one in people.items()
        }

    yes, no = (True, True, 200), (False, False, 404)
    assert seen() == {"hoa": yes, "trangiam": no, "cao": yes, "xuan": yes, "dung": no}
    decided(world, {"what": "move", "unit": "XA1", "parent": "SM"}, on=TODAY)
    assert sweep(timezone.now())[1] == []
    assert seen() == {"hoa": no, "trangiam": yes, "cao": yes, "xuan": yes, "dung": no}
    assert is_intact(Snapshot.objects.get(pk=kept.pk)), "what was sealed is as it was"
    assert kept.path.startswith(stp.path)
    assert set(told_of(Place(Unit.objects.get(pk=xa.pk), TODAY), TODAY)) == {2}
    assert told_of(Place(stp, TODAY), TODAY) == {}
    for who in (world.hoa, head, world.cao):
        assert not Snapshot.objects.visible_to(who).filter(pk=whole.pk).exists(), "the country is for who watches it"
    assert Snapshot.objects.visible_to(whole.taken_by).count() == 2
