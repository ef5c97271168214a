"""How long one thing takes beside its floor: the two by turns in the same run, so that a busy machine slows both."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Timing:
    """One row: p50 in milliseconds; ``ratio`` to its floor, if it has one; ``bar``: what was promised, in words, and
    ``met``: whether it was kept; None where nothing was promised. ``rows``: how many were found or written.
    """

    name: str
    p50: float
    rows: int
    ratio: float | None = None
    bar: str = ""
    met: bool | None = None


def race(
    name: str,
    ours: Callable[[], int],
    floor: Callable[[], int],
    *,
    rounds: int,
    times: float,
    most: float | None = None,
) -> list[Timing]:
    """Time the floor and ours by turns, after one turn of each that does not count; both return a number of rows.

    The bar: ours takes at most ``times`` the floor and, if ``most`` is given, at most so many milliseconds.
    """
    spent: dict[str, list[float]] = {"floor": [], "ours": []}
    found = {"floor": floor(), "ours": ours()}
    for _round in range(rounds):
        for who, call in (("floor", floor), ("ours", ours)):
            spent[who].append(clocked(call)[0])
    low, high = median(spent["floor"]), median(spent["ours"])
    bar = f"≤ {times:g} × floor" + (f", ≤ {most:g} ms" if most else "")
    met = high <= times * low and (most is None or high <= most)
    return [
        Timing(f"floor: {name}", low, found["floor"]),
        Timing(name, high, found["ours"], high / low, bar, met),
    ]


def clocked(call: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds, and what came back."""
    begun = time.perf_counter()
    result = call()
    return (time.perf_counter() - begun) * 1000, result
