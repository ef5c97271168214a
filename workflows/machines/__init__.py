"""Tables of the kernel's own records: decisions on units, committees and seats left empty, reorganisations."""

from workflows.machines.committee import ESTABLISHMENT, VACANT_SEAT
from workflows.machines.reorganisation import REORGANISATION
from workflows.machines.tree import UNIT_DECISION

__all__ = ["ESTABLISHMENT", "REORGANISATION", "UNIT_DECISION", "VACANT_SEAT"]
