"""Whom an event touches: one row for each kind of event says how that is found, and each find has its path.

An act that takes effect touches by the graph of law and, if it announces procedures or approves internal processes, by
what it lists; a unit by what it owns and where it is named; an end by the wordings that end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from documents.models import (
    AnnouncedChange,
    AnnouncedProcedure,
    DocumentKind,
    DocumentVersion,
    Event,
    EventKind,
    SunsetClause,
)
from documents.models.in_force import BEGINNING
from documents.models.sunset import texts
from documents.models.version import VersionQuerySet
from documents.reach import RANK, Strength
from documents.services.touching import Hop, Supposed, Touched, regulation_touches
from workflows.models import Passage, Unit, User
from workflows.spelling import folded, words

ORDER = ("agency__path", "unit__path", "document__code_key")


@dataclass(frozen=True)
class Scope:
    """Among whose documents is looked, and on which day: those that ``user`` sees, those of ``agency`` alone, or with
    those of the agencies ``below`` it.
    """

    on: date
    user: User | None = None
    agency: Unit | None = None
    below: bool = False
    supposed: Supposed | None = None
    keys: tuple[UUID, UUID] | None = None
    """The first and last version, in the order of ids, that is looked at."""
    coming: bool = False
    """Among versions issued for a later day instead of those in force."""
    among: Q | None = None
    """Only those for which this holds."""
    most: int | None = None
    """No more than so many: where the question is whether there are any, and there may be very many."""

    def versions(self) -> VersionQuerySet:
        """The versions, in the order of lists."""
        rows = DocumentVersion.objects.all()
        found = (rows.coming(self.on) if self.coming else rows.in_force(self.on)).for_list()
        if self.user is not None:
            found = found.visible_to(self.user)
        if self.agency is not None:
            path = self.agency.path
            found = found.filter(agency__path__startswith=path) if self.below else found.filter(agency=self.agency)
        if self.keys is not None:
            found = found.filter(pk__range=self.keys)
        if self.among is not None:
            found = found.filter(self.among)
        return found.order_by(*ORDER)


def event_touches(event: Event, scope: Scope) -> list[Touched]:
    """Versions in force that the event touches, by unit and code (of a part of the ids: in no order); each once, by its
    hardest way. Reads only.
    """
    best: dict[object, Touched] = {}
    for find in FINDERS[EventKind(event.kind)]:
        for one in islice(find(event, scope), scope.most):
            known = best.get(one.version.pk)
            if known is None or RANK[one.strength] < RANK[known.strength]:
                best[one.version.pk] = one
    return list(best.values()) if scope.keys else sorted(best.values(), key=_place)[: scope.most]


def coming_touches(event: Event, scope: Scope, known: Container[UUID]) -> list[Touched]:
    """The same for what is issued and not yet in force, without the ``known`` documents, each with the first of its
    versions: it would come into force with what has ended, and nobody would have been asked to look.
    """
    ahead = replace(scope, coming=True, keys=None)
    found = event_touches(event, ahead) if ahead.versions().order_by().exists() else []
    first: dict[UUID, Touched] = {}
    for one in sorted(found, key=lambda one: (one.version.effective_from or BEGINNING, _place(one))):
        if one.version.document_id not in known:
            first.setdefault(one.version.document_id, one)
    return sorted(first.values(), key=_place)


def _place(one: Touched) -> tuple[str, str, str]:
    return one.version.agency.path, one.version.unit.path, one.version.document.code_key


def _by_law(event: Event, scope: Scope) -> Iterable[Touched]:
    if event.regulation is None:
        return ()
    return regulation_touches(
        event.regulation,
        on=scope.on,
        user=scope.user,
        agency=scope.agency,
        below=scope.below,
        event=event.kind,
        supposed=scope.supposed,
        keys=scope.keys,
        coming=scope.coming,
        among=scope.among,
        most=scope.most,
    )


def _by_announcement(event: Event, scope: Scope) -> Iterable[Touched]:
    """Documents for the procedures that the act announces, or does away with, in their agencies."""
    if event.regulation is None:
        return
    said: dict[tuple[int, str], tuple[str, Strength]] = {}
    for row in AnnouncedProcedure.objects.filter(regulation=event.regulation):
        said[row.agency_id, row.code_key] = (row.code, CHANGES_GIVE[AnnouncedChange(row.change)])
        if row.replaces_key:
            said.setdefault((row.agency_id, row.replaces_key), (row.replaces, Strength.ABOLISHED))
    if not said:
        return
    agencies, keys = {agency for agency, _key in said}, {key for _agency, key in said}
    found = scope.versions().filter(document__kind=DocumentKind.TTHC_PROC)
    for version in found.filter(document__agency__in=agencies, document__code_key__in=keys):
        word = said.get((version.document.agency_id, version.document.code_key))
        if word is not None:
            code, strength = word
            path = [_step("announces", event.regulation.number, code), _hop("handles", code, version)]
            yield Touched(version, path, strength, direct=False)


CHANGES_GIVE: Mapping[AnnouncedChange, Strength] = {
    AnnouncedChange.NEW: Strength.ANNOUNCED,
    AnnouncedChange.AMENDED: Strength.ANNOUNCED,
    AnnouncedChange.REPLACED: Strength.ANNOUNCED,
    AnnouncedChange.ABOLISHED: Strength.ABOLISHED,
    AnnouncedChange.PROCESS: Strength.PROCESS,
}
"""What each kind of announcement means for the document of the procedure."""


def _by_end(event: Event, scope: Scope) -> Iterable[Touched]:
    """Wordings that hold until the event's day; of several in one version the first."""
    if event.occurs_on is None:
        return
    clauses = SunsetClause.objects.filter(until=event.occurs_on)
    found = {one.pk: one for one in scope.versions().filter(Exists(clauses.filter(version=OuterRef("pk"))))}
    first: dict[object, SunsetClause] = {}
    for clause in clauses.filter(version__in=list(found)):
        first.setdefault(clause.version_id, clause)
    for pk, version in found.items():
        clause = first[pk]
        path = [_hop("ends", f"{clause.until:%d/%m/%Y}", version, row=clause.row, section=clause.section)]
        yield Touched(version, path, Strength.SUNSET, direct=True)


def _by_owner(event: Event, scope: Scope) -> Iterable[Touched]:
    """Documents of the unit and of what is below it."""
    if event.unit is not None:
        for version in scope.versions().filter(unit__path__startswith=event.unit.path):
            yield Touched(version, [_hop("owns", event.unit_name, version)], Strength.OWNER, direct=True)


def _by_name(event: Event, scope: Scope) -> Iterable[Touched]:
    """Documents that name the unit."""
    for version, section, row in _saying(event.unit_name, scope):
        yield Touched(
            version, [_hop("names", event.unit_name, version, row=row, section=section)], Strength.NAMED, True
        )


def _by_code(event: Event, scope: Scope) -> Iterable[Touched]:
    """Documents that name the code of the document that goes."""
    if event.document is not None:
        code = event.document.code
        for version, section, row in _saying(code, scope):
            if version.document_id != event.document_id:
                path = [_hop("names", code, version, row=row, section=section)]
                yield Touched(version, path, Strength.REFERS, direct=True)


Finder = Callable[[Event, Scope], Iterable[Touched]]
FINDERS: Mapping[EventKind, tuple[Finder, ...]] = {
    EventKind.EFFECTIVE: (_by_law, _by_announcement),
    EventKind.EXPIRED: (_by_law,),
    EventKind.SUSPENDED: (_by_law,),
    EventKind.AMENDED: (_by_law,),
    EventKind.SUNSET: (_by_end,),
    EventKind.REORGANISED: (_by_owner, _by_name),
    EventKind.WITHDRAWN: (_by_code,),
}


def _saying(name: str, scope: Scope) -> Iterable[tuple[DocumentVersion, str, int]]:
    """Versions whose content holds a name as whole words, marks and case apart, with the first place.

    Every word of the name stands whole in some passage, so passages narrow; the content itself decides, because a
    passage may end between two words of the name.
    """
    form = folded(name).strip()
    if not form:
        return
    passages = Passage.objects.filter(source="document", owner=OuterRef("pk"))
    versions = scope.versions()
    for word in words(form):
        versions = versions.filter(Exists(passages.filter(folded__contains=word)))
    whole = re.compile(rf"(?<!\w){re.escape(form)}(?!\w)")
    for version in versions.defer(None).iterator(chunk_size=200):
        for section, row, text in texts(version.content):
            if whole.search(folded(text)):
                yield version, section, row
                break


def _hop(kind: str, source: str, version: DocumentVersion, *, row: int = 0, section: str = "") -> Hop:
    return _step(kind, source, version.document.code, row=row, section=section)


def _step(kind: str, source: str, target: str, *, row: int = 0, section: str = "") -> Hop:
    return {"kind": kind, "from": source, "to": target, "row": row or None, "section": section, "since": None}
