"""The alarm of documents in force: why one no longer holds on a day, its three causes kept apart (domain §4.5)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import DateField, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from documents.citing import BASIS, STEP
from documents.machines.impact import OPEN, SETTLED
from documents.models import Citation, DocumentVersion, ImpactItem, Regulation, RegulationRelation, Validity
from documents.models.citation import LostPart, lost_parts, replacements_of
from documents.models.event import EventKind
from documents.models.impact import EVENT_PARTS
from documents.models.regulation import ENDING, LOSING, STOPPING
from documents.models.version import VersionQuerySet
from documents.provisions import words
from documents.reach import NOT_MERGED
from documents.services.asof import Moment, Standing, versions_in_force
from documents.services.deadlaw import STOPPED, dead_anywhere, dead_q, dead_rows, halted_q
from documents.services.lawthen import acts_known
from workflows.models import day_of
from workflows.statements import SLOT, Statement, statement

LAW, CHANGES, REVIEW = "law", "changes", "review"
CAUSES = {
    LAW: lazy("viện dẫn văn bản hết hiệu lực"),
    CHANGES: lazy("thay đổi đã quá hạn chưa cập nhật"),
    REVIEW: lazy("quá kỳ rà soát định kỳ"),
}
"""Why a document is out of date, in words. The causes overlap; each is counted by itself."""
OUTDATED = "outdated"
"""Any of the causes."""
Since = tuple[date, date | None, date | None]
"""A day, and the first ones on which an act ended and on which it halted."""
DROPPED = "dropped"
"""Beginning of the status of an act that its source stopped listing without saying why."""


@dataclass(frozen=True)
class Dead:
    """A citation that holds no longer. ``since``: first day, None where nobody knows it; ``heirs`` replaced the act.

    ``stopped``: the act is suspended, not dead. ``parts``: the cited provisions, in words, if they alone do not hold.
    """

    citation: Citation
    act: Regulation
    since: date | None
    heirs: list[Regulation]
    stopped: bool = False
    parts: str = ""


@dataclass
class Alarm:
    """Why a version no longer holds. ``late``: overdue items of changes other than of the law, the oldest first;
    ``review_due``: the last day on which its review was in time. Nothing at all is falsy.
    """

    dead: list[Dead] = field(default_factory=list)
    late: list[ImpactItem] = field(default_factory=list)
    review_due: date | None = None

    @property
    def causes(self) -> list[str]:
        """Those of ``CAUSES`` that hold, in their order."""
        found = {LAW: bool(self.dead), CHANGES: bool(self.late), REVIEW: self.review_due is not None}
        return [cause for cause in CAUSES if found[cause]]

    def __bool__(self) -> bool:
        return bool(self.causes)


# What is a cause: one condition each, for pages of rows and for figures alike.


def unsettled(rows: QuerySet[Citation], at: Moment, dead: Q, halted: Q) -> QuerySet[Citation]:
    """Those citations of what is dead, or halted (it rests, or lost parts), on which nobody has given a verdict that
    counts at a moment.

    A verdict is that of the item on this very version, for an event that ended (or halted) the cited act and was known
    to do so when it was given: a later version that still cites it, and an act that dies later, alarm anew.
    """
    halting = Q(_judged(at, LOSING, EventKind.SUSPENDED))
    return rows.filter(dead | halted & ~halting).exclude(_judged(at, ENDING, EventKind.EXPIRED))


def _judged(at: Moment, kinds: Collection[str], own: EventKind) -> Exists:
    acting = RegulationRelation.objects.filter(
        source=OuterRef("regulation"),
        target=OuterRef(OuterRef("regulation")),
        kind__in=kinds,
        recorded_at__lte=OuterRef("entered_at"),
    )
    verdicts = _verdicts(at).filter(version=OuterRef("version"), state__in=SETTLED)
    of_itself = Q(event__kind=own, regulation=OuterRef("regulation"))
    return Exists(verdicts.filter(of_itself | Q(event__kind=EventKind.EFFECTIVE) & Q(Exists(acting))))


def _verdicts(at: Moment) -> QuerySet[ImpactItem]:
    """Items as they stood when the moment ended: those that have not moved since."""
    found = ImpactItem.objects.order_by()
    if at.cutoff is not None:
        found = found.filter(entered_at__lt=at.cutoff)
    return found.filter(entered_at__lt=_after(at.on)) if at.is_past else found


def _after(on: date) -> datetime:
    """Midnight at the end of a day, in the agency's time."""
    return timezone.make_aware(datetime.combine(on + timedelta(days=1), time.min))


def changes_known(at: Moment) -> bool:
    """Whether overdue changes can be told at a moment: how a change stood on a day gone by is not kept in its row."""
    return not at.is_past and at.cutoff is None


def late_items(at: Moment) -> QuerySet[ImpactItem]:
    """Open items past their last day, of changes that are not of the cited law; none where that is not known."""
    if not changes_known(at):
        return ImpactItem.objects.none()
    late = ImpactItem.objects.filter(state__in=OPEN, due_on__lt=at.on).order_by("due_on", "pk")
    return late.filter(strength__in=NOT_MERGED)


def months_later(day: date, months: int) -> date:
    """The same day some months later, or the last of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def review_floor(on: date) -> date | None:
    """The last day on which a review, or a beginning, is too long ago on a day; None before there was any."""
    months: int = settings.PERIODIC_REVIEW_MONTHS
    if on.year <= months // 12 + 1:
        return None
    years, month = divmod(on.month - 1 - months, 12)
    day = date(on.year + years, month + 1, monthrange(on.year + years, month + 1)[1])
    while months_later(day, months) >= on:
        day -= timedelta(days=1)
    return day


def _unreviewed(at: Moment) -> Q:
    """Versions in force since long ago, on which no verdict was given since; an unknown beginning proves nothing."""
    floor = review_floor(at.on)
    if floor is None:
        return Q(pk__in=())
    fresh = _verdicts(at).filter(version=OuterRef("pk"), state="no_impact", entered_at__gte=_after(floor))
    return Q(effective_from__lte=floor) & ~Q(Exists(fresh))


def condition(cause: str, at: Moment, versions: VersionQuerySet) -> Q:
    """Which of these versions a cause holds for at a moment. The records of a day gone by cost three queries at once.

    ``OUTDATED`` asks for any of the causes; another word is a ``KeyError``.
    """
    if cause == OUTDATED:
        return condition(LAW, at, versions) | condition(CHANGES, at, versions) | condition(REVIEW, at, versions)
    if cause == LAW:
        rows, _acts = _dead_at(versions.values("pk"), at)
        return Q(Exists(rows.filter(version=OuterRef("pk"))))
    late = late_items(at).filter(document=OuterRef("document"))
    return {CHANGES: Q(Exists(late)), REVIEW: _unreviewed(at)}[cause]


def _dead_at(versions: Any, at: Moment) -> tuple[QuerySet[Citation], Mapping[UUID, Any]]:
    """Unsettled citations of dead acts in these versions at least; by what the register held then, with the acts."""
    if at.cutoff is None:
        return _dead_as_recorded(at), {}
    cited = Citation.objects.filter(version__in=versions, place=BASIS)
    named = Regulation.objects.filter(pk__in=cited.values("regulation"))
    acts: dict[UUID, Any] = dict(acts_known(named, at.on, at.cutoff))
    gone = [pk for pk, act in acts.items() if act.validity_on == Validity.EXPIRED]
    resting = [pk for pk, act in acts.items() if act.validity_on == Validity.SUSPENDED]
    halted = Q(regulation__in=resting) | Q(pk__in=_fallen(cited, acts))
    return unsettled(cited, at, Q(regulation__in=gone), halted), acts


@lru_cache(maxsize=4)
def _dead_as_recorded(at: Moment) -> QuerySet[Citation]:
    """The same with no limit of records. Kept: to put the query together takes longer than to run it for a page."""
    return unsettled(Citation.objects.filter(place=BASIS), at, dead_q(at.on), halted_q(at.on))


def _fallen(cited: QuerySet[Citation], acts: Mapping[UUID, Any]) -> list[int]:
    """Citations of provisions that did not hold, of acts that did; one query, none if there were no such provisions."""
    losing = {pk: act for pk, act in acts.items() if act.lost and act.validity_on not in STOPPED}
    rows = cited.filter(regulation__in=list(losing), provisions__gt="") if losing else ()
    named = [(row, losing[row.regulation_id]) for row in rows if row.regulation_id is not None]
    return [row.pk for row, act in named if any(one.takes(row.parts) for one in act.lost)]


# The causes of the rows of a page, with what must be said of each.


def alarms(versions: Iterable[Standing], at: Moment, causes: Collection[str] = frozenset(CAUSES)) -> dict[UUID, Alarm]:
    """Alarms by version, those without any left out: one query per cause, one for what replaced the dead.

    Three more by the records of a day gone by. ``causes``: only these are asked for.
    """
    shown = {version.pk: version for version in versions}
    found: dict[UUID, Alarm] = {pk: Alarm() for pk in shown}
    if LAW in causes and shown:
        for row in dead_citations(shown, at):
            found[row.citation.version_id].dead.append(row)
    if CHANGES in causes and shown:
        _add_late(found, shown, at)
    if REVIEW in causes and shown:
        for pk, due in _reviews_due(shown, at):
            found[pk].review_due = due
    return {pk: alarm for pk, alarm in found.items() if alarm}


def _add_late(found: Mapping[UUID, Alarm], shown: Mapping[UUID, Standing], at: Moment) -> None:
    items: dict[UUID, list[ImpactItem]] = {}
    documents = {version.document_id for version in shown.values()}
    for item in late_items(at).filter(document__in=documents).select_related("regulation", *EVENT_PARTS):
        items.setdefault(item.document_id, []).append(item)
    for pk, version in shown.items():
        found[pk].late.extend(items.get(version.document_id, ()))


def alarms_of(documents: Iterable[UUID], at: Moment) -> dict[UUID, Alarm]:
    """Alarms of the versions in force of some documents, by document; one query more."""
    standing = list(versions_in_force(at).filter(document__in=set(documents)).defer("content"))
    found = alarms(standing, at)
    return {version.document_id: found[version.pk] for version in standing if version.pk in found}


def dead_of(documents: Collection[UUID], on: date) -> dict[UUID, list[Dead]]:
    """Dead citations of what is in force of some documents today, by document; without what replaced the acts.

    Two queries at most, three where provisions are cited: the versions need not be asked for first.
    """
    found: dict[UUID, list[Dead]] = {}
    asked = _dead_now(Moment.now(on), "document", connection.vendor).ask(documents)
    for row in _told(asked, on, told_heirs=False):
        found.setdefault(row.citation.version.document_id, []).append(row)
    return found


def dead_citations(versions: Iterable[UUID], at: Moment) -> list[Dead]:
    """Citations of these versions that hold no longer, in the order of their text; one query where there are none."""
    ids = list(versions)
    if at.cutoff is not None:
        rows, acts = _dead_at(ids, at)
        mine = rows.filter(version__in=ids).order_by("version_id", "position")
        then = ((row, acts[row.regulation_id]) for row in mine if row.regulation_id is not None)
        return [
            Dead(row, act, act.since, act.heirs, stopped=act.validity_on == Validity.SUSPENDED)
            if act.validity_on in STOPPED
            else _dead_parts(row, act, act.lost)
            for row, act in then
        ]
    return _told(_dead_now(at, "version", connection.vendor).ask(ids), at.on, told_heirs=True)


def _told(asked: Iterable[tuple[Any, ...]], on: date, *, told_heirs: bool) -> list[Dead]:
    """Citations with the days that ``_dead_now`` gives; ``told_heirs``: with what replaced the acts, one query more."""
    since = {pk: (on, _day(ended), _day(halted)) for pk, ended, halted in asked}
    if not since:
        return []
    mine = Citation.objects.filter(pk__in=since).select_related("regulation", "version").defer("version__content")
    known = [(row, row.regulation) for row in mine.order_by("version_id", "position") if row.regulation is not None]
    heirs = replacements_of({act.pk for _row, act in known} if told_heirs else (), on)
    lost = lost_parts({act.pk for row, act in known if row.provisions}, on)
    return [_dead(row, act, since[row.pk], heirs.get(act.pk, []), lost.get(act.pk, [])) for row, act in known]


@lru_cache(maxsize=8)
def _dead_now(at: Moment, by: str, vendor: str) -> Statement:
    """Asks for citations with the first days on which their act ended, and on which it halted.

    ``by``: of these versions, or of the versions in force of these documents.
    """
    del vendor
    standing = versions_in_force(at).filter(document__in=[SLOT]).values("pk")
    asked: Any = {"version": [SLOT], "document": standing}[by]
    rows = _dead_as_recorded(at).filter(version__in=asked).order_by()
    return statement(rows.values_list("pk", _first(ENDING, at.on), _first(STOPPING, at.on)))


def _day(value: Any) -> date | None:
    """A day as the database gave it: SQLite gives letters."""
    return cast("date | None", DateField().to_python(value))


def _first(kinds: Collection[str], on: date) -> Subquery:
    """The first day on which a relation of these kinds acts on the cited act as a whole, if it still lasts on a day."""
    lasting: Any = RegulationRelation.objects.lasting(kinds, on)
    since = lasting.filter(target=OuterRef("regulation"), provisions="")
    return Subquery(since.order_by("since").values("since")[:1], output_field=DateField())


def _dead(row: Citation, act: Regulation, at: Since, heirs: list[Regulation], lost: Collection[LostPart]) -> Dead:
    on, ended, halted = at
    days = [day for day in (act.expired_on, ended) if day is not None and day <= on]
    told = act.source_status == "expired" and act.expired_on is None and ended is None
    if days or told:
        return Dead(row, act, min(days, default=None), heirs)
    if lost and (halted is None or halted > on):
        return _dead_parts(row, act, lost)
    return Dead(row, act, halted, heirs, stopped=True)


def _dead_parts(row: Citation, act: Regulation, lost: Iterable[LostPart]) -> Dead:
    """A citation of provisions that alone do not hold."""
    mine = [one for one in lost if one.takes(row.parts)]
    gone = [part for part in row.parts if any(one.takes([part]) for one in mine)]
    stopped = all(one.stopped for one in mine)
    return Dead(row, act, min(one.since for one in mine), [], stopped=stopped, parts=words(gone))


def _reviews_due(versions: Collection[UUID], at: Moment) -> list[tuple[UUID, date]]:
    last = _verdicts(at).filter(version=OuterRef("pk"), state="no_impact").order_by("-entered_at").values("entered_at")
    late = DocumentVersion.objects.filter(_unreviewed(at), pk__in=list(versions)).annotate(last=Subquery(last[:1]))
    rows: Any = late.order_by().values_list("pk", "effective_from", "last")
    starts = [(pk, max(begun, day_of(verdict)) if verdict else begun) for pk, begun, verdict in rows]
    return [(pk, months_later(start, settings.PERIODIC_REVIEW_MONTHS)) for pk, start in starts]


def doubts(version: UUID, on: date) -> list[Citation]:
    """Citations of a version that are not known to be dead, but may be: an act ends the cited one on a day that nobody
    knows, or its source stopped listing it; and steps that name what is dead. They raise no alarm; one query.
    """
    undated = RegulationRelation.objects.filter(
        target=OuterRef("regulation"), kind__in=ENDING, effective_on=None, source__effective_on=None
    )
    maybe = Q(Exists(undated)) | Q(regulation__source_status__startswith=DROPPED)
    rows = Citation.objects.filter(version=version).exclude(pk__in=dead_rows(on).values("pk"))
    rows = rows.filter(maybe | Q(place=STEP, pk__in=dead_anywhere(on).values("pk")))
    return list(rows.select_related("regulation").order_by("place", "position"))
