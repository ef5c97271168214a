"""A map laid out in columns from left to right.

Acts that act on the one in the middle stand left of it, acts that it acts on stand right, farther ones farther out; the
last column has the units with a row for each procedure. Relations are curves between columns, citations are tracks with
right angles, one for each cited act, so that many procedures arrive as one line. What must pass a column passes above
its boxes. A label stands beside the outer end of its line, on a strip that other lines do not cross: no text overlaps.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from documents.drawing import LETTER, SMALL, Act, Box, Drawing, Line, Plan, Unit, Word
from documents.layering import UNITS, Link, columns, hangs, links, ordered
from workflows.lettering import drawable, measured, wrapped

ACT, UNIT = 176, 330
"""Widths of an act's box and of a unit's."""
LABELS, CURVES, TRACK = 196, 56, 6
"""Of a gap between columns: the widest strip for labels, the space for curves, what each citation track adds."""
EDGE, TOP, APART = 16, 24, 14
LANE, PORT = 6, 18
"""Between lines that pass above the boxes, and between ends of lines at a box."""
PAD, LINE, ROW, BEND = 8, 15, 36, 40
MARGIN = 18
"""Of the strip for labels: the arrow, and the distance to the box."""
ROOMY = 40
"""Up to so many acts a box has two lines of title, beyond one."""
LEFT, RIGHT = -1, 1


@dataclass
class _Sheet:
    """The drawing while it grows. Layers are numbered from the left, the units' last; ``middle`` is the act's."""

    plan: Plan
    layers: list[list[str]]
    layer: dict[str, int]
    middle: int
    links: list[Link]
    boxes: dict[str, Box] = field(default_factory=dict)
    left: list[int] = field(default_factory=list)
    strips: list[int] = field(default_factory=list)
    """Widths of the strips for labels, by the layer left of the gap."""
    ports: dict[tuple[str, int, str], int] = field(default_factory=dict)
    """Height of a line's end by box, side and what shares it."""
    lanes: dict[tuple[str, ...], int] = field(default_factory=dict)
    tracks: dict[tuple[int, str], int] = field(default_factory=dict)
    """Where the track of a cited act runs in the gap right of a layer."""

    def side(self, key: str, other: str) -> int:
        """At which side of its box a line to another box ends; within one column at the side of the labels."""
        away = self.layer[other] - self.layer[key]
        return RIGHT if away > 0 or (not away and self.layer[key] < self.middle) else LEFT

    def labelled(self, key: str) -> int:
        """The side of a box at which labels stand: the one towards the middle, and none there."""
        at = self.layer[key]
        return RIGHT if at < self.middle else LEFT if at > self.middle else 0

    def slot(self, link: Link, key: str, other: str) -> tuple[str, int, str]:
        """Which point of a box a line ends at: its own where labels stand, elsewhere one for each direction."""
        side = self.side(key, other)
        if link.kind == "cites" and key == link.target:
            return key, side, "cites"
        if side == self.labelled(key):
            return key, side, f"{link.source} {link.target}"
        return key, side, "out" if key == link.source else "in"

    def edge(self, key: str, side: int) -> int:
        """Where a side of a box is."""
        box = self.boxes[key]
        return box.x + box.width if side == RIGHT else box.x


def layout(plan: Plan) -> Drawing:
    """Lay a plan out. Raises ``StopIteration`` if no act stands in the middle."""
    column = columns(plan.acts, plan.relations)
    hung = hangs(column, plan.relations)
    layers = ordered(plan.acts, column, hung)
    if plan.units:
        layers[UNITS] = [unit.key for unit in plan.units]
    layer = {key: at for at, keys in enumerate(layers.values()) for key in keys}
    sheet = _Sheet(plan, list(layers.values()), layer, list(layers).index(0), links(plan, column))
    _boxes(sheet)
    _widths(sheet)
    _heights(sheet, hung)
    _ends(sheet)
    drawn = Drawing(lines=[_line(sheet, link) for link in sheet.links])
    drawn.headings = [
        Word(x, TOP, plan.headings.get(at, ""), "heading") for at, x in zip(layers, sheet.left, strict=True)
    ]
    for unit in plan.units:
        _rows(sheet, unit)
    drawn.boxes = list(sheet.boxes.values())
    drawn.width = max(box.x + box.width for box in drawn.boxes) + EDGE
    drawn.height = max(box.y + box.height for box in drawn.boxes) + EDGE
    return drawn


def _cut(text: str, units: float, letter: float = SMALL, most: int = 1) -> list[str]:
    return wrapped(drawable(text), int(units / letter), most)


def _boxes(sheet: _Sheet) -> None:
    """Every box with its size, as high as its words and the ends of lines at its busier side need."""
    slots: dict[str, dict[int, set[str]]] = defaultdict(lambda: {LEFT: set(), RIGHT: set()})
    for link in sheet.links:
        for key, other in ((link.source, link.target), (link.target, link.source)):
            _key, side, name = sheet.slot(link, key, other)
            slots[key][side].add(name)
    titles = 2 if len(sheet.plan.acts) <= ROOMY else 1
    for box in [*(_act(act, titles) for act in sheet.plan.acts), *map(_unit, sheet.plan.units)]:
        ends = max(map(len, slots[box.key].values()))
        box.height = max(box.height, ends * PORT + PAD)
        sheet.boxes[box.key] = box


def _act(act: Act, titles: int) -> Box:
    """Number, validity where it is worth a word, title; heights of words are from the box's top."""
    room = ACT - 2 * PAD
    lines = [Word(PAD, 0, text, "number") for text in _cut(act.number, room, LETTER)]
    lines += [Word(PAD, 0, text, "validity") for text in _cut(act.words, room)] if act.words else []
    lines += [Word(PAD, 0, text, "title") for text in _cut(act.title, room, most=titles)] if act.title.strip() else []
    words = [Word(PAD, LINE * (at + 1) + 2, one.text, one.kind) for at, one in enumerate(lines)]
    said = [drawable(text) for text in (act.number, act.words, act.title) if text]
    kind = "act" if act.hops else "root"
    height = LINE * len(words) + PAD + 2
    return Box(act.key, kind, 0, 0, ACT, height, act.href, " · ".join(said), act.dead, words)


def _unit(unit: Unit) -> Box:
    height = LINE + PAD + 4 + ROW * len(unit.procedures)
    words = [Word(PAD, LINE + 3, text, "number") for text in _cut(unit.name, UNIT - 2 * PAD, LETTER)]
    return Box(unit.key, "unit", 0, 0, UNIT, height, unit.href, drawable(unit.name), words=words)


def _rows(sheet: _Sheet, unit: Unit) -> None:
    """A row for each procedure in its unit's box, from the bottom up: above is room for the ends of lines."""
    place = sheet.boxes[unit.key]
    y, room = place.y + LINE + PAD + 4, UNIT - 2 * PAD
    for one in unit.procedures:
        texts = ((f"{one.code} · {one.title}", LETTER, "code"), (one.words, SMALL, "title"))
        words = [
            Word(place.x + PAD, y + 14 * (at + 1), _cut(text, room, letter)[0], kind)
            for at, (text, letter, kind) in enumerate(texts)
        ]
        full = drawable(f"{one.code} · {one.title} · {one.words}")
        sheet.boxes[one.key] = Box(one.key, "procedure", place.x, y, UNIT, ROW, one.href, full, words=words)
        y += ROW


def _widths(sheet: _Sheet) -> None:
    """Where columns, the strips for labels and the tracks between them stand."""
    sheet.strips = [_strip(sheet, at) for at in range(len(sheet.layers))]
    cited = [act.key for act in sheet.plan.acts if any(link.way == ("cites", act.key) for link in sheet.links)]
    last, x = len(sheet.layers) - 1, EDGE
    for at, keys in enumerate(sheet.layers):
        sheet.left.append(x)
        for key in keys:
            sheet.boxes[key].x = x
        x += sheet.boxes[keys[0]].width
        here = [act for act in cited if sheet.layer[act] == at or (at == last - 1 and bool(sheet.plan.units))]
        first = x + (sheet.strips[at] if at < sheet.middle else 0) + CURVES // 2
        for place, act in enumerate(here):
            sheet.tracks[at, act] = first + TRACK * place
        x += sheet.strips[at] + CURVES + TRACK * len(here)


def _strip(sheet: _Sheet, at: int) -> int:
    """How wide the strip for labels is in the gap right of a layer: as its longest label, within bounds."""
    outer = at if at < sheet.middle else at + 1
    longest = max((measured(link.label) for link in sheet.links if sheet.layer[link.outer] == outer), default=0)
    return min(LABELS, int(longest * SMALL) + MARGIN + 1)


def _lanes(sheet: _Sheet) -> list[int]:
    """Give each way that passes columns its lane above them; return where each column's boxes may begin."""
    place = {act.key: at for at, act in enumerate(sheet.plan.acts)}
    past: dict[tuple[str, ...], range] = {}
    for link in sheet.links:
        first, last = sorted((sheet.layer[link.source], sheet.layer[link.target]))
        if last - first > 1:
            past[link.way] = range(first + 1, last)
    # The citations of the act in the middle, which are the most, run lowest: then its box is beside them.
    ways = sorted(past, key=lambda way: (way[0] == "cites", -place[way[1]], way))
    sheet.lanes = {way: TOP + APART + LANE * at for at, way in enumerate(ways)}
    tops = [TOP + APART] * len(sheet.layers)
    for way, between in past.items():
        for at in between:
            tops[at] = max(tops[at], sheet.lanes[way] + APART)
    return tops


def _heights(sheet: _Sheet, hung: dict[str, list[str]]) -> None:
    """Where boxes stand: each column below its lanes, near acts beside those that hang on them."""
    tops = _lanes(sheet)
    for at in sorted(range(len(sheet.layers)), key=lambda at: -abs(at - sheet.middle)):
        y = tops[at]
        for key in sheet.layers[at]:
            box, beside = sheet.boxes[key], [sheet.boxes[far] for far in hung.get(key, ())]
            if beside:
                y = max(y, sum(one.y + one.height // 2 for one in beside) // len(beside) - box.height // 2)
            box.y = y
            y += box.height + APART
            box.words = [Word(box.x + one.x, box.y + one.y, one.text, one.kind) for one in box.words]


def _ends(sheet: _Sheet) -> None:
    """The height of every line's end, in the order of the boxes at the other ends."""
    ends: dict[tuple[str, int], dict[str, int]] = defaultdict(dict)
    for link in sheet.links:
        for key, other in ((link.source, link.target), (link.target, link.source)):
            _key, side, name = sheet.slot(link, key, other)
            there = sheet.lanes.get(link.way, sheet.boxes[other].y)
            ends[key, side][name] = min(there, ends[key, side].get(name, there))
    for (key, side), names in ends.items():
        box = sheet.boxes[key]
        # A unit may be many screens high; its lines leave where its name is.
        top = box.y + (PORT if box.kind == "unit" else (box.height - PORT * (len(names) - 1)) // 2 + 2)
        for at, name in enumerate(sorted(names, key=lambda name: (names[name], name))):
            sheet.ports[key, side, name] = top + PORT * at


def _line(sheet: _Sheet, link: Link) -> Line:
    """A link with its way, its ends and its label."""
    points = {}
    for key, other in ((link.source, link.target), (link.target, link.source)):
        slot = sheet.slot(link, key, other)
        points[key] = (sheet.edge(key, slot[1]), sheet.ports[slot])
    start, end = points[link.source], points[link.target]
    path = _track(sheet, link, start, end) if link.kind == "cites" else _curve(sheet, link, points)
    x, y = points[link.outer]
    side = sheet.labelled(link.outer)
    # Beyond the arrow, where it stands at this end.
    x += side * (12 if link.outer == link.target else 4)
    text = _cut(link.label, LABELS - MARGIN)[0]
    label = Word(x, y - 4, text, link.kind, end=side == LEFT)
    back = 8 * sheet.side(link.target, link.source)
    return Line(link.kind, link.source, link.target, path, start, end, label, drawable(link.full), back, link.later)


def _track(sheet: _Sheet, link: Link, start: tuple[int, int], end: tuple[int, int]) -> str:
    """From a unit along the act's track, past other columns on its lane, and down its track there."""
    units, at = len(sheet.layers) - 1, sheet.layer[link.target]
    path = f"M{start[0]} {start[1]}H{sheet.tracks[units - 1, link.target]}"
    if at < units - 1:
        path += f"V{sheet.lanes[link.way]}H{sheet.tracks[at, link.target]}"
    return f"{path}V{end[1]}H{end[0]}"


def _curve(sheet: _Sheet, link: Link, points: dict[str, tuple[int, int]]) -> str:
    """From the left end to the right one, gap by gap, level over the strips of labels."""
    (left, (x, y)), (right, (to, foot)) = sorted(points.items(), key=lambda one: (sheet.layer[one[0]], one[1]))
    first, last = sheet.layer[left], sheet.layer[right]
    if first == last:
        side = sheet.labelled(left)
        room = sheet.strips[first if side == RIGHT else first - 1]
        strip, bend = x + side * room, x + side * (room + BEND)
        return f"M{x} {y}H{strip}C{bend} {y} {bend} {foot} {strip} {foot}H{to}"
    path = f"M{x} {y}"
    for at in range(first, last):
        begins, ends = sheet.left[at] + ACT, sheet.left[at + 1]
        below = foot if at + 1 == last else sheet.lanes[link.way]
        strip = sheet.strips[at]
        here, there = (begins + strip, ends) if at < sheet.middle else (begins, ends - strip)
        half = (here + there) // 2
        path += f"H{here}C{half} {y} {half} {below} {there} {below}H{ends}"
        y = below
    return path
