"""Cards of corrective action on the home page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from capa.models import Car
from capa.services.car_filters import group_q
from workflows import desk
from workflows.home import Card
from workflows.models import User, day_of


def home_cards(user: User, now: datetime) -> Iterator[Card]:
    """Open CARs that the person may read; for leaders, those that are late."""
    today, cars = day_of(now), reverse("capa:cars")
    kinds = {name: Count("pk", filter=group_q(name, today)) for name in ("open", "overdue")}
    numbers = Car.objects.visible_to(user, now).order_by().aggregate(**kinds)
    if numbers["open"]:
        yield Card(numbers["open"], _("phiếu khắc phục đang mở"), f"{cars}?group=open")
    if desk.leads(user, now):
        late = numbers["overdue"]
        yield Card(late, _("phiếu khắc phục quá hạn"), f"{cars}?group=overdue", alarm=late > 0)
