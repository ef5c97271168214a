"""Two official papers as PDF: the corrective action form (Phiếu CAR) and the internal audit report.

Pure: what stands on a paper comes in as words and dates, already judged and translated, and goes out as bytes. The
same data give the same bytes: no clock is read. Labels and layout are in ``papers/*.typ`` (Decree 30/2020, Annex I),
for these papers are in Vietnamese whoever prints them.

Typst gets the data as one JSON text, so nothing that a person wrote is ever read as typst's own language. It sees no
font but ours, no file but the papers, and no network.

Forms seen: an agency's CAR forms joined, and the contents of an audit report (domain §5.1, §5.2).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

PAPERS = Path(__file__).parent / "papers"
FONTS = Path(__file__).parent / "fonts"


class PaperError(ValueError):
    """A paper that cannot be set; of what our own services make, only a drawing that is no SVG does this."""


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """The agency above a paper, and the form the paper is made on."""

    agency: str
    superior: str = ""
    """The body above the agency; the line is left out if there is none."""
    place: str = ""
    form_code: str = ""
    printed_on: date | None = None
    """Day of printing, told at the foot and inside the file; without it the file has no time."""


@dataclass(frozen=True, kw_only=True)
class Signature:
    """One deed of the paper's history. ``at`` is local time."""

    who: str
    role: str = ""
    decision: str = ""
    """The decision that gave the role, such as ``04/QĐ-BCĐISO ngày 01/06/2022``."""
    at: datetime | None = None
    deed: str = ""


@dataclass(frozen=True, kw_only=True)
class Description:
    """Part 1: what does not conform."""

    requirement: str = ""
    statement: str = ""
    evidence: str = ""
    raised_by: str = ""
    raised_on: date | None = None
    accepted_by: str = ""
    accepted_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Correction:
    """A row of part 2: what was put right at once."""

    action: str
    by: str = ""
    due: date | None = None
    done: date | None = None


@dataclass(frozen=True, kw_only=True)
class Why:
    """A row of the tree of whys; ``number`` such as ``1.2.1`` gives its depth."""

    number: str
    answer: str
    evidence: str = ""
    root: bool = False


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Part 3: why it came about. ``drawing`` is the text of an SVG, such as a fishbone."""

    method: str = ""
    whys: tuple[Why, ...] = ()
    drawing: str = ""
    category: str = ""
    root: str = ""
    similar: str = ""
    extent: str = ""
    verified_how: str = ""
    analysed_by: str = ""
    analysed_on: date | None = None
    verified_by: str = ""
    verified_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Action:
    """A row of part 4 (what is planned) and of part 5 under the same number (what was done)."""

    what: str
    who: str = ""
    due: date | None = None
    resources: str = ""
    done: date | None = None
    evidence: str = ""
    extensions: str = ""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Parts 4 and 5: actions, and what goes with them."""

    actions: tuple[Action, ...] = ()
    documents: str = ""
    risk: str = ""
    measure: str = ""
    proposed_by: str = ""
    proposed_on: date | None = None
    approved_by: str = ""
    approved_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Verification:
    """Part 6: whether it helped; ``result`` in words."""

    method: str = ""
    evidence: str = ""
    result: str = ""
    verifier: str = ""
    checked_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Closure:
    """Part 7: closed, or carried on in a new form."""

    closed_by: str = ""
    closed_on: date | None = None
    carried_on_until: date | None = None
    new_number: str = ""


@dataclass(frozen=True, kw_only=True)
class CarForm:
    """Phiếu yêu cầu hành động khắc phục; whatever is empty prints as a dotted line."""

    head: Letterhead
    number: str = ""
    dated: date | None = None
    source: str = ""
    reference: str = ""
    finding_class: str = ""
    unit: str = ""
    clause: str = ""
    document: str = ""
    attachments: str = ""
    description: Description = field(default_factory=Description)
    corrections: tuple[Correction, ...] = ()
    cause: Cause = field(default_factory=Cause)
    plan: Plan = field(default_factory=Plan)
    verification: Verification = field(default_factory=Verification)
    closure: Closure = field(default_factory=Closure)
    signatures: tuple[Signature, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Member:
    """One of the audit team, and the units that this person audited."""

    name: str
    duty: str = ""
    unit: str = ""
    audits: str = ""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A row of the report. ``finding_class`` is the class in words, as in ``AuditReport.classes``."""

    finding_class: str
    unit: str = ""
    clause: str = ""
    document: str = ""
    statement: str = ""
    evidence: str = ""


@dataclass(frozen=True, kw_only=True)
class Signer:
    """Who signs the report; ``capacity`` such as ``KT. TRƯỞNG BAN`` and, on the next line, the office held."""

    capacity: str = ""
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class AuditReport:
    """Báo cáo đánh giá nội bộ. Figures are counted from ``findings``, so the paper cannot contradict itself."""

    head: Letterhead
    number: str = ""
    dated: date | None = None
    subject: str = ""
    starts: date | None = None
    ends: date | None = None
    scope: str = ""
    criteria: tuple[str, ...] = ()
    team: tuple[Member, ...] = ()
    units: tuple[str, ...] = ()
    """Units audited; each has a row in the count, even of zeros."""
    classes: tuple[str, ...] = ()
    """Classes of findings, gravest first; each has a column in the counts, even of zeros."""
    strengths: str = ""
    findings: tuple[Finding, ...] = ()
    conformity: str = ""
    effectiveness: str = ""
    recommendations: str = ""
    signers: tuple[Signer, ...] = ()
    distribution: tuple[str, ...] = ()
    history: tuple[Signature, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Work:
    """A row of the conclusions: what is to be done, by whom, until when."""

    kind: str
    what: str
    who: str = ""
    due: date | None = None
    resources: str = ""


@dataclass(frozen=True, kw_only=True)
class Conclusions:
    """Thông báo kết luận: what a management review concluded, and the work that follows from it."""

    head: Letterhead
    number: str = ""
    dated: date | None = None
    subject: str = ""
    held: date | None = None
    attendance: str = ""
    conclusions: str = ""
    works: tuple[Work, ...] = ()
    signers: tuple[Signer, ...] = ()
    distribution: tuple[str, ...] = ()
    history: tuple[Signature, ...] = ()


def conclusions_pdf(notice: Conclusions) -> bytes:
    """Set the notice as PDF."""
    return _pdf("conclusions.typ", asdict(notice))


def car_form_pdf(form: CarForm) -> bytes:
    """Set the form as PDF; raise ``PaperError`` if its drawing is no SVG."""
    return _pdf("car.typ", asdict(form))


def audit_report_pdf(report: AuditReport) -> bytes:
    """Set the report as PDF, with findings by class and their counts by unit and by clause."""
    classes = _in_order(report.classes, (finding.finding_class for finding in report.findings))
    units = _in_order(report.units, (finding.unit for finding in report.findings))
    clauses = sorted({finding.clause for finding in report.findings}, key=_clause_order)
    counted = {
        "groups": _groups(report.findings, classes),
        "by_unit": _tally(classes, units, Counter((it.unit, it.finding_class) for it in report.findings)),
        "by_clause": _tally(classes, clauses, Counter((it.clause, it.finding_class) for it in report.findings)),
    }
    return _pdf("audit.typ", asdict(report) | counted)


def _in_order(known: Iterable[str], found: Iterable[str]) -> list[str]:
    """The known ones, then those found besides, each once."""
    return list(dict.fromkeys((*known, *found)))


def _clause_order(clause: str) -> list[tuple[int, str]]:
    """Sort 8.5.2 before 8.5.10, and what is not numbered after what is."""
    return [(int(digits or -1), letters) for digits, letters in re.findall(r"([0-9]{1,9})|([^0-9.]+)", clause)]


def _groups(findings: Iterable[Finding], classes: Iterable[str]) -> list[dict[str, Any]]:
    """Findings under their classes, gravest first, numbered through."""
    rows = [asdict(finding) for name in classes for finding in findings if finding.finding_class == name]
    numbered = [row | {"number": number} for number, row in enumerate(rows, 1)]
    by_class = {name: [row for row in numbered if row["finding_class"] == name] for name in classes}
    return [{"finding_class": name, "rows": rows} for name, rows in by_class.items() if rows]


def _tally(classes: list[str], labels: list[str], counts: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    """A row of figures for each label and one of totals; the last figure of each row is its sum."""
    lines = [[counts.get((label, name), 0) for name in classes] for label in labels]
    sums = [sum(column) for column in zip(*lines, strict=True)] if lines else [0] * len(classes)
    return {
        "classes": classes,
        "rows": [{"label": label, "counts": [*line, sum(line)]} for label, line in zip(labels, lines, strict=True)],
        "totals": [*sums, sum(sums)],
    }


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def _iso(value: date) -> str:
    return value.isoformat()  # not date.isoformat: a moment keeps its hour


def _pdf(paper: str, data: Mapping[str, Any]) -> bytes:
    # Half characters, which no encoding takes, become question marks: what is kept has none, but nothing fails here.
    text = json.dumps(data, ensure_ascii=False, default=_iso).encode(errors="replace").decode()
    try:
        return typst.compile(PAPERS / paper, root=PAPERS, font_paths=_fonts(), sys_inputs={"data": text}, format="pdf")
    except typst.TypstError as error:
        raise PaperError(str(error)) from error
