"""Acts that a text cites before they are in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from documents.content import BasisRow
from documents.models import Regulation
from documents.models.citation import candidates, matched
from workflows.models import Unit


def early_acts(basis: Sequence[BasisRow], on: date, agency: Unit | None = None) -> list[str]:
    """Sentences for cited acts that are not yet in force on a day: to be looked at, no bar; one query."""
    known = matched(basis, Regulation.objects.filter(candidates(basis)), agency)
    acts = ((row, known[row["key"]].effective_on) for row in basis if row["key"] in known)
    return [
        _("Căn cứ %(number)s đến ngày %(day)s mới có hiệu lực.") % {"number": row["number"], "day": f"{day:%d/%m/%Y}"}
        for row, day in acts
        if day is not None and day > on
    ]
