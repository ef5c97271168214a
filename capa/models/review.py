"""Management review: the meeting, its inputs as they stood that day, and what was decided."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from capa import packs
from capa.machines.review import DOERS, INPUTS, KINDS, OUTPUT, REVIEW
from capa.models.programme import YEARS
from capa.models.review_gates import audit_missing
from capa.shapes import digest, folded
from workflows import engine
from workflows.errors import BadAnswer
from workflows.models import Record, RecordQuerySet, Seat, User, day_of
from workflows.roles import UNIT_SCOPED
from workflows.tables import Stage, Step

if TYPE_CHECKING:
    from workflows.engine import Act

OPEN_OUTPUTS = ("planned", "open", "done")
HELD = ("held", "minutes_draft", "conclusions_issued", "tracking", "closed")
"""The meeting has taken place."""
ISSUED = HELD[2:]
TEXTS = ("agenda", "attendance", "minutes")


class Review(Record):
    """One management review of an agency."""

    machine = REVIEW

    search = models.TextField(editable=False, default="")
    year = models.PositiveSmallIntegerField(lazy("năm"))
    title = models.CharField(lazy("tên cuộc họp"), max_length=300)
    meets_on = models.DateField(lazy("ngày họp dự kiến"))
    agenda = models.TextField(lazy("nội dung, thành phần"), blank=True)
    held_on = models.DateField(lazy("ngày họp"), null=True)
    attendance = models.TextField(lazy("người dự"), blank=True)
    minutes = models.TextField(lazy("biên bản"), blank=True)
    number = models.CharField(lazy("số thông báo kết luận"), max_length=300, blank=True)
    issued_on = models.DateField(lazy("ngày thông báo"), null=True)
    pack_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = lazy("xem xét của lãnh đạo")
        ordering = ("-year", "-meets_on")
        indexes = (models.Index(fields=["agency", "state", "due_on", "entered_at"], name="review_agency_inbox"),)

    def __str__(self) -> str:
        return f"{self.title} ({self.year})"

    def get_absolute_url(self) -> str:
        """Page of the review."""
        return reverse("capa:review", args=[self.pk])

    @property
    def is_held(self) -> bool:
        """The meeting has taken place: its pack is frozen."""
        return self.state in HELD

    def due_for(self, stage: Stage, act: Act) -> date | None:
        """Inputs are ready, and the meeting is held, by the day it is planned for."""
        if stage.state in ("planned", "collecting_inputs", "ready"):
            return self.meets_on
        return super().due_for(stage, act)

    def evidence(self) -> dict[str, object]:
        """Days and texts by digest, and the pack on which the meeting rested."""
        rows = self.outputs.order_by("pk").values_list("pk", flat=True) if self.state in HELD else ()
        return {
            "year": self.year,
            "meets_on": self.meets_on.isoformat(),
            "held_on": self.held_on.isoformat() if self.held_on else None,
            "texts_sha256": digest({name: getattr(self, name) for name in TEXTS}),
            "pack_sha256": self.pack_sha256,
            "outputs": [str(pk) for pk in rows],
        }

    def clean_answers(self, step: Step, answers: dict[str, Any]) -> dict[str, Any]:
        """The year is one of ours."""
        del step
        if "year" in answers and not YEARS[0] <= answers["year"] <= YEARS[1]:
            raise BadAnswer(problems={"year": _("Năm phải từ %d đến %d.") % YEARS})
        return answers

    def options(self, name: str) -> list[tuple[str, str]]:
        """The inputs of the standard."""
        del name
        return [(one.key, f"{one.clause} · {one.label}") for one in INPUTS]

    def said(self) -> dict[str, InputText]:
        """What was last written of each input, or that it was waived; one query."""
        return {row.subject: row for row in self.texts.select_related("by").order_by("pk")}

    def inputs_missing(self, act: Act) -> list[str]:
        """What the product cannot know of an input is written, or waived with a reason; the year was audited before
        its leaders review it (domain §5.3), or the QMR has waived that input.
        """
        said = self.said()
        left = [one for one in INPUTS if one.written and one.key not in said]
        found = [
            _("Chưa có báo cáo: %(clause)s %(label)s.") % {"clause": one.clause, "label": one.label} for one in left
        ]
        waived = said.get("audit")
        return found if waived is not None and waived.waived else [*found, *audit_missing(self, act.day)]

    def unfit_day(self, act: Act) -> list[str]:
        """Held on a day that has come."""
        return [] if act.answers["held_on"] <= act.day else [_("Ngày họp không được ở tương lai.")]

    def nothing_decided(self, act: Act) -> list[str]:
        """A review decides something; every decision has its person and day, for the form asks for them."""
        del act
        return [] if self.outputs.filter(state="planned").exists() else [_("Chưa có việc nào theo kết luận.")]

    def open_outputs(self, act: Act) -> list[str]:
        """Every action of the review has ended."""
        del act
        number = self.outputs.filter(state__in=OPEN_OUTPUTS).count()
        return [_("Còn %(number)d việc chưa kết thúc.") % {"number": number}] if number else []

    def take_facts(self, act: Act) -> None:
        """Year, title, day and agenda."""
        for name in ("year", "title", "meets_on", "agenda"):
            setattr(self, name, act.answers[name])
        self.search = folded(str(self.year), self.title)
        self.due_on = self.meets_on

    def take_text(self, act: Act) -> None:
        """What somebody reports of an input."""
        self._said(act, text=act.answers["text"])

    def take_waiver(self, act: Act) -> None:
        """An input that this review does without."""
        self._said(act, text=act.answers["note"], waived=True)

    def _said(self, act: Act, **row: Any) -> None:
        InputText.objects.create(review=self, subject=act.answers["subject"], by=act.by, at=act.now, **row)

    def freeze(self, act: Act) -> None:
        """The meeting took place: its inputs stay as they were shown, figures as of the day of the deed."""
        self.held_on, self.attendance = act.answers["held_on"], act.answers["attendance"]
        body = packs.make(self, act.day)
        Pack.objects.create(review=self, as_of=act.day, body=body)
        self.pack_sha256 = digest(body)

    def take_minutes(self, act: Act) -> None:
        """What was said and concluded."""
        self.minutes = act.answers["minutes"]

    def begin_outputs(self, act: Act) -> None:
        """The notice goes out, and every decision becomes its owner's work."""
        self.number, self.issued_on = act.answers["number"], act.day
        for one in self.outputs.filter(state="planned").order_by("pk"):
            engine.fire(one, "assign", by=None, now=act.now)


class InputText(models.Model):
    """What was written of an input, or why it was waived. Rows are added only: the newest of an input counts."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="texts")
    subject = models.CharField(max_length=20)
    text = models.TextField(lazy("nội dung"))
    waived = models.BooleanField(default=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = lazy("báo cáo đầu vào")
        ordering = ("review", "pk")

    def __str__(self) -> str:
        return f"{self.review_id} · {self.subject}"


class Pack(models.Model):
    """The inputs of a review as they stood on the day it was held, with the rows behind every figure."""

    review = models.OneToOneField(Review, models.PROTECT, related_name="pack")
    as_of = models.DateField()
    body = models.JSONField()

    class Meta:
        verbose_name = lazy("bộ đầu vào")

    def __str__(self) -> str:
        return f"{self.review} · {self.as_of:%d/%m/%Y}"


class OutputQuerySet(RecordQuerySet["Output"]):
    """Outputs with review and owner."""

    def for_list(self) -> OutputQuerySet:
        """With what a line shows."""
        return super().for_list().select_related("review", "owner").defer("search")


class Output(Record):
    """One decision of a review: somebody's work until a day."""

    machine = OUTPUT
    rests_on = "review"

    search = models.TextField(editable=False, default="")
    review = models.ForeignKey(Review, models.PROTECT, related_name="outputs")
    kind = models.CharField(lazy("loại"), max_length=20, choices=KINDS)
    what = models.TextField(lazy("việc"))
    owner = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=lazy("người chịu trách nhiệm"))
    due = models.DateField(lazy("hạn"))
    resources = models.TextField(lazy("nguồn lực"), blank=True)
    done_on = models.DateField(lazy("ngày làm xong"), null=True)
    evidence_text = models.TextField(lazy("kết quả, bằng chứng"), blank=True)

    objects: ClassVar[OutputQuerySet] = OutputQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("việc theo kết luận")
        ordering = ("review", "due", "created_at")
        indexes = (
            models.Index(fields=["owner", "state", "due_on"], name="output_inbox"),
            models.Index(fields=["agency", "state", "due_on", "entered_at"], name="output_agency_inbox"),
        )

    def __str__(self) -> str:
        return self.what.strip().splitlines()[0][:120] if self.what.strip() else ""

    def get_absolute_url(self) -> str:
        """Page of the work."""
        return reverse("capa:output", args=[self.pk])

    def due_for(self, stage: Stage, act: Act) -> date | None:
        """Work is due on its day; what comes back after that day, today."""
        if stage.state == "open":
            return self.due if self.done_on is None else max(self.due, act.day)
        return super().due_for(stage, act)

    def evidence(self) -> dict[str, object]:
        """Review, person, day, and the texts by digest."""
        return {
            "review": str(self.review_id),
            "kind": self.kind,
            "owner": self.owner_id,
            "due": self.due.isoformat(),
            "texts_sha256": digest({"what": self.what, "evidence": self.evidence_text}),
        }

    def options(self, name: str) -> list[tuple[str, str]]:
        """Everybody who works for the agency, with the unit."""
        del name
        found: dict[int, tuple[str, str]] = {}
        for seat in self._seats():
            found.setdefault(seat.user_id, (str(seat.user_id), f"{seat.user} · {seat.unit}"))
        return sorted(found.values(), key=lambda one: one[1])

    def _seats(self) -> list[Seat]:
        """Seats that may be given work, those in a unit first: the work is its unit's."""
        rows = Seat.objects.held_on(day_of()).filter(unit__agency=self.agency_id, role__in=DOERS)
        found = list(rows.select_related("user", "unit").order_by("pk"))
        return sorted(found, key=lambda seat: seat.role not in UNIT_SCOPED)

    def review_past(self, act: Act) -> list[str]:
        """Decisions are written down between the meeting and the notice."""
        del act
        same = self.review.agency_id == self.agency_id
        fit = self.review.state in ("held", "minutes_draft") and same
        return [] if fit else [_("Chỉ ghi việc sau khi họp và trước khi thông báo kết luận.")]

    def unfit_extension(self, act: Act) -> list[str]:
        """To a day later than today and than the present one."""
        late = max(act.day, self.due_on or act.day)
        return [] if act.answers["due"] > late else [_("Hạn mới phải sau hôm nay và sau hạn hiện nay.")]

    def unfit_finish(self, act: Act) -> list[str]:
        """Done on a day that has come, and not before the work was decided."""
        if day_of(self.created_at) <= act.answers["done_on"] <= act.day:
            return []
        return [_("Ngày làm xong phải từ ngày giao việc đến hôm nay.")]

    def take_facts(self, act: Act) -> None:
        """What, by whom, until when."""
        for name in ("kind", "what", "due", "resources"):
            setattr(self, name, act.answers[name])
        self.search = folded(self.what)
        self.take_owner(act)

    def take_owner(self, act: Act) -> None:
        """The person, and with them the unit."""
        self.owner_id = int(act.answers["owner"])
        self.unit_id = next(seat.unit_id for seat in self._seats() if seat.user_id == self.owner_id)

    def take_due(self, act: Act) -> None:
        """A new last day."""
        self.due = self.due_on = act.answers["due"]

    def take_proof(self, act: Act) -> None:
        """When it was done, and what came of it."""
        self.done_on, self.evidence_text = act.answers["done_on"], act.answers["evidence_text"]
