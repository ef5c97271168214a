"""``manage.py import_findings FILE…``: findings of audits elsewhere, with their corrective action, as JSON Lines."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from capa.machines.car import SOURCES
from capa.services.imports import FindingTaker
from workflows.import_command import ImportCommand
from workflows.models import Unit


class Command(ImportCommand):
    """Each finding becomes a CAR that waits for its unit."""

    help = "Import findings as corrective action requests (JSON Lines); a second import changes nothing."
    title = "Phiếu khắc phục"

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose they are, and where they were found."""
        super().add_arguments(parser)
        parser.add_argument("--agency", required=True, help="code of the agency")
        parser.add_argument("--unit", required=True, help="code of the unit that answers for all rows")
        parser.add_argument(
            "--source", choices=[code for code, _label in SOURCES], default="audit", help="by whom found"
        )

    def taker(self, options: dict[str, Any]) -> FindingTaker:
        """Find agency and unit; ``CommandError`` if there is none."""
        agency = Unit.objects.agencies().filter(code=options["agency"]).first()
        if agency is None:
            raise CommandError(f"no agency {options['agency']}")
        unit = Unit.objects.filter(agency=agency, code=options["unit"]).first()
        if unit is None:
            raise CommandError(f"agency {agency.code} has no unit {options['unit']}")
        return FindingTaker(agency, unit, options["source"])
