"""``manage.py import_procedures FILE…``: procedures already applied by an agency, as JSON Lines."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from documents.services.imports import ProcedureTaker
from workflows.import_command import ImportCommand
from workflows.models import Unit


class Command(ImportCommand):
    """Each procedure becomes a document with a version in force."""

    help = "Import procedures in force (JSON Lines); a second import changes nothing."
    title = "Quy trình"

    def add_arguments(self, parser: CommandParser) -> None:
        """``--agency`` may be left out where the database holds one top agency only."""
        super().add_arguments(parser)
        parser.add_argument("--agency", help="code of the owning agency (default: the first agency of the tree)")
        parser.add_argument("--unit", help="code of the unit for all rows (default: by administrative field)")

    def taker(self, options: dict[str, Any]) -> ProcedureTaker:
        """Find agency and unit; ``CommandError`` if there is none."""
        agencies = Unit.objects.agencies().order_by("path")
        agency = agencies.filter(code=options["agency"]).first() if options["agency"] else agencies.first()
        if agency is None:
            raise CommandError(f"no agency {options['agency'] or 'at all: run load_fixture first'}")
        unit = None
        if options["unit"]:
            unit = Unit.objects.filter(agency=agency, code=options["unit"]).first()
            if unit is None:
                raise CommandError(f"agency {agency.code} has no unit {options['unit']}")
        return ProcedureTaker(agency, unit)
