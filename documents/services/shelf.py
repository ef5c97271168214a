"""What stands on the shelf: versions in force on a day, found by words, code or cited law, and what is dead in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from documents.models import Citation, DocumentVersion, Regulation, code_key
from documents.models.version import VersionQuerySet
from documents.numbers import find_numbers
from documents.services.asof import Moment, versions_in_force
from documents.services.lawthen import acts_known
from documents.services.sheets import is_dead
from workflows.models import User
from workflows.text import fold, nfc

STALE = "stale"
"""Filter: versions in force that cite an act which is dead on the same day."""
PUBLIC_STATES = ("issued", "superseded", "withdrawn")
"""States that the shelf can be asked for beside “in force”."""
SHELF_ORDER = ("agency__path", "unit__path", "document__kind", "document__code_key")


@dataclass(frozen=True)
class Wanted:
    """What a reader looks for; empty values do not narrow.

    ``at``: when, for what is in force and for the law that it cites; no matter for states and drafts, which are those
    of today. ``state``: "" (in force), STALE or a public state; for drafts a step. ``mine``: drafts that the reader
    opened.
    """

    at: Moment
    q: str = ""
    unit: str = ""
    kind: str = ""
    field: str = ""
    state: str = ""
    mine: bool = False


def shelf(user: User, wanted: Wanted) -> VersionQuerySet:
    """Versions for the reader's list, by agency, unit, kind and code; with marks in the query, exact hits first.

    Each row carries ``exact``: 0 where the title holds the words with their marks, else 1. Three queries at once for
    what was stale by the records of a day gone by.
    """
    public = DocumentVersion.objects.filter(state=wanted.state)
    rows: VersionQuerySet = public if wanted.state in PUBLIC_STATES else versions_in_force(wanted.at)
    rows = rows.visible_to(user)
    if wanted.state == STALE:
        rows = rows.filter(Exists(_dead_rows_at(rows.values("pk"), wanted.at).filter(version=OuterRef("pk"))))
    rows = narrowed(rows, wanted)
    return rows.for_list().annotate(exact=_exactness(wanted.q)).order_by("exact", *SHELF_ORDER)


def drafts(user: User, wanted: Wanted) -> VersionQuerySet:
    """Versions under way that the person may read, the most urgent first."""
    rows = DocumentVersion.objects.open().visible_to(user)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.mine:
        rows = rows.filter(created_by=user)
    return narrowed(rows, wanted).for_list().select_related("created_by").order_by("due_on", *SHELF_ORDER)


def narrowed(rows: VersionQuerySet, wanted: Wanted) -> VersionQuerySet:
    """Rows of the wanted unit, kind and field that match the words."""
    given = {"unit": wanted.unit, "document__kind": wanted.kind, "document__field": wanted.field}
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    return rows.filter(matching(wanted.q)) if wanted.q.strip() else rows


def matching(q: str) -> Q:
    """Versions whose document has all the words, marks and case apart, or the code, or cites the legal number."""
    words = Q()
    for word in fold(q).split():
        words &= Q(document__search__contains=word)
    if key := code_key(q):
        words |= Q(document__code_key__contains=key)
    for number in find_numbers(q):
        cites = Citation.objects.filter(version=OuterRef("pk"), regulation__number_key=number.key)
        words |= Q(Exists(cites))
    return words


def _exactness(q: str) -> Case:
    """0 where the title has the words with their marks. SQLite compares marked letters with their case."""
    text = nfc(q).strip()
    if not text or fold(text) == text.casefold():
        return Case(default=Value(0), output_field=IntegerField())
    spellings = {text, text.lower(), text.capitalize(), text.title()}
    hit = Q()
    for spelling in spellings:
        hit |= Q(document__title__contains=spelling)
    return Case(When(hit, then=Value(0)), default=Value(1), output_field=IntegerField())


def dead_rows(on: date) -> QuerySet[Citation]:
    """Citations of acts that are wholly out of force on a day."""
    return Citation.objects.filter(regulation__in=Regulation.objects.dead(on))


def _dead_rows_at(versions: Any, at: Moment) -> QuerySet[Citation]:
    """Citations of dead acts at a moment, of these versions at least (ids or a query for them).

    By what the register held then, if it is past: three queries at once.
    """
    if at.cutoff is None:
        return dead_rows(at.on)
    cited = Citation.objects.filter(version__in=versions)
    acts = acts_known(Regulation.objects.filter(pk__in=cited.values("regulation")), at.on, at.cutoff)
    return cited.filter(regulation__in=[pk for pk, act in acts.items() if is_dead(act)])


def dead_citations(versions: Iterable[UUID], at: Moment) -> dict[UUID, list[Citation]]:
    """Dead citations by version, with the act; one query, three more by the records of a day gone by."""
    found: dict[UUID, list[Citation]] = {}
    ids = list(versions)
    for row in _dead_rows_at(ids, at).filter(version__in=ids).select_related("regulation"):
        found.setdefault(row.version_id, []).append(row)
    return found


def by_unit_and_kind(rows: VersionQuerySet) -> list[tuple[int, str, int]]:
    """How many versions each unit has of each kind: unit id, kind, number; one query."""
    pairs = rows.order_by("unit__path", "document__kind").values_list("unit", "document__kind")
    return [(unit, kind, number) for unit, kind, number in pairs.annotate(n=Count("pk"))]


def citing(acts: Iterable[UUID], on: date, user: User) -> dict[UUID, int]:
    """How many versions in force on a day, of those the person sees, cite each act; one query."""
    versions = DocumentVersion.objects.in_force(on).visible_to(user)
    rows = Citation.objects.filter(regulation__in=list(acts), version__in=versions)
    counted = rows.order_by().values_list("regulation").annotate(n=Count("version", distinct=True))
    return {act: number for act, number in counted if act is not None}
