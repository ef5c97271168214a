"""``manage.py import_regulations FILE…``: legal documents and their relations, as JSON Lines."""

from __future__ import annotations

from typing import Any

from documents.services.imports import regulation_take
from workflows.import_command import ImportCommand


class Command(ImportCommand):
    """Rows with a key ``relation`` are relations; name the file of documents first."""

    help = "Import legal documents and relations (JSON Lines); a second import changes nothing."
    title = "Văn bản pháp luật"

    def taker(self, options: dict[str, Any]) -> Any:
        """Rows go through the door as the clock."""
        del options
        return regulation_take
