"""Swap, writing or substance: by table, and by any mutation that hypothesis thinks of."""

from __future__ import annotations

import copy
import unicodedata
from collections.abc import Hashable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.classing import Change, Law, LegalAct, Link, alike, classed
from documents.content import Content, clean
from tests.documents.samples import full_content

SINCE = date(2026, 1, 1)
DEAD = LegalAct(1, "15/2015/TT-BTP", "Bộ Tư pháp", "Hướng dẫn Luật Hộ tịch")
HEIR = LegalAct(2, "04/2020/TT-BTP", "Bộ Tư pháp", "Quy định chi tiết Luật Hộ tịch")
CHANGER = LegalAct(3, "07/2025/NĐ-CP", "Chính phủ", "Sửa đổi một số điều")
OTHER = LegalAct(4, "123/2015/NĐ-CP", "Chính phủ", "Hộ tịch")
SECOND = LegalAct(5, "16/2015/TT-BTP", "Bộ Tư pháp", "")
UNDATED = LegalAct(6, "99/2026/TT-BTP", "Bộ Tư pháp", "")
ACTS = {act.number: act for act in (DEAD, HEIR, CHANGER, OTHER, SECOND, UNDATED)}
LINKS: dict[tuple[Hashable, Hashable], list[Link]] = {
    (2, 1): [Link("replaces", SINCE)],
    (2, 5): [Link("guides", SINCE), Link("replaces", SINCE)],
    (3, 4): [Link("amends", SINCE)],
    (4, 1): [Link("guides", SINCE), Link("repeals", SINCE), Link("amends", SINCE), Link("legal_basis", SINCE)],
    (6, 1): [Link("replaces", None)],
}


def row(key: str, number: str, issuer: str = "", note: str = "") -> dict[str, str]:
    return {"key": key, "number": number, "issuer": issuer, "note": note}


B1, B2 = row("b1", DEAD.number), row("b2", OTHER.number)


def law(old: Any, new: Any) -> Law:
    """What the register finds: it forgives spellings, so that the class must not."""

    def found(content: Any) -> dict[str, LegalAct]:
        plain = {one["key"]: "".join(c for c in one["number"] if c not in "\u200b ") for one in content["legal_basis"]}
        seen = {key: text.replace("Т", "T").upper() for key, text in plain.items()}
        return {key: ACTS[text] for key, text in seen.items() if text in ACTS}

    return Law(found(old) if old else {}, found(new), LINKS)


def judged(old: Any, new: Any) -> Change:
    return classed(old, new, law(old, new)).change


def basis(*rows: dict[str, str], **more: Any) -> Content:
    return full_content(legal_basis=copy.deepcopy(list(rows)), **more)


OLD = basis(B1, B2, purpose="Quy định việc hòa giải trong 03 ngày.", definitions="HĐND: Hội đồng nhân dân; UBND")

BASES = {
    "exchanged": ([row("b1", HEIR.number), B2], Change.SWAP),
    "exchanged with its issuer": ([row("b1", HEIR.number, HEIR.issuer), B2], Change.SWAP),
    "number in small letters": ([row("b1", "04/2020/tt-btp"), B2], Change.SWAP),
    "exchanged under a new key": ([row("x", HEIR.number), B2], Change.SWAP),
    "title of the heir": ([row("b1", HEIR.number, "", HEIR.title), B2], Change.SWAP),
    "joined": ([B1, B2, row("b3", CHANGER.number)], Change.SWAP),
    "joined before": ([B1, row("b3", CHANGER.number), B2], Change.SWAP),
    "exchanged and joined": ([row("b1", HEIR.number), B2, row("b3", CHANGER.number)], Change.SWAP),
    "title added": ([B1, row("b2", OTHER.number, "", "hộ  tịch")], Change.EDITORIAL),
    "issuer added": ([B1, row("b2", OTHER.number, "chính phủ")], Change.EDITORIAL),
    "number spelt otherwise": ([B1, row("b2", "123/2015/nđ-cp")], Change.EDITORIAL),
    "swap and writing": ([row("b1", HEIR.number), row("b2", OTHER.number, "Chính phủ")], Change.EDITORIAL),
    "wrong heir": ([row("b1", CHANGER.number), B2], Change.SUBSTANTIVE),
    "an act that only guides, repeals, amends": ([row("b1", OTHER.number), B2], Change.SUBSTANTIVE),
    "an amender in the stead": ([B1, row("b2", CHANGER.number)], Change.SUBSTANTIVE),
    "an heir without a day": ([row("b1", UNDATED.number), B2], Change.SUBSTANTIVE),
    "unknown act": ([row("b1", "1/2026/TT-BTP"), B2], Change.SUBSTANTIVE),
    "heir cited twice": ([row("b1", HEIR.number), B2, row("b3", HEIR.number)], Change.SUBSTANTIVE),
    "look-alike": ([row("b1", "04/2020/TТ-BTP"), B2], Change.SUBSTANTIVE),
    "zero width": ([row("b1", "04/2020/TT-\u200bBTP"), B2], Change.SUBSTANTIVE),
    "look-alike of the same": ([B1, row("b2", "123/2015/NĐ-CP\u200b")], Change.SUBSTANTIVE),
    "wrong body": ([row("b1", HEIR.number, "Bộ Y tế"), B2], Change.SUBSTANTIVE),
    "article": ([row("b1", HEIR.number, "", "Điều 5"), B2], Change.SUBSTANTIVE),
    "article joined": ([B1, B2, row("b3", CHANGER.number, "", "Điều 1")], Change.SUBSTANTIVE),
    "article of the same": ([B1, row("b2", OTHER.number, "", "Điều 1")], Change.SUBSTANTIVE),
    "reordered": ([B2, B1], Change.SUBSTANTIVE),
    "reordered among swaps": ([B2, row("b1", HEIR.number)], Change.SUBSTANTIVE),
    "keys exchanged": ([row("b2", DEAD.number), row("b1", OTHER.number)], Change.SUBSTANTIVE),
    "key changed": ([row("k", DEAD.number), B2], Change.SUBSTANTIVE),
    "row gone": ([B2], Change.SUBSTANTIVE),
    "stranger joined": ([B1, B2, row("b3", HEIR.number + "1")], Change.SUBSTANTIVE),
    "same again": ([B1, B2, row("b3", OTHER.number)], Change.SUBSTANTIVE),
    "nothing left": ([], Change.SUBSTANTIVE),
}


@pytest.mark.parametrize("name", BASES)
def test_of_the_legal_basis(name: str) -> None:
    rows, expected = BASES[name]
    new = copy.deepcopy(OLD) | {"legal_basis": rows}
    assert judged(OLD, new) == expected
    # The same among any other change of the text is what that change is, and never lighter.
    assert judged(OLD, new | {"purpose": OLD["purpose"].upper()}) == max(
        expected, Change.EDITORIAL, key=list(Change).index
    )
    assert judged(OLD, new | {"fee": "10.000 đồng"}) == Change.SUBSTANTIVE


def test_two_dead_acts_of_one_heir() -> None:
    old = basis(B1, row("b3", SECOND.number))
    found = classed(old, basis(row("b1", HEIR.number)), law(old, basis(row("b1", HEIR.number))))
    assert found.change == Change.SWAP
    assert [(one.old and one.old["number"], one.new and one.new["number"], one.link.since) for one in found.swaps] == [
        (DEAD.number, HEIR.number, SINCE),
        (SECOND.number, None, SINCE),
    ]
    pinned = basis(B1, row("b3", SECOND.number, "", "Điều 2"))
    assert judged(pinned, basis(row("b1", HEIR.number))) == Change.SUBSTANTIVE


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("trừ lệ phí", "trừ lệ phí", Change.SWAP),
        (DEAD.title, HEIR.title, Change.SWAP),
        (DEAD.title, "", Change.SWAP),
        ("trừ lệ phí", "", Change.SUBSTANTIVE),
        ("trừ lệ phí", HEIR.title, Change.SUBSTANTIVE),
        ("Điều 5", "Điều 5", Change.SUBSTANTIVE),
        ("khoản một", "khoản một", Change.SUBSTANTIVE),
        (DEAD.title, DEAD.title, Change.SUBSTANTIVE),
        ("", "trừ lệ phí", Change.SUBSTANTIVE),
    ],
)
def test_what_a_note_may_do_in_a_swap(before: str, after: str, expected: Change) -> None:
    old, new = basis(row("b1", DEAD.number, "", before)), basis(row("b1", HEIR.number, "", after))
    assert judged(old, new) == expected


@pytest.mark.parametrize("cell", [f"Điều 5 {DEAD.number}", f"{DEAD.number} (khoản 1)", "Thông tư về hộ tịch năm 2015"])
def test_what_else_a_cell_says_is_not_lost(cell: str) -> None:
    old = basis(row("b1", cell), B2)
    said = Law({"b1": DEAD, "b2": OTHER}, {"b1": HEIR, "b2": OTHER}, LINKS)
    assert classed(old, basis(row("b1", HEIR.number), B2), said).change == Change.SUBSTANTIVE
    assert classed(old, basis(B2), said).change == Change.SUBSTANTIVE
    same = Law({"b1": DEAD, "b2": OTHER}, {"b1": DEAD, "b2": OTHER}, LINKS)
    assert classed(old, basis(B1, B2), same).change == Change.SUBSTANTIVE
    called = basis(row("b1", f"Thông tư số {DEAD.number}"), B2)
    assert classed(called, basis(row("b1", HEIR.number), B2), said).change == Change.SWAP
    assert classed(called, basis(B1, B2), same).change == Change.EDITORIAL


def test_what_cannot_be_compared_is_substance() -> None:
    swapped = OLD | {"legal_basis": [row("b1", HEIR.number), B2]}
    assert judged(OLD, swapped) == Change.SWAP
    assert judged(None, swapped) == Change.SUBSTANTIVE
    assert judged(OLD, swapped | {"extra": ""}) == Change.SUBSTANTIVE
    assert judged({key: OLD[key] for key in OLD if key != "fee"}, swapped) == Change.SUBSTANTIVE  # type: ignore[literal-required]
    loose = swapped | {"scope": unicodedata.normalize("NFD", OLD["scope"])}
    assert judged(OLD, loose) == Change.SUBSTANTIVE
    assert judged(OLD | {"scope": loose["scope"]}, swapped) == Change.SUBSTANTIVE
    twice = OLD | {"legal_basis": [row("b1", HEIR.number), row("b1", OTHER.number)]}
    assert judged(OLD, twice) == Change.SUBSTANTIVE
    foreign = OLD | {"legal_basis": [row("b1", HEIR.number) | {"x": ""}, B2]}
    assert judged(OLD, foreign) == Change.SUBSTANTIVE


def test_nothing_changed_is_no_swap_and_says_what_is_hard() -> None:
    assert judged(OLD, OLD) == Change.EDITORIAL
    new: Any = OLD | {"legal_basis": [row("b1", CHANGER.number), row("b2", OTHER.number)], "fee": "Có"}
    found = classed(OLD, new, law(OLD, new))
    assert (found.change, found.hard, found.swaps) == (Change.SUBSTANTIVE, ("fee", "legal_basis"), ())


ALIKE = (
    ("Hòa giải", "hoà  giải"),
    ("Thủy lợi, khỏe.", "thuỷ lợi, khoẻ"),
    ("trong 03 ngày", "trong 3 ngày"),
    ("a ( b )\n\nc ;", "a (b)\nc"),
    ("“x” – y…", '"x" - y...'),
    ("một\u00a0hai", "một hai"),
)
UNLIKE = (
    ("3 ngày", "13 ngày"),
    ("1 ,5", "1,5"),
    ("1.000", "1000"),
    ("0,5", "05"),
    ("30", "3"),
    ("BM.01", "BM.1"),
    ("08/2020/TT", "8/2020/TT"),
    ("a01", "a1"),
    ("không, thu", "không thu"),
    ("không:\nthu", "không thu"),
    ("a\nb", "a b"),
    ("phải", "phái"),
    ("được", "đuợc"),
    ("a\u200bb", "ab"),
    ("а", "a"),
    ("½ ngày", "¼ ngày"),
    ("٣", "3"),
    ("", "x"),
    ("không", ""),
    ("hoàn", "hoán"),
)


def test_what_is_mere_writing() -> None:
    assert [pair for pair in ALIKE if not (alike(*pair) and alike(*reversed(pair)))] == []
    assert [pair for pair in UNLIKE if alike(*pair) or alike(*reversed(pair))] == []


WORDS = st.lists(st.sampled_from(["thủ", "tục", "hòa", "giải", "15", "3,5", "không", "phí", "Sở", "Điều"]), min_size=1)
TEXT = WORDS.map(" ".join)


@st.composite
def contents(draw: st.DrawFn) -> Content:
    """Any content with a dead act and a living one in its basis."""
    rows = {
        name: [
            {"key": f"{name[0]}{place}"} | {cell: draw(TEXT) for cell in cells}
            for place in range(draw(st.integers(1, 2)))
        ]
        for name, cells in ROWS.items()
    }
    texts = {name: draw(TEXT) for name in ("purpose", "scope", "definitions", "fee")}
    limit = {"text": draw(TEXT), "days": draw(st.sampled_from([None, "3", "0.5"]))}
    return clean({**texts, **rows, "time_limit": limit, "legal_basis": [B1, B2]})


ROWS = {
    "dossier": ("item", "quantity"),
    "steps": ("name", "responsible", "time", "form"),
    "forms": ("code", "name"),
    "records": ("name", "holder", "retention"),
}


def places(content: Any) -> list[tuple[Any, ...]]:
    """Every text outside the legal basis: (section,), or (section, cell), or (section, row, cell)."""
    found: list[tuple[Any, ...]] = [("time_limit", "text"), ("time_limit", "days")]
    found += [(name,) for name in ("purpose", "scope", "definitions", "fee")]
    return found + [
        (name, at, cell) for name, cells in ROWS.items() for at in range(len(content[name])) for cell in ("key", *cells)
    ]


def put(content: Any, place: tuple[Any, ...], change: Any) -> Any:
    """The content with one text put through a function."""
    new = copy.deepcopy(content)
    holder = new
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = change(holder[place[-1]] or "")
    return new


SIGN = st.sampled_from([" ", ".", ",", "\n", "0", "7", "a", "A", "á", "а", "\u200b", "\u0301", "½", "-", "đ", "x"])


@given(content=contents(), data=st.data())
def test_any_change_beside_the_basis_is_no_swap(content: Content, data: st.DataObject) -> None:
    swapped = content | {"legal_basis": [row("b1", HEIR.number), B2]}
    assert judged(content, swapped) == Change.SWAP
    place = data.draw(st.sampled_from(places(content)))
    sign, at = data.draw(SIGN), data.draw(st.integers(0, 30))
    new = put(swapped, place, lambda text: text[:at] + sign + text[at:])
    assert judged(content, new) != Change.SWAP
    if place[0] not in ("purpose", "scope", "definitions"):
        assert judged(content, new) == Change.SUBSTANTIVE
    assert judged(content, swapped | {"legal_basis": [row("b1", CHANGER.number), B2]}) == Change.SUBSTANTIVE


@given(content=contents(), data=st.data())
def test_any_change_of_a_word_or_a_figure_is_substance(content: Content, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from([place for place in places(content) if place[-1] != "key"]))
    how = data.draw(st.sampled_from(["drop", "add", "other", "digit", "split"]))

    def change(text: str) -> str:
        words = text.split() or ["x"]
        at = data.draw(st.integers(0, len(words) - 1))
        word = {
            "drop": "",
            "add": f"{words[at]} thêm",
            "other": "khác",
            "digit": f"{words[at]}7",
            "split": f"{words[at]}\u200b",
        }
        return " ".join([*words[:at], word[how], *words[at + 1 :]])

    new = put(content | {"legal_basis": [row("b1", HEIR.number), B2]}, place, change)
    assert judged(content, new) == Change.SUBSTANTIVE


@given(content=contents(), data=st.data())
def test_rows_that_come_go_or_move_are_substance(content: Any, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([*ROWS, "legal_basis"]))
    rows = copy.deepcopy(content[name])
    how = data.draw(st.sampled_from(["drop", "turn", "copy"]))
    changed = {"drop": rows[1:], "turn": rows[::-1], "copy": [*rows, {**rows[0], "key": "new"}]}[how]
    if changed != rows:
        assert judged(content, content | {name: changed}) == Change.SUBSTANTIVE
