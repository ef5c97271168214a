"""The national report of 2021 on a country of 39 agencies: who is counted and who is not, by a list written by hand."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.db import transaction
from rich.console import Console

from capa.models import Snapshot
from capa.rollup import Figure, percent
from capa.services.rollup import figures
from config.demo.reports.frame import Printed
from config.demo.reports.national import DAY, PRINTED, National2021, twice
from config.demo.reports.national_plan import FULL, IDLE, Plot, Scale, plots
from config.demo.reports.national_rows import lay
from config.demo.reports.places import TWO_TIER, commune, yen_bai
from documents.models import AnnouncedProcedure, Document, Publication, ScopeRow
from workflows import ledger
from workflows.models import Move, ReferenceSet, Unit

pytestmark = pytest.mark.once

SMALL = Scale(
    ministries=(1, 3), bodies=(2, 5), provinces=(2, 3), rolled_out=(2, 3), communes=(5, 15), yen_bai=5, departments=1,
    districts=2,
)  # fmt: skip
COUNTED = {
    9: ("BKHCN", "BO03 BO2013"),
    10: ("BKHCN-D1 BKHCN-D2", "BO03-D1 BO2013-D1 BO2013-D2"),
    11: ("T03 YB", "T02"),
    12: ("T02 YB", "T03"),
    13: (
        "T02-X001 T02-X002 YB-X001 YB-X002 YB-X003",
        "T02-X003 T02-X004 T02-X005 T03-X001 T03-X002 T03-X003 T03-X004 T03-X005 YB-X004 YB-X005",
    ),
}
"""Who is in the numerator, and who in the denominator alone. BKHCN-D0 has no procedures and is in neither."""
PAPER = (
    Printed(9, 1, 3, "33"),
    Printed(10, 2, 5, "40.0"),
    Printed(11, 2, 3, "66.7"),
    Printed(12, 2, 3, "66.7"),
    Printed(13, 5, 15, "33.4", why="một lần làm tròn được 33,3"),
)
LEFT_OVER = (
    "F9 chưa đạt: Bộ (báo cáo tháng 11/2013) – Cục số 2 (Bộ (báo cáo tháng 11/2013)): áp dụng nhưng chưa công bố",
    "F9 chưa đạt: Bộ số 03 – Cục số 2 (Bộ số 03): bản công bố mới nêu 1/2 thủ tục",
    "F11 chưa đạt: Tỉnh số 02 – Huyện số 2 (Tỉnh số 02): áp dụng nhưng chưa công bố",
    "F12 chưa đạt: Tỉnh số 03 – không xã nào đang xây dựng hoặc áp dụng",
    "F10 còn lại 3: 1 chưa xây dựng; 1 áp dụng nhưng chưa công bố; 1 đang xây dựng, chưa ban hành",
    "F13 còn lại 10: 5 chưa xây dựng; 2 mới có quy trình cho 1/2 thủ tục; 2 áp dụng nhưng chưa công bố; 1 đang xây",
)
TABLES: tuple[Any, ...] = (Unit, AnnouncedProcedure, Document, Publication, ScopeRow, Move, Snapshot)


@pytest.fixture
def report(db: None) -> National2021:
    """The small country, loaded, with its own dated numbers."""
    del db
    for kind, number in (("ministry", 3), ("ministry_bodies", 5), ("province", 3), ("commune", 15)):
        ReferenceSet.objects.filter(kind=kind, valid_to__lte=TWO_TIER).update(number=number)
    made = National2021(SMALL, PAPER)
    made.load(Console(quiet=True))
    return made


def told(report: National2021) -> str:
    """What the report prints."""
    console = Console(file=StringIO(), width=400)
    report.tell(console)
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return text


def on(day: date) -> dict[int, Figure]:
    """Figures of the country on a day, by number."""
    return {one.indicator.number: one for one in figures(None, day)}


def held() -> list[int]:
    """How many rows there are of everything."""
    return [model.objects.count() for model in TABLES]


def test_each_numerator_and_denominator_is_the_agencies_listed_by_hand(report: National2021) -> None:
    codes = dict(Unit.objects.values_list("pk", "code"))
    found = on(DAY)
    for number, (inside, outside) in COUNTED.items():
        behind = sorted(codes[pk] for pk in found[number].behind)
        rest = sorted(codes[pk] for pk in found[number].of if pk not in set(found[number].behind))
        assert (behind, rest) == (inside.split(), outside.split()), number
        assert found[number].held == found[number].denominator == len(behind) + len(rest)
    assert Unit.objects.get(code="BKHCN-D0").pk not in found[10].of
    assert len(codes) == Unit.objects.agencies().count() == 39


def test_it_is_told_with_the_reason_of_each_difference_and_of_who_is_left_over(report: National2021) -> None:
    text = told(report)
    assert text.count("– khớp") == 4
    assert "5/15 = 33,3 % – báo cáo in 5/15 = 33,4 % – KHÁC: một lần làm tròn được 33,3" in text
    assert text.count("bằng số của kỳ đó") == 5
    for line in LEFT_OVER:
        assert line in text
    assert Snapshot.objects.get().day == DAY


def test_a_second_run_adds_nothing(report: National2021) -> None:
    told(report)
    before = held()
    report.load(Console(quiet=True))
    told(report)
    assert held() == before


def test_a_run_broken_off_within_a_place_goes_on_there(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    del db
    done: list[str] = []

    def quietly(plot: Plot) -> int:
        done.append(plot.code)
        return lay(plot)

    def tired(plot: Plot) -> int:
        with transaction.atomic():
            number = quietly(plot)
            if plot.code == "YB":
                raise KeyboardInterrupt
        return number

    monkeypatch.setattr("config.demo.reports.national.lay", tired)
    with pytest.raises(KeyboardInterrupt):
        National2021(SMALL).load(Console(quiet=True))
    assert not Unit.objects.filter(code__startswith="YB").exists()
    done.clear()
    monkeypatch.setattr("config.demo.reports.national.lay", quietly)
    National2021(SMALL).load(Console(quiet=True))
    assert done == ["YB", "T02", "T03"]
    assert [on(DAY)[number].numerator for number in COUNTED] == [1, 2, 2, 2, 5]
    assert Unit.objects.agencies().count() == 39


def test_days_before_and_after_are_told_apart(report: National2021) -> None:
    del report
    assert on(date(2019, 12, 31))[9].numerator == 0, "nobody had declared yet"
    assert on(date(2021, 1, 31))[9].numerator == 2, "the procedure that the declaration does not name came in February"
    assert on(TWO_TIER - timedelta(days=1))[13].numerator == 5
    later = on(TWO_TIER)
    assert [(later[n].numerator, later[n].held) for n in (11, 12, 13)] == [(0, 0)] * 3
    assert (later[11].denominator, later[13].denominator) == (34, 3321), "the country of today is another set"


def test_every_row_of_the_ledger_is_linked_and_sealed(report: National2021) -> None:
    del report
    last: dict[Any, str] = defaultdict(str)
    for move in Move.objects.order_by("stream", "seq"):
        assert move.prev_hash == (last[move.stream] or ledger.genesis(move.stream))
        assert move.hash == ledger.link(move.prev_hash, move.body)
        assert ledger.is_sealed(move.hash, move.mac)
        last[move.stream] = move.hash
    assert dict(Publication.objects.values_list("pk", "ledger_hash")).items() <= last.items()
    assert Publication.objects.count() == 25


def test_the_whole_country_adds_up_before_any_row_is_made(db: None) -> None:
    del db
    every = list(plots(Scale()))
    bodies = [body for plot in every for body in plot.bodies]
    kinds = Counter(plot.kind for plot in every) + Counter(body.kind for body in bodies)
    assert (kinds["ministry"], kinds["province"], kinds["commune"], kinds["sub_department"]) == (22, 63, 8910, 98 + 1)
    communes = [body for body in bodies if body.kind == "commune"]
    assert Counter(body.course for body in communes)[FULL] == 5564
    assert {body.course for body in communes if body.code.startswith("T63-")} == {IDLE}
    assert all(any(body.code.startswith(f"{plot.code}-X") and body.course == FULL for body in plot.bodies)
               for plot in every if plot.kind == "province" and plot.code != "T63")  # fmt: skip
    assert len({body.code for body in bodies} | {plot.code for plot in every}) == len(bodies) + len(every)
    assert [(one.code, one.name) for one in communes[:173]] == [commune(yen_bai(), n) for n in range(1, 174)]


def test_62_5_is_62_447_rounded_twice() -> None:
    assert str(percent(5564, 8910)) == "62.4"
    assert twice(5564, 8910) == "5564/8910 = 62,446…; báo cáo làm tròn hai lần: 62,45 → 62,5"
    assert [(one.indicator, bool(one.why)) for one in PRINTED] == [(n, n == 13) for n in (9, 10, 11, 12, 13)]
