"""Cards of audits on the home page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from capa.services.visiting import my_visits, rounds_under_way
from workflows.home import Card
from workflows.models import User


def audit_cards(user: User, now: datetime) -> Iterator[Card]:
    """Rounds under way, and for auditors the visits whose checklist they answer."""
    audits = reverse("capa:programmes")
    rounds = rounds_under_way(user, now).count()
    if rounds:
        yield Card(rounds, _("đợt đánh giá đang thực hiện"), audits)
    visits = list(my_visits(user, now).filter(round__state="in_progress"))
    if visits:
        only = visits[0]
        url = reverse("capa:visit", args=[only.round_id, only.unit_id]) if len(visits) == 1 else audits
        yield Card(len(visits), _("đơn vị tôi đang đánh giá"), url)
