"""How documents stand: versions in force that something alarms, with the causes; and coverage of announced lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from documents.api.document_shapes import AsOfShape
from documents.api.moments import MomentQuery, moment_of
from documents.api.shapes import DocumentShort, RegulationShort
from documents.models import AnnouncedChange, DocumentVersion
from documents.services.alarm import CAUSES, OUTDATED, Alarm, alarms, condition
from documents.services.alarm_figures import Figures
from documents.services.alarm_words import sentences
from documents.services.asof import versions_in_force
from documents.services.coverage import Ratio, Share
from documents.services.shelf import SHELF_ORDER
from documents.services.standing import Line, Standing, standing
from workflows.access import fetch
from workflows.api.bodies import Number, PageQuery
from workflows.api.endpoint import Endpoint, pages
from workflows.api.shapes import PlaceShape, shape, texts
from workflows.models import Unit


class AlarmQuery(MomentQuery, PageQuery):
    """Which alarms."""

    cause = serializers.ChoiceField(
        [*CAUSES, OUTDATED], default=OUTDATED, help_text="Only for this cause; for any if absent."
    )
    unit = Number(required=False, help_text="Id of the unit.")
    agency = Number(required=False, help_text="Id of the agency.")


DeadShape = shape(
    "DeadShape",
    "A citation that holds no longer.",
    number=serializers.CharField(help_text="As the text has it."),
    regulation=RegulationShort(),
    since=serializers.DateField(allow_null=True, help_text="First day of it; null if nobody knows."),
    suspended=serializers.BooleanField(help_text="The act is suspended, not dead."),
    replaced_by=RegulationShort(many=True),
)
LateShape = shape(
    "LateShape",
    "A change that is overdue.",
    id=serializers.UUIDField(help_text="The impact item."),
    subject=serializers.CharField(help_text="What the event happens to."),
    regulation=RegulationShort(allow_null=True),
    due_on=serializers.DateField(),
)
AlarmShape = shape(
    "AlarmShape",
    "A version in force that is out of date, with every cause.",
    version=serializers.UUIDField(),
    number=serializers.CharField(help_text="Issue and revision."),
    document=DocumentShort(),
    agency=PlaceShape(),
    unit=PlaceShape(),
    causes=serializers.ListField(child=serializers.ChoiceField(list(CAUSES))),
    sentences=texts(help_text="The causes in words."),
    law=DeadShape(many=True),
    changes=LateShape(many=True),
    review_due=serializers.DateField(allow_null=True, help_text="Last day on which the review was in time."),
)


class Alarms(Endpoint):
    """Versions in force that something alarms."""

    tag, operation, query, answer, many = "alarms", "list", AlarmQuery, AlarmShape, True

    def get(self, request: Request) -> Response:
        """List versions in force on a day that cite dead law, or whose change or review is overdue.

        How a change stood on a day gone by is not known: then only the other two causes are told.
        """
        query = self.query.read(request)
        at = moment_of(query)
        rows = versions_in_force(at).visible_to(self.person)
        rows = rows.filter(**{name: query[name] for name in ("unit", "agency") if name in query})
        rows = rows.filter(condition(query["cause"], at, rows))
        count, limit, offset = rows.count(), query["limit"], query["offset"]
        shown = list(rows.for_list().order_by(*SHELF_ORDER, "pk")[offset : offset + limit])
        found = alarms(shown, at)
        told = [_alarm(version, found[version.pk]) for version in shown if version.pk in found]
        data = AlarmShape(told, many=True, context=self.context()).data
        return Response(pages(self.request, count, limit, offset) | {"results": data})


def _alarm(version: DocumentVersion, alarm: Alarm) -> dict[str, Any]:
    return {
        "version": version.pk,
        "number": version.number,
        "document": version.document,
        "agency": version.agency,
        "unit": version.unit,
        "causes": alarm.causes,
        "sentences": [one.text for one in sentences(alarm)],
        "law": [
            {
                "number": row.citation.number,
                "regulation": row.act,
                "since": row.since,
                "suspended": row.stopped,
                "replaced_by": row.heirs,
            }
            for row in alarm.dead
        ],
        "changes": [
            {"id": item.pk, "subject": item.subject, "regulation": item.regulation, "due_on": item.due_on}
            for item in alarm.late
        ],
        "review_due": alarm.review_due,
    }


class CoverageQuery(MomentQuery):
    """Of which agency."""

    agency = Number(required=False, help_text="Id of the agency; the first of one's own if absent.")


_FIGURES: dict[str, Any] = {
    "list_known": serializers.BooleanField(help_text="A list was announced by the day; if not, nothing follows."),
    "announced": serializers.IntegerField(allow_null=True, help_text="Announced procedures, each once."),
    "covered": serializers.IntegerField(allow_null=True, help_text="Of these, with a document in force."),
    "percent": serializers.DecimalField(5, 1, allow_null=True, help_text="One decimal, half up."),
    "missing": serializers.IntegerField(allow_null=True),
    "surplus": serializers.IntegerField(allow_null=True, help_text="Procedures in force that nobody announces."),
    "documents": serializers.IntegerField(help_text="Documents in force of every kind."),
    "outdated": serializers.IntegerField(help_text="Of these, out of date for any cause."),
    "law": serializers.IntegerField(),
    "changes": serializers.IntegerField(allow_null=True, help_text="Null where it is not known."),
    "review": serializers.IntegerField(),
    "sound": serializers.IntegerField(help_text="Documents without any cause."),
}
CoverageLineShape = shape(
    "CoverageLineShape",
    "Figures of one place; null for the procedures that no unit is in charge of.",
    place=PlaceShape(allow_null=True),
    **_FIGURES,
)
MissingShape = shape(
    "MissingShape",
    "An announced procedure without a document in force.",
    code=serializers.CharField(),
    title=serializers.CharField(allow_blank=True),
    field=serializers.CharField(allow_blank=True),
    unit=PlaceShape(allow_null=True, help_text="In charge of its field."),
    change=serializers.ChoiceField(AnnouncedChange.choices),
    decision=serializers.CharField(allow_blank=True),
    effective_on=serializers.DateField(allow_null=True),
)
SurplusShape = shape(
    "SurplusShape",
    "A procedure in force that nobody announces.",
    document=DocumentShort(),
    unit=PlaceShape(allow_null=True),
    ended_by=serializers.CharField(allow_null=True, help_text="Decision that did away with it, if there is one."),
    ended_on=serializers.DateField(allow_null=True),
)
CoverageShape = shape(
    "CoverageShape",
    "How an agency's documents stand on a day.",
    as_of=AsOfShape(),
    total=CoverageLineShape(help_text="The agency and all below it whose list is known."),
    agency=CoverageLineShape(),
    units=CoverageLineShape(many=True),
    below=CoverageLineShape(many=True),
    missing=MissingShape(many=True),
    surplus=SurplusShape(many=True),
)


class Coverage(Endpoint):
    """Coverage of announced lists."""

    tag, operation, query, answer = "alarms", "coverage", CoverageQuery, CoverageShape

    def get(self, request: Request) -> Response:
        """Compare an agency's announced procedures with its documents in force on a day, both ways, by unit.

        With figures of the agencies below, and of what is out of date.
        """
        query = self.query.read(request)
        own = next((seat.agency.pk for seat in self.person.seats_held()), None)
        agency = fetch(Unit, self.person, query.get("agency", own), among=Unit.objects.agencies())
        found = standing(agency, moment_of(query), self.person)
        here = f"{request.build_absolute_uri(request.path)}?agency={agency.pk}&on={found.moment.on}"
        known = found.moment.query["known"]
        answer = {
            "as_of": {**found.moment.query, "link": f"{here}&known={known}"},
            "total": _line(found.total),
            "agency": _line(Line(agency, found.ratio, found.figures)),
            "units": [_line(line) for line in found.units],
            "below": [_line(line) for line in found.below],
            **_gaps(found),
        }
        return Response(CoverageShape(answer, context=self.context()).data)


def _line(line: Line) -> dict[str, Any]:
    return {"place": line.place, **_ratio(line.ratio), **_figures(line.figures)}


def _ratio(ratio: Ratio) -> dict[str, Any]:
    names = ("announced", "covered", "percent", "missing", "surplus")
    return {"list_known": ratio.known, **{name: getattr(ratio, name) if ratio.known else None for name in names}}


def _figures(found: Figures) -> dict[str, Any]:
    names = ("outdated", "law", "changes", "review", "sound")
    return {"documents": found.total, **{name: getattr(found, name) for name in names}}


def _gaps(found: Standing) -> dict[str, Any]:
    return {
        "missing": list(_missing(found.shares)),
        "surplus": [
            {
                "document": one.version.document,
                "unit": share.unit,
                "ended_by": one.ended.decision if one.ended else None,
                "ended_on": one.ended.effective_on if one.ended else None,
            }
            for share in found.shares
            for one in share.surplus
        ],
    }


def _missing(shares: Iterable[Share]) -> Iterable[dict[str, Any]]:
    names = ("code", "title", "field", "change", "decision", "effective_on")
    for share in shares:
        for row in share.missing:
            yield {"unit": share.unit, **{name: getattr(row, name) for name in names}}
