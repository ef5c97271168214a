"""An agency fit to publish, and publications brought to a state by the people whose turn it is."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.cache import caches
from django.utils import timezone

from documents.models import AnnouncedChange, AnnouncedProcedure, DocumentVersion, Publication
from tests import factories
from tests.capa import records, yearly
from tests.people import World
from workflows import engine

EDITION = "TCVN ISO 9001:2015"
SITE = "https://stp.songvang.gov.vn/iso/cong-bo"

PATH = (
    ("confirmed", "confirm", "quang"),
    ("pending_signature", "submit", "hoa"),
    ("signed", "sign", "tuan"),
    ("published", "publish", "van"),
)


def announce(world: World, code: str, **facts: Any) -> AnnouncedProcedure:
    """A procedure announced for the first department."""
    given = {"title": f"Thủ tục {code}", "decision": "15/QĐ-UBND", "effective_on": date(2026, 1, 5), **facts}
    return AnnouncedProcedure.objects.create(
        agency=world.unit("stp"), code=code, **{"change": AnnouncedChange.NEW, **given}
    )


def fit(world: World, version: DocumentVersion | None = None) -> DocumentVersion:
    """What every condition asks for: a procedure in force, announced, a signed audit and a management review. The
    committee is there.
    """
    version = version or factories.in_force(world)
    announce(world, version.document.code)
    records.audit_round(world, "report_signed")
    yearly.review(world, "held")
    return version


def answers(action: str) -> dict[str, Any]:
    """Right answers for a step of a publication, as of today."""
    given: dict[str, dict[str, Any]] = {
        "prepare": {"edition": EDITION},
        "freeze": {"edition": EDITION},
        "return": {"note": "Thiếu phụ lục"},
        "publish": {
            "decision_on": timezone.localdate(),
            "website": SITE,
            "notified": "21/CV-STP, 20/11/2026",
            "alarms": "hidden",
        },
        "show": {"alarms": "shown"},
        "lapse": {"note": "Cơ quan kết thúc"},
        "revoke": {"revocation_no": "88/QĐ-STP", "note": "Cơ quan giải thể"},
    }
    return given.get(action, {})


def prepared(world: World) -> Publication:
    """A publication that the secretary has just prepared, for an agency as it is."""
    place = world.unit("stp")
    return engine.start(Publication(agency=place, unit=place), "prepare", by=world.hoa, **answers("prepare"))


def publication(world: World, state: str = "published", *, now: datetime | None = None) -> Publication:
    """A publication in a state, of an agency that is fit."""
    if not DocumentVersion.objects.filter(agency=world.unit("stp")).exists():
        fit(world)
    found = prepared(world)
    for target, action, name in PATH:
        if found.state == state:
            return found
        found = engine.fire(found, action, by=world.people[name], now=now, **answers(action))
        assert found.state == target
    if state == "republish_required":
        factories.in_force(world)
        return engine.fire(found, "require", by=None)
    if state in ("superseded", "revoked"):
        action = {"superseded": "supersede", "revoked": "revoke"}[state]
        return engine.fire(found, action, by=world.tuan if action == "revoke" else None, **answers(action))
    return found


def forget() -> None:
    """Empty the cache of public pages, as another process's is."""
    caches["public"].clear()
