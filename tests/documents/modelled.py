"""A department's framework model, and a commune that applies it."""

from __future__ import annotations

import copy
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from documents import content as contents
from documents.models import AdoptedItem, Adoption, DocumentKind, DocumentVersion, ModelItem, ModelVersion
from documents.services.frameworks import Choice, frameworks_tick, model_open, next_version, take
from tests import factories, people
from tests.people import World
from workflows import engine
from workflows.models import Record, UnitKind, day_of
from workflows.roles import Role

CONTENT = contents.clean(factories.content())
COMMUNE = {"ba": Role.ISO_SECRETARY, "chi": Role.QMR, "dao": Role.STEERING_HEAD, "em": Role.RECORDS_CLERK}
"""Who sits in the commune beside Xuân, its drafter."""


def populated(world: World) -> World:
    """The commune with a secretary, a QMR, a head and a clerk."""
    for name, role in COMMUNE.items():
        world.people[name] = people.person(name)
        people.seat(world.people[name], role, world.unit("xa"))
    return world


def item(key: str, **facts: Any) -> dict[str, Any]:
    """An item of a model: a procedure of the committee unless told otherwise."""
    content = copy.deepcopy(dict(CONTENT)) | facts.pop("parts", {})
    given = {"kind": DocumentKind.SYS_PROC, "code": f"QT-{key}.{{agency}}", "title": f"Quy trình {key}"}
    return {"key": key, "required": True, "open_parts": [], **given, **facts, "content": content}


def drafted(world: World, *items: dict[str, Any]) -> ModelVersion:
    """The first version of a model of the department for communes, as a draft."""
    place = world.unit("stp")
    version = model_open(
        agency=place,
        below=place,
        title="Mô hình khung cấp xã",
        sector="Tư pháp",
        kinds=[UnitKind.COMMUNE],
        by=world.hoa,
    )
    return engine.fire(version, "edit", by=world.hoa, items=list(items or [item("hs"), item("dg")]))


def published(
    world: World, version: ModelVersion, *, on: date | None = None, now: datetime | None = None
) -> ModelVersion:
    """The same in force from a day on; today, or the day of ``now``, unless told otherwise."""
    engine.fire(version, "submit", by=world.hoa, now=now)
    day = day_of(now)
    given: dict[str, Any] = {"decision_no": "77/QĐ-STP", "decision_on": day, "effective_from": on or day}
    return engine.fire(version, "publish", by=world.tuan, now=now, **given)


def model(world: World, *items: dict[str, Any], now: datetime | None = None) -> ModelVersion:
    """A model in force."""
    return published(world, drafted(world, *items), now=now)


def moved(world: World, version: ModelVersion, *items: dict[str, Any]) -> ModelVersion:
    """The next version of a model, in force from tomorrow on."""
    fresh = engine.fire(next_version(version.model, by=world.hoa), "edit", by=world.hoa, items=list(items))
    return published(world, fresh, on=day_of() + timedelta(days=1))


def tomorrow() -> datetime:
    """When the next version holds."""
    return timezone.now() + timedelta(days=1)


def adopted(world: World, version: ModelVersion) -> Adoption:
    """The commune applies the model; no item is taken yet."""
    place = world.unit("xa")
    fresh = Adoption(agency=place, unit=place, model=version.model)
    return engine.start(fresh, "adopt", by=world.people["ba"])


def taken(world: World, version: ModelVersion, key: str = "hs", *, by: str = "ba") -> AdoptedItem:
    """An item of the model, with a draft of its own."""
    adoption = Adoption.objects.filter(model=version.model).first() or adopted(world, version)
    row = ModelItem.objects.get(version=version, key=key)
    return take(adoption, [Choice(row, world.unit("xa"))], by=world.people[by])[0]


def linked(world: World, version: ModelVersion, key: str = "hs", **parts: Any) -> AdoptedItem:
    """An item of the model, followed with a document of the commune that is in force and differs in some parts."""
    factories.regulation()
    adoption = Adoption.objects.filter(model=version.model).first() or adopted(world, version)
    owner = factories.document(world, "xa", kind=DocumentKind.SYS_PROC)
    fresh = DocumentVersion(document=owner, agency=owner.agency, unit=owner.unit, content={})
    content = copy.deepcopy(dict(CONTENT)) | parts
    engine.start(fresh, "adopt", by=None, content=content, effective_from=date(2026, 1, 5))
    row = ModelItem.objects.get(version=version, key=key)
    return take(adoption, [Choice(row, document=owner)], by=world.people["ba"])[0]


def upgrade(world: World, one: AdoptedItem, target: ModelItem, *, by: str = "ba", **decisions: Any) -> AdoptedItem:
    """The item merged with a newer one; decisions by the conflict's name, ``__`` for a dot."""
    joined = one.joined(target)
    assert joined is not None
    given = {name.replace("__", "."): {"take": take} for name, take in decisions.items()}
    return engine.fire(
        one, "merge", by=world.people[by], now=tomorrow(), target=str(target.pk), seen=joined.seen, decisions=given
    )


def tick(now: datetime | None = None) -> dict[str, int]:
    """What the clock did."""
    done, complaints = frameworks_tick(now or timezone.now())
    assert complaints == []
    return dict(done)


def for_departments(world: World, *, key: str = "hs") -> ModelVersion:
    """A model in force of the province above for departments."""
    place = world.unit("tinh")
    head = world.people.setdefault("chutich", people.person("chutich"))
    people.seat(head, Role.STEERING_HEAD, place)
    version = model_open(
        agency=place, below=place, title="Mô hình khung cấp sở", sector="", kinds=[UnitKind.DEPARTMENT], by=world.cao
    )
    engine.fire(version, "edit", by=world.cao, items=[item(key, kind=DocumentKind.TTHC_PROC)])
    return _issued(world, version, day_of())


def _issued(world: World, version: ModelVersion, on: date) -> ModelVersion:
    engine.fire(version, "submit", by=world.cao)
    given: dict[str, Any] = {"decision_no": "9/QĐ-UBND", "decision_on": day_of(), "effective_from": on}
    return engine.fire(version, "publish", by=world.people["chutich"], **given)


def record_in(world: World, name: str, state: str) -> Record:
    """A record of the first department in a state, reached through the door."""
    if name == "model_version":
        return _version_in(world, state)
    version, place = for_departments(world), world.unit("stp")
    adoption = engine.start(Adoption(agency=place, unit=place, model=version.model), "adopt", by=world.hoa)
    if name == "adoption":
        if state == "behind":
            moved_above(world, version, "hs")
            engine.fire(adoption, "fall_behind", by=None, now=tomorrow())
        found: Record = Adoption.objects.select_related("model").get(pk=adoption.pk)
        return found
    live = factories.in_force(world)
    one = take(adoption, [Choice(version.items.get(), document=live.document)], by=world.lan)[0]
    if state == "kept":
        moved_above(world, version, "khac")
        return engine.fire(one, "keep", by=world.lan, now=tomorrow(), note="Vẫn cần")
    return one


def _version_in(world: World, state: str) -> ModelVersion:
    version = drafted(world)
    if state == "submitted":
        return engine.fire(version, "submit", by=world.hoa)
    return version if state == "draft" else published(world, version)


def moved_above(world: World, version: ModelVersion, key: str) -> ModelVersion:
    """The province's next version, in force from tomorrow on."""
    fresh = next_version(version.model, by=world.cao)
    changed = item(key, kind=DocumentKind.TTHC_PROC, parts={"purpose": "Mục đích mới của mô hình."})
    engine.fire(fresh, "edit", by=world.cao, items=[changed])
    return _issued(world, fresh, day_of() + timedelta(days=1))


def prepare(world: World, record: Any, action: str) -> None:
    """What a step waits for: that the model moves, or that it has the item no more."""
    if action == "supersede" and isinstance(record, ModelVersion):
        moved(world, record, item("hs"))
    elif action == "fall_behind":
        moved_above(world, record.model.versions.get(), "hs")
    elif action in ("merge", "keep"):
        moved_above(world, record.adoption.model.versions.get(), "hs" if action == "merge" else "khac")


def answers(record: Any, action: str) -> dict[str, Any]:
    """Right answers for a step, as of today."""
    if action == "merge":
        target = ModelItem.objects.filter(version__model=record.adoption.model_id).order_by("-version__number")[0]
        joined = record.joined(target)
        return {"target": str(target.pk), "seen": joined.seen, "decisions": {}}
    given: dict[str, dict[str, Any]] = {
        "edit": {"items": [item("moi")]},
        "publish": {"decision_no": "5/QĐ", "decision_on": day_of(), "effective_from": day_of()},
    }
    said = {"note": "Lý do"} if action in ("return", "abandon", "leave", "keep", "drop", "lapse") else {}
    return given.get(action, said)
