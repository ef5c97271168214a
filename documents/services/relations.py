"""Relations between legal documents, entered by those who watch the law."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from documents.models import Regulation, RegulationRelation, RelationKind
from documents.services.lookup import near_misses
from workflows import engine
from workflows.errors import BadAnswer
from workflows.models import User

FACTS = ("number", "issuer", "kind", "title", "source_status", "issued_on", "effective_on", "expired_on")


@transaction.atomic
def relation_add(
    *,
    source: Regulation,
    kind: str,
    number: str,
    by: User,
    issuer: str = "",
    effective_on: date | None = None,
    expected: int | None = None,
    now: datetime | None = None,
) -> RegulationRelation:
    """Say what an act does to another one, from a day on (None: from the acting document's own effective date).

    It changes the validity of law, so it goes through the door as a correction of the acting document: who, when and
    by which seat stand in the ledger. Raises ``WorkflowError``; nothing is written then.
    """
    if kind not in RelationKind.values:
        raise BadAnswer(problems={"kind": _("Không có lựa chọn này.")})
    label = RelationKind(kind).label
    target = _target(source, number, issuer)
    since = f"{effective_on:%d/%m/%Y}" if effective_on else _("ngày văn bản có hiệu lực")
    words = {"kind": label, "number": target.number, "day": since}
    note = _("Quan hệ: %(kind)s %(number)s từ %(day)s") % words
    facts = {name: getattr(source, name) for name in FACTS}
    engine.fire(source, "correct", by=by, expected=expected, now=now, facts=facts, note=note)
    try:
        with transaction.atomic():
            return RegulationRelation.objects.create(
                source=source,
                kind=kind,
                target=target,
                effective_on=effective_on,
                recorded_at=now or timezone.now(),
            )
    except IntegrityError:
        problem = _("Quan hệ “%(kind)s %(number)s” đã có.") % words
        raise BadAnswer(problems={"number": problem}) from None


def _target(source: Regulation, number: str, issuer: str) -> Regulation:
    found = list(Regulation.objects.by_number(number, issuer)[:2])
    if len(found) > 1:
        raise BadAnswer(problems={"issuer": _("Nhiều cơ quan có văn bản cùng số này: hãy ghi cơ quan ban hành.")})
    if not found:
        raise BadAnswer(problems={"number": _unknown(number)})
    if found[0] == source:
        raise BadAnswer(problems={"number": _("Văn bản không thể tác động lên chính nó.")})
    return found[0]


def _unknown(number: str) -> str:
    text = _("%(number)s chưa có trong danh mục văn bản") % {"number": number}
    hints = ", ".join(near_misses(number))
    return f"{text}; {_('có phải')} {hints}?" if hints else f"{text}; {_('hãy đăng ký văn bản đó trước')}."
