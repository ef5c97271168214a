"""Findings and observations: facts, who sees them, what is raised from them; and the cards of the home page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from capa.models import Car, Finding, Observation
from tests import factories
from tests.capa import records
from tests.people import World
from tests.workflows.screens import log_in, statements, text
from workflows import engine

HOSTILE = "<script>alert(1)</script>"


def post_url(found: Finding, name: str) -> str:
    return reverse(f"capa:{name}", args=[found.pk])


def test_a_finding_shows_its_facts_to_those_concerned(world: World) -> None:
    found = records.finding(world, "presented", statement=HOSTILE)
    for who in ("binh", "minh", "hoa", "quang", "tuan"):
        page = text(world.people[who], found.get_absolute_url())
        assert "Hồ sơ số 12/2026" in page
        assert "7.5 Thông tin dạng văn bản" in page
        assert HOSTILE not in page
    for who in ("son", "hung", "lan"):
        text(world.people[who], found.get_absolute_url(), 403)
    text(world.dung, found.get_absolute_url(), 404)
    assert "Xác nhận" in text(world.minh, found.get_absolute_url())


def test_the_document_audited_is_named_with_its_version(world: World) -> None:
    version = factories.in_force(world)
    owner = records.audit_round(world, "in_progress")
    fresh = Finding(agency=owner.agency, unit=world.unit("hctp"), round=owner, document=version.document)
    fresh.version = version
    found = engine.start(fresh, "record", by=world.binh, **records.recorded())
    page = text(world.binh, found.get_absolute_url())
    assert version.get_absolute_url() in page
    assert "bản 01/00" in page


def test_a_recorded_finding_is_revised_from_what_it_says(world: World) -> None:
    found = records.finding(world)
    url = post_url(found, "finding_revise")
    page = text(world.binh, url)
    assert "Hồ sơ số 12/2026" in page
    assert "thông tư đã hết hiệu lực" in page
    wrong = log_in(world.binh).post(url, {**records.recorded(clause="chín"), "expected": found.row_version})
    assert wrong.status_code == 400
    assert "Viết số điều khoản" in wrong.content.decode()
    sent = {**records.recorded(statement="Rõ hơn"), "expected": found.row_version}
    assert log_in(world.binh).post(url, sent).status_code == 302
    found.refresh_from_db()
    assert found.statement == "Rõ hơn"
    assert "Vai trò hiện nay của bạn không được" in text(world.hoa, url, 403)


def test_a_car_is_raised_from_an_agreed_nonconformity(world: World) -> None:
    found = records.finding(world, "acknowledged")
    assert "Lập phiếu khắc phục" in text(world.hoa, found.get_absolute_url())
    assert "Lập phiếu khắc phục" not in text(world.binh, found.get_absolute_url())
    assert log_in(world.binh).post(post_url(found, "finding_car")).status_code == 403
    done = log_in(world.hoa).post(post_url(found, "finding_car"))
    car = Car.objects.get()
    assert done["Location"] == car.get_absolute_url()
    assert (car.finding, car.unit, car.severity) == (found, found.unit, "minor")
    page = text(world.hoa, found.get_absolute_url())
    assert car.get_absolute_url() in page
    assert "Lập phiếu khắc phục" not in page


def test_a_second_car_of_a_finding_is_refused_in_words(world: World) -> None:
    found = records.finding(world, "acknowledged")
    client = log_in(world.hoa)
    client.post(post_url(found, "finding_car"))
    again = client.post(post_url(found, "finding_car"), follow=True)
    assert again.redirect_chain[0][0] == found.get_absolute_url()
    assert 'class="notice error"' in again.content.decode()
    assert Car.objects.count() == 1


def test_an_observation_is_raised_and_shown(world: World) -> None:
    found = records.finding(world, "acknowledged", result="observation")
    page = text(world.binh2, found.get_absolute_url())
    assert "Lập điểm lưu ý" in page
    assert "Lập phiếu khắc phục" not in page
    done = log_in(world.binh2).post(post_url(found, "finding_observation"))
    note = Observation.objects.get()
    assert done["Location"] == note.get_absolute_url()
    shown = text(world.minh, note.get_absolute_url())
    assert "thông tư đã hết hiệu lực" in shown
    assert "Phản hồi" in shown
    assert found.get_absolute_url() in shown
    # A drafter of the unit reads the observation, not the finding behind it.
    assert found.get_absolute_url() not in text(world.lan, note.get_absolute_url())
    text(world.hung, note.get_absolute_url(), 403)
    text(world.dung, note.get_absolute_url(), 404)


@pytest.mark.parametrize("name", ["finding_car", "finding_observation"])
def test_nothing_is_raised_by_a_link_or_from_abroad(world: World, name: str) -> None:
    found = records.finding(world, "acknowledged")
    assert log_in(world.hoa).get(post_url(found, name)).status_code == 405
    assert log_in(world.dung).post(post_url(found, name)).status_code == 404
    assert not Car.objects.exists()


def test_the_home_page_counts_rounds_and_own_visits(world: World) -> None:
    found = records.audit_round(world, "in_progress")
    unit = world.unit("hctp").pk
    page = text(world.binh, "/")
    assert "đợt đánh giá đang thực hiện" in page
    assert "đơn vị tôi đang đánh giá" in page
    assert reverse("capa:visit", args=[found.pk, unit]) in page
    assert "đơn vị tôi đang đánh giá" not in text(world.hoa, "/")
    listed = text(world.binh2, "/audits/")
    assert "Đơn vị tôi đánh giá" in listed


def test_statements_do_not_grow_with_the_findings_of_the_year(world: World) -> None:
    found = records.finding(world)
    client = log_in(world.hoa)
    client.get(found.get_absolute_url())
    with statements() as few:
        client.get(found.get_absolute_url())
    for _number in range(4):
        records.write(world, found.round)
    with statements() as many:
        client.get(found.get_absolute_url())
    assert len(many) == len(few)
