"""Everything the clock owes, by app: each announces one function; ``tick`` runs them all and may run late or twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Complaint:
    """A record on which the clock could not do what it owes, and why."""

    record: str
    reason: str


Sweep = Callable[[datetime], tuple[Counter[str], list[Complaint]]]
_sweeps: list[Sweep] = []


def register(sweep: Sweep) -> None:
    """Announce a sweep; called once per app at ``ready()``. Sweeps compare ``due <= now`` and are safe to repeat."""
    if sweep not in _sweeps:
        _sweeps.append(sweep)


def tick(now: datetime) -> tuple[Counter[str], list[Complaint]]:
    """Run every sweep; return what was done, by kind, and what could not be."""
    done: Counter[str] = Counter()
    complaints: list[Complaint] = []
    for sweep in _sweeps:
        counts, failed = sweep(now)
        done.update(counts)
        complaints.extend(failed)
    return done, complaints
