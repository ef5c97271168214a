"""Keys of legal numbers: one act, one key; two acts, two keys."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.number_keys import ISSUER_LIMIT, KEY_LIMIT, defects, issuer_key, kind_of, number_key
from tests.real_data import naughty_strings, needs_data, rows

REGULATIONS = rows("regulations")
NUMBERS = [row["number"] for row in REGULATIONS]
TODAY = date(2026, 11, 21)

SPELLINGS = [
    ("18/2026/NĐ-CP", "18/2026/ND-CP"),
    ("18/2026/ND-CP", "18/2026/ND-CP"),
    ("18/2026/nđ-cp", "18/2026/ND-CP"),
    ("18/2026/NÐ-CP", "18/2026/ND-CP"),  # U+00D0
    ("018/2026/NĐ-CP", "18/2026/ND-CP"),
    (" 18 / 2026 / NĐ - CP ", "18/2026/ND-CP"),
    ("18/2026/NĐ–CP", "18/2026/ND-CP"),
    ("18/2026/NĐ‑CP", "18/2026/ND-CP"),
    ("18/2026/NĐ−CP", "18/2026/ND-CP"),
    ("１８／２０２６／ＮĐ－ＣＰ", "18/2026/ND-CP"),
    ("18⁄2026∕NĐ-CP", "18/2026/ND-CP"),
    ("18/2026/NĐ-\u200bCP", "18/2026/ND-CP"),
    ("18/2026/NĐ-CP.", "18/2026/ND-CP"),
    ("“18/2026/NĐ-CP”;", "18/2026/ND-CP"),
    ("Số: 18/2026/NĐ-CP", "18/2026/ND-CP"),
    ("Nghị định số 18/2026/NĐ-CP", "18/2026/ND-CP"),
    ("Nghị định 18/2026/NĐ-CP", "18/2026/ND-CP"),
    ("Thông tư liên tịch số 05/2015/TTLT-BTP-BCA-BYT", "5/2015/TTLT-BTP-BCA-BYT"),
    ("08/2025/TT-BTP", "8/2025/TT-BTP"),
    ("8/2025/TT-BTP", "8/2025/TT-BTP"),
    ("66.7/2025/NQ-CP", "66.7/2025/NQ-CP"),
    ("66.10/2025/NQ-CP", "66.10/2025/NQ-CP"),
    ("12a/2010/QĐ-UBND", "12A/2010/QD-UBND"),
    ("12/2010/TT-BGD&ĐT", "12/2010/TT-BGDDT"),
    ("01/2014/NQLT-CP-UBTƯMTTQVN", "1/2014/NQLT-CP-UBTUMTTQVN"),
    ("05/2015/TTLT-BTP-BCA-BYT05/2015/TTLT-BTP-BCA-BYT", "5/2015/TTLT-BTP-BCA-BYT"),
    ("08/2025/TT-BTP8/2025/TT-BTP08/2025/TT-BTP", "8/2025/TT-BTP"),
    ("60/2014/QH1360/2014/QH13", "60/2014/QH13"),
    ("60/2014/QH1352/2014/QH13", "60/2014/QH1352/2014/QH13"),  # two acts stuck together are neither of them
    ("1898/QĐ-BTP", "1898/QD-BTP"),
    ("00/2025/X", "0/2025/X"),
    ("TCVN ISO 9001:2015", "TCVN-ISO-9001:2015"),
    ("Luật Hộ tịch năm 2014", "LUATHOTICHNAM2014"),
    ("", ""),
]


@pytest.mark.parametrize(("number", "key"), SPELLINGS)
def test_number_key(number: str, key: str) -> None:
    assert number_key(number) == key
    assert number_key(unicodedata.normalize("NFD", number)) == key


DIFFERENT = [
    ("66.7/2025/NQ-CP", "667/2025/NQ-CP"),
    ("66.7/2025/NQ-CP", "66.70/2025/NQ-CP"),
    ("08/2025/TT-BT", "08/2025/TT-BTP"),
    ("04/2020/TT-BTPTH", "04/2020/TT-BTP"),
    ("80/2025/TT-BTP", "8/2025/TT-BTP"),
    ("493/QĐ-UBND", "493/2019/QĐ-UBND"),
    ("19/2014/QĐ-TTg", "19/2014/NĐ-CP"),
    ("90/KH-SKHCN", "90/TB-SKHCN"),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_acts_keep_different_keys(one: str, other: str) -> None:
    assert number_key(one) != number_key(other)


@needs_data
def test_all_real_numbers_keep_keys_of_their_own() -> None:
    assert len(NUMBERS) == len({number_key(number) for number in NUMBERS}) == 223


@given(st.text() | st.sampled_from(SPELLINGS).map(lambda row: row[0]))
def test_number_key_is_idempotent_and_short(text: str) -> None:
    key = number_key(text)
    assert number_key(key) == key
    assert len(key) <= KEY_LIMIT


@given(st.lists(st.sampled_from([*"0123456789/-. soSOQHĐtTtp:&~", "QH13", "05/2015/TT-BTP", "số "])).map("".join))
def test_number_key_is_idempotent_near_real_numbers(text: str) -> None:
    assert number_key(number_key(text)) == number_key(text)


def test_hostile_text_has_a_key_and_defects_and_no_crash() -> None:
    for text in naughty_strings():
        assert number_key(number_key(text)) == number_key(text)
        assert len(number_key(text)) <= KEY_LIMIT
        assert len(issuer_key(text, text)) <= ISSUER_LIMIT
        assert isinstance(defects(text), list)
        assert isinstance(kind_of(text), str)


def test_a_text_too_long_for_a_number_keeps_its_difference() -> None:
    long = "X" * 300
    assert len(number_key(long)) == KEY_LIMIT == 120
    assert number_key(long) != number_key(f"{long}Y")
    assert number_key("X" * 120) == "X" * 120
    assert number_key("X" * 121).startswith("X" * 103 + "~")


ISSUERS = [
    # number, issuer, key
    ("18/2026/NĐ-CP", "", "CP"),
    ("18/2026/NĐ-CP", "Chính phủ", "CP"),
    ("18/2026/NĐ-CP", "UBND tỉnh Yên Bái", "CP"),  # a wrong issuer does not make a second act
    ("16/2026/NQ-CP", "Chính phủ", "CP"),
    ("19/2014/QĐ-TTg", "Thủ tướng Chính phủ", "TTG"),
    ("19/2014/QĐ-TTg", "", "TTG"),
    ("64/2025/QH15", "Quốc hội", "QH"),
    ("64/2025/QH15", "", "QH"),
    ("89/2025/UBTVQH15", "Uỷ ban Thường vụ Quốc hội", "UBTVQH"),
    ("03/2007/PL-UBTVQH11", "", "UBTVQH"),
    ("08/2025/TT-BTP", "Bộ Tư pháp", "BTP"),
    ("08/2025/TT-BTP", "Bộ trưởng Bộ Tư pháp", "BTP"),
    ("08/2025/TT-BTP", "", "BTP"),
    ("08/2025/TT-BT", "Bộ Tư pháp", "BT"),  # truncated in the source: kept as it is
    ("08/2025/TT-BT", "", "BT"),
    ("1898/QĐ-BTP", "Bộ Tư pháp", "BTP"),
    ("1898/QĐ-BTP", "", "BTP"),
    ("55/QĐ-BXYZ", "Bộ trưởng Bộ nào đó", "BXYZ"),  # a ministry that the list lacks
    ("55/QĐ-BXYZ", "", "BXYZ"),
    ("05/2015/TTLT-BTP-BCA-BYT", "Bộ Tư pháp, Bộ Công an, Bộ Y tế", "BTP-BCA-BYT"),
    ("05/2015/TTLT/BTP-BCA-BYT", "", "BTP-BCA-BYT"),
    ("05/2015/TTLT-BTP-BCA-BYT05/2015/TTLT-BTP-BCA-BYT", "Bộ Tư pháp", "BTP-BCA-BYT"),
    ("01/2014/NQLT-CP-UBTƯMTTQVN", "Chính phủ", "CP-UBTUMTTQVN"),
    ("5335/BKHCN-TĐC", "Bộ Khoa học và Công nghệ", "BKHCN"),
    ("04/2024/NQ-HĐND", "Hội đồng nhân dân tỉnh Phú Thọ", "hdnd tinh phu tho"),
    ("04/2024/NQ-HĐND", "HĐND Tỉnh Phú Thọ", "hdnd tinh phu tho"),
    ("04/2024/NQ-HĐND", "Hội đồng nhân dân tỉnh Yên Bái", "hdnd tinh yen bai"),
    ("04/2024/NQ-HĐND", "", "HDND"),
    ("226/QĐ-UBND", "Uỷ ban nhân dân tỉnh Phú Thọ", "ubnd tinh phu tho"),
    ("226/QĐ-UBND", "Ủy ban Nhân dân  Tỉnh Phú Thọ.", "ubnd tinh phu tho"),
    ("226/QĐ-UBND", "Chủ tịch UBND tỉnh Phú Thọ", "ubnd tinh phu tho"),
    ("226/QĐ-UBND", "UBND TP. Cần Thơ", "ubnd thanh pho can tho"),
    ("226/QĐ-UBND", "", "UBND"),
    ("226/QĐ-UBND", "Bộ Chỉ huy quân sự tỉnh", "bo chi huy quan su tinh"),  # “Bộ”, and yet local
    ("1234/UBND-NC", "UBND tỉnh Phú Thọ", "ubnd tinh phu tho"),
    ("1234/UBND-NC", "", "UBND"),
    ("90/KH-SKHCN", "Sở Khoa học và Công nghệ Hà Nội", "so khoa hoc va cong nghe ha noi"),
    ("90/KH-SKHCN", "", "SKHCN"),
    ("2557/VP-VX", "", "VP-VX"),
    ("không có số", "Bộ Tư pháp", "bo tu phap"),
    ("không có số", "", ""),
    ("", "", ""),
]


@pytest.mark.parametrize(("number", "issuer", "key"), ISSUERS)
def test_issuer_key(number: str, issuer: str, key: str) -> None:
    assert issuer_key(number, issuer) == key
    assert issuer_key(unicodedata.normalize("NFD", number), unicodedata.normalize("NFD", issuer)) == key


@needs_data
def test_no_real_central_act_is_split_by_its_issuer_text() -> None:
    given_issuer = [row for row in REGULATIONS if row["issuer"]]
    split = [r["number"] for r in given_issuer if issuer_key(r["number"], r["issuer"]) != issuer_key(r["number"], "")]
    assert (len(given_issuer) > 90, split) == (True, [])


def test_a_very_long_issuer_is_survived_and_kept_apart() -> None:
    long = "Ủy ban nhân dân tỉnh " + "rất dài " * 200
    keys = {issuer_key("226/QĐ-UBND", long), issuer_key("226/QĐ-UBND", f"{long} khác")}
    assert len(keys) == 2
    assert {len(key) for key in keys} == {ISSUER_LIMIT} == {200}


KINDS = [
    ("60/2014/QH13", "Luật"),
    ("18/2026/NĐ-CP", "Nghị định"),
    ("18/2026/ND-CP", "Nghị định"),
    ("18/2026/nđ-cp", "Nghị định"),
    ("18/2026/NÐ-CP", "Nghị định"),
    ("66.7/2025/NQ-CP", "Nghị quyết"),
    ("01/2014/NQLT-CP-UBTƯMTTQVN", "Nghị quyết liên tịch"),
    ("08/2025/TT-BTP", "Thông tư"),
    ("05/2015/TTLT-BTP-BCA-BYT", "Thông tư liên tịch"),
    ("05/2015/TTLT/BTP-BCA", "Thông tư liên tịch"),
    ("19/2014/QĐ-TTg", "Quyết định"),
    ("1898/QĐ-BTP", "Quyết định"),
    ("3713/QD-BTP", "Quyết định"),
    ("03/2007/PL-UBTVQH11", "Pháp lệnh"),
    ("12/VBHN-BTP", "Văn bản hợp nhất"),
    ("12/HD-STP", "Hướng dẫn"),
    ("12/HĐ-STP", "Hợp đồng"),
    ("12/ĐA-UBND", "Đề án"),
    ("12/DA-UBND", "Dự án"),
    ("12/CTr-UBND", "Chương trình"),
    ("12/CT-TTg", "Chỉ thị"),
    ("12/TTr-STP", "Tờ trình"),
    ("12/QyĐ-UBND", "Quy định"),
    ("90/KH-SKHCN", "Kế hoạch"),
    ("05/2015/TTLT-BTP-BCA-BYT05/2015/TTLT-BTP-BCA-BYT", "Thông tư liên tịch"),
    ("60/2014/QH1352/2014/QH13", "Luật"),
    ("89/2025/UBTVQH15", ""),  # an ordinance or a resolution
    ("2557/VP-VX", ""),
    ("TCVN ISO 9001:2015", "Tiêu chuẩn"),
    ("", ""),
]


@pytest.mark.parametrize(("number", "kind"), KINDS)
def test_kind_of(number: str, kind: str) -> None:
    assert kind_of(number) == kind
    assert kind_of(unicodedata.normalize("NFD", number)) == kind


@needs_data
def test_kinds_agree_with_the_real_register() -> None:
    assembly = {"Bộ luật", "Nghị quyết"}  # numbered like laws
    wrong = [
        (row["number"], row["type"])
        for row in REGULATIONS
        if row["type"] not in {None, "NQ"} and row["type"] != kind_of(row["number"]) and row["type"] not in assembly
    ]
    assert wrong == []


DEFECTS: list[tuple[str, list[str]]] = [
    ("18/2026/NĐ-CP", []),
    ("1898/QĐ-BTP", []),  # an individual decision has no year
    ("2013/QĐ-BTP", []),
    ("493/QĐ-UBND", []),
    ("12/NQ-HĐND", []),
    ("66.7/2025/NQ-CP", []),
    ("12/VBHN-BTP", []),
    ("2010/TT-BTP", ["no_number"]),
    ("1945/NĐ-CP", ["no_number"]),
    ("2099/NĐ-CP", ["no_number"]),
    ("1944/NĐ-CP", ["no_year"]),
    ("2100/NĐ-CP", ["no_year"]),
    ("12A/TT-BTP", ["no_year"]),
    ("12/TT-BTP", ["no_year"]),
    ("123/NĐ-CP", ["no_year"]),
    ("64/QH15", ["no_year"]),
    ("89/UBTVQH15", ["no_year"]),
    ("40/2029/QH14", ["future_year"]),
    ("40/2027/NĐ-CP", ["future_year"]),
    ("40/2026/NĐ-CP", []),
    ("40/2022/QH14", ["wrong_term"]),
    ("40/2015/QH14", ["wrong_term"]),
    ("40/2016/QH14", []),
    ("40/2021/QH14", []),
    ("24/2008/QH12", []),
    ("1/2026/QH16", []),
    ("03/2011/PL-UBTVQH11", ["wrong_term"]),
    ("05/2015/TTLT-BTP-BCA-BYT05/2015/TTLT-BTP-BCA-BYT", ["glued"]),
    ("60/2014/QH1352/2014/QH13", ["glued"]),
    ("2010/TT-BTP08/2025/TT-BTP", ["glued", "no_number"]),
    ("40/2029/QH1452/2014/QH13", ["glued", "future_year"]),
    ("QĐ2338-BTP", ["unreadable"]),
    ("Luật Hộ tịch năm 2014", ["unreadable"]),
    ("", ["unreadable"]),
]


@pytest.mark.parametrize(("number", "codes"), DEFECTS)
def test_defects(number: str, codes: list[str]) -> None:
    assert defects(number, TODAY) == codes


def test_the_future_is_judged_by_the_day_given_or_by_today() -> None:
    assert defects("40/2027/NĐ-CP", date(2027, 1, 1)) == []
    assert defects("40/2029/QH14", date(2030, 1, 1)) == ["wrong_term"]
    assert defects("40/9999/NĐ-CP") == ["future_year"]
    assert defects("40/2020/NĐ-CP") == []


@needs_data
def test_defects_of_the_real_register_are_exactly_these() -> None:
    found = {number: codes for number in NUMBERS if (codes := defects(number, TODAY))}
    assert found == {
        "05/2015/TTLT-BTP-BCA-BYT05/2015/TTLT-BTP-BCA-BYT": ["glued"],
        "11/2016/TTLT-BTP-TANDTC-VKSNDTC11/2016/TTLT-BTP-TANDTC-VKSNDTC": ["glued"],
        "2010/TT-BTP": ["no_number"],
        "2013/TT-BTP": ["no_number"],
    }
