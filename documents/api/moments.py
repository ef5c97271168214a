"""The two days of a question: on which day something is in force, and by what was recorded by the end of another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from rest_framework import serializers

from documents.services.asof import NOT_KNOWN_YET, Moment
from workflows.api.bodies import Query
from workflows.models import day_of

DAYS = ("on", "known")


class MomentQuery(Query):
    """Both days; what takes neither shows today."""

    on = serializers.DateField(required=False, help_text="Only what is in force on this day; today if absent.")
    known = serializers.DateField(
        required=False,
        help_text="Only by what was recorded by the end of this day, which is not to come; everything if absent.",
    )

    def validate_known(self, known: date) -> date:
        """Refuse a day to come."""
        if known > day_of():
            raise serializers.ValidationError(NOT_KNOWN_YET)
        return known


def moment_of(query: Mapping[str, Any]) -> Moment:
    """The moment that a read query asks about."""
    today = day_of()
    return Moment(query.get("on") or today, query.get("known"), today)


def is_asked(query: Mapping[str, Any]) -> bool:
    """True if one of the days was named."""
    return any(name in query for name in DAYS)
