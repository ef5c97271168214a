"""``manage.py verify_pack FILE…``: are evidence packs still what their manifests say? No database is needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from capa import archives


class Command(BaseCommand):
    """Names every file that is missing, changed or added; exit 1 if there is one."""

    help = "Check evidence packs against their manifests."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Files."""
        parser.add_argument("files", nargs="+", metavar="FILE")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Check each."""
        bad = 0
        for name in options["files"]:
            try:
                with Path(name).open("rb") as file:
                    sha256, _size = archives.digest(file)
                    faults = archives.faults(file)
            except OSError as error:
                raise CommandError(f"{name}: {error.strerror}") from error
            self.stdout.write(f"{name}: {sha256}")
            for fault in faults:
                self.stdout.write(f"  {fault}")
            bad += bool(faults)
        if bad:
            raise CommandError(f"{bad} pack(s) not whole")
