"""What stands on the shelf: versions in force on a day, found by words, code or cited law, or by what alarms them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, Value, When

from documents.citing import BASIS
from documents.models import Citation, DocumentVersion, code_key
from documents.models.version import VersionQuerySet
from documents.numbers import find_numbers
from documents.services import alarm
from documents.services.asof import Moment, versions_in_force
from workflows.models import User
from workflows.text import fold, nfc

STALE = "stale"
"""Filter: versions in force that cite an act which is dead on the same day."""
ALARMED = {STALE: alarm.LAW, alarm.CHANGES: alarm.CHANGES, alarm.REVIEW: alarm.REVIEW, alarm.OUTDATED: alarm.OUTDATED}
"""Filters for versions in force that a cause alarms."""
PUBLIC_STATES = ("issued", "superseded", "withdrawn")
"""States that the shelf can be asked for beside “in force”."""
SHELF_ORDER = ("agency__path", "unit__path", "document__kind", "document__code_key")


@dataclass(frozen=True)
class Wanted:
    """What a reader looks for; empty values do not narrow.

    ``at``: when, for what is in force and for the law that it cites; no matter for states and drafts, which are those
    of today. ``state``: "" (in force), one of ALARMED or a public state; for drafts a step. ``mine``: drafts that the
    reader opened.
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

    With words each row carries ``exact``: 0 where the title holds them with their marks, else 1. Three queries at once
    for what was stale by the records of a day gone by.
    """
    public = DocumentVersion.objects.filter(state=wanted.state)
    rows: VersionQuerySet = public if wanted.state in PUBLIC_STATES else versions_in_force(wanted.at)
    rows = rows.visible_to(user)
    if wanted.state in ALARMED:
        rows = rows.filter(alarm.condition(ALARMED[wanted.state], wanted.at, rows))
    rows = narrowed(rows, wanted)
    if not wanted.q.strip():
        return rows.order_by(*SHELF_ORDER)
    return rows.annotate(exact=_exactness(wanted.q)).order_by("exact", *SHELF_ORDER)


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
    q = q.replace("\0", "")  # no text of ours has it, and PostgreSQL cannot ask for it
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
    """0 where the title has the words with their marks, in any case."""
    text = nfc(q.replace("\0", "")).strip()
    if not text or fold(text) == text.casefold():
        return Case(default=Value(0), output_field=IntegerField())
    hit = "".join(_either_case(char) for char in text)
    return Case(When(document__title__regex=hit, then=Value(0)), default=Value(1), output_field=IntegerField())


def _either_case(char: str) -> str:
    """A pattern for a letter in both cases: the databases fold marked letters differently, but read a class alike."""
    forms = sorted({form for form in (char, char.lower(), char.upper()) if len(form) == 1})
    return f"[{''.join(forms)}]" if len(forms) > 1 else re.escape(char)


def by_unit_and_kind(rows: VersionQuerySet) -> list[tuple[int, str, int]]:
    """How many versions each unit has of each kind: unit id, kind, number; one query."""
    pairs = rows.order_by("unit__path", "document__kind").values_list("unit", "document__kind")
    return [(unit, kind, number) for unit, kind, number in pairs.annotate(n=Count("pk"))]


def citing(acts: Iterable[UUID], on: date, user: User) -> dict[UUID, int]:
    """How many versions in force on a day, of those the person sees, cite each act in their legal basis; one query."""
    versions = DocumentVersion.objects.in_force(on).visible_to(user)
    rows = Citation.objects.filter(regulation__in=list(acts), version__in=versions, place=BASIS)
    counted = rows.order_by().values_list("regulation").annotate(n=Count("version", distinct=True))
    return {act: number for act, number in counted if act is not None}
