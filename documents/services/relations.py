"""Relations between legal documents, entered by those who watch the law."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from documents.models import Regulation, RegulationRelation, RelationKind
from documents.models.regulation import PARTIAL
from documents.provisions import Provisions, read, stored, words
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
    provisions: str = "",
    expected: int | None = None,
    now: datetime | None = None,
) -> RegulationRelation:
    """Say what an act does to another one, from a day on (None: from the acting document's own effective date).

    ``provisions``: the articles, clauses and points of the other one, in words or canonical; "" is the whole of it.

    The same with another day is a correction of the day. Raises ``WorkflowError``; nothing is written then.
    """
    if kind not in RelationKind.values:
        raise BadAnswer(problems={"kind": _("Không có lựa chọn này.")})
    label, parts = RelationKind(kind).label, _parts(kind, provisions)
    target = _target(source, number, issuer)
    relation = RegulationRelation(
        source=source,
        kind=kind,
        target=target,
        effective_on=effective_on,
        provisions=stored(parts),
        recorded_at=now or timezone.now(),
    )
    same = RegulationRelation.objects.filter(source=source, kind=kind, target=target, provisions=relation.provisions)
    held = same.first()
    if held is not None and effective_on not in (None, held.effective_on):
        return relation_mend(held, effective_on, by=by, expected=expected, now=now)
    try:
        with transaction.atomic():
            return relation_write(relation, by=by, expected=expected, now=now)
    except IntegrityError:
        number_of = f"{words(parts)} {target.number}" if parts else target.number
        problem = _("Quan hệ “%(kind)s %(number)s” đã có.") % {"kind": label, "number": number_of}
        raise BadAnswer(problems={"number": problem}) from None


@transaction.atomic
def relation_write(
    relation: RegulationRelation, *, by: User | None, expected: int | None = None, now: datetime | None = None
) -> RegulationRelation:
    """Keep a new relation or its new day.

    It changes the validity of law, so it goes through the door as a correction of the acting document: who, when and
    by which seat stand in the ledger, with the days of all its relations.
    """
    relation.save()
    source, since = relation.source, _since(relation.effective_on)
    number = f"{words(relation.parts)} {relation.target.number}" if relation.provisions else relation.target.number
    said = {"kind": RelationKind(relation.kind).label, "number": number, "day": since}
    note = _("Quan hệ: %(kind)s %(number)s từ %(day)s") % said
    facts = {name: getattr(source, name) for name in FACTS}
    engine.fire(source, "correct", by=by, expected=expected, now=now, facts=facts, note=note)
    return relation


def relation_mend(
    held: RegulationRelation,
    effective_on: date | None,
    *,
    by: User | None,
    expected: int | None = None,
    now: datetime | None = None,
) -> RegulationRelation:
    """Correct the day of a relation; what was known before stays in the ledger of the acting document."""
    held.effective_on = effective_on
    return relation_write(held, by=by, expected=expected, now=now)


def _since(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else _("ngày văn bản có hiệu lực")


def _parts(kind: str, provisions: str) -> Provisions:
    try:
        parts = read(provisions)
    except ValueError as error:
        text = _("“%(text)s” không phải là điều, khoản, điểm. Viết như: khoản 2 Điều 5; Điều 7.")
        raise BadAnswer(problems={"provisions": text % {"text": error}}) from error
    if parts and kind not in PARTIAL:
        text = _("Quan hệ “%(kind)s” là với cả văn bản; nếu chỉ một phần, hãy chọn “bãi bỏ một phần” hoặc “sửa đổi”.")
        raise BadAnswer(problems={"provisions": text % {"kind": RelationKind(kind).label}})
    return parts


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
