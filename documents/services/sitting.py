"""The leader's sitting: versions of a campaign that wait on a person, by class, signed one by one in one go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from documents.classing import Change
from documents.machines.version import VERSION
from documents.models import Campaign, DocumentVersion, ImpactItem
from documents.models.difference import MOST, Difference, differences
from documents.models.version import VersionQuerySet
from workflows import engine
from workflows.errors import BadAnswer, NotVisible, Stale, WorkflowError
from workflows.models import Move, User, covers
from workflows.tables import Step, judge

STEPS: Mapping[str, Step] = {
    source: step for step in VERSION.steps for source in step.sources if any(ask.name == "sitting" for ask in step.asks)
}
"""The step that a sitting takes out of each state, as the table says by asking for the sitting."""


@dataclass(frozen=True)
class Line:
    """One version in a sitting. ``refusal``: why this person cannot sign it; ``opened``: they have opened it."""

    version: DocumentVersion
    step: Step
    difference: Difference
    refusal: str = ""
    opened: str = ""

    @property
    def may_tick(self) -> bool:
        """Whether it can be signed together with others now."""
        change = self.difference.change
        return not self.refusal and (change == Change.SWAP or (change == Change.EDITORIAL and bool(self.opened)))


@dataclass(frozen=True)
class Chosen:
    """A version as the person saw it: its row version, the digest of its difference, the proof that it was opened."""

    pk: UUID
    row_version: int
    difference: str
    opened: str = ""


@dataclass
class Outcome:
    """What a sitting did: the versions signed, and for each other one why not."""

    id: UUID
    done: list[DocumentVersion] = field(default_factory=list)
    refused: list[tuple[DocumentVersion, WorkflowError]] = field(default_factory=list)


def _of(campaign: Campaign, user: User, now: datetime | None) -> VersionQuerySet:
    """Revisions that answer the campaign's items, as far as the person may read them, with their content."""
    return _readable(user, now).filter(pk__in=_revisions(campaign))


def _revisions(campaign: Campaign) -> QuerySet[ImpactItem, Any]:
    return ImpactItem.objects.filter(campaign=campaign, revision__isnull=False).values_list("revision", flat=True)


def _readable(user: User, now: datetime | None) -> VersionQuerySet:
    rows: VersionQuerySet = DocumentVersion.objects.visible_to(user, now).select_related("document", "agency", "unit")
    return rows.order_by("unit__path", "document__code_key")


def _waiting(campaign: Campaign, user: User, now: datetime | None) -> VersionQuerySet:
    mine = DocumentVersion.objects.waiting_on(user.seats_held(now)).filter(state__in=STEPS)
    return _of(campaign, user, now).filter(pk__in=mine.values("pk"))


def waiting_number(campaign: Campaign, user: User, now: datetime | None = None) -> int:
    """How many versions of the campaign wait on the person's signature; one query."""
    return _waiting(campaign, user, now).count()


def sitting_lines(
    campaign: Campaign, user: User, *, opened: Mapping[str, str] | None = None, now: datetime | None = None
) -> list[Line]:
    """Versions of the campaign that wait on the person, by unit and code, at most ``MOST``; statements do not grow
    with them. ``opened``: proofs by the version's id.
    """
    moment, proofs = now or timezone.now(), opened or {}
    versions = list(_waiting(campaign, user, moment)[:MOST])
    deeds: dict[UUID, set[str]] = defaultdict(set)
    for stream, action in Move.objects.filter(stream__in=[one.pk for one in versions], actor=user).values_list(
        "stream", "action"
    ):
        deeds[stream].add(action)
    found = differences(versions)
    seats = user.seats_held(moment)
    lines = []
    for one in versions:
        step, seen = STEPS[one.state], found[one.pk]
        roles = {seat.role for seat in seats if covers(seat, one.agency_id, one.unit_id)}
        refusal = judge(VERSION, one.state, step.action, roles, deeds[one.pk])
        sentence = str(engine.refusal_error(refusal, one).sentence) if refusal else ""
        proof = proofs.get(str(one.pk), "")
        lines.append(Line(one, step, seen, sentence, proof if seen.opened_at(proof, user) else ""))
    return lines


def sitting_open(campaign: Campaign, user: User, pk: UUID, now: datetime | None = None) -> tuple[Difference, str]:
    """One difference to read, and the proof that the person opened it; raises ``NotVisible``."""
    moment = now or timezone.now()
    version = _of(campaign, user, moment).filter(pk=pk).first()
    if version is None:
        raise NotVisible
    found = differences([version])[version.pk]
    return found, found.opened(user, moment)


def sitting_sign(
    *, campaign: Campaign, by: User, chosen: Sequence[Chosen], note: str = "", now: datetime | None = None
) -> Outcome:
    """Sign each chosen version through the door on its own; one that is refused does not stop the others.

    The door judges class and difference anew. Raises ``BadAnswer`` where nothing, too much, or one twice was chosen,
    and ``NotVisible`` where one is not the person's to read.
    """
    moment = now or timezone.now()
    wanted = {one.pk: one for one in chosen}
    if not chosen or len(chosen) > MOST or len(wanted) < len(chosen):
        problem = _("Chọn từ 1 đến %(most)d bản, mỗi bản một lần.") % {"most": MOST}
        raise BadAnswer(problems={"versions": problem})
    versions = list(_readable(by, moment).filter(pk__in=wanted))
    if len(versions) < len(wanted):
        raise NotVisible
    outcome, members = Outcome(uuid4()), set(_revisions(campaign).filter(revision__in=wanted))
    for version in versions:
        one = wanted[version.pk]
        given = {"id": str(outcome.id), "size": len(wanted), "difference": one.difference, "opened": one.opened}
        step = STEPS.get(version.state)
        try:
            if step is None or version.pk not in members:  # it moved on meanwhile, or answers the campaign no more
                raise Stale(state=version.state)
            done = engine.fire(
                version, step.action, by=by, expected=one.row_version, now=moment, note=note, sitting=given
            )
        except WorkflowError as error:
            outcome.refused.append((version, error))
        else:
            outcome.done.append(done)
    return outcome


def by_class(lines: Sequence[Line]) -> dict[Change, list[Line]]:
    """Lines by class, lightest first; classes of which there is none are there, empty."""
    return {change: [line for line in lines if line.difference.change == change] for change in Change}
