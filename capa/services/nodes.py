"""Of which node somebody may see the roll-up: agencies that they see, and the country for who watches it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from workflows.access import fetch
from workflows.errors import NotVisible
from workflows.models import Unit, User

WHOLE_COUNTRY = "country"
DIGITS = 9
"""What fits every integer column."""


def watches(user: User) -> bool:
    """The person sees the country."""
    return any(seat.watches_country for seat in user.seats_held())


def node_asked(user: User, text: str) -> Unit | None:
    """The agency that the address names, the country (None), or where the person sits. Raises ``NotVisible``."""
    if text == WHOLE_COUNTRY or (not text and watches(user)):
        if not watches(user):
            raise NotVisible
        return None
    if text:
        if not (text.isascii() and text.isdecimal()) or len(text) > DIGITS:
            raise NotVisible
        found = fetch(Unit, user, int(text), among=Unit.objects.select_related("parent"))
        if not found.is_agency:
            raise NotVisible
        return found
    first = next((seat.agency for seat in user.seats_held()), None)
    if first is None:
        raise PermissionDenied(_("Cần có vai trò trong cơ quan thì mới xem được số liệu tổng hợp."))
    return first
