"""The register of CARs: what a reader looks for, and how many there are of each group."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from capa.models import Car
from capa.models.car_rows import CarQuerySet
from capa.services.car_filters import KEYS, NONE, chosen, clause_key
from workflows.models import Unit, User
from workflows.text import fold

TABS = ("", "open", "overdue", "recurring", "closed", "raised")
"""Groups of the register; the first is everything."""


def find(user: User, q: str) -> CarQuerySet:
    """What the person may read and has every one of the words."""
    rows = Car.objects.visible_to(user)
    for word in fold(q).split():
        rows = rows.filter(search__contains=word)
    return rows


def count(rows: CarQuerySet, given: Mapping[str, str], today: date) -> dict[str, int]:
    """How many of the rows each group would show under the other filters; one query each."""
    others = {key: given[key] for key in KEYS if key in given and key != "group"}
    return {group: chosen(rows, others | {"group": group}, today).count() for group in TABS}


def places(user: User) -> dict[str, list[tuple[str, str]]]:
    """Units and clauses of what the person may read; two queries."""
    mine = Car.objects.visible_to(user).order_by()
    units = Unit.objects.filter(pk__in=mine.values("unit")).order_by("path")
    used = {clause_key(clause) for clause in mine.values_list("clause", flat=True).distinct()} - {NONE}
    clauses = sorted(used, key=lambda code: [(len(part), part) for part in code.split(".")])
    return {"units": [(str(one.pk), str(one)) for one in units], "clauses": [(code, code) for code in clauses]}
