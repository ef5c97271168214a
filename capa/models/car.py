"""Corrective action request: one cycle from a nonconformity to its proven closure, or to the next cycle."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from capa import analysis as analyses
from capa import facts
from capa import plan as plans
from capa.clauses import is_clause
from capa.machines.car import CAR, METHODS, OVER, SEVERITIES, SOURCES
from capa.models.car_guards import CarGuards
from capa.models.car_rows import CarQuerySet
from capa.models.demand import Demand
from capa.models.finding import Finding
from capa.models.numbered import Numbered
from capa.shapes import ShapeError, digest, folded
from documents.models import Document, open_version
from workflows import engine
from workflows.errors import BadAnswer
from workflows.models import Record, Unit, User, calendar
from workflows.tables import Stage, Step

if TYPE_CHECKING:
    from workflows.engine import Act

CLOSING_DAYS = 5
"""Working days for the decision to close after a passed verification."""
TEXTS = ("requirement", "description", "evidence_text", "correction", "verification")


class Car(Numbered, CarGuards, Record):
    """One cycle. ``root``: the first cycle of the chain; ``predecessor``: the one found ineffective; ``cycle`` from 1.

    ``analysis`` and ``plan`` have the shapes of ``capa.analysis`` and ``capa.plan``; ``check_on`` is the first day on
    which effectiveness may be judged, fixed when the work is reported done from the measure fixed with the plan.
    """

    machine = CAR

    search = models.TextField(editable=False, default="")
    number = models.CharField(lazy("số phiếu"), max_length=60, blank=True)
    source = models.CharField(lazy("nguồn"), max_length=20, choices=SOURCES)
    severity = models.CharField(lazy("mức độ"), max_length=10, choices=SEVERITIES, default="minor")
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, related_name="cars")
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, related_name="cars", verbose_name=lazy("tài liệu")
    )
    concerns = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name=lazy("đơn vị liên quan")
    )
    clause = models.CharField(lazy("điều khoản"), max_length=300, blank=True)
    found_on = models.DateField(lazy("ngày phát hiện"))
    reference = models.CharField(lazy("số ở nơi phát hiện"), max_length=120, blank=True)
    requirement = models.TextField(lazy("yêu cầu"), blank=True)
    description = models.TextField(lazy("mô tả"))
    evidence_text = models.TextField(lazy("bằng chứng"), blank=True)
    correction = models.TextField(lazy("khắc phục tức thời"), blank=True)
    corrected_on = models.DateField(lazy("ngày khắc phục xong"), null=True)
    analysis = models.JSONField(default=analyses.empty)
    cause_category = models.CharField(lazy("nhóm nguyên nhân"), max_length=20, blank=True)
    cause_method = models.CharField(lazy("cách kiểm chứng nguyên nhân"), max_length=20, choices=METHODS, blank=True)
    cause_proof = models.TextField(lazy("bằng chứng về nguyên nhân"), blank=True)
    plan = models.JSONField(default=plans.empty)
    plan_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    plan_approved_on = models.DateField(lazy("ngày duyệt kế hoạch"), null=True)
    verifier = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=lazy("người kiểm tra"))
    completed_on = models.DateField(lazy("ngày làm xong"), null=True)
    check_on = models.DateField(lazy("kiểm tra hiệu lực từ ngày"), null=True)
    verdict = models.CharField(max_length=10, blank=True)
    verdict_method = models.CharField(max_length=20, choices=METHODS, blank=True)
    exposures = models.PositiveIntegerField(null=True)
    verification = models.TextField(lazy("kết quả kiểm tra"), blank=True)
    verified_on = models.DateField(lazy("ngày kiểm tra"), null=True)
    closed_on = models.DateField(lazy("ngày đóng"), null=True)
    predecessor = models.OneToOneField("self", models.PROTECT, null=True, related_name="successor")
    root = models.ForeignKey("self", models.PROTECT, related_name="chain")
    cycle = models.PositiveSmallIntegerField(lazy("chu kỳ"), default=1)
    repeats = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="repeated_by", verbose_name=lazy("lặp lại")
    )

    objects: ClassVar[CarQuerySet] = CarQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("phiếu khắc phục")
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(fields=["agency", "number"], condition=~Q(number=""), name="car_number"),
            models.UniqueConstraint(fields=["root"], condition=~Q(state__in=OVER), name="car_one_open_cycle"),
            models.UniqueConstraint(
                fields=["finding"], condition=Q(cycle=1, finding__isnull=False), name="car_per_finding"
            ),
            models.UniqueConstraint(
                fields=["agency", "reference"], condition=Q(cycle=1, created_by=None), name="car_import_once"
            ),
        )
        indexes = (
            models.Index(fields=["unit", "state", "due_on", "entered_at"], name="car_unit_inbox"),
            models.Index(fields=["agency", "state", "due_on", "entered_at"], name="car_agency_inbox"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The first cycle is its own root. Rows of the database come by position.
        if not args and not {"root", "root_id"} & kwargs.keys():
            self.root_id = self.pk

    def __str__(self) -> str:
        head = self.description.strip().splitlines()[0][:120] if self.description.strip() else ""
        return f"{self.number or _('Chưa có số')} · {head}"

    def get_absolute_url(self) -> str:
        """Page of the CAR."""
        return reverse("capa:car", args=[self.pk])

    def due_for(self, stage: Stage, act: Act) -> date | None:
        """Work under way is due with its last action; verification on the day from which it may be judged."""
        if stage.state == "implementing":
            return max((date.fromisoformat(row["due"]) for row in self.plan["actions"] if row["due"]), default=None)
        if stage.state == "awaiting_verification":
            return self.check_on
        return super().due_for(stage, act)

    def evidence(self) -> dict[str, object]:
        """What every judgement rests on: texts, analysis and plan by digest, and the facts of the head."""
        return {
            "number": self.number,
            "severity": self.severity,
            "clause": self.clause,
            "finding": str(self.finding_id) if self.finding_id else None,
            "root": str(self.root_id),
            "cycle": self.cycle,
            "texts_sha256": digest({name: getattr(self, name) for name in TEXTS}),
            "analysis_sha256": analyses.digest(self.analysis),
            "plan_sha256": plans.digest(self.plan),
            "cause_method": self.cause_method,
            "verifier": self.verifier_id,
            "check_on": self.check_on.isoformat() if self.check_on else None,
            "verdict": self.verdict,
            "repeats": str(self.repeats_id) if self.repeats_id else None,
            **({"objective": str(self.objective_id)} if self.objective_id else {}),
        }

    def clean_answers(self, step: Step, answers: dict[str, Any]) -> dict[str, Any]:
        """Check structured parts by path, and the clause; raise ``BadAnswer``."""
        del step
        try:
            if "analysis" in answers:
                answers["analysis"] = analyses.clean(answers["analysis"])
            if "plan" in answers:
                answers["plan"] = plans.clean(answers["plan"])
            if "facts" in answers:
                answers["facts"] = facts.clean(answers["facts"])
        except ShapeError as error:
            raise BadAnswer(problems=error.problems) from error
        if answers.get("clause") and not is_clause(answers["clause"]):
            raise BadAnswer(problems={"clause": _("Viết số điều khoản, ví dụ 7.5 hoặc 8.5.1.")})
        return answers

    def options(self, name: str) -> list[tuple[str, str]]:
        """Units, documents, people and earlier CARs that a step may name."""
        return [(str(row.pk), str(row)) for row in getattr(self, f"_{name}_options")()]

    def _unit_options(self) -> Iterable[Unit]:
        return Unit.objects.filter(agency=self.agency_id).order_by("path")

    _concerns_options = _unit_options

    def _document_options(self) -> Iterable[Document]:
        """Documents to be revised once there is a plan; before that, any of the agency's."""
        wanted = [row["document"] for row in self.plan["documents"] if row["document"]]
        mine = Document.objects.filter(agency=self.agency_id).order_by("code_key")
        return mine.filter(pk__in=wanted) if self.plan_approved_on else mine

    def _verifier_options(self) -> Iterable[User]:
        return self.fit_verifiers()

    def _earlier_options(self) -> Iterable[Car]:
        return Car.objects.similar_to(self).exclude(pk=self.repeats_id or self.pk)

    # What the table's ``then`` names.

    def take_report(self, act: Act) -> None:
        """What anybody reports."""
        for name in ("source", "found_on", "requirement", "description", "evidence_text", "clause"):
            setattr(self, name, act.answers[name])
        self.concerns_id = int(act.answers["concerns"]) if act.answers["concerns"] else None
        self.document_id = act.answers["document"] or None
        self.write_search()

    def take_finding(self, act: Act) -> None:
        """From the agreed finding: class, clause, texts; the finding is carried."""
        finding = cast("Finding", self.finding)
        self.source, self.severity, self.clause = "audit", finding.result, finding.clause
        self.document_id, self.found_on = finding.document_id, act.day
        self.requirement, self.description = finding.requirement, finding.statement
        self.evidence_text, self.reference = finding.evidence_text, str(finding.round)[:120]
        self.give_number(act)
        engine.fire(finding, "raise", by=None, now=act.now)

    def take_import(self, act: Act) -> None:
        """A CAR that was opened elsewhere, with its plan as far as it is known."""
        given = act.answers["facts"]
        for name in ("source", "severity", "reference", "description", "plan"):
            setattr(self, name, given[name])
        self.found_on = date.fromisoformat(given["found_on"])
        self.give_number(act)

    def take_predecessor(self, act: Act) -> None:
        """A cycle after an ineffective one: same nonconformity, raised severity, everything else anew."""
        before = cast("Car", self.predecessor)
        for name in (
            "source",
            "finding_id",
            "document_id",
            "clause",
            "reference",
            "requirement",
            "description",
            "root_id",
        ):
            setattr(self, name, getattr(before, name))
        self.evidence_text, self.severity = before.verification, "major"
        self.cycle, self.found_on, self.repeats_id = before.cycle + 1, act.day, before.repeats_id
        self.give_number(act)

    def take_issue(self, act: Act) -> None:
        """Number, class and the unit that answers for it."""
        self.severity, self.clause = act.answers["severity"], act.answers["clause"]
        self.unit_id = int(act.answers["unit"])
        self.document_id = act.answers["document"] or self.document_id
        self.give_number(act)

    def take_correction(self, act: Act) -> None:
        """The immediate repair, kept apart from corrective action."""
        self.correction, self.corrected_on = act.answers["correction"], act.answers["corrected_on"]

    def take_analysis(self, act: Act) -> None:
        """A changed analysis must be verified anew."""
        self.analysis = act.answers["analysis"]
        self.cause_category = self.analysis["category"]
        self.cause_method, self.cause_proof = "", ""

    def take_cause_proof(self, act: Act) -> None:
        """How the cause was verified, and the evidence."""
        self.cause_method, self.cause_proof = act.answers["method"], act.answers["evidence_text"]

    def take_plan(self, act: Act) -> None:
        """Actions, documents and the measure of effectiveness."""
        self.plan = act.answers["plan"]

    def take_plan_approval(self, act: Act) -> None:
        """The plan is fixed from here on, its measure included; the documents to change become demands."""
        self.plan_sha256, self.plan_approved_on = plans.digest(self.plan), act.day
        Demand.objects.bulk_create(
            Demand(car_id=self.pk, document_id=row["document"], what=row["what"])
            for row in {row["document"]: row for row in self.plan["documents"]}.values()
        )

    def take_verifier(self, act: Act) -> None:
        """Who will judge effectiveness."""
        self.verifier_id = int(act.answers["verifier"])

    def begin_actions(self, act: Act) -> None:
        """Every planned action becomes a task of its person."""
        self.take_verifier(act)
        for row in self.plan["actions"]:
            task = self.actions.model(
                car_id=self.pk,
                agency_id=self.agency_id,
                unit_id=self.unit_id,
                row_key=row["key"],
                what=row["what"],
                search=folded(row["what"]),
                resources=row["resources"],
                assignee_id=row["assignee"],
                planned_for=date.fromisoformat(row["due"]),
            )
            engine.start(task, "assign", by=None, now=act.now)

    def set_check_day(self, act: Act) -> None:
        """From when effectiveness may be judged: after the waiting period, or at once if cases are counted."""
        measure = self.plan["measure"]
        self.completed_on, self.check_on = act.day, act.day
        if measure["kind"] == "days":
            self.check_on = calendar().add(act.day, measure["number"])

    def take_pass(self, act: Act) -> None:
        """Effective: now it waits for the decision to close."""
        self._take_verdict(act, "passed")
        self.due_on = calendar().add(act.day, CLOSING_DAYS)

    def take_failure(self, act: Act) -> None:
        """Not effective."""
        self._take_verdict(act, "failed")

    def _take_verdict(self, act: Act, verdict: str) -> None:
        self.verdict, self.verdict_method = verdict, act.answers["method"]
        self.exposures, self.verification, self.verified_on = (
            act.answers["exposures"],
            act.answers["evidence_text"],
            act.day,
        )

    def carry_on(self, act: Act) -> None:
        """Failure does not reopen: the next cycle is a CAR of its own, linked (domain §5.2, part 7)."""
        fresh = Car(agency_id=self.agency_id, unit_id=self.unit_id, predecessor=self, root_id=self.root_id)
        engine.start(fresh, "carry", by=None, now=act.now)

    def take_closure(self, act: Act) -> None:
        """The day of closure."""
        self.closed_on = act.day

    def take_repeat(self, act: Act) -> None:
        """A person confirms that this is a repeat of an earlier CAR."""
        self.repeats_id = act.answers["earlier"]

    def open_revision(self, act: Act) -> None:
        """Open the revision of a demanded document with this CAR as its ground, or join the one under way."""
        demand = self.demands.select_related("document").get(document=act.answers["document"])
        under_way = demand.document.versions.open().first()
        if under_way is None and act.by is not None:
            note = _("Sửa theo phiếu khắc phục %(number)s") % {"number": self.number}
            cause = (self.machine.name, self.pk)
            under_way = open_version(
                demand.document, by=act.by, note=note, wanted_by=self.due_on, now=act.now, cause=cause
            )
        demand.revision = under_way
        demand.save(update_fields=["revision"])

    def take_waiver(self, act: Act) -> None:
        """The head lets the old document stand until a day."""
        waived = {"waived_until": act.answers["until"], "waiver": act.answers["note"]}
        self.demands.filter(document=act.answers["document"]).update(**waived)
