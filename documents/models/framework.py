"""Framework models: what an agency publishes, in versions, for agencies of some kinds to apply (domain §1.4)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from documents import content as contents
from documents.deviating import PARTS
from documents.machines.framework import MODEL_VERSION
from documents.models.document import DocumentKind
from documents.models.item_facts import FACTS, clean_items
from workflows.models import Record, RecordQuerySet, Unit, User
from workflows.tables import Step
from workflows.text import fold

if TYPE_CHECKING:
    from workflows.engine import Act

HELD = ("published", "superseded")
"""States of a version that was published once."""


def above(user: User, now: datetime | None = None) -> set[int]:
    """Ids of the agencies of a person and of all above them."""
    return {int(one) for path in user.agency_paths(now) for one in path.strip("/").split("/") if one}


class FrameworkModelQuerySet(models.QuerySet["FrameworkModel"]):
    """Models by sight."""

    def in_agencies_of(self, user: User, now: datetime | None = None) -> Self:
        """Models of the person's agencies and of those below."""
        where = Q(pk__in=())
        for path in user.agency_paths(now):
            where |= Q(agency__path__startswith=path)
        return self.filter(where)

    def visible_to(self, user: User, now: datetime | None = None) -> Self:
        """Models of which the person may read at least one version."""
        return self.filter(Exists(ModelVersion.objects.visible_to(user, now).filter(model=OuterRef("pk"))))


class FrameworkModel(models.Model):
    """The lasting identity over a model's versions.

    ``kinds``: kinds of agency that it is for. ``below``: it is meant for agencies of this subtree: that of its owner,
    or of the agency above it, because a department writes what the communes of its province apply.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    below = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    title = models.CharField(lazy("tên mô hình"), max_length=300)
    sector = models.CharField(lazy("ngành, lĩnh vực"), max_length=120, blank=True)
    kinds = models.JSONField(lazy("loại cơ quan áp dụng"))
    search = models.TextField(editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = FrameworkModelQuerySet.as_manager()

    class Meta:
        verbose_name = lazy("mô hình khung")
        ordering = ("sector", "title")
        constraints = (models.UniqueConstraint(fields=["agency", "title"], name="framework_title"),)

    def __str__(self) -> str:
        return self.title

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the search form in step."""
        self.search = fold(f"{self.title} {self.sector}")
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def get_absolute_url(self) -> str:
        """Page of the model."""
        return reverse("documents:model", args=[self.pk])

    def current(self, day: date) -> ModelVersion | None:
        """The version that holds on a day."""
        return ModelVersion.objects.in_force(day).filter(model=self).first()

    def is_for(self, agency: Unit) -> bool:
        """Whether it is meant for this agency: of a kind that it names, within its reach, and not its owner."""
        inside = agency.path.startswith(self.below.path) and agency.pk != self.agency_id
        return inside and agency.kind in self.kinds


class ModelVersionQuerySet(RecordQuerySet["ModelVersion"]):
    """Versions by sight and by day."""

    def visible_to(self, user: User, now: datetime | None = None) -> Self:
        """Beside those of the own tree, what was published by an agency above, or for an agency above or one's own."""
        mine = above(user, now)
        reached = Q(agency__in=mine) | Q(model__below__in=mine)
        return super().visible_to(user, now) | self.filter(reached, state__in=HELD)

    def in_force(self, day: date) -> Self:
        """The version of each model that holds on a day, by dates: right even when the clock is late."""
        later = ModelVersion.objects.filter(
            model=OuterRef("model"),
            state__in=HELD,
            effective_from__lte=day,
            effective_from__gt=OuterRef("effective_from"),
        )
        return self.filter(~Exists(later), state__in=HELD, effective_from__lte=day)

    def for_list(self) -> Self:
        """With what a line shows."""
        return super().for_list().select_related("model")


class ModelVersion(Record):
    """One version of a model. Its items are written while it is a draft, and frozen by the database afterwards."""

    machine = MODEL_VERSION

    model = models.ForeignKey(FrameworkModel, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(lazy("bản số"))
    items_sha256 = models.CharField(max_length=64, editable=False)
    decision_no = models.CharField(lazy("số quyết định"), max_length=300, blank=True)
    decision_on = models.DateField(lazy("ngày quyết định"), null=True)
    effective_from = models.DateField(lazy("có hiệu lực từ"), null=True)

    objects: ClassVar[ModelVersionQuerySet] = ModelVersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("phiên bản mô hình khung")
        ordering = ("model", "-number")
        constraints = (
            models.UniqueConstraint(fields=["model", "number"], name="model_version_number"),
            models.UniqueConstraint(
                fields=["model"], condition=Q(state__in=("draft", "submitted")), name="model_version_one_open"
            ),
            models.UniqueConstraint(
                fields=["model", "effective_from"], condition=Q(state__in=HELD), name="model_version_start_once"
            ),
        )
        indexes = (models.Index(fields=["agency", "state", "due_on", "entered_at"], name="model_version_inbox"),)

    def __str__(self) -> str:
        return _("%(title)s, bản %(number)d") % {"title": self.model.title, "number": self.number}

    def get_absolute_url(self) -> str:
        """Page of the version."""
        return reverse("documents:model_version", args=[self.pk])

    def evidence(self) -> dict[str, object]:
        """Which items, by digest, and by which decision from when on."""
        days = {name: getattr(self, name) for name in ("decision_on", "effective_from")}
        return {
            "model": str(self.model_id),
            "number": self.number,
            "items_sha256": self.items_sha256,
            "decision_no": self.decision_no,
            **{name: day.isoformat() if day else None for name, day in days.items()},
        }

    def clean_answers(self, step: Step, answers: dict[str, Any]) -> dict[str, Any]:
        """Items of the exact shape."""
        del step
        if answers.get("items") is not None:
            answers["items"] = clean_items(answers["items"])
        return answers

    # Guards.

    def unfit_items(self, act: Act) -> list[str]:
        """A model has at least one item, and every item says something."""
        del act
        rows = list(self.items.all())
        empty = contents.digest(contents.empty())
        found = [_("Mục %(item)s chưa có nội dung.") % {"item": row} for row in rows if row.content_sha256 == empty]
        return found if rows else [_("Mô hình chưa có mục nào.")]

    def unfit_dates(self, act: Act) -> list[str]:
        """Signed by today, in force not before today, and after every earlier version."""
        signed, begins, found = act.answers["decision_on"], act.answers["effective_from"], []
        if signed > act.day:
            found.append(_("Ngày quyết định không được ở tương lai."))
        if begins < max(signed, act.day):
            found.append(_("Ngày có hiệu lực không được trước ngày quyết định hoặc trước hôm nay."))
        others = ModelVersion.objects.filter(model=self.model_id, state__in=HELD, effective_from__gte=begins)
        if others.exists():
            found.append(_("Đã có phiên bản khác có hiệu lực cùng ngày hoặc muộn hơn ngày này."))
        return found

    def still_holds(self, act: Act) -> list[str]:
        """Superseded from the day on which the next one holds, not before."""
        holds = ModelVersion.objects.in_force(act.day).filter(pk=self.pk).exists()
        waits = self.effective_from is not None and self.effective_from > act.day
        return [_("Chưa có bản mới nào có hiệu lực.")] if holds or waits else []

    # What the table's ``then`` names.

    def take_items(self, act: Act) -> None:
        """Write the items anew. None given: a first draft starts with those of the version before it."""
        rows: Sequence[Mapping[str, Any]] = act.answers["items"] or []
        if not rows and act.step.starts:
            last = self.model.versions.filter(state__in=HELD).order_by("-number").first()
            rows = [item.facts() for item in last.items.all()] if last else []
        ModelItem.objects.filter(version=self.pk).delete()
        items = [ModelItem(version_id=self.pk, position=at, **row) for at, row in enumerate(rows)]
        for item in items:
            item.content_sha256 = contents.digest(item.content)
        ModelItem.objects.bulk_create(items)
        self.items_sha256 = contents.digest([item.facts() for item in items])  # type: ignore[arg-type]

    def take_decision(self, act: Act) -> None:
        """Number and days of the decision."""
        for name in ("decision_no", "decision_on", "effective_from"):
            setattr(self, name, act.answers[name])


class ModelItem(models.Model):
    """One item of a version: a document to have, with what it says and what an adopter may say otherwise.

    ``key`` is the same in every version. Forms and records are sections of the content. ``code``: what the adopter's
    code is suggested from; ``{agency}`` stands for the agency's own.
    """

    version = models.ForeignKey(ModelVersion, models.PROTECT, related_name="items")
    key = models.CharField(lazy("khoá"), max_length=40)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(lazy("loại"), max_length=20, choices=DocumentKind.choices)
    code = models.CharField(lazy("mẫu mã hiệu"), max_length=60)
    title = models.CharField(lazy("tên"), max_length=1000)
    required = models.BooleanField(lazy("bắt buộc"), default=True)
    open_parts = models.JSONField(lazy("phần được sửa khác"), default=list)
    content = models.JSONField(lazy("nội dung"))
    content_sha256 = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = lazy("mục của mô hình khung")
        ordering = ("version", "position")
        constraints = (models.UniqueConstraint(fields=["version", "key"], name="model_item_key"),)

    def __str__(self) -> str:
        return self.title

    def facts(self) -> dict[str, Any]:
        """What an author writes."""
        return {name: getattr(self, name) for name in FACTS}

    def code_for(self, agency: Unit) -> str:
        """The code suggested to an adopter."""
        return self.code.replace("{agency}", agency.code)[:60]

    @property
    def opened(self) -> list[str]:
        """Parts that may be overridden, in words."""
        return [PARTS[name].label for name in self.open_parts if name in PARTS]
