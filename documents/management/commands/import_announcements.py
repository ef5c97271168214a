"""``manage.py import_announcements FILE…``: announced lists of administrative procedures, as JSON Lines."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from documents.services.announcing import AnnouncementTaker
from workflows.import_command import ImportCommand
from workflows.models import Unit


class Command(ImportCommand):
    """Rows are announcements, or procedures whose ``decision`` announced them."""

    help = "Import announced administrative procedures (JSON Lines); a second import changes nothing."
    title = "Thủ tục được công bố"

    def add_arguments(self, parser: CommandParser) -> None:
        """``--agency`` is for rows that name none."""
        super().add_arguments(parser)
        parser.add_argument("--agency", help="code of the agency that handles the procedures, for rows that name none")

    def taker(self, options: dict[str, Any]) -> AnnouncementTaker:
        """Find the agency; ``CommandError`` if the code is no agency's."""
        agency = None
        if options["agency"]:
            agency = Unit.objects.agencies().filter(code=options["agency"]).first()
            if agency is None:
                raise CommandError(f"no agency {options['agency']}")
        return AnnouncementTaker(agency)
