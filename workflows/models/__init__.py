"""Models of the kernel."""

from workflows.models.attachment import Attachment
from workflows.models.calendar import CalendarException, calendar
from workflows.models.grants import KeptAnswer, UnitGroupGrant, UnitUserGrant
from workflows.models.move import Move, MoveQuerySet, Pending
from workflows.models.passage import Passage
from workflows.models.people import Committee, Seat, Unit, UnitKind, User, day_of
from workflows.models.record import Record, RecordQuerySet, covers, scope
from workflows.models.reminder import Reminder

__all__ = [
    "Attachment",
    "CalendarException",
    "Committee",
    "KeptAnswer",
    "Move",
    "MoveQuerySet",
    "Passage",
    "Pending",
    "Record",
    "RecordQuerySet",
    "Reminder",
    "Seat",
    "Unit",
    "UnitGroupGrant",
    "UnitKind",
    "UnitUserGrant",
    "User",
    "calendar",
    "covers",
    "day_of",
    "scope",
]
