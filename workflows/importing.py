"""Reading JSON Lines into the product: a bad row is named and skipped, a second run changes nothing."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from django.core.management.base import CommandError
from django.db import DatabaseError, transaction
from django.utils.dateparse import parse_date
from rich.console import Console
from rich.progress import track

from workflows.errors import WorkflowError
from workflows.text import nfc

Outcome = Literal["added", "changed", "same", "kept"]
"""``kept``: the row differs from what the product holds, and the product's own history wins."""

Row = Mapping[str, Any]
REASON_LIMIT = 300
PIECE = 500
"""Rows kept together: a run that is broken off keeps the pieces before, and the next run goes on from there."""


_UNREADABLE = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters and halves of characters; lines and tabs may stay."""


class BadRow(ValueError):
    """A row that cannot be taken, with a sentence why."""


@dataclass
class Report:
    """What a run did: counts by outcome, and each bad row as (file, line, reason)."""

    counts: Counter[str] = field(default_factory=Counter)
    bad: list[tuple[str, int, str]] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The report as printed: one line of counts, one per bad row."""
        names = ("added", "changed", "same", "kept")
        head = ", ".join(f"{self.counts[name]} {name}" for name in names) + f", {len(self.bad)} bad"
        return [head, *(f"{file}:{line}: {reason}" for file, line, reason in self.bad)]


def read(path: Path) -> Iterator[tuple[int, Row | BadRow]]:
    """Yield (line number from 1, row or BadRow); blank lines are skipped, text is brought to NFC."""
    with path.open("rb") as lines:
        for number, raw in enumerate(lines, start=1):
            if raw.strip():
                yield number, _parse(raw)


def _parse(raw: bytes) -> Row | BadRow:
    try:
        row = json.loads(nfc(raw.decode("utf-8-sig")))
    except UnicodeDecodeError:
        return BadRow("not UTF-8 text")
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a ValueError too
        return BadRow(f"not a JSON object: {error}")
    return row if isinstance(row, dict) else BadRow("not a JSON object")


def run(path: str, take: Callable[[Row], Outcome], *, dry_run: bool, title: str, quiet: bool = False) -> Report:
    """Give every row of a file to ``take``, each in its own savepoint, with a progress bar on a terminal.

    With ``dry_run`` everything is tried and nothing stays; else every ``PIECE`` rows are kept as they are read. A file
    that cannot be read is a ``CommandError``.
    """
    report, file = Report(), Path(path)
    try:
        rows = list(read(file))
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
    console = Console(stderr=True, quiet=quiet)
    shown = iter(track(rows, description=title, console=console, disable=quiet or not console.is_terminal))
    while piece := list(islice(shown, None if dry_run else PIECE)):
        with transaction.atomic():
            for line, row in piece:
                _take(row, line, file.name, take, report)
            if dry_run:
                transaction.set_rollback(True)
    return report


def _take(row: Row | BadRow, line: int, file: str, take: Callable[[Row], Outcome], report: Report) -> None:
    try:
        if isinstance(row, BadRow):
            raise row
        with transaction.atomic():
            report.counts[take(row)] += 1
    except WorkflowError as error:
        detail = error.problems or error.sentence
        report.bad.append((file, line, _reason(detail)))
    except (BadRow, DatabaseError, UnicodeError, OverflowError) as error:
        report.bad.append((file, line, _reason(error)))


def _reason(said: object) -> str:
    """The first line of what was said, fit to be printed: without halves of characters."""
    line = next(iter(str(said).splitlines()), "")
    return line[:REASON_LIMIT].encode(errors="backslashreplace").decode()


def text(row: Row, name: str, *, required: bool = False, limit: int = 20_000) -> str:
    """A text of a row, NFC and stripped; ``""`` for null. Raises ``BadRow`` for another type, or one unfit to keep."""
    value = row.get(name)
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise BadRow(f"{name}: must be text")
    value = _readable(name, value)
    if required and not value:
        raise BadRow(f"{name}: missing")
    if len(value) > limit:
        raise BadRow(f"{name}: longer than {limit} characters")
    return value


def texts(row: Row, name: str) -> list[str]:
    """A list of texts of a row; ``[]`` for null. Raises ``BadRow``."""
    value = row.get(name) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise BadRow(f"{name}: must be a list of texts")
    return [item for item in (_readable(name, one) for one in value) if item]


def _readable(name: str, value: str) -> str:
    """The text, NFC and stripped, however its JSON was escaped. Raises ``BadRow``."""
    if "\x00" in value:
        raise BadRow(f"{name}: holds a NUL character")
    if found := _UNREADABLE.search(value):
        raise BadRow(f"{name}: holds an unreadable character, {found[0]!a}")
    return nfc(value).strip()


def day(row: Row, name: str) -> date | None:
    """A day of a row, in ISO form; None for null. Raises ``BadRow``."""
    value = row.get(name)
    if value in (None, ""):
        return None
    try:
        found = parse_date(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None:
        raise BadRow(f"{name}: {value!r} is no date of the form YYYY-MM-DD")
    return found
