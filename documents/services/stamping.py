"""Counts up an agency's stamp whenever something that its public pages show is written (``PublicStamp``).

In the same transaction, so that a page kept under the old number is never taken for the new one; after the commit the
remembered number is dropped, so that the next reader asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core.cache import caches
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.signals import post_save
from django.dispatch import Signal

from documents.machines.version import VERSION
from documents.models import (
    AnnouncedProcedure,
    Citation,
    Document,
    DocumentVersion,
    Publication,
    PublicStamp,
    Regulation,
    RegulationRelation,
)
from workflows.models import Unit

CACHE = "public"
changed = Signal()
"""Something that a public page shows was committed by this process. kwargs: none."""
SHOWN = frozenset(stage.state for stage in VERSION.stages if stage.public)
Where = Callable[[Any], Q | None]


def stamp_key(code: str) -> str:
    """Under which the number of an agency is remembered."""
    return f"stamp:{code}"


def _citing(acts: Iterable[object]) -> Q:
    """Agencies whose documents cite one of these acts."""
    rows = Citation.objects.filter(regulation__in=list(acts), version__agency=OuterRef("agency"))
    return Q(Exists(rows))


SOURCES: tuple[tuple[type[models.Model], Where], ...] = (
    (DocumentVersion, lambda row: Q(agency=row.agency_id) if row.state in SHOWN else None),
    (Publication, lambda row: Q(agency=row.agency_id) if row.published_on else None),
    (Document, lambda row: Q(agency=row.agency_id)),
    (AnnouncedProcedure, lambda row: Q(agency=row.agency_id)),
    (Unit, lambda row: Q(agency=row.agency_id)),
    (Regulation, lambda row: _citing([row.pk])),
    (RegulationRelation, lambda row: _citing([row.source_id, row.target_id])),
)
"""What is shown, and whose pages a row of it is on; None: on nobody's."""


def connect() -> None:
    """Listen to every source; called once at ``ready()``."""
    for model, where in SOURCES:
        post_save.connect(_listener(where), sender=model, weak=False, dispatch_uid=f"public-stamp-{model.__name__}")


def _listener(where: Where) -> Callable[..., None]:
    def listen(instance: Any, raw: bool = False, **_kwargs: Any) -> None:
        found = None if raw else where(instance)
        if found is not None:
            count_up(found)

    return listen


def count_up(where: Q) -> None:
    """Count up the stamps of these agencies, and forget the remembered numbers once it is committed."""
    rows = PublicStamp.objects.filter(where)
    # Agencies that never published have no row, and there are many of them: ask before writing.
    found = list(rows.values_list("pk", "agency__code"))
    if not found:
        return
    keys = [stamp_key(code) for _pk, code in found]
    with transaction.atomic():
        # In one order, so that two changes of law that touch the same agencies wait and do not lock each other out.
        mine = PublicStamp.objects.select_for_update().filter(pk__in=[pk for pk, _code in found]).order_by("pk")
        PublicStamp.objects.filter(pk__in=[one.pk for one in mine]).update(number=F("number") + 1)
        transaction.on_commit(lambda: _forget(keys), robust=True)


def _forget(keys: list[str]) -> None:
    caches[CACHE].delete_many(keys)
    changed.send(PublicStamp)
