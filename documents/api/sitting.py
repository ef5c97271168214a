"""The leader's sitting over HTTP: differences by class, one opened to be read, and many signed one by one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from documents.api.shapes import CampaignLine, VersionAfter, VersionLine
from documents.classing import Change, Swap
from documents.models import Campaign
from documents.models.difference import MOST, Difference
from documents.redline import redline, summary
from documents.services.sitting import Chosen, Line, sitting_lines, sitting_open, sitting_sign
from workflows.access import fetch
from workflows.api.bodies import Body, Id, Lines, Number, Text
from workflows.api.endpoint import Deed, Endpoint
from workflows.api.schema import Shape
from workflows.api.shapes import shape, texts

DIGEST = 64
OPENED_LIMIT = 1000
SITTING: Shape = {
    "type": "object",
    "nullable": True,
    "additionalProperties": False,
    "required": ["id", "size", "difference"],
    "properties": {
        "id": {"type": "string", "format": "uuid", "description": "Of the sitting."},
        "size": {"type": "integer", "minimum": 1, "maximum": MOST, "description": "Versions chosen in it."},
        "difference": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "Digest of what was shown."},
        "opened": {"type": "string", "maxLength": OPENED_LIMIT, "description": "Proof that the difference was opened."},
    },
}
"""The version's answer ``sitting``. The class is never sent: the door computes it."""

SwapShape = shape(
    "SwapShape",
    "One exchange in the legal basis, with the relation that justifies it.",
    old=serializers.CharField(allow_null=True, help_text="Number that goes; null where one is joined."),
    new=serializers.CharField(allow_null=True, help_text="Number that comes; null where it is cited already."),
    basis=serializers.CharField(help_text="Number on which the relation rests."),
    kind=serializers.CharField(),
    since=serializers.DateField(),
    through=texts(help_text="Acts in between, each replaced by the next."),
)
SittingLineShape = shape(
    "SittingLineShape",
    "One version that waits on the person.",
    version=VersionLine(),
    action=serializers.CharField(help_text="The step that signs it."),
    change=serializers.ChoiceField(Change.choices, help_text="Class, by rule."),
    difference=serializers.CharField(help_text="Digest of the difference; sent back to sign."),
    swaps=SwapShape(many=True),
    sections=texts(help_text="Sections whose substance changes."),
    refusal=serializers.CharField(allow_blank=True, help_text="Why this person cannot sign it; empty if they can."),
)
SittingShape = shape(
    "SittingShape",
    "Versions of a campaign that wait on the person.",
    campaign=CampaignLine(),
    lines=SittingLineShape(many=True),
)
DifferenceShape = shape(
    "DifferenceShape",
    "One difference in full.",
    version=VersionLine(),
    change=serializers.ChoiceField(Change.choices),
    difference=serializers.CharField(help_text="Digest."),
    swaps=SwapShape(many=True),
    sections=texts(),
    summary=texts(help_text="What changed, one line for each text and row."),
    opened=serializers.CharField(help_text="Proof that the person opened it; sent back to sign a change of writing."),
)
SignedShape = shape(
    "SignedShape",
    "What a sitting did.",
    sitting=serializers.UUIDField(),
    done=VersionAfter(many=True),
    refused=shape(
        "SittingRefusalShape",
        "One version that was not signed.",
        id=serializers.UUIDField(),
        code=serializers.CharField(),
        message=serializers.CharField(),
    )(many=True),
)


class ToSign(Body):
    """One version as it was shown."""

    id = Id()
    expected_version = Number()
    difference = Text(min_length=DIGEST, max_length=DIGEST)
    opened = Text(required=False, allow_blank=True, max_length=OPENED_LIMIT)

    def to_internal_value(self, data: Any) -> Any:
        """Refuse what has no place here, as at the top of a body."""
        if isinstance(data, dict) and (unknown := set(data) - set(self.fields)):
            raise serializers.ValidationError(dict.fromkeys(unknown, _("Trường này không có ở đây.")))
        return super().to_internal_value(data)


class NewSitting(Body):
    """What is signed."""

    versions = ToSign(many=True, allow_empty=False)
    note = Lines(required=False, allow_blank=True, max_length=4000)


class Sitting(Deed):
    """A sitting."""

    tag, operation, answer = "campaigns", "sitting", SittingShape
    deed, deed_answer, deed_statuses = "sign", SignedShape, (200,)

    def get(self, request: Request, pk: UUID) -> Response:
        """List the campaign's versions that wait on the person's signature, each with its class and its exchanges."""
        self.query.read(request)
        campaign = fetch(Campaign, self.person, pk, among=Campaign.objects.for_list())
        lines = [_line(one) for one in sitting_lines(campaign, self.person)]
        return Response(SittingShape({"campaign": campaign, "lines": lines}, context=self.context()).data)

    def body_shape(self) -> type[Body]:
        """What is signed."""
        return NewSitting

    def act(self, body: dict[str, Any], **kwargs: Any) -> Response:
        """Sign."""
        campaign = fetch(Campaign, self.person, kwargs["pk"])
        given = NewSitting.read(body)
        chosen = [
            Chosen(one["id"], one["expected_version"], one["difference"], one.get("opened", ""))
            for one in given["versions"]
        ]
        outcome = sitting_sign(campaign=campaign, by=self.person, chosen=chosen, note=given.get("note", ""))
        answer = {
            "sitting": outcome.id,
            "done": outcome.done,
            "refused": [
                {"id": version.pk, "code": error.code, "message": error.said} for version, error in outcome.refused
            ],
        }
        return Response(SignedShape(answer, context=self.context()).data)

    def post(self, request: Request, **kwargs: Any) -> Any:
        """Sign the chosen versions, each through the door on its own; one that is refused does not stop the others.

        Only swaps of the legal basis and, once opened, changes of writing: a change of substance is refused here.
        """
        return super().post(request, **kwargs)


class OneDifference(Endpoint):
    """One difference."""

    tag, operation, answer = "campaigns", "difference", DifferenceShape

    def get(self, request: Request, pk: UUID, version: UUID) -> Response:
        """Read one difference in full; `opened` proves it."""
        self.query.read(request)
        campaign = fetch(Campaign, self.person, pk)
        found, proof = sitting_open(campaign, self.person, version)
        lines = summary(redline(found.base.content if found.base else None, found.version.content))
        answer = {"version": found.version, **_judged(found), "summary": lines, "opened": proof}
        return Response(DifferenceShape(answer, context=self.context()).data)


def _line(line: Line) -> dict[str, Any]:
    return {
        "version": line.version,
        "action": line.step.action,
        "refusal": line.refusal,
        **_judged(line.difference),
    }


def _judged(found: Difference) -> dict[str, Any]:
    return {
        "change": found.change.value,
        "difference": found.digest,
        "swaps": [_swap(one) for one in found.verdict.swaps],
        "sections": list(found.verdict.hard),
    }


def _swap(swap: Swap) -> dict[str, Any]:
    return {
        "old": swap.old and swap.old["number"],
        "new": swap.new and swap.new["number"],
        "basis": swap.basis,
        "kind": swap.link.kind,
        "since": swap.link.since,
        "through": list(swap.link.through),
    }
