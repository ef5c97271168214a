"""Yên Bái, 2021: 52 agencies inspected at their offices, 161 by their web sites (domain §6.3, F1–F8).

The agencies are rows; each inspection is a row of ``import_inspections`` with its flags. Where the report gives only a
number, the rows say no more: agencies are numbered and not named, the 26 that it does not break down are departments,
and no flag was judged of the 161. Which of the 52 has which flag is ours, spread so that the flags overlap.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction
from rich.console import Console
from rich.progress import track

from capa.indicators import DIRECT, WEBSITE
from capa.rollup import Figure
from capa.services.inspection_imports import InspectionTaker
from capa.services.reported import Told, enter, told_of
from capa.services.rollup import Place
from config.demo.reports.frame import Printed, frozen, reader, say, tell
from config.demo.reports.places import COMMUNES_OF_YEN_BAI, YEN_BAI, agency, at_nine, commune, document, yen_bai
from documents.models import AnnouncedProcedure, DocumentVersion, Publication
from documents.services.announcing import announce
from workflows import engine
from workflows.errors import BadAnswer
from workflows.importing import run
from workflows.models import Unit, UnitKind

DAY = date(2021, 12, 31)
"""The report is of the year; its own day is not in our notes."""
PLAN = {
    "agency": YEN_BAI[0],
    "year": 2021,
    "number": "90/KH-SKHCN",
    "decided_on": "2021-10-01",
    "title": "Kế hoạch kiểm tra việc xây dựng, áp dụng, duy trì và cải tiến hệ thống quản lý chất lượng năm 2021",
    "starts_on": "2021-10-01",
    "ends_on": DAY.isoformat(),
}
NOTE = "Theo báo cáo kết quả kiểm tra năm 2021"
SOURCE = "Báo cáo kết quả kiểm tra năm 2021"
DIRECT_BODIES = (
    ("S", "Sở", UnitKind.DEPARTMENT, 5),
    ("CC", "Chi cục", UnitKind.SUB_DEPARTMENT, 5),
    ("H", "Huyện", UnitKind.DISTRICT, 4),
)
WEBSITE_BODIES = (("W", "Sở, ban, ngành, huyện", UnitKind.DEPARTMENT, 26),)
DIRECT_COMMUNES, INSPECTED = 38, 52
REASONS = ("incomplete", "generic", "not_factual", "cross_check_wrong")
LACKS = ("outdated_law", "records_deficient", "internal_not_merged")
SPREAD = {"full": (5, 50), "lacking": (7, 39), "held": (11, 51), "right": (11, 19), "posted": (19, 50)}
"""How many of the 52, and a step without a common divisor with 52, which spreads them over the list."""
PUBLISHED = date(2020, 6, 1)
EDITION = "TCVN ISO 9001:2015"

# fmt: off
PRINTED = (
    Printed(1, 52),
    Printed(1, 5,  part=UnitKind.DEPARTMENT),
    Printed(1, 5,  part=UnitKind.SUB_DEPARTMENT),
    Printed(1, 4,  part=UnitKind.DISTRICT),
    Printed(1, 38, part=UnitKind.COMMUNE),
    Printed(2, 161),
    Printed(2, 26, part=UnitKind.DEPARTMENT),
    Printed(2, 135, part=UnitKind.COMMUNE),
    Printed(3, 50, 52, "96.1", why="50/52 = 96,1538…; báo cáo cắt bỏ phần sau, làm tròn thì được 96,2"),
    Printed(4, 39, 52, "75.0"),
    Printed(5, 19, 52, "36.5"),
    Printed(6, 32, 52, "61.5"),
    Printed(7, None, why="phần còn lại của 52 sau 19 và 32"),
    Printed(8, 50, 52),
)
# fmt: on
PARTS = {
    1: [("Sở", 5), ("Chi cục", 5), ("Huyện", 4), ("Xã", 38)],
    2: [("Cơ quan", 26), ("Xã", 135)],
}
CONTRADICTED = [("Cơ quan", 26), ("Xã", 153)]
"""What the same report says later of the 161."""


class YenBai2021:
    """The province's report of its inspections in 2021."""

    name = "yen-bai"
    title = "Yên Bái 2021: kiểm tra việc áp dụng ISO"

    def load(self, console: Console) -> None:
        """Agencies, what they had published before, and the inspections."""
        province = yen_bai()
        bodies = [*_bodies(province, DIRECT_BODIES), *_bodies(province, WEBSITE_BODIES)]
        communes = [_commune(province, number) for number in range(1, COMMUNES_OF_YEN_BAI + 1)]
        for body in track(bodies, "Yên Bái: công bố trước 2021", console=console, disable=not console.is_terminal):
            published(body)
        split = INSPECTED - DIRECT_COMMUNES
        direct = [*bodies[:split], *communes[:DIRECT_COMMUNES]]
        website = [*bodies[split:], *communes[DIRECT_COMMUNES:]]
        rows = [*_direct(direct), *({"plan": PLAN, "about": one.code, "mode": WEBSITE} for one in website)]
        with TemporaryDirectory() as folder:
            file = Path(folder) / "yen-bai-2021.jsonl"
            file.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), "utf-8")
            report = run(str(file), InspectionTaker(), dry_run=False, title="Yên Bái: cuộc kiểm tra")
        if report.bad:
            raise CommandError("\n".join(report.lines()))
        console.print(f"Yên Bái 2021, {len(rows)} cuộc kiểm tra: {report.lines()[0]}")

    def tell(self, console: Console) -> None:
        """Every figure; who is left over; what overlaps; and the total that is refused."""
        kept, figures = frozen(yen_bai(), DAY, self.title, PRINTED)
        tell(console, kept, figures, PRINTED)
        by_number = {one.indicator.number: one for one in figures}
        left = Unit.objects.filter(pk__in=by_number[7].behind)
        say(console, f"Cơ quan còn lại của F7: {', '.join(one.name for one in left)}")
        say(console, _overlap(by_number[3], by_number[4]))
        _enter(console)


def _bodies(province: Unit, rows: tuple[tuple[str, str, UnitKind, int], ...]) -> Iterator[Unit]:
    for code, name, kind, number in rows:
        for at in range(1, number + 1):
            yield agency(f"{YEN_BAI[0]}-{code}{at:02}", f"{name} {at:02} ({province.name})", kind, province)


def _commune(province: Unit, number: int) -> Unit:
    code, name = commune(province, number)
    return agency(code, name, UnitKind.COMMUNE, province)


def _direct(agencies: list[Unit]) -> Iterator[dict[str, Any]]:
    for at, one in enumerate(agencies):
        hit = {what: at * step % INSPECTED < number for what, (step, number) in SPREAD.items()}
        poor, places = hit["held"] and not hit["right"], (at % 3, at % 4)
        flags = {"built_applied": hit["full"], "posted": hit["posted"], "link_alive": hit["posted"]}
        flags |= {lack: hit["lacking"] and place in places for place, lack in enumerate(LACKS)}
        flags |= dict.fromkeys(("audit_done", "review_done"), hit["held"])
        flags |= dict.fromkeys(("audit_ok", "review_ok"), hit["right"])
        flags |= {why: poor and at % len(REASONS) == place for place, why in enumerate(REASONS)}
        yield {"plan": PLAN, "about": one.code, "mode": DIRECT, "flags": flags, "note": NOTE}


@transaction.atomic
def published(body: Unit) -> None:
    """A procedure, its document and a declaration from before 2021: the national report counts these bodies too."""
    if Publication.objects.filter(agency=body).exists():
        return
    now = at_nine(PUBLISHED)
    code, title = f"{body.code}.001", "Thủ tục hành chính (báo cáo không nêu tên)"
    if not AnnouncedProcedure.objects.filter(agency=body, code=code).exists():
        announce(AnnouncedProcedure(agency=body, code=code, title=title, change="new", effective_on=PUBLISHED), now)
    owner, _fresh = document(body, code, title, now)
    if not owner.versions.exists():
        version = DocumentVersion(document=owner, agency=body, unit=body, content={})
        engine.start(version, "adopt", by=None, now=now, content={}, effective_from=PUBLISHED)
    site = f"https://{body.code.lower()}.example/iso"
    engine.start(
        Publication(agency=body, unit=body), "adopt", by=None, now=now, edition=EDITION, decision_no="01/QĐ",
        decision_on=PUBLISHED, website=site, notified="Báo cáo không nêu", alarms="hidden",
    )  # fmt: skip


def _overlap(full: Figure, lacking: Figure) -> str:
    both = len(set(full.behind) & set(lacking.behind))
    total = full.numerator + lacking.numerator
    return f"F3 và F4 không chia 52: {full.numerator} + {lacking.numerator} = {total}, {both} cơ quan thuộc cả hai"


def _enter(console: Console) -> None:
    """Enter the printed totals, each once; the one that does not add up is refused each time."""
    place, user = Place(yen_bai(), DAY), reader()
    held = told_of(place, DAY)
    for one in PRINTED:
        if one.numerator is not None and not one.part and one.indicator not in held:
            told = Told(one.indicator, one.numerator, one.denominator, PARTS.get(one.indicator, ()), SOURCE)
            enter(place, user, told)
    try:
        enter(place, user, Told(2, 161, None, CONTRADICTED, SOURCE))
    except BadAnswer as error:
        why = " ".join(error.problems.values() if isinstance(error.problems, Mapping) else error.problems)
        say(console, f"Nhập số báo cáo F2 “161 gồm 26 và 153”: bị từ chối – {why}")
        say(console, "Báo cáo tự mâu thuẫn: chỗ đầu ghi 26 + 135 = 161, khớp với các dòng; chỗ sau ghi 26 và 153")
    else:
        raise CommandError("161 = 26 + 153 should have been refused")
