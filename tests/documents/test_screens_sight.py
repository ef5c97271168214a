"""What the screens put before a person: nothing of other agencies, nothing that is not theirs to read or to press."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from documents.home import home_cards
from documents.models import Campaign, Document, DocumentVersion, ImpactItem, RegulationRelation
from documents.services.campaigns import campaign_open
from tests import factories, people
from tests.people import World
from tests.workflows.screens import log_in
from workflows import engine
from workflows.models import User
from workflows.roles import Role

DECREE = "18/2026/NĐ-CP"
TODAY = timezone.localdate()


def shown(user: User, url: str, status: int = 200) -> Any:
    """What a page was given to show."""
    answer = log_in(user).get(url)
    assert answer.status_code == status, (url, answer.status_code)
    return answer.context


def basis(number: str = DECREE) -> list[dict[str, str]]:
    return [{"key": "b1", "number": number, "issuer": "", "note": ""}]


def choices(context: Any, name: str) -> set[str]:
    return {str(value) for value, _label in context["form"].fields[name].choices if value}


def adopted(owner: Document, **changes: Any) -> DocumentVersion:
    factories.regulation()
    fresh = DocumentVersion(document=owner, agency=owner.agency, unit=owner.unit, content={})
    return engine.start(fresh, "adopt", by=None, content=factories.content(**changes))


def test_the_filters_of_the_library_name_own_places_and_fields_alone(world: World) -> None:
    adopted(factories.document(world, field="Hộ tịch"))
    adopted(factories.document(world, "nx1", field="Công chứng"))
    for name, units, fields in (
        ("son", {"hctp"}, {"Hộ tịch"}),
        ("dung", {"nx1"}, {"Công chứng"}),
        ("root", set(), set()),
    ):
        found = shown(world.people[name], "/documents/")
        assert choices(found, "unit") == {str(world.unit(unit).pk) for unit in units}
        assert choices(found, "field") == fields


def test_the_overview_adds_up_by_kind_and_unit(world: World) -> None:
    for unit, kind in (("bttp", "TTHC_PROC"), ("hctp", "INSTRUCTION"), ("hctp", "TTHC_PROC"), ("hctp", "TTHC_PROC")):
        adopted(factories.document(world, unit, kind=kind))
    adopted(factories.document(world, "nx1"))
    lines = shown(world.son, "/documents/")["overview"]
    found = [(line["unit"], line["total"], [(kind["code"], kind["n"]) for kind in line["kinds"]]) for line in lines]
    hctp, bttp = world.unit("hctp").pk, world.unit("bttp").pk
    assert found == [(hctp, 3, [("INSTRUCTION", 1), ("TTHC_PROC", 2)]), (bttp, 1, [("TTHC_PROC", 1)])]
    assert shown(world.son, f"/documents/?unit={bttp}")["overview"] == []
    assert shown(world.son, "/documents/?on=2026-02-30", 400)["page_obj"].paginator.count == 4


def test_who_may_write_is_told_so(world: World) -> None:
    told = {
        name: shown(world.people[name], "/documents/")["may_write"] for name in ("lan", "hoa", "quang", "son", "cao")
    }
    assert told == {"lan": True, "hoa": True, "quang": False, "son": False, "cao": False}


def test_the_list_of_law_by_validity_words_and_day(world: World) -> None:
    dead = factories.regulation("1/2010/NĐ-CP", title="Về hộ tịch", expired_on=TODAY)
    alive = factories.regulation("2/2010/NĐ-CP", title="Về công chứng")
    factories.in_force(world, legal_basis=basis(dead.number))
    factories.in_force(world, "nx1", legal_basis=basis(dead.number))
    factories.regulation()

    def acts(user: User, query: str) -> list[tuple[str, int]]:
        return [(act.number, act.cited) for act in shown(user, f"/regulations/?{query}")["acts"]]

    assert acts(world.son, "validity=expired") == [(dead.number, 1)]
    assert acts(world.dung, "validity=expired") == [(dead.number, 1)]
    assert acts(world.son, f"validity=expired&on={TODAY - timedelta(days=1)}") == []
    assert acts(world.son, "q=cong+chung") == [(alive.number, 0)]
    assert len(acts(world.son, "")) == 3
    assert acts(world.root, "") == []


def test_an_act_shows_what_it_touches_and_which_reviews_run_in_sight(world: World) -> None:
    act = factories.regulation(DECREE, effective_on=date(2027, 1, 1))
    ours, foreign = (factories.in_force(world, unit, legal_basis=basis()) for unit in ("hctp", "nx1"))
    campaign = campaign_open(regulation=act, agency=world.unit("stp"), by=world.phuc)
    other = campaign_open(regulation=act, agency=world.unit("nx"), by=world.dung)
    for user, version, review in ((world.phuc, ours, campaign), (world.dung, foreign, other)):
        found = shown(user, act.get_absolute_url())
        touched = [one.version for _unit, rows in found["groups"] for one in rows]
        assert (touched, found["touched"], found["campaigns"]) == ([version], 1, [review])
        assert found["places"] == [(review.agency, True)]
    assert shown(world.lan, act.get_absolute_url())["places"] == []
    assert shown(world.phuc, f"{act.get_absolute_url()}?on=2026-01-04")["touched"] == 0


def test_heirs_are_those_of_the_day_asked(world: World) -> None:
    law = factories.regulation()
    heir = factories.regulation("7/2026/NĐ-CP", effective_on=TODAY)
    RegulationRelation.objects.create(source=heir, kind="replaces", target=law)
    for day, heirs, validity in ((TODAY, [heir], "expired"), (TODAY - timedelta(days=1), [], "in_force")):
        found = shown(world.son, f"{law.get_absolute_url()}?on={day}")
        assert (found["heirs"], found["validity"]) == (heirs, validity)


@pytest.fixture
def campaign(world: World) -> Campaign:
    """A campaign with two procedures of one unit and one of another."""
    act = factories.regulation(DECREE, effective_on=date(2027, 1, 1))
    for unit in ("hctp", "hctp", "bttp"):
        factories.in_force(world, unit, legal_basis=basis())
    return campaign_open(regulation=act, agency=world.unit("stp"), by=world.phuc)


def test_a_campaign_is_public_and_its_items_are_not(world: World, campaign: Campaign) -> None:
    for name, number in (("phuc", 3), ("quang", 3), ("lan", 2), ("mai", 1), ("son", 0), ("cao", 0)):
        found = shown(world.people[name], campaign.get_absolute_url())
        assert (found["total"], found["page_obj"].paginator.count) == (number, number), name
        assert sum(len(group["rows"]) for group in found["groups"]) == number


def test_only_what_is_finished_counts_as_done(world: World, campaign: Campaign) -> None:
    first, second, third = ImpactItem.objects.order_by("unit__path", "document__code_key")
    engine.fire(first, "screen", by=world.phuc, note="Không đổi")
    engine.fire(second, "confirm", by=world.phuc)
    url = campaign.get_absolute_url()
    assert [shown(world.phuc, page)["done"] for page in (url,)] == [0]
    engine.fire(first, "no_impact", by=world.quang)
    found = shown(world.phuc, url)
    assert (found["done"], found["total"]) == (1, 3)
    assert [(group["done"], group["total"]) for group in found["groups"]] == [(1, 2), (0, 1)]
    (line,) = shown(world.phuc, "/campaigns/")["lines"]
    assert (line["campaign"], line["done"], line["total"]) == (campaign, 1, 3)
    only = shown(world.phuc, f"{url}?state=detected&unit={third.unit_id}")
    assert [item for group in only["groups"] for item in group["rows"]] == [third]
    assert shown(world.phuc, f"{url}?state=detected&unit={first.unit_id}")["groups"] == []
    assert shown(world.phuc, f"{url}?q=không+có")["groups"] == []


def test_bulk_decisions_are_offered_by_roles_in_this_agency(world: World, campaign: Campaign) -> None:
    people.seat(world.son, Role.LEGAL_WATCH, world.unit("nx"))
    for name, actions in (
        ("phuc", {"confirm", "screen", "defer"}),
        ("quang", {"confirm", "no_impact"}),
        ("lan", {"open_revision"}),
        ("son", set()),
        ("tuan", set()),
    ):
        found = shown(User.objects.get(pk=world.people[name].pk), campaign.get_absolute_url())
        assert {value for value, _label in found["form"].fields["action"].choices} == actions, name
        assert found["may_decide"] is bool(actions)


def test_a_closed_campaign_offers_no_decision(world: World, campaign: Campaign) -> None:
    for item in campaign.items.all():
        engine.fire(engine.fire(item, "screen", by=world.phuc, note="Không đổi"), "no_impact", by=world.quang)
    engine.fire(campaign, "close", by=world.phuc)
    found = shown(world.phuc, campaign.get_absolute_url())
    assert (found["may_decide"], found["may_widen"], found["done"]) == (False, True, 3)


def test_the_home_page_counts_running_reviews_in_sight(world: World, campaign: Campaign) -> None:
    factories.in_force(world, "nx1", legal_basis=basis())
    campaign_open(regulation=factories.act_of(campaign), agency=world.unit("nx"), by=world.dung)
    other = factories.regulation("9/2026/NĐ-CP")
    closed = campaign_open(regulation=other, agency=world.unit("stp"), by=world.phuc)
    counted = []
    for step in ("", "close"):
        if step:
            engine.fire(closed, step, by=world.phuc)
        cards = {card.url: card.number for card in home_cards(world.phuc, timezone.now())}
        counted.append((cards["/documents/"], cards["/campaigns/"]))
    assert counted == [(3, 2), (3, 1)]
    factories.version(world, "withdrawn")
    assert next(home_cards(world.phuc, timezone.now())).number == 3
    assert next(home_cards(world.dung, timezone.now())).number == 1


def test_a_decision_without_the_version_that_was_seen_is_refused(world: World, campaign: Campaign) -> None:
    item, other = campaign.items.all()[:2]
    for seen in ([], [f"{item.pk}.x"], [f"{item.pk}.{10**9}"], [f"{item.pk}.{item.row_version + 1}"]):
        given = {"item": [str(item.pk)], "seen": seen, "action": "confirm", "note": ""}
        answer = log_in(world.phuc).post(campaign.get_absolute_url(), given)
        assert (answer.status_code, answer.context["outcome"].ticked) == (409, {str(item.pk)}), seen
    assert {ImpactItem.objects.get(pk=one.pk).state for one in (item, other)} == {"detected"}


def test_a_document_shows_open_reviews_to_those_who_take_part(world: World, campaign: Campaign) -> None:
    first, second, _third = campaign.items.order_by("unit__path", "document__code_key")
    engine.fire(engine.fire(second, "screen", by=world.phuc, note="Không đổi"), "no_impact", by=world.quang)
    assert list(shown(world.lan, first.document.get_absolute_url())["impacts"]) == [first]
    assert list(shown(world.son, first.document.get_absolute_url())["impacts"]) == []
    assert list(shown(world.lan, second.document.get_absolute_url())["impacts"]) == []


def test_a_revision_is_offered_to_those_who_may_open_one_and_only_once(world: World) -> None:
    base = factories.in_force(world)
    url = base.document.get_absolute_url()
    offered = {
        name: shown(world.people[name], url)["may_revise"] for name in ("lan", "minh", "phuc", "hoa", "mai", "son")
    }
    assert offered == {"lan": True, "minh": True, "phuc": True, "hoa": False, "mai": False, "son": False}
    draft = factories.version(world, owner=base.document)
    found = shown(world.lan, url)
    assert (found["may_revise"], found["under_way"], found["current"]) == (False, draft, base)
    assert [version.pk for version in found["versions"]] == [draft.pk, base.pk]
    plain = shown(world.son, url)
    assert (plain["under_way"], [version.pk for version in plain["versions"]]) == (None, [base.pk])


def test_the_version_of_the_day_asked(world: World) -> None:
    base = factories.in_force(world)
    new = factories.version(world, "effective", owner=base.document)
    url = base.document.get_absolute_url()
    for day, version in ((TODAY, new), (TODAY - timedelta(days=1), base), (date(2026, 1, 4), None)):
        assert shown(world.son, f"{url}?on={day}")["current"] == version
    assert shown(world.son, f"{url}?on=hôm qua", 400)["current"] == new


@pytest.mark.parametrize(
    ("state", "tab"), [("draft", "compare"), ("approved", "compare"), ("issued", "compare"), ("effective", "content")]
)
def test_on_its_way_the_changes_come_first(world: World, state: str, tab: str) -> None:
    version = factories.version(world, state)
    assert shown(world.lan, version.get_absolute_url())["tab"] == tab
    assert shown(world.lan, f"{version.get_absolute_url()}?tab=nowhere")["tab"] == tab


def test_the_editor_is_offered_to_those_whom_the_door_lets_edit(world: World) -> None:
    draft = factories.version(world)
    url = draft.get_absolute_url()
    offered = {name: shown(world.people[name], url)["may_edit"] for name in ("lan", "minh", "phuc", "hoa", "quang")}
    assert offered == {"lan": True, "minh": True, "phuc": True, "hoa": False, "quang": False}
    system = factories.version(world, owner=factories.document(world, kind="SYS_PROC"))
    assert shown(world.hoa, system.get_absolute_url())["may_edit"] is True
    assert shown(world.lan, factories.version(world, "unit_review").get_absolute_url())["may_edit"] is False
