"""Many agencies into a plan at once: all of a kind below the inspecting body that are not in it yet in this mode."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from django.db import transaction

from capa.models import Inspection, InspectionPlan
from workflows import engine
from workflows.models import Unit, UnitKind, User
from workflows.tree import readings


def kinds(plan: InspectionPlan, day: date) -> list[tuple[str, str, int]]:
    """Kinds of agencies below the inspecting body on a day: code, name and how many."""
    found = Counter(one.kind for one in readings(plan.agency, day) if one.unit.pk != plan.agency_id)
    return [(kind.value, str(kind.label), found[kind.value]) for kind in UnitKind if found[kind.value]]


def candidates(plan: InspectionPlan, kind: str, mode: str, day: date) -> list[Unit]:
    """Agencies of the kind that the plan does not have in this mode."""
    taken = set(plan.inspections.filter(mode=mode).exclude(state="cancelled").values_list("about", flat=True))
    rows = [one.unit for one in readings(plan.agency, day) if one.kind == kind]
    return [unit for unit in rows if unit.pk != plan.agency_id and unit.pk not in taken]


def add_all(plan: InspectionPlan, units: list[Unit], *, mode: str, by: User, now: datetime) -> int:
    """Put every one of them into the plan through the door, or, if one is refused, none; return how many."""
    with transaction.atomic():
        for unit in units:
            fresh = Inspection(agency=plan.agency, unit=plan.agency, plan=plan)
            engine.start(fresh, "plan", by=by, now=now, about=str(unit.pk), mode=mode, planned_on=None)
    return len(units)
