"""A step's form with files: what was chosen is stored first and kept through every refusal, shown by name."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from workflows.errors import WorkflowError
from workflows.files import LIMIT, FileTooLarge, keep
from workflows.forms import StepForm
from workflows.models import Attachment, Record, User
from workflows.standing import refusal_of
from workflows.tables import Step


def posted_form(request: HttpRequest, step: Step, record: Record, user: User) -> tuple[StepForm, WorkflowError | None]:
    """The bound form, with the files that were stored in it by their ids; and why others were not, by field.

    Nothing is stored for a person who may not take the step: the door will say so.
    """
    data, errors = request.POST.copy(), dict[str, list[WorkflowError]]()
    if step.takes_files and refusal_of(record, user, step.action) is None:
        for ask in step.asks:
            if ask.kind == "files":
                stored, errors[ask.name] = _store(request.FILES.getlist(ask.name), record, user)
                data.setlist(ask.name, [*data.getlist(ask.name), *(str(one.pk) for one in stored)])
    return StepForm(step, record, data, user), _together(errors, record)


def _store(uploads: Iterable[object], record: Record, user: User) -> tuple[list[Attachment], list[WorkflowError]]:
    stored, errors = [], []
    for upload in uploads:
        if isinstance(upload, UploadedFile):
            name = upload.name or ""
            try:
                if (upload.size or 0) > LIMIT:
                    raise FileTooLarge
                stored.append(keep(upload.chunks(), name, record=record, by=user))
            except WorkflowError as error:
                errors.append(type(error)(f"{name}: {error.sentence}"))
    return stored, errors


def _together(errors: dict[str, list[WorkflowError]], record: Record) -> WorkflowError | None:
    """All that was refused as one error, of the kind of the first."""
    first = next((error for found in errors.values() for error in found), None)
    if first is None:
        return None
    said = {name: " ".join(str(error.sentence) for error in found) for name, found in errors.items() if found}
    return type(first)(_("Có tệp chưa nhận được. Các tệp khác đã được giữ lại."), state=record.state, problems=said)
