"""The message catalogues, read from their source without any tool that users would have to install."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.sources import ROOT

LOCALE = ROOT / "config" / "locale"
FORMATS = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


@dataclass
class Entry:
    """One message: ``strings`` has one translation, or one per plural form. ``plural`` is "" without a plural."""

    id: str = ""
    plural: str = ""
    strings: dict[int, str] = field(default_factory=dict)
    fuzzy: bool = False
    line: int = 0


def catalogues() -> list[Path]:
    """Every .po file of ours."""
    return sorted(LOCALE.rglob("*.po"))


def read(file: Path) -> list[Entry]:
    """Every entry in the order of the file, its header (id "") first; ValueError for a line that is no PO."""
    entries: list[Entry] = [Entry()]
    target = ("id", 0)
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        keyword, _, rest = line.partition(" ")
        if line.startswith("#"):
            if entries[-1].strings:
                entries.append(Entry())
            entries[-1].fuzzy |= line.startswith("#,") and "fuzzy" in line
        elif line.startswith('"'):
            _add(entries[-1], target, ast.literal_eval(line))
        elif line:
            target = _target(keyword, number)
            if target[0] == "id" and entries[-1].strings:
                entries.append(Entry())
            entries[-1].line = entries[-1].line or number
            _add(entries[-1], target, ast.literal_eval(rest))
    return [entry for entry in entries if entry.strings]


def _target(keyword: str, number: int) -> tuple[str, int]:
    if keyword in {"msgid", "msgid_plural", "msgstr"}:
        return {"msgid": "id", "msgid_plural": "plural", "msgstr": "string"}[keyword], 0
    form = re.fullmatch(r"msgstr\[(\d)\]", keyword)
    if form is None:
        raise ValueError(f"line {number}: {keyword}")
    return "string", int(form[1])


def _add(entry: Entry, target: tuple[str, int], text: str) -> None:
    name, form = target
    if name == "string":
        entry.strings[form] = entry.strings.get(form, "") + text
    else:
        setattr(entry, name, getattr(entry, name) + text)


def formats(text: str) -> list[str]:
    """The places in a text that the program fills in."""
    return sorted(FORMATS.findall(text))
