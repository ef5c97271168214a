"""Bar of the alarm on the real data: the procedures that stand on dead law are marked from the day, and no other.

The expected answer is worked out from the files by loops over their rows, without a line of the product.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from documents.models import DocumentVersion
from documents.services.alarm import LAW, alarms, condition
from documents.services.asof import Moment
from tests.people import World
from tests.real_data import DATA, needs_data, rows
from tests.workflows.screens import text

STALE = {
    "2.000528": ("01/2013/TT-BVHTTDL", date(2021, 3, 20), "01/2021/TT-BVHTTDL"),
    "2.000587": ("01/2013/TT-BVHTTDL", date(2021, 3, 20), "01/2021/TT-BVHTTDL"),
    "2.000986": ("15/2015/TT-BTP", date(2020, 7, 16), "04/2020/TT-BTP"),
    "2.001023": ("15/2015/TT-BTP", date(2020, 7, 16), "04/2020/TT-BTP"),
}
TODAY = timezone.localdate()
Ending = tuple[date, str, str]
"""From when, how, and by what an act ends."""
Why = dict[str, dict[str, tuple[date | None, frozenset[str]]]]
"""Procedure → dead act that it cites → the first day of its being dead, and what replaced it."""


def plain(number: str) -> str:
    return re.sub(r"^0+", "", number.upper().replace("Đ", "D").replace(" ", ""))


def day(raw: str | None) -> date | None:
    return date.fromisoformat(raw) if raw else None


def ended(acts: dict[str, Any]) -> tuple[dict[str, list[Ending]], dict[str, set[str]]]:
    """What ends each act, and what replaces it nobody knows when; not by what was itself dead before that day."""
    endings: dict[str, list[Ending]] = defaultdict(list)
    undated: dict[str, set[str]] = defaultdict(set)
    for row in rows("relations"):
        since = day(row["effective"]) or day(acts[plain(row["source"])]["effective"])
        if row["relation"] in ("replaces", "repeals") and since:
            endings[plain(row["target"])].append((since, row["relation"], plain(row["source"])))
        elif row["relation"] == "replaces":
            undated[plain(row["target"])].add(plain(row["source"]))
    over = {key: day(act["expired"]) or date.max for key, act in acts.items()}
    for key, found in endings.items():
        over[key] = min([over[key], *(since for since, _kind, _source in found)])
    held = {key: [one for one in found if over[one[2]] >= one[0]] for key, found in endings.items()}
    return defaultdict(list, held), undated


def brute_force(on: date) -> Why:
    """What the files say is dead on a day, procedure by procedure and act by act."""
    acts = {plain(row["number"]): row for row in rows("regulations")}
    endings, undated = ended(acts)
    dead: dict[str, tuple[date | None, frozenset[str]]] = {}
    for key, act in acts.items():
        days = [since for since, _kind, _source in endings[key]] + [end for end in [day(act["expired"])] if end]
        begun = day(act["effective"])
        unknown = act["status"] == "expired" and not days and (begun is None or begun <= on)
        past = [end for end in days if end <= on]
        if past or unknown:
            heirs = {source for since, kind, source in endings[key] if kind == "replaces" and since <= on}
            dead[key] = (min(past, default=None), frozenset(heirs or undated[key]))
    found: Why = {}
    for row in rows("procedures"):
        for number in row["legal_basis"]:
            if plain(number) in dead:
                found.setdefault(row["code"], {})[plain(number)] = dead[plain(number)]
    return found


def told(on: date) -> Why:
    """The same as the product tells it, by page of rows; the condition of lists and figures must agree."""
    at = Moment(on, None, TODAY)
    standing = DocumentVersion.objects.in_force(on)
    shown = list(standing.select_related("document"))
    codes = {version.pk: version.document.code for version in shown}
    found: Why = {}
    for pk, alarm in alarms(shown, at, {LAW}).items():
        for row in alarm.dead:
            heirs = frozenset(plain(heir.number) for heir in row.heirs)
            found.setdefault(codes[pk], {})[plain(row.act.number)] = (row.since, heirs)
    listed = standing.filter(condition(LAW, at, standing)).values_list("document__code", flat=True)
    assert sorted(listed) == sorted(found), on
    return found


@pytest.fixture
def imported(world: World) -> World:
    """Everything in the folder, taken in by the commands."""
    call_command("import_regulations", DATA / "regulations.jsonl", DATA / "relations.jsonl", verbosity=0)
    call_command("import_procedures", DATA / "procedures.jsonl", agency="STP", verbosity=0)
    assert DocumentVersion.objects.count() == len(rows("procedures"))
    return world


def eve(on: date) -> date:
    return on - timedelta(days=1)


@needs_data
def test_the_known_stale_procedures_are_alarmed_from_the_day_with_reason_and_replacement(imported: World) -> None:
    deaths = {end for row in rows("regulations") if (end := day(row["expired"]))}
    deaths |= {end for row in rows("relations") if row["relation"] == "replaces" and (end := day(row["effective"]))}
    asked = sorted({near for end in deaths for near in (eve(end), end)} | {TODAY, date(2030, 1, 1)})
    found = {on: told(on) for on in asked}
    assert [on for on in asked if found[on] != brute_force(on)] == []

    for code, (number, since, heir) in STALE.items():
        assert plain(number) not in told(eve(since)).get(code, {}), code
        for on in (since, date(2026, 6, 30), TODAY):
            assert told(on)[code][plain(number)] == (since, frozenset({plain(heir)})), (code, on)
    assert set(found[date(2026, 6, 30)]) == set(STALE), "and no other, until two decrees of 2026 replace two more"
    by_2026 = {plain("08/2020/NĐ-CP"), plain("62/2015/NĐ-CP")}
    others = {code: set(acts) for code, acts in found[date(2026, 7, 1)].items() if set(acts) & by_2026}
    assert len(others) == 22
    assert set(found[date(2026, 7, 1)]) == set(STALE) | set(others)


@needs_data
def test_the_library_says_it_in_words_on_the_day_asked_for(imported: World) -> None:
    page = " ".join(text(imported.son, "/documents/?state=stale&on=2026-06-30").split())
    assert "4 tài liệu" in page
    for code, (number, since, heir) in STALE.items():
        assert code in page
        assert f"{number} (từ {since:%d/%m/%Y}, được thay bằng {heir})" in page
    assert "2 tài liệu" in text(imported.son, "/documents/?state=stale&on=2021-03-19")
    assert "0 tài liệu" in text(imported.son, "/documents/?state=stale&on=2020-07-15")


@needs_data
def test_an_act_that_its_source_only_dropped_is_a_doubt_and_no_alarm(imported: World) -> None:
    def of(code: str) -> DocumentVersion:
        return DocumentVersion.objects.select_related("document").get(document__code=code)

    assert alarms([of("1.000532")], Moment.now(TODAY), {LAW}) == {}
    page: Any = text(imported.son, of("1.000532").document.get_absolute_url())
    assert "Chưa đủ thông tin để kết luận" in page
    assert "98/2022/NĐ-CP" in page[page.index("Chưa đủ thông tin để kết luận") :][:400]
    assert "Chưa đủ thông tin để kết luận" not in text(imported.son, of("2.000528").document.get_absolute_url())
