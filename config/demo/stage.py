"""The scene of the demonstration: database, organisation, law and procedures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.core.management import call_command
from rich.console import Console

from config.management import SAMPLE
from documents.services.announcing import AnnouncementTaker
from documents.services.imports import ProcedureTaker, regulation_take
from workflows.fixture import load
from workflows.grants import rebuild
from workflows.importing import Outcome, Row, read, run
from workflows.models import Unit, day_of

PASSWORD = "khung-trinh-dien"  # noqa: S105 - the demonstration's own, printed beside the log-ins
AGENCY = "STP"
BAD_SHOWN = 5


def set_up(console: Console, data: Path | None) -> None:
    """Migrate, load people, import law and procedures; each part says what it did. Safe to run again."""
    call_command("migrate", verbosity=0)
    report = load(str(SAMPLE / "organisation.json"), password=PASSWORD)
    console.print(f"Cơ quan, đơn vị, người và vị trí: {report.lines()[0]}")
    rebuild(day_of())
    source = data or SAMPLE
    _import(console, source / "regulations.jsonl", regulation_take, "Văn bản pháp luật")
    _import(console, source / "relations.jsonl", regulation_take, "Quan hệ văn bản")
    taker = ProcedureTaker(Unit.objects.agencies().get(code=AGENCY))
    _import(console, source / "procedures.jsonl", _written_out(taker), "Quy trình")
    _import(console, source / "procedures.jsonl", AnnouncementTaker(taker.agency), "Thủ tục được công bố")


def _written_out(take: ProcedureTaker) -> Callable[[Row], Outcome]:
    """Rows that hold facts alone take the sample's own text of the same procedure, if it rests on the same law."""
    texts = {row["code"]: row["content"] for _line, row in read(SAMPLE / "procedures.jsonl") if isinstance(row, dict)}

    def taken(row: Row) -> Outcome:
        text = texts.get(row.get("code"))
        if text is not None and "content" not in row:
            same = {one["number"] for one in text["legal_basis"]} == set(row.get("legal_basis") or ())
            row = {**row, "content": text} if same else row
        return take(row)

    return taken


def _import(console: Console, file: Path, take: Callable[[Row], Outcome], title: str) -> None:
    report = run(str(file), take, dry_run=False, title=title)
    head, *bad = report.lines()
    console.print(f"{title}: {head}")
    for line in bad[:BAD_SHOWN]:
        console.print(f"  {line}", markup=False)
    if len(bad) > BAD_SHOWN:
        console.print(f"  … và {len(bad) - BAD_SHOWN} dòng lỗi khác")
