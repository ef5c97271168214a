"""The fixture file: agencies, units, people, committees and seats; what is known stays, what is wrong is named."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from workflows.fixture import load, take_agency, take_committee, take_division, take_person, take_seat
from workflows.importing import BadRow
from workflows.models import Committee, Seat, Unit, User, day_of

pytestmark = pytest.mark.django_db

DATA: dict[str, list[Any]] = {
    "agencies": [
        {"code": "T", "name": "Tỉnh T", "kind": "province"},
        {"code": "S", "name": "Sở S", "kind": "department", "parent": "T"},
        {"code": "K", "name": "Sở K", "kind": "department", "parent": "T"},
    ],
    "units": [
        {"code": "P1", "name": "Phòng Một", "agency": "S", "fields": ["Hộ tịch"]},
        {"code": "P1", "name": "Phòng Một", "agency": "K"},
        {"code": "TO", "name": "Tổ", "agency": "S", "parent": "P1"},
    ],
    "people": [
        {"username": "an", "full_name": "Nguyễn An", "position": "Chuyên viên", "email": "an@s.vn", "password": "own"},
        {"username": "binh"},
    ],
    "committees": [
        {"agency": "S", "decision_no": "1/QĐ", "valid_from": "2025-01-01", "valid_to": "2026-01-01"},
        {"agency": "S", "decision_no": "2/QĐ", "decision_on": "2025-12-20", "valid_from": "2026-01-01"},
        {"agency": "K", "decision_no": "2/QĐ", "valid_from": "2025-12-01"},
        {"agency": "K", "decision_no": "5/QĐ", "valid_from": "2026-01-15"},
        {"agency": "S", "decision_no": "0/QĐ", "valid_from": "2023-01-01", "valid_to": "2024-01-01"},
    ],
    "seats": [
        {"username": "an", "role": "drafter", "agency": "S", "unit": "P1", "valid_from": "2026-01-05"},
        {"username": "binh", "role": "qmr", "unit": "S", "decision_no": "2/QĐ", "valid_from": "2026-01-05"},
    ],
}


def write(folder: Path, data: Any) -> str:
    file = folder / "seed.json"
    file.write_text(json.dumps(data), "utf-8")
    return str(file)


@pytest.fixture
def loaded(tmp_path: Path) -> str:
    """The file, taken once."""
    file = write(tmp_path, DATA)
    report = load(file, password="common")
    assert (report.counts, report.bad) == ({"added": 15}, [])
    return file


def seat_row(**changes: Any) -> dict[str, Any]:
    return {"username": "an", "role": "unit_head", "agency": "S", "unit": "P1", "valid_from": "2026-02-01", **changes}


def test_the_tree_is_as_the_file_says(loaded: str) -> None:
    in_s, in_k = (Unit.objects.get(code="P1", agency__code=code) for code in "SK")
    team = Unit.objects.get(code="TO")
    assert (in_s.parent, in_k.parent, team.parent) == (
        Unit.objects.get(code="S"),
        Unit.objects.get(code="K"),
        in_s,
    )
    assert team.agency == in_s.agency
    assert (in_s.fields, in_k.fields) == (["Hộ tịch"], [])
    assert Unit.objects.get(code="S").parent == Unit.objects.get(code="T")


def test_people_have_their_own_password_or_the_common_one_or_none(loaded: str) -> None:
    an, binh = User.objects.get(username="an"), User.objects.get(username="binh")
    assert (an.check_password("own"), an.check_password("common")) == (True, False)
    assert binh.check_password("common")
    assert (an.full_name, an.position, an.email, binh.full_name) == ("Nguyễn An", "Chuyên viên", "an@s.vn", "binh")
    assert take_person({"username": "chi"}) == "added"
    assert not User.objects.get(username="chi").has_usable_password()
    assert not any((user.is_staff or user.is_superuser) for user in User.objects.all())


def test_seats_are_for_the_unit_the_day_and_the_committee_named(loaded: str) -> None:
    an, binh = Seat.objects.get(user__username="an"), Seat.objects.get(user__username="binh")
    assert (an.unit.code, an.unit.agency, an.role) == ("P1", Unit.objects.get(code="S"), "drafter")
    assert (an.valid_from, an.valid_to, an.committee, an.decision_no) == (date(2026, 1, 5), None, None, "")
    assert binh.committee == Committee.objects.get(agency__code="S", decision_no="2/QĐ")


def test_a_second_load_changes_nothing(loaded: str) -> None:
    report = load(loaded, password="other")
    assert (report.counts, report.bad) == ({"same": 15}, [])
    assert User.objects.get(username="binh").check_password("common")


def test_what_differs_is_taken_over_for_names_and_people_and_never_for_passwords(loaded: str) -> None:
    assert take_agency({"code": "S", "name": "Sở Mới", "kind": "department"}) == "changed"
    assert Unit.objects.get(code="S").name == "Sở Mới"
    assert take_division({"code": "P1", "name": "Phòng Một", "agency": "S"}) == "same"
    assert take_division({"code": "P1", "name": "Phòng Nhất", "agency": "S"}) == "changed"
    renamed = Unit.objects.get(code="P1", agency__code="S")
    assert (renamed.name, renamed.fields) == ("Phòng Nhất", ["Hộ tịch"])
    assert take_division({"code": "P1", "name": "Phòng Một", "agency": "S"}) == "changed"
    assert Unit.objects.get(code="P1", agency__code="S").fields == ["Hộ tịch"]
    assert take_division({"code": "P1", "name": "Phòng Một", "agency": "S", "fields": ["Đất"]}) == "changed"
    assert Unit.objects.get(code="P1", agency__code="S").fields == ["Đất"]
    assert Unit.objects.get(code="P1", agency__code="K").fields == []
    assert take_person({"username": "an", "full_name": "Trần An", "password": "new"}) == "changed"
    an = User.objects.get(username="an")
    assert (an.full_name, an.position, an.check_password("own")) == ("Trần An", "", True)


def test_a_known_committee_is_history(loaded: str) -> None:
    row = {"agency": "S", "decision_no": "2/QĐ", "decision_on": "2026-03-01", "valid_from": "2026-03-01"}
    assert take_committee(row) == "same"
    kept = Committee.objects.get(agency__code="S", decision_no="2/QĐ")
    assert (kept.decision_on, kept.valid_from, kept.valid_to) == (date(2025, 12, 20), date(2026, 1, 1), None)
    assert Committee.objects.get(agency__code="K", decision_no="2/QĐ").decision_on == date(2025, 12, 1)
    assert Committee.objects.get(decision_no="1/QĐ").valid_to == date(2026, 1, 1)


def test_a_committee_needs_its_first_day(loaded: str) -> None:
    with pytest.raises(BadRow, match="valid_from: missing"):
        take_committee({"agency": "S", "decision_no": "8/QĐ", "decision_on": "2026-03-01"})
    assert not Committee.objects.filter(decision_no="8/QĐ").exists()


def test_an_agency_is_not_taken_for_a_division_of_the_same_code(loaded: str) -> None:
    assert take_agency({"code": "P1", "name": "Xã P1", "kind": "commune", "parent": "T"}) == "added"
    assert set(Unit.objects.filter(code="P1").values_list("name", flat=True)) == {"Phòng Một", "Xã P1"}


def test_a_seat_may_be_given_its_end_once_and_nothing_else(loaded: str) -> None:
    assert take_seat(seat_row()) == "added"
    assert take_seat(seat_row()) == "same"
    assert take_seat(seat_row(valid_to="2026-05-01", decision_no="9/QĐ")) == "changed"
    held = Seat.objects.get(role="unit_head")
    assert (held.valid_to, held.decision_no) == (date(2026, 5, 1), "")
    assert take_seat(seat_row(valid_to="2026-05-01")) == "same"
    assert take_seat(seat_row(valid_to="2026-06-01")) == "kept"
    assert take_seat(seat_row()) == "kept"
    assert Seat.objects.get(role="unit_head").valid_to == date(2026, 5, 1)
    assert take_seat(seat_row(valid_from="2026-06-01")) == "added"


@pytest.mark.parametrize(("decision", "since", "named", "found"), [
    ("1/QĐ", "2026-02-01", False, "1/QĐ"),  # by its decision, whatever the day
    ("7/QĐ", "2026-02-01", True, "2/QĐ"),  # appointed later to the committee in force
    ("7/QĐ", "2025-12-31", True, "1/QĐ"),
    ("7/QĐ", "2026-01-01", True, "2/QĐ"),
    ("7/QĐ", "2025-01-01", True, "1/QĐ"),
    ("7/QĐ", "2024-12-31", True, None),
    ("7/QĐ", "2026-02-01", False, None),
    ("5/QĐ", "2026-02-01", False, None),  # another agency's
    ("7/QĐ", "2024-01-01", True, None),  # between two committees: the day on which the first ends
    ("7/QĐ", "2024-06-01", True, None),
    ("7/QĐ", "2023-12-31", True, "0/QĐ"),
])  # fmt: skip
def test_the_committee_of_a_seat(loaded: str, decision: str, since: str, named: bool, found: str | None) -> None:
    take_seat(seat_row(decision_no=decision, valid_from=since, committee=named))
    committee = Seat.objects.get(role="unit_head").committee
    assert (committee and (committee.decision_no, committee.agency.code)) == (found and (found, "S"))


@pytest.mark.parametrize(("changes", "said"), [
    ({"role": "emperor"}, "role"), ({"role": ""}, "role"), ({"username": "nobody"}, "username"),
    ({"username": ""}, "username"), ({"valid_from": None}, "valid_from"), ({"valid_from": "05/01/2026"}, "valid_from"),
    ({"agency": "X"}, "no agency"), ({"unit": "P9"}, "no unit 'P9'"), ({"agency": "K", "unit": "TO"}, "no unit 'TO'"),
    ({"agency": ""}, "2 units of code 'P1'"), ({"agency": "", "unit": "P9"}, "no units of code 'P9'"),
    ({"unit": "", "agency": ""}, "no agency"),
])  # fmt: skip
def test_a_bad_seat_is_named(loaded: str, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(BadRow, match=said):
        take_seat(seat_row(**changes))
    assert Seat.objects.count() == 2


def test_a_seat_is_placed_by_unit_by_agency_or_by_both(loaded: str) -> None:
    for place, code in (
        ({"agency": "S", "unit": ""}, "S"), ({"agency": "S", "unit": "S"}, "S"), ({"agency": "", "unit": "TO"}, "TO"),
        ({"agency": "S", "unit": "TO"}, "TO"), ({"agency": "", "unit": "K"}, "K"),
    ):  # fmt: skip
        Seat.objects.filter(role="unit_head").delete()
        assert take_seat(seat_row(**place)) == "added"
        assert Seat.objects.get(role="unit_head").unit.code == code


@pytest.mark.parametrize(("row", "said"), [
    ({"code": "Z", "name": "Z", "kind": "division"}, "kind"), ({"code": "Z", "name": "Z", "kind": "empire"}, "kind"),
    ({"code": "Z", "name": "Z", "kind": ""}, "kind"), ({"code": "", "name": "Z", "kind": "province"}, "code"),
    ({"code": "Z", "name": "", "kind": "province"}, "name"),
    ({"code": "Z", "name": "Z", "kind": "province", "parent": "Y"}, "no agency 'Y'"),
    ({"code": "Z", "name": "Z", "kind": "commune", "parent": "P1"}, "no agency 'P1'"),
])  # fmt: skip
def test_a_bad_agency_is_named(loaded: str, row: dict[str, Any], said: str) -> None:
    with pytest.raises(BadRow, match=said):
        take_agency(row)
    assert not Unit.objects.filter(code="Z").exists()


def test_a_division_lies_in_an_agency_that_is_known(loaded: str) -> None:
    for changes in ({"agency": "X"}, {"agency": ""}, {"agency": "P1"}, {"parent": "P9"}, {"code": ""}):
        with pytest.raises(BadRow):
            take_division({"code": "P2", "name": "Phòng Hai", "agency": "S", **changes})
    assert take_division({"code": "P2", "name": "Phòng Hai", "agency": "S", "parent": "S"}) == "added"
    assert Unit.objects.get(code="P2").parent == Unit.objects.get(code="S")


def test_bad_rows_do_not_stop_the_good_ones(tmp_path: Path) -> None:
    data = {
        **DATA,
        "people": [7, {"username": ""}, *DATA["people"]],
        "seats": [*DATA["seats"], seat_row(valid_to="2026-02-01"), seat_row(), seat_row(valid_to="2026-01-01")],
    }
    report = load(write(tmp_path, data))
    assert report.counts == {"added": 16}
    assert [(name, number) for name, number, _reason in report.bad] == [
        ("people", 1), ("people", 2), ("seats", 3), ("seats", 5),
    ]  # fmt: skip
    assert report.bad[0][2] == "not an object"
    assert Seat.objects.get(role="unit_head").valid_to is None


@pytest.mark.parametrize("text", ["{", "[]", '{"people": {}}', "7"])
def test_a_file_of_another_shape_is_refused_as_a_whole(tmp_path: Path, text: str) -> None:
    file = tmp_path / "seed.json"
    file.write_text(text)
    with pytest.raises(CommandError):
        load(str(file))
    with pytest.raises(CommandError):
        load(str(tmp_path / "none.json"))
    file.write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(CommandError):
        load(str(file))


def test_the_command_loads_and_gives_the_grants(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    since = str(day_of() - timedelta(days=1))
    data = {**DATA, "seats": [{**DATA["seats"][0], "valid_from": since}]}
    call_command("load_fixture", write(tmp_path, data), password="common")
    assert "14 added" in capsys.readouterr().out
    assert User.objects.get(username="binh").check_password("common")
    unit = Unit.objects.get(code="P1", agency__code="S")
    assert User.objects.get(username="an").has_perm("workflows.act_drafter", unit)
