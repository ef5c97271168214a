"""``manage.py demo``: the scene, the story, the log-ins, and the site; ``--reports``: three reports instead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import uvicorn
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console

from config.demo.audit_story import AuditStory
from config.demo.framework_story import FrameworkStory
from config.demo.law_story import LawStory
from config.demo.publication_story import PublicationStory
from config.demo.report_story import ReportStory
from config.demo.reports.playing import play
from config.demo.stage import AGENCY, PASSWORD, set_up
from config.demo.story import Story
from config.demo.year_story import YearStory
from workflows.models import Seat

FILES = ("regulations.jsonl", "relations.jsonl", "procedures.jsonl")
SHOWN_ROLES = (
    "legal_watch", "drafter", "unit_head", "iso_secretary", "qmr", "steering_head", "records_clerk", "lead_auditor",
    "auditor",
)  # fmt: skip


class Command(BaseCommand):
    help = "Play the main job on the built-in sample (or --data DIR), or tell reports; serve the site; safe to rerun."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", type=Path, help="folder with " + ", ".join(FILES))
        parser.add_argument("--reports", nargs="*", metavar="NAME", help="load and tell the reports instead, or these")
        parser.add_argument("--no-serve", action="store_true", help="stop after the story")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Set up, play, print the log-ins, serve."""
        console = Console(quiet=options["verbosity"] == 0)
        if options["reports"] is not None:
            play(console, options["reports"])
        else:
            self._stories(console, options["data"])
        if not options["no_serve"]:
            console.print(f"\nMở http://{options['host']}:{options['port']}/ (Ctrl+C để dừng)", highlight=False)
            uvicorn.run("config.asgi:application", host=options["host"], port=options["port"], log_level="warning")

    def _stories(self, console: Console, data: Path | None) -> None:
        if data is not None and (missing := [name for name in FILES if not (data / name).is_file()]):
            raise CommandError(f"{data}: no {', '.join(missing)}")
        set_up(console, data)
        stories: list[Story | LawStory | AuditStory | YearStory | PublicationStory | FrameworkStory | ReportStory] = [
            Story(console, timezone.localdate()),
            LawStory(console, timezone.localdate()),
            AuditStory(console, timezone.localdate()),
            YearStory(console, timezone.localdate()),
            PublicationStory(console, timezone.localdate()),
            FrameworkStory(console, timezone.localdate()),
            ReportStory(console, timezone.localdate()),
        ]
        for story in stories:
            story.play()
        fresh, known = sum(story.beats for story in stories), sum(story.found_done for story in stories)
        console.print(f"\n{fresh} bước mới, {known} bước đã có từ lần chạy trước.")
        self._log_ins(console)

    def _log_ins(self, console: Console) -> None:
        console.print(f"\nĐăng nhập (mật khẩu chung: {PASSWORD}):", highlight=False)
        seats = Seat.objects.held_on(timezone.localdate()).filter(role__in=SHOWN_ROLES, unit__agency__code=AGENCY)
        for seat in seats.select_related("user", "unit").order_by("unit__path", "role"):
            line = f"  {seat.user.username:<20} {seat.role_label:<24} {seat.user.full_name}, {seat.unit.name}"
            console.print(line, markup=False, highlight=False, soft_wrap=True)
