"""What stands on a day, said in SQL."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Func
from django.db.models.sql.compiler import SQLCompiler

from documents.machines.version import WAS_IN_FORCE

BEGINNING = date(1, 1, 1)
COUNTED = ("issued", *WAS_IN_FORCE)
"""States of versions that are or were to be in force."""


class InForce(Func):
    """Whether a version is the one in force of its document on a day, by dates: right even when the clock is late.

    An issued version is in force from its date whether or not ``tick`` has run; an unknown start precedes all.
    ``known``: only what was recorded before this instant counts; None: all that is recorded. Written out, because every
    list asks it and Django takes a third of a list's time to put the same together from its parts.
    """

    output_field = BooleanField()

    def __init__(self, on: date, known: datetime | None = None) -> None:
        super().__init__("document_id", "state", "effective_from", "effective_to", "issued_at", "ended_at")
        self.on, self.known = on, known

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *_given: Any, **_more: Any) -> Any:
        """The condition, of whichever alias the version has in the query."""
        document, state, begins, ends, issued, ended = (
            compiler.compile(column)[0] for column in self.get_source_expressions()
        )
        # Only what was issued has a day: the later one's states are named for the sake of its index.
        counted = ", ".join(f"'{one}'" for one in COUNTED)
        told, told_later, told_end, known = "", "", "", []
        if self.known is not None:
            told, told_later, told_end = f" AND {issued} < %s", " AND later.issued_at < %s", f" OR {ended} >= %s"
            known = [connection.ops.adapt_datetimefield_value(self.known)]
        on, beginning = (connection.ops.adapt_datefield_value(day) for day in (self.on, BEGINNING))
        sql = (
            f"({state} IN ({counted}) AND ({begins} IS NULL OR {begins} <= %s)"
            f" AND ({ends} IS NULL OR {ends} > %s{told_end}){told} AND NOT EXISTS ("
            f"SELECT 1 FROM documents_documentversion later WHERE later.document_id = {document}"
            f" AND later.state IN ({counted}) AND later.effective_from <= %s"
            f" AND later.effective_from > COALESCE({begins}, %s){told_later}))"
        )
        return sql, [on, on, *known, *known, on, beginning, *known]
