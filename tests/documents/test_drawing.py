"""A map's geometry: nothing overlaps or leaves the picture, lines end at their boxes, whatever the neighbourhood."""

from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.drawing import LETTER, SMALL, Act, Box, Drawing, Plan, Procedure, Relation, Unit, Word
from documents.layering import columns
from documents.layout import layout
from tests.real_data import naughty_strings
from workflows.lettering import measured

HEADINGS = {-2: "Cách hai quan hệ", -1: "Tác động lên", 0: "Văn bản này", 1: "Chịu", 2: "Cách hai", 3: "Đơn vị"}
LABELS = ["sửa đổi", "bãi bỏ một phần", "căn cứ", "thay thế", "W" * 60]
BYTES = 400_000


def plan_of(acts: list[Act], relations: list[Relation], units: list[Unit]) -> Plan:
    return Plan(acts, relations, units, HEADINGS, lambda n: f"{n} viện dẫn")


def act(n: int, hops: int, title: str = "Về hộ tịch", *, dead: bool = False) -> Act:
    return Act(f"a{n}", f"{n}/2020/NĐ-CP", title, "Hết hiệu lực toàn bộ" if dead else "", dead, f"/a/{n}", hops)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """An act, others one and two hops away, any relations among them, and units that cite any."""
    near, far = draw(st.integers(0, 9)), draw(st.integers(0, 9))
    texts = st.text(max_size=90)
    hops = [0, *[1] * near, *([2] * far if near else [])]
    acts = [act(n, one, draw(texts), dead=draw(st.booleans())) for n, one in enumerate(hops)]
    keys = st.sampled_from([one.key for one in acts])
    relations = st.builds(Relation, keys, keys, st.sampled_from(LABELS), later=st.booleans())
    units, n = [], 0
    for place in range(draw(st.integers(0, 3))):
        rows = []
        for _each in range(draw(st.integers(1, 6))):
            n += 1
            cites = tuple(draw(st.lists(keys, max_size=5, unique=True)))
            rows.append(Procedure(f"p{n}", f"QT.{n}", draw(texts), ", ".join(cites), cites, f"/p/{n}"))
        units.append(Unit(f"u{place}", draw(texts), tuple(rows), f"/u/{place}"))
    return plan_of(acts, draw(st.lists(relations, max_size=30)), units)


def crowd() -> Plan:
    """200 nodes: 30 acts one hop away, 49 two hops, 120 procedures of four units that cite three acts each."""
    acts = [act(n, 0 if not n else 1 if n <= 30 else 2, "Quy định chi tiết " * 9, dead=not n % 5) for n in range(80)]
    relations = [
        Relation(f"a{n}", f"a{0 if n <= 30 else n % 30 + 1}", LABELS[n % 4])
        if n % 2
        else Relation(f"a{0 if n <= 30 else n % 30 + 1}", f"a{n}", LABELS[n % 4])
        for n in range(1, 80)
    ]
    rows = [
        Procedure(f"p{n}", f"QT.{n}", "Đăng ký khai sinh " * 8, "x", (f"a{n % 80}", f"a{n * 7 % 80}", "a0"), f"/p/{n}")
        for n in range(120)
    ]
    units = [Unit(f"u{n}", f"Phòng {n}", tuple(rows[n * 30 : n * 30 + 30]), f"/u/{n}") for n in range(4)]
    return plan_of(acts, relations, units)


Area = tuple[float, float, float, float]


def area(box: Box) -> Area:
    return box.x, box.y, box.x + box.width, box.y + box.height


def extent(word: Word) -> Area:
    """Where a text's letters are, measured as widely as the drawing measures them."""
    width = measured(word.text) * (LETTER if word.kind in {"number", "code", "heading"} else SMALL)
    left = word.x - width if word.end else word.x
    return left, word.y - 10, left + width, word.y + 2


def apart(one: Area, other: Area) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def within(one: Area, other: Area) -> bool:
    return one[0] >= other[0] and one[1] >= other[1] and one[2] <= other[2] and one[3] <= other[3]


def check(plan: Plan, drawn: Drawing) -> None:
    """What holds of every drawing."""
    boxes = {box.key: box for box in drawn.boxes}
    sheet = (0, 0, drawn.width, drawn.height)
    assert all(within(area(box), sheet) for box in drawn.boxes)
    outer = [box for box in drawn.boxes if box.kind != "procedure"]
    rows = [box for box in drawn.boxes if box.kind == "procedure"]
    for kind in (outer, rows):
        assert all(apart(area(one), area(other)) for one, other in combinations(kind, 2))
    for unit in plan.units:
        for row in unit.procedures:
            assert within(area(boxes[row.key]), area(boxes[unit.key]))
    for box in drawn.boxes:
        assert all(within(extent(word), area(box)) for word in box.words)
    labels = [line.label for line in drawn.lines]
    assert all(within(extent(word), sheet) for word in labels)
    assert all(apart(extent(one), extent(other)) for one, other in combinations(labels, 2))
    assert all(apart(extent(word), area(box)) for word in labels for box in outer)
    for line in drawn.lines:
        for key, (x, y) in ((line.source, line.start), (line.target, line.end)):
            box = boxes[key]
            assert x in {box.x, box.x + box.width}
            assert box.y <= y <= box.y + box.height
        assert {line.start, line.end} == {first(line.path), last(line.path)}
        assert all(0 <= float(number) <= max(sheet) for number in re.findall(r"[\d.]+", line.path))


def first(path: str) -> tuple[int, int]:
    x, y = re.findall(r"-?\d+", path)[:2]
    return int(x), int(y)


def last(path: str) -> tuple[int, int]:
    """Where a path ends."""
    x, y = pieces(path)[-1][-1]
    return int(x), int(y)


Point = tuple[float, float]


def pieces(path: str) -> list[tuple[Point, ...]]:
    """Straight and curved pieces of a path of M, H, V and C, each by its control points."""
    found: list[tuple[Point, ...]] = []
    at = (0.0, 0.0)
    for command, rest in re.findall(r"([MHVC])([^MHVC]*)", path):
        n = [float(one) for one in rest.split()]
        to = {"H": (n[0], at[1]), "V": (at[0], n[0])}.get(command, (n[-2], n[-1]) if len(n) > 1 else at)
        if command == "C":
            found.append((at, (n[0], n[1]), (n[2], n[3]), to))
        elif command != "M":
            found.append((at, at, to, to))
        at = to
    return found


def dots(path: str) -> list[Point]:
    """Points along a path, near enough to one another to meet any box that it crosses."""
    found = []
    for piece in pieces(path):
        for step in range(25):
            t = step / 24
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            x = sum(weight * point[0] for weight, point in zip(weights, piece, strict=True))
            y = sum(weight * point[1] for weight, point in zip(weights, piece, strict=True))
            found.append((x, y))
    return found


def expected_lines(plan: Plan) -> set[tuple[str, str]]:
    found = {(one.source, one.target) for one in plan.relations if one.source != one.target}
    return found | {(unit.key, key) for unit in plan.units for row in unit.procedures for key in row.cites}


@settings(max_examples=150, deadline=None)
@given(plan=plans())
def test_nothing_overlaps_and_lines_end_at_their_boxes(plan: Plan) -> None:
    drawn = layout(plan)
    check(plan, drawn)
    assert layout(plan) == drawn
    assert {(line.source, line.target) for line in drawn.lines} == expected_lines(plan)
    assert len(drawn.lines) == len(expected_lines(plan))
    shown = {box.key for box in drawn.boxes}
    assert shown == {
        *(one.key for one in plan.acts),
        *(unit.key for unit in plan.units),
        *(row.key for unit in plan.units for row in unit.procedures),
    }


@settings(max_examples=150, deadline=None)
@given(plan=plans())
def test_no_line_crosses_a_box(plan: Plan) -> None:
    drawn = layout(plan)
    for line in drawn.lines:
        for x, y in dots(line.path):
            for box in drawn.boxes:
                inside = box.x + 0.1 < x < box.x + box.width - 0.1 and box.y + 0.1 < y < box.y + box.height - 0.1
                assert not inside, (line, box.key)


def test_acts_stand_on_the_side_of_what_they_do() -> None:
    acts = [act(0, 0), act(1, 1), act(2, 1), act(3, 2), act(4, 2)]
    ends = (("a1", "a0"), ("a0", "a2"), ("a3", "a1"), ("a2", "a4"), ("a4", "a1"))
    relations = [Relation(source, target, "sửa đổi") for source, target in ends]
    assert columns(acts, relations) == {"a0": 0, "a1": -1, "a2": 1, "a3": -2, "a4": -2}
    drawn = {box.key: box.x for box in layout(plan_of(acts, relations, [])).boxes}
    assert drawn["a3"] < drawn["a1"] < drawn["a0"] < drawn["a2"]


def test_several_relations_of_a_pair_are_one_line() -> None:
    relations = [
        Relation("a1", "a0", label, f"{label} X", later=label == "bổ sung") for label in ("sửa đổi", "bổ sung")
    ]
    (line,) = layout(plan_of([act(0, 0), act(1, 1)], relations, [])).lines
    assert (line.label.text, line.full, line.later) == ("sửa đổi, bổ sung", "sửa đổi X; bổ sung X", False)
    assert line.end[0] > line.start[0]
    assert line.back == -8


def rendered(plan: Plan) -> str:
    context = {"drawing": layout(plan), "act": {"number": "1"}, "near": {"acts": [], "versions": []}}
    return render_to_string("documents/parts/map.html", context).strip()


def parsed(plan: Plan) -> ET.Element:
    return ET.fromstring(rendered(plan))  # noqa: S314 - our own drawing


def test_two_hundred_nodes_are_drawn_within_bounds() -> None:
    plan = crowd()
    drawn = layout(plan)
    check(plan, drawn)
    assert sum(box.kind != "unit" for box in drawn.boxes) == 200
    text = rendered(plan)
    assert len(text.encode()) < BYTES
    assert drawn.width < 3_500
    assert drawn.height < 6_000


@pytest.mark.parametrize(
    "hostile", [*naughty_strings()[:60], "</svg><script>alert(1)</script>", '"><a href="x', "\x00\x1b"]
)
def test_what_people_wrote_becomes_no_markup(hostile: str) -> None:
    row = Procedure("p1", hostile, hostile, hostile, ("a0",), "/p/1")
    plan = plan_of(
        [Act("a0", hostile or "1", hostile, hostile, href="/a/0", hops=0), act(1, 1, hostile)],
        [Relation("a1", "a0", hostile or "x", hostile)],
        [Unit("u0", hostile, (row,), "/u/0")],
    )
    root = parsed(plan)
    assert {one.tag.rpartition("}")[2] for one in root.iter()} == {"svg", "g", "title", "path", "text", "a", "rect"}
    names = {name for one in root.iter() for name in one.attrib}
    assert not [name for name in names if name.startswith("on") or name == "style"]
    assert {one.get("href") for one in root.iter() if one.get("href")} == {"/a/0", "/a/1", "/p/1", "/u/0"}


def test_every_node_is_a_link_with_its_full_text_and_a_dead_one_is_marked_in_words() -> None:
    long = "Quy định chi tiết một số điều và biện pháp thi hành Luật Hộ tịch về đăng ký hộ tịch"
    plan = plan_of([act(0, 0, long), act(1, 1, dead=True)], [Relation("a1", "a0", "sửa đổi", "trọn câu")], [])
    root = parsed(plan)
    space = "{http://www.w3.org/2000/svg}"
    links = {one.get("href"): one for one in root.iter(f"{space}a")}
    assert links["/a/0"].findtext(f"{space}title") == f"0/2020/NĐ-CP · {long}"
    assert long not in [one.text for one in links["/a/0"].iter(f"{space}text")]
    assert links["/a/1"].get("class") == "act dead"
    assert "Hết hiệu lực toàn bộ" in [one.text for one in links["/a/1"].iter(f"{space}text")]
    assert "trọn câu" in [one.text for one in root.iter(f"{space}title")]
    assert [one.get("aria-label") for one in root.iter() if one.get("role") == "img"]
