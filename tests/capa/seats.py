"""People who change seats: the ways in which a past deed could be left behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from tests.people import UNIT_ROLES, World, person, seat
from workflows.models import Record, Seat, User


def newcomer(world: World, role: str, unit: str = "hctp", name: str = "tam") -> User:
    """Tâm: a person with one seat, who did nothing yet."""
    world.people[name] = person(name)
    seat(world.people[name], role, world.unit(unit))
    return world.people[name]


def add(world: World, user: User, role: str, unit: str = "bttp") -> User:
    """A second seat beside the first."""
    seat(user, role, world.unit(unit if role in UNIT_ROLES or unit != "bttp" else "stp"))
    return User.objects.get(pk=user.pk)


def leave(world: World, user: User, role: str, unit: str = "bttp") -> User:
    """Every seat ends today, and the new one begins today in another unit."""
    today = timezone.localdate()
    Seat.objects.filter(user=user).update(valid_to=today)
    seat(user, role, world.unit(unit), since=today)
    return User.objects.get(pk=user.pk)


def vanish(world: World, user: User, role: str, unit: str = "bttp") -> User:
    """As if they had never sat in the unit at all: only the deeds are left."""
    Seat.objects.filter(user=user).update(unit=world.unit("xa"), valid_to=timezone.localdate())
    seat(user, role, world.unit(unit), since=timezone.localdate())
    return User.objects.get(pk=user.pk)


Way = Callable[[World, User, str], User]
WAYS: tuple[Way, ...] = (add, leave, vanish)


def force(record: Record, **columns: Any) -> Any:
    """Write columns past the door: what the next guard must not rely on."""
    QuerySet.update(type(record).objects.filter(pk=record.pk), **columns)
    return type(record).objects.get(pk=record.pk)
