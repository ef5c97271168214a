"""The tree, an agency over time, and a committee from its proposal to the decision, by hand at both widths."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from tests.browser.town import log_in, look, town
from tests.people import person, seat
from workflows.deciding import decide
from workflows.models import Establishment, Seat, VacantSeat
from workflows.roles import Role
from workflows.vacancies import reconcile

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_tree_and_an_agency_over_time(page: Page, site: str, complaints: list[str]) -> None:
    world = town()
    given = {"valid_from": date(2026, 4, 1), "decision_on": date(2026, 3, 2)}
    decide(about=world.unit("tinh"), by=world.cao, aspect="obligation", value="mandatory", below="commune",
           decision_no="15/QĐ-UBND", valid_from=given["valid_from"], decision_on=given["decision_on"])  # fmt: skip
    log_in(page, site, "cao")
    page.goto(f"{site}{reverse('workflows:tree')}?kind=commune")
    look(page, "tree")
    page.goto(f"{site}{reverse('workflows:unit', args=[world.unit('xa').pk])}?on=2026-05-01")
    look(page, "tree-unit")
    page.get_by_role("link", name="Nghĩa vụ áp dụng").click()
    look(page, "tree-decide")
    page.fill("input[name=valid_from]", "01/06/2026")
    page.fill("input[name=decision_no]", "20/QĐ-UBND")
    page.fill("input[name=decision_on]", "31/02/2026")
    page.get_by_role("button", name="Ghi quyết định").click()
    look(page, "tree-decide-wrong")
    page.fill("input[name=decision_on]", "20/05/2026")
    page.get_by_role("button", name="Ghi quyết định").click()
    page.wait_for_url(f"**/units/{world.unit('xa').pk}/")
    assert world.unit("xa").decisions.get().decision_no == "20/QĐ-UBND"
    page.goto(f"{site}{reverse('workflows:onboarding', args=[world.unit('tinh').pk])}")
    look(page, "tree-onboarding")
    assert [one for one in complaints if "400" not in one] == []  # the wrong date was answered as one


def test_a_committee_is_proposed_decided_and_an_empty_seat_filled(page: Page, site: str, complaints: list[str]) -> None:
    world, today = town(), f"{timezone.localdate():%d/%m/%Y}"
    seat(person("them"), Role.STAFF, world.unit("stp"))
    log_in(page, site, "hoa")
    page.goto(f"{site}{reverse('workflows:people')}")
    page.get_by_role("link", name="Kiện toàn Ban chỉ đạo").click()
    look(page, "committee-members")
    page.locator('input[value="hoa"]').fill("them")
    page.get_by_role("button", name="Ghi dự kiến").click()
    page.wait_for_url("**/people/committee/*/")
    look(page, "committee-draft")
    draft = Establishment.objects.get()
    log_in(page, site, "tuan")
    page.goto(f"{site}{draft.get_absolute_url()}")
    page.locator(".action-bar").get_by_text("Ghi quyết định", exact=True).click()
    dialog = page.locator("dialog[open]")
    dialog.locator("input[name=decision_no]").fill("30/QĐ-STP")
    dialog.locator("input[name=decision_on]").fill(today)
    dialog.locator("input[name=valid_from]").fill(today)
    dialog.get_by_role("button", name="Ghi quyết định", exact=True).click()
    page.wait_for_url(f"**{draft.get_absolute_url()}")
    assert Seat.objects.filter(decision_no="30/QĐ-STP", role=Role.ISO_SECRETARY).get().user.username == "them"
    Seat.objects.filter(decision_no="30/QĐ-STP", role=Role.ISO_SECRETARY).delete()
    reconcile(timezone.now())
    log_in(page, site, "quang")
    page.goto(f"{site}{VacantSeat.objects.get().get_absolute_url()}")
    look(page, "committee-vacant")
    page.goto(f"{site}{reverse('workflows:people')}")
    look(page, "committee-people")
    assert complaints == []
