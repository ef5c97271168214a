"""The editor: whatever goes wrong, everything typed comes back, with the reason beside it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from documents.models import DocumentVersion, RegulationRelation
from documents.views.editor import SALT
from tests import factories
from tests.documents.test_typed import fields_of
from tests.people import World
from tests.workflows.screens import log_in, statements, text
from workflows import engine
from workflows.models import Seat, User

pytestmark = pytest.mark.once


def url_of(draft: DocumentVersion) -> str:
    return f"{draft.get_absolute_url()}edit/"


def typed_into(draft: DocumentVersion, **fields: str) -> dict[str, str]:
    """What the page sends after a person opened the draft and typed into some fields."""
    base = signing.dumps(draft.content, salt=SALT, compress=True)
    sent = {"expected": str(draft.row_version), "base": base, "note": "", "do": "save"}
    return sent | fields_of(draft.content) | fields


def post(user: User, draft: DocumentVersion, **fields: str) -> Any:
    return log_in(user).post(url_of(draft), typed_into(draft, **fields))


def page(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def field(name: str, answer: Any) -> str:
    """What stands in a field of the page that came back."""
    shown: str = answer.content.decode()
    return shown.split(f'name="{name}"', 1)[1].split(">", 1)[1].split("</textarea>", 1)[0].lstrip("\n")


def test_the_editor_shows_every_section_of_the_table(world: World) -> None:
    shown = text(world.lan, url_of(factories.version(world)))
    for name in ("purpose", "time_limit.days", "steps.1.time", "legal_basis.0.number", "records.0.retention", "note"):
        assert f'name="{name}"' in shown
    assert "Thêm bước" in shown
    assert "2,5 ngày làm việc" in " ".join(shown.split())
    assert "thời hạn 3 ngày" in shown


def test_saving_goes_through_the_door(world: World) -> None:
    draft = factories.version(world)
    answer = post(world.lan, draft, purpose="Mục đích mới", note="Theo góp ý")
    assert answer["Location"] == f"{draft.get_absolute_url()}?saved=1"
    saved = DocumentVersion.objects.get(pk=draft.pk)
    assert (saved.content["purpose"], saved.change_note) == ("Mục đích mới", "Theo góp ý")
    assert saved.row_version == draft.row_version + 1
    assert f'data-keep-done="version-{draft.pk}"' in text(world.lan, answer["Location"])


def test_a_wrong_cell_is_named_and_nothing_is_lost(world: World) -> None:
    draft = factories.version(world)
    given = {"time_limit.days": "ba", "purpose": "Mục <đích> mới", "steps.2.name": "Bước thêm", "note": "Vì sao"}
    answer = post(world.lan, draft, **given)
    assert answer.status_code == 400
    shown = page(answer)
    assert '<a href="#time_limit-days">Thời hạn giải quyết, số ngày làm việc: Số ngày phải là số' in shown
    assert 'aria-describedby="time_limit-days-error"' in shown
    assert field("time_limit.days", answer) == "ba"
    assert field("purpose", answer) == "Mục &lt;đích&gt; mới"
    assert field("steps.2.name", answer) == "Bước thêm"
    assert field("note", answer) == "Vì sao"
    assert "data-bound" in shown
    assert DocumentVersion.objects.get(pk=draft.pk).row_version == draft.row_version


@pytest.mark.parametrize(
    ("do", "name", "value"),
    [
        ("add:steps", "steps.2.name", ""),
        ("up:steps:1", "steps.0.name", "Thẩm tra"),
        ("down:steps:0", "steps.0.name", "Thẩm tra"),
        ("drop:steps:0", "steps.0.name", "Thẩm tra"),
        ("swap:legal_basis:0:04/2020/TT-BTP", "legal_basis.0.number", "04/2020/TT-BTP"),
    ],
)
def test_rows_change_without_any_script_and_without_saving(world: World, do: str, name: str, value: str) -> None:
    draft = factories.version(world)
    answer = post(world.lan, draft, do=do, purpose="Đang gõ dở")
    assert answer.status_code == 200
    assert field(name, answer) == value
    assert field("purpose", answer) == "Đang gõ dở"
    assert DocumentVersion.objects.get(pk=draft.pk).row_version == draft.row_version


def test_a_dead_citation_has_a_button_that_names_its_heir(world: World) -> None:
    draft = factories.version(world)
    heir = factories.regulation("07/2025/NĐ-CP", effective_on=date(2025, 1, 9))
    RegulationRelation.objects.create(source=heir, kind="replaces", target=factories.regulation())
    shown = " ".join(text(world.lan, url_of(draft)).split())
    assert 'value="swap:legal_basis:0:07/2025/NĐ-CP">Thay bằng 07/2025/NĐ-CP' in shown
    answer = post(world.lan, draft, **{"legal_basis.1.number": "7/2025/nđ-cp"})
    answer = post(world.lan, DocumentVersion.objects.get(pk=draft.pk), do="check")
    assert "đã có ở dòng khác" in page(answer)
    assert 'value="drop:legal_basis:0"' in page(answer)


def test_an_unknown_number_is_said_to_be_unknown(world: World) -> None:
    answer = post(world.lan, factories.version(world), do="check", **{"legal_basis.0.number": "99/2099/NĐ-CP"})
    assert "chưa có trong danh mục" in page(answer)
    assert "Căn cứ 99/2099/NĐ-CP chưa có trong danh mục văn bản" in page(answer)


def test_the_check_lists_what_submission_would_miss(world: World) -> None:
    draft = factories.version(world)
    assert "Nội dung đã đủ để trình" in page(post(world.lan, draft, do="check"))
    answer = post(world.lan, draft, do="check", scope="", **{"steps.0.time": "09 ngày"})
    assert "Chưa có nội dung phần “Phạm vi”." in page(answer)
    assert "quá thời hạn giải quyết 3 ngày" in page(answer)
    assert "– quá thời hạn" in page(answer)


def test_two_who_edit_at_once_both_keep_their_work(world: World) -> None:
    draft = factories.version(world)
    theirs = factories.content(fee="Phí của Minh", purpose="Mục đích của Minh")
    engine.fire(draft, "edit", by=world.minh, content=theirs, note="Minh sửa phí")
    answer = post(world.lan, draft, purpose="Mục đích của Lan", scope="Phạm vi của Lan")
    assert answer.status_code == 409
    shown = page(answer)
    assert "người khác đã lưu dự thảo này" in shown
    assert "Minh: Sửa dự thảo (Minh sửa phí)" in shown
    assert "[thêm: </span>Phí của Minh" in shown
    assert (field("purpose", answer), field("scope", answer)) == ("Mục đích của Lan", "Phạm vi của Lan")
    assert field("fee", answer) == "Phí của Minh"
    assert '<a href="#purpose">Mục đích: Mục đích của Minh</a>' in shown
    fresh = DocumentVersion.objects.get(pk=draft.pk)
    assert f'name="expected" value="{fresh.row_version}"' in shown
    again = post(world.lan, fresh, purpose="Mục đích của Lan", scope="Phạm vi của Lan")
    assert again.status_code == 302
    saved = DocumentVersion.objects.get(pk=draft.pk).content
    assert (saved["fee"], saved["purpose"], saved["scope"]) == ("Phí của Minh", "Mục đích của Lan", "Phạm vi của Lan")


def test_without_a_base_the_conflict_still_keeps_what_was_typed(world: World) -> None:
    draft = factories.version(world)
    engine.fire(draft, "edit", by=world.minh, content=factories.content(fee="Phí của Minh"))
    answer = post(world.lan, draft, purpose="Mục đích của Lan", base="rubbish", expected="x")
    assert answer.status_code == 409
    assert field("purpose", answer) == "Mục đích của Lan"


def test_a_draft_that_has_gone_on_keeps_what_was_typed(world: World) -> None:
    draft = factories.version(world)
    engine.fire(draft, "submit", by=world.lan)
    answer = post(world.lan, draft, purpose="Chậm một bước")
    assert answer.status_code == 409
    assert field("purpose", answer) == "Chậm một bước"
    assert "Trưởng đơn vị kiểm tra" in page(answer)
    shown = log_in(world.lan).get(url_of(draft), follow=True).content.decode()
    assert "nên không sửa được" in shown


def test_a_seat_that_ended_while_typing_keeps_what_was_typed(world: World) -> None:
    draft = factories.version(world)
    Seat.objects.filter(user=world.lan).update(valid_to=timezone.localdate())
    answer = post(world.lan, draft, purpose="Gõ khi còn vai trò")
    assert answer.status_code == 404
    assert field("purpose", answer) == "Gõ khi còn vai trò"
    assert draft.document.title not in page(answer)


@pytest.mark.parametrize(("name", "status"), [("binh", 403), ("son", 403), ("dung", 404), ("root", 404)])
def test_a_stranger_learns_nothing_and_keeps_what_was_typed(world: World, name: str, status: int) -> None:
    draft = factories.version(world)
    assert log_in(world.people[name]).get(url_of(draft)).status_code == status
    answer = post(world.people[name], draft, purpose="Của người lạ")
    assert answer.status_code == status
    assert field("purpose", answer) == "Của người lạ"
    assert draft.document.title not in page(answer)
    assert draft.document.code not in page(answer)


def test_one_who_only_reviews_cannot_write(world: World) -> None:
    draft = factories.version(world)
    assert log_in(world.quang).get(url_of(draft)).status_code == 403
    answer = post(world.quang, draft, purpose="Của người duyệt")
    assert answer.status_code == 403
    assert field("purpose", answer) == "Của người duyệt"
    assert "không được soạn thảo" in page(answer) or "không được thực hiện" in page(answer)


def test_the_secretary_drafts_system_documents_alone(world: World) -> None:
    draft = factories.version(world)
    refused = text(world.hoa, url_of(draft), 403)
    assert "Thư ký ISO chỉ soạn thảo tài liệu hệ thống" in refused
    answer = post(world.hoa, draft, purpose="Của thư ký")
    assert answer.status_code == 422
    assert "Thư ký ISO chỉ soạn thảo tài liệu hệ thống" in page(answer)
    assert field("purpose", answer) == "Của thư ký"


def test_a_lost_session_gives_back_what_was_typed_and_a_way_in(world: World) -> None:
    draft = factories.version(world)
    asked = Client().get(url_of(draft))
    assert asked["Location"].startswith("/accounts/login/?next=/versions/")
    answer = Client().post(url_of(draft), typed_into(draft, purpose="Gõ khi phiên đã hết"))
    assert answer.status_code == 403
    assert field("purpose", answer) == "Gõ khi phiên đã hết"
    assert "Đăng nhập lại" in page(answer)
    assert draft.document.title not in page(answer)


def test_two_hundred_rows_of_every_table_fit_into_one_request(world: World) -> None:
    draft = factories.version(world)
    rows = {f"steps.{at}.name": f"Việc {at}" for at in range(200)} | {f"records.{at}.name": "Sổ" for at in range(200)}
    keys = {f"{table}.{at}.key": "" for table in ("steps", "records", "dossier", "forms") for at in range(200)}
    answer = post(world.lan, draft, **rows, **keys)
    assert answer.status_code == 302
    too_many = post(
        world.lan, DocumentVersion.objects.get(pk=draft.pk), **{f"steps.{at}.name": "v" for at in range(201)}
    )
    assert too_many.status_code == 400
    assert "Nhiều quá 200 dòng." in page(too_many)
    assert field("steps.200.name", too_many) == "v"


def test_times_are_summed_while_typing(world: World) -> None:
    given = {"steps.0.time": "½ ngày", "steps.1.time": "4 giờ", "steps.2.name": "Ký", "time_limit.days": "0,5"}
    answer = log_in(world.lan).post("/versions/times/", given)
    shown = page(answer)
    assert "1 ngày làm việc" in shown
    assert "thời hạn 0,5 ngày" in shown
    assert "– quá thời hạn" in shown
    assert "chưa rõ thời gian của bước 3" in shown
    empty = page(log_in(world.lan).post("/versions/times/", {}))
    assert "0 ngày làm việc" in empty
    assert "thời hạn chưa ghi số ngày" in empty


@pytest.mark.parametrize("q", ["18/2026/nd-cp", "018/2026", "18/2026/NĐ–CP", "so ho tich"])
def test_citations_are_suggested_in_any_spelling(world: World, q: str) -> None:
    factories.regulation("18/2026/NĐ-CP", title="Về sổ hộ tịch")
    factories.regulation("99/2020/NĐ-CP", title="Việc khác")
    answer = log_in(world.lan).get("/regulations/suggest/", {"legal_basis.3.number": q})
    assert 'data-pick="18/2026/NĐ-CP"' in page(answer)
    assert "99/2020" not in page(answer)


def test_a_slip_of_the_hand_suggests_its_neighbours(world: World) -> None:
    factories.regulation("18/2026/NĐ-CP")
    answer = log_in(world.lan).get("/regulations/suggest/", {"q": "18/2062/NĐ-CP"})
    assert "18/2026/NĐ-CP" in page(answer)
    assert page(log_in(world.lan).get("/regulations/suggest/", {"q": ""})) == ""
    assert page(log_in(world.root).get("/regulations/suggest/", {"q": "18/2026"})) == ""


def test_statements_do_not_grow_with_the_rows(world: World) -> None:
    numbers = [f"{n}/2024/NĐ-CP" for n in range(1, 24)]
    for number in numbers:
        factories.regulation(number)
    many = [{"key": f"b{n}", "number": number, "issuer": "", "note": ""} for n, number in enumerate(numbers)]
    counted = []
    for draft in (factories.version(world), factories.version(world, legal_basis=many)):
        client = log_in(world.lan)
        client.get(url_of(draft))
        with statements() as found:
            assert client.get(url_of(draft)).status_code == 200
        counted.append(len(found))
    assert counted[0] == counted[1]
    assert counted[0] <= 10
