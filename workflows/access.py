"""How a page or an API view gets at one row: the wall between agencies and the right to read, in one place.

Another agency's row does not exist for the person (404); a row of their own agency that is not theirs to read is
refused with the reason (403).
"""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models

from workflows.errors import NotReadable, NotVisible
from workflows.models import User, covers
from workflows.tables import Machine, Refusal, judge

M = TypeVar("M", bound=models.Model)


def fetch(model: type[M], user: User, pk: object, *, among: models.QuerySet[M] | None = None) -> M:
    """Return the row to read; raises ``NotVisible`` (404) or ``NotReadable`` (403). One query where all is well.

    ``among``: the queryset to look in, with the relations that the page needs.
    """
    rows: Any = among if among is not None else model.objects.all()  # type: ignore[attr-defined]
    try:
        found: M | None = rows.visible_to(user).filter(pk=pk).first()
    except (ValidationError, ValueError):  # no row has such a key
        raise NotVisible from None
    if found is not None:
        return found
    wall = getattr(rows, "in_agencies_of", None)
    if wall is not None and wall(user).filter(pk=pk).exists():
        raise NotReadable
    raise NotVisible


def reach(model: type[M], user: User, pk: UUID | str) -> M:
    """Return the row to act on: within the wall is enough, the door judges the rest. Raises ``NotVisible``."""
    rows = model.objects.in_agencies_of(user)  # type: ignore[attr-defined]
    found: M | None = rows.filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def may_start(machine: Machine, action: str, user: User, agency_id: int | None, unit_id: int | None) -> Refusal | None:
    """Say whether a person may create a record in a place; None means yes. The door asks again."""
    roles = {seat.role for seat in user.seats_held() if covers(seat, agency_id, unit_id)}
    return judge(machine, "", action, roles)
