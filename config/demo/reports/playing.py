"""Loads the reports and tells them: first the rows of all, since one report counts those of the others."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.management import call_command
from django.core.management.base import CommandError
from rich.console import Console

from config.demo.reports.frame import READER, Report, reader
from config.demo.reports.ministry import Ministry2013
from config.demo.reports.national import National2021
from config.demo.reports.places import RECEIVER
from config.demo.reports.yen_bai import YenBai2021
from config.demo.stage import PASSWORD
from workflows.grants import rebuild
from workflows.models import Unit, day_of

REPORTS: tuple[type[Report], ...] = (YenBai2021, Ministry2013, National2021)
"""In the order in which they are loaded and told."""


def play(console: Console, names: Sequence[str] = ()) -> None:
    """Load and tell the reports of these names, or all. Raises ``CommandError`` in a database of other agencies."""
    known = {one.name: one for one in REPORTS}
    if wrong := [name for name in names if name not in known]:
        raise CommandError(f"{', '.join(wrong)}: no such report; there are {', '.join(known)}")
    call_command("migrate", verbosity=0)
    if Unit.objects.exists() and not Unit.objects.filter(code=RECEIVER[0]).exists():
        raise CommandError("This database holds other agencies: set KHUNG_VAR=var/reports for one of its own.")
    reader(PASSWORD)
    chosen = [known[name]() for name in names or known]
    for report in chosen:
        report.load(console)
    rebuild(day_of())
    for report in chosen:
        console.print(f"\n[bold]{report.title}[/bold]")
        report.tell(console)
    console.print(f"\nĐăng nhập: {READER}, mật khẩu {PASSWORD}", highlight=False)
