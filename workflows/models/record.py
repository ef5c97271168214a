"""The governed record: everything that has a state. Written by the door alone."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self, TypeVar

from django.db import models
from django.db.models import Q
from django_fsm import FSMField

from workflows.models.calendar import calendar
from workflows.models.people import Seat, Unit, User
from workflows.roles import UNIT_SCOPED
from workflows.tables import ME, Machine, Stage, Step, transitions

if TYPE_CHECKING:
    from workflows.engine import Act

R = TypeVar("R", bound="Record")


def scope(seats: Iterable[Seat], roles: Iterable[str], *, inherited: bool = False) -> Q:
    """Records that the seats with one of these roles act for: own unit, or whole agency, by the role.

    ``inherited``: with those that agencies have left behind to which these are heirs; to be read, not to be acted on.
    """
    wanted, where = set(roles), Q(pk__in=())
    for seat in seats:
        if seat.role in wanted:
            where |= Q(unit=seat.unit_id) if seat.role in UNIT_SCOPED else Q(agency=seat.unit.agency_id)
            if inherited and seat.agency.inherits:
                where |= Q(agency__in=[int(path.split("/")[-2]) for path in seat.agency.inherits])
    return where


def covers(seat: Seat, agency_id: int | None, unit_id: int | None) -> bool:
    """True if a seat acts for a record of this agency and unit. No agency: the national register, open to any."""
    if agency_id is None:
        return True
    if seat.role in UNIT_SCOPED:
        return seat.unit_id == unit_id
    return seat.unit.agency_id == agency_id


class RecordQuerySet(models.QuerySet[R]):
    """Records by sight and by turn. Writing is refused: the door writes."""

    def in_agencies_of(self, user: User, now: datetime | None = None) -> Self:
        """Records of the agencies the person belongs to, of those below, and of the national register.

        The wall between agencies: what is not in here is 404 for the person.
        """
        paths = user.agency_paths(now)
        if not paths:
            return self.none()
        where = Q(agency=None)
        for path in paths:
            where |= Q(agency__path__startswith=path)
        return self.filter(where)

    def visible_to(self, user: User, now: datetime | None = None) -> Self:
        """Records the person may read: public stages within the wall; work in progress by a role that has a step
        somewhere in the table, in that role's scope (domain §2.2: drafts are for those who do, review or approve).
        """
        machine = self.model.machine
        public = [stage.state for stage in machine.stages if stage.public]
        mine = scope(user.seats_held(now), machine.insiders, inherited=True)
        if machine.author_reads:
            mine |= Q(created_by=user)
        return self.in_agencies_of(user, now).filter(Q(state__in=public) | mine)

    def waiting_on(self, seats: Iterable[Seat]) -> Self:
        """Records whose turn is one of these seats: the inbox, computed and therefore never stale."""
        held, where = list(seats), Q(pk__in=())
        national = self.model._meta.get_field("agency").null
        for stage in self.model.machine.stages:
            waiting = set(stage.waits_on).intersection(seat.role for seat in held)
            if not waiting:
                continue
            if stage.only:
                where |= Q(state=stage.state) & self._conditioned(stage, waiting, held)
                continue
            mine = scope(held, waiting)
            if national and waiting - UNIT_SCOPED:
                mine |= Q(agency=None)
            where |= Q(state=stage.state) & mine
        return self.filter(where)

    def _conditioned(self, stage: Stage, waiting: Iterable[str], held: list[Seat]) -> Q:
        """Where a stage waits on a role only if columns of the record say so, on that role or on that person."""
        where = Q(pk__in=())
        for role in sorted(waiting):
            mine = scope(held, {role})
            for name in stage.conditions(role):
                field, value = self.model.machine.tie(name).column or ("pk", "")
                mine &= Q(**{field: held[0].user_id if value == ME else value})
            where |= mine
        return where

    def for_list(self) -> Self:
        """With what a line in a list needs, so that a page costs one query; models add their own relations."""
        return self.select_related("agency", "unit")

    def _refused(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise TypeError("a governed record changes through workflows.engine only")

    update = delete = bulk_create = bulk_update = _refused


class StateField(FSMField):
    """The state of a record. Migrations see a plain column: each of their models would add a listener to the making of
    every later one, which took longer than all of the migrations' work.
    """

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """Say what migrations keep: a column of letters."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class Record(models.Model):
    """Base of every governed model. ``row_version`` is the number of ledger rows of the record.

    ``flow_id`` points to the running viewflow process, if a person has opened one; it carries no legal weight.
    """

    machine: ClassVar[Machine]
    gathered: ClassVar[str] = ""
    """The field that leads to the record under which those waiting in one stage make one line of the inbox, if any."""
    rests_on: ClassVar[str] = ""
    """The field that leads to the record on whose state this one's guards rest, if any. The door locks that record
    first, so that neither moves under a decision on the other."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    state = StateField(max_length=30, editable=False)
    row_version = models.PositiveIntegerField(default=0, editable=False)
    ledger_hash = models.CharField(max_length=64, editable=False)
    due_on = models.DateField(null=True, editable=False)
    entered_at = models.DateTimeField(editable=False)
    created_at = models.DateTimeField(editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")
    flow_id = models.BigIntegerField(null=True, editable=False)

    objects: ClassVar[RecordQuerySet[Any]] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        abstract = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Give the model its table's transition methods.

        django-fsm collects them when the class is prepared, which is later than this and earlier than any other
        hook: methods attached afterwards work but are missing from ``get_all_state_transitions()``.
        """
        super().__init_subclass__(**kwargs)
        if "machine" in cls.__dict__:
            for name, mover in transitions(cls.machine).items():
                setattr(cls, name, mover)

    def save(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse: the door writes through the base class."""
        raise TypeError("a governed record changes through workflows.engine only")

    def get_absolute_url(self) -> str:
        """Page of the record."""
        raise NotImplementedError

    def gathered_title(self, number: int) -> str:
        """What the line of so many records like this one says."""
        raise NotImplementedError

    def gathered_url(self) -> str:
        """Where the records of this one's line are dealt with together."""
        raise NotImplementedError

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse: history is never rewritten."""
        raise TypeError("a governed record is never deleted")

    @classmethod
    def look_ahead(cls, records: Sequence[Self], now: datetime) -> None:
        """Read for many that are about to start at once what each would ask for itself; models do as they need.

        It holds as long as the door judges them: all are judged before the first is written.
        """

    @property
    def stage(self) -> Stage:
        """The table row of the present state."""
        return self.machine.stage(self.state)

    def for_page(self, user: User) -> dict[str, Any]:
        """What the record's own pane in the inbox needs beside the record."""
        del user
        return {}

    def due_for(self, stage: Stage, act: Act) -> date | None:
        """Last day for the stage just entered; None where the table sets no limit."""
        return calendar().add(act.day, stage.days) if stage.days else None

    def is_insider(self, user: User, now: datetime | None = None) -> bool:
        """The person may read the record while work on it is in progress (``RecordQuerySet.visible_to``)."""
        if self.machine.author_reads and self.created_by_id == user.pk:
            return True
        seats = [seat for seat in user.seats_held(now) if seat.role in self.machine.insiders]
        if any(covers(seat, self.agency_id, self.unit_id) for seat in seats):
            return True
        return any(str(self.agency_id) == path.split("/")[-2] for seat in seats for path in seat.agency.inherits)

    def ties_of(self, user: User | None, names: Iterable[str], now: datetime | None = None) -> set[str]:
        """Those of the named ties that hold between this record and a person at an instant (None: the clock)."""
        return {name for name in names if self._is_tied(user, name, now)}

    def _is_tied(self, user: User | None, name: str, now: datetime | None) -> bool:
        column = self.machine.tie(name).column
        if column is None:
            return user is not None and bool(getattr(self, f"tie_{name}")(user, now))
        field, value = column
        held = self.serializable_value(field)
        return user is not None and held == user.pk if value == ME else str(held) == value

    def turns(self) -> list[tuple[str, int | None]]:
        """Roles on which the record waits as it stands, each with the one person it means, if the table means one.

        Where it means a person and the field is empty, the record waits on nobody in that role, as in the inbox.
        """
        found: list[tuple[str, int | None]] = []
        for role in self.stage.waits_on:
            names = self.stage.conditions(role)
            mine = [name for name in names if name.endswith(f"={ME}")]
            if self.ties_of(None, set(names).difference(mine)) | set(mine) == set(names):
                person = self.serializable_value(mine[0].removesuffix(f"={ME}")) if mine else None
                if person is not None or not mine:
                    found.append((role, person))
        return found

    def parts(self) -> RecordQuerySet[Any]:
        """Records that this one gathers; those on whom they wait are told once, of this one."""
        raise NotImplementedError

    def concerned(self) -> int | None:
        """The agency, other than the record's own, that the record is about; None: there is none."""
        return None

    def take_heir(self, act: Act) -> None:
        """Belong to the unit that takes it over from an agency that ended; the ledger keeps where it was."""
        heir = Unit.objects.select_related("agency").get(pk=act.answers["heir"])
        self.unit, self.agency = heir, heir.agency or heir

    def options(self, name: str) -> list[tuple[str, str]]:
        """Keys and labels that a ``pick`` answer may have on this record."""
        raise NotImplementedError(name)

    def evidence(self) -> dict[str, object]:
        """What the ledger row must pin beside the deed itself, as JSON values: digests, numbers, dates."""
        return {}

    def clean_answers(self, step: Step, answers: dict[str, Any]) -> dict[str, Any]:
        """Check answers beyond their kind; raise ``BadAnswer``."""
        del step
        return answers
