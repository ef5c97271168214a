"""Writing one row of a checklist: the first time a result is recorded, later it is revised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from capa.models import Finding, Round
from capa.services.checklist import Row
from workflows import engine
from workflows.errors import Stale
from workflows.models import Unit, User
from workflows.text import nfc


def record_answer(*, owner: Round, unit: Unit, row: Row, expected: int, by: User, values: Mapping[str, Any]) -> Finding:
    """The result as it stands afterwards; raises what the door raises.

    What was sent twice, because the first answer got lost on the way, is written once.
    """
    known = row.finding or _sent_before(owner, unit, row, by, values)
    if known is not None and expected != known.row_version and _same(known, by, values):
        return known
    if known is not None and row.finding is not None:
        if not expected:
            raise Stale(state=known.state)
        return engine.fire(known, "revise", by=by, expected=expected, **values)
    fresh = Finding(agency_id=owner.agency_id, unit=unit, round=owner)
    if row.question is not None:
        fresh.question = row.question.key
        fresh.document_id, fresh.version_id = row.question.document, row.question.version
    return engine.start(fresh, "record", by=by, **values)


def _same(known: Finding, by: User, values: Mapping[str, Any]) -> bool:
    """The same person wrote these very words."""
    typed = {name: nfc(text).replace("\r\n", "\n").strip() for name, text in values.items()}
    return known.created_by_id == by.pk and all(getattr(known, name).strip() == text for name, text in typed.items())


def _sent_before(owner: Round, unit: Unit, row: Row, by: User, values: Mapping[str, Any]) -> Finding | None:
    """A result without question that this person has just sent with the same words."""
    if row.question is not None:
        return None
    mine = Finding.objects.filter(round=owner, unit=unit, question="", created_by=by, state="recorded")
    return next((one for one in mine if _same(one, by, values)), None)
