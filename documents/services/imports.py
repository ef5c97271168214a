"""Legal documents, relations and procedures from JSON Lines (shape of ``data/``), through the door as the clock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from documents import content as contents
from documents.law_names import find_names
from documents.models import (
    Document,
    DocumentKind,
    DocumentVersion,
    Regulation,
    RegulationRelation,
    RelationKind,
    resolve,
)
from documents.models.citation import the_number
from documents.models.document import code_key
from documents.models.regulation import PARTIAL
from documents.number_keys import is_local
from documents.numbers import apart, find_numbers, issuer_key, number_key
from documents.provisions import read, stored
from documents.sections import BasisRow
from documents.services.relations import relation_mend, relation_write
from workflows import engine
from workflows.importing import BadRow, Outcome, Row, day, text, texts
from workflows.models import Unit

ALIVE = ("in_force", "in_force_partly_repealed")
"""What the source said of an act that had not ended."""
FACTS = ("number", "issuer", "kind", "title", "source_status", "issued_on", "effective_on", "expired_on")


def regulation_take(row: Row) -> Outcome:
    """Take one row of ``regulations.jsonl``, or of ``relations.jsonl`` (told by its keys)."""
    return _relation_take(row) if "relation" in row else _regulation_take(row)


def _regulation_take(row: Row) -> Outcome:
    number = text(row, "number", required=True, limit=120)
    facts = {
        "number": number,
        "issuer": text(row, "issuer", limit=1000),
        "kind": text(row, "type", limit=60),
        "title": text(row, "title"),
        "source_status": text(row, "status", limit=40),
        "issued_on": day(row, "issued"),
        "effective_on": day(row, "effective"),
        "expired_on": day(row, "expired"),
    }
    known = _known(number, str(facts["issuer"]))
    if known is None:
        engine.start(Regulation(), "import", by=None, facts=facts)
        return "added"
    _refuse_other(known, facts)
    fresh = {name: value for name, value in facts.items() if value and not getattr(known, name)}
    if facts["source_status"] == "expired" and known.source_status in ALIVE:
        fresh["source_status"] = "expired"  # its end came after the row was taken first
    if not fresh:
        return "same" if all(getattr(known, name) == value for name, value in facts.items() if value) else "kept"
    held = {name: getattr(known, name) for name in FACTS}
    engine.fire(known, "correct", by=None, facts=held | fresh)
    return "changed"


def _refuse_other(known: Regulation, facts: Mapping[str, Any]) -> None:
    """Raise ``BadRow`` for a row of other days: the product's are wrong, or a body gave one number twice."""
    for name in ("issued_on", "effective_on"):
        held, said = getattr(known, name), facts[name]
        if held and said and held != said:
            raise BadRow(f"{known.number}: {name} is {held}, the row says {said}; another document, or a correction?")


def _known(number: str, issuer: str) -> Regulation | None:
    """The act of a number and issuer. One side may not name the issuer, if only one act has the number."""
    same = list(Regulation.objects.filter(number_key=number_key(number)))
    key = issuer_key(number, issuer)[:200]
    for act in same:
        if act.issuer_key == key:
            return act
    if not issuer and len(same) > 1:
        raise BadRow(f"{number}: shared by several issuers, name the issuer")
    return same[0] if len(same) == 1 and not (issuer and same[0].issuer) else None


def _relation_take(row: Row) -> Outcome:
    kind = text(row, "relation", required=True)
    if kind not in RelationKind.values:
        raise BadRow(f"relation: unknown kind {kind!r}")
    parts = _provisions(row, kind)
    since = day(row, "effective")
    source = _one(text(row, "source", required=True, limit=120), text(row, "source_issuer"))
    target = _one(text(row, "target", required=True, limit=120), text(row, "target_issuer"))
    if source == target:
        raise BadRow("relation: a document cannot act on itself")
    relation = RegulationRelation(source=source, kind=kind, target=target, effective_on=since, provisions=parts)
    rows = list(RegulationRelation.objects.filter(source=source, kind=kind, target=target).select_related())
    held = next((one for one in rows if one.provisions == parts), None)
    if held is None and rows and not (parts and all(one.provisions for one in rows)):
        return "kept"  # of the whole and of a part at once: which is meant, nobody can tell
    if held is None:
        relation_write(relation, by=None)
        return "added"
    if since in (None, held.effective_on):
        return "same" if since == held.effective_on else "kept"
    relation_mend(held, since, by=None)
    return "changed"


def _provisions(row: Row, kind: str) -> str:
    """Articles of the target that a relation names, as a column holds them."""
    try:
        parts = read(row.get("provisions"))
    except ValueError as error:
        raise BadRow(f"provisions: {error} is no article, clause or point") from error
    if parts and kind not in PARTIAL:
        raise BadRow(f"provisions: {kind} acts on the whole document")
    return stored(parts)


def _one(number: str, issuer: str) -> Regulation:
    """The act of a number. One that the register lacks is entered as what something names, every date unknown."""
    found = list(Regulation.objects.by_number(number, issuer)[:2])
    if len(found) > 1:
        raise BadRow(f"{number}: shared by several issuers, name the issuer")
    if found:
        return found[0]
    named = resolve([BasisRow(key="", number=number, issuer=issuer, note="")])
    if named:
        return named[""]
    if not find_numbers(number):
        raise BadRow(f"{number}: not in the register, and no number that could be entered")
    return engine.start(Regulation(), "import", by=None, facts={"number": number, "issuer": issuer})


class ProcedureTaker:
    """Takes rows of ``procedures.jsonl`` into one agency; the unit is the one that handles the row's field."""

    def __init__(self, agency: Unit, unit: Unit | None = None) -> None:
        self.agency = agency
        self.only = unit
        units = Unit.objects.filter(agency=agency).exclude(pk=agency.pk).order_by("path")
        self.by_field = {name: one for one in units for name in one.fields}
        self.default = unit or units.first() or agency

    def __call__(self, row: Row) -> Outcome:
        """Take one row: the document and its version in force. What the product already holds is never overwritten."""
        code = text(row, "code", required=True, limit=60)
        title = text(row, "title", required=True)
        content = _content(row)
        known = Document.objects.filter(agency=self.agency, code_key=code_key(code)).first()
        if known is not None:
            first = known.versions.order_by("issue_no", "revision_no").first()
            same = first is not None and first.content_sha256 == contents.digest(content) and known.title == title
            return "same" if same else "kept"
        field = text(row, "field", limit=120)
        unit = self.only or self.by_field.get(field, self.default)
        document = Document.objects.create(
            agency=self.agency,
            unit=unit,
            kind=DocumentKind.TTHC_PROC,
            code=code,
            title=title,
            field=field,
            levels=texts(row, "level"),
        )
        self._adopt(document, row, content)
        return "added"

    def _adopt(self, document: Document, row: Row, content: contents.Content) -> None:
        known = resolve(content["legal_basis"])
        for basis in content["legal_basis"]:
            number = the_number(basis["number"])
            shared = basis["key"] in known or Regulation.objects.by_number(number).exists()
            if is_local(number):
                continue  # every province may have it: the citation waits for the act of the one that is meant
            if not shared and (find_numbers(number) or not find_names(number)):
                # Known only because something cites it: every date stays unknown. A law called by its name alone is
                # no act of its own: it waits until the register has the law.
                engine.start(Regulation(), "import", by=None, facts={"number": number[:120]})
        version = DocumentVersion(
            document=document, agency=self.agency, unit=document.unit, content={}, predecessor=None
        )
        engine.start(
            version,
            "adopt",
            by=None,
            content=content,
            effective_from=day(row, "effective_from"),
            decision_no=text(row, "decision", limit=300),
        )


def _content(row: Row) -> contents.Content:
    """The row's structured content; a row without one gets what its facts say and nothing more."""
    given = row.get("content")
    raw: Mapping[str, Any] = given if isinstance(given, dict) else _facts_only(row)
    try:
        return _one_number_a_row(contents.clean(raw))
    except contents.ContentError as error:
        raise BadRow("; ".join(f"{path}: {sentence}" for path, sentence in error.problems.items())) from error


def _one_number_a_row(content: contents.Content) -> contents.Content:
    """The content with each cell of the legal basis that names several documents cut into a row for each, in order."""
    basis = content["legal_basis"]
    rows = [
        {**row, "number": number, "key": "" if place else row["key"]}
        for row in basis
        for place, number in enumerate(apart(row["number"]))
    ]
    return content if len(rows) == len(basis) else contents.clean({**content, "legal_basis": rows})


def _facts_only(row: Row) -> dict[str, Any]:
    days = row.get("days")
    number = isinstance(days, (int, float)) and not isinstance(days, bool)
    if days is not None and not (number and 0 <= days <= contents.DAYS_LIMIT):
        raise BadRow(f"days: {days!r} is no number of days")
    amount = f"{days:g}" if days is not None else None
    steps = texts(row, "steps")
    return {
        **contents.empty(),
        "time_limit": {"text": "", "days": amount},
        "steps": [
            {"key": f"s{place}", "name": step, "responsible": "", "time": "", "form": ""}
            for place, step in enumerate(steps, start=1)
        ],
        "legal_basis": [
            {"key": f"b{place}", "number": number, "issuer": "", "note": ""}
            for place, number in enumerate(dict.fromkeys(texts(row, "legal_basis")), start=1)
        ],
    }
