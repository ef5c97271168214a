"""What an auditor asks in one unit in one round, which answer stands at each question, and texts pasted across units.

A question's key is kept in ``Finding.question``: one standing result per round, unit and key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from capa.machines.audit import FINDING, OPEN_FINDINGS, UNISSUED
from capa.models import Car, Finding, Observation, Round
from capa.models.finding import NONCONFORMITIES, PRESENTED
from capa.services import questions
from documents.models import DocumentVersion
from workflows.models import Unit, User, covers, day_of
from workflows.text import fold

PASTED = 40
"""Characters from which the same words in two units are no accident."""
SHORT = 300
"""Characters of a past finding that are told."""
PROCEDURES = ("TTHC_PROC", "SYS_PROC", "INSTRUCTION")


@dataclass(frozen=True)
class Question:
    """One row of the checklist. ``document`` and ``version``: the procedure it is about, as it stands now."""

    key: str
    text: str
    clause: str
    document: UUID | None = None
    version: UUID | None = None


@dataclass(frozen=True)
class Row:
    """A question with its result. ``finding`` None: not answered; ``question`` None: a result of the auditor's own."""

    question: Question | None
    finding: Finding | None = None

    @property
    def key(self) -> str:
        """The question's key; ``""`` for a result of the auditor's own."""
        return self.question.key if self.question else ""

    @property
    def name(self) -> str:
        """What the row is called in the page: no colons, and each its own."""
        return (self.key or f"x-{self.finding.pk if self.finding else 'new'}").replace(":", "_").replace(".", "-")


@dataclass(frozen=True)
class Part:
    """Questions that belong together: a clause group, one procedure, what came before."""

    key: str
    title: str
    rows: Sequence[Row]

    @property
    def answered(self) -> int:
        """Rows with a result."""
        return sum(row.finding is not None for row in self.rows)


@dataclass
class Checklist:
    """All questions of a visit. ``extra``: results without a question, and with one that is asked no more."""

    parts: list[Part] = field(default_factory=list)
    extra: list[Row] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many questions there are."""
        return sum(len(part.rows) for part in self.parts)

    @property
    def answered(self) -> int:
        """How many of them have a result."""
        return sum(part.answered for part in self.parts)

    def rows(self) -> Iterator[Row]:
        """Every row, the extra ones last."""
        for part in self.parts:
            yield from part.rows
        yield from self.extra

    def settled_next(self) -> list[Finding]:
        """Results that may be closed without the unit's answer."""
        return [f for f in (row.finding for row in self.rows()) if f and f.state == "recorded" and not presented(f)]

    def row(self, key: str) -> Row | None:
        """The row of a question."""
        return next((row for row in self.rows() if key and row.key == key), None)


def presented(finding: Finding) -> bool:
    """Whether the unit has to hear and answer it."""
    return finding.result in PRESENTED


def reads_checklist(user: User, owner: Round, unit_id: int) -> bool:
    """Whether the person may read results of this unit in the making: the same seats as for each finding."""
    seats = [seat for seat in user.seats_held() if seat.role in FINDING.insiders]
    return any(covers(seat, owner.agency_id, unit_id) for seat in seats)


def checklist(owner: Round, unit: Unit) -> Checklist:
    """Questions of clauses, of the unit's procedures and of what came before, with the results written so far.

    Five statements, however many questions there are.
    """
    findings = list(Finding.objects.filter(round=owner, unit=unit).exclude(state="withdrawn").for_list())
    answers = {one.question: one for one in findings if one.question}
    found = Checklist()
    _add(found, "clauses", _("Theo điều khoản"), _clauses(owner), answers)
    _add(found, "before", _("Việc từ trước"), _before(owner, unit), answers)
    for version in _procedures(unit):
        _add(found, f"d-{version.document_id.hex}", str(version), _steps(version), answers)
    asked = {row.key for row in found.rows()}
    found.extra = [Row(None, one) for one in findings if one.question not in asked]
    return found


def _add(found: Checklist, key: str, title: str, asked: Iterable[Question], answers: dict[str, Finding]) -> None:
    rows = [Row(question, answers.get(question.key)) for question in asked]
    if rows:
        found.parts.append(Part(key, title, rows))


def _clauses(owner: Round) -> Iterator[Question]:
    for clause in owner.clauses:
        for key, text in questions.of_clause(clause):
            yield Question(key, text, clause)


def _procedures(unit: Unit) -> Iterable[DocumentVersion]:
    rows = DocumentVersion.objects.in_force(day_of()).filter(unit=unit, document__kind__in=PROCEDURES)
    return rows.select_related("document").order_by("document__code_key")


def _steps(version: DocumentVersion) -> Iterator[Question]:
    """The steps as they are written, and the table of records."""
    about, absent = (version.document_id, version.pk), questions.ABSENT
    for number, step in enumerate(version.content.get("steps", ()), start=1):
        said = {"number": number, "name": step["name"], "who": step["responsible"] or absent}
        said |= {"time": step["time"] or absent, "form": step["form"] or absent}
        yield Question(f"s:{version.document_id.hex}:{step['key']}", str(questions.STEP) % said, "8.5", *about)
    kept = [f"{row['name']} ({row['holder'] or absent}, {row['retention'] or absent})" for row in _records(version)]
    if kept:
        said = {"records": "; ".join(kept)}
        yield Question(f"r:{version.document_id.hex}", str(questions.RECORDS) % said, "7.5", *about)


def _records(version: DocumentVersion) -> Sequence[dict[str, str]]:
    return version.content.get("records", ())  # type: ignore[no-any-return] # JSON


def _before(owner: Round, unit: Unit) -> Iterator[Question]:
    """CARs and observations of the unit that are open or ended within the period audited, and findings left over."""
    since = owner.starts_on - timedelta(days=settings.AUDIT_PERIOD_DAYS)
    recent = Q(entered_at__date__gte=since)
    cars = Car.objects.filter(unit=unit).exclude(finding__round=owner).exclude(state__in=("rejected", "cancelled"))
    for car in cars.filter(~Q(state__in=("closed", "reissued")) | recent).only(*_TOLD, "number").order_by("created_at"):
        said = {"number": car.number or "CAR", "what": car.description[:SHORT]}
        yield Question(f"car:{car.pk.hex}", str(questions.CAR) % said, "10.2", car.document_id)
    notes = Observation.objects.filter(unit=unit).exclude(finding__round=owner)
    for note in notes.filter(~Q(state="closed") | recent).order_by("created_at"):
        said = {"what": note.description[:SHORT]}
        yield Question(f"obs:{note.pk.hex}", str(questions.OBSERVATION) % said, note.clause, note.document_id)
    left = Finding.objects.filter(unit=unit, state__in=(*OPEN_FINDINGS, *UNISSUED)).exclude(round=owner)
    for one in left.filter(result__in=(*NONCONFORMITIES, "observation")).order_by("created_at"):
        said = {"what": one.statement[:SHORT]}
        yield Question(f"f:{one.pk.hex}", str(questions.FINDING) % said, one.clause, one.document_id)


_TOLD = ("id", "description", "document_id", "state", "agency_id", "unit_id", "root_id")


def pasted(owner: Round, user: User) -> dict[UUID, list[Finding]]:
    """Findings of the round whose words stand letter for letter in another unit, in this or another round of the year.

    Only what the person may read is compared. One statement.
    """
    rows = Finding.objects.visible_to(user).filter(round__programme=owner.programme_id).exclude(state="withdrawn")
    everything = list(rows.select_related("round", "unit").order_by("created_at"))
    groups: dict[str, list[Finding]] = {}
    for one in everything:
        for text in {_folded(one.statement), _folded(one.evidence_text)}:
            if len(text) >= PASTED:
                groups.setdefault(text, []).append(one)
    found: dict[UUID, dict[UUID, Finding]] = {}
    for same in groups.values():
        for one in same:
            others = {twin.pk: twin for twin in same if twin.unit_id != one.unit_id}
            if others and one.round_id == owner.pk:
                found.setdefault(one.pk, {}).update(others)
    return {key: list(twins.values()) for key, twins in found.items()}


def _folded(text: str) -> str:
    return " ".join(fold(text).split())
