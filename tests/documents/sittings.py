"""A campaign whose revisions wait on the leader: one of each class."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from documents.models import Campaign, DocumentVersion, ImpactItem, RegulationRelation
from documents.models.difference import differences
from documents.services.campaigns import campaign_open
from documents.services.sitting import Chosen
from tests import factories
from tests.people import World
from workflows import engine

OLD, NEW = "15/2015/TT-BTP", "04/2020/TT-BTP"
SINCE = date(2020, 7, 16)


def basis(*numbers: str, note: str = "") -> list[dict[str, str]]:
    return [{"key": f"b{at}", "number": number, "issuer": "", "note": note} for at, number in enumerate(numbers, 1)]


def law() -> None:
    """A circular that replaced another."""
    dead, heir = factories.regulation(OLD), factories.regulation(NEW, effective_on=SINCE)
    RegulationRelation.objects.get_or_create(
        source=heir, kind="replaces", target=dead, defaults={"effective_on": SINCE}
    )


SWAPPED: dict[str, Any] = {"legal_basis": basis(NEW)}
WRITING: dict[str, Any] = {"legal_basis": basis(NEW), "scope": "Áp dụng cho phòng chuyên môn và Bộ phận một cửa"}
SUBSTANCE: dict[str, Any] = {"legal_basis": basis(NEW), "fee": "10.000 đồng."}


def campaign_of(world: World, *changes: dict[str, Any], state: str = "pending_approval") -> Campaign:
    """A campaign with one revision for each of these changes, brought to a state; once more, the same one grown."""
    law()
    for _change in changes:
        factories.in_force(world, legal_basis=basis(OLD))
    found = campaign_open(regulation=factories.regulation(NEW), agency=world.unit("stp"), by=world.phuc)
    fresh = [item for item in items(found) if item.state == "detected"]
    for item, change in zip(fresh, changes, strict=True):
        opened = engine.fire(engine.fire(item, "confirm", by=world.phuc), "open_revision", by=world.lan)
        assert opened.revision is not None
        draft = engine.fire(opened.revision, "edit", by=world.lan, content=factories.content(**change))
        for target, action, name in factories.PATH:
            if draft.state == state:
                break
            draft = engine.fire(draft, action, by=world.people[name or ""], **factories.answers(action))
            assert draft.state == target
    return found


def items(campaign: Campaign) -> list[ImpactItem]:
    return list(campaign.items.order_by("document__code_key"))


def revisions(campaign: Campaign) -> list[DocumentVersion]:
    """The revisions, in the order of the changes."""
    keys = [item.revision_id for item in items(campaign)]
    found = DocumentVersion.objects.select_related("document", "agency", "unit").in_bulk(keys)
    return [found[key] for key in keys if key]


def chosen(version: DocumentVersion, by: Any = None) -> Chosen:
    """A version as it is shown now, opened by the person if one is given."""
    found = differences([version])[version.pk]
    proof = found.opened(by, timezone.now()) if by else ""
    return Chosen(version.pk, version.row_version, found.digest, proof)
