"""An attached file as an answer: behind the wall of its record, to be saved and never shown in place."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from workflows import registry
from workflows.access import fetch, reach
from workflows.errors import NotVisible
from workflows.files import opened
from workflows.models import Attachment, User
from workflows.views.person import person, walled

POLICY = "default-src 'none'; sandbox"


def file_for(user: User, pk: UUID) -> Attachment:
    """The file, if the person may read its record; one that no deed holds yet is there for its uploader alone.

    Raises ``NotVisible`` or ``NotReadable``.
    """
    found = Attachment.objects.filter(pk=pk).first()
    if found is None or (found.seq is None and found.uploaded_by_id != user.pk):
        raise NotVisible
    (fetch if found.seq is not None else reach)(registry.model_of(found.machine), user, found.stream)
    return found


def sent(found: Attachment) -> FileResponse:
    """The content under its own name. Whatever a browser makes of it, it runs nothing and reaches nothing of ours."""
    response = FileResponse(opened(found), content_type=found.content_type)
    response["Content-Length"] = str(found.size)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=found.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICY
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@walled
def file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Download an attached file."""
    return sent(file_for(person(request), pk))
