"""The register of legal documents and the relations between them. Validity is computed on a day, never stored."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from documents.facts import FactsError, clean_facts
from documents.machines.regulation import REGULATION
from documents.numbers import defects, issuer_key, kind_of, number_key
from documents.provisions import LIMIT, Provisions, loaded, words
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
PART_ENDING = (RelationKind.REPEALS_PART,)
"""What ends the very provisions that it names."""
LOSING = (*PART_ENDING, *STOPPING)
"""What takes away, for good or for a time, the very provisions that it names."""
PARTIAL = (
    RelationKind.AMENDS,
    RelationKind.SUPPLEMENTS,
    *PART_ENDING,
    RelationKind.CORRECTS,
    *STOPPING,
)
"""Kinds that may act on some provisions of their target alone."""


class RegulationQuerySet(RecordQuerySet["Regulation"]):
    """Legal documents by key and by validity."""

    def with_validity(self, on: date) -> Self:
        """Annotate ``validity_on``: the one statement of how validity follows from dates and relations.

        Order matters: an end beats a suspension, which beats a beginning. A date that nobody knows proves nothing:
        a document whose dates are unknown is what its source says of it, and otherwise unknown.
        """
        begun, part = Q(effective_on__lte=on), PART_ENDING
        said_partly = Q(source_status="in_force_partly_repealed")
        no_day_given = ~Exists(RegulationRelation.objects.filter(target=OuterRef("pk"), kind__in=part))
        return self.annotate(
            validity_on=Case(
                When(is_dead(on), then=Value(Validity.EXPIRED)),
                When(effective_on__gt=on, then=Value(Validity.ANNOUNCED)),
                When(is_halted(on), then=Value(Validity.SUSPENDED)),
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

    def halted(self, on: date) -> Self:
        """Documents that had begun, for all that is known, and rest on a day; some of them may be dead as well."""
        return self.filter(Q(effective_on=None) | Q(effective_on__lte=on), is_halted(on))

    def by_number(self, number: str, issuer: str = "") -> Self:
        """Documents of this number in any spelling; of this issuer if one is named and the number is shared."""
        found = self.filter(number_key=number_key(number))
        return found.filter(issuer_key=issuer_key(number, issuer)) if issuer else found


def is_dead(on: date) -> Q:
    """Wholly out of force on a day: ended by another act or by its own date; or its source says so, and nobody knows a
    day. What its source says was said later than the day that is known, and proves nothing of the days before it.
    """
    ended, begun = Q(_acted(ENDING, on)) | Q(expired_on__lte=on), Q(effective_on=None) | Q(effective_on__lte=on)
    dated = RegulationRelation.objects.dated(ENDING).filter(target=OuterRef("pk"))
    return ended | Q(source_status="expired", expired_on=None) & begun & ~Q(Exists(dated))


def is_halted(on: date) -> Q:
    """Another act stops it on a day, as a whole."""
    return Q(_acted(STOPPING, on, whole=True))


def _acted(kinds: tuple[str, ...], on: date, *, whole: bool = False) -> Exists:
    """A relation of one of these kinds, in effect on the day, points at the document; ``whole``: not at parts of it."""
    incoming = RegulationRelation.objects.acting(kinds, on).filter(target=OuterRef("pk"))
    return Exists(incoming.filter(provisions="") if whole else incoming)


def since_of(relation: str = "") -> Coalesce:
    """The day from which a relation holds: its own, failing that the acting document's. ``relation``: the way to it."""
    return Coalesce(f"{relation}effective_on", f"{relation}source__effective_on")


def holds(kinds: Collection[str], relation: str = "") -> Q:
    """Condition on relations of these kinds with ``since``: the acting document was not dead before that day.

    What was replaced or repealed before it could act ends nothing. Asked of the acting document's own recorded end
    alone, its date or a relation that ends it, one level deep: who ended that one is not asked, so circles do no harm.
    """
    return ~_gone(kinds, relation, "lt", F("since"), OuterRef("since"))


def lasts(on: date, relation: str = "") -> Q:
    """Condition on relations: if it stops its target for a time, the acting document still lives on the day.

    Of the acting document's own recorded end, one level deep, as ``holds``.
    """
    return ~_gone(STOPPING, relation, "lte", on, on)


def _gone(kinds: Collection[str], relation: str, how: str, own: Any, by_other: Any) -> Q:
    ends = RegulationRelation.objects.filter(target=OuterRef(f"{relation}source"), kind__in=ENDING)
    ended = Exists(ends.annotate(day=since_of()).filter(**{f"day__{how}": by_other}))
    gone = Q(**{f"{relation}source__expired_on__{how}": own}) | Q(ended)
    return Q(**{f"{relation}kind__in": kinds}) & gone


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
            **self._acting_days(),
            **{name: day.isoformat() if day else None for name, day in days.items()},
        }

    def _acting_days(self) -> dict[str, object]:
        """Since when it acts on others, by relation: a day that is mended later can still be told as it was known."""
        days = {} if self._state.adding else dict(self.acts_on.order_by("pk").values_list("pk", "effective_on"))
        told = {str(relation): day.isoformat() if day else None for relation, day in days.items()}
        return {ACTS_FROM: told} if told else {}


ACTS_FROM = "acts_from"
"""In the evidence of an act: the days of its relations, by id."""
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

    def dated(self, kinds: Collection[str]) -> RelationQuerySet:
        """Relations of these kinds that take hold on a known day, ``since``."""
        return self.filter(kind__in=kinds).annotate(since=since_of()).filter(holds(kinds), since__isnull=False)

    def lasting(self, kinds: Collection[str], on: date) -> RelationQuerySet:
        """The same without those that stop their target for a time only and whose acting document is gone on a day."""
        found = self.dated(kinds)
        return found.filter(lasts(on)) if set(kinds) & set(STOPPING) else found

    def acting(self, kinds: Collection[str], on: date) -> RelationQuerySet:
        """Relations of these kinds that act on a day, with ``since``; what only stops acts while its source lives."""
        lasting: Any = self.lasting(kinds, on)
        found: RelationQuerySet = lasting.filter(since__lte=on)
        return found


class RegulationRelation(models.Model):
    """“Acting document → target” from a day on. Informational kinds (guides, legal basis) change no validity.

    ``recorded_at``: when the register learned of it, whatever the day from which it holds. ``provisions``: the parts of
    the target that it acts on, as ``provisions.stored`` writes them; "" is the whole target, or parts nobody named.
    """

    source = models.ForeignKey(Regulation, models.PROTECT, related_name="acts_on")
    kind = models.CharField(lazy("quan hệ"), max_length=20, choices=RelationKind.choices)
    target = models.ForeignKey(Regulation, models.PROTECT, related_name="acted_on_by")
    effective_on = models.DateField(lazy("từ ngày"), null=True, blank=True)
    provisions = models.CharField(lazy("điều, khoản, điểm"), max_length=LIMIT, blank=True, default="", db_default="")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = RelationQuerySet.as_manager()

    class Meta:
        verbose_name = lazy("quan hệ văn bản")
        constraints = (
            models.UniqueConstraint(fields=["source", "kind", "target", "provisions"], name="relation_of_parts_once"),
        )
        indexes = (
            models.Index(fields=["target", "kind"], name="relation_target"),
            # Suspensions are few: who asks for many citations goes through them alone.
            models.Index(fields=["target"], condition=Q(kind__in=STOPPING), name="relation_stopping"),
        )

    def __str__(self) -> str:
        parts = f"{words(self.parts)} " if self.provisions else ""
        return f"{self.source} {RelationKind(self.kind).label} {parts}{self.target}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the provisions one by one beside the relation, so that the database can compare them."""
        fresh = self._state.adding
        with transaction.atomic():
            super().save(*args, **kwargs)
            if fresh:
                RegulationProvision.objects.bulk_create(
                    RegulationProvision(relation=self, provision=part) for part in self.parts
                )

    @property
    def parts(self) -> Provisions:
        """The provisions of the target that it acts on; none for the whole target."""
        return loaded(self.provisions)


class RegulationProvision(models.Model):
    """One provision that a relation acts on: ``RegulationRelation.provisions`` in rows, written with it."""

    relation = models.ForeignKey(RegulationRelation, models.CASCADE, related_name="provision_rows")
    provision = models.CharField(max_length=20)

    class Meta:
        verbose_name = lazy("điều khoản chịu tác động")
        constraints = (models.UniqueConstraint(fields=["relation", "provision"], name="relation_provision_once"),)

    def __str__(self) -> str:
        return self.provision
