"""The fishbone: well-formed whatever was written, nothing lost that is cut, the same twice."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from django.template import engines
from django.utils import translation
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from capa.analysis import AnalysisError, Category, clean, empty
from capa.fishbone import CAUSE_LINES, WIDTH, svg
from tests.capa.samples import full_analysis, hostile_strings
from tests.real_data import naughty_strings
from workflows.lettering import drawable, wrapped

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "title", "desc", "g", "path", "rect", "text", "tspan"}
ATTRIBUTES = {"class", "role", "viewBox", "font-family", "font-size", "font-weight", "text-anchor", "fill", "stroke"}
ATTRIBUTES |= {"stroke-width", "d", "x", "y", "width", "height", "rx"}


def drawn(causes: Iterable[tuple[str, str]], effect: str = "Trễ hạn") -> ET.Element:
    raw = [{"category": category, "text": text} for category, text in causes]
    return parsed(svg(clean({"causes": raw}), effect))


def parsed(drawing: str) -> ET.Element:
    """The drawing, of which nothing is but what is allowed."""
    root = ET.fromstring(drawing)  # noqa: S314 - our own
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in ELEMENTS
        assert set(element.attrib) <= ATTRIBUTES
    return root


def groups(root: ET.Element, name: str) -> list[ET.Element]:
    return [group for group in root.iter(f"{SVG}g") if group.get("class") == f"fishbone-{name}"]


def title(element: ET.Element) -> str:
    return element.findtext(f"{SVG}title") or ""


def lines(element: ET.Element) -> list[str]:
    return [span.text or "" for span in element.iter(f"{SVG}tspan")]


def test_it_is_a_picture_with_a_name_and_a_description() -> None:
    root = parsed(svg(full_analysis(), "Trễ hạn 3 ngày"))
    assert (root.tag, root.get("role"), root[0].tag, root[1].tag) == (f"{SVG}svg", "img", f"{SVG}title", f"{SVG}desc")
    assert title(root) == "Sơ đồ xương cá: Trễ hạn 3 ngày"
    said = root.findtext(f"{SVG}desc") or ""
    assert "Thiết bị, phần mềm: Phần mềm không nhắc hạn." in said
    assert "Môi trường làm việc: chưa có nguyên nhân." in said


def test_every_category_is_a_bone_and_every_cause_a_twig_of_its_own() -> None:
    root = parsed(svg(full_analysis(), "x"))
    for category in Category:
        (bone,) = groups(root, category.value)
        assert title(bone) == str(category.label)
    (equipment,) = groups(root, "equipment")
    assert [title(cause) for cause in groups(equipment, "cause")] == ["Phần mềm không nhắc hạn"]
    assert [lines(group) for group in groups(root, "environment")] == [["Môi trường làm việc"]], "empty: its label only"
    assert groups(root, "none") == []


def test_a_cause_without_category_is_not_lost() -> None:
    (bone,) = groups(drawn([("", "Chưa rõ")]), "none")
    assert (title(bone), lines(bone)) == ("Chưa xếp nhóm", ["Chưa xếp nhóm", "Chưa rõ"])


def test_long_text_is_cut_where_it_is_drawn_and_whole_in_its_title() -> None:
    text = "Bước thẩm định vẫn ghi năm ngày " * 40
    root = drawn([("law", text)], effect=text)
    (cause,) = groups(root, "cause")
    assert title(cause) == text
    assert len(lines(cause)) == CAUSE_LINES
    assert lines(cause)[-1].endswith("…")
    (effect,) = groups(root, "effect")
    assert (title(effect), lines(effect)[-1][-1]) == (text, "…")


def test_everything_stands_inside_the_picture() -> None:
    root = drawn([(code, "Việc " * n) for n, code in enumerate(Category.values * 5)], effect="Dài " * 200)
    width, height = (int(figure) for figure in (root.get("viewBox") or "").split()[2:])
    assert width == WIDTH
    for element in root.iter():
        assert 0 <= int(element.get("x", 0)) + int(element.get("width", 0)) <= width
        assert 0 <= int(element.get("y", 0)) + int(element.get("height", 0)) <= height


def test_nothing_is_drawn_over_something_else() -> None:
    root = drawn([(code, "Việc " * n) for n, code in enumerate(Category.values * 3, 1)])
    spans = [(int(s.get("x", 0)), int(s.get("y", 0))) for s in root.iter(f"{SVG}tspan")]
    assert len(set(spans)) == len(spans)
    for x in {x for x, _y in spans}:
        places = sorted(y for at, y in spans if at == x)
        assert all(after - before >= 15 for before, after in pairwise(places))


def test_the_strict_policy_and_the_printer_take_it() -> None:
    drawing = svg(full_analysis(), "x")
    assert not re.search(r"\sstyle=|<style|\son\w+=|<script|href|url\(|\sid=", drawing)
    assert drawing == svg(full_analysis(), "x")


def test_a_page_takes_it_as_it_is() -> None:
    page = engines["django"].from_string("{{ drawing }}").render({"drawing": svg(full_analysis(), "<b>")})
    assert page.startswith("<svg ")
    assert "&lt;b&gt;" in page
    assert "<b>" not in page


def test_text_that_calls_itself_safe_is_not_believed() -> None:
    assert "<b>" not in svg(empty(), mark_safe("<b>x</b>"))


def test_without_an_effect_it_says_what_it_is_for() -> None:
    root = parsed(svg(empty(), " "))
    assert lines(groups(root, "effect")[0]) == ["Sự không phù hợp"]
    with translation.override("en"):
        parsed(svg(empty(), ""))


def keepable(text: str) -> bool:
    try:
        return bool(clean({"root": text})["root"])
    except AnalysisError:
        return False


def test_hostile_strings_never_become_markup() -> None:
    texts = [text for text in hostile_strings() if keepable(text)]
    for at in range(0, len(texts), 100):
        analysis = clean({"causes": [{"category": "input", "text": text} for text in texts[at : at + 100]]})
        root = parsed(svg(analysis, "\n".join(texts[at : at + 100])))
        shown = [drawable(cause["text"]).replace("\r\n", "\n").replace("\r", "\n") for cause in analysis["causes"]]
        assert [title(cause) for cause in groups(root, "cause")] == shown
        assert title(groups(root, "effect")[0]) == "\n".join(shown)


def test_a_hostile_effect_never_becomes_markup() -> None:
    bare = [element.tag for element in parsed(svg(empty(), "x")).iter() if element.tag != f"{SVG}tspan"]
    for text in naughty_strings():
        root = parsed(svg(empty(), text))
        assert [element.tag for element in root.iter() if element.tag != f"{SVG}tspan"] == bare


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_drawn(text: str, effect: str) -> None:
    cleaned = clean({"causes": [{"category": "law", "text": re.sub("[\0\ud800-\udfff]", "", text)}]})
    parsed(svg(cleaned, effect))


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("", 9, [""]),
        (" \n\t ", 9, [""]),
        ("năm ngày", 9, ["năm ngày"]),
        ("năm\n ngày\tlàm", 9, ["năm ngày", "làm"]),
        ("nghêng nghêng nghêng", 3, ["ngh", "êng", "ng…"]),
        ("a b", 1, ["a", "b"]),
        ("測試測試", 4, ["測試", "測試"]),
        ("x" * 99, 5, ["xxxxx", "xxxxx", "xxxx…"]),
    ],
)
def test_wrapping(text: str, width: int, expected: list[str]) -> None:
    assert wrapped(text, width, 3) == expected


@given(st.text(max_size=300), st.integers(2, 40), st.integers(1, 6))
def test_wrapping_loses_nothing_but_what_the_ellipsis_stands_for(text: str, width: int, most: int) -> None:
    found = wrapped(text, width, most)
    assert 1 <= len(found) <= most
    shown, whole = ("".join("".join(part).split()) for part in (found, text))
    assert shown == whole or (found[-1].endswith("…") and whole.startswith(shown[:-1]))


def test_a_pile_of_marks_is_cut_too() -> None:
    assert sum(map(len, wrapped("a" + "\u0301" * 20_000, 20, 5))) < 500
