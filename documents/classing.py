"""How much a revision changes, by rule: a swap of the legal basis, mere writing, or substance.

Judged from the two contents and from what the register says of the acts that they cite; nothing that a person claims
counts. The hardest part decides, and whatever no rule knows is substance: a change of substance must never be signed
among swaps.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as lazy

from documents.numbers import number_key
from documents.sections import SECTIONS, BasisRow, Content
from workflows.text import nfc


class Change(models.TextChoices):
    """Class of a revision, lightest first."""

    SWAP = "swap", lazy("Chỉ đổi căn cứ pháp lý")
    EDITORIAL = "editorial", lazy("Chỉ sửa câu chữ")
    SUBSTANTIVE = "substantive", lazy("Sửa nội dung")


RANK = {change: rank for rank, change in enumerate(Change)}
REPLACES = "replaces"
JOINS = (REPLACES, "amends", "supplements", "repeals_part", "corrects")
"""Relations by which an act may be joined to the one that it acts on; only the first lets it stand in its stead."""
PROSE = ("purpose", "scope", "definitions")
"""Sections whose writing may be mended. In all others every sign counts: figures, bodies, dossier, steps, forms."""
BASIS = "legal_basis"
_CELLS = {"key", "number", "issuer", "note"}


@dataclass(frozen=True)
class LegalAct:
    """A legal document as the register has it."""

    id: Hashable
    number: str
    issuer: str = ""
    title: str = ""


@dataclass(frozen=True)
class Link:
    """What the register says one act does to another. ``through``: acts in between, each replaced by the next.

    ``since`` None: no day is known, and the link justifies nothing.
    """

    kind: str
    since: date | None
    through: tuple[str, ...] = ()


@dataclass(frozen=True)
class Law:
    """The register as far as two legal bases need it: acts by row key, links by (acting act, act acted on)."""

    old: Mapping[str, LegalAct] = field(default_factory=dict)
    new: Mapping[str, LegalAct] = field(default_factory=dict)
    links: Mapping[tuple[Hashable, Hashable], Sequence[Link]] = field(default_factory=dict)

    def link(self, acting: LegalAct, target: LegalAct, kinds: Iterable[str]) -> Link | None:
        """The first dated link of one of these kinds."""
        found = self.links.get((acting.id, target.id), ())
        return next((one for one in found if one.kind in kinds and one.since is not None), None)


@dataclass(frozen=True)
class Swap:
    """One act exchanged. ``old`` None: ``new`` was joined to ``basis``; ``new`` None: ``basis`` is cited already."""

    old: BasisRow | None
    new: BasisRow | None
    basis: str
    link: Link


@dataclass(frozen=True)
class Verdict:
    """The class; the exchanges of the legal basis; the keys of the sections that are more than writing."""

    change: Change
    swaps: tuple[Swap, ...] = ()
    hard: tuple[str, ...] = ()


def classed(old: Content | None, new: Content, law: Law) -> Verdict:
    """Judge a revision. Without an old content, or where nothing at all differs, there is nothing to swap."""
    keys = {item.key for item in SECTIONS}
    if old is None or set(old) != keys or set(new) != keys or not (_composed(old) and _composed(new)):
        return Verdict(Change.SUBSTANTIVE, hard=tuple(item.key for item in SECTIONS))
    before: Mapping[str, Any] = old
    after: Mapping[str, Any] = new
    swaps: list[Swap] = []
    judged = {
        key: _basis(before[key], after[key], law, swaps) if key == BASIS else _section(key, before[key], after[key])
        for key in before
        if _exact(before[key]) != _exact(after[key])
    }
    change = max(judged.values(), key=RANK.__getitem__, default=Change.EDITORIAL)
    hard = tuple(item.key for item in SECTIONS if judged.get(item.key) == Change.SUBSTANTIVE)
    return Verdict(change, tuple(swaps), hard)


def _exact(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def _composed(content: Content) -> bool:
    """Whether it is spelt as the product spells it; letters with loose marks came in by another way."""
    text = json.dumps(content, ensure_ascii=False)
    return text == nfc(text)


def _section(key: str, old: Any, new: Any) -> Change:
    return Change.EDITORIAL if key in PROSE and alike(old, new) else Change.SUBSTANTIVE


# Writing.

_SIGNS = str.maketrans(dict.fromkeys("‐‑‒–—−", "-") | dict.fromkeys("“”„«»", '"') | dict.fromkeys("‘’", "'"))
_TONES = {
    old + last: first + new
    for first, last, olds, news in (
        ("o", "a", "òóỏõọ", "àáảãạ"),
        ("o", "e", "òóỏõọ", "èéẻẽẹ"),
        ("u", "y", "ùúủũụ", "ỳýỷỹỵ"),
    )
    for old, new in zip(olds, news, strict=True)
}
"""“hòa” and “hoà” are one word: where the tone is written is a matter of taste."""
_TONE = re.compile("|".join(_TONES))
_ZEROS = re.compile(r"(?<![\w.,/-])0+(?=[0-9])(?![0-9]*[.,/-]?\w*[^\W0-9])(?![0-9]+[.,/-][0-9])")
"""Zeros before a whole number that stands alone: “03 ngày”, not “BM.01” and not “08/2020”."""
_FIGURE = re.compile(r"\d+(?:[.,/]\d+)*")


def alike(old: str, new: str) -> bool:
    """Whether two texts differ in nothing but blanks, case, signs of one meaning, the place of a tone mark, zeros
    before a whole number, and the stop at a line's end. Lines stay lines, and every figure stays what it is.
    """
    one, other = (_ZEROS.sub("", nfc(text)) for text in (old, new))
    return _FIGURE.findall(one) == _FIGURE.findall(other) and list(_lines(one)) == list(_lines(other))


def _lines(text: str) -> Iterator[str]:
    for line in text.translate(_SIGNS).lower().replace("…", "...").split("\n"):
        plain = re.sub(r" +(?=[.,;:!?)\]])|(?<=[(\[]) +", "", " ".join(line.split()))
        plain = _TONE.sub(lambda found: _TONES[found[0]], plain.rstrip(" .;"))
        if plain:
            yield plain


# The legal basis.

_PLACE = re.compile(r"\d|\b(?:điều|khoản|điểm|chương|mục|phần|phụ lục|tiết)\b", re.IGNORECASE)
"""What ties a note to a place in its act, which the heir numbers in its own way."""


def _basis(old: list[BasisRow], new: list[BasisRow], law: Law, swaps: list[Swap]) -> Change:
    if not (_sound(old) and _sound(new)):
        return Change.SUBSTANTIVE
    before, after = ({row["key"]: row for row in rows} for rows in (old, new))
    if [key for key in before if key in after] != [key for key in after if key in before]:
        return Change.SUBSTANTIVE  # the order of a legal basis is its rank
    changes = []
    for key in dict.fromkeys((*before, *after)):
        one, other = before.get(key), after.get(key)
        if one == other:
            continue
        if one and other and _same_act(one, other, law):
            changes.append(_rewritten(one, other, law.new.get(key)))
            continue
        swap = _swap(one, other, law)
        changes.append(Change.SWAP if swap else Change.SUBSTANTIVE)
        swaps += [swap] if swap else []
    return max(changes, key=RANK.__getitem__, default=Change.SUBSTANTIVE)


def _sound(rows: list[BasisRow]) -> bool:
    """Whether rows have their four cells of text, and each a key of its own."""
    cells = all(set(row) == _CELLS and all(isinstance(cell, str) for cell in row.values()) for row in rows)
    return cells and len({row["key"] for row in rows}) == len(rows)


def _same_act(old: BasisRow, new: BasisRow, law: Law) -> bool:
    one, other = law.old.get(old["key"]), law.new.get(new["key"])
    return old["number"] == new["number"] if one is None or other is None else one.id == other.id


def _rewritten(old: BasisRow, new: BasisRow, act: LegalAct | None) -> Change:
    """The same act, written otherwise: its number and body as the register has them, its title as its note."""
    bare = act is not None and _bare(old["number"], act) and _spelt(new["number"], act)
    number = old["number"] == new["number"] or bare
    issuer = alike(old["issuer"], new["issuer"]) or (act is not None and _issued(new["issuer"], act))
    titles = act is not None and _titled(old["note"], act) and _titled(new["note"], act)
    note = alike(old["note"], new["note"]) or titles
    return Change.EDITORIAL if number and issuer and note else Change.SUBSTANTIVE


def _swap(old: BasisRow | None, new: BasisRow | None, law: Law) -> Swap | None:
    """The exchange that the register justifies, or None."""
    if new is None:
        return _covered(old, law) if old else None
    act = law.new.get(new["key"])
    if act is None or not _spelt(new["number"], act) or not (new["issuer"] == "" or _issued(new["issuer"], act)):
        return None
    if Counter(one.id for one in law.new.values())[act.id] > 1:
        return None  # cited twice
    if old is None:
        return _joined(new, act, law)
    dead = law.old.get(old["key"])
    link = law.link(act, dead, (REPLACES,)) if dead else None
    kept = dead and _bare(old["number"], dead) and _carried(old["note"], new["note"], dead, act)
    return Swap(old, new, old["number"], link) if link is not None and kept else None


def _joined(new: BasisRow, act: LegalAct, law: Law) -> Swap | None:
    if not _titled(new["note"], act):
        return None
    for target in law.old.values():
        link = law.link(act, target, JOINS)
        if link is not None:
            return Swap(None, new, target.number, link)
    return None


def _covered(old: BasisRow, law: Law) -> Swap | None:
    """A row may go if an act that replaced its own is cited, and it named no place in it."""
    dead = law.old.get(old["key"])
    if dead is None or not _bare(old["number"], dead) or not _titled(old["note"], dead):
        return None
    for act in law.new.values():
        link = law.link(act, dead, (REPLACES,))
        if link is not None:
            return Swap(old, None, act.number, link)
    return None


def _carried(old: str, new: str, dead: LegalAct, act: LegalAct) -> bool:
    """Whether a note may pass to the heir: a title becomes a title, other words stay if they name no place."""
    if _titled(old, dead) and _titled(new, act):
        return True
    return old == new and not _PLACE.search(old) and not _titled(old, dead)


def _bare(number: str, act: LegalAct) -> bool:
    """Whether a cell holds the act's number and nothing besides: no article that would be lost."""
    return number_key(number) == number_key(act.number)


def _spelt(number: str, act: LegalAct) -> bool:
    """Whether a number is the register's, sign by sign but for blanks, case and zeros before it: no look-alikes."""
    return _plain(number) == _plain(act.number)


def _plain(number: str) -> str:
    return re.sub(r"^0+(?=[0-9])", "", "".join(nfc(number).split()).lower())


def _issued(issuer: str, act: LegalAct) -> bool:
    return bool(act.issuer) and alike(issuer, act.issuer)


def _titled(note: str, act: LegalAct) -> bool:
    return not note or (bool(act.title) and alike(note, act.title))
