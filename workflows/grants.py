"""Guardian's object permissions on units, derived from seats: one group per unit and role, never per document.

They serve Django's own permission checks and the admin; the door and the inbox read seats and never these.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from workflows.models import Seat, Unit, UnitGroupGrant

PREFIX = "seat:"


def group_name(unit_id: int, role: str) -> str:
    """Name of the group of one role in one unit."""
    return f"{PREFIX}{unit_id}:{role}"


@transaction.atomic
def rebuild(day: date) -> tuple[int, int]:
    """Make groups, memberships and grants equal to the seats held on a day; return (groups, memberships).

    Groups whose seats have all ended stay, empty: their name may be referred to. Running it twice changes nothing.
    """
    members: dict[tuple[int, str], set[int]] = defaultdict(set)
    for unit_id, role, user_id in Seat.objects.held_on(day).values_list("unit_id", "role", "user_id"):
        members[unit_id, role].add(user_id)
    names = {group_name(*key) for key in members}
    Group.objects.bulk_create((Group(name=name) for name in sorted(names)), ignore_conflicts=True)
    groups = {group.name: group for group in Group.objects.filter(name__startswith=PREFIX)}
    wanted = {(groups[group_name(*key)].pk, user) for key, users in members.items() for user in users}
    through = Group.user_set.through
    held = set(through.objects.filter(group__name__startswith=PREFIX).values_list("group_id", "user_id"))
    for group_id, user_id in held - wanted:
        through.objects.filter(group_id=group_id, user_id=user_id).delete()
    through.objects.bulk_create(
        (through(group_id=group_id, user_id=user_id) for group_id, user_id in sorted(wanted - held))
    )
    _grant(members, groups)
    return len(names), len(wanted)


def _grant(members: dict[tuple[int, str], set[int]], groups: dict[str, Group]) -> None:
    kind = ContentType.objects.get_for_model(Unit)
    rights = {right.codename: right for right in Permission.objects.filter(content_type=kind)}
    UnitGroupGrant.objects.bulk_create(
        (
            UnitGroupGrant(
                group=groups[group_name(unit_id, role)], permission=rights[f"act_{role}"], content_object_id=unit_id
            )
            for unit_id, role in sorted(members)
        ),
        ignore_conflicts=True,
    )
