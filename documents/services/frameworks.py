"""Framework models as they stand: who is offered what, who follows which item how, and what the clock owes for them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, cast
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from documents.content import Content
from documents.deviating import Deviation, deviation
from documents.machines.version import OPEN
from documents.models import (
    AdoptedItem,
    Adoption,
    Document,
    DocumentVersion,
    FrameworkModel,
    MergeBase,
    ModelItem,
    ModelVersion,
)
from documents.models.adoption import HOLDS
from documents.models.framework import HELD
from documents.services.opening import document_open
from workflows import engine
from workflows.errors import BadAnswer, WorkflowError
from workflows.models import Unit, User, day_of
from workflows.ticking import Complaint

# fmt: off
STATUSES: Mapping[str, Any] = {
    "same":       lazy("đúng như mô hình"),
    "overridden": lazy("sửa ở phần được phép"),
    "drifted":    lazy("lệch ngoài phần được phép"),
    "drafting":   lazy("chưa có bản đang có hiệu lực"),
    "kept":       lazy("giữ làm tài liệu riêng"),
    "gap":        lazy("bắt buộc, chưa áp dụng"),
    "offered":    lazy("không bắt buộc, chưa áp dụng"),
}
# fmt: on
"""How an agency stands to an item, one of these; beside it an item may be behind."""
BEHIND = "behind"
AS_IT_IS = Deviation()
COLOURS = {"same": "green", "overridden": "blue", "drifted": "red", "drafting": "secondary", "gap": "orange"}


@dataclass(frozen=True)
class Line:
    """One item as it stands with one agency.

    ``item``: of the version that holds, None if the model has it no more. ``version``: number of the model's version
    from which the newest text of the document was merged. ``found``: how the text in force differs from its item.
    """

    agency: int
    key: str
    item: ModelItem | None
    status: str
    behind: bool = False
    adopted: AdoptedItem | None = None
    version: int | None = None
    found: Deviation = AS_IT_IS

    @property
    def label(self) -> str:
        """The status in words."""
        return str(STATUSES[self.status])

    @property
    def colour(self) -> str:
        """Of its tag."""
        return COLOURS.get(self.status, "muted")

    @property
    def title(self) -> str:
        """What it is called."""
        if self.item is not None:
            return str(self.item)
        return str(self.adopted.document) if self.adopted is not None else self.key


def offered(agency: Unit, day: date) -> list[tuple[FrameworkModel, ModelVersion]]:
    """Models that hold on a day and are meant for an agency, with the version that holds; one query."""
    ups = [int(one) for one in agency.path.strip("/").split("/")]
    rows = ModelVersion.objects.in_force(day).filter(model__below__in=ups).exclude(agency=agency)
    rows = rows.select_related("model__agency", "model__below", "agency").order_by("model__sector", "model__title")
    return [(one.model, one) for one in rows if one.model.is_for(agency)]


def meant_for(model: FrameworkModel, day: date, user: User | None = None) -> list[Unit]:
    """Agencies that a model is meant for on a day, in the order of the tree: all for who publishes it, else those that
    the person sees.
    """
    rows = Unit.objects.agencies().standing_on(day).under(model.below).filter(kind__in=model.kinds)
    owns = user is None or any(model.agency.path.startswith(path) for path in user.agency_paths())
    found = rows if owns or user is None else rows.filter(pk__in=Unit.objects.visible_to(user).values("pk"))
    return list(found.exclude(pk=model.agency_id).order_by("path"))


def standing(version: ModelVersion, agencies: Collection[int], day: date) -> dict[int, list[Line]]:
    """By agency how each item of a version stands; those that did not adopt the model are left out."""
    return {agency: lines for (_model, agency), lines in standings([version], agencies, day).items()}


def standings(
    versions: Sequence[ModelVersion], agencies: Collection[int], day: date
) -> dict[tuple[UUID, int], list[Line]]:
    """The same for versions of several models, by model and agency; eight queries for however many of either.

    Texts are read only where their digest is not that of the item that they were merged from.
    """
    items: dict[UUID, dict[str, ModelItem]] = {one.model_id: {} for one in versions}
    models = {one.pk: one.model_id for one in versions}
    for item in ModelItem.objects.filter(version__in=models).defer("content").order_by("version", "position"):
        items[models[item.version_id]][item.key] = item
    adoptions = Adoption.objects.filter(model__in=items, agency__in=agencies).exclude(state="left")
    triples = list(adoptions.values_list("pk", "model_id", "agency_id"))
    places = {pk: model for pk, model, _agency in triples}
    found: dict[tuple[UUID, int], list[Line]] = {(model, agency): [] for _pk, model, agency in triples}
    held: dict[tuple[UUID, int], dict[str, AdoptedItem]] = defaultdict(dict)
    rows = AdoptedItem.objects.filter(adoption__in=places, state__in=HOLDS).select_related("document", "unit")
    adopted = list(rows.order_by("key"))
    for one in adopted:
        held[places[one.adoption_id], one.agency_id][one.key] = one
    texts = _Texts(adopted, day)
    for (model, agency), lines in found.items():
        mine, theirs = held[model, agency], items[model]
        for key, item in theirs.items():
            lines.append(texts.line(mine[key], item) if key in mine else _untaken(agency, item))
        lines += [texts.line(one, None) for key, one in mine.items() if key not in theirs]
    return found


def _untaken(agency: int, item: ModelItem) -> Line:
    return Line(agency, item.key, item, "gap" if item.required else "offered")


class Pair(NamedTuple):
    """An item of a model and a text in force that was merged from it, each with its digest; ``opened``: parts."""

    item: Any
    item_sha256: str
    opened: tuple[str, ...]
    live: Any
    live_sha256: str


PAIRS = 20_000
"""How many comparisons a process keeps."""
COMPARED: dict[tuple[str, tuple[str, ...], str], Deviation] = {}
"""By the digests of item and text, and the opened parts: two texts differ for ever as they differ today."""


def deviations(pairs: Mapping[UUID, Pair]) -> dict[UUID, Deviation]:
    """How each text differs from its item; two queries for those that were not compared before, none if all were."""
    names = {pk: (one.item_sha256, one.opened, one.live_sha256) for pk, one in pairs.items()}
    left = {pk: one for pk, one in pairs.items() if names[pk] not in COMPARED}
    items = ModelItem.objects.in_bulk({one.item for one in left.values()}) if left else {}
    wanted = {one.live for one in left.values()}
    texts = dict(DocumentVersion.objects.filter(pk__in=wanted).values_list("pk", "content")) if wanted else {}
    fresh = {
        pk: deviation(cast("Content", items[one.item].content), cast("Content", texts[one.live]), one.opened)
        for pk, one in left.items()
    }
    found = {pk: fresh[pk] if pk in fresh else COMPARED[names[pk]] for pk in pairs}
    if len(COMPARED) + len(fresh) > PAIRS:
        COMPARED.clear()
    COMPARED.update({names[pk]: one for pk, one in fresh.items()})
    return found


class _Texts:
    """Bases and texts in force of many adopted items; three queries."""

    def __init__(self, adopted: Sequence[AdoptedItem], day: date) -> None:
        rows = MergeBase.objects.filter(adopted__in=[one.pk for one in adopted]).exclude(version__state="cancelled")
        rows = rows.select_related("item__version", "version").defer("item__content", "version__content")
        self.newest: dict[UUID, MergeBase] = {}
        self.issued: dict[UUID, MergeBase] = {}
        for base in rows.order_by("pk"):
            self.newest[base.adopted_id] = base
            if base.version.state not in OPEN:
                self.issued[base.adopted_id] = base
        documents = [one.document_id for one in adopted]
        live = DocumentVersion.objects.in_force(day).filter(document__in=documents)
        pairs = live.values_list("document_id", "pk", "content_sha256")
        self.live = {document: (pk, digest) for document, pk, digest in pairs}
        self.found = self._compared(adopted)

    def _compared(self, adopted: Sequence[AdoptedItem]) -> dict[UUID, Deviation]:
        differing = {}
        for one in adopted:
            base, live = self.issued.get(one.pk), self.live.get(one.document_id)
            if base is not None and live is not None and base.item.content_sha256 != live[1]:
                differing[one.pk] = Pair(base.item_id, base.item.content_sha256, tuple(base.item.open_parts), *live)
        return deviations(differing)

    def line(self, one: AdoptedItem, item: ModelItem | None) -> Line:
        """How one adopted item stands to the model's present one."""
        base, found = self.newest.get(one.pk), self.found.get(one.pk, AS_IT_IS)
        status = "drafting"
        if one.state == "kept":
            status = "kept"
        elif one.document_id in self.live and one.pk in self.issued:
            status = found.status
        behind = one.is_behind(base, item)
        number = base.item.version.number if base else None
        return Line(one.agency_id, one.key, item, status, behind, one, number, found)


@transaction.atomic
def model_open(
    *, agency: Unit, below: Unit, title: str, sector: str, kinds: Sequence[str], by: User, now: datetime | None = None
) -> ModelVersion:
    """A new model and the draft of its first version; raises ``WorkflowError``."""
    if FrameworkModel.objects.filter(agency=agency, title=title).exists():
        raise BadAnswer(problems={"title": _("Cơ quan đã có mô hình tên này.")})
    model = FrameworkModel.objects.create(agency=agency, below=below, title=title, sector=sector, kinds=list(kinds))
    return next_version(model, by=by, now=now)


@transaction.atomic
def next_version(model: FrameworkModel, *, by: User, now: datetime | None = None) -> ModelVersion:
    """The draft of a model's next version, with the items of the one before; raises ``WorkflowError``."""
    FrameworkModel.objects.select_for_update().get(pk=model.pk)
    last = model.versions.order_by("-number").first()
    if last is not None and last.state in ("draft", "submitted"):
        raise BadAnswer(_("Mô hình đang có một phiên bản chưa công bố."))
    fresh = ModelVersion(
        model=model, agency_id=model.agency_id, unit_id=model.agency_id, number=last.number + 1 if last else 1
    )
    return engine.start(fresh, "draft", by=by, now=now)


@dataclass(frozen=True)
class Choice:
    """What an agency wants of one item: a new draft in a unit under a code, or a document that it has."""

    item: ModelItem
    unit: Unit | None = None
    code: str = ""
    document: Document | None = None


@transaction.atomic
def take(adoption: Adoption, choices: Iterable[Choice], *, by: User, now: datetime | None = None) -> list[AdoptedItem]:
    """Take items up, all or none: each with a draft opened by the ordinary door, or with a document that is there.

    Raises ``WorkflowError`` with problems by the item's key.
    """
    found = []
    for choice in choices:
        try:
            found.append(_taken(adoption, choice, by, now))
        except WorkflowError as error:
            problems = error.problems
            said: list[object] = [*problems.values()] if isinstance(problems, Mapping) else [*problems]
            raise type(error)(
                error.sentence, problems={choice.item.key: " ".join(map(str, said or [error.sentence]))}
            ) from error
    return found


def _taken(adoption: Adoption, choice: Choice, by: User, now: datetime | None) -> AdoptedItem:
    document = choice.document
    if document is None:
        item, unit = choice.item, choice.unit or adoption.agency
        document = document_open(
            unit=unit, kind=item.kind, code=choice.code or item.code_for(adoption.agency), title=item.title, by=by,
            content=item.content, note=_("Theo %(model)s") % {"model": item.version}, now=now,
        ).document  # fmt: skip
    fresh = AdoptedItem(adoption=adoption, agency_id=adoption.agency_id, unit_id=document.unit_id)
    return engine.start(fresh, "take", by=by, now=now, target=str(choice.item.pk), document=str(document.pk))


def frameworks_tick(now: datetime) -> tuple[Counter[str], list[Complaint]]:
    """Versions that others followed, adoptions that fell behind or caught up. Safe to run twice and late."""
    done: Counter[str] = Counter()
    complaints: list[Complaint] = []
    for record, action in _owed(day_of(now)):
        try:
            engine.fire(record, action, by=None, now=now)
        except WorkflowError as error:
            if error.code not in ("guard_failed", "wrong_state"):  # not yet, or another clock was faster
                complaints.append(Complaint(str(record), str(error.sentence)))
        else:
            done[f"{record.machine.name}.{action}"] += 1
    return done, complaints


def _owed(day: date) -> Iterator[tuple[ModelVersion | Adoption, str]]:
    newer = ModelVersion.objects.filter(model=OuterRef("model"), state__in=HELD, effective_from__lte=day)
    replaced = newer.filter(effective_from__gt=OuterRef("effective_from"))
    for version in ModelVersion.objects.filter(Exists(replaced), state="published").select_related("model"):
        yield version, "supersede"
    since = newer.filter(~Q(pk=OuterRef("version"))).filter(effective_from__gt=OuterRef("version__effective_from"))
    adoptions = Adoption.objects.for_list().order_by("pk")
    for adoption in adoptions.filter(Exists(since), state="following"):
        yield adoption, "fall_behind"
    for adoption in adoptions.filter(state="behind"):
        yield adoption, "settle"
