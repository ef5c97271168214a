"""What is odd between legal documents: reported to those who keep the register, never a bar.

Sources say what they say: a circle of documents that replace each other, a circular that amends a decree, a document
that the register knows only because something names it, an end whose day nobody knows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import models
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from documents.models import Regulation, RegulationRelation, RelationKind
from documents.models.regulation import ENDING, LOSING, STOPPING


class Oddity(models.TextChoices):
    """Kinds of oddities, as the register's list can be asked for them."""

    CIRCLE = "circle", lazy("tác động vòng quanh")
    UPWARD = "upward", lazy("văn bản cấp dưới thay đổi văn bản cấp trên")
    NAMED_ONLY = "named_only", lazy("chỉ biết tên, chưa rõ thông tin")
    NO_DAY = "no_day", lazy("bị thay thế, bãi bỏ nhưng chưa rõ từ ngày nào")


CHANGING = (*ENDING, *STOPPING, RelationKind.AMENDS, RelationKind.SUPPLEMENTS, RelationKind.REPEALS_PART)
"""What an act may do to its like and to those below it, not to those above (Law 64/2025/QH15)."""
_SILENT = ("", "unknown")
CIRCLES = (
    ENDING,
    (RelationKind.AMENDS, RelationKind.SUPPLEMENTS),
    (RelationKind.GUIDES,),
    (RelationKind.CONSOLIDATES,),
)
"""Kinds that run one way in time: a circle of one of these groups cannot be."""
RANKS: tuple[tuple[int, Q], ...] = (
    (2, Q(number_key__contains="UBTVQH") | Q(kind="Pháp lệnh")),
    (1, Q(number_key__contains="/QH") | Q(kind__in=("Luật", "Bộ luật", "Hiến pháp"))),
    (7, Q(number_key__regex=r"/(QD|CT)-UBND$")),
    (6, Q(number_key__endswith="/NQ-HDND")),
    (3, Q(number_key__regex=r"/(ND|NQ)-CP$") | Q(number_key__contains="/NQLT")),
    (4, Q(number_key__endswith="-TTG")),
    (5, Q(number_key__regex=r"/TT(LT)?[-/]") | Q(number_key__regex=r"/QD-B")),
)
"""Place in the hierarchy by the number, 1 the highest; the first row that fits. Whatever fits none has no place."""


def upward() -> QuerySet[RegulationRelation]:
    """Relations by which a lower act changes a higher one; one query."""
    rows = RegulationRelation.objects.filter(kind__in=CHANGING)
    return rows.annotate(above=_rank("target"), below=_rank("source")).filter(above__lt=F("below"))


def _rank(end: str) -> Case:
    whens = [When(_at(condition, end), then=Value(rank)) for rank, condition in RANKS]
    return Case(*whens, default=None, output_field=models.IntegerField(null=True))


def _at(condition: Q, end: str) -> Q:
    moved = Q(_connector=condition.connector)
    for name, value in condition.children:  # type: ignore[misc]  # the table has plain lookups alone
        moved.add(Q(**{f"{end}__{name}": value}), condition.connector)
    return moved


def named_only() -> Q:
    """Condition on acts of which nothing is known but the number: something names them."""
    unknown = Q(issued_on=None, effective_on=None, expired_on=None)
    return unknown & Q(title="", issuer="", source_status__in=_SILENT)


def no_day() -> QuerySet[RegulationRelation]:
    """Relations that end an act or parts of it, from a day that nobody knows."""
    return RegulationRelation.objects.filter(kind__in=(*ENDING, *LOSING), effective_on=None, source__effective_on=None)


def circles() -> list[set[UUID]]:
    """Acts that act on themselves by way of others, circle by circle; one query per group of kinds."""
    found: list[set[UUID]] = []
    for kinds in CIRCLES:
        edges: dict[UUID, set[UUID]] = defaultdict(set)
        for source, target in RegulationRelation.objects.filter(kind__in=kinds).values_list("source", "target"):
            edges[source].add(target)
        found += _circles(edges)
    return found


def _circles(edges: Mapping[UUID, set[UUID]]) -> list[set[UUID]]:
    """Strongly connected sets of more than one act, and acts that act on themselves; Kosaraju's way, no recursion."""
    back: dict[UUID, set[UUID]] = defaultdict(set)
    for source, targets in edges.items():
        for target in targets:
            back[target].add(source)
    order: list[UUID] = []
    seen: set[UUID] = set()
    for start in edges:
        order += _finished(start, edges, seen)
    seen = set()
    groups = [set(_finished(start, back, seen)) for start in reversed(order)]
    return [group for group in groups if len(group) > 1 or any(one in edges.get(one, ()) for one in group)]


def _finished(start: UUID, edges: Mapping[UUID, set[UUID]], seen: set[UUID]) -> list[UUID]:
    """What is reached from an act and not seen before, in the order in which its walk is done."""
    if start in seen:
        return []
    done: list[UUID] = []
    seen.add(start)
    stack = [(start, iter(edges.get(start, ())))]
    while stack:
        at, left = stack[-1]
        fresh = next((one for one in left if one not in seen), None)
        if fresh is None:
            done.append(at)
            stack.pop()
        else:
            seen.add(fresh)
            stack.append((fresh, iter(edges.get(fresh, ()))))
    return done


def _circle_with(act: Regulation) -> set[UUID]:
    """The other acts of the circles that this one is in; one query, and one per level where it acts and is acted on."""
    kinds = [kind for group in CIRCLES for kind in group]
    rows = RegulationRelation.objects.filter(Q(source=act) | Q(target=act), kind__in=kinds)
    ends = [(kind, source == act.pk) for kind, source in rows.values_list("kind", "source")]
    found: set[UUID] = set()
    for group in CIRCLES:
        if {acting for kind, acting in ends if kind in group} == {True, False}:
            found |= _reached(act.pk, group, "source", "target") & _reached(act.pk, group, "target", "source")
    return found - {act.pk}


def _reached(act: UUID, kinds: Sequence[str], from_: str, to: str) -> set[UUID]:
    """Acts that relations of these kinds lead to, from one of their ends to the other; one query per level."""
    seen: set[UUID] = set()
    front = {act}
    while front:
        rows = RegulationRelation.objects.filter(**{f"{from_}__in": front}, kind__in=kinds)
        front = set(rows.values_list(to, flat=True)) - seen
        seen |= front
    return seen


def odd(kind: str) -> Q:
    """Condition on acts that are odd in one way of ``Oddity``; another word is a ``KeyError``."""
    if kind == Oddity.NAMED_ONLY:
        return named_only()
    if kind == Oddity.CIRCLE:
        return Q(pk__in={act for circle in circles() for act in circle})
    rows = {Oddity.UPWARD: upward, Oddity.NO_DAY: no_day}[Oddity(kind)]()
    if kind == Oddity.NO_DAY:
        return Q(pk__in=rows.values("target"))
    return Q(pk__in=rows.values("source")) | Q(pk__in=rows.values("target"))


def oddities_of(act: Regulation) -> list[str]:
    """Sentences on what is odd between this act and others; empty for most. Three queries, more in a circle."""
    around = Q(source=act) | Q(target=act)
    found = [
        _("%(source)s %(kind)s %(target)s, là văn bản cấp cao hơn.") % _words(row)
        for row in _with_ends(upward(), around)
    ]
    found += [
        _("%(source)s %(kind)s %(target)s từ ngày nào thì chưa rõ.") % _words(row)
        for row in _with_ends(no_day(), around)
    ]
    if mine := _circle_with(act):
        others = Regulation.objects.filter(pk__in=mine).order_by("number_key").values_list("number", flat=True)
        found.append(_("Văn bản này và %(others)s tác động vòng quanh lẫn nhau.") % {"others": ", ".join(others)})
    if (
        not any((act.title, act.issuer, act.issued_on, act.effective_on, act.expired_on))
        and act.source_status in _SILENT
    ):
        found.append(_("Văn bản này chỉ được biết vì có nơi nhắc đến: chưa rõ thông tin nào khác."))
    return found


def _with_ends(rows: QuerySet[RegulationRelation], around: Q) -> Iterable[RegulationRelation]:
    return rows.filter(around).select_related("source", "target").order_by("source__number_key", "target__number_key")


def _words(row: RegulationRelation) -> dict[str, str]:
    kind = str(RelationKind(row.kind).label)
    return {"source": row.source.number, "kind": kind, "target": row.target.number}
