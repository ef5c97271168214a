"""Documents of an agency that ended: each goes on as a document of the heir, or ends with a reason.

A document is never re-labelled: the old one stays what it was, and the new one names it as its predecessor.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from documents.machines.handover import HANDOVER
from documents.machines.version import OPEN
from documents.models.document import Document, code_key
from documents.models.version import DocumentVersion
from workflows import engine
from workflows.errors import BadAnswer
from workflows.models import Record, RecordQuerySet, Unit
from workflows.tables import Step

if TYPE_CHECKING:
    from typing import Any

    from workflows.engine import Act

LIVING = ("effective", "issued", *OPEN)
"""States of versions with which a document has still to go somewhere."""


class HandoverQuerySet(RecordQuerySet["Handover"]):
    """Offers with their documents."""

    def for_list(self) -> HandoverQuerySet:
        """With what a line shows."""
        return super().for_list().select_related("document__agency", "successor")


class Handover(Record):
    """A document of an agency that ended, offered to ``unit`` of the heir; ``successor``: what became of it there."""

    machine = HANDOVER

    document = models.ForeignKey(Document, models.PROTECT, related_name="handovers")
    successor = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    ground = models.CharField(lazy("theo quyết định số"), max_length=120)

    objects: ClassVar[HandoverQuerySet] = HandoverQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("mời tiếp nhận tài liệu")
        ordering = ("-created_at",)
        constraints = (models.UniqueConstraint(fields=["document"], name="handover_once"),)
        indexes = (models.Index(fields=["agency", "state", "due_on", "entered_at"], name="handover_agency_inbox"),)

    def __str__(self) -> str:
        return _("Tiếp nhận %(document)s của %(agency)s") % {"document": self.document, "agency": self.document.agency}

    def get_absolute_url(self) -> str:
        """Page of the offer."""
        return reverse("documents:handover", args=[self.pk])

    def evidence(self) -> dict[str, object]:
        """Which document, and what it became."""
        return {"document": str(self.document_id), "successor": self.successor_id and str(self.successor_id)}

    def clean_answers(self, step: Step, answers: dict[str, Any]) -> dict[str, Any]:
        """A code as long as one may be."""
        del step
        if len(answers.get("code", "")) > 60:  # noqa: PLR2004 - the column's width
            raise BadAnswer(problems={"code": _("Dài quá %(limit)d ký tự.") % {"limit": 60}})
        return answers

    def unfit_code(self, act: Act) -> list[str]:
        """The code is free in the heir's agency."""
        code = act.answers["code"] or self.document.code
        if Document.objects.filter(agency=self.agency_id, code_key=code_key(code)).exists():
            return [_("Mã hiệu này đã có trong cơ quan; hãy ghi mã hiệu mới.")]
        return []

    def take_over(self, act: Act) -> None:
        """The document goes on here from today."""
        code = act.answers["code"] or self.document.code
        self.successor = inherit(self.document, self.unit, code=code, day=act.day, now=act.now, ground=self.ground)

    def let_go(self, act: Act) -> None:
        """The document ends today."""
        _end(self.document, day=act.day, now=act.now, ground=self.ground)


def living(agencies: list[int]) -> models.QuerySet[Document]:
    """Documents of agencies with a version in force, to come or under way."""
    return Document.objects.filter(agency__in=agencies, versions__state__in=LIVING).distinct()


@transaction.atomic
def inherit(document: Document, unit: Unit, *, code: str, day: date, now: datetime, ground: str) -> Document:
    """Let a document end and go on in another unit, on the same day: what is in force stays in force, a draft a draft.

    A code that is taken there is told apart by the code of the agency that had it. Raises ``WorkflowError``.
    """
    place = unit.agency or unit
    if Document.objects.filter(agency=place, code_key=code_key(code)).exists():
        code = f"{code}/{document.agency.code}"[:60]
    same = {name: getattr(document, name) for name in ("kind", "title", "field", "levels")}
    former = "; ".join(filter(None, (document.code, document.former)))[:300]
    fresh = Document.objects.create(agency=place, unit=unit, code=code, predecessor=document, former=former, **same)
    place_of = {"document": fresh, "agency": place, "unit": unit, "content": {}}
    for old in _end(document, day=day, now=now, ground=ground):
        if old.state == "withdrawn" and (old.effective_from is None or old.effective_from < day):
            goes = DocumentVersion(**place_of, predecessor=old, issue_no=old.issue_no, revision_no=old.revision_no)
            given = {"content": old.content, "effective_from": day, "decision_no": old.decision_no}
            engine.start(goes, "adopt", by=None, now=now, **given)
        else:
            goes = DocumentVersion(
                **place_of, predecessor=old, issue_no=old.issue_no, revision_no=old.revision_no, wanted_by=old.wanted_by
            )
            note = _("Tiếp nối bản %(number)s của %(agency)s") % {"number": old.number, "agency": document.agency}
            engine.start(goes, "create", by=None, now=now, content=old.content, note=note)
    return fresh


def _end(document: Document, *, day: date, now: datetime, ground: str) -> list[DocumentVersion]:
    """End whatever of a document lives; returned as it is afterwards, what was in force first."""
    order = {"effective": 0, "issued": 1}
    rows = sorted(document.versions.filter(state__in=LIVING), key=lambda one: order.get(one.state, 2))
    return [engine.fire(one, "lapse", by=None, now=now, effective_to=day, note=ground) for one in rows]
