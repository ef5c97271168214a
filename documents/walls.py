"""Walls of this app in the database: frozen content, frozen citations, and one version in force at any instant."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.backends.base.base import BaseDatabaseWrapper

from documents.machines.version import WAS_IN_FORCE
from documents.models import MergeBase, RepublicationCause, ScopeRow
from workflows.protections import Wall, append_only

VERSION, CITATION, SUNSET = "documents_documentversion", "documents_citation", "documents_sunsetclause"
EVENT = "documents_event"
MODEL_VERSION, MODEL_ITEM = "documents_modelversion", "documents_modelitem"
RELATION = "documents_regulationrelation"
COUNTED = ", ".join(f"'{state}'" for state in WAS_IN_FORCE)
FROZEN_COLUMNS = ("content", "content_sha256", "document_id", "issue_no", "revision_no")
CITED_COLUMNS = ("id", "version_id", "place", "position", "mention", "row_key", "number", "provisions")
ISSUED_COLUMNS = ("effective_from", "decision_no", "decision_on", "issued_at")
ENDED_COLUMNS = ("effective_to", "ended_at")


def walls() -> list[Wall]:
    """All walls of this app; the overlap of validity is an exclusion constraint on PostgreSQL."""
    return [
        *_frozen(),
        *_derived(CITATION, "citations", but=_linked_late()),
        *_derived(SUNSET, "clauses"),
        *_derived(MODEL_ITEM, "items", of=MODEL_VERSION),
        _decided_once(),
        *_events(),
        *_written_once(),
        *_no_overlap(),
    ]


def _changed(columns: Iterable[str]) -> str:
    return "(" + " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in columns) + ")"


def _frozen() -> list[Wall]:
    issued = f"OLD.state IN ('issued', {COUNTED})"
    ended = "OLD.state IN ('superseded', 'withdrawn') AND " + _changed(ENDED_COLUMNS)
    return [
        Wall(
            VERSION,
            "content_frozen",
            f"UPDATE OF {', '.join(FROZEN_COLUMNS)}",
            "the content of a submitted version is frozen",
            when=f"OLD.state <> 'draft' AND {_changed(FROZEN_COLUMNS)}",
        ),
        Wall(
            VERSION,
            "issue_frozen",
            f"UPDATE OF {', '.join(ISSUED_COLUMNS)}",
            "number and date of an issued version are frozen",
            when=f"{issued} AND {_changed(ISSUED_COLUMNS)}",
        ),
        Wall(
            VERSION,
            "end_frozen",
            f"UPDATE OF {', '.join(ENDED_COLUMNS)}",
            "the end of a version is frozen",
            when=ended,
        ),
        Wall(
            RELATION,
            "recorded",
            "UPDATE OF recorded_at",
            "when a relation became known is frozen",
            when=_changed(["recorded_at"]),
        ),
    ]


def _decided_once() -> Wall:
    """By which decision a version of a model holds from when on."""
    columns = ("model_id", "number", "items_sha256", "decision_no", "decision_on", "effective_from")
    return Wall(
        MODEL_VERSION,
        "decision_frozen",
        f"UPDATE OF {', '.join(columns)}",
        "a published version of a model is frozen",
        when=f"OLD.state IN ('published', 'superseded') AND {_changed(columns)}",
    )


def _linked_late() -> str:
    """A citation made before the register had the act is given the act, and nothing else of it changes."""
    return f"OLD.regulation_id IS NULL AND NEW.regulation_id IS NOT NULL AND NOT {_changed(CITED_COLUMNS)}"


def _derived(table: str, what: str, *, of: str = VERSION, but: str = "") -> list[Wall]:
    """Rows of a version's content are frozen with it; ``but``: the one change that is none of the content's."""
    text = f"the {what} of a submitted version are frozen"

    def frozen(row: str) -> str:
        return f"EXISTS (SELECT 1 FROM {of} v WHERE v.id = {row}.version_id AND v.state <> 'draft')"

    changed = f"{frozen('OLD')} OR {frozen('NEW')}"
    return [
        Wall(table, "frozen_insert", "INSERT", text, when=frozen("NEW"), subquery=True),
        Wall(
            table,
            "frozen_update",
            "UPDATE",
            text,
            when=f"({changed}){f' AND NOT ({but})' if but else ''}",
            subquery=True,
        ),
        Wall(table, "frozen_delete", "DELETE", text, when=frozen("OLD"), subquery=True),
    ]


def _events() -> list[Wall]:
    text = "the facts of an event are frozen"
    return [Wall(EVENT, f"facts_{event.lower()}", event, text) for event in ("UPDATE", "DELETE")]


def _written_once() -> list[Wall]:
    """The frozen lists of publications and why they were made anew; what documents were merged from."""
    return [wall for model in (ScopeRow, RepublicationCause, MergeBase) for wall in append_only(model)]


def _no_overlap() -> list[Wall]:
    low, high = "'0001-01-01'", "'9999-12-31'"
    when = (
        f"NEW.state IN ({COUNTED}) AND EXISTS (SELECT 1 FROM {VERSION} o WHERE o.document_id = NEW.document_id"
        f" AND o.id <> NEW.id AND o.state IN ({COUNTED})"
        f" AND MAX(COALESCE(o.effective_from, {low}), COALESCE(NEW.effective_from, {low}))"
        f" < MIN(COALESCE(o.effective_to, {high}), COALESCE(NEW.effective_to, {high})))"
    )
    text = "two versions of a document would be in force at once"
    return [
        Wall(VERSION, f"overlap_{event}", event.upper(), text, when=when, subquery=True, only="sqlite")
        for event in ("insert", "update")
    ]


def statements(connection: BaseDatabaseWrapper) -> list[str]:
    """The exclusion constraint, on PostgreSQL: half-open validity intervals of a document never overlap."""
    if connection.vendor != "postgresql":
        return []
    if VERSION not in connection.introspection.table_names():
        return []
    return [
        "CREATE EXTENSION IF NOT EXISTS btree_gist",
        f"""DO $$ BEGIN
            IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'version_validity_overlap') THEN
                ALTER TABLE {VERSION} ADD CONSTRAINT version_validity_overlap
                EXCLUDE USING gist (document_id WITH =, daterange(effective_from, effective_to) WITH &&)
                WHERE (state IN ({COUNTED}));
            END IF;
        END $$""",
    ]
