"""Bulk screening: each line with what its basis would become, deferring until an act arrives, and who holds what."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from documents.classing import Change
from documents.models import Campaign, DocumentVersion, ImpactItem, Regulation, RegulationRelation
from documents.services.campaigns import campaign_open, impacts_decide
from documents.services.screening import awaited, hints, holdings, items_of
from tests import factories
from tests.documents.sittings import NEW, OLD, basis, law
from tests.people import World
from tests.workflows.screens import log_in, statements, text
from workflows import engine

NUMBER = "77/2026/QĐ-UBND"


def campaign_of(world: World, *rows: list[dict[str, str]], unit: str = "hctp") -> Campaign:
    """A campaign about the heir with one procedure for each legal basis."""
    law()
    for one in rows or (basis(OLD),):
        factories.in_force(world, unit, legal_basis=one)
    return campaign_open(regulation=factories.regulation(NEW), agency=world.unit("stp"), by=world.phuc)


def items(campaign: Campaign) -> list[ImpactItem]:
    return list(campaign.items.for_list().order_by("unit__path", "document__code_key"))


def flat(*asked: Any) -> str:
    return " ".join(text(*asked).split())


def sent(*found: ImpactItem, **fields: str) -> dict[str, Any]:
    seen = [f"{item.pk}.{item.row_version}" for item in ImpactItem.objects.all()]
    return {"item": [str(item.pk) for item in found], "seen": seen, "note": "", **fields}


def test_each_line_shows_what_its_basis_would_become(world: World) -> None:
    campaign = campaign_of(world, basis(OLD), basis(OLD, note="Điều 5"), basis(NEW))
    plain, noted, living = items(campaign)
    found = hints(items(campaign))
    assert living.pk not in found
    assert [(found[one.pk].change, len(found[one.pk].swaps)) for one in (plain, noted)] == [
        (Change.SWAP, 1),
        (Change.SUBSTANTIVE, 1),
    ]
    shown = flat(world.phuc, campaign.get_absolute_url())
    assert shown.count(f'<del class="as-del">{OLD}</del> → <ins class="as-ins">{NEW}</ins>') == 2
    assert shown.count("có thể chỉ cần đổi căn cứ") == 1
    assert shown.count("nêu điều khoản: phải xem") == 1
    assert "có thể chỉ cần đổi căn cứ" in flat(world.lan, plain.get_absolute_url())
    assert "có thể chỉ cần" not in flat(world.lan, living.get_absolute_url())
    engine.fire(engine.fire(plain, "screen", by=world.phuc, note="Không đổi"), "no_impact", by=world.quang)
    assert list(hints(items(campaign))) == [noted.pk]
    RegulationRelation.objects.update(kind="guides")
    assert hints(items(campaign)) == {}


def test_many_wait_for_one_act(world: World) -> None:
    campaign = campaign_of(world, basis(OLD), basis(OLD), basis(OLD))
    first, second, _third = items(campaign)
    later = timezone.localdate() + timedelta(days=30)
    given = {"action": "defer", "note": "Chờ tỉnh", "review_on": f"{later:%d/%m/%Y}", "awaits": NUMBER}
    client = log_in(world.phuc)
    answer = client.post(campaign.get_absolute_url(), sent(first, second, **given))
    assert answer.status_code == 302
    found = items(campaign)
    assert [(item.state, item.awaits, item.review_on) for item in found[:2]] == [("deferred", NUMBER, later)] * 2
    assert found[2].state == "detected"
    assert awaited(campaign.items.all()) == [(NUMBER, 2, later)]
    shown = flat(world.phuc, campaign.get_absolute_url())
    assert f"<strong>{NUMBER}</strong>: 2 mục, xem lại chậm nhất {later:%d/%m/%Y}" in shown
    assert f"chờ {NUMBER}" in shown
    assert "khi văn bản được ghi vào danh mục" in flat(world.phuc, first.get_absolute_url())
    # Registered for a day to come, it is waited for until then, and its page says by how many.
    act = engine.start(Regulation(), "register", by=world.phuc, facts={"number": NUMBER, "effective_on": later})
    assert "2 mục đang chờ văn bản này" in flat(world.phuc, act.get_absolute_url())
    for name, sees in (("lan", True), ("mai", False), ("son", False), ("dung", False)):
        words = flat(world.people[name], act.get_absolute_url())
        assert ("mục đang chờ văn bản này" in words) == sees, name
    assert "đang chờ văn bản này" not in flat(world.phuc, factories.regulation(OLD).get_absolute_url())


def test_what_is_wrong_is_said_and_what_was_typed_stays(world: World) -> None:
    campaign = campaign_of(world)
    (item,) = items(campaign)
    client = log_in(world.phuc)
    cases = (
        ({"action": "defer", "note": "Chờ", "awaits": NUMBER}, 400, "Quyết định này phải có ngày."),
        ({"action": "defer", "review_on": "01/01/2030", "awaits": NUMBER}, 400, "Quyết định này phải có lý do."),
        ({"action": "defer", "note": "Chờ", "review_on": "mai", "awaits": NUMBER}, 400, "Không phải là ngày."),
        (
            {"action": "defer", "note": "Chờ", "review_on": "01/01/2030", "awaits": "văn bản X"},
            409,
            "Không đọc được số",
        ),
        ({"action": "defer", "note": "Chờ", "review_on": "01/01/2020", "awaits": NUMBER}, 409, "phải sau hôm nay"),
    )
    for given, status, words in cases:
        answer = client.post(campaign.get_absolute_url(), sent(item, **given))
        shown = " ".join(answer.content.decode().split())
        assert (answer.status_code, words in shown) == (status, True), given
        assert f'value="{given["awaits"]}"' in shown
        assert f'value="{item.pk}" checked' in shown
    assert ImpactItem.objects.get().state == "detected"


def test_drafts_are_opened_with_the_exchange_made(world: World) -> None:
    campaign = campaign_of(world, basis(OLD), basis(NEW))
    for item in items(campaign):
        engine.fire(item, "confirm", by=world.phuc)
    swap, living = items(campaign)
    given = sent(swap, living, action="open_revision", basis="swap", review_on="01/01/2020", awaits="x")
    answer = log_in(world.lan).post(campaign.get_absolute_url(), given)
    shown = " ".join(answer.content.decode().split())
    assert answer.status_code == 200
    assert "Không có căn cứ nào mà danh mục ghi một văn bản thay thế." in shown
    assert f'value="{living.pk}" checked' in shown
    assert '<option value="swap" selected>' in shown
    draft = DocumentVersion.objects.get(state="draft")
    assert (draft.document, draft.content["legal_basis"][0]["number"]) == (swap.document, NEW)
    done, refused = impacts_decide(
        items=[ImpactItem.objects.get(pk=living.pk)], action="open_revision", by=world.lan, answers={"basis": ""}
    )
    assert (len(done), refused) == (1, [])


def test_who_holds_what_by_unit_and_deadline(world: World) -> None:
    campaign = campaign_of(world, basis(OLD), basis(OLD), basis(OLD))
    campaign_of(world, basis(OLD), unit="bttp")
    first, second, _third, other = items(campaign)
    engine.fire(first, "confirm", by=world.phuc)
    engine.fire(engine.fire(second, "screen", by=world.phuc, note="x"), "no_impact", by=world.quang)
    revised = engine.fire(engine.fire(other, "confirm", by=world.phuc), "open_revision", by=world.mai)
    assert revised.revision is not None
    found = {(one.role, one.unit.code): one for one in holdings(campaign.items.all()).first}
    assert {key: (one.number, one.late, one.people) for key, one in found.items()} == {
        ("legal_watch", "STP"): (1, 0, [world.phuc]),
        ("drafter", "HCTP"): (1, 0, [world.lan]),
        ("drafter", "BTTP"): (1, 0, [world.mai]),
    }
    late = date(2030, 1, 1)
    found_late = holdings(campaign.items.all(), late, most=1)
    assert (len(found_late.first), found_late.places, found_late.late) == (1, 3, 2)
    shown = flat(world.phuc, campaign.get_absolute_url())
    assert "Ai đang giữ việc" in shown
    assert "Mai" in shown
    world.mai.seats.update(valid_to=timezone.localdate())
    assert [one.people for one in holdings(campaign.items.all()).first if one.unit.code == "BTTP"] == [[]]
    assert "hôm nay chưa ai giữ" in flat(world.phuc, campaign.get_absolute_url())
    assert holdings(ImpactItem.objects.none()).first == []


def test_a_draft_is_held_by_whom_it_waits_on(world: World) -> None:
    (item,) = items(campaign_of(world))
    opened = engine.fire(engine.fire(item, "confirm", by=world.phuc), "open_revision", by=world.lan, basis="swap")
    assert [one.role for one in holdings(ImpactItem.objects.all()).first] == ["drafter"]
    engine.fire(opened.revision, "submit", by=world.lan)  # type: ignore[type-var]
    assert [(one.role, one.people) for one in holdings(ImpactItem.objects.all()).first] == [("unit_head", [world.minh])]


def test_statements_do_not_grow(world: World) -> None:
    counted = []
    for number in (1, 5):
        found = items(campaign_of(world, *[basis(OLD)] * number))
        with statements() as asked:
            assert len(hints(found)) == len(found)
            holdings(ImpactItem.objects.all())
            awaited(ImpactItem.objects.all())
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 12
    with statements() as asked:
        assert hints([]) == {}
    assert len(asked) == 0


def test_the_items_of_a_page_are_those_that_the_person_may_read(world: World) -> None:
    campaign = campaign_of(world)
    factories.in_force(world, "bttp", legal_basis=basis(OLD))
    campaign = campaign_open(regulation=factories.regulation(NEW), agency=world.unit("stp"), by=world.phuc)
    units = {
        name: {one.unit.code for one in items_of(campaign, world.people[name])} for name in ("phuc", "lan", "dung")
    }
    assert units == {"phuc": {world.unit("hctp").code, world.unit("bttp").code}, "lan": {world.unit("hctp").code},
                     "dung": set()}  # fmt: skip
