"""The migration that fills when things became known, from a ledger that was there before the columns."""

from __future__ import annotations

import importlib
from datetime import timedelta
from types import SimpleNamespace

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import QuerySet
from django.utils import timezone

from documents.models import DocumentVersion, RegulationRelation
from documents.services.relations import relation_add
from tests.documents import lives
from tests.documents.lives import START, at
from tests.people import World
from workflows import protections

TABLES = ("documents_documentversion", "documents_regulationrelation")
COLUMNS = ("pk", "issued_at", "ended_at")


def put_walls_aside() -> None:
    """For this test's transaction alone: the columns were empty before there were walls around them."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            for wall in protections.walls("sqlite"):
                if wall.table in TABLES:
                    cursor.execute(f"DROP TRIGGER {wall.trigger}")


def test_it_takes_the_instants_from_the_ledger(world: World) -> None:
    old = lives.adopt(world, START, START)
    lives.renew(world, old.document, START + timedelta(days=3), START + timedelta(days=5))
    lives.withdraw(world, old, START + timedelta(days=4))
    law, heir, other = (lives.register(f"{at_}/2020/NĐ-CP", START + timedelta(days=at_)) for at_ in (1, 2, 3))
    day = START + timedelta(days=9)
    by_hand = relation_add(source=heir, kind="replaces", number=law.number, by=world.phuc, now=at(day))
    imported = RegulationRelation.objects.create(source=heir, kind="amends", target=other)
    known = set(DocumentVersion.objects.values_list(*COLUMNS))
    put_walls_aside()
    QuerySet.update(DocumentVersion.objects.all(), issued_at=None, ended_at=None)
    RegulationRelation.objects.update(recorded_at=timezone.now())
    fill = importlib.import_module("documents.migrations.0004_recorded").fill
    apps = MigrationLoader(None, replace_migrations=False).project_state(("documents", "0004_recorded")).apps
    fill(apps, SimpleNamespace(connection=connection))
    assert set(DocumentVersion.objects.values_list(*COLUMNS)) == known
    assert sum(issued is not None for _pk, issued, _ended in known) == 2
    recorded = dict(RegulationRelation.objects.values_list("pk", "recorded_at"))
    assert recorded == {by_hand.pk: at(day), imported.pk: at(START + timedelta(days=3))}
