"""Finding a legal document from what people type: any spelling of the number, words with or without marks, slips."""

from __future__ import annotations

from datetime import date

from django.db.models import Case, Q, Value, When

from documents.models import Regulation
from documents.models.regulation import RegulationQuerySet
from documents.numbers import lookalike, number_key, suggest
from workflows.models import User
from workflows.text import fold

SHOWN = 8
"""Suggestions at most."""
LOOKED_THROUGH = 1000
"""Numbers of the register that are compared for a near miss."""


def matching_acts(q: str) -> Q:
    """Acts whose number, in any spelling, or whose words hold the query."""
    words = Q()
    for word in fold(q).split():
        words &= Q(search__contains=word)
    key = number_key(q)
    return words | Q(number_key__contains=key) if key else words


def suggestions(q: str, user: User, on: date) -> list[Regulation]:
    """Acts for a person who is typing a number or a name, each with ``validity_on``; slips of the hand if none fits."""
    if not q.strip():
        return []
    readable: RegulationQuerySet = Regulation.objects.visible_to(user).with_validity(on)
    begins = Case(When(number_key__startswith=number_key(q), then=Value(0)), default=Value(1))
    found = list(readable.filter(matching_acts(q)).order_by(begins, "number_key")[:SHOWN])
    if found:
        return found
    return list(readable.filter(number__in=near_misses(q)))


def near_misses(number: str) -> list[str]:
    """Numbers of the register that this one may be a slip of; empty if it is there, or like nothing there."""
    head = lookalike(number_key(number))[:2]
    near = Regulation.objects.filter(number_key__startswith=head).values_list("number", flat=True)
    return suggest(number, list(near[:LOOKED_THROUGH]))
