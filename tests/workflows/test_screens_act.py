"""Acting from a page: the same door, nothing typed is lost, and every refusal says why with its status."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from documents.models import DocumentVersion
from tests import factories
from tests.people import World
from tests.workflows.screens import log_in, text, url_of
from workflows import engine
from workflows.models import Move, User

NOTE = "Bước 2 thiếu biểu mẫu – xem lại Điều 5 & mục “b”"


def post(user: User, version: Any, action: str, **given: Any) -> Any:
    """Send a step's form as a page does, decided on the version at hand unless another is given."""
    data = {"expected": version.row_version, **given}
    return log_in(user).post(url_of("act", version, action), {k: v for k, v in data.items() if v is not None})


def state_of(version: DocumentVersion) -> str:
    return str(DocumentVersion.objects.get(pk=version.pk).state)


def test_a_step_goes_through_the_door_and_says_so(world: World) -> None:
    version = factories.version(world, "unit_review")
    answer = post(world.minh, version, "agree", note=" Đồng ý,\r\nđã xem ")
    assert (answer.status_code, answer.headers["Location"]) == (302, version.get_absolute_url())
    assert state_of(version) == "iso_check"
    move = Move.objects.filter(stream=version.pk).latest("seq")
    assert (move.actor, move.role, move.note) == (world.minh, "unit_head", "Đồng ý,\nđã xem")


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/x", "javascript:alert(1)", "http:///x", ""])
def test_only_an_address_of_ours_is_followed(world: World, url: str) -> None:
    version = factories.version(world, "unit_review")
    assert post(world.minh, version, "agree", next=url).headers["Location"] == version.get_absolute_url()


def test_a_get_shows_the_form_and_changes_nothing(world: World) -> None:
    version = factories.version(world, "unit_review")
    page = text(world.minh, url_of("act", version, "return") + "?next=/inbox/")
    for said in ('name="note"', f'name="expected" value="{version.row_version}"', 'name="next" value="/inbox/"'):
        assert said in page
    assert state_of(version) == "unit_review"


def test_the_token_is_needed(world: World) -> None:
    version = factories.version(world, "unit_review")
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.minh, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(url_of("act", version, "agree"), {"expected": version.row_version})
    assert (answer.status_code, state_of(version)) == (403, "unit_review")


def test_only_get_and_post(world: World) -> None:
    version = factories.version(world, "unit_review")
    assert log_in(world.minh).put(url_of("act", version, "agree")).status_code == 405


def test_a_missing_reason_is_400_beside_its_field(world: World) -> None:
    version = factories.version(world, "unit_review")
    answer = post(world.minh, version, "return", note="  ")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Cần nhập: Lý do." in page
    assert 'href="#return_note"' in page
    assert 'id="return_note"' in page


@pytest.mark.parametrize("day", ["13/13/2026", "31/02/2026", "hôm nay", "2026"])
def test_a_wrong_date_is_said_and_everything_typed_stays(world: World, day: str) -> None:
    version = factories.version(world, "approved")
    answer = post(world.van, version, "issue", decision_no="7/QĐ-STP", decision_on=day, effective_from="05/03/2027")
    page = answer.content.decode()
    assert answer.status_code == 400
    for typed in ("7/QĐ-STP", day, "05/03/2027"):
        assert f'value="{typed}"' in page
    assert state_of(version) == "approved"


def test_dates_are_read_day_first(world: World) -> None:
    version = factories.version(world, "approved")
    answer = post(world.van, version, "issue", decision_on="05/03/2026", effective_from="06/05/2031")
    assert answer.status_code == 302
    issued = DocumentVersion.objects.get(pk=version.pk)
    assert (f"{issued.decision_on:%d.%m}", f"{issued.effective_from:%d.%m}") == ("05.03", "06.05")


def test_what_the_record_lacks_is_422_with_every_sentence(world: World) -> None:
    version = factories.version(world, "approved")
    answer = post(world.van, version, "issue", decision_on="05/03/2031", effective_from="05/03/2020")
    page = answer.content.decode()
    assert answer.status_code == 422
    for said in ("chưa đủ điều kiện", "không được ở tương lai", "không được trước ngày quyết định"):
        assert said in page
    assert 'value="05/03/2031"' in page


def test_a_control_character_is_the_doors_problem_shown_in_the_form(world: World) -> None:
    version = factories.version(world, "unit_review")
    answer = post(world.minh, version, "return", note="a\x07b")
    assert answer.status_code == 400
    assert "ký tự điều khiển" in answer.content.decode()


@pytest.mark.parametrize("expected", [None, "", "x", "-1", "²", "9" * 5000])
def test_without_the_version_decided_on_nothing_happens(world: World, expected: str | None) -> None:
    version = factories.version(world, "unit_review")
    answer = post(world.minh, version, "return", expected=expected, note=NOTE)
    assert (answer.status_code, state_of(version)) == (400, "unit_review")
    assert "số phiên bản" in answer.content.decode()
    assert "xem lại Điều 5 &amp; mục “b”" in answer.content.decode()


def test_a_conflict_shows_who_did_what_and_keeps_the_words(world: World) -> None:
    version = factories.version(world, "draft")
    old = version.row_version
    engine.fire(version, "edit", by=world.minh, content=factories.content(scope="Phạm vi mới"))
    answer = post(world.lan, version, "submit", expected=old, note=NOTE)
    page = answer.content.decode()
    assert (answer.status_code, state_of(version)) == (409, "draft")
    for said in ("Minh: Sửa dự thảo", "xem lại Điều 5", "trong thẻ mới", "Tôi đã xem bản mới nhất"):
        assert said in page
    assert f'name="expected" value="{old + 1}"' in page
    assert post(world.lan, version, "submit", expected=old + 1, note=NOTE).status_code == 302


def test_a_step_that_is_gone_is_409_with_the_words_to_copy_and_no_button(world: World) -> None:
    version = factories.version(world, "iso_check")
    engine.fire(version, "pass", by=world.hoa)
    for action in ("pass", "return"):  # returning is now the QMR's, and still the late one is told what happened
        answer = post(world.hoa, version, action, note=NOTE)
        page = answer.content.decode()
        assert answer.status_code == 409
        for said in ("Đại diện lãnh đạo xem xét", "chính bạn: Đạt thẩm tra", "xem lại Điều 5"):
            assert said in page
        assert 'name="expected"' not in page


def test_a_wrong_role_is_403_and_told_which_role_and_who_holds_it(world: World) -> None:
    version = factories.version(world, "pending_approval")
    for page in (
        post(world.quang, version, "approve").content.decode(),
        text(world.quang, url_of("act", version, "approve"), 403),
    ):
        assert "Vai trò hiện nay của bạn không được thực hiện bước này." in page
        assert "Trưởng Ban chỉ đạo ISO (Tuan)" in page
    assert state_of(version) == "pending_approval"


def test_the_same_hand_is_403_and_told_which_deed_and_when(world: World) -> None:
    version = factories.version(world, "draft")
    version = engine.fire(version, "edit", by=world.minh, content=factories.content(scope="Của Minh"))
    version = engine.fire(version, "submit", by=world.lan)
    answer = post(world.minh, version, "agree")
    deed = Move.objects.get(stream=version.pk, action="edit", actor=world.minh)
    assert answer.status_code == 403
    assert "Sửa dự thảo" in answer.content.decode()
    assert f"{deed.at:%Y}" in answer.content.decode()


def test_turn_is_judged_before_what_was_typed(world: World) -> None:
    version = factories.version(world, "unit_review")
    for expected in (None, 1, version.row_version):
        assert post(world.van, version, "return", note="", expected=expected).status_code == 403
        assert post(world.lan, version, "abandon", note="", expected=expected).status_code == 409
    assert post(world.minh, version, "return", note="", expected=1).status_code == 409


def test_a_stranger_learns_nothing_of_a_draft_by_acting_on_it(world: World) -> None:
    version = factories.version(world, "draft")
    answer = post(world.son, version, "submit")
    assert answer.status_code == 403
    assert version.document.title not in answer.content.decode()
    assert "Soạn thảo" not in answer.content.decode()
    for who in ("dung", "xuan", "root"):
        assert post(world.people[who], version, "submit").status_code == 404


@pytest.mark.parametrize(("machine", "action"), [("version", "no_such"), ("no_such", "submit"), ("version", "edit")])
def test_what_is_no_simple_step_is_not_here(world: World, machine: str, action: str) -> None:
    version = factories.version(world, "draft")
    url = f"/records/{machine}/{version.pk}/{action}/"
    assert log_in(world.lan).get(url).status_code == 404
    assert log_in(world.lan).post(url, {"expected": version.row_version}).status_code == 404


def test_every_refused_step_is_told_collapsed_with_its_reason(world: World) -> None:
    version = factories.version(world, "pending_approval")
    page = text(world.lan, url_of("inbox_item", version))
    assert "<details" in page
    for said in ("Phê duyệt</strong>: Cần vai trò: Trưởng Ban chỉ đạo ISO (Tuan).", "Trả lại</strong>: Cần vai trò"):
        assert said in page
    assert url_of("act", version, "approve") not in page
    assert url_of("act", version, "recall") in page


def test_a_step_bound_to_an_earlier_deed_says_whose(world: World) -> None:
    version = factories.version(world, "unit_review")
    from tests.people import person, seat  # noqa: PLC0415 - a second drafter is needed here alone

    other = person("khac")
    seat(other, "drafter", world.unit("hctp"))
    assert "Chỉ người đã “Trình duyệt” mới làm được." in text(other, url_of("inbox_item", version))
