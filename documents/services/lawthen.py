"""The register of legal documents as it was known at an instant, replayed from its ledger."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from documents.facts import DAYS, TEXTS
from documents.models import Regulation, RegulationRelation, RelationKind, Validity
from documents.models.citation import LostPart
from documents.models.regulation import ACTS_FROM, ENDING, LOSING, PART_ENDING, STOPPING
from documents.numbers import issuer_key, number_key
from documents.provisions import Provisions
from workflows.models import Move

ACTING = (*ENDING, *LOSING)
SAID_PARTLY = "in_force_partly_repealed"


@dataclass(frozen=True)
class Incoming:
    """A relation to a document: its kind, the day from which it acts (None: nobody knew it), and what acts.

    ``parts``: the provisions of the document that it acts on, none for the whole. ``over``: the first day on which what
    acts is dead itself, by its own recorded end (``regulation.holds``).
    """

    kind: str
    since: date | None
    source: Regulation
    parts: Provisions = ()
    over: date | None = None

    @property
    def held(self) -> bool:
        """True if it is known to take hold: what acts was not dead before."""
        return self.since is not None and (self.over is None or self.over >= self.since)

    def acts(self, on: date) -> bool:
        """True if it is known to act on a day; what only stops acts while its source lives."""
        lasting = self.kind not in STOPPING or self.over is None or self.over > on
        return self.held and self.since is not None and self.since <= on and lasting


def acts_known(acts: QuerySet[Regulation], on: date, known: datetime) -> dict[UUID, Regulation]:
    """Those of the acts that were registered before ``known``, with the facts of then; three queries. For reading.

    Each carries ``validity_on`` (the validity on a day by what was known), ``heirs`` (what had replaced it by that day,
    newest first), ``since`` (the first day of its being dead or stopped; None while it lives or nobody knows) and
    ``lost`` (its provisions that did not hold).
    """
    found = {act.pk: act for act in acts.filter(created_at__lt=known)}
    rows = RegulationRelation.objects.filter(recorded_at__lt=known, source__created_at__lt=known)
    mine = Q(target__in=list(found), kind__in=ACTING)
    theirs = Q(target__in=rows.filter(mine).values("source"), kind__in=ENDING)
    relations = list(rows.filter(mine | theirs).select_related("source"))
    sources = {one.source_id: one.source for one in relations}
    facts = _facts({*found, *sources}, known)
    for one in relations:
        one.effective_on = _day_then(one, facts[one.source_id])
    for act in (*sources.values(), *found.values()):
        _put_back(act, facts[act.pk])
    over = _ends(relations, sources)
    incoming: dict[UUID, list[Incoming]] = {}
    for one in relations:
        source = sources[one.source_id]
        incoming.setdefault(one.target_id, []).append(
            Incoming(one.kind, one.effective_on or source.effective_on, source, one.parts, over.get(one.source_id))
        )
    for act in found.values():
        _judge(act, incoming.get(act.pk, []), on)
    return found


def _ends(relations: Iterable[RegulationRelation], sources: Mapping[UUID, Regulation]) -> dict[UUID, date]:
    """The first day on which an acting document is dead by its own recorded end, where there is one."""
    days = [(pk, source.expired_on) for pk, source in sources.items()]
    ending = [one for one in relations if one.kind in ENDING]
    days += [(one.target_id, one.effective_on or sources[one.source_id].effective_on) for one in ending]
    found: dict[UUID, date] = {}
    for pk, day in days:
        if day is not None:
            found[pk] = min(day, found.get(pk, day))
    return found


def _facts(streams: Collection[UUID], known: datetime) -> dict[UUID, dict[str, Any]]:
    """What the last ledger row of each stream before the instant says, by stream."""
    last = Move.objects.filter(stream=OuterRef("stream"), at__lt=known).order_by("-seq").values("seq")[:1]
    rows = Move.objects.filter(stream__in=list(streams), seq=Subquery(last)).values_list("stream", "body")
    return {stream: json.loads(body)["evidence"] for stream, body in rows}


def _day_then(relation: RegulationRelation, facts: Mapping[str, Any]) -> date | None:
    """Since when a relation holds, by the source's ledger of then; as it is now, where that does not tell."""
    days = facts.get(ACTS_FROM, {})
    if str(relation.pk) not in days:
        return relation.effective_on
    day = days[str(relation.pk)]
    return date.fromisoformat(day) if day else None


def _put_back(act: Regulation, facts: Mapping[str, Any]) -> None:
    for name in TEXTS:
        setattr(act, name, facts.get(name) or "")
    for name in DAYS:
        day = facts.get(name)
        setattr(act, name, date.fromisoformat(day) if day else None)
    act.number_key, act.issuer_key = number_key(act.number), issuer_key(act.number, act.issuer)[:200]


def _judge(act: Any, incoming: Collection[Incoming], on: date) -> None:
    act.validity_on = validity_of(act, incoming, on)
    dead = act.validity_on == Validity.EXPIRED
    replacing = [one for one in incoming if one.kind == RelationKind.REPLACES]
    replaced = [one.source for one in replacing if one.acts(on)]
    if dead and not replaced:
        replaced = [one.source for one in replacing if one.since is None]
    act.heirs = sorted(replaced, key=lambda heir: heir.effective_on or date.min, reverse=True)
    ends = [one.since for one in incoming if one.kind in ENDING and one.since and one.acts(on)]
    ends += [act.expired_on] if act.expired_on and act.expired_on <= on else []
    stops = [one for one in incoming if one.kind in STOPPING and not one.parts]
    halts = [one.since for one in stops if one.since and one.acts(on)]
    act.lost = [part for one in incoming for part in _lost(one, on)]
    act.since = min(ends if dead else halts, default=None)


def _lost(one: Incoming, on: date) -> list[LostPart]:
    """Provisions that a relation takes away on a day."""
    if one.since is None or not one.acts(on) or one.kind not in LOSING:
        return []
    return [LostPart(part, one.since, one.kind in STOPPING) for part in one.parts]


def validity_of(act: Regulation, incoming: Iterable[Incoming], on: date) -> Validity:
    """``RegulationQuerySet.with_validity`` for facts in hand: the same rows in the same order."""
    rows = list(incoming)

    def by(kinds: Collection[str], *, whole: bool = False) -> bool:
        return any(one.kind in kinds and one.acts(on) and not (whole and one.parts) for one in rows)

    begins, ends, said = act.effective_on, act.expired_on, act.source_status
    begun, no_day_given = begins is not None and begins <= on, not any(one.kind in PART_ENDING for one in rows)
    day_known = ends is not None or any(one.kind in ENDING and one.held for one in rows)
    told_dead = said == "expired" and not day_known and (begins is None or begun)
    table = (
        (by(ENDING) or (ends is not None and ends <= on) or told_dead, Validity.EXPIRED),
        (begins is not None and not begun, Validity.ANNOUNCED),
        (by(STOPPING, whole=True), Validity.SUSPENDED),
        (begun and by(PART_ENDING), Validity.PARTLY_EXPIRED),
        (said == SAID_PARTLY and no_day_given, Validity.PARTLY_EXPIRED),
        (begun or (begins is None and said in ("in_force", SAID_PARTLY)), Validity.IN_FORCE),
    )
    return next((validity for holds, validity in table if holds), Validity.UNKNOWN)
