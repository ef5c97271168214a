"""A new controlled document: its identity and its first draft, in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from documents.machines.version import VERSION
from documents.models import Document, DocumentVersion, code_key, open_version
from workflows.access import may_start
from workflows.errors import BadAnswer, NotYourTurn
from workflows.models import Unit, User


@transaction.atomic
def document_open(
    *,
    unit: Unit,
    kind: str,
    code: str,
    title: str,
    by: User,
    field: str = "",
    content: Any = None,
    note: str = "",
    now: datetime | None = None,
) -> DocumentVersion:
    """Register a document of a unit and open its first draft, which is returned; raises ``WorkflowError``.

    A person without the right to draft there is refused before the code is compared with those in use.
    """
    agency = unit.agency or unit
    if may_start(VERSION, "create", by, agency.pk, unit.pk):
        raise NotYourTurn
    if Document.objects.filter(agency=agency, code_key=code_key(code)).exists():
        raise BadAnswer(problems={"code": _("Mã hiệu này đã có trong cơ quan.")})
    document = Document.objects.create(agency=agency, unit=unit, kind=kind, code=code, title=title, field=field)
    return open_version(document, by=by, content=content, note=note, now=now)
