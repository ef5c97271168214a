"""``manage.py print_machines``: the tables as text, Markdown or JSON: the rows the product itself reads."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflows import registry
from workflows.printed import as_data, as_markdown, as_text


class Command(BaseCommand):
    """Prints every machine, or those named."""

    help = "Print the state machines: text, --markdown or --json."

    def add_arguments(self, parser: CommandParser) -> None:
        """Names and form."""
        parser.add_argument("names", nargs="*", metavar="MACHINE")
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--markdown", action="store_true")
        form.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print to standard output; an unknown name is an error."""
        known = {machine.name: machine for machine in registry.machines()}
        if unknown := set(options["names"]) - set(known):
            raise CommandError(f"no machine {', '.join(sorted(unknown))}; there are {', '.join(known)}")
        machines = [known[name] for name in options["names"]] or list(known.values())
        if options["json"]:
            self.stdout.write(json.dumps([as_data(machine) for machine in machines], ensure_ascii=False, indent=1))
        else:
            draw = as_markdown if options["markdown"] else as_text
            self.stdout.write("\n\n".join(draw(machine) for machine in machines))
