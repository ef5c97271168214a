"""What must hold before a review closes, beside its own items: announced by the services that can find it out.

The table's guard asks at the door, whoever closes: a person, the API or the clock. This module knows none of those whom
it asks. A check announced again under its name takes the place of the earlier one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from documents.models import Campaign

Check = Callable[["Campaign", datetime], list[str]]
"""What is missing in a campaign at an instant, as sentences."""
_checks: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Announce a check; called at ``ready()``."""
    _checks[name] = check


def names() -> tuple[str, ...]:
    """Every check announced, in order."""
    return tuple(_checks)


def problems(campaign: Campaign, now: datetime) -> list[str]:
    """Everything that is missing: nobody is sent back for one at a time."""
    return [sentence for check in _checks.values() for sentence in check(campaign, now)]
