"""``manage.py import_inspections FILE…``: inspections carried out elsewhere, with their flags, as JSON Lines."""

from __future__ import annotations

from typing import Any

from capa.services.inspection_imports import InspectionTaker
from workflows.import_command import ImportCommand


class Command(ImportCommand):
    """Each line becomes a closed inspection under its plan."""

    help = "Import past inspections with their flags (JSON Lines); a second import changes nothing."
    title = "Cuộc kiểm tra"

    def taker(self, options: dict[str, Any]) -> InspectionTaker:
        """Plans and agencies are named in the rows."""
        del options
        return InspectionTaker()
