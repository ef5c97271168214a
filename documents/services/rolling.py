"""Adoption and drift of a framework model over all its agencies: what is counted of each item, and nothing more.

``standings`` tells of an agency's items with their records; here only how they stand is asked, by columns, so that the
roll-up of a province costs a few statements and no records.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from documents.machines.version import OPEN
from documents.models import AdoptedItem, Adoption, DocumentVersion, MergeBase, ModelItem, ModelVersion
from documents.models.adoption import HOLDS
from documents.services.frameworks import AS_IT_IS, BEHIND, Pair, deviations, meant_for
from workflows.models import Unit, User


class Mark(NamedTuple):
    """How one agency stands to one item: a key of ``frameworks.STATUSES``, and whether it is behind."""

    key: str
    status: str
    behind: bool = False


class Base(NamedTuple):
    """From which item a text was merged, by id and digest, and the parts that it opens."""

    item: Any
    digest: str
    opened: tuple[str, ...]


@dataclass(frozen=True)
class Roll:
    """How agencies stand to a version: by agency that adopted the model, and by item how many how."""

    agencies: list[Unit]
    marks: dict[int, list[Mark]]
    items: list[ModelItem]

    @property
    def tables(self) -> list[tuple[ModelItem, Counter[str]]]:
        """Each item with how many agencies stand how; ``none``: those that did not adopt the model."""
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for marks in self.marks.values():
            for one in marks:
                counts[one.key][one.status] += 1
                counts[one.key][BEHIND] += one.behind
        return [(item, counts[item.key]) for item in self.items]

    @property
    def tally(self) -> Counter[str]:
        """Agencies: all, those that adopted, and those with at least one item behind, drifted, or missing."""
        found = Counter(all=len(self.agencies), adopted=len(self.marks))
        for marks in self.marks.values():
            found[BEHIND] += any(one.behind for one in marks)
            for status in ("drifted", "gap"):
                found[status] += any(one.status == status for one in marks)
        return found

    def chosen(self, key: str, status: str) -> list[Unit]:
        """Agencies that stand so to an item; without an item, to any; ``none``: that did not adopt the model."""
        if status == "none":
            return [one for one in self.agencies if one.pk not in self.marks]
        if status == "adopted":
            return [one for one in self.agencies if one.pk in self.marks]
        if not status:
            return self.agencies
        return [one for one in self.agencies if any(_is(mark, key, status) for mark in self.marks.get(one.pk, ()))]


def _is(mark: Mark, key: str, status: str) -> bool:
    return (not key or mark.key == key) and (mark.behind if status == BEHIND else mark.status == status)


def roll(version: ModelVersion, user: User, day: date) -> Roll:
    """Adoption and drift over the agencies that the person sees; queries do not grow with their number."""
    agencies = meant_for(version.model, day, user)
    items = list(version.items.defer("content"))
    return Roll(agencies, marks_of(version, items, [one.pk for one in agencies], day), items)


def marks_of(
    version: ModelVersion, items: Collection[ModelItem], agencies: Collection[int], day: date
) -> dict[int, list[Mark]]:
    """By agency that adopted the model how each item stands; four statements, two more where texts are compared for
    the first time.
    """
    present = {one.key: one for one in items}
    adoptions = Adoption.objects.filter(model=version.model_id, agency__in=agencies).exclude(state="left")
    places = dict(adoptions.order_by().values_list("pk", "agency_id"))
    taken = AdoptedItem.objects.filter(adoption__in=adoptions.order_by().values("pk"), state__in=HOLDS).order_by("key")
    rows = list(taken.values_list("pk", "adoption_id", "key", "state", "document_id"))
    newest, issued = _bases(taken)
    found = _found(taken, rows, issued, day)
    marks: dict[int, dict[str, Mark]] = {agency: {} for agency in places.values()}
    for pk, adoption, key, state, _document in rows:
        status = "kept" if state == "kept" else found.get(pk, "drafting")
        behind = state == "followed" and _is_behind(newest.get(pk), present.get(key))
        marks[places[adoption]][key] = Mark(key, status, behind)
    return {agency: _whole(mine, items, present) for agency, mine in marks.items()}


def _whole(mine: dict[str, Mark], items: Collection[ModelItem], present: Collection[str]) -> list[Mark]:
    """Items of the version in their order, those not taken too; then what the model has no more."""
    rows = [mine.get(one.key) or Mark(one.key, "gap" if one.required else "offered") for one in items]
    return [*rows, *(mark for key, mark in mine.items() if key not in present)]


def _is_behind(base: Base | None, item: ModelItem | None) -> bool:
    """As ``AdoptedItem.is_behind`` of one that is followed."""
    return base is not None and (item is None or base.digest != item.content_sha256)


def _bases(taken: Any) -> tuple[dict[UUID, Base], dict[UUID, Base]]:
    """Of each adopted item the last base, and the last of a text that was issued."""
    newest: dict[UUID, Base] = {}
    issued: dict[UUID, Base] = {}
    rows = MergeBase.objects.filter(adopted__in=taken.order_by().values("pk")).exclude(version__state="cancelled")
    columns = ("adopted_id", "item_id", "item__content_sha256", "item__open_parts", "version__state")
    for adopted, item, digest, opened, state in rows.order_by("pk").values_list(*columns):
        newest[adopted] = Base(item, digest, tuple(opened))
        if state not in OPEN:
            issued[adopted] = newest[adopted]
    return newest, issued


def _found(taken: Any, rows: list[Any], issued: dict[UUID, Base], day: date) -> dict[UUID, str]:
    """The status of those that have a text in force which was merged from the model."""
    texts = DocumentVersion.objects.in_force(day).filter(document__in=taken.order_by().values("document"))
    live = {document: (pk, digest) for document, pk, digest in texts.values_list("document", "pk", "content_sha256")}
    both = {
        pk: Pair(*issued[pk], *live[document])
        for pk, _adoption, _key, _state, document in rows
        if document in live and pk in issued
    }
    differing = deviations({pk: one for pk, one in both.items() if one.item_sha256 != one.live_sha256})
    return {pk: differing.get(pk, AS_IT_IS).status for pk in both}
