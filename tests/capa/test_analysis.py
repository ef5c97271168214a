"""Cause analysis: text kept as sent, a tree of whys, what is missing and what is only pointed out."""

from __future__ import annotations

import copy
import hashlib
import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capa.analysis import (
    Analysis,
    AnalysisError,
    Category,
    canonical,
    clean,
    digest,
    empty,
    flags,
    outline,
    problems,
    tree,
)
from capa.blame import careless
from tests.capa.samples import FULL_ANALYSIS, any_json, chain, full_analysis, hostile_strings

CELLS = "Phải là chữ."
UNKNOWN = "Mục này không có trong mẫu."
TABLE = "Phải là một bảng các mục."
LIST = "Phải là danh sách các dòng."
CHOICE = "Không có lựa chọn này."
EARLIER = "Phải là một dòng đứng trước."
UNKEEPABLE = "Có ký tự không lưu được."
KEY = "Khoá dòng chỉ gồm chữ cái không dấu, số, gạch; không quá 40 ký tự."


def tried(raw: object) -> tuple[Analysis | None, dict[str, str]]:
    try:
        return clean(raw), {}
    except AnalysisError as error:
        return None, error.problems


def test_a_full_analysis_is_kept_as_it_is() -> None:
    assert full_analysis() == FULL_ANALYSIS
    assert problems(full_analysis()) == []
    assert flags(full_analysis()) == []


def test_empty() -> None:
    expected: Analysis = {"whys": [], "causes": [], "root": "", "category": "", "similar": "", "extent": ""}
    assert empty() == expected
    assert clean(dict.fromkeys(empty())) == empty()
    assert canonical(empty()) == '{"category":"","causes":[],"extent":"","root":"","similar":"","whys":[]}'
    assert digest(full_analysis()) == hashlib.sha256(canonical(full_analysis()).encode()).hexdigest()


def test_the_categories() -> None:
    assert {category.value: str(category.label) for category in Category} == {
        "people": "Con người",
        "procedure": "Quy trình, tài liệu",
        "law": "Văn bản pháp luật",
        "equipment": "Thiết bị, phần mềm",
        "input": "Hồ sơ, thông tin đầu vào",
        "management": "Tổ chức, chỉ đạo",
        "environment": "Môi trường làm việc",
    }


REFUSED: list[tuple[object, dict[str, str]]] = [
    (None, {"shape": TABLE}),
    ([], {"shape": TABLE}),
    ("x", {"shape": TABLE}),
    ({"root": 5}, {"root": CELLS}),
    ({"root": ["x"], "extent": {}}, {"root": CELLS, "extent": CELLS}),
    ({"rot": "x", 7: "x"}, {"rot": UNKNOWN, "7": UNKNOWN}),
    ({"\ud800": "", "y" * 99: ""}, {"?": UNKNOWN, "y" * 60: UNKNOWN}),
    ({10**5000: ""}, {"?": UNKNOWN}),
    ({"root": "a\x00b"}, {"root": UNKEEPABLE}),
    ({"root": "a\ud800b"}, {"root": UNKEEPABLE}),
    ({"root": "x" * 20_001}, {"root": "Dài quá 20000 ký tự."}),
    ({"root": "\u0958" * 10_001}, {"root": "Dài quá 20000 ký tự."}),  # composed, each is two characters
    ({"category": "weather"}, {"category": CHOICE}),
    ({"category": ["people"]}, {"category": CHOICE}),
    ({"category": "PEOPLE"}, {"category": CHOICE}),
    ({"whys": {}}, {"whys": LIST}),
    ({"whys": [{"text": "A"}] * 101}, {"whys": "Nhiều quá 100 dòng."}),
    ({"causes": [{"text": "A"}] * 101}, {"causes": "Nhiều quá 100 dòng."}),
    ({"whys": ["x", None]}, {"whys.0": TABLE, "whys.1": TABLE}),
    ({"whys": [{}, {"text": 3}]}, {"whys.1.text": CELLS}),  # positions as sent, empty rows counted
    ({"whys": [{"text": "A", "no": "1"}]}, {"whys.0.no": UNKNOWN}),
    ({"whys": [{"text": "A", "evidence": "\x00"}]}, {"whys.0.evidence": UNKEEPABLE}),
    ({"whys": [{"key": "a b"}]}, {"whys.0.key": KEY}),
    ({"whys": [{"key": 7}]}, {"whys.0.key": KEY}),
    ({"whys": [{"parent": 7}]}, {"whys.0.parent": KEY}),
    ({"whys": [{"text": "A", "parent": "w1"}]}, {"whys.0.parent": EARLIER}),
    ({"whys": [{"key": "w1", "parent": "w1"}]}, {"whys.0.parent": EARLIER}),
    ({"whys": [{"key": "w1", "parent": "w2"}, {"key": "w2"}]}, {"whys.0.parent": EARLIER}),
    ({"causes": [{"category": "x", "text": 1}]}, {"causes.0.category": CHOICE, "causes.0.text": CELLS}),
]


@pytest.mark.parametrize(("raw", "expected"), REFUSED)
def test_what_is_wrong_is_named_by_its_path(raw: object, expected: dict[str, str]) -> None:
    with pytest.raises(AnalysisError) as error:
        clean(raw)
    assert error.value.problems == expected
    assert json.dumps(expected, ensure_ascii=False).encode()


def test_the_error_s_text_names_the_paths() -> None:
    with pytest.raises(AnalysisError, match=r"root: Phải là chữ\.; extent: Phải là chữ\."):
        clean({"root": 1, "extent": 2})


@pytest.mark.parametrize(
    "text", ["x" * 20_000, " \t a \r\n\r b\n\n ", " ", "\x01\x1b\x7f\x85", "\u202e\ufeff\uffff", "👩‍👩‍👧"]
)
def test_text_comes_back_as_sent(text: str) -> None:
    raw = {"root": text, "whys": [{"text": text, "evidence": text}], "causes": [{"text": text}]}
    cleaned = clean(raw)
    assert cleaned["root"] == cleaned["whys"][0]["text"] == cleaned["whys"][0]["evidence"] == text
    assert cleaned["causes"][0]["text"] == text


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200), st.integers(1, 60))
def test_long_text_changes_by_nothing_but_nfc(text: str, times: int) -> None:
    sent = (text * times)[:10_000]
    assert clean({"similar": sent})["similar"] == unicodedata.normalize("NFC", sent)


def test_empty_rows_go_but_not_one_that_another_stands_on() -> None:
    raw = [{}, {"key": "a"}, {"key": "b", "parent": "a"}, {"key": "c", "parent": "b", "text": "C"}, {"key": "d"}]
    assert [why["key"] for why in clean({"whys": [*raw, {"key": "e", "parent": "d"}]})["whys"]] == ["a", "b", "c"]
    causes = clean({"causes": [{"key": "x"}, {"category": "law"}, {"text": "T"}]})["causes"]
    assert [(cause["category"], cause["text"]) for cause in causes] == [("law", ""), ("", "T")]


def test_keys_are_given_once_and_for_all() -> None:
    raw = {"whys": [{"text": "A"}, {"key": "k", "text": "B"}, {"key": "k", "text": "C"}, {"parent": "k", "text": "D"}]}
    whys = clean(raw)["whys"]
    assert len({why["key"] for why in whys}) == 4
    assert (whys[1]["key"], whys[3]["parent"]) == ("k", "k")
    assert clean(raw)["whys"] == whys
    twins = clean({"causes": [{"text": "A"}, {"text": "A"}]})["causes"]
    assert twins[0]["key"] != twins[1]["key"]


@given(any_json("whys", "causes", "root", "category", "people", "parent", "text", "evidence"))
def test_any_json_is_an_analysis_or_an_error(raw: object) -> None:
    before = copy.deepcopy(raw)
    cleaned, wrong = tried(raw)
    assert bool(wrong) == (cleaned is None)
    assert repr(raw) == repr(before)
    if cleaned is not None:
        assert clean(json.loads(canonical(cleaned))) == cleaned
        assert len(outline(cleaned)) == len(cleaned["whys"])
        assert isinstance(problems(cleaned) + flags(cleaned), list)


KEYS = st.sampled_from(["", "a", "b", "c", "d"])
WHYS = st.lists(
    st.fixed_dictionaries({"key": KEYS, "parent": KEYS, "text": st.sampled_from(["", "x", "y"])}), max_size=8
)


@given(WHYS)
def test_cleaning_whys_is_idempotent_and_their_tree_holds_each_once(whys: list[dict[str, str]]) -> None:
    cleaned, wrong = tried({"whys": whys})
    assert set(wrong.values()) <= {EARLIER}
    if cleaned is not None:
        assert clean(cleaned) == cleaned
        assert sorted(branch["place"] for branch in outline(cleaned)) == list(range(len(cleaned["whys"])))


def test_hostile_strings_come_back_or_are_refused() -> None:
    for text in hostile_strings():
        cleaned, wrong = tried({"root": text, "whys": [{"text": text}]})
        if cleaned is None:
            assert set(wrong) == {"root", "whys.0.text"}
            assert "\0" in text or "\ud800" in text
        else:
            assert cleaned["root"] == unicodedata.normalize("NFC", text)
            assert clean(cleaned) == cleaned
        assert tried({text: ""})[1]
        careless(text)


def test_the_tree_is_numbered() -> None:
    found = [(branch["number"], branch["depth"], branch["place"], branch["key"]) for branch in outline(full_analysis())]
    assert found == [
        ("1", 1, 0, "w1"),
        ("1.1", 2, 1, "w2"),
        ("1.1.1", 3, 2, "w3"),
        ("1.2", 2, 3, "w4"),
        ("1.2.1", 3, 4, "w5"),
    ]
    top = tree(full_analysis(whys=[*FULL_ANALYSIS["whys"], {"text": "Khác"}]))
    assert [(branch["number"], branch["text"]) for branch in top] == [("1", "Trả kết quả trễ 3 ngày"), ("2", "Khác")]
    assert [child["number"] for child in top[0]["children"]] == ["1.1", "1.2"]


def test_a_tree_as_deep_as_it_can_be() -> None:
    deep = outline(full_analysis(whys=chain(*["x"] * 100)))
    assert [branch["depth"] for branch in deep] == list(range(1, 101))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"extent": "", "causes": []}, []),
        ({"whys": []}, ["Chưa có chuỗi hỏi “vì sao” nào."]),
        ({"whys": [{"text": " \n", "evidence": "x"}]}, ["Chưa có chuỗi hỏi “vì sao” nào."]),
        ({"whys": chain("a", "", "c")}, ["Vì sao 1.1: chưa có câu trả lời."]),
        ({"causes": [{"text": "x"}]}, ["Nguyên nhân 1: chưa chọn nhóm."]),
        ({"causes": [{"category": "law"}]}, ["Nguyên nhân 1: chưa có nội dung."]),
        ({"root": "\u3000"}, ["Chưa nêu nguyên nhân gốc."]),
        ({"category": ""}, ["Chưa chọn nhóm của nguyên nhân gốc."]),
        ({"similar": ""}, ["Chưa nêu đã tìm trường hợp tương tự ở đâu."]),
    ],
)
def test_what_is_missing(changes: dict[str, Any], expected: list[str]) -> None:
    assert problems(full_analysis(**changes)) == expected


def test_an_empty_analysis_misses_all_and_flags_nothing() -> None:
    assert len(problems(empty())) == 4
    assert flags(empty()) == []


BLAMED = "Vì sao {} chỉ nói lỗi của con người: hãy hỏi tiếp vì sao hệ thống để lọt lỗi ấy."
SHORT = "Chuỗi dừng ở vì sao {}, mới hỏi {} lần; nên hỏi ít nhất 3 lần."


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"whys": chain("a", "b")}, [SHORT.format("1.1", 2)]),
        ({"whys": chain("a", "b", " ")}, [SHORT.format("1.1", 2)]),
        ({"whys": chain("a", "b", "sơ suất")}, [BLAMED.format("1.1.1")]),
        ({"whys": chain("a", "sơ suất", "c")}, []),
        (
            {"whys": [{"text": "Do cán bộ chủ quan"}]},
            ["Vì sao 1: chưa có bằng chứng.", BLAMED.format("1"), SHORT.format("1", 1)],
        ),
        (
            {"whys": chain("a", "b", "c", evidence=" ")},
            [f"Vì sao {n}: chưa có bằng chứng." for n in ("1", "1.1", "1.1.1")],
        ),
        (
            {"root": "DO CON NGƯỜI BẤT CẨN."},
            ["Nguyên nhân gốc chỉ nói lỗi của con người: hãy hỏi tiếp vì sao hệ thống để lọt lỗi ấy."],
        ),
    ],
)
def test_what_is_pointed_out(changes: dict[str, Any], expected: list[str]) -> None:
    assert flags(full_analysis(**changes)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "do con người bất cẩn",
        "Thiếu trách nhiệm",
        "Cán bộ thiếu tinh thần trách nhiệm",
        "sơ suất",
        "so suat",
        "Chủ quan!",
        "human error",
        "Human error (carelessness of staff)",
        "Do cán bộ tiếp nhận hồ sơ bộ phận Một cửa sơ suất trong khi xử lý công việc.",
        unicodedata.normalize("NFD", "Công chức quên"),
        "Lỗi con người; chưa chú ý",
    ],
)
def test_mere_blame_is_seen(text: str) -> None:
    assert careless(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "Cán bộ",
        "Không phải do sơ suất",
        "Sơ suất vì không có danh mục kiểm tra",
        "Quá tải, nhiều hồ sơ nên nhầm lẫn",
        "Phần mềm không nhắc hạn",
        "Nguyên nhân khách quan",
        "Sở Y tế trả lời chậm",
        "Không có người thay khi nghỉ phép",
    ],
)
def test_a_cause_that_says_more_is_left_alone(text: str) -> None:
    assert not careless(text)
