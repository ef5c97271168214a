"""Adoption of a framework model: which items an agency follows with which documents, and merged from what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from documents import content as contents
from documents.content import Content
from documents.machines.framework import ADOPTED, ADOPTION
from documents.merging import Conflict, Decision, decide, join
from documents.models.document import Document
from documents.models.framework import HELD, FrameworkModel, ModelItem, ModelVersion
from documents.models.version import DocumentVersion, open_version
from documents.redline import aligned
from workflows import engine
from workflows.errors import Stale
from workflows.models import Record, RecordQuerySet, User

if TYPE_CHECKING:
    from workflows.engine import Act

HOLDS = ("followed", "kept")
"""States of an item that is with an agency."""
SIDES = ("mine", "theirs", "typed")


class AdoptionQuerySet(RecordQuerySet["Adoption"]):
    """Adoptions by sight."""

    def in_agencies_of(self, user: User, now: datetime | None = None) -> Self:
        """Beside those of the own tree, those of models that it publishes: who writes a model sees who applies it."""
        return super().in_agencies_of(user, now) | self.filter(_owned("model__agency", user, now))

    def for_list(self) -> Self:
        """With model and version."""
        return super().for_list().select_related("model__agency", "version")


class Adoption(Record):
    """An agency applies a model. ``version``: the last one of which everything was decided here."""

    machine = ADOPTION

    model = models.ForeignKey(FrameworkModel, models.PROTECT, related_name="adoptions")
    version = models.ForeignKey(ModelVersion, models.PROTECT, related_name="+")

    objects: ClassVar[AdoptionQuerySet] = AdoptionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("áp dụng mô hình khung")
        ordering = ("agency", "model")
        constraints = (
            models.UniqueConstraint(fields=["agency", "model"], condition=~Q(state="left"), name="adoption_once"),
        )
        indexes = (models.Index(fields=["agency", "state", "due_on", "entered_at"], name="adoption_inbox"),)

    def __str__(self) -> str:
        return _("%(agency)s áp dụng %(model)s") % {"agency": self.agency, "model": self.model}

    def get_absolute_url(self) -> str:
        """Page of the adoption."""
        return reverse("documents:adoption", args=[self.pk])

    def evidence(self) -> dict[str, object]:
        """Which model, handled up to which version."""
        return {"model": str(self.model_id), "version": str(self.version_id)}

    def not_adoptable(self, act: Act) -> list[str]:
        """A model that holds, is meant for this agency, and is not applied yet."""
        found = []
        if self.model.current(act.day) is None:
            found.append(_("Mô hình chưa có phiên bản nào đang có hiệu lực."))
        if not self.model.is_for(self.agency):
            found.append(_("Mô hình này không dành cho cơ quan của bạn."))
        if Adoption.objects.filter(agency=self.agency_id, model=self.model_id).exclude(state="left").exists():
            found.append(_("Cơ quan đã áp dụng mô hình này."))
        return found

    def nothing_new(self, act: Act) -> list[str]:
        """Behind as soon as another version holds than the one that was handled."""
        current = self.model.current(act.day)
        return [] if current and current.pk != self.version_id else [_("Mô hình không có bản mới.")]

    def unsettled(self, act: Act) -> list[str]:
        """Every item that is still to decide."""
        current = self.model.current(act.day)
        if current is None:
            return []
        now = {item.key: item for item in current.items.all()}
        rows = list(self.items.filter(state__in=HOLDS))
        bases = bases_of(rows)
        found = [str(now.get(one.key, one.key)) for one in rows if one.is_behind(bases.get(one.pk), now.get(one.key))]
        before = set(self.version.items.values_list("key", flat=True))
        taken = {one.key for one in rows}
        new = [item for key, item in now.items() if item.required and key not in before | taken]
        return [_("Chưa xử lý: %(item)s.") % {"item": item} for item in (*found, *new)]

    def take_version(self, act: Act) -> None:
        """From now on everything up to this version is handled."""
        current = self.model.current(act.day)
        if current is not None:
            self.version = current

    def release_items(self, act: Act) -> None:
        """Items of a model that is not applied any more are followed no more; the documents stay."""
        for one in self.items.filter(state__in=HOLDS).order_by("pk"):
            engine.fire(one, "release", by=None, now=act.now)


class AdoptedQuerySet(RecordQuerySet["AdoptedItem"]):
    """Adopted items by sight."""

    def in_agencies_of(self, user: User, now: datetime | None = None) -> Self:
        """As their adoptions."""
        return super().in_agencies_of(user, now) | self.filter(_owned("adoption__model__agency", user, now))

    def for_list(self) -> Self:
        """With model and document."""
        return super().for_list().select_related("adoption__model", "document")


def _owned(owner: str, user: User, now: datetime | None) -> Q:
    """Where the model is published by an agency of the person's own tree."""
    where = Q(pk__in=())
    for path in user.agency_paths(now):
        where |= Q(**{f"{owner}__path__startswith": path})
    return where


@dataclass(frozen=True)
class Joined:
    """An item on its way to another version of the model: what it was, what both sides made of it, and both together.

    All three contents bear the keys of ``base``; ``version`` is the one that holds ``mine``.
    """

    base: ModelItem
    target: ModelItem
    version: DocumentVersion
    mine: Content
    theirs: Content
    merged: Content
    conflicts: list[Conflict]

    @property
    def seen(self) -> str:
        """What a person has seen: the decision holds for this very text."""
        return f"{self.version.pk}.{self.version.row_version}"

    @property
    def changes(self) -> bool:
        """Whether the merged text is another one than that of the agency."""
        return contents.digest(self.merged) != contents.digest(self.mine)


class AdoptedItem(Record):
    """One item of a model, followed with a document of the agency. What it was merged from last: ``MergeBase``."""

    machine = ADOPTED
    rests_on = "adoption"

    adoption = models.ForeignKey(Adoption, models.PROTECT, related_name="items")
    key = models.CharField(max_length=40, editable=False)
    document = models.ForeignKey(Document, models.PROTECT, related_name="adopted")

    objects: ClassVar[AdoptedQuerySet] = AdoptedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("mục áp dụng theo mô hình")
        ordering = ("adoption", "key")
        constraints = (
            models.UniqueConstraint(fields=["adoption", "key"], condition=Q(state__in=HOLDS), name="adopted_once"),
            models.UniqueConstraint(fields=["document"], condition=Q(state__in=HOLDS), name="adopted_document"),
        )

    def __str__(self) -> str:
        return f"{self.document} ← {self.adoption.model}"

    def get_absolute_url(self) -> str:
        """Page of the item: how it stands, and the upgrade."""
        return reverse("documents:adopted_item", args=[self.pk])

    def evidence(self) -> dict[str, object]:
        """Which item with which document, and what it was merged from last."""
        base = self.bases.order_by("-pk").select_related("item").first()
        merged = {"base": base.item_id, "base_sha256": base.item.content_sha256} if base else {}
        return {"key": self.key, "document": str(self.document_id), **merged}

    def options(self, name: str) -> list[tuple[str, str]]:
        """Items of the model, documents of the agency."""
        if name == "target":
            items = ModelItem.objects.filter(version__model=self.adoption.model_id, version__state__in=HELD)
            items = items.filter(key=self.key) if self.key else items
            return [(str(pk), f"{code} · {title}") for pk, code, title in items.values_list("pk", "code", "title")]
        if name == "document":
            rows = Document.objects.filter(agency=self.agency_id).order_by("code_key")
            return [(str(pk), f"{code} · {title}") for pk, code, title in rows.values_list("pk", "code", "title")]
        return super().options(name)

    def is_behind(self, base: MergeBase | None, current: ModelItem | None) -> bool:
        """Whether the agency still has to decide what the model's present item means for its document.

        ``current`` None: the model has the item no more.
        """
        if self.state != "followed" or base is None:
            return False
        if current is None:
            return True
        return base.item.content_sha256 != current.content_sha256

    def base(self) -> MergeBase | None:
        """What the document was merged from last, not counting drafts that were abandoned."""
        return bases_of([self]).get(self.pk)

    def joined(self, target: ModelItem) -> Joined | None:
        """The document, the item it was merged from and the new one, put together; None if it has no text at all."""
        base, version = self.base(), working(self.document_id)
        if base is None or version is None:
            return None
        before = cast("Content", base.item.content)
        mine, theirs = (aligned(cast("Content", one.content), before) for one in (version, target))
        merged, conflicts = join(before, mine, theirs)
        return Joined(base.item, target, version, mine, theirs, merged, conflicts)

    # Guards.

    def unfit_document(self, act: Act) -> list[str]:
        """An item of the version that holds and a document of this place, neither taken already."""
        found = self._unfit_target(act)
        item = ModelItem.objects.get(pk=act.answers["target"])
        document = Document.objects.get(pk=act.answers["document"])
        if (document.agency_id, document.unit_id) != (self.agency_id, self.unit_id):
            found.append(_("Tài liệu này không thuộc đơn vị này."))
        if self.adoption.items.filter(key=item.key, state__in=HOLDS).exists():
            found.append(_("Cơ quan đã có tài liệu theo mục này."))
        if document.adopted.filter(state__in=HOLDS).exists():
            found.append(_("Tài liệu này đã theo một mục của mô hình."))
        if document.kind != item.kind:
            found.append(_("Tài liệu này không cùng loại với mục của mô hình."))
        if working(document.pk) is None:
            found.append(_("Tài liệu này chưa có nội dung."))
        return found

    def undecided(self, act: Act) -> list[str]:
        """Every conflict is decided, on the very text that was seen; raises ``Stale`` if that has changed."""
        found = self._unfit_target(act)
        joined = self.joined(ModelItem.objects.get(pk=act.answers["target"]))
        if joined is None:
            return [*found, _("Tài liệu này chưa có nội dung.")]
        if joined.seen != act.answers["seen"]:
            raise Stale(state=self.state)
        if joined.version.stage.waits_on and joined.version.state != "draft":
            found.append(_("Tài liệu có một bản đang trình duyệt; chờ bản đó xong hoặc thu hồi trước."))
        return found + _undecided(joined.conflicts, act.answers["decisions"])

    def still_offered(self, act: Act) -> list[str]:
        """Only what the model has no more is kept as a document of one's own."""
        current = self.adoption.model.current(act.day)
        if current is not None and current.items.filter(key=self.key).exists():
            return [_("Mô hình vẫn có mục này.")]
        return []

    def _unfit_target(self, act: Act) -> list[str]:
        current = self.adoption.model.current(act.day)
        item = ModelItem.objects.get(pk=act.answers["target"])
        if self.adoption.state == "left":
            return [_("Cơ quan đã thôi áp dụng mô hình này.")]
        if current is None or item.version_id != current.pk:
            return [_("Mục này không thuộc phiên bản mô hình đang có hiệu lực.")]
        return []

    # What the table's ``then`` names.

    def take_up(self, act: Act) -> None:
        """Follow the item with the document as it is; it was merged from nothing older."""
        item = ModelItem.objects.get(pk=act.answers["target"])
        self.key, self.document_id = item.key, (document := act.answers["document"])
        MergeBase.objects.create(adopted_id=self.pk, item=item, version=cast("DocumentVersion", working(document)))

    def carry_out(self, act: Act) -> None:
        """Put the merged text into the draft, or open one, by the ordinary door; what it was merged from is kept."""
        joined = self.joined(ModelItem.objects.get(pk=act.answers["target"]))
        if joined is None:
            raise Stale(state=self.state)
        decisions = decisions_of(act.answers["decisions"])
        content = decide(joined.merged, joined.conflicts, decisions)
        version = joined.version
        if contents.digest(content) != contents.digest(joined.mine):
            note = act.answers["note"] or _("Theo %(model)s") % {"model": joined.target.version}
            version = self._written(version, content, note, act)
        MergeBase.objects.create(adopted_id=self.pk, item=joined.target, version=version)

    def _written(self, version: DocumentVersion, content: Content, note: str, act: Act) -> DocumentVersion:
        if version.state == "draft":
            seen = version.row_version
            return engine.fire(version, "edit", by=act.by, expected=seen, now=act.now, content=content, note=note)
        cause = (self.machine.name, self.pk)
        due = self.adoption.due_on
        return open_version(
            self.document, by=cast("User", act.by), content=content, note=note, wanted_by=due, cause=cause, now=act.now
        )


class MergeBase(models.Model):
    """From which item of a model a version of a document was merged. Written once; the last one counts."""

    adopted = models.ForeignKey(AdoptedItem, models.PROTECT, related_name="bases")
    item = models.ForeignKey(ModelItem, models.PROTECT, related_name="+")
    version = models.ForeignKey(DocumentVersion, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = lazy("gốc so sánh")
        ordering = ("adopted", "pk")

    def __str__(self) -> str:
        return f"{self.version} ← {self.item}"


def bases_of(rows: list[AdoptedItem]) -> dict[Any, MergeBase]:
    """By item the last base whose draft was not abandoned; one query."""
    found = MergeBase.objects.filter(adopted__in=rows).exclude(version__state="cancelled")
    found = found.select_related("item__version", "version").defer("version__content")
    return {one.adopted_id: one for one in found.order_by("pk")}


def working(document_id: Any) -> DocumentVersion | None:
    """The text that a document's next change starts from: its newest one, under way or not, that was not abandoned."""
    rows = DocumentVersion.objects.filter(document=document_id).exclude(state="cancelled")
    rows = rows.select_related("document", "agency", "unit").order_by("issue_no", "revision_no")
    return rows.last()


def decisions_of(raw: Mapping[str, Any]) -> dict[str, Decision]:
    """Decisions as the merge takes them."""
    return {name: Decision(one["take"], one.get("text", "")) for name, one in raw.items()}


def _undecided(conflicts: list[Conflict], raw: object) -> list[str]:
    """Sentences of what is not decided, and of decisions that are none."""
    if not isinstance(raw, Mapping):
        return [_("Quyết định phải là một bảng theo từng chỗ khác nhau.")]
    known = {one.name: one for one in conflicts}
    found = [_("Không có chỗ khác nhau nào tên %(name)s.") % {"name": name} for name in raw if name not in known]
    for name, one in known.items():
        given = raw.get(name)
        if given is None:
            found.append(_("Chưa quyết định: %(place)s.") % {"place": place_of(one)})
        elif not _is_decision(given, one):
            found.append(_("Quyết định không đọc được: %(place)s.") % {"place": place_of(one)})
    return found


def _is_decision(given: object, conflict: Conflict) -> bool:
    if not isinstance(given, Mapping) or given.get("take") not in SIDES or set(given) - {"take", "text"}:
        return False
    if given["take"] == "typed":
        return conflict.kind == "cell" and isinstance(given.get("text"), str)
    return True


def place_of(conflict: Conflict) -> str:
    """Where a conflict stands, in words."""
    item = conflict.section
    if conflict.kind == "order":
        return _("%(section)s, thứ tự các dòng") % {"section": item.label}
    column = next((str(one.label).lower() for one in item.columns if one.key == conflict.column), "")
    row = f"{item.row} {conflict.place + 1}".lower() if item.kind == "rows" else ""
    return ", ".join(part for part in (str(item.label), row, column) if part)
