"""Announced lists of administrative procedures from JSON Lines: what each decision says, and what it ends."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Min, Q
from django.utils import timezone

from documents.models import AnnouncedChange, AnnouncedProcedure, Regulation, code_key
from documents.models.announced import AnnouncedQuerySet
from documents.numbers import number_key
from workflows.importing import BadRow, Outcome, Row, day, text
from workflows.models import Unit

FILLED = ("title", "field", "replaces", "regulation", "effective_on", "ended_on")
"""Facts that a later run may add where they were missing; one that is held stays."""


class AnnouncementTaker:
    """Takes rows of announced procedures.

    A row names its agency by code, or leaves it to ``agency``. Rows of ``procedures.jsonl`` are taken too: their
    ``decision`` announces the procedure; their ``agency`` is prose, so that ``agency`` must be given.
    """

    def __init__(self, agency: Unit | None = None) -> None:
        self.agency = agency
        self.agencies = {unit.code.casefold(): unit for unit in Unit.objects.agencies()}

    def __call__(self, row: Row) -> Outcome:
        """Take one row; raises ``BadRow``."""
        facts = self._facts(row)
        fresh = AnnouncedProcedure(**facts)
        key = {"agency": fresh.agency, "code_key": code_key(fresh.code)[:60], "change": fresh.change}
        known = AnnouncedProcedure.objects.filter(
            **key, decision_key=number_key(fresh.decision) if fresh.decision else ""
        ).first()
        if known is None:
            announce(fresh)
            return "added"
        missing = [name for name in FILLED if facts[name] and not getattr(known, name)]
        if not missing:
            return "same" if all(getattr(known, name) == value for name, value in facts.items() if value) else "kept"
        for name in missing:
            setattr(known, name, facts[name])
        announce(known)
        return "changed"

    def _facts(self, row: Row) -> dict[str, Any]:
        code = text(row, "code", required=True, limit=60)
        if not code_key(code):
            raise BadRow(f"code: {code!r} has no letter or digit")
        change = text(row, "change") or AnnouncedChange.NEW
        if change not in AnnouncedChange.values:
            raise BadRow(f"change: unknown kind {change!r}")
        replaces = text(row, "replaces", limit=60)
        if change == AnnouncedChange.REPLACED and not replaces:
            raise BadRow("replaces: missing")
        if replaces and code_key(replaces) == code_key(code):
            raise BadRow("replaces: a procedure cannot replace itself")
        starts, ends = day(row, "effective"), day(row, "ended")
        if starts and ends and ends < starts:
            raise BadRow("ended: before effective")
        decision = text(row, "decision", limit=300)
        return {
            "agency": self._agency(row),
            "code": code,
            "title": text(row, "title"),
            "field": text(row, "field", limit=120),
            "decision": decision,
            "regulation": _registered(decision, text(row, "issuer", limit=1000)),
            "change": change,
            "replaces": replaces,
            "effective_on": starts,
            "ended_on": ends,
        }

    def _agency(self, row: Row) -> Unit:
        named = "" if "steps" in row or "legal_basis" in row else text(row, "agency", limit=1000)
        found = self.agencies.get(named.casefold()) if named else self.agency
        if found is None:
            raise BadRow(f"agency: no agency has the code {named!r}" if named else "agency: missing")
        return found


def _registered(decision: str, issuer: str) -> Regulation | None:
    """The decision in the register; none if it is not there, or if several issuers share its number."""
    found = list(Regulation.objects.by_number(decision, issuer)[:2]) if decision else []
    return found[0] if len(found) == 1 else None


def announce(row: AnnouncedProcedure, now: datetime | None = None) -> None:
    """Write an announcement. Whatever the order of arrival, a later decision ends what it follows, and is not ended
    by an earlier one; a decision of unknown day ends nothing. Five statements at most.
    """
    moment = now or timezone.now()
    row.save()
    if row.change == AnnouncedChange.PROCESS:
        return  # it says how the procedure is handled, not whether it is
    others = AnnouncedProcedure.objects.filter(agency=row.agency_id).exclude(Q(pk=row.pk) | Q(change="process"))
    ends = min((at for at in (row.ended_on, _followed_on(row, others)) if at is not None), default=None)
    if ends is not None and row.ended_at is None:
        row.ended_on, row.ended_at = ends, moment
        row.save(update_fields=["ended_on", "ended_at"])
    if row.effective_on is None:
        return
    of_mine = _earlier(row.code_key, row.effective_on, at_once=row.change == AnnouncedChange.ABOLISHED)
    of_old = _earlier(row.replaces_key, row.effective_on, at_once=True) if row.replaces_key else Q(pk__in=())
    unended = Q(ended_on=None) | Q(ended_on__gt=row.effective_on)
    others.filter(unended, of_mine | of_old).update(ended_on=row.effective_on, ended_at=moment)


def _earlier(key: str, on: date, *, at_once: bool) -> Q:
    """Announcements of a procedure from before a day; ``at_once``: those that begin on that very day as well."""
    began = Q(effective_on__lte=on) if at_once else Q(effective_on__lt=on)
    return Q(code_key=key) & (Q(effective_on=None) | began)


def _followed_on(row: AnnouncedProcedure, others: AnnouncedQuerySet) -> date | None:
    """Day of the first decision already held that follows this one on the same procedure; None if there is none."""
    ending = Q(replaces_key=row.code_key)
    if row.change != AnnouncedChange.ABOLISHED:
        ending |= Q(code_key=row.code_key, change=AnnouncedChange.ABOLISHED)
    mine = Q(code_key=row.code_key)
    if row.effective_on is not None:
        mine, ending = mine & Q(effective_on__gt=row.effective_on), ending & Q(effective_on__gte=row.effective_on)
    first: date | None = others.filter(mine | ending).aggregate(first=Min("effective_on"))["first"]
    return first
