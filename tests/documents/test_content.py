"""Structured content: one shape from any source, every wrong path named, what the template misses."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import content as contents
from documents.content import ContentError, canonical, clean, digest, empty
from documents.sections import SECTIONS, Content, section
from tests.documents.samples import FULL_CONTENT, full_content
from tests.real_data import naughty_strings, needs_data, rows

CELLS = "Phải là chữ."
UNKNOWN = "Mục này không có trong mẫu quy trình."
CONTROL = "Có ký tự điều khiển không đọc được."
DAYS = "Số ngày phải là số lớn hơn 0 và không quá 3650."
KEY = "Khoá dòng chỉ gồm chữ cái không dấu, số, gạch; không quá 40 ký tự."


def tried(raw: object) -> tuple[Content | None, dict[str, str]]:
    try:
        return clean(raw), {}
    except ContentError as error:
        return None, error.problems


def refused(raw: object) -> dict[str, str]:
    with pytest.raises(ContentError) as error:
        clean(raw)
    return error.value.problems


def test_full_content_is_kept_as_it_is() -> None:
    assert full_content() == FULL_CONTENT


def test_the_table_has_the_agreed_shape() -> None:
    assert {item.key: tuple(column.key for column in item.columns) for item in SECTIONS} == {
        "purpose": (),
        "scope": (),
        "definitions": (),
        "dossier": ("item", "quantity"),
        "time_limit": ("text", "days"),
        "fee": (),
        "steps": ("name", "responsible", "time", "form"),
        "legal_basis": ("number", "issuer", "note"),
        "forms": ("code", "name"),
        "records": ("name", "holder", "retention"),
    }
    assert {item.kind for item in SECTIONS if item.columns} == {"rows", "limit"}
    assert [section(item.key) for item in SECTIONS] == list(SECTIONS)
    assert [(str(item.label), str(item.row), *(str(column.label) for column in item.columns)) for item in SECTIONS] == [
        ("Mục đích", ""),
        ("Phạm vi", ""),
        ("Định nghĩa, viết tắt", ""),
        ("Thành phần hồ sơ", "Thành phần", "Tên giấy tờ", "Số lượng"),
        ("Thời hạn giải quyết", "", "Thời hạn", "Số ngày làm việc"),
        ("Phí, lệ phí", ""),
        ("Các bước thực hiện", "Bước", "Nội dung công việc", "Trách nhiệm", "Thời gian", "Biểu mẫu, kết quả"),
        ("Căn cứ pháp lý", "Căn cứ", "Số, ký hiệu", "Cơ quan ban hành", "Ghi chú"),
        ("Biểu mẫu", "Biểu mẫu", "Mã biểu mẫu", "Tên biểu mẫu"),
        ("Hồ sơ lưu", "Hồ sơ", "Tên hồ sơ", "Nơi lưu", "Thời gian lưu"),
    ]


def test_the_typed_shape_and_the_table_agree() -> None:
    assert list(Content.__annotations__) == [item.key for item in SECTIONS]
    shapes = {
        "dossier": contents.DossierRow,
        "steps": contents.StepRow,
        "legal_basis": contents.BasisRow,
        "forms": contents.FormRow,
        "records": contents.RecordRow,
    }
    for key, shape in shapes.items():
        assert list(shape.__annotations__) == ["key", *(column.key for column in section(key).columns)]


def test_empty_content() -> None:
    expected: Content = {
        "purpose": "",
        "scope": "",
        "definitions": "",
        "dossier": [],
        "time_limit": {"text": "", "days": None},
        "fee": "",
        "steps": [],
        "legal_basis": [],
        "forms": [],
        "records": [],
    }
    assert empty() == expected
    assert clean({item.key: None for item in SECTIONS}) == empty()
    assert clean({"time_limit": {}}) == empty()


def test_text_is_composed_stripped_and_keeps_its_lines() -> None:
    typed = unicodedata.normalize("NFD", "  Mục đích\r\nDòng hai\rDòng ba\tô \n")
    assert clean({"purpose": typed})["purpose"] == "Mục đích\nDòng hai\nDòng ba\tô"
    row = {"name": unicodedata.normalize("NFD", " Thẩm định ")}
    assert clean({"steps": [row]})["steps"][0]["name"] == "Thẩm định"


def test_wholly_empty_rows_go_and_the_others_keep_their_order() -> None:
    raw = [{"name": "A"}, {"key": "x", "name": "  ", "time": ""}, {}, {"time": "1 ngày"}, {"name": "B", "form": None}]
    assert [(row["name"], row["time"]) for row in clean({"steps": raw})["steps"]] == [
        ("A", ""),
        ("", "1 ngày"),
        ("B", ""),
    ]


def test_new_rows_get_keys_that_depend_on_their_text_alone() -> None:
    raw = {"steps": [{"name": "A"}, {"key": "", "name": "B"}, {"key": None, "name": "A"}]}
    first = [row["key"] for row in clean(raw)["steps"]]
    assert first == [row["key"] for row in clean(raw)["steps"]]
    assert len(set(first)) == 3
    assert all(len(key) == 8 for key in first)
    assert clean({"steps": [{"name": "B"}]})["steps"][0]["key"] == first[1]


def test_given_keys_survive_edits_and_a_copied_row_is_a_new_row() -> None:
    raw = {"steps": [{"key": "s1", "name": "A"}, {"key": "s1", "name": "B"}, {"key": "s-2_X", "name": "A"}]}
    keys = [row["key"] for row in clean(raw)["steps"]]
    assert (keys[0], keys[2]) == ("s1", "s-2_X")
    assert keys[1] not in {"", "s1", "s-2_X"}


def test_a_new_key_never_meets_a_given_one() -> None:
    key = clean({"forms": [{"name": "A"}]})["forms"][0]["key"]
    met = clean({"forms": [{"name": "A"}, {"key": key, "name": "khác"}]})["forms"]
    assert met[1]["key"] == key
    assert met[0]["key"] != key


NAN, INF = float("nan"), float("inf")
NO_DAYS: list[object] = [
    0,
    "0",
    -1,
    "-1",
    3651,
    "3650.01",
    "năm",
    "5 ngày",
    True,
    False,
    [],
    {},
    NAN,
    INF,
    Decimal(NAN),
]
NO_DAYS += [Decimal(NAN), "1e3", "NaN", "٣", "9" * 30, 10**5000, "1.", "1.23456", "1/2"]
REFUSED: list[tuple[object, dict[str, str]]] = [
    ([], {"content": "Nội dung phải là một bảng các phần."}),
    (None, {"content": "Nội dung phải là một bảng các phần."}),
    ("x", {"content": "Nội dung phải là một bảng các phần."}),
    ({"purpose": 5}, {"purpose": CELLS}),
    ({"purpose": ["x"]}, {"purpose": CELLS}),
    ({"purpos": "x"}, {"purpos": UNKNOWN}),
    ({"purpose": "a\x00b"}, {"purpose": CONTROL}),
    ({"purpose": "a\x1bb"}, {"purpose": CONTROL}),
    ({"purpose": "a\x7fb"}, {"purpose": CONTROL}),
    ({"purpose": "a\x85b"}, {"purpose": CONTROL}),
    ({"purpose": "a\ud800b"}, {"purpose": CONTROL}),
    ({"purpose": "x" * 20_001}, {"purpose": "Dài quá 20000 ký tự."}),
    ({"steps": {}}, {"steps": "Phải là danh sách các dòng."}),
    ({"steps": "abc"}, {"steps": "Phải là danh sách các dòng."}),
    ({"steps": ["x"]}, {"steps.0": "Mỗi dòng phải là một bảng các ô."}),
    ({"steps": [{"name": "A"}, {"name": "B"}, {"name": "C", "time": 3}]}, {"steps.2.time": CELLS}),
    ({"steps": [{}, {"time": 3}]}, {"steps.1.time": CELLS}),  # positions as sent, empty rows counted
    ({"steps": [{"name": "A", "no": "1"}]}, {"steps.0.no": UNKNOWN}),
    ({"steps": [{"name": "\x00"}]}, {"steps.0.name": CONTROL}),
    ({"steps": [{"key": "a b", "name": "A"}]}, {"steps.0.key": KEY}),
    ({"steps": [{"key": "x" * 41, "name": "A"}]}, {"steps.0.key": KEY}),
    ({"steps": [{"key": "đ", "name": "A"}]}, {"steps.0.key": KEY}),
    ({"steps": [{"key": "a\n", "name": "A"}]}, {"steps.0.key": KEY}),
    ({"steps": [{"key": 7, "name": "A"}]}, {"steps.0.key": KEY}),
    ({"steps": [{"name": "A"}] * 201}, {"steps": "Nhiều quá 200 dòng."}),
    ({"time_limit": "5 ngày"}, {"time_limit": "Thời hạn gồm phần chữ và số ngày."}),
    ({"time_limit": {"text": 5}}, {"time_limit.text": CELLS}),
    ({"time_limit": {"unit": "x"}}, {"time_limit.unit": UNKNOWN}),
    *(({"time_limit": {"days": days}}, {"time_limit.days": DAYS}) for days in NO_DAYS),
    ({"\ud800": "", "y" * 99: ""}, {"?": UNKNOWN, "y" * 60: UNKNOWN}),  # a path must survive being answered
    ({7: ""}, {"7": UNKNOWN}),
    ({"purpose": 1, "scope": 2, "x": 3}, {"purpose": CELLS, "scope": CELLS, "x": UNKNOWN}),
]


@pytest.mark.parametrize(("raw", "expected"), REFUSED)
def test_wrong_content_names_every_path(raw: object, expected: dict[str, str]) -> None:
    assert refused(raw) == expected


def test_the_error_s_text_names_the_paths() -> None:
    with pytest.raises(ContentError, match=r"purpose: Phải là chữ\.; scope: Phải là chữ\."):
        clean({"purpose": 1, "scope": 2})


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (None, None),
        ("", None),
        ("  ", None),
        (5, "5"),
        ("5", "5"),
        (" 05 ", "5"),
        ("5.0", "5"),
        (5.0, "5"),
        ("0,5", "0.5"),
        (0.5, "0.5"),
        ("10", "10"),
        (Decimal("7.50"), "7.5"),
        ("3650", "3650"),
        (100, "100"),
        ("0.0001", "0.0001"),
    ],
)
def test_days_become_a_plain_decimal(days: object, expected: str | None) -> None:
    assert clean({"time_limit": {"text": "x", "days": days}})["time_limit"] == {"text": "x", "days": expected}


def test_sizes_up_to_the_limit_are_taken() -> None:
    assert len(clean({"purpose": "x" * 20_000})["purpose"]) == 20_000
    assert len(clean({"purpose": f" {'x' * 20_000} "})["purpose"]) == 20_000, "measured when stripped"
    assert len(clean({"steps": [{"name": "A"}] * 200})["steps"]) == 200
    assert len(clean({"steps": [{"key": "k" * 40, "name": "A"}]})["steps"]) == 1


def test_the_whole_is_limited_too() -> None:
    cells = [{"key": f"k{n:03}", "item": "x" * 19_996} for n in range(25)]  # with its key, 20,000 characters each
    assert len(clean({"dossier": cells})["dossier"]) == 25
    assert refused({"dossier": cells, "fee": "x"}) == {"content": "Cả quy trình dài quá 500000 ký tự."}
    assert refused({"dossier": cells, "fee": 1}) == {"fee": CELLS}, "what is wrong comes before what is long"


def test_hostile_strings_are_kept_or_refused_by_path() -> None:
    for text in naughty_strings():
        for raw in ({"purpose": text}, {"steps": [{"name": text}]}, {"time_limit": {"days": text}}, {text: ""}):
            cleaned, wrong = tried(raw)
            assert len(wrong) == (cleaned is None)
            assert json.dumps(wrong, ensure_ascii=False).encode()
            assert cleaned is None or digest(clean(cleaned)) == digest(cleaned)


TEXT = st.text(max_size=30)
ROWS = st.lists(st.dictionaries(st.sampled_from(["key", "name", "time", "x"]), TEXT | st.none() | st.integers()))


@given(st.fixed_dictionaries({}, optional={"purpose": TEXT, "steps": ROWS, "forms": ROWS, "time_limit": TEXT}))
def test_cleaning_is_idempotent(raw: dict[str, object]) -> None:
    cleaned, wrong = tried(raw)
    assert bool(wrong) == (cleaned is None)
    if cleaned is not None:
        assert clean(cleaned) == cleaned
        assert clean(json.loads(canonical(cleaned))) == cleaned


def test_cleaning_leaves_its_input_alone() -> None:
    raw = {"steps": [{"name": " A "}]}
    clean(raw)
    assert raw == {"steps": [{"name": " A "}]}


def test_the_canonical_form_does_not_depend_on_order_of_keys() -> None:
    turned: Any = {key: FULL_CONTENT[key] for key in reversed(FULL_CONTENT)}
    assert canonical(turned) == canonical(full_content())
    assert canonical(empty()) == (
        '{"definitions":"","dossier":[],"fee":"","forms":[],"legal_basis":[],"purpose":"","records":[],"scope":"",'
        '"steps":[],"time_limit":{"days":null,"text":""}}'
    )
    assert '"Quy định trình tự thực hiện."' in canonical(full_content())


def test_the_digest_is_sha256_of_the_canonical_form() -> None:
    assert digest(full_content()) == hashlib.sha256(canonical(full_content()).encode("utf-8")).hexdigest()
    assert digest(empty()) == "3841532ffc0f8064c9b82274aa58e003865013c203d3685b65afe89095479844"
    assert digest(full_content(fee="Không.")) != digest(full_content())


@needs_data
def test_every_real_procedure_fits_the_shape() -> None:
    for row in rows("procedures"):
        raw = {
            "purpose": row["title"],
            "time_limit": {"days": row["days"]},
            "steps": [{"name": step} for step in row["steps"]],
            "legal_basis": [{"number": number} for number in row["legal_basis"]],
        }
        cleaned = clean(raw)
        assert len(cleaned["legal_basis"]) == len(row["legal_basis"])
        assert len({step["key"] for step in cleaned["steps"]}) == len(cleaned["steps"])
