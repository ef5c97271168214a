"""A reorganisation as a leader reads it: prepared, decided, on its way with something that has nobody, and done."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from documents.models import Document
from tests import factories
from tests.browser.town import log_in, look, town
from tests.documents.test_carriers import held
from tests.people import World
from tests.workflows.mergers import SOON, TODAY, at, leader, prepared, second_commune
from workflows import engine
from workflows.handing import sweep
from workflows.models import Reorganisation, Unit, User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def split(world: World) -> Reorganisation:
    """A department that is to be split into two; one of its divisions has a namesake, and each thing an heir."""
    second_commune(world)
    for code, name in (("SM", "Sở Nội vụ"), ("SK", "Sở Khoa học và Công nghệ")):
        place = Unit.objects.create(code=code, name=name, kind="department", parent=world.unit("tinh"))
        made = {"kind": "division", "parent": place, "code": f"P{code}"}
        Unit.objects.create(name="Phòng Hành chính tư pháp" if code == "SM" else "Phòng Quản lý", **made)
        world.units[code] = place
    held(world, "QT-01")
    factories.impact(world)
    lines: list[dict[str, Any]] = [
        {"what": "split", "unit": "STP", "into": ["SM", "SK"], "documents": "hand"},
        *({"what": "move", "unit": code, "parent": "SM"} for code in ("XA1", "XB1")),
    ]
    leader(world)
    User.objects.filter(username="chutich").update(password=User.objects.get(username="lan").password)
    return prepared(world, *lines)


def test_a_leader_sees_what_goes_where_and_what_has_nobody(page: Page, site: str, complaints: list[str]) -> None:
    world = town()
    draft = split(world)
    url = f"{site}/reorganisations/{draft.pk}/"
    log_in(page, site, "chutich")
    page.goto(url)
    look(page, "reorganisation-draft")
    facts: dict[str, Any] = {"decision_no": "5/NQ-SV", "decision_on": TODAY, "effective_on": SOON}
    engine.fire(draft, "decide", by=User.objects.get(username="chutich"), **facts)
    page.goto(url)
    look(page, "reorganisation-decided")
    held(world, "QT-02", "bttp")
    sweep(at(TODAY, 9))
    page.goto(url)
    look(page, "reorganisation-hindered")
    sweep(at(SOON, 9))
    page.goto(url)
    look(page, "reorganisation-halted")
    page.goto(f"{site}/")
    look(page, "reorganisation-inbox")
    page.goto(url)
    page.get_by_role("link", name="Chọn nơi nhận").click()
    look(page, "reorganisation-heirs")
    page.get_by_label("Phòng Bổ trợ tư pháp").select_option("SK")
    page.get_by_role("button", name="Ghi nơi nhận").click()
    page.wait_for_url(url)
    look(page, "reorganisation-applying")
    sweep(at(SOON, 10))
    assert Reorganisation.objects.get().state == "in_effect"
    assert Document.objects.filter(agency=world.unit("SK")).exists()
    page.goto(url)
    look(page, "reorganisation-done")
    assert complaints == []
