"""Files over HTTP: the raw content goes up before the step that uses it, and comes down behind the record's wall."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workflows import engine
from workflows.access import reach
from workflows.api.endpoint import Endpoint
from workflows.errors import NotYourTurn
from workflows.files import BLOCK, keep
from workflows.models import Attachment, Record, User
from workflows.views.files import file_for, sent

RAW = "application/octet-stream"


class AttachmentShape(serializers.ModelSerializer[Attachment]):
    """A file just uploaded; its id goes into the body of the step that takes files."""

    class Meta:
        model = Attachment
        fields = ("id", "name", "size", "sha256")


class Upload(Endpoint):
    """Where the files of one kind of record go."""

    kind: Any = None
    operation = "upload"
    answer = AttachmentShape
    takes = RAW

    def put(self, request: Request, pk: UUID, name: str) -> Response:
        """Upload a file, at most 20 MB of PDF, PNG, JPEG, WebP, DOCX, XLSX or plain text, as the raw body.

        Only for whoever may take a step with files now. The file waits two days to be named in such a step; the same
        content sent again meanwhile is the same file.
        """
        self.query.read(request)
        self.record = reach(self.kind.model, self.person, pk)
        # Any other type could be sent by a form of another site.
        if (request.content_type or "").split(";")[0].strip().lower() != RAW:
            raise exceptions.UnsupportedMediaType(request.content_type or "")
        require_turn(self.record, self.person)
        found = keep(_chunks(request), name, record=self.record, by=self.person, now=self.now)
        return self.show(found, AttachmentShape, status=201)


def require_turn(record: Record, user: User) -> None:
    """Raise unless a step that takes files is this person's to do as the record stands."""
    if not any(offer.refusal is None and offer.step.takes_files for offer in engine.offers(record, user)):
        raise NotYourTurn(state=record.state)


def _chunks(request: Request) -> Iterator[bytes]:
    while chunk := request.read(BLOCK):
        yield chunk


class Download(Endpoint):
    """One file."""

    tag, gives = "files", RAW
    answer = OpenApiTypes.BINARY  # type: ignore[assignment]  # no serializer: the content as it is

    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        """Download a file, as its record may be read; one that no step has used yet is for its uploader alone."""
        self.query.read(request)
        return sent(file_for(self.person, pk))
