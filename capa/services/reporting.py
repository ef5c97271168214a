"""A round's report: figures by class, unit and clause, and the printed paper made of the same findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from capa import printing
from capa.clauses import CLAUSES, clause_label, main_clause
from capa.machines.audit import RESULTS
from capa.models import Finding, Round
from workflows.models import Move

REPORTED = ("report_draft", "report_signed", "follow_up", "closed")
"""Stages in which there is a report."""
CLASSES = ("major", "minor", "observation", "opportunity", "conform", "na")
"""Gravest first."""
DETAILED = CLASSES[:4]
"""Classes whose findings are told one by one."""

_LABELS = dict(RESULTS)


@dataclass(frozen=True)
class Tally:
    """Figures with their sums: each line a label and one number per class, the last the line's own sum."""

    classes: tuple[str, ...]
    lines: tuple[tuple[str, tuple[int, ...]], ...]
    totals: tuple[int, ...]


def class_labels() -> tuple[str, ...]:
    """The classes in words, gravest first."""
    return tuple(str(_LABELS[code]) for code in CLASSES)


def counted(findings: Iterable[Finding]) -> list[Finding]:
    """Those that stand, gravest first, then by unit and clause."""
    standing = [one for one in findings if one.state != "withdrawn"]
    return sorted(standing, key=lambda one: (CLASSES.index(one.result), one.unit.path, _place(one.clause)))


def by_unit(findings: Sequence[Finding], units: Iterable[str]) -> Tally:
    """Class × unit; a unit without findings has its line of zeros."""
    return _tally([(str(one.unit), one.result) for one in findings], list(units))


def by_clause(findings: Sequence[Finding]) -> Tally:
    """Class × main clause, in the standard's order."""
    heads = sorted({main_clause(one.clause) or one.clause for one in findings}, key=_place)
    pairs = [(clause_label(main_clause(one.clause) or one.clause), one.result) for one in findings]
    return _tally(pairs, [clause_label(head) for head in heads])


def _tally(pairs: list[tuple[str, str]], labels: list[str]) -> Tally:
    counts = Counter(pairs)
    lines = []
    for label in dict.fromkeys([*labels, *(label for label, _code in pairs)]):
        numbers = [counts[label, code] for code in CLASSES]
        lines.append((label, (*numbers, sum(numbers))))
    totals = tuple(sum(column) for column in zip(*(numbers for _label, numbers in lines), strict=True))
    return Tally(class_labels(), tuple(lines), totals or (0,) * (len(CLASSES) + 1))


def _place(clause: str) -> tuple[int, list[int]]:
    known = main_clause(clause) in CLAUSES
    return (0, [int(part) for part in clause.split(".")]) if known else (1, [])


def report_of(owner: Round, findings: Sequence[Finding], moves: Sequence[Move], day: date) -> printing.AuditReport:
    """The paper, in Vietnamese whoever prints it. ``owner`` comes with its visits, their units and people."""
    with translation.override("vi"):
        return _paper(owner, findings, moves, day)


def _paper(owner: Round, findings: Sequence[Finding], moves: Sequence[Move], day: date) -> printing.AuditReport:
    agency, visits = owner.agency, list(owner.visits.all())
    above = agency.parent
    return printing.AuditReport(
        head=printing.Letterhead(agency=str(agency), superior=str(above) if above else "", printed_on=day),
        dated=owner.signed_on,
        subject=owner.title,
        starts=owner.starts_on,
        ends=owner.ends_on,
        scope="; ".join(map(clause_label, owner.clauses)),
        criteria=tuple(line.strip() for line in owner.criteria.splitlines() if line.strip()),
        team=tuple(_members(owner)),
        units=tuple(str(visit.unit) for visit in visits),
        classes=class_labels(),
        strengths=owner.strengths,
        findings=tuple(_row(one) for one in findings),
        conformity=owner.conclusion,
        recommendations=owner.advice,
        signers=(printing.Signer(capacity="TRƯỞNG ĐOÀN ĐÁNH GIÁ", name=str(owner.lead) if owner.signed_on else ""),),
        distribution=(_("Ban chỉ đạo ISO"), *(str(visit.unit) for visit in visits)),
        history=tuple(_signature(move) for move in moves),
    )


def _members(owner: Round) -> Iterable[printing.Member]:
    audits: dict[int, list[str]] = {}
    people = {owner.lead.pk: owner.lead} if owner.lead else {}
    for visit in owner.visits.all():
        for one in (visit.lead, *visit.members.all()):
            if one is not None:
                people[one.pk] = one
                audits.setdefault(one.pk, []).append(str(visit.unit))
    for key, one in people.items():
        duty = _("Trưởng đoàn") if key == owner.lead_id else _("Đánh giá viên")
        yield printing.Member(name=str(one), duty=duty, unit=one.position, audits=", ".join(audits.get(key, ())))


def _row(one: Finding) -> printing.Finding:
    return printing.Finding(
        finding_class=one.result_label,
        unit=str(one.unit),
        clause=one.clause,
        document=one.document.code if one.document else "",
        statement=one.statement,
        evidence="; ".join(text for text in (one.sampled, one.evidence_text) if text),
    )


def _signature(move: Move) -> printing.Signature:
    return printing.Signature(
        who=str(move.actor) if move.actor else str(move.role_label),
        role=str(move.role_label) if move.actor else "",
        decision=move.ground,
        at=timezone.localtime(move.at).replace(tzinfo=None),
        deed=str(move.action_label),
    )
