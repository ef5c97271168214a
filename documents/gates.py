"""What must hold before an agency confirms and signs its publication, one row each, announced by the app that knows.

This app keeps the list and reads it at the door and on the page; it does not know who else fills it. A row announced
again under its name takes the place of the earlier one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from workflows.models import Unit

Check = Callable[[Unit, date], str | None]
"""What is missing in an agency on a day, as one sentence; None: nothing."""
Place = Callable[[Unit], str]
"""Address of the page where it is put right."""


@dataclass(frozen=True)
class Gate:
    """One condition: its name for programs, what it asks for, how it is looked up, where it is put right."""

    name: str
    label: str | Promise
    check: Check
    place: Place


@dataclass(frozen=True)
class Verdict:
    """How a condition stands in an agency. ``sentence``: what is missing, or ""."""

    gate: Gate
    sentence: str
    url: str

    @property
    def met(self) -> bool:
        """True if nothing is missing."""
        return not self.sentence


_gates: dict[str, Gate] = {}


def register(gate: Gate) -> None:
    """Announce a condition; called at ``ready()``. The order is that of the first announcements."""
    _gates[gate.name] = gate


def names() -> tuple[str, ...]:
    """Every condition announced, in order."""
    return tuple(_gates)


def verdicts(agency: Unit, day: date) -> list[Verdict]:
    """How every condition stands, the unmet ones too: nobody is sent back for one at a time."""
    return [Verdict(gate, gate.check(agency, day) or "", gate.place(agency)) for gate in _gates.values()]
