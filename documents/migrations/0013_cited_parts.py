"""Versions that are there already: what their steps cite, and which articles; standards get their present key."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import Q

from documents.models.citation import citation_rows
from documents.numbers import issuer_key, is_standard, number_key

FROZEN = ("frozen_insert", "frozen_update")
"""Walls that stand before citations of submitted versions; laid again after every ``migrate``."""


def fill(apps: Any, schema_editor: Any) -> None:
    """Read the content of every version anew. What its legal basis cites stays as it was resolved."""
    connection = schema_editor.connection
    acts = apps.get_model("documents", "Regulation").objects.using(connection.alias)
    for act in acts.filter(Q(number__icontains="TCVN") | Q(number__icontains="QCVN") | Q(number__icontains="ISO")):
        keys = {"number_key": number_key(act.number), "issuer_key": issuer_key(act.number, act.issuer)}
        if is_standard(act.number) and not acts.filter(**keys).exists():
            acts.filter(pk=act.pk).update(**keys)
    versions = apps.get_model("documents", "DocumentVersion").objects.using(connection.alias)
    if versions.exists():
        for wall in FROZEN:
            table = " ON documents_citation" if connection.vendor == "postgresql" else ""
            schema_editor.execute(f"DROP TRIGGER IF EXISTS documents_citation_{wall}{table}")
        citations = apps.get_model("documents", "Citation").objects.using(connection.alias)
        for version in versions.only("content").iterator(chunk_size=500):
            read_again(version, acts, citations)


def read_again(version: Any, acts: Any, citations: Any) -> None:
    """Add what one version's steps cite, and the articles that its legal basis names."""
    rows = citation_rows(version.content, acts) if version.content else []
    for row in rows:
        if row["place"] == "basis" and row["provisions"]:
            mine = citations.filter(version=version.pk, place="basis", position=row["position"])
            mine.update(provisions=row["provisions"])
    steps = [row for row in rows if row["place"] == "step"]
    citations.bulk_create(citations.model(version_id=version.pk, **row) for row in steps)


class Migration(migrations.Migration):

    dependencies = [("documents", "0012_provisions")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
