"""Cross-audit teams for a round: what the planner proposes from who audits and who may not go where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from capa.models import Round, Visit
from capa.models.independence import auditors, bars
from capa.planner import Auditor, Bar, Blocked, Proposal, propose
from capa.planner import Visit as Wanted
from capa.rounds import Team, Teams


@dataclass(frozen=True)
class Case:
    """All that decides who may visit whom. ``reasons``: (auditor, unit) → why not, each reason once."""

    visits: tuple[Visit, ...]
    people: tuple[Auditor, ...]
    reasons: Mapping[tuple[int, int], str]
    barred: tuple[Bar, ...]

    @property
    def leads(self) -> list[Auditor]:
        """Auditors who may lead."""
        return [one for one in self.people if one.leads]


def case_of(owner: Round, now: datetime | None = None) -> Case:
    """The round's visits, the agency's auditors of today, and who of them may not go where."""
    visits = tuple(owner.visits.select_related("unit").prefetch_related("members").order_by("unit__path"))
    people = tuple(auditors(owner.agency_id, now))
    found = bars([one.key for one in people], [visit.unit_id for visit in visits], now)
    barred = tuple(dict.fromkeys(found))  # two seats or two deeds may bar the same pair for the same reason
    reasons: dict[tuple[int, int], list[str]] = {}
    for bar in barred:
        reasons.setdefault((bar.auditor, bar.unit), []).append(bar.reason)
    return Case(visits, people, {pair: "; ".join(why) for pair, why in reasons.items()}, barred)


def proposed(case: Case) -> Teams | Blocked:
    """Teams that keep the rule and share the work evenly, with a leader of the round; or why there are none."""
    wanted = [Wanted(visit.unit_id, str(visit.unit), visit.size) for visit in case.visits]
    found = propose(wanted, case.people, case.barred)
    if isinstance(found, Blocked):
        return found
    return {
        "lead": _leader(found),
        "teams": [Team(unit=t.unit, lead=t.lead, members=[*t.members]) for t in found.teams],
    }


def _leader(found: Proposal) -> int:
    """Who leads most teams leads the round; of several, the one with the smallest key."""
    led = [team.lead for team in found.teams]
    return min(set(led), key=lambda key: (-led.count(key), key), default=0)
