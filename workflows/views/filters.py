"""Tabs and chips of the inbox: each is an address, a word and a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflows import desk, registry
from workflows.desk import Look, Numbers
from workflows.models import User

MOST = desk.PAGE * desk.LAST_PAGE
ALL = _("Tất cả")


@dataclass(frozen=True)
class Choice:
    """One tab or chip. ``number`` None: not counted."""

    label: str | Promise
    query: str
    on: bool
    number: int | None = None


def total(look: Look, numbers: Numbers) -> int:
    """How many records the list can page through; 0 where only the newest are shown."""
    if look.tab == "late":
        counted: Iterable[int] = (number for (pk, _name), number in numbers.units.items() if look.unit in (None, pk))
    elif look.tab == "done":
        counted = ()
    else:
        counted = (number for kind, number in _by_kind(look, numbers).items() if look.kind in ("", kind))
    return min(sum(counted), MOST)


def choices(user: User, look: Look, numbers: Numbers) -> dict[str, list[Choice]]:
    """``tabs`` and ``chips`` of the list looked at."""
    return {"tabs": _tabs(user, look, numbers), "chips": [*_kinds(look, numbers), *_units(look, numbers)]}


def _tabs(user: User, look: Look, numbers: Numbers) -> list[Choice]:
    counted = {"waiting": sum(numbers.waiting.values()), "late": sum(numbers.units.values())}
    shown = [name for name in desk.TABS if name != "late" or desk.leads(user)]
    return [Choice(desk.TABS[name], Look(tab=name).query(), look.tab == name, counted.get(name)) for name in shown]


def _by_kind(look: Look, numbers: Numbers) -> Counter[str]:
    if look.tab == "mine":
        return numbers.mine
    return numbers.late if look.late else numbers.waiting


def _kinds(look: Look, numbers: Numbers) -> list[Choice]:
    """By kind of record where there is more than one, and what is late."""
    if look.tab not in ("waiting", "mine"):
        return []
    by_kind = _by_kind(look, numbers)
    found = [machine for machine in registry.machines() if by_kind[machine.name]]
    chips = []
    if len(found) > 1 or look.kind:
        chips.append(Choice(ALL, _first(look, kind=""), not look.kind, sum(by_kind.values())))
        chips += [Choice(m.label, _first(look, kind=m.name), look.kind == m.name, by_kind[m.name]) for m in found]
    late = sum(number for kind, number in numbers.late.items() if look.kind in ("", kind))
    if look.tab == "waiting" and (late or look.late):
        chips.append(Choice(_("Quá hạn"), _first(look, late=not look.late), look.late, late))
    return chips


def _units(look: Look, numbers: Numbers) -> list[Choice]:
    if look.tab != "late" or not numbers.units:
        return []
    chips = [Choice(ALL, _first(look, unit=None), look.unit is None, sum(numbers.units.values()))]
    for (pk, name), number in numbers.units.most_common():
        chips.append(Choice(name, _first(look, unit=pk), look.unit == pk, number))
    return chips


def _first(look: Look, **changes: Any) -> str:
    return look.query(page=1, **changes)
