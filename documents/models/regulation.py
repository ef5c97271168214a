"""The register of legal documents and the relations between them. Validity is computed on a day, never stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from documents.facts import FactsError, clean_facts
from documents.machines.regulation import REGULATION
from documents.numbers import defects, issuer_key, kind_of, number_key
from workflows.errors import BadAnswer
from workflows.models import Record, RecordQuerySet, Unit
from workflows.tables import Step
from workflows.text import fold

if TYPE_CHECKING:
    from workflows.engine import Act


class Validity(models.TextChoices):
    """State of a legal document on a day (Law 64/2025/QH15; domain §4.1)."""

    UNKNOWN = "unknown", lazy("Chưa rõ hiệu lực")
    ANNOUNCED = "announced", lazy("Chưa có hiệu lực")
    IN_FORCE = "in_force", lazy("Còn hiệu lực")
    PARTLY_EXPIRED = "partly_expired", lazy("Hết hiệu lực một phần")
    SUSPENDED = "suspended", lazy("Ngưng hiệu lực")
    EXPIRED = "expired", lazy("Hết hiệu lực toàn bộ")


VALIDITY_COLOURS = {
    Validity.UNKNOWN: "secondary",
    Validity.ANNOUNCED: "azure",
    Validity.IN_FORCE: "green",
    Validity.PARTLY_EXPIRED: "yellow",
    Validity.SUSPENDED: "orange",
    Validity.EXPIRED: "red",
}


class RelationKind(models.TextChoices):
    """What the acting document does to its target."""

    AMENDS = "amends", lazy("sửa đổi")
    SUPPLEMENTS = "supplements", lazy("bổ sung")
    REPLACES = "replaces", lazy("thay thế")
    REPEALS = "repeals", lazy("bãi bỏ")
    REPEALS_PART = "repeals_part", lazy("bãi bỏ một phần")
    CORRECTS = "corrects", lazy("đính chính")
    SUSPENDS = "suspends", lazy("ngưng hiệu lực")
    STAYS = "stays", lazy("đình chỉ")
    CONSOLIDATES = "consolidates", lazy("hợp nhất")
    GUIDES = "guides", lazy("hướng dẫn")
    LEGAL_BASIS = "legal_basis", lazy("căn cứ")


ENDING = (RelationKind.REPLACES, RelationKind.REPEALS)
STOPPING = (RelationKind.SUSPENDS, RelationKind.STAYS)


class RegulationQuerySet(RecordQuerySet["Regulation"]):
    """Legal documents by key and by validity."""

    def with_validity(self, on: date) -> Self:
        """Annotate ``validity_on``: the one statement of how validity follows from dates and relations.

        Order matters: an end beats a suspension, which beats a beginning. A date that nobody knows proves nothing:
        a document whose dates are unknown is what its source says of it, and otherwise unknown.
        """
        begun, part = Q(effective_on__lte=on), (RelationKind.REPEALS_PART,)
        said_partly = Q(source_status="in_force_partly_repealed")
        no_day_given = ~Exists(RegulationRelation.objects.filter(target=OuterRef("pk"), kind__in=part))
        return self.annotate(
            validity_on=Case(
                When(is_dead(on), then=Value(Validity.EXPIRED)),
                When(effective_on__gt=on, then=Value(Validity.ANNOUNCED)),
                When(Q(_acted(STOPPING, on)), then=Value(Validity.SUSPENDED)),
                When(begun & Q(_acted(part, on)), then=Value(Validity.PARTLY_EXPIRED)),
                When(said_partly & Q(no_day_given), then=Value(Validity.PARTLY_EXPIRED)),
                When(begun, then=Value(Validity.IN_FORCE)),
                When(Q(effective_on=None) & (Q(source_status="in_force") | said_partly), then=Value(Validity.IN_FORCE)),
                default=Value(Validity.UNKNOWN),
                output_field=models.CharField(),
            )
        )

    def dead(self, on: date) -> Self:
        """Documents wholly out of force on a day."""
        return self.filter(is_dead(on))

    def by_number(self, number: str, issuer: str = "") -> Self:
        """Documents of this number in any spelling; of this issuer if one is named and the number is shared."""
        found = self.filter(number_key=number_key(number))
        return found.filter(issuer_key=issuer_key(number, issuer)) if issuer else found


def is_dead(on: date) -> Q:
    """Wholly out of force on a day: ended by another act or by its own date; or its source says so, without a day."""
    ended = Q(_acted(ENDING, on)) | Q(expired_on__lte=on)
    return ended | Q(source_status="expired", expired_on=None) & (Q(effective_on=None) | Q(effective_on__lte=on))


def _acted(kinds: tuple[str, ...], on: date) -> Exists:
    """A relation of one of these kinds, in effect on the day, points at the document."""
    since = Coalesce("effective_on", "source__effective_on")
    incoming = RegulationRelation.objects.filter(target=OuterRef("pk"), kind__in=kinds)
    return Exists(incoming.annotate(since=since).filter(since__lte=on))


class Regulation(Record):
    """A law, decree, circular … keyed by normalised number and issuing body. Unknown dates stay unknown."""

    machine = REGULATION

    # Null: the national register belongs to no agency.
    agency = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")  # type: ignore[assignment]
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")  # type: ignore[assignment]
    number = models.CharField(lazy("số, ký hiệu"), max_length=120)
    number_key = models.CharField(max_length=120, editable=False)
    issuer = models.CharField(lazy("cơ quan ban hành"), max_length=1000, blank=True)
    issuer_key = models.CharField(max_length=200, editable=False, blank=True)
    kind = models.CharField(lazy("loại văn bản"), max_length=60, blank=True)
    title = models.TextField(lazy("trích yếu"), blank=True)
    search = models.TextField(editable=False)
    issued_on = models.DateField(lazy("ngày ban hành"), null=True, blank=True)
    effective_on = models.DateField(lazy("ngày có hiệu lực"), null=True, blank=True)
    expired_on = models.DateField(lazy("ngày hết hiệu lực"), null=True, blank=True)
    source_status = models.CharField(lazy("tình trạng theo nguồn"), max_length=40, blank=True)

    objects: ClassVar[RegulationQuerySet] = RegulationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("văn bản pháp luật")
        ordering = ("number_key",)
        constraints = (models.UniqueConstraint(fields=["number_key", "issuer_key"], name="regulation_key"),)

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Page of the document with its relations and the procedures it touches."""
        return reverse("documents:regulation", args=[self.pk])

    def validity(self, on: date) -> Validity:
        """Validity on a day; one query."""
        found: Any = Regulation.objects.with_validity(on).get(pk=self.pk)
        return Validity(found.validity_on)

    @property
    def oddities(self) -> list[str]:
        """Defects of the source that people must see: sentences, empty for a clean row."""
        found = [_NUMBER_DEFECTS[code] for code in defects(self.number) if code in _NUMBER_DEFECTS]
        if self.issued_on and self.effective_on and self.effective_on < self.issued_on:
            found.append(lazy("Ngày có hiệu lực trước ngày ban hành."))
        if self.effective_on and self.expired_on and self.expired_on < self.effective_on:
            found.append(lazy("Ngày hết hiệu lực trước ngày có hiệu lực."))
        return [str(sentence) for sentence in found]

    def clean_answers(self, step: Step, answers: dict[str, Any]) -> dict[str, Any]:
        """Check the facts; raise ``BadAnswer`` by field."""
        del step
        if "facts" in answers:
            try:
                answers["facts"] = clean_facts(answers["facts"])
            except FactsError as error:
                raise BadAnswer(problems=error.problems) from error
            self._refuse_twin(answers["facts"])
        return answers

    def _refuse_twin(self, facts: Mapping[str, Any]) -> None:
        key = {"number_key": number_key(facts["number"]), "issuer_key": issuer_key(facts["number"], facts["issuer"])}
        if Regulation.objects.filter(**key).exclude(pk=self.pk).exists():
            raise BadAnswer(problems={"number": _("Văn bản này đã có trong danh mục.")})

    def take_facts(self, act: Act) -> None:
        """Set the register's facts from the answer; keys follow from number and issuer."""
        for name, value in act.answers["facts"].items():
            setattr(self, name, value)
        self.number_key = number_key(self.number)
        self.issuer_key = issuer_key(self.number, self.issuer)[:200]
        self.kind = self.kind or kind_of(self.number)
        self.search = fold(f"{self.number} {self.number_key} {self.title}")

    def missing_for_verification(self, act: Act) -> list[str]:
        """What a verified document must have: an effective date that is not before its issue."""
        del act
        if self.effective_on is None:
            return [_("Chưa có ngày có hiệu lực.")]
        early = self.issued_on is not None and self.effective_on < self.issued_on
        return [_("Ngày có hiệu lực trước ngày ban hành.")] if early else []

    def evidence(self) -> dict[str, object]:
        """The facts, so that the register's history can be replayed from the ledger."""
        days = {"issued_on": self.issued_on, "effective_on": self.effective_on, "expired_on": self.expired_on}
        return {
            "number": self.number,
            "issuer": self.issuer,
            "kind": self.kind,
            "title": self.title,
            "source_status": self.source_status,
            **{name: day.isoformat() if day else None for name, day in days.items()},
        }


_NUMBER_DEFECTS = {
    "glued": lazy("Số hiệu bị lặp hoặc dính liền trong nguồn."),
    "no_year": lazy("Số hiệu không có năm."),
    "no_number": lazy("Số hiệu thiếu số thứ tự."),
    "future_year": lazy("Năm trong số hiệu còn ở tương lai, có thể do gõ nhầm."),
}


class RelationQuerySet(models.QuerySet["RegulationRelation"]):
    """Relations with both ends."""

    def around(self, regulation: Regulation) -> RelationQuerySet:
        """Relations from and to a document, newest first."""
        mine = Q(source=regulation) | Q(target=regulation)
        return self.filter(mine).select_related("source", "target").order_by("-effective_on", "pk")


class RegulationRelation(models.Model):
    """“Acting document → target” from a day on. Informational kinds (guides, legal basis) change no validity.

    ``recorded_at``: when the register learned of it, whatever the day from which it holds.
    """

    source = models.ForeignKey(Regulation, models.PROTECT, related_name="acts_on")
    kind = models.CharField(lazy("quan hệ"), max_length=20, choices=RelationKind.choices)
    target = models.ForeignKey(Regulation, models.PROTECT, related_name="acted_on_by")
    effective_on = models.DateField(lazy("từ ngày"), null=True, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = RelationQuerySet.as_manager()

    class Meta:
        verbose_name = lazy("quan hệ văn bản")
        constraints = (models.UniqueConstraint(fields=["source", "kind", "target"], name="relation_once"),)
        indexes = (models.Index(fields=["target", "kind"], name="relation_target"),)

    def __str__(self) -> str:
        return f"{self.source} {RelationKind(self.kind).label} {self.target}"
