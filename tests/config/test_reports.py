"""Reports told from rows: every printed figure, the agencies behind it by a count of our own, and a second run."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from rich.console import Console

from capa.indicators import BY_NUMBER
from capa.models import Inspection, ReportedTotal, Snapshot
from capa.rollup import Figure
from capa.services.reported import Told, enter
from capa.services.rollup import Place, figures
from config.demo.reports import ministry as of_2013
from config.demo.reports import yen_bai as of_2021
from config.demo.reports.frame import Printed, frozen, line, reader
from config.demo.reports.ministry import Ministry2013
from config.demo.reports.places import ministry_of_2013, yen_bai
from config.demo.reports.playing import play
from config.demo.reports.yen_bai import YenBai2021
from documents.models import Document, DocumentVersion, Publication
from workflows.errors import BadAnswer
from workflows.models import Move, Seat, Unit

pytestmark = [pytest.mark.once, pytest.mark.django_db]


def told(report: YenBai2021 | Ministry2013) -> str:
    """What a report prints, loaded and told."""
    console = Console(file=io.StringIO(), width=400)
    report.load(console)
    report.tell(console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def of(rows: list[Inspection], hit: Callable[[Inspection], bool]) -> set[int]:
    """Agencies of the rows that are hit."""
    return {one.about_id for one in rows if hit(one)}


def held(one: Inspection) -> bool:
    return bool(one.audit_done) and bool(one.review_done)


def right(one: Inspection) -> bool:
    return held(one) and bool(one.audit_ok) and bool(one.review_ok)


def by_hand() -> dict[int, set[int]]:
    """Who is behind F1 to F8, by loops over the inspections as they lie in the database."""
    rows = list(Inspection.objects.filter(plan__number="90/KH-SKHCN"))
    direct = [one for one in rows if one.mode == "direct"]
    lacks = {one.pk: (one.outdated_law, one.records_deficient, one.internal_not_merged) for one in rows}
    return {
        1: of(direct, lambda _one: True),
        2: of(rows, lambda one: one.mode == "website"),
        3: of(direct, lambda one: one.built_applied is True),
        4: of(direct, lambda one: any(lacks[one.pk])),
        5: of(direct, right),
        6: of(direct, lambda one: held(one) and not right(one)),
        7: of(direct, lambda one: not held(one)),
        8: of(direct, lambda one: one.posted is True and one.link_alive is True),
    }


SHARES = {3: (50, "96.2"), 4: (39, "75.0"), 5: (19, "36.5"), 6: (32, "61.5"), 7: (1, "1.9"), 8: (50, "96.2")}


def test_yen_bai_is_counted_from_its_agencies_refuses_a_total_and_is_loaded_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stop(_body: Unit) -> None:
        raise KeyboardInterrupt

    reader()
    with monkeypatch.context() as patched:
        patched.setattr(of_2021, "published", stop)
        with pytest.raises(KeyboardInterrupt):
            YenBai2021().load(Console(quiet=True))
    assert Unit.objects.filter(path__startswith=yen_bai().path).count() > 1
    assert not Inspection.objects.exists()
    text = told(YenBai2021())
    each_figure(text)
    refusals(text)
    in_april_2021()
    again("yen-bai")


def each_figure(text: str) -> None:
    """Every printed figure, and the agencies behind it."""
    kept = Snapshot.objects.get()
    found = {one.indicator.number: one for one in frozen(yen_bai(), of_2021.DAY, YenBai2021.title)[1]}
    hand = by_hand()
    assert {number: set(found[number].behind) for number in hand} == hand
    assert {number: len(ids) for number, ids in hand.items()} == {1: 52, 2: 161} | {
        n: s for n, (s, _p) in SHARES.items()
    }
    for number, (part, share) in SHARES.items():
        one = found[number]
        assert (one.numerator, one.denominator, one.percent) == (part, 52, Decimal(share)), number
        assert f"F{number} " in text
    kinds = Counter(Unit.objects.filter(pk__in=hand[1]).values_list("kind", flat=True))
    assert kinds == {"department": 5, "sub_department": 5, "district": 4, "commune": 38}
    assert Counter(Unit.objects.filter(pk__in=hand[2]).values_list("kind", flat=True)) == {
        "department": 26,
        "commune": 135,
    }
    assert not hand[1] & hand[2], "nobody twice"
    assert hand[5] | hand[6] | hand[7] == hand[1], "19, 32 and the one left over divide the 52"
    assert len(hand[3] & hand[4]) >= 50 + 39 - 52, "and 50 and 39 do not"
    left = Unit.objects.get(pk__in=hand[7])
    assert f"Cơ quan còn lại của F7: {left.name}" in text
    assert yen_bai().pk not in set().union(*hand.values())
    assert "= 96,2 % – báo cáo in 50/52 = 96,1 % – KHÁC: 50/52 = 96,1538…" in text
    assert text.count("KHÁC") == 1
    assert kept.get_absolute_url() in text
    assert {one["number"]: one["numerator"] for one in kept.figures}[3] == len(hand[3])


def refusals(text: str) -> None:
    """Totals of the paper are kept, and refused where they do not add up."""
    assert "bị từ chối – Các phần không cộng thành tổng: 26 + 153 = 179, không phải 161." in text
    place = Place(yen_bai(), of_2021.DAY)
    kept = {one.indicator: one for one in ReportedTotal.objects.filter(node=place.node)}
    assert {number: one.numerator for number, one in kept.items()} == {1: 52, 2: 161, 3: 50, 4: 39, 5: 19, 6: 32, 8: 50}
    assert [number for _label, number in kept[2].parts] == [26, 135]
    for total, parts in ((161, [("a", 26), ("b", 153)]), (179, [("a", 26), ("b", 135)])):
        with pytest.raises(BadAnswer), transaction.atomic():
            enter(place, reader(), Told(2, total, None, parts, "x"))
    assert ReportedTotal.objects.filter(node=place.node).count() == len(kept)


def in_april_2021() -> None:
    """The mandatory bodies conform before the national report's day; the communes do not count yet."""
    before = {one.indicator.number: one for one in figures(yen_bai(), date(2021, 4, 30))}
    bodies = set(Unit.objects.filter(parent=yen_bai()).exclude(kind="commune").values_list("pk", flat=True))
    assert set(Publication.objects.values_list("agency", flat=True)) == bodies
    assert before[14].numerator == before[14].denominator == len(bodies) == 40
    assert before[13].numerator == 0
    assert before[1].numerator == 0, "the inspections came later"


def again(name: str) -> None:
    """A second run adds nothing."""
    tables = (Unit, Seat, Inspection, Document, Publication, DocumentVersion, Move, Snapshot, ReportedTotal)
    before = [model.objects.count() for model in tables]
    call_command("demo", "--reports", name, "--no-serve", verbosity=0)
    assert [model.objects.count() for model in tables] == before


def test_the_ministry_of_2013_is_counted_from_its_versions_and_loaded_once() -> None:
    reader()
    text = told(Ministry2013())
    assert "Ban hành lại theo đơn vị: 2 + 1 + 1 + 1 + 2 + 3 = 10" in text
    assert "Đang soạn thảo theo đơn vị: 1 + 1 + 1 + 1 + 1 + 2 = 7" in text
    root = ministry_of_2013()
    versions = list(DocumentVersion.objects.filter(agency=root).select_related("unit"))
    issued = [one for one in versions if one.decision_on and one.decision_on.year == 2013]
    assert [Counter(one.unit.code for one in issued)[f"DV{n}"] for n in range(1, 7)] == [2, 1, 1, 1, 2, 3]
    assert {(one.number, one.state) for one in issued} == {("01/01", "effective")}
    drafts = [one for one in versions if one.state == "draft"]
    assert len(drafts) == 7
    assert not {one.document_id for one in drafts} & {one.document_id for one in issued}
    assert Document.objects.filter(agency=root).count() == 17
    figure = {one.indicator.number: one for one in figures(root, of_2013.DAY)}[15]
    planned = figure.part("planned")
    assert (figure.numerator, planned and planned.number) == (10, 7)
    before = {one.indicator.number: one for one in figures(root, date(2013, 8, 31))}[15]
    assert before.numerator == 0, "what was in use before the year is not re-issued"
    for one in issued:
        bodies = [json.loads(move.body) for move in Move.objects.of(one.pk)]
        signed = {body["action"]: body["actor"] for body in bodies}
        assert len({signed[deed] for deed in ("create", "pass", "approve", "issue")}) == 4, "four hands"
    again("ministry")
    Document.objects.filter(agency=root, versions__in=issued[:1]).update(kind="POLICY")
    with pytest.raises(CommandError, match=r"F15 .*: 9; the report: 10; reason: ''"):
        Ministry2013().tell(Console(quiet=True))
    assert Snapshot.objects.count() == 2, "what stood before is kept"


def test_a_database_of_others_and_an_unknown_report_are_refused() -> None:
    with pytest.raises(CommandError, match="nowhere: no such report; there are yen-bai"):
        play(Console(quiet=True), ["nowhere"])
    Unit.objects.create(code="STP", name="Sở Tư pháp", kind="department")
    with pytest.raises(CommandError, match="KHUNG_VAR"):
        play(Console(quiet=True))
    assert Unit.objects.count() == 1


def test_a_difference_needs_its_reason_and_a_reason_its_difference() -> None:
    figure = Figure(BY_NUMBER[3], 50, tuple(range(50)), 52)
    assert "khớp" in line(figure, Printed(3, 50, 52, "96.2"))
    assert "KHÁC: cắt" in line(figure, Printed(3, 50, 52, "96.1", why="cắt"))
    for printed in (Printed(3, 50, 52, "96.1"), Printed(3, 49, 52), Printed(3, 50, 52, "96.2", why="cắt")):
        with pytest.raises(CommandError):
            line(figure, printed)
