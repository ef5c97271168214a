"""Legal documents, relations and procedures from JSON Lines (shape of ``data/``), through the door as the clock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from documents import content as contents
from documents.models import Document, DocumentKind, DocumentVersion, Regulation, RegulationRelation, RelationKind
from documents.models.document import code_key
from documents.numbers import issuer_key, number_key
from workflows import engine
from workflows.importing import BadRow, Outcome, Row, day, text, texts
from workflows.models import Unit

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
    fresh = {name: value for name, value in facts.items() if value and not getattr(known, name)}
    if not fresh:
        return "same" if all(getattr(known, name) == value for name, value in facts.items() if value) else "kept"
    held = {name: getattr(known, name) for name in FACTS}
    engine.fire(known, "correct", by=None, facts=held | fresh)
    return "changed"


def _known(number: str, issuer: str) -> Regulation | None:
    key = issuer_key(number, issuer)[:200]
    return Regulation.objects.filter(number_key=number_key(number), issuer_key=key).first()


def _relation_take(row: Row) -> Outcome:
    kind = text(row, "relation", required=True)
    if kind not in RelationKind.values:
        raise BadRow(f"relation: unknown kind {kind!r}")
    source = _one(text(row, "source", required=True), text(row, "source_issuer"))
    target = _one(text(row, "target", required=True), text(row, "target_issuer"))
    if source == target:
        raise BadRow("relation: a document cannot act on itself")
    _relation, fresh = RegulationRelation.objects.get_or_create(
        source=source, kind=kind, target=target, defaults={"effective_on": day(row, "effective")}
    )
    return "added" if fresh else "same"


def _one(number: str, issuer: str) -> Regulation:
    found = list(Regulation.objects.by_number(number, issuer)[:2])
    if not found:
        raise BadRow(f"{number}: not in the register")
    if len(found) > 1:
        raise BadRow(f"{number}: shared by several issuers, name the issuer")
    return found[0]


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
        for basis in content["legal_basis"]:
            if not Regulation.objects.by_number(basis["number"]).exists():
                # Known only because something cites it: every date stays unknown.
                engine.start(Regulation(), "import", by=None, facts={"number": basis["number"][:120]})
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
        return contents.clean(raw)
    except contents.ContentError as error:
        raise BadRow("; ".join(f"{path}: {sentence}" for path, sentence in error.problems.items())) from error


def _facts_only(row: Row) -> dict[str, Any]:
    days = row.get("days")
    if days is not None and (isinstance(days, bool) or not isinstance(days, (int, float)) or days < 0):
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
