"""Screens of objectives: who sees which, what a form keeps, how a measurement shows, what a list costs."""

from __future__ import annotations

import re

from capa.models import Car, Objective, ObjectiveSet
from tests import factories
from tests.capa import records, yearly
from tests.people import World
from tests.workflows.screens import log_in, statements, text

HOSTILE = "<script>alert(1)</script> & “ngoặc”"


def test_the_list_shows_sets_and_the_button_to_who_may_start(world: World) -> None:
    owner = yearly.objectives(world, "running")
    shown = text(world.hoa, "/objectives/")
    assert owner.get_absolute_url() in shown
    assert "Lập mục tiêu của năm" in shown
    assert "Lập mục tiêu của năm" not in text(world.son, "/objectives/")
    assert owner.get_absolute_url() in text(world.son, "/objectives/")
    assert owner.get_absolute_url() not in text(world.dung, "/objectives/")


def test_a_set_is_drafted_and_an_objective_proposed_over_the_screens(world: World) -> None:
    hoa = log_in(world.hoa)
    answer = hoa.post("/objectives/new/", {"year": "2026", "title": "Mục tiêu năm", "policy": ""})
    owner = ObjectiveSet.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, owner.get_absolute_url())
    place = world.unit("hctp").pk
    given = {**yearly.facts(world), "deadline": "31/12/2026"}
    answer = hoa.post(f"/objectives/{owner.pk}/propose/?unit={place}", given)
    made = Objective.objects.get()
    assert (answer.status_code, made.unit, made.state) == (302, world.unit("hctp"), "proposed")
    shown = text(world.hoa, owner.get_absolute_url())
    assert made.get_absolute_url() in shown
    assert "≥ 90 %" in shown


def test_a_wrong_form_keeps_what_was_typed(world: World) -> None:
    owner = yearly.objectives(world)
    given = {**yearly.facts(world), "deadline": "", "statement": HOSTILE, "target": "nhiều"}
    answer = log_in(world.hoa).post(f"/objectives/{owner.pk}/propose/?unit={world.unit('hctp').pk}", given)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Viết một số, ví dụ 85 hoặc 98,5." in page
    assert 'value="nhiều"' in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page
    assert Objective.objects.count() == 1


def test_a_head_sees_the_own_unit_alone_to_propose_for(world: World) -> None:
    owner = yearly.objectives(world)
    form = text(world.minh, f"/objectives/{owner.pk}/propose/")
    assert str(world.unit("hctp")) in form
    assert str(world.unit("bttp")) not in form
    text(world.minh, f"/objectives/{owner.pk}/propose/?unit={world.unit('bttp').pk}", 403)
    sent = {**yearly.facts(world), "deadline": ""}
    assert log_in(world.minh).post(f"/objectives/{owner.pk}/propose/", sent).status_code == 302
    assert Objective.objects.filter(created_by=world.minh, unit=world.unit("hctp")).count() == 1
    text(world.son, owner.get_absolute_url(), 403)
    text(world.dung, owner.get_absolute_url(), 404)


def test_the_owner_measures_on_the_page_and_a_correction_shows_both(world: World) -> None:
    one = yearly.objective(world, "due")
    url = f"/do/objective/{one.pk}/measure/"
    page = text(world.lan, one.get_absolute_url())
    found = re.search(r'action="([^"]*measure[^"]*)"', page)
    assert found is not None, url
    sent = {"period": "1", "value": "88,5", "note": "Sổ", "expected": str(one.row_version)}
    log_in(world.lan).post(found.group(1), sent)
    one.refresh_from_db()
    assert one.measurements.count() == 1
    yearly.measure(world, one, 1, "91", "Đếm sót")
    shown = text(world.lan, one.get_absolute_url())
    assert "88,5 %" in shown
    assert "đã đo lại" in shown
    assert "91 %" in shown
    assert "/measure/" not in text(world.son, one.get_absolute_url())


def test_a_missed_one_leads_to_a_filled_report(world: World) -> None:
    one = yearly.measure(world, yearly.objective(world, "running"), 1, "60")
    link = f"/cars/new/?objective={one.pk}"
    assert link in text(world.minh, one.get_absolute_url())
    form = text(world.minh, link)
    assert "kết quả đo gần nhất 60 %" in form
    given = {**records.reported(source="objective"), "found_on": "01/02/2026"}
    answer = log_in(world.minh).post(link, given)
    assert answer.status_code == 302
    made = Car.objects.get()
    assert made.objective == one
    assert made.get_absolute_url() in text(world.hoa, one.get_absolute_url())
    assert made.get_absolute_url() not in text(world.son, one.get_absolute_url())
    text(world.dung, link, 404)
    text(world.minh, "/cars/new/?objective=abc", 404)


def test_a_number_of_today_is_the_length_of_the_list_it_links_to(world: World) -> None:
    for _one in range(3):
        factories.in_force(world)
    one = yearly.objective(world, "running", source="living")
    page = text(world.lan, one.get_absolute_url())
    links = re.findall(r'<a href="(/objective/[^"]+/behind/(?:part|whole)/)">(\d+)</a>', page)
    assert len(links) == 2
    for url, number in links:
        shown = text(world.lan, url)
        listed = re.search(r'<ol class="mb-0".*?</ol>', shown, re.DOTALL)
        assert (listed.group().count("<li>") if listed else 0) == int(number)
    assert links[1][1] == "3"


def test_a_counted_row_that_one_may_not_read_keeps_its_words(world: World) -> None:
    car = records.car(world, "issued")
    one = yearly.objective(world, "running", source="cars_closed")
    url = f"/objective/{one.pk}/behind/whole/"
    assert car.get_absolute_url() in text(world.hoa, url)
    hidden = text(world.son, url)
    assert car.get_absolute_url() not in hidden
    assert car.number not in hidden
    assert "chưa được xem" in hidden


def test_no_list_behind_what_people_measure(world: World) -> None:
    one = yearly.objective(world, "running")
    text(world.lan, f"/objective/{one.pk}/behind/part/", 404)
    counted = yearly.objectives(world, year=2027, source="living").objectives.get()
    text(world.hoa, f"/objective/{counted.pk}/behind/all/", 404)


def test_a_year_costs_the_same_for_three_as_for_twelve(world: World) -> None:
    owner = yearly.objectives(world)
    for _one in range(2):
        yearly.propose(world, owner)
    hoa = log_in(world.hoa)
    hoa.get(owner.get_absolute_url())
    with statements() as few:
        hoa.get(owner.get_absolute_url())
    for _one in range(9):
        yearly.propose(world, owner)
    with statements() as many:
        hoa.get(owner.get_absolute_url())
    assert len(many) == len(few)
    assert len(few) <= 20
