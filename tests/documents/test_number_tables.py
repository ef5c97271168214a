"""The tables behind legal numbers, row by row: kinds, central bodies, terms of the Assembly, dashes."""

from __future__ import annotations

from datetime import date

import pytest

from documents.number_keys import defects, issuer_key, kind_of, number_key
from documents.numbers import find_numbers

KINDS = {
    # Decree 30/2020/NĐ-CP, annex III
    "NQ": "Nghị quyết",
    "QĐ": "Quyết định",
    "CT": "Chỉ thị",
    "QC": "Quy chế",
    "QyĐ": "Quy định",
    "TC": "Thông cáo",
    "TB": "Thông báo",
    "HD": "Hướng dẫn",
    "CTr": "Chương trình",
    "KH": "Kế hoạch",
    "PA": "Phương án",
    "ĐA": "Đề án",
    "DA": "Dự án",
    "BC": "Báo cáo",
    "BB": "Biên bản",
    "TTr": "Tờ trình",
    "HĐ": "Hợp đồng",
    "CĐ": "Công điện",
    "BGN": "Bản ghi nhớ",
    "BTT": "Bản thoả thuận",
    "GUQ": "Giấy uỷ quyền",
    "GM": "Giấy mời",
    "GGT": "Giấy giới thiệu",
    "GNP": "Giấy nghỉ phép",
    "PG": "Phiếu gửi",
    "PC": "Phiếu chuyển",
    "PB": "Phiếu báo",
    # normative
    "NĐ": "Nghị định",
    "NQLT": "Nghị quyết liên tịch",
    "TT": "Thông tư",
    "TTLT": "Thông tư liên tịch",
    "PL": "Pháp lệnh",
    "LCT": "Luật",
    "SL": "Sắc lệnh",
    "VBHN": "Văn bản hợp nhất",
    # typed without Đ
    "ND": "Nghị định",
    "QD": "Quyết định",
    "QyD": "Quy định",
}
CENTRAL_ONLY = ["NĐ", "TT", "TTLT", "NQLT", "LCT", "SL", "PL"]
CENTRAL = """CP TTg CTN QH UBTVQH VPCP VPQH VPCTN TANDTC VKSNDTC HĐTP KTNN TTCP NHNN UBDT BHXHVN ĐCTCP BTP BTC BCA BQP
BNG BNV BYT BCT BXD BGTVT BGDĐT BKHCN BKHĐT BTTTT BTNMT BNNPTNT BNN BNNMT BLĐTBXH BVHTTDL BVHTT BDTTG BTM BTS BCN
BBCVT"""
TERMS = {10: (1997, 2002), 11: (2002, 2007), 12: (2007, 2011), 13: (2011, 2016), 14: (2016, 2021), 15: (2021, 2026)}


@pytest.mark.parametrize(("code", "name"), KINDS.items())
def test_every_kind_has_its_name_and_its_body_apart(code: str, name: str) -> None:
    assert kind_of(f"12/2020/{code}-ABC") == name
    assert kind_of(f"12/{code}-ABC") == name
    assert issuer_key(f"12/2020/{code}-ABC", "") == "ABC"


@pytest.mark.parametrize("code", [*KINDS])
def test_a_local_issuer_counts_except_for_kinds_that_only_central_bodies_issue(code: str) -> None:
    central = code in {*CENTRAL_ONLY, "ND"}
    assert issuer_key(f"12/2020/{code}-ABC", "Sở Tư pháp") == ("ABC" if central else "so tu phap")


@pytest.mark.parametrize("code", [*KINDS])
def test_kinds_that_need_a_year(code: str) -> None:
    assert defects(f"12/{code}-ABC") == (["no_year"] if code in {"NĐ", "ND", "TT", "TTLT", "NQLT"} else [])


@pytest.mark.parametrize("body", CENTRAL.split())
def test_a_central_body_is_its_own_key_whatever_issuer_is_given(body: str) -> None:
    key = number_key(body)
    assert issuer_key(f"12/QĐ-{body}", "Sở Tư pháp") == key
    assert issuer_key(f"12/{body}-ABC", "Sở Tư pháp") == key
    assert issuer_key(f"12/QĐ-{body}-BTP", "Sở Tư pháp") == f"{key}-BTP"
    assert issuer_key(f"12/QĐ-{body}-STP", "Sở Tư pháp") == "so tu phap"


@pytest.mark.parametrize(
    "issuer",
    [
        "Bộ Tư pháp",
        "Chính phủ",
        "Thủ tướng Chính phủ",
        "Quốc hội",
        "Uỷ ban Thường vụ Quốc hội",
        "Chủ tịch nước",
        "Toà án nhân dân tối cao",
        "Viện kiểm sát nhân dân tối cao",
        "Ngân hàng Nhà nước",
        "Kiểm toán Nhà nước",
        "Thanh tra Chính phủ",
        "Văn phòng Chính phủ",
        "Uỷ ban Dân tộc",
    ],
)
def test_a_central_issuer_never_makes_a_second_key(issuer: str) -> None:
    assert issuer_key("12/QĐ-XYZ", issuer) == issuer_key("12/QĐ-XYZ", "") == "XYZ"


@pytest.mark.parametrize(
    "issuer", ["Bộ Chỉ huy quân sự tỉnh", "Bộ Tư lệnh Thủ đô", "Toà án nhân dân tỉnh", "Sở Tư pháp"]
)
def test_a_local_issuer_is_kept(issuer: str) -> None:
    assert issuer_key("12/QĐ-XYZ", issuer) not in {"XYZ", ""}


@pytest.mark.parametrize(("term", "years"), TERMS.items())
def test_the_years_of_a_term(term: int, years: tuple[int, int]) -> None:
    today = date(2026, 11, 21)
    for body in ("QH", "UBTVQH"):
        odd = {year for year in range(1990, 2027) if defects(f"5/{year}/{body}{term}", today)}
        assert odd == set(range(1990, 2027)) - set(range(years[0], years[1] + 1))


@pytest.mark.parametrize("term", [9, 16])
def test_terms_that_the_table_does_not_have_are_not_judged(term: int) -> None:
    assert defects(f"5/2026/QH{term}", date(2026, 11, 21)) == []


@pytest.mark.parametrize("dash", "-‐‑‒–—―−﹘﹣－")
def test_every_dash_is_a_dash(dash: str) -> None:
    assert number_key(f"18/2026/NĐ{dash}CP") == "18/2026/ND-CP"


@pytest.mark.parametrize(
    "name",
    [
        "Luật", "Bộ luật", "Pháp lệnh", "Nghị định", "Nghị quyết", "Thông tư", "Thông tư liên tịch", "Quyết định",
        "Chỉ thị", "Kế hoạch", "Thông báo", "Văn bản", "Công văn",
    ],
)  # fmt: skip
def test_the_kind_s_name_before_a_number_is_not_part_of_it(name: str) -> None:
    assert number_key(f"{name} số 12/2020/X-Y") == number_key(f"{name.upper()} 12/2020/X-Y") == "12/2020/X-Y"
    assert number_key(f"{name} số: 12/2020/X-Y") == "12/2020/X-Y"
    assert number_key(name) != ""


@pytest.mark.parametrize("name", ["Phụ lục", "ISO", "Điều"])
def test_other_words_before_a_number_stay(name: str) -> None:
    assert number_key(f"{name} 12/2020/X-Y") != "12/2020/X-Y"


WITHOUT_YEAR = """NQLT NQ NĐ ND QĐ QD QyĐ TTLT TTr TT CTr CT PL LCT SL VBHN QC TB HD KH PA ĐA DA BC BB CĐ UBND HĐND VPCP
VP BTP BKHCN"""


@pytest.mark.parametrize("kind", WITHOUT_YEAR.split())
def test_what_is_found_in_text_without_a_year(kind: str) -> None:
    assert [found.text for found in find_numbers(f"theo 12/{kind}-ABC và")] == [f"12/{kind}-ABC"]


@pytest.mark.parametrize("kind", ["CX", "ABC", "GM", "HĐ", "STP"])
def test_what_may_be_anything_is_not_found_without_a_year(kind: str) -> None:
    assert find_numbers(f"theo 12/{kind}-ABC và") == []
    assert len(find_numbers(f"theo 12/2020/{kind}-ABC và")) == 1


@pytest.mark.parametrize("kind", ["nđ", "nd", "nq", "nqlt", "qđ", "qd", "tt", "ttlt", "ct"])
def test_small_letters_are_found_with_a_year(kind: str) -> None:
    assert [found.text for found in find_numbers(f"theo 12/2020/{kind}-abc-đe, và")] == [f"12/2020/{kind}-abc-đe"]
    assert find_numbers(f"theo 12/2020/{kind}-abcé và") == []


@pytest.mark.parametrize("dash", "-‐‑‒–—−")
@pytest.mark.parametrize("slash", "/⁄∕／")
def test_dashes_and_slashes_of_numbers_in_text(dash: str, slash: str) -> None:
    number = f"12{slash}2020{slash}TTLT{dash}BTP{dash}BYT"
    assert [(found.text, found.key) for found in find_numbers(f"({number})")] == [(number, "12/2020/TTLT-BTP-BYT")]


@pytest.mark.parametrize("term", ["QH2", "QH9", "QH10", "QH15", "QH19", "UBTVQH9", "UBTVQH15"])
def test_terms_in_text(term: str) -> None:
    assert [found.text for found in find_numbers(f"theo 12/2020/{term}, và")] == [f"12/2020/{term}"]


@pytest.mark.parametrize("body", ["TTg", "BCĐ389", "BCĐ1234", "HĐNN7", "HĐNN8", "UBTVQH15", "AB", "BGD&ĐT", "UBTƯMTTQ"])
def test_bodies_in_text(body: str) -> None:
    for number in (f"12/2020/QĐ-{body}", f"12/QĐ-{body}", f"12/2020/TTLT-BTP-{body}"):
        assert [found.text for found in find_numbers(f"theo {number}, và")] == [number]
