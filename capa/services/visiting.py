"""Visits by person: which units an auditor has to see, in rounds that are under way."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from capa.models import Round, Visit
from capa.models.programme import RoundQuerySet
from workflows.models import User

OPEN = ("notified", "in_progress")
"""Rounds whose checklists the team reads; it writes in the second."""


def my_visits(user: User, now: datetime | None = None) -> QuerySet[Visit]:
    """Visits on whose team the person is, of rounds that the units know of."""
    readable = Round.objects.visible_to(user, now).filter(state__in=OPEN)
    mine = Visit.objects.filter(Q(lead=user) | Q(members=user), round__in=readable).distinct()
    return mine.select_related("round", "unit").order_by("round__starts_on", "unit__path")


def rounds_under_way(user: User, now: datetime | None = None) -> RoundQuerySet:
    """Rounds that the person reads, from the appointed team to the last follow-up."""
    over = ("planned", "postponed", "cancelled", "closed")
    return Round.objects.visible_to(user, now).exclude(state__in=over)
