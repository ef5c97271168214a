"""Models of the kernel."""

from workflows.models.attachment import Attachment
from workflows.models.calendar import CalendarException, calendar
from workflows.models.committee import Establishment, VacantSeat
from workflows.models.grants import KeptAnswer, UnitGroupGrant, UnitUserGrant
from workflows.models.move import Move, MoveQuerySet, Pending
from workflows.models.passage import Heading, Passage
from workflows.models.people import Committee, Seat, Unit, UnitKind, User, day_of
from workflows.models.record import Record, RecordQuerySet, covers, scope
from workflows.models.reminder import Reminder
from workflows.models.reorganisation import FormerParent, Reorganisation
from workflows.models.tree import ObligationRule, ReferenceSet, UnitDecision

__all__ = [
    "Attachment",
    "CalendarException",
    "Committee",
    "Establishment",
    "FormerParent",
    "Heading",
    "KeptAnswer",
    "Move",
    "MoveQuerySet",
    "ObligationRule",
    "Passage",
    "Pending",
    "Record",
    "RecordQuerySet",
    "ReferenceSet",
    "Reminder",
    "Reorganisation",
    "Seat",
    "Unit",
    "UnitDecision",
    "UnitGroupGrant",
    "UnitKind",
    "UnitUserGrant",
    "User",
    "VacantSeat",
    "calendar",
    "covers",
    "day_of",
    "scope",
]
