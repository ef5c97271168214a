"""The register of legal documents as it was known at an instant, replayed from its ledger."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from documents.facts import DAYS, TEXTS
from documents.models import Regulation, RegulationRelation, RelationKind, Validity
from documents.models.regulation import ENDING, STOPPING
from documents.numbers import issuer_key, number_key
from workflows.models import Move

PART = (RelationKind.REPEALS_PART,)
ACTING = (*ENDING, *STOPPING, *PART)
SAID_PARTLY = "in_force_partly_repealed"


@dataclass(frozen=True)
class Incoming:
    """A relation to a document: its kind, the day from which it acts (None: nobody knew it), and what acts."""

    kind: str
    since: date | None
    source: Regulation

    def acts(self, on: date) -> bool:
        """True if it is known to act on a day."""
        return self.since is not None and self.since <= on


def acts_known(acts: QuerySet[Regulation], on: date, known: datetime) -> dict[UUID, Regulation]:
    """Those of the acts that were registered before ``known``, with the facts of then; three queries. For reading.

    Each carries ``validity_on`` (the validity on a day by what was known) and ``heirs`` (what had replaced it by that
    day, newest first).
    """
    found = {act.pk: act for act in acts.filter(created_at__lt=known)}
    rows = RegulationRelation.objects.filter(target__in=list(found), kind__in=ACTING, recorded_at__lt=known)
    relations = list(rows.filter(source__created_at__lt=known).select_related("source"))
    sources = {one.source_id: one.source for one in relations}
    facts = _facts({*found, *sources}, known)
    for act in (*sources.values(), *found.values()):
        _put_back(act, facts[act.pk])
    incoming: dict[UUID, list[Incoming]] = {}
    for one in relations:
        source = sources[one.source_id]
        incoming.setdefault(one.target_id, []).append(
            Incoming(one.kind, one.effective_on or source.effective_on, source)
        )
    for act in found.values():
        _judge(act, incoming.get(act.pk, []), on)
    return found


def _facts(streams: Collection[UUID], known: datetime) -> dict[UUID, dict[str, Any]]:
    """What the last ledger row of each stream before the instant says, by stream."""
    last = Move.objects.filter(stream=OuterRef("stream"), at__lt=known).order_by("-seq").values("seq")[:1]
    rows = Move.objects.filter(stream__in=list(streams), seq=Subquery(last)).values_list("stream", "body")
    return {stream: json.loads(body)["evidence"] for stream, body in rows}


def _put_back(act: Regulation, facts: Mapping[str, Any]) -> None:
    for name in TEXTS:
        setattr(act, name, facts.get(name) or "")
    for name in DAYS:
        day = facts.get(name)
        setattr(act, name, date.fromisoformat(day) if day else None)
    act.number_key, act.issuer_key = number_key(act.number), issuer_key(act.number, act.issuer)[:200]


def _judge(act: Any, incoming: Iterable[Incoming], on: date) -> None:
    act.validity_on = validity_of(act, incoming, on)
    replaced = [one.source for one in incoming if one.kind == RelationKind.REPLACES and one.acts(on)]
    act.heirs = sorted(replaced, key=lambda heir: heir.effective_on or date.min, reverse=True)


def validity_of(act: Regulation, incoming: Iterable[Incoming], on: date) -> Validity:
    """``RegulationQuerySet.with_validity`` for facts in hand: the same rows in the same order."""
    rows = list(incoming)

    def by(kinds: Collection[str]) -> bool:
        return any(one.kind in kinds and one.acts(on) for one in rows)

    begins, ends, said = act.effective_on, act.expired_on, act.source_status
    begun, no_day_given = begins is not None and begins <= on, not any(one.kind in PART for one in rows)
    told_dead = said == "expired" and ends is None and (begins is None or begun)
    table = (
        (by(ENDING) or (ends is not None and ends <= on) or told_dead, Validity.EXPIRED),
        (begins is not None and not begun, Validity.ANNOUNCED),
        (by(STOPPING), Validity.SUSPENDED),
        (begun and by(PART), Validity.PARTLY_EXPIRED),
        (said == SAID_PARTLY and no_day_given, Validity.PARTLY_EXPIRED),
        (begun or (begins is None and said in ("in_force", SAID_PARTLY)), Validity.IN_FORCE),
    )
    return next((validity for holds, validity in table if holds), Validity.UNKNOWN)
