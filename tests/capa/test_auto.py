"""What inspectors judged beside what the product's own data says: one rule, its lists, and where the two differ."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from capa.flags import KEYS, contradictions
from capa.machines.inspection import FLAGS
from capa.machines.review import INPUTS
from capa.models import Inspection, InspectionPlan
from capa.rollup import AGENCIES
from capa.services import compared as compare
from capa.services.agencyfacts import compute
from capa.services.auto import AUTO, COUNTS, Said, flags_of, said_of
from capa.services.compared import SILENT, compared, with_live
from capa.services.known import Place
from capa.services.rollup import Place as Node
from capa.services.rollup import counted, references, rows_of
from documents.models import DocumentVersion
from tests import factories
from tests.capa import inspected, records, yearly
from tests.documents import published
from tests.people import World
from tests.workflows.screens import log_in, statements, text
from workflows import engine
from workflows.models import Unit

pytestmark = pytest.mark.once

TODAY = timezone.localdate()
YEAR = TODAY.year


def taken(world: World, *about: str, **flags: bool) -> Inspection:
    """Inspections of the province, carried out this year before the product was there; the last of them."""
    tinh = world.unit("tinh")
    facts = {"year": YEAR, "number": "7/KH", "decided_on": date(YEAR, 1, 5), "title": "Kiểm tra"}
    days = {"starts_on": date(YEAR, 1, 6), "ends_on": TODAY}
    plan = engine.start(InspectionPlan(agency=tinh, unit=tinh), "import", by=None, facts={**facts, **days})
    for name in about:
        given = {"about": world.unit(name), "mode": "direct", "done_on": TODAY, "conclusion": "Đạt"}
        fresh = Inspection(agency=tinh, unit=tinh, plan=plan)
        found = engine.start(fresh, "import", by=None, facts={**given, "judgements": inspected.judgements(**flags)})
    return found


def said(world: World, unit: str, day: date = TODAY) -> dict[str, bool | None]:
    """Flags of an agency by the product's data."""
    return {key: one.value for key, one in said_of(Place(world.unit(unit), day, day.year)).items()}


def test_every_flag_is_said_by_lists_that_there_are_or_by_nobody() -> None:
    assert set(AUTO) | {flag.key for flag in SILENT} == set(KEYS)
    assert {flag.key for flag in SILENT} == {"records_deficient", "not_factual"}
    assert {key for one in AUTO.values() for key in one.counts} <= set(COUNTS)
    assert all(one.counts for one in AUTO.values())


def test_an_agency_that_publishes_is_said_well_of_until_its_records_change(world: World) -> None:
    published.publication(world)
    found = said(world, "stp")
    yes = {"built_applied", "audit_done", "review_done", "posted", "link_alive"}
    no = {"outdated_law", "internal_not_merged", "generic", "cross_check_wrong"}
    assert yes <= {key for key, value in found.items() if value}
    assert no <= {key for key, value in found.items() if value is False}
    assert (found["records_deficient"], found["not_factual"]) == (None, None)
    assert (found["audit_ok"], found["incomplete"]) == (False, True), "one of its units was not visited"
    assert contradictions(found) == []
    published.announce(world, "99")
    assert said(world, "stp")["internal_not_merged"] is True
    assert said(world, "stp")["built_applied"] is False
    version = DocumentVersion.objects.get(agency=world.unit("stp"), state="effective")
    engine.fire(version, "withdraw", by=world.tuan, **factories.answers("withdraw"))
    factories.in_force(world)
    assert (said(world, "stp")["posted"], said(world, "stp")["link_alive"]) == (True, False)
    assert (said(world, "xa"), said(world, "nx")) == ({}, {}), "they do not work with the product"
    before = said(world, "stp", TODAY - timedelta(days=1))
    assert (before["audit_done"], before["review_done"], before["posted"]) == (False, False, False), "not yet that day"


def whole_review(world: World) -> None:
    """A review with every input, none waived, whose conclusions are out."""
    found = yearly.review(world, "collecting_inputs")
    for one in INPUTS:
        if one.written:
            found = engine.fire(found, "write_input", by=world.hoa, subject=one.key, text="Báo cáo")
    for action, who in (("ready", "hoa"), ("hold", "tuan"), ("minutes", "hoa")):
        found = engine.fire(found, action, by=world.people[who], **yearly.answers(world, action))
    yearly.decide(world, found)
    engine.fire(found, "issue", by=world.tuan, **yearly.answers(world, "issue"))


def test_audits_and_reviews_are_right_or_what_is_wrong_is_listed(world: World) -> None:
    factories.in_force(world)
    owner = records.audit_round(world, "in_progress", units=("stp", "hctp", "bttp"))
    for name in ("stp", "hctp"):
        one = records.write(world, owner, name, result="conform", evidence_text=f"Sổ của {name}")
        engine.fire(one, "note", by=world.binh)
    one = records.write(world, owner, "bttp", result="conform", evidence_text="Sổ của hctp")
    engine.fire(one, "note", by=world.binh)
    for action in ("agree", "report", "sign"):
        owner = engine.fire(owner, action, by=world.binh2, **records.answers(world, action))
    whole_review(world)
    place = Place(world.unit("stp"), TODAY, YEAR)
    pasted = [str(row.unit.code) for row in COUNTS["pasted"].rows(place)]
    assert (said(world, "stp")["generic"], pasted) == (True, ["HCTP", "BTTP"])
    assert (said(world, "stp")["audit_ok"], said(world, "stp")["incomplete"]) == (False, False)
    assert (said(world, "stp")["review_ok"], said(world, "stp")["cross_check_wrong"]) == (True, False)
    assert not COUNTS["not_apart"].rows(place).exists()
    visit = owner.visits.get(unit=world.unit("hctp"))
    visit.members.add(world.lan)
    assert [row.unit.code for row in COUNTS["not_apart"].rows(place)] == ["HCTP"]
    assert said(world, "stp")["cross_check_wrong"] is True


def test_a_review_without_all_its_inputs_is_held_and_not_right(world: World) -> None:
    factories.in_force(world)
    found = yearly.review(world, "collecting_inputs")
    found = yearly.write_inputs(world, found)
    for action, who in (("waive_input", "quang"), ("ready", "hoa"), ("hold", "tuan"), ("minutes", "hoa")):
        found = engine.fire(found, action, by=world.people[who], **yearly.answers(world, action))
    yearly.decide(world, found)
    assert (said(world, "stp")["review_done"], said(world, "stp")["review_ok"]) == (True, False)
    engine.fire(found, "issue", by=world.tuan, **yearly.answers(world, "issue"))
    assert said(world, "stp")["review_ok"] is False, "an input was waived"


def test_an_input_that_was_waived_and_then_written_is_there(world: World) -> None:
    factories.in_force(world)
    records.audit_round(world, "report_signed")
    found = yearly.review(world, "collecting_inputs")
    found = engine.fire(found, "waive_input", by=world.quang, **yearly.answers(world, "waive_input"))
    for one in INPUTS:
        if one.written:
            found = engine.fire(found, "write_input", by=world.hoa, subject=one.key, text=f"Báo cáo {one.clause}")
    for action, who in (("ready", "hoa"), ("hold", "tuan"), ("minutes", "hoa")):
        found = engine.fire(found, action, by=world.people[who], **yearly.answers(world, action))
    yearly.decide(world, found)
    engine.fire(found, "issue", by=world.tuan, **yearly.answers(world, "issue"))
    assert said(world, "stp")["review_ok"] is True


def test_many_at_once_are_said_as_one_by_one(world: World) -> None:
    published.publication(world)
    factories.in_force(world, "xa")
    factories.in_force(world, "nx", legal_basis=[{"key": "b1", "number": "1/2001/NĐ-CP", "issuer": "", "note": ""}])
    factories.regulation("1/2001/NĐ-CP", expired_on=date(2020, 1, 1))
    facts = {one.agency: one for one in compute(TODAY)}
    names = ("stp", "xa", "nx")
    with statements() as few:
        flags_of({pk: facts[pk] for pk in (world.unit("xa").pk,)}, TODAY, YEAR)
    with statements() as many:
        found = flags_of(facts, TODAY, YEAR)
    assert found == {world.unit(name).pk: said(world, name) for name in names}
    assert len(few) == len(many) <= 9, "\n".join(many)


def test_the_roll_up_says_both_and_lists_where_they_differ(world: World) -> None:
    published.publication(world)
    taken(world, "stp", "xa", built_applied=True, audit_done=True, audit_ok=True, review_done=True, review_ok=True)
    node = world.unit("tinh")
    rows = with_live(Node(node, TODAY), rows_of(Node(node, TODAY)))
    found = {one.indicator.number: one for one in compared(counted(rows, references(Node(node, TODAY))), rows)}
    assert {number for number, one in found.items() if one.live} == {3, 4, 5, 6, 7, 8}
    stp = world.unit("stp").pk
    assert (found[5].numerator, found[5].live and found[5].live.of) == (2, (stp,)), "of the commune nothing is known"
    numbers = {key: one.live.numbers for key, one in found.items() if one.live}
    assert numbers[3] == {"auto": 1, "auto_of": 1, "differ": 0}
    assert numbers[5] == {"auto": 0, "auto_of": 1, "differ": 1}
    assert numbers[8] == {"auto": 1, "auto_of": 1, "differ": 1}, "nobody judged it, the product knows it"
    page = text(world.cao, f"/figures/?node={node.pk}")
    assert page.count("Theo dữ liệu hệ thống:") == 6
    listed = text(world.cao, f"/figures/5/differ/?node={node.pk}")
    assert "đoàn kiểm tra: có; hệ thống: không (Đánh giá nội bộ đúng yêu cầu" in listed
    assert "Xã Bình Minh" not in listed
    assert "Xã Bình Minh" in text(world.cao, f"/figures/5/in/?node={node.pk}")
    api = log_in(world.cao).get(f"/api/figures/?node={node.pk}").json()["figures"]
    assert api[4]["live"] == {"numerator": 0, "held": 1, "differ": 1}
    assert api[0]["live"] is None
    told = log_in(world.cao).get(f"/api/figures/5/differ/?node={node.pk}").json()
    assert (told["count"], told["results"][0]["text"]) == (1, str(world.unit("stp")))
    for key in ("auto", "auto_of", "differ"):
        for number in (1, 2, 9, 13):
            assert log_in(world.cao).get(f"/figures/{number}/{key}/?node={node.pk}").status_code == 404
    assert rows[AGENCIES]


def test_of_very_many_the_products_word_is_given_to_who_asks(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.in_force(world, "xa")
    taken(world, "xa", posted=True)
    monkeypatch.setattr(compare, "AT_ONCE", 0)
    node = world.unit("tinh").pk
    page = text(world.cao, f"/figures/?node={node}")
    assert "Theo dữ liệu hệ thống:" not in page
    asked = re.search(r'href="(\?[^"]+live=1)"', page)
    assert asked is not None
    assert text(world.cao, "/figures/" + asked[1].replace("&amp;", "&")).count("Theo dữ liệu hệ thống:") == 6
    url = f"/api/figures/?node={node}"
    told = [log_in(world.cao).get(one).json()["figures"][7]["live"] for one in (url, f"{url}&live=true")]
    assert told == [None, {"numerator": 0, "held": 1, "differ": 0}]


def test_the_lists_lead_to_the_inspection_whoever_may_read_it(world: World) -> None:
    one = taken(world, "stp", "xa", built_applied=True, posted=True, link_alive=True)
    mine = Inspection.objects.get(about=world.unit("stp"))
    for number, key in ((1, "in"), (3, "in"), (3, "of"), (8, "in")):
        page = text(world.cao, f"/figures/{number}/{key}/?node={world.unit('tinh').pk}")
        assert page.count("/inspections/") - page.count('"/inspections/"') == 2, (number, key)
        assert one.get_absolute_url() in page
    theirs = text(world.xuan, "/figures/3/in/")
    assert one.get_absolute_url() in theirs
    assert mine.get_absolute_url() not in theirs
    assert text(world.dung, "/figures/3/in/").count(one.get_absolute_url()) == 0
    communes = log_in(world.cao).get(f"/api/figures/13/of/?node={world.unit('tinh').pk}").json()["results"]
    assert {row["inspection"] for row in communes} == {""}


def test_the_page_of_an_inspection_shows_both(world: World) -> None:
    published.publication(world)
    published.announce(world, "99")
    found = taken(world, "stp", built_applied=True, posted=True)
    page = text(world.cao, found.get_absolute_url())
    assert page.count("khác đoàn kiểm tra") == 1
    assert page.count("không có dữ liệu") == len(SILENT)
    shown = re.findall(rf'data-number href="(/inspections/{found.pk}/behind/(\w+)/)">(\d+)</a>', page)
    assert {key for _url, key, _number in shown} == {key for one in AUTO.values() for key in one.counts}
    for url, key, number in shown:
        assert f"{number} dòng" in text(world.cao, url), key
    text(world.dung, found.get_absolute_url(), 404)
    assert [log_in(world.dung).get(url).status_code for url, _key, _number in shown[:2]] == [404, 404]
    body = log_in(world.cao).get(f"/api/inspections/{found.pk}/").json()["auto"]
    assert [(one["flag"], one["value"]) for one in body] == list(said(world, "stp").items())
    assert body[0]["figures"][3]["number"] == 1


def test_nothing_is_said_to_the_agency_before_the_conclusion(world: World) -> None:
    factories.in_force(world, "xa")
    found = inspected.inspection(world, "in_progress")
    assert "Theo dữ liệu hệ thống" in text(world.kiemtra, found.get_absolute_url())
    assert "Theo dữ liệu hệ thống" not in text(world.xuan, found.get_absolute_url())
    assert log_in(world.xuan).get(f"/api/inspections/{found.pk}/").json()["auto"] == []
    assert log_in(world.kiemtra).get(f"/api/inspections/{found.pk}/").json()["auto"] != []


def test_the_pages_cost_the_same_for_one_inspected_as_for_five(world: World) -> None:
    factories.in_force(world, "xa")
    found = taken(world, "xa", built_applied=True)
    client, urls = (
        log_in(world.cao),
        [f"{path}?node={world.unit('tinh').pk}" for path in ("/figures/", "/figures/3/differ/")],
    )
    costs = []
    for more in (0, 4):
        for n in range(more):
            made = Unit.objects.create(code=f"X{n}", name=f"Xã {n}", kind="commune", parent=world.unit("tinh"))
            world.units[f"x{n}"] = made
            factories.in_force(world, f"x{n}")
        if more:
            given = {
                "mode": "direct",
                "done_on": TODAY,
                "conclusion": "Đạt",
                "judgements": inspected.judgements(posted=True),
            }
            for n in range(more):
                fresh = Inspection(agency=found.agency, unit=found.unit, plan=found.plan)
                engine.start(fresh, "import", by=None, facts={**given, "about": world.unit(f"x{n}")})
        row: list[int] = []
        for url in urls:
            client.get(url)
            with statements() as run:
                assert client.get(url).status_code == 200
            row.append(len(run))
        costs.append(row)
    assert costs[0] == costs[1]
    assert costs[1][0] <= 36
    with statements() as run:
        client.get(found.get_absolute_url())
    assert len(run) <= 62


def test_a_flag_without_data_is_said_by_nobody(world: World) -> None:
    factories.in_force(world, "xa")
    found: dict[str, Any] = said_of(Place(world.unit("xa"), TODAY, YEAR))
    assert found["built_applied"] == Said("built_applied", None, found["built_applied"].figures), (
        "no list of procedures"
    )
    assert list(found) == [flag.key for flag in FLAGS]
