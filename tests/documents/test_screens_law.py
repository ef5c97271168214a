"""The register of legal documents: found in any spelling, shown as it is, entered and corrected without loss."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote

import pytest

from documents.models import Campaign, DocumentVersion, ImpactItem, Regulation, RegulationRelation
from tests import factories
from tests.people import World
from tests.workflows.screens import log_in, statements, text
from workflows import engine
from workflows.models import Move

URL = "/regulations/"
DECREE = "18/2026/NĐ-CP"


def page(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def flat(*asked: Any) -> str:
    return " ".join(text(*asked).split())


def cited(world: World, unit: str = "hctp", number: str = DECREE) -> DocumentVersion:
    """A procedure in force that cites an act in its second row."""
    factories.regulation(number)
    basis = [{"key": "b1", "number": factories.LAW, "issuer": "", "note": ""}]
    return factories.in_force(
        world, unit, legal_basis=[*basis, {"key": "b2", "number": number, "issuer": "", "note": ""}]
    )


def given(**facts: str) -> dict[str, str]:
    return {"number": DECREE, "issuer": "Chính phủ", "title": "Về hộ tịch", "effective_on": "05/03/2026", **facts}


@pytest.mark.parametrize("q", [DECREE, "18/2026/nd-cp", "018/2026", "ve ho tich", "VỀ HỘ TỊCH", "tịch hộ"])
def test_an_act_is_found_in_any_spelling(world: World, q: str) -> None:
    factories.regulation(DECREE, title="Về hộ tịch")
    factories.regulation("99/2020/TT-BTP", title="Việc khác")
    found = text(world.son, f"{URL}?q={quote(q)}")
    assert DECREE in found
    assert "99/2020/TT-BTP" not in found


def test_validity_is_computed_for_the_day_asked(world: World) -> None:
    factories.regulation(DECREE, effective_on=date(2026, 3, 5))
    assert "Chưa có hiệu lực</span>" in text(world.son, f"{URL}?on=04/03/2026")
    assert "Còn hiệu lực</span>" in text(world.son, f"{URL}?on=05/03/2026")
    assert DECREE in text(world.son, f"{URL}?validity=announced&on=04/03/2026")
    assert DECREE not in text(world.son, f"{URL}?validity=expired")
    assert "Không phải là ngày" in text(world.son, f"{URL}?on=5.13.2026", 400)


def test_what_is_unknown_is_said_and_what_is_odd_is_warned_of(world: World) -> None:
    act = factories.regulation("2013/TT-BTP", effective_on=None)
    odd = factories.regulation("11/2020/TT-BTP", issued_on=date(2020, 2, 2), effective_on=date(2020, 1, 1))
    shown = flat(world.son, act.get_absolute_url())
    assert shown.count("Chưa rõ") >= 4
    assert "Chưa rõ hiệu lực" in shown
    assert "Số hiệu thiếu số thứ tự." in shown
    assert "Ngày có hiệu lực trước ngày ban hành." in flat(world.son, odd.get_absolute_url())
    assert "Dữ liệu nguồn có điểm lạ" in text(world.son, URL)


def test_relations_stand_both_ways_with_their_days(world: World) -> None:
    act, heir = factories.regulation(), factories.regulation(DECREE, effective_on=date(2026, 3, 5))
    RegulationRelation.objects.create(source=heir, kind="replaces", target=act)
    shown = flat(world.son, act.get_absolute_url())
    assert "Hết hiệu lực toàn bộ" in shown
    assert f'được thay bằng <a href="{heir.get_absolute_url()}">{DECREE}</a>' in shown
    assert "05/03/2026" in shown
    assert "thay thế" in flat(world.son, heir.get_absolute_url())


def test_the_procedures_that_cite_it_stand_by_unit_with_the_path(world: World) -> None:
    one, other = cited(world), cited(world, "bttp")
    uncited = factories.in_force(world)
    foreign = cited(world, "nx1")
    act = Regulation.objects.by_number(DECREE).get()
    shown = flat(world.phuc, act.get_absolute_url())
    assert "Quy trình viện dẫn: 2" in shown
    assert f"{DECREE} ← căn cứ số 2 của {one.document.code}" in shown
    assert "Phòng Bổ trợ tư pháp (1)" in shown
    assert other.document.title in shown
    assert uncited.document.title not in shown
    assert foreign.document.code not in shown
    assert f"căn cứ số 2 của {foreign.document.code}" in flat(world.dung, act.get_absolute_url())
    assert "Quy trình viện dẫn: 0" in flat(world.phuc, f"{act.get_absolute_url()}?on=01/01/2026")


def test_an_act_is_registered_day_first_and_unknown_stays_unknown(world: World) -> None:
    answer = log_in(world.phuc).post(f"{URL}new/", given(effective_on="05/03/2026", issued_on=""))
    act = Regulation.objects.by_number(DECREE).get()
    assert answer["Location"] == f"{act.get_absolute_url()}?saved=1"
    assert (act.effective_on, act.issued_on, act.kind, act.state) == (date(2026, 3, 5), None, "Nghị định", "registered")
    assert Move.objects.get(stream=act.pk).actor == world.phuc


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"effective_on": "31/02/2026"}, "Không phải là ngày"),
        ({"number": ""}, "bắt buộc"),
        ({"number": "9" * 121}, "120"),
        ({"title": "a\x00b"}, "Null"),
    ],
)
def test_a_wrong_fact_is_told_beside_its_field_and_nothing_is_lost(
    world: World, facts: dict[str, str], sentence: str
) -> None:
    answer = log_in(world.phuc).post(f"{URL}new/", given(issuer="Bộ Tư pháp", **facts))
    shown = page(answer)
    assert answer.status_code == 400
    assert sentence in shown or "rỗng" in shown or "null" in shown.lower()
    assert 'value="Bộ Tư pháp"' in shown
    assert "error-summary" in shown
    assert not Regulation.objects.exists()


def test_an_act_is_registered_once_however_it_is_spelt(world: World) -> None:
    known = factories.regulation(DECREE)
    answer = log_in(world.phuc).post(f"{URL}new/", given(number="018/2026/nđ–cp"))
    assert answer.status_code == 400
    assert "Văn bản này đã có trong danh mục." in page(answer)
    assert known.get_absolute_url() in page(answer)
    links = page(log_in(world.phuc).get("/regulations/suggest/", {"number": "18/2026", "links": "1"}))
    assert known.get_absolute_url() in links


def test_a_correction_goes_through_the_door_with_its_ground(world: World) -> None:
    act = factories.regulation(DECREE, effective_on=None)
    url = f"{act.get_absolute_url()}edit/"
    assert f'name="expected" value="{act.row_version}"' in text(world.phuc, url)
    answer = log_in(world.phuc).post(url, given(expected=str(act.row_version), note="Công báo số 5"))
    assert answer.status_code == 302
    act.refresh_from_db()
    assert act.effective_on == date(2026, 3, 5)
    assert Move.objects.filter(stream=act.pk).latest("seq").note == "Công báo số 5"


def test_two_who_correct_at_once_see_each_other(world: World) -> None:
    act = factories.regulation(DECREE)
    engine.fire(act, "correct", by=world.hoa, facts={"number": DECREE, "issuer": "Chính phủ", "title": "Hoa ghi"})
    url = f"{act.get_absolute_url()}edit/"
    answer = log_in(world.phuc).post(url, given(expected=str(act.row_version), title="Phúc ghi"))
    shown = page(answer)
    assert answer.status_code == 409
    assert "Phúc ghi" in shown
    assert "Trích yếu: Hoa ghi" in shown
    assert "Ngày có hiệu lực: Chưa rõ" in shown
    fresh = Regulation.objects.get(pk=act.pk)
    assert f'name="expected" value="{fresh.row_version}"' in shown
    assert log_in(world.phuc).post(url, given(expected=str(fresh.row_version))).status_code == 302


@pytest.mark.parametrize("name", ["lan", "tuan", "admin", "root"])
def test_only_the_keepers_of_the_register_write_it(world: World, name: str) -> None:
    act = factories.regulation(DECREE)
    person = world.people[name]
    missing = 404 if name == "root" else 403
    assert log_in(person).get(f"{URL}new/").status_code == 403
    assert log_in(person).post(f"{URL}new/", given()).status_code == 403
    assert log_in(person).post(f"{act.get_absolute_url()}edit/", given(expected="1")).status_code == missing
    assert log_in(person).post(f"{act.get_absolute_url()}campaign/").status_code == missing
    relation = {"kind": "amends", "number": factories.LAW}
    factories.regulation()
    assert log_in(person).post(f"{act.get_absolute_url()}relate/", relation).status_code == missing
    assert not RegulationRelation.objects.exists()
    if name != "root":
        shown = text(person, act.get_absolute_url())
        assert "Cập nhật thông tin" not in shown.split("Vì sao")[0]
        assert "Mở đợt rà soát" not in shown


def test_a_relation_is_added_on_the_page_and_an_error_keeps_what_was_typed(world: World) -> None:
    act, old = factories.regulation(DECREE, effective_on=date(2026, 3, 5)), factories.regulation()
    url = f"{act.get_absolute_url()}relate/"
    wrong = log_in(world.phuc).post(url, {"kind": "replaces", "number": "123/2051/NĐ-CP", "effective_on": "05/03/2026"})
    assert wrong.status_code == 400
    assert "có phải 123/2015/NĐ-CP?" in page(wrong)
    assert 'value="05/03/2026"' in page(wrong)
    bad = log_in(world.phuc).post(url, {"kind": "replaces", "number": old.number, "effective_on": "5 tháng 3"})
    assert bad.status_code == 400
    assert 'value="5 tháng 3"' in page(bad)
    done = log_in(world.phuc).post(url, {"kind": "replaces", "number": "123/2015/nd-cp", "effective_on": ""})
    assert done.status_code == 302
    assert "Hết hiệu lực toàn bộ" in text(world.son, old.get_absolute_url())


def test_a_campaign_opens_from_the_page_and_widens_later(world: World) -> None:
    cited(world)
    act = Regulation.objects.by_number(DECREE).get()
    assert "Mở đợt rà soát" in text(world.phuc, act.get_absolute_url())
    url = f"{act.get_absolute_url()}campaign/"
    answer = log_in(world.phuc).post(url)
    campaign = Campaign.objects.get()
    assert answer["Location"] == campaign.get_absolute_url()
    assert ImpactItem.objects.count() == 1
    cited(world, "bttp")
    assert "Bổ sung đợt rà soát" in text(world.phuc, act.get_absolute_url())
    log_in(world.phuc).post(url)
    log_in(world.phuc).post(url)
    assert ImpactItem.objects.count() == 2
    assert log_in(world.phuc).post(url, {"agency": str(world.unit("nx").pk)}).status_code == 403


def test_verifying_is_offered_and_explained(world: World) -> None:
    act = factories.regulation(DECREE)
    assert "/verify/" in text(world.phuc, act.get_absolute_url())
    assert "/verify/" not in text(world.son, act.get_absolute_url())


def test_statements_do_not_grow_with_the_register(world: World) -> None:
    counted, act = [], factories.regulation(DECREE)
    for number in (3, 57):
        for place in range(number):
            other = factories.regulation(f"{number}{place}/2020/TT-BTP")
            RegulationRelation.objects.create(source=act, kind="amends", target=other)
        cited(world)
        client = log_in(world.phuc)
        client.get(URL)
        for url in (URL, act.get_absolute_url()):
            with statements() as found:
                assert client.get(url).status_code == 200
            counted.append(len(found))
    assert counted[:2] == counted[2:]
    assert counted[0] <= 8
    assert counted[1] <= 24
