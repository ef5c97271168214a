"""``manage.py adopt_publication``: an agency's declaration that held before the product came."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from documents.models import Publication
from workflows import engine
from workflows.errors import WorkflowError
from workflows.models import Unit


class Command(BaseCommand):
    help = "Take over the declaration of conformity that an agency has made already, with today's documents as scope."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--agency", required=True, help="code")
        parser.add_argument("--edition", required=True, help="the standard, as the declaration names it")
        parser.add_argument("--decision", required=True, help="number")
        parser.add_argument("--date", required=True, help="of the decision, dd/mm/yyyy")
        parser.add_argument("--website", required=True, help="address where it is posted")
        parser.add_argument("--notified", required=True, help="number and date of the letter to the managing body")
        parser.add_argument("--show-dead", action="store_true", help="mark dead law on the public site")

    def handle(self, *_args: Any, **given: Any) -> None:
        """Adopt, or say why not."""
        agency = Unit.objects.agencies().filter(code=given["agency"]).first()
        if agency is None:
            raise CommandError(f"{given['agency']}: no such agency")
        try:
            day = datetime.strptime(given["date"], "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no time zone
            found = engine.start(
                Publication(agency=agency, unit=agency),
                "adopt",
                by=None,
                edition=given["edition"],
                decision_no=given["decision"],
                decision_on=day,
                website=given["website"],
                notified=given["notified"],
                alarms="shown" if given["show_dead"] else "hidden",
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
        except WorkflowError as error:
            raise CommandError(error.said) from error
        self.stdout.write(str(found))
