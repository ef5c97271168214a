"""Which citations hold no longer: those of dead or stopped law."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from documents.citing import BASIS
from documents.models import Citation, Regulation, Validity
from documents.models.citation import lost_parts_q

STOPPED = (Validity.EXPIRED, Validity.SUSPENDED)
"""What a cited act must not be: dead, or stopped for the time being."""


def dead_rows(on: date) -> QuerySet[Citation]:
    """Rows of legal bases that cite acts which are dead or stopped on a day, or provisions which are.

    A step may rightly name what is dead (“… đã được thay thế bởi …”): that is shown as a doubt, and is no alarm.
    """
    return dead_anywhere(on).filter(place=BASIS)


def dead_anywhere(on: date) -> QuerySet[Citation]:
    """The same in legal bases and steps."""
    return Citation.objects.filter(dead_q(on) | halted_q(on))


# Asked of each citation: for the rows of a page nobody goes through the whole register.


def dead_q(on: date) -> Q:
    """Condition on citations: the act is dead on a day."""
    return Q(Exists(Regulation.objects.dead(on).filter(pk=OuterRef("regulation"))))


def halted_q(on: date) -> Q:
    """Condition on citations: the act rests on a day, or cited provisions do not hold; it may be dead as well."""
    return Q(Exists(Regulation.objects.halted(on).filter(pk=OuterRef("regulation")))) | lost_parts_q(on)
