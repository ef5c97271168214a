"""How an objective stands on a day: met, not met, at risk, not measured. Pure; numbers as people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from capa.machines.objective import PERIODS

_NUMBER = re.compile(r"-?[0-9]{1,11}([.,][0-9]{1,3})?")


@dataclass(frozen=True)
class Standing:
    """A word for how it stands; the colour only repeats it."""

    code: str
    label: str | Promise
    colour: str


MET = Standing("met", _("Đạt"), "green")
MISSED = Standing("missed", _("Không đạt"), "red")
AT_RISK = Standing("at_risk", _("Có nguy cơ không đạt"), "orange")
UNMEASURED = Standing("unmeasured", _("Chưa đo"), "secondary")
STANDINGS = (MET, AT_RISK, MISSED, UNMEASURED)


class Measured(Protocol):
    """What a standing rests on."""

    state: str
    value: Decimal | None
    direction: str
    target: Decimal
    frequency: str
    measured_period: int
    deadline: date | None

    def period_due(self, number: int) -> date:
        """Last day on which a period is measured in time."""


def standing_of(one: Measured, day: date) -> Standing:
    """How it stands. What has fallen short is at risk while a measurement is still to come, and missed after the last
    one or its own deadline; what was reached is at risk when a period is past its day without a measurement.
    """
    if one.state in ("met", "missed"):
        return MET if one.state == "met" else MISSED
    over = one.measured_period >= PERIODS[one.frequency]
    late = not over and one.period_due(one.measured_period + 1) < day
    if one.value is None:
        return AT_RISK if late and one.measured_period else UNMEASURED
    if reached(one.value, one.direction, one.target):
        return AT_RISK if late else MET
    past = one.deadline is not None and one.deadline < day
    return MISSED if over or past else AT_RISK


def reached(value: Decimal | None, direction: str, target: Decimal) -> bool:
    """The value keeps the target."""
    if value is None:
        return False
    return value >= target if direction == "least" else value <= target


def decimal_of(text: str) -> Decimal | None:
    """A number typed with a comma or a point; None for anything else."""
    found = _NUMBER.fullmatch(text.strip())
    return Decimal(found.group().replace(",", ".")) if found else None


def said(value: Decimal) -> str:
    """The number as it is written here: a comma, and no zeros at its end."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return text.replace(".", ",")
