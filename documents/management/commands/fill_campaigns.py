"""``manage.py fill_campaigns``: write what is left of big campaigns now, with progress shown."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.progress import Progress

from documents.models import Campaign
from documents.services.fanout import campaign_fill, unfilled
from workflows.errors import WorkflowError


class Command(BaseCommand):
    help = "Go on with every campaign whose items are not all written; the tick does the same. Safe twice."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Write; exit 1 if a campaign could not be gone on with."""
        failed = []
        with Progress() as progress:
            for campaign in unfilled():
                task = progress.add_task(str(campaign), total=100, completed=campaign.percent or 0)

                def told(row: Campaign, _written: int, task: Any = task) -> None:
                    progress.update(task, completed=100 if row.percent is None else row.percent)

                try:
                    written = campaign_fill(campaign, told=told)
                except WorkflowError as error:
                    failed.append(f"{campaign}: {error.sentence}")
                else:
                    progress.console.print(f"{campaign}: {written} items written")
        if failed:
            raise CommandError("\n".join(failed))
