"""Lists with filters of their own, and what starts a record at a place: programme, round, finding, CAR, observation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from capa.api.bodies import ID
from capa.api.shapes import AskedShape, ProposalShape
from capa.machines.audit import FINDING, PROGRAMME
from capa.machines.car import CAR
from capa.models import Car, Finding, Objective, Observation, Programme, Round
from capa.planner import Blocked
from capa.services.car_filters import group_q
from capa.services.checklist import checklist, reads_checklist
from capa.services.planning import case_of, proposed
from documents.models import DocumentVersion
from workflows import engine
from workflows.access import fetch, may_start, reach
from workflows.api.bodies import Body, Id, Number, PageQuery, Text
from workflows.api.endpoint import Deed, Endpoint, pages
from workflows.api.records import KindEndpoint, RecordList, answers
from workflows.api.schema import Shape, start_body
from workflows.errors import BadAnswer, NotReadable, NotVisible, NotYourTurn
from workflows.models import Record, RecordQuerySet, Unit, day_of

QUESTION_LIMIT = 80


class Start(Deed, KindEndpoint):
    """A start row of the table, at a place that address and body name.

    ``place`` reads the body's keys that name it, ``where`` is their JSON schema; the other keys are answers of the row.
    """

    action: str = ""
    place: type[Body] = Body
    where: Mapping[str, Shape] = {}

    def body_shape(self) -> Shape:
        """Place and answers."""
        asked = start_body(self.kind.model.machine, self.action, self.kind.shapes)
        needed = [name for name, field in self.place().fields.items() if field.required]
        properties, needed = {**self.where, **asked["properties"]}, [*needed, *asked.get("required", [])]
        return {**asked, "properties": properties, **({"required": needed} if needed else {})}

    def opened(self, given: dict[str, Any], **kwargs: Any) -> Record:
        """The record to be started; raises ``WorkflowError``."""
        raise NotImplementedError

    def act(self, body: dict[str, Any], **kwargs: Any) -> Response:
        """Start a record."""
        names = self.place().fields
        given = self.place.read({name: value for name, value in body.items() if name in names})
        said = answers({name: value for name, value in body.items() if name not in names})
        fresh = engine.start(self.opened(given, **kwargs), self.action, by=self.person, **said)
        return self.show(fresh, self.kind.after, status=201)


class AtAgency(Body):
    """Which agency."""

    agency = Number()


class Programmes(RecordList, Start):
    """Audit programmes."""

    action = "draft"
    place, where = AtAgency, {"agency": {**ID, "description": "Id of the agency."}}

    def opened(self, given: dict[str, Any], **kwargs: Any) -> Record:
        """A year's audits of an agency."""
        del kwargs
        agency = fetch(Unit, self.person, given["agency"])
        if may_start(PROGRAMME, "draft", self.person, agency.agency_id, agency.pk):
            raise NotYourTurn
        if not agency.is_agency:
            raise BadAnswer(problems={"agency": _("Đơn vị này không phải là cơ quan.")})
        return Programme(agency=agency, unit=agency)

    def post(self, request: Request, **kwargs: Any) -> Any:
        """Draft the audit programme of an agency."""
        return super().post(request, **kwargs)


class Rounds(Start):
    """Rounds of a programme."""

    action = "plan"

    def opened(self, given: dict[str, Any], **kwargs: Any) -> Record:
        """A round of the programme."""
        del given
        self.record = owner = reach(Programme, self.person, kwargs["pk"])
        return Round(agency_id=owner.agency_id, unit_id=owner.unit_id, programme=owner)

    def post(self, request: Request, **kwargs: Any) -> Any:
        """Plan a round of a programme."""
        return super().post(request, **kwargs)


def under(clause: str) -> Q:
    """Rows of a clause and of those under it."""
    return Q(clause=clause) | Q(clause__startswith=f"{clause}.")


class Findings(RecordList):
    """Findings of audits."""

    shaping = frozenset({"clause"})

    def rows(self, query: Mapping[str, Any]) -> RecordQuerySet[Any]:
        """By clause."""
        rows = super().rows(query)
        return rows.filter(under(query["clause"])) if "clause" in query else rows


class InUnit(Body):
    """Where it was found; which row of the checklist it answers; the procedure as it stood."""

    unit = Number()
    question = Text(required=False, max_length=QUESTION_LIMIT)
    version = Id(required=False)


class Recorded(Start):
    """Findings of a round."""

    action = "record"
    place = InUnit
    where = {
        "unit": {**ID, "description": "Id of the unit visited."},
        "question": {
            "type": "string",
            "pattern": r"^[^\x00-\x1f\x7f-\x9f]*[^\x00-\x20\x7f-\xa0\s][^\x00-\x1f\x7f-\x9f]*$",
            "maxLength": QUESTION_LIMIT,
            "description": "Key of the checklist row that it answers, once.",
        },
        "version": {"type": "string", "format": "uuid", "description": "Id of the version that was looked at."},
    }

    def opened(self, given: dict[str, Any], **kwargs: Any) -> Record:
        """A finding in a unit that the round visits; who is not of its team is refused by the door."""
        self.record = owner = reach(Round, self.person, kwargs["pk"])
        unit = fetch(Unit, self.person, given["unit"])
        if may_start(FINDING, "record", self.person, owner.agency_id, unit.pk):
            raise NotYourTurn
        fresh = Finding(agency_id=owner.agency_id, unit=unit, round=owner)
        if "question" in given:
            row = checklist(owner, unit).row(given["question"])
            if row is None or row.question is None:
                raise BadAnswer(problems={"question": _("Không có lựa chọn này.")})
            fresh.question = row.key
            fresh.document_id, fresh.version_id = row.question.document, row.question.version
        if "version" in given:
            version = fetch(DocumentVersion, self.person, given["version"])
            if version.agency_id != owner.agency_id or fresh.document_id not in (None, version.document_id):
                raise BadAnswer(problems={"version": _("Không có lựa chọn này.")})
            fresh.version, fresh.document_id = version, version.document_id
        return fresh

    def post(self, request: Request, **kwargs: Any) -> Any:
        """Record a finding of a round in one of its units."""
        return super().post(request, **kwargs)


class RaisedCar(Start):
    """The CAR of a finding."""

    action = "raise"

    def opened(self, given: dict[str, Any], **kwargs: Any) -> Record:
        """For the unit in which it was found."""
        del given
        self.record = finding = reach(Finding, self.person, kwargs["pk"])
        return Car(agency_id=finding.agency_id, unit_id=finding.unit_id, finding=finding)

    def post(self, request: Request, **kwargs: Any) -> Any:
        """Raise the CAR of an agreed nonconformity; the answer is the CAR."""
        return super().post(request, **kwargs)


class RaisedObservation(Start):
    """The observation of a finding."""

    action = "raise"

    def opened(self, given: dict[str, Any], **kwargs: Any) -> Record:
        """For the unit in which it was found."""
        del given
        self.record = finding = reach(Finding, self.person, kwargs["pk"])
        return Observation(agency_id=finding.agency_id, unit_id=finding.unit_id, finding=finding)

    def post(self, request: Request, **kwargs: Any) -> Any:
        """Carry an agreed observation on to its unit; the answer is the observation's own record."""
        return super().post(request, **kwargs)


class FromUnit(Body):
    """From where it is reported."""

    unit = Number(required=False)
    objective = Id(required=False)


class Cars(RecordList, Start):
    """Corrective action requests."""

    action = "report"
    shaping = frozenset({"clause", "overdue"})
    place = FromUnit
    where = {
        "unit": {**ID, "description": "Id of the unit from which it is reported; else that of the first seat."},
        "objective": {"type": "string", "format": "uuid", "description": "Id of the objective that was missed."},
    }

    def rows(self, query: Mapping[str, Any]) -> RecordQuerySet[Any]:
        """By clause, and by whether they are overdue."""
        rows, where = super().rows(query), Q()
        if "clause" in query:
            where &= under(query["clause"])
        if "overdue" in query:
            late = group_q("overdue", day_of(self.now))
            where &= late if query["overdue"] == "true" else ~late
        return rows.filter(where)

    def opened(self, given: dict[str, Any], **kwargs: Any) -> Record:
        """From the unit named, or from that of the first seat that may report."""
        del kwargs
        unit: Unit | None
        if "unit" in given:
            unit = fetch(Unit, self.person, given["unit"])
        else:
            able = CAR.rows_of("report")[0].by
            unit = next((seat.unit for seat in self.person.seats_held() if seat.role in able), None)
        if unit is None:
            raise NotYourTurn
        missed = fetch(Objective, self.person, given["objective"]) if "objective" in given else None
        if missed is not None and missed.agency_id != unit.agency_id:
            raise BadAnswer(problems={"objective": _("Không có lựa chọn này.")})
        return Car(agency=unit.agency, unit=unit, objective=missed)

    def post(self, request: Request, **kwargs: Any) -> Any:
        """Report a nonconformity; the ISO secretary, the QMR or the head makes a CAR of it."""
        return super().post(request, **kwargs)


class ProposedTeams(Endpoint):
    """Teams for a round."""

    tag, operation, answer = "rounds", "proposal", ProposalShape

    def get(self, request: Request, pk: UUID) -> Response:
        """Propose teams for a round, as even as independence allows, or say why there are none; nothing is written."""
        self.query.read(request)
        owner = fetch(Round, self.person, pk)
        found = proposed(case_of(owner, self.now))
        if isinstance(found, Blocked):
            said: dict[str, Any] = {"teams": None, "units": found.units, "sentences": found.sentences}
        else:
            said = {"teams": found, "units": [], "sentences": []}
        return self.show(said, ProposalShape)


class AskedQuery(PageQuery):
    """Of which unit."""

    unit = Number(help_text="Id of the unit visited.")


class Asked(Endpoint):
    """The checklist of a visit."""

    tag, operation, many, query, answer = "rounds", "checklist", True, AskedQuery, AskedShape

    def get(self, request: Request, pk: UUID) -> Response:
        """List what is asked in a unit of a round, each with the finding that answers it."""
        query = self.query.read(request)
        owner = fetch(Round, self.person, pk)
        visit = owner.visits.select_related("unit").filter(unit=query["unit"]).first()
        if visit is None:
            raise NotVisible
        if not reads_checklist(self.person, owner, visit.unit_id):
            raise NotReadable
        rows = [row for row in checklist(owner, visit.unit).rows() if row.question is not None]
        limit, offset = query["limit"], query["offset"]
        shown = AskedShape(rows[offset : offset + limit], many=True, context=self.context()).data
        return Response(pages(self.request, len(rows), limit, offset) | {"results": shown})
