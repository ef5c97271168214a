"""What an audit finds in a unit: from the auditor's note to an agreed finding."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from capa.clauses import is_clause
from capa.machines.audit import FINDING, RESULTS
from capa.models.independence import audited_since, seated_in, worked_for
from capa.models.programme import Round
from capa.shapes import digest, folded
from documents.models import Document, DocumentVersion
from workflows.errors import BadAnswer
from workflows.models import Record, RecordQuerySet, User, day_of
from workflows.tables import Step

if TYPE_CHECKING:
    from workflows.engine import Act

NONCONFORMITIES = ("minor", "major")
PRESENTED = (*NONCONFORMITIES, "observation", "opportunity")
"""Results that the unit must hear and answer."""


class FindingQuerySet(RecordQuerySet["Finding"]):
    """Findings with round and document."""

    def for_list(self) -> FindingQuerySet:
        """With what a line shows."""
        return super().for_list().select_related("round", "document").defer("search")


class Finding(Record):
    """One result of one checklist row, or one that the auditor added. ``unit`` is the unit audited.

    ``question``: key of the checklist row that it answers; ``version``: the procedure as it stood that day.
    """

    machine = FINDING
    rests_on = "round"

    search = models.TextField(editable=False, default="")
    round = models.ForeignKey(Round, models.PROTECT, related_name="findings")
    question = models.CharField(max_length=80, blank=True)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, related_name="findings", verbose_name=lazy("tài liệu")
    )
    version = models.ForeignKey(DocumentVersion, models.PROTECT, null=True, related_name="findings")
    result = models.CharField(lazy("kết quả"), max_length=20)
    clause = models.CharField(lazy("điều khoản"), max_length=300)
    requirement = models.TextField(lazy("yêu cầu"), blank=True)
    statement = models.TextField(lazy("nội dung"), blank=True)
    sampled = models.CharField(lazy("hồ sơ lấy mẫu"), max_length=300, blank=True)
    evidence_text = models.TextField(lazy("bằng chứng"), blank=True)

    objects: ClassVar[FindingQuerySet] = FindingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("phát hiện")
        ordering = ("round", "unit", "clause")
        constraints = (
            models.UniqueConstraint(
                fields=["round", "unit", "question"],
                condition=~models.Q(question="") & ~models.Q(state="withdrawn"),
                name="finding_per_question",
            ),
        )
        indexes = (models.Index(fields=["unit", "state", "due_on", "entered_at"], name="finding_unit_inbox"),)

    def __str__(self) -> str:
        return f"{self.clause} · {self.result_label} · {self.unit}"

    @property
    def result_label(self) -> str:
        """The result in words."""
        return str(dict(RESULTS).get(self.result, self.result))

    def get_absolute_url(self) -> str:
        """Page of the finding."""
        return reverse("capa:finding", args=[self.pk])

    def evidence(self) -> dict[str, object]:
        """What was found, so that it cannot be changed unnoticed; texts of the record are pinned by digest."""
        texts = {"requirement": self.requirement, "statement": self.statement, "evidence": self.evidence_text}
        return {
            "round": str(self.round_id),
            "result": self.result,
            "clause": self.clause,
            "version": str(self.version_id) if self.version_id else None,
            "texts_sha256": digest(texts),
        }

    def clean_answers(self, step: Step, answers: dict[str, Any]) -> dict[str, Any]:
        """The clause is a number of the standard."""
        del step
        if "clause" in answers and not is_clause(answers["clause"]):
            raise BadAnswer(problems={"clause": _("Viết số điều khoản, ví dụ 7.5 hoặc 8.5.1.")})
        return answers

    # Ties.

    def tie_team(self, user: User, now: datetime | None) -> bool:
        """The person is in the team that visits this unit in this round."""
        del now
        visit = self.round.visits.filter(unit=self.unit_id).prefetch_related("members").first()
        return visit is not None and user.pk in visit.people()

    def tie_own_unit(self, user: User, now: datetime | None) -> bool:
        """The person belonged to the unit in the period audited."""
        return bool(seated_in(user, [self.unit_id], audited_since(now), day_of(now)))

    def tie_own_work(self, user: User, now: datetime | None) -> bool:
        """The person drafted, reviewed or approved documents of the unit."""
        del now
        return bool(worked_for(user, [self.unit_id]))

    # Guards.

    def unfit_finding(self, act: Act) -> list[str]:
        """Findings are written while the round is under way."""
        del act
        return [] if self.round.state == "in_progress" else [_("Đợt đánh giá không ở giai đoạn đánh giá.")]

    def not_presentable(self, act: Act) -> list[str]:
        """What goes to the unit says what was found, against which requirement, and on what evidence (domain §5.1)."""
        del act
        if self.result not in PRESENTED:
            return [_("Kết quả “%(result)s” không cần trình bày với đơn vị.") % {"result": self.result_label}]
        found = [] if self.statement.strip() else [_("Chưa ghi nội dung phát hiện.")]
        if not self.evidence_text.strip():
            found.append(_("Chưa ghi bằng chứng."))
        if self.result in NONCONFORMITIES and not self.requirement.strip():
            found.append(_("Chưa ghi yêu cầu bị vi phạm."))
        return found

    def must_be_presented(self, act: Act) -> list[str]:
        """What the unit must answer is not settled without it."""
        del act
        return [_("Phát hiện này phải trình bày với đơn vị.")] if self.result in PRESENTED else []

    def needs_issue(self, act: Act) -> list[str]:
        """Only an opportunity is settled by noting it; the others are carried into a CAR or an observation."""
        del act
        return [] if self.result == "opportunity" else [_("Phát hiện này phải lập phiếu theo dõi.")]

    def take_facts(self, act: Act) -> None:
        """What the auditor wrote."""
        for name in ("result", "clause", "requirement", "statement", "sampled", "evidence_text"):
            setattr(self, name, act.answers[name])
        self.search = folded(self.clause, self.statement)
