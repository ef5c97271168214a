"""Bulk screening over HTTP: one decision on many items of a campaign, each judged on its own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from documents.api.shapes import ImpactLine
from documents.machines.impact import BULK, IMPACT
from documents.models import Campaign, ImpactItem
from documents.services.campaigns import campaign_decide
from workflows.access import fetch
from workflows.answers import LINE_LIMIT
from workflows.api.bodies import Body, Id, Lines, Number, Text
from workflows.api.endpoint import Deed
from workflows.api.shapes import shape
from workflows.errors import BadAnswer
from workflows.tables import Ask

MOST = 500
"""Items of one request: each goes through the door, about 10 ms."""
NOTE_LIMIT = 4000

DecidedShape = shape(
    "DecidedShape",
    "What a decision on many items did: each item sent is in one of the two lists.",
    done=ImpactLine(many=True),
    refused=shape(
        "DecisionRefusalShape",
        "One item that stays as it was.",
        id=serializers.UUIDField(),
        code=serializers.CharField(help_text="Why not, for programs."),
        message=serializers.CharField(help_text="Why not, for people."),
    )(many=True),
)


class Seen(Body):
    """One item as it was shown."""

    id = Id()
    expected_version = Number()

    def to_internal_value(self, data: Any) -> Any:
        """Refuse what has no place here, as at the top of a body."""
        if isinstance(data, dict) and (unknown := set(data) - set(self.fields)):
            raise serializers.ValidationError(dict.fromkeys(unknown, _("Trường này không có ở đây.")))
        return super().to_internal_value(data)


def _field(ask: Ask) -> serializers.Field[Any, Any, Any, Any]:
    """How an answer is sent; which decision needs it, the table says."""
    label: dict[str, Any] = {"help_text": str(ask.label), "required": False}
    if ask.kind == "date":
        return serializers.DateField(**label)
    if ask.kind == "choice":
        return serializers.ChoiceField([key for key, _label in ask.choices], allow_blank=True, **label)
    if ask.kind == "line":
        return Text(max_length=LINE_LIMIT, allow_blank=True, **label)
    return Lines(max_length=NOTE_LIMIT, allow_blank=True, **label)


ASKS = {ask.name: ask for action in BULK for ask in IMPACT.rows_of(action)[0].asks}
"""What any of the decisions asks for, by the name of the answer."""

NewDecision: type[Body] = type(
    "NewDecision",
    (Body,),
    {
        "__doc__": "One decision, the items it is for, and what the table asks for at it.",
        "action": serializers.ChoiceField(BULK),
        "items": Seen(many=True, allow_empty=False),
        **{name: _field(ask) for name, ask in ASKS.items()},
    },
)


class Decisions(Deed):
    """Decisions on many items."""

    tag, deed, deed_answer, deed_statuses = "campaigns", "decide", DecidedShape, (200,)

    def body_shape(self) -> type[Body]:
        """One decision and its items."""
        return NewDecision

    def act(self, body: dict[str, Any], **kwargs: Any) -> Response:
        """Decide."""
        campaign = fetch(Campaign, self.person, kwargs["pk"], among=Campaign.objects.for_list())
        given = NewDecision.read(body)
        action, items = given.pop("action"), given.pop("items")
        seen = {one["id"]: one["expected_version"] for one in items}
        if len(items) > MOST or len(seen) < len(items):
            problem = _("Gửi từ 1 đến %(most)d mục, mỗi mục một lần.") % {"most": MOST}
            raise BadAnswer(problems={"items": problem})
        done, refused = campaign_decide(campaign=campaign, action=action, by=self.person, seen=seen, answers=given)
        lines = ImpactItem.objects.for_list().filter(pk__in=[item.pk for item in done])
        answer = {
            "done": list(lines.order_by("unit__path", "document__code_key", "pk")),
            "refused": [{"id": pk, "code": error.code, "message": error.said} for pk, error in refused],
        }
        return Response(DecidedShape(answer, context=self.context()).data)

    def post(self, request: Request, **kwargs: Any) -> Any:
        """Decide on many items of the campaign at once, each through the door on its own.

        One that is refused (seen in an older version, not in a state for it, another unit's, not there for the person)
        does not stop the others; the answer names each. A wrong answer or a role without this step refuses the whole.
        """
        return super().post(request, **kwargs)
