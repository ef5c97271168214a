"""Offers of documents of agencies that ended, over HTTP."""

from __future__ import annotations

from django.urls import URLPattern
from rest_framework import serializers

from documents.machines.handover import HANDOVER
from documents.models import Handover
from workflows.api.records import Kind, RecordQuery, kind_urls
from workflows.api.shapes import AFTER, RecordLine, WithActions


class HandoverLine(RecordLine):
    """An offer in a list."""

    class Meta:
        model = Handover
        fields: tuple[str, ...] = (*RecordLine.Meta.fields, "document", "successor", "ground")


class HandoverAfter(WithActions, HandoverLine):
    """An offer after a deed."""

    class Meta(HandoverLine.Meta):
        fields = (*HandoverLine.Meta.fields, *AFTER)


class HandoverQuery(RecordQuery):
    """Filters of offers."""

    state = serializers.ChoiceField(HANDOVER.states, required=False)


KIND = Kind(
    "handovers", Handover, HandoverQuery, HandoverLine, HandoverAfter, HandoverAfter, search=("document__search",)
)

urlpatterns: list[URLPattern] = kind_urls(KIND)
