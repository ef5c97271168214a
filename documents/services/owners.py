"""What the people who own documents must do something about: documents of their units that no longer hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from documents.machines.impact import OPEN as OPEN_ITEMS
from documents.machines.version import OPEN as OPEN_VERSIONS
from documents.models import DocumentVersion, ImpactItem
from documents.services.alarm import OUTDATED, Alarm, alarms, condition
from documents.services.asof import Moment, versions_in_force
from documents.services.shelf import SHELF_ORDER
from workflows.models import User, day_of
from workflows.panels import Panel
from workflows.roles import Role

TITLE = _("Quy trình đang dựa trên văn bản hết hiệu lực hoặc đã quá hạn cập nhật")
OWNERS = frozenset({Role.DRAFTER, Role.UNIT_HEAD})
SHOWN = 20


@dataclass(frozen=True)
class Owned:
    """A document that no longer holds. ``items``: its open reviews that the person may read; ``draft``: the version
    under way, if the person may read it. Without either the way on is a new version.
    """

    version: DocumentVersion
    alarm: Alarm
    items: Sequence[ImpactItem]
    draft: DocumentVersion | None


def units_owned(user: User) -> set[int]:
    """Units for whose documents the person answers: as drafter or head."""
    return {seat.unit_id for seat in user.seats_held() if seat.role in OWNERS}


def panel(user: User) -> Panel | None:
    """The section of the inbox; for owners only."""
    return Panel(TITLE, reverse("documents:owned")) if units_owned(user) else None


def owned(user: User) -> tuple[list[Owned], int]:
    """Documents of the person's units that something alarms today, the first ``SHOWN``, and how many there are.

    Eight queries at most.
    """
    at = Moment.now(day_of())
    mine = versions_in_force(at).filter(unit__in=units_owned(user)).visible_to(user)
    rows = mine.filter(condition(OUTDATED, at, mine)).for_list().order_by(*SHELF_ORDER, "pk")
    number, shown = rows.count(), list(rows[:SHOWN])
    found, keys = alarms(shown, at), [version.document_id for version in shown]
    items: dict[UUID, list[ImpactItem]] = {}
    for item in ImpactItem.objects.visible_to(user).filter(document__in=keys, state__in=OPEN_ITEMS).for_list():
        items.setdefault(item.document_id, []).append(item)
    under_way = DocumentVersion.objects.visible_to(user).filter(document__in=keys, state__in=OPEN_VERSIONS)
    drafts = {draft.document_id: draft for draft in under_way.for_list()}
    told = [
        Owned(version, found[version.pk], items.get(version.document_id, ()), drafts.get(version.document_id))
        for version in shown
        if version.pk in found
    ]
    return told, number
