"""Addresses of the tree: agencies as of a day, one unit's history, decisions on units, rules and denominators."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workflows.access import fetch
from workflows.api.bodies import Body, Number, PageQuery, Query, Text
from workflows.api.endpoint import Deed, Endpoint, pages
from workflows.api.records import Kind, RecordList, RecordQuery, kind_urls
from workflows.api.shapes import AFTER, PlaceShape, RecordLine, WithActions, shape
from workflows.deciding import decide
from workflows.machines.tree import ASPECTS, OBLIGATIONS, UNIT_DECISION
from workflows.models import ObligationRule, ReferenceSet, Unit, UnitDecision, day_of
from workflows.models.tree import AGENCY_KINDS
from workflows.tree import Book, Reading, Spell, readings

DAY_HELP = "As of this day; today if it is left out."

HeldShape = shape(
    "HeldShape",
    "What holds, since when and on which ground.",
    value=serializers.CharField(allow_blank=True),
    since=serializers.DateField(allow_null=True),
    ground=serializers.CharField(allow_blank=True),
)
ReadingShape = shape(
    "ReadingShape",
    "An agency on a day.",
    unit=PlaceShape(),
    parent=serializers.IntegerField(source="unit.parent_id", allow_null=True),
    name=serializers.CharField(),
    kind=serializers.ChoiceField(AGENCY_KINDS),
    obligation=HeldShape(),
    no_procedures=HeldShape(),
    counts=serializers.BooleanField(help_text="False: without procedures, in no denominator."),
)
SpellShape = shape(
    "SpellShape",
    "What held over a half-open interval of days.",
    aspect=serializers.ChoiceField(ASPECTS),
    value=serializers.CharField(),
    since=serializers.DateField(allow_null=True),
    until=serializers.DateField(allow_null=True),
    ground=serializers.CharField(allow_blank=True),
)


class TreeQuery(PageQuery):
    """Which part of the tree, on which day."""

    on = serializers.DateField(required=False, help_text=DAY_HELP)
    under = Number(required=False, help_text="Id of an agency: it and all below it. Else all that the person sees.")
    kind = serializers.ChoiceField(AGENCY_KINDS, required=False)
    obligation = serializers.ChoiceField(OBLIGATIONS, required=False)


class Tree(Endpoint):
    """Agencies as of a day."""

    tag, operation, many = "tree", "list", True
    query, answer = TreeQuery, ReadingShape

    def get(self, request: Request) -> Response:
        """List agencies as they were on a day: name, kind and obligation, each with its ground."""
        query = self.query.read(request)
        day, limit, offset = query.get("on") or day_of(), query["limit"], query["offset"]
        root = fetch(Unit, self.person, query["under"]) if "under" in query else None
        seen = Unit.objects.visible_to(self.person).agencies().standing_on(day).order_by("path")
        rows = [one for one in readings(root, day, among=seen) if _is_asked(one, query)]
        shown = self.answer(rows[offset : offset + limit], many=True, context=self.context()).data
        return Response(pages(self.request, len(rows), limit, offset) | {"results": shown})


def _is_asked(one: Reading, query: dict[str, Any]) -> bool:
    obligation = one.obligation.value
    return bool(query.get("kind", one.kind) == one.kind and query.get("obligation", obligation) == obligation)


class HistoryQuery(Query):
    """No parameters."""


class UnitHistory(Endpoint):
    """What a unit was when."""

    tag, operation, answer = "units", "history", SpellShape

    def get(self, request: Request, pk: int) -> Response:
        """Read a unit's names, kinds, obligations and flags as intervals of days, the oldest first."""
        HistoryQuery.read(request)
        found = fetch(Unit, self.person, pk)
        history = Book(found).history(found)
        rows = [_spell(aspect, one) for aspect, _label in ASPECTS for one in history[aspect]]
        return Response(rows)


def _spell(aspect: str, one: Spell) -> dict[str, Any]:
    return {"aspect": aspect, "value": one.value, "since": one.since, "until": one.until, "ground": one.ground}


class RuleShape(serializers.ModelSerializer[ObligationRule]):
    """Whether agencies of a kind must apply the system."""

    class Meta:
        model = ObligationRule
        fields = ("id", "kind", "obligation", "valid_from", "valid_to", "source")


class Rules(Endpoint):
    """Rules of the country."""

    tag, operation, many = "obligation_rules", "list", True
    query, answer = PageQuery, RuleShape

    def get(self, request: Request) -> Response:
        """List which kinds of agency must apply the system, from when to when and by which text."""
        return self.page(ObligationRule.objects.order_by("kind", "valid_from"), self.query.read(request))


class ReferenceShape(serializers.ModelSerializer[ReferenceSet]):
    """How many units of a kind there were."""

    class Meta:
        model = ReferenceSet
        fields = ("id", "kind", "number", "valid_from", "valid_to", "source")


class ReferenceQuery(PageQuery):
    """On which day."""

    on = serializers.DateField(required=False, help_text="Only sets that count on this day.")


class References(Endpoint):
    """Denominators."""

    tag, operation, many = "reference_sets", "list", True
    query, answer = ReferenceQuery, ReferenceShape

    def get(self, request: Request) -> Response:
        """List how many units of each kind the country had, from when to when and by which source."""
        query = self.query.read(request)
        rows = ReferenceSet.objects.on(query["on"]) if "on" in query else ReferenceSet.objects.all()
        return self.page(rows.order_by("kind", "pk"), query)


class DecisionLine(RecordLine):
    """A decision in a list."""

    about = PlaceShape()

    class Meta:
        model = UnitDecision
        fields: tuple[str, ...] = (
            *RecordLine.Meta.fields,
            "about",
            "aspect",
            "value",
            "below",
            "was",
            "valid_from",
            "decision_no",
            "decision_on",
        )


class DecisionAfter(WithActions, DecisionLine):
    """A decision after a deed."""

    class Meta(DecisionLine.Meta):
        fields = (*DecisionLine.Meta.fields, *AFTER)


class DecisionQuery(RecordQuery):
    """Filters of decisions."""

    state = serializers.ChoiceField(UNIT_DECISION.states, required=False)
    about = Number(source="about_id", required=False, help_text="Id of the unit it is about.")
    aspect = serializers.ChoiceField(ASPECTS, required=False)


class NewUnitDecision(Body):
    """A decision on a unit."""

    about = Number()
    aspect = serializers.ChoiceField(ASPECTS)
    value = Text(max_length=300)
    below = serializers.ChoiceField(AGENCY_KINDS, required=False, allow_blank=True)
    valid_from = serializers.DateField()
    decision_no = Text(max_length=60)
    decision_on = serializers.DateField()


class Decisions(RecordList, Deed):
    """Decisions on units."""

    def body_shape(self) -> type[Body]:
        """What a decision needs."""
        return NewUnitDecision

    def act(self, body: dict[str, Any], **kwargs: Any) -> Response:
        """Record it."""
        del kwargs
        given = NewUnitDecision.read(body)
        about = fetch(Unit, self.person, given.pop("about"))
        return self.show(decide(about=about, by=self.person, **given), DecisionAfter, status=201)

    def post(self, request: Request, **kwargs: Any) -> Any:
        """Record a decision on a unit of the person's tree."""
        return super().post(request, **kwargs)


DECISIONS = Kind(
    "unit_decisions",
    UnitDecision,
    DecisionQuery,
    DecisionLine,
    DecisionAfter,
    DecisionAfter,
    search=("about__name_folded",),
)

urlpatterns: list[URLPattern] = [
    path("tree/", Tree.as_view(), name="tree_list"),
    path("units/<int:pk>/history/", UnitHistory.as_view(), name="units_history"),
    path("obligation_rules/", Rules.as_view(), name="obligation_rules_list"),
    path("reference_sets/", References.as_view(), name="reference_sets_list"),
    *kind_urls(DECISIONS, Decisions, deed="record", deed_answer=DecisionAfter),
]
