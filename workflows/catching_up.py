"""What the clock owes the search: texts of records that no save told of, and of files that deeds have taken."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Exists, OuterRef, QuerySet

from workflows import sources
from workflows.errors import WorkflowError
from workflows.models import Heading, Passage
from workflows.ticking import Complaint

AT_ONCE = 500
"""Records of one source that one run looks at."""
SECONDS = 30.0
"""After which a run leaves the rest to the next."""
TABLES = {"heading": Heading._meta.db_table, "passage": Passage._meta.db_table}


def catch_up(now: datetime) -> tuple[Counter[str], list[Complaint]]:
    """Write down what records say that have no title yet; a sweep of ``tick``, safe to run twice."""
    del now
    done: Counter[str] = Counter()
    complaints: list[Complaint] = []
    until = monotonic() + SECONDS
    for source in sources.sources():
        for record in untold(source)[:AT_ONCE]:
            if monotonic() > until:
                break
            try:
                with transaction.atomic():
                    done[f"searched.{source.name}"] += bool(sources.index(source, record, fresh=True))
            except WorkflowError as error:
                complaints.append(Complaint(f"{source.name} {record.pk}", str(error.sentence)))
    return +done, complaints


def untold(source: sources.Source) -> QuerySet[Any]:
    """Records of a source that say something and of whom nothing is written down."""
    told = Heading.objects.filter(source=source.name, owner=OuterRef("pk"))
    return source.holders().filter(~Exists(told)).order_by("pk")


def statements(connection: BaseDatabaseWrapper) -> list[str]:
    """Indexes of three letters over the forms, on PostgreSQL where the extension is there and may be made."""
    if connection.vendor != "postgresql" or not set(TABLES.values()).issubset(connection.introspection.table_names()):
        return []
    made = "".join(
        f"CREATE INDEX IF NOT EXISTS {name}_{form} ON {table} USING gin ({form} gin_trgm_ops); "
        for name, table in TABLES.items()
        for form in ("folded", "marked")
    )
    # Texts are read whole by every comparison: unpacking them would take longer than comparing.
    unpacked = [f"ALTER TABLE {table} SET (toast_tuple_target = 8160)" for table in TABLES.values()]
    return [
        *unpacked,
        f"""DO $$ BEGIN
            CREATE EXTENSION IF NOT EXISTS pg_trgm;
            {made}
        EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
            RAISE WARNING 'pg_trgm is not there: the search works, slowly';
        END $$""",
    ]
