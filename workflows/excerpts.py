"""The lines around a hit, as pieces of plain text: whoever shows them escapes them and marks those that hit."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.spelling import spans

BEFORE, AFTER = 80, 200
"""Letters shown before the first hit and from there on."""


@dataclass(frozen=True)
class Piece:
    """Some letters as they stand in the text; ``hit``: they are what was looked for."""

    text: str
    hit: bool = False


def highlighted(text: str, wanted: tuple[str, ...], *, exact: bool) -> list[Piece]:
    """The whole of a composed text; its pieces joined are the text."""
    return _cut(text, spans(text, wanted, exact=exact), 0, len(text))


def excerpt(text: str, wanted: tuple[str, ...], *, exact: bool) -> list[Piece]:
    """What stands around the longest hit, on one line, cut between words, with … where it is cut."""
    line = text.replace("\n", " ")
    hits = spans(line, wanted, exact=exact)
    middle = max(hits, key=lambda span: (span[1] - span[0], -span[0]))[0] if hits else 0
    start, end = _start(line, middle - BEFORE), _stop(line, middle + AFTER)
    pieces = _cut(line, hits, start, end)
    head = [Piece("…")] if start else []
    return [*head, *pieces, Piece("…")] if end < len(line) else [*head, *pieces]


def _start(line: str, at: int) -> int:
    space = line.find(" ", at, at + BEFORE // 2) if at > 0 else -1
    return max(space + 1 if space >= 0 else at, 0)


def _stop(line: str, at: int) -> int:
    space = line.rfind(" ", at - BEFORE // 2, at) if at < len(line) else -1
    return min(space if space >= 0 else at, len(line))


def _cut(text: str, hits: list[tuple[int, int]], start: int, end: int) -> list[Piece]:
    pieces, at = [], start
    for first, last in hits:
        low, high = max(first, start), min(last, end)
        if low < high:
            pieces += [Piece(text[at:low]), Piece(text[low:high], hit=True)]
            at = high
    pieces.append(Piece(text[at:end]))
    return [piece for piece in pieces if piece.text]
