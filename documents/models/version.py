"""Versions of a document: content, validity ``[effective_from, effective_to)`` and the methods the table names."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import UUID

from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from documents import content as contents
from documents.machines.version import OPEN, SIGNED, VERSION
from documents.models.citation import Citation, citation_problems, first_day_problems
from documents.models.difference import SignedInSitting
from documents.models.document import SYSTEM_KINDS, Document, Register, take_number
from documents.models.in_force import BEGINNING, COUNTED, InForce
from documents.models.sunset import SunsetClause
from workflows import engine, flows, registry
from workflows.errors import BadAnswer, WrongState
from workflows.models import Record, RecordQuerySet, User
from workflows.roles import Role
from workflows.tables import Stage, Step

if TYPE_CHECKING:
    from workflows.engine import Act


class VersionQuerySet(RecordQuerySet["DocumentVersion"]):
    """Versions by validity."""

    def in_force(self, on: date, known: datetime | None = None) -> Self:
        """The version in force of each document on a day, by what was recorded before an instant: see ``InForce``."""
        return self.filter(InForce(on, known))

    def coming(self, on: date) -> Self:
        """Versions issued for a day to come."""
        return self.filter(state="issued", effective_from__gt=on)

    def open(self) -> Self:
        """Versions under way."""
        return self.filter(state__in=OPEN)

    def for_list(self) -> Self:
        """With document and unit, without the content, which lists do not show."""
        return super().for_list().select_related("document").defer("content")


class DocumentVersion(SignedInSitting, Record):
    """One version of a document. Content is frozen by the database from the first signature on.

    ``content`` has the shape of ``documents.content``; ``content_sha256`` is the digest of its canonical form, in hex.
    ``wanted_by``: the day on which the revision must be done, given by what caused it. ``cause_machine`` and
    ``cause_id`` name that record if it is of another app, which this one does not import.

    ``issued_at`` and ``ended_at`` are the instants of the ledger rows that put the version in force and ended it: what
    was known on a day is asked of them, and not of the dates, which may lie before or after.
    """

    machine = VERSION

    document = models.ForeignKey(Document, models.PROTECT, related_name="versions")
    predecessor = models.ForeignKey("self", models.PROTECT, null=True, related_name="successors")
    issue_no = models.PositiveIntegerField(lazy("lần ban hành"), default=1)
    revision_no = models.PositiveIntegerField(lazy("lần sửa đổi"), default=0)
    content = models.JSONField(lazy("nội dung"))
    content_sha256 = models.CharField(max_length=64, editable=False)
    change_note = models.TextField(lazy("lý do sửa đổi"), blank=True)
    wanted_by = models.DateField(lazy("phải xong trước"), null=True, blank=True)
    cause_machine = models.CharField(max_length=40, blank=True, editable=False)
    cause_id = models.UUIDField(null=True, editable=False)
    decision_no = models.CharField(lazy("số quyết định"), max_length=300, blank=True)
    decision_on = models.DateField(lazy("ngày quyết định"), null=True, blank=True)
    effective_from = models.DateField(lazy("có hiệu lực từ"), null=True, blank=True)
    effective_to = models.DateField(lazy("hết hiệu lực từ"), null=True, blank=True)
    issued_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    withdrawal_no = models.CharField(lazy("số quyết định bãi bỏ"), max_length=300, blank=True)

    objects: ClassVar[VersionQuerySet] = VersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("phiên bản")
        ordering = ("document", "issue_no", "revision_no")
        constraints = (
            models.UniqueConstraint(
                fields=["document", "issue_no", "revision_no"], condition=~Q(state="cancelled"), name="version_number"
            ),
            models.UniqueConstraint(fields=["document"], condition=Q(state__in=OPEN), name="version_one_open"),
            models.UniqueConstraint(fields=["document"], condition=Q(state="effective"), name="version_one_effective"),
            models.UniqueConstraint(
                fields=["document", "effective_from"],
                condition=Q(state__in=COUNTED),
                name="version_start_once",
            ),
            models.CheckConstraint(
                condition=Q(effective_to=None) | Q(effective_from=None) | Q(effective_to__gte=F("effective_from")),
                name="version_interval",
            ),
        )
        indexes = (
            models.Index(fields=["unit", "state", "due_on", "entered_at"], name="version_unit_inbox"),
            models.Index(fields=["agency", "state", "due_on", "entered_at"], name="version_agency_inbox"),
            models.Index(fields=["effective_from"], condition=Q(state="issued"), name="version_due"),
            models.Index(fields=["issued_at"], condition=Q(state__in=COUNTED), name="version_known"),
        )

    def __str__(self) -> str:
        return f"{self.document.code} · {self.number} · {self.document.title}"

    @property
    def number(self) -> str:
        """Issue and revision as printed: ``01/00``."""
        return number_of(self.issue_no, self.revision_no)

    @property
    def cause_url(self) -> str:
        """Page of the record of another app that demanded this version; "" if none did. Whether one may read it is
        decided there.
        """
        if self.cause_id is None:
            return ""
        return registry.model_of(self.cause_machine)(id=self.cause_id).get_absolute_url()

    def get_absolute_url(self) -> str:
        """Page of the version."""
        return reverse("documents:version", args=[self.pk])

    def due_for(self, stage: Stage, act: Act) -> date | None:
        """A draft is due when its cause wants it done; every other stage has its working days."""
        return self.wanted_by if stage.state == "draft" else super().due_for(stage, act)

    def evidence(self) -> dict[str, object]:
        """Digest of the exact content, and the dates and numbers in force after the deed."""
        days = {"effective_from": self.effective_from, "effective_to": self.effective_to}
        return {
            "document": str(self.document_id),
            "version": self.number,
            "content_sha256": self.content_sha256,
            "decision_no": self.decision_no,
            **{name: day.isoformat() if day else None for name, day in days.items()},
            **({"sitting": self.signed_sitting} if self.signed_sitting else {}),
        }

    def clean_answers(self, step: Step, answers: dict[str, Any]) -> dict[str, Any]:
        """Check structured content; raise ``BadAnswer`` by path, e.g. ``steps.2.time``."""
        del step
        if "content" in answers:
            try:
                answers["content"] = contents.clean(answers["content"])
            except contents.ContentError as error:
                raise BadAnswer(problems=error.problems) from error
        if "sitting" in answers:
            answers["sitting"] = self.clean_sitting(answers["sitting"])
        return answers

    # Guards: what is missing, as sentences.

    def missing_for_check(self, act: Act) -> list[str]:
        """Template complete, citations resolved and alive, step times within the limit (domain §7(a))."""
        found = [*contents.problems(self.content), *contents.time_problems(self.content)]
        return found + citation_problems(self.content["legal_basis"], act.day, self.agency)

    def unfit_to_sign(self, act: Act) -> list[str]:
        """The same once more, and what a sitting asks for."""
        return [*self.missing_for_check(act), *self.unfit_sitting(act)]

    def not_theirs_to_draft(self, act: Act) -> list[str]:
        """The ISO secretary drafts system documents only (domain §2.2)."""
        if act.role == Role.ISO_SECRETARY and self.document.kind not in SYSTEM_KINDS:
            return [_("Thư ký ISO chỉ soạn thảo tài liệu hệ thống; quy trình nghiệp vụ do đơn vị soạn thảo.")]
        return []

    def unfit_dates(self, act: Act) -> list[str]:
        """Signed by today, in force neither before the signature nor before today, and after every earlier version; and
        nothing that it rests on is dead on its first day.
        """
        signed, begins, found = act.answers["decision_on"], act.answers["effective_from"], []
        if signed > act.day:
            found.append(_("Ngày quyết định không được ở tương lai."))
        if begins < max(signed, act.day):
            found.append(_("Ngày có hiệu lực không được trước ngày quyết định hoặc trước hôm nay."))
        others = DocumentVersion.objects.filter(document=self.document_id).exclude(pk=self.pk)
        if others.filter(state__in=COUNTED, effective_from__gte=begins).exists():
            found.append(_("Đã có phiên bản khác có hiệu lực cùng ngày hoặc muộn hơn ngày này."))
        problems = first_day_problems(self.content["legal_basis"], begins, self.agency)
        on_that_day = _("Vào ngày có hiệu lực %(day)s") % {"day": f"{begins:%d/%m/%Y}"}
        return found + [f"{on_that_day}: {problem}" for problem in problems]

    def too_early(self, act: Act) -> list[str]:
        """In force from 00:00 of its date, not before."""
        if self.effective_from and self.effective_from > act.day:
            return [_("Chưa đến ngày có hiệu lực.")]
        return []

    def successor_due(self, act: Act) -> list[str]:
        """A version whose successor's day has come is about to step down: there is nothing left to withdraw.

        Ending it today would leave two in force on the days since, if the clock is late.
        """
        due = DocumentVersion.objects.filter(document=self.document_id, state="issued", effective_from__lte=act.day)
        return [_("Phiên bản thay thế đã đến ngày có hiệu lực, hệ thống sắp cập nhật.")] if due.exists() else []

    # What the table's ``then`` names.

    def take_content(self, act: Act) -> None:
        """Set content from the answer, its digest, and the citations that it makes."""
        self.change_note = act.answers.get("note") or self.change_note
        self._set_content(act.answers["content"])

    def link_citations(self, act: Act) -> None:
        """Resolve citations once more before the content freezes: the register may have grown meanwhile."""
        del act
        Citation.rebuild(self.pk, self.content, self.agency)

    def take_adoption(self, act: Act) -> None:
        """Take over a document that is already applied, with the dates that are known."""
        self._set_content(act.answers["content"])
        self.effective_from = act.answers["effective_from"]
        self.decision_no = act.answers["decision_no"]
        self.issued_at = act.now

    def take_issue(self, act: Act) -> None:
        """Number and dates of the issuing decision; an empty number is taken from the agency's register."""
        self.decision_on, self.effective_from = act.answers["decision_on"], act.answers["effective_from"]
        self.decision_no = act.answers["decision_no"] or self._next_decision_no(act.answers["decision_on"])
        self.issued_at = act.now

    def step_in(self, act: Act) -> None:
        """Supersede the version in force, in the same transaction and on the same day."""
        for old in DocumentVersion.objects.filter(document=self.document_id, state="effective"):
            engine.fire(old, "supersede", by=None, now=act.now, effective_to=self.effective_from)

    def step_down(self, act: Act) -> None:
        """End on the day on which the successor begins."""
        self.effective_to, self.ended_at = act.answers["effective_to"], act.now

    def take_lapse(self, act: Act) -> None:
        """End with the agency; what had not begun yet ends before it begins."""
        ends = act.answers["effective_to"] or act.day
        self.effective_to, self.ended_at = max(ends, self.effective_from or BEGINNING), act.now

    def take_withdrawal(self, act: Act) -> None:
        """End today, by a decision of its own."""
        self.withdrawal_no, self.effective_to = act.answers["decision_no"], act.day
        self.ended_at = act.now

    def _next_decision_no(self, day: date) -> str:
        number = take_number(self.agency_id, Register.DECISION, day)
        return f"{number:02}/QĐ-{self.agency.code}"

    def _set_content(self, content: contents.Content) -> None:
        old = [self.content.get(name) for name in CITING] if self.content else None
        self.content, self.content_sha256 = content, contents.digest(content)
        if old != [content["legal_basis"], content["steps"]]:
            Citation.rebuild(self.pk, content, self.agency)
        SunsetClause.rebuild(self.pk, content)


CITING = ("legal_basis", "steps")
"""Sections of a procedure that cite legal documents."""


@transaction.atomic
def open_version(
    document: Document,
    *,
    by: User,
    content: Any = None,
    note: str = "",
    wanted_by: date | None = None,
    cause: tuple[str, UUID] | None = None,
    now: datetime | None = None,
) -> DocumentVersion:
    """Open the next draft of a document, seeded with the newest signed version; raises ``WorkflowError``.

    ``cause``: machine and id of the record of another app that demands the revision.
    Numbering: the first version is issue 1, revision 0; each later one raises the revision.
    """
    Document.objects.select_for_update().get(pk=document.pk)  # two who open at once: the second sees the first's draft
    kept = document.versions.exclude(state="cancelled").order_by("issue_no", "revision_no")
    last: DocumentVersion | None = kept.last()
    base = newest_signed(document) or last
    if last is not None and last.state in OPEN:
        text = _("Tài liệu này đang có một bản sửa đổi (%(number)s).") % {"number": last.number}
        raise WrongState(text, state=last.state)
    draft = DocumentVersion(
        document=document,
        agency_id=document.agency_id,
        unit_id=document.unit_id,
        predecessor=base,
        issue_no=last.issue_no if last else 1,
        revision_no=last.revision_no + 1 if last else 0,
        wanted_by=wanted_by,
        cause_machine=cause[0] if cause else "",
        cause_id=cause[1] if cause else None,
        content={},
    )
    given = content if content is not None else base.content if base else contents.empty()
    return flows.begin(engine.start(draft, "create", by=by, now=now, content=given, note=note))


def newest_signed(document: Document) -> DocumentVersion | None:
    """The version that the next one will follow: issued for a day to come, else the one in force."""
    signed = document.versions.filter(state__in=SIGNED).order_by(F("effective_from").asc(nulls_first=True))
    return signed.last()


def number_of(issue: int, revision: int) -> str:
    """Issue and revision of a version as printed."""
    return f"{issue:02}/{revision:02}"
