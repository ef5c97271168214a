"""Citations that were made before the register had the act: linked in the transaction in which it is registered."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models.signals import post_save

from documents.citing import BASIS
from documents.models import Citation, Regulation
from documents.models.citation import is_of, number_keys, place_names
from documents.number_keys import is_local, issued_in

AT_ONCE = 500
"""Citations of one statement."""
DIGITS = re.compile(r"[0-9]+")


def connect() -> None:
    """Listen to the register; called once at ``ready()``, before whatever asks who cites the act."""
    post_save.connect(_saved, sender=Regulation, dispatch_uid="documents.linking")


def _saved(
    instance: Regulation, created: bool, update_fields: Collection[str] | None = None, raw: bool = False, **_kwargs: Any
) -> None:
    if not raw and (created or update_fields is None or "number_key" in update_fields):
        citations_link(instance)


def citations_link(act: Regulation) -> int:
    """Link the citations that name this act and nothing, and return how many; one query where there are none.

    A number that several acts of the register share is left alone, as where a citation is read: nobody can tell which.
    A local number is linked to the act of the issuer whom the citation names, or else of the citing agency's own place.
    """
    digits = DIGITS.findall(act.number_key)
    if not digits:
        return 0
    waiting = Citation.objects.filter(regulation=None).order_by()
    for part in digits[:2]:  # the numbers of a text are spelled in many ways, but with these digits
        waiting = waiting.filter(number__contains=part)
    rows = waiting.values_list("pk", "number").iterator()
    mine = [pk for pk, number in rows if act.number_key in number_keys(number)]
    if mine and is_local(act.number):
        mine = [one.pk for one in _told(mine) if _means(one, act)]
    elif not mine or Regulation.objects.filter(number_key=act.number_key).exclude(pk=act.pk).exists():
        return 0
    for first in range(0, len(mine), AT_ONCE):
        Citation.objects.filter(pk__in=mine[first : first + AT_ONCE]).update(regulation=act)
    return len(mine)


def _told(mine: Collection[int]) -> Iterable[Citation]:
    """Citations with what their version says of them, and whose it is."""
    return Citation.objects.filter(pk__in=mine).select_related("version__agency").iterator()


def _means(citation: Citation, act: Regulation) -> bool:
    """Whether a citation of a local number means the act of this issuer."""
    if not act.issuer:
        return False
    rows = citation.version.content["legal_basis"] if citation.place == BASIS else []
    issuer = rows[citation.position]["issuer"] if citation.position < len(rows) else ""
    if issuer:
        return is_of(act, issuer)
    return issued_in(act.issuer, place_names(citation.version.agency))
