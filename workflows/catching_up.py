"""What the clock owes the search: texts of records that no save told of, and of files that deeds have taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Exists, OuterRef, QuerySet

from workflows import searching
from workflows.errors import WorkflowError
from workflows.models import Passage
from workflows.ticking import Complaint

AT_ONCE = 500
"""Records of one source that one run looks at."""
SECONDS = 30.0
"""After which a run leaves the rest to the next."""
TABLE = Passage._meta.db_table


def catch_up(now: datetime) -> tuple[Counter[str], list[Complaint]]:
    """Write down what records say that have no passage yet; a sweep of ``tick``, safe to run twice."""
    del now
    done: Counter[str] = Counter()
    complaints: list[Complaint] = []
    until = monotonic() + SECONDS
    for source in searching.sources():
        for record in untold(source)[:AT_ONCE]:
            if monotonic() > until:
                break
            try:
                with transaction.atomic():
                    done[f"searched.{source.name}"] += bool(searching.index(source, record, fresh=True))
            except WorkflowError as error:
                complaints.append(Complaint(f"{source.name} {record.pk}", str(error.sentence)))
    return +done, complaints


def untold(source: searching.Source) -> QuerySet[Any]:
    """Records of a source that say something and have no passage."""
    told = Passage.objects.filter(source=source.name, owner=OuterRef("pk"))
    return source.holders().filter(~Exists(told)).order_by("pk")


def statements(connection: BaseDatabaseWrapper) -> list[str]:
    """Indexes of three letters over the forms, on PostgreSQL where the extension is there and may be made."""
    if connection.vendor != "postgresql" or TABLE not in connection.introspection.table_names():
        return []
    made = "".join(
        f"CREATE INDEX IF NOT EXISTS passage_{form} ON {TABLE} USING gin ({form} gin_trgm_ops); "
        for form in ("folded", "marked")
    )
    # Passages are read whole by every comparison: unpacking them would take longer than comparing.
    unpacked = f"ALTER TABLE {TABLE} SET (toast_tuple_target = 8160)"
    return [
        unpacked,
        f"""DO $$ BEGIN
            CREATE EXTENSION IF NOT EXISTS pg_trgm;
            {made}
        EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
            RAISE WARNING 'pg_trgm is not there: the search works, slowly';
        END $$""",
    ]


def write_all(source: searching.Source, rows: Iterable[Any], model: Any) -> None:
    """Write down what these records say, for a migration: rows and model are of its own state of the tables."""
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    for record in rows:
        texts = source.texts(record)
        found = searching.passages(source.name, record, texts) if texts else []
        made = [model(**{name: getattr(one, name) for name in names}) for one in found]
        model.objects.bulk_create(made, ignore_conflicts=True)
