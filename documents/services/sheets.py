"""A version as it is printed: cover, sections, legal basis with its validity, signatures, revision sheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from documents.content import SECTIONS, Column, Section
from documents.models import Citation, DocumentVersion, ImpactItem, Regulation, Validity, resolve
from documents.models.citation import candidates, matched, replacements_of
from documents.services.asof import Moment
from documents.services.comparisons import compared
from documents.services.lawthen import acts_known
from workflows.models import Move

Basis = tuple[Mapping[str, Regulation], Mapping[str, list[Regulation]]]
"""What each row of a legal basis resolves to, and what replaced it if it is dead; both by row key."""

NUMBERS = {
    "purpose": "1", "scope": "2", "definitions": "4", "dossier": "5.1", "time_limit": "5.2", "fee": "5.3",
    "steps": "5.4", "legal_basis": "5.5", "forms": "6", "records": "7",
}  # fmt: skip
"""Paragraph of each section in the layout that agencies print (domain §3.5); 3 points to the legal basis."""

BUSINESS = {"submit": _("Soạn thảo"), "approve": _("Phê duyệt"), "issue": _("Ban hành"), "pass": _("Thẩm tra")}
"""What a signature on the cover stands for, by action; every other one is a review."""
REVIEW = _("Xem xét")
SIGNING = ("agree", "pass", "approve", "issue")
UNDOING = ("return", "recall", "abandon")


@dataclass(frozen=True)
class Line:
    """One row of a section as printed. ``act``: what a legal basis resolves to; ``heirs`` replaced it if it is dead."""

    number: int
    cells: list[tuple[Column, str]]
    act: Regulation | None = None
    heirs: list[Regulation] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """One section as printed: ``text``, or ``lines`` of a table; the time limit has both wording and days."""

    section: Section
    number: str
    text: str = ""
    days: str = ""
    lines: list[Line] = field(default_factory=list)

    @property
    def blank(self) -> bool:
        """True if nothing is written."""
        return not (self.text or self.days or self.lines)


def sheet(content: Mapping[str, Any], on: date) -> list[Part]:
    """The sections in printed order, legal basis resolved as of a day; one query, one more if an act is dead."""
    return _printed(content, *_resolved(content, on))


def sheet_then(version: DocumentVersion, moment: Moment) -> list[Part]:
    """The sections of a version with its legal basis as of a moment: by what the register held then, if it is past."""
    return _printed(version.content, *basis_then(version, moment))


def basis_then(version: DocumentVersion, moment: Moment) -> Basis:
    """What each row of a version's legal basis means at a moment, and what had replaced it, by row key.

    An act that the register did not hold then is missing. Three queries in the past of the register.
    """
    if moment.cutoff is None:
        return _resolved(version.content, moment.on)
    basis = version.content["legal_basis"]
    # By the frozen citation too: an act whose number was corrected since then had, at the time, the number cited.
    named = candidates(basis)
    mine = Q(pk__in=Citation.objects.filter(version=version.pk).values("regulation"))
    acts = matched(basis, acts_known(Regulation.objects.filter(named | mine), moment.on, moment.cutoff).values())
    return acts, {key: act.heirs for key, act in acts.items() if is_dead(act)}  # type: ignore[attr-defined]


def _resolved(content: Mapping[str, Any], on: date) -> Basis:
    acts = resolve(content["legal_basis"], on)
    heirs = replacements_of([act.pk for act in acts.values() if is_dead(act)], on)
    return acts, {key: heirs[act.pk] for key, act in acts.items() if act.pk in heirs}


def _printed(
    content: Mapping[str, Any], acts: Mapping[str, Regulation], heirs: Mapping[str, list[Regulation]]
) -> list[Part]:
    return [_part(item, content[item.key], acts, heirs) for item in SECTIONS]


def is_dead(act: Regulation) -> bool:
    """True if an act that carries ``validity_on`` is wholly out of force."""
    return bool(act.validity_on == Validity.EXPIRED)  # type: ignore[attr-defined]


def _part(item: Section, value: Any, acts: Mapping[str, Regulation], heirs: Mapping[str, list[Regulation]]) -> Part:
    number = NUMBERS[item.key]
    if item.kind == "text":
        return Part(item, number, text=value)
    if item.kind == "limit":
        return Part(item, number, text=value["text"], days=(value["days"] or "").replace(".", ","))
    basis = item.key == "legal_basis"
    lines = [
        Line(
            place,
            [(column, row[column.key]) for column in item.columns],
            acts.get(row["key"]) if basis else None,
            heirs.get(row["key"], []) if basis else [],
        )
        for place, row in enumerate(value, 1)
    ]
    return Part(item, number, lines=lines)


@dataclass(frozen=True)
class Signature:
    """Who stands for a version, in which capacity, and when."""

    label: Any
    move: Move


def signatures(moves: Iterable[Move]) -> list[Signature]:
    """Signatures that count: those since the last submission; a return or a recall voids what was given before."""
    found: list[Signature] = []
    for move in moves:
        if move.action == "submit" or move.action in UNDOING:
            found = []
        if move.action == "submit" or move.action in SIGNING:
            found.append(Signature(BUSINESS.get(move.action, REVIEW), move))
    return found


@dataclass(frozen=True)
class Entry:
    """One line of the revision sheet: what a version changed, on which ground, signed by whom."""

    version: DocumentVersion
    lines: list[str]
    grounds: list[Regulation]
    signatures: list[Signature]


def revision_sheet(versions: Sequence[DocumentVersion], moves: Sequence[Move]) -> list[Entry]:
    """The revision sheet of a document from its readable versions, oldest first; generated, never typed (domain §3.3).

    One query: the legal documents that caused the revisions.
    """
    by_stream: dict[UUID, list[Move]] = {}
    for move in moves:
        by_stream.setdefault(move.stream, []).append(move)
    grounds: dict[UUID, list[Regulation]] = {}
    causes = ImpactItem.objects.filter(revision__in=[version.pk for version in versions])
    for item in causes.select_related("regulation").order_by("regulation__number_key"):
        if item.revision_id is not None and item.regulation is not None:
            grounds.setdefault(item.revision_id, []).append(item.regulation)
    known = {version.pk: version for version in versions}
    entries = []
    for version in versions:
        base = known.get(version.predecessor_id) if version.predecessor_id else None
        lines = compared(version, base).lines if base else []
        signed = signatures(by_stream.get(version.pk, []))
        entries.append(Entry(version, lines, grounds.get(version.pk, []), signed))
    return entries
