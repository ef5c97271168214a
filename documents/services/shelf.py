"""What stands on the shelf: versions in force on a day, found by words, code or cited law, and what is dead in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from documents.models import Citation, DocumentVersion, Regulation, code_key
from documents.models.version import VersionQuerySet
from documents.numbers import find_numbers
from workflows.models import User
from workflows.text import fold, nfc

STALE = "stale"
"""Filter: versions in force that cite an act which is dead today."""
PUBLIC_STATES = ("issued", "superseded", "withdrawn")
"""States that the shelf can be asked for beside “in force”."""
SHELF_ORDER = ("agency__path", "unit__path", "document__kind", "document__code_key")


@dataclass(frozen=True)
class Wanted:
    """What a reader looks for; empty values do not narrow.

    ``state``: "" (in force), STALE or a public state; for drafts a step. ``mine``: drafts that the reader opened.
    """

    on: date
    q: str = ""
    unit: str = ""
    kind: str = ""
    field: str = ""
    state: str = ""
    mine: bool = False


def shelf(user: User, wanted: Wanted, today: date) -> VersionQuerySet:
    """Versions for the reader's list, by agency, unit, kind and code; with marks in the query, exact hits first.

    Each row carries ``exact``: 0 where the title holds the words with their marks, else 1.
    """
    rows: VersionQuerySet = DocumentVersion.objects.all()
    rows = rows.filter(state=wanted.state) if wanted.state in PUBLIC_STATES else rows.in_force(wanted.on)
    if wanted.state == STALE:
        rows = rows.filter(Exists(dead_rows(today).filter(version=OuterRef("pk"))))
    rows = narrowed(rows.visible_to(user), wanted)
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


def dead_citations(versions: Iterable[UUID], on: date) -> dict[UUID, list[Citation]]:
    """Dead citations by version, with the act; one query."""
    found: dict[UUID, list[Citation]] = {}
    for row in dead_rows(on).filter(version__in=list(versions)).select_related("regulation"):
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
