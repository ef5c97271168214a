"""When things became known: versions issued and ended, relations recorded; filled from the ledger."""

from __future__ import annotations

from typing import Any

import django.utils.timezone
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps: Any, schema_editor: Any) -> None:
    """Take the instants from the ledger rows that say so."""
    using = schema_editor.connection.alias
    moves = apps.get_model("workflows", "Move").objects.using(using)
    versions = apps.get_model("documents", "DocumentVersion").objects.using(using)
    for column, actions in (("issued_at", ("issue", "adopt")), ("ended_at", ("supersede", "withdraw"))):
        rows = moves.filter(stream=OuterRef("pk"), machine="version", action__in=actions).order_by("seq")
        versions.update(**{column: Subquery(rows.values("at")[:1])})
    relations = apps.get_model("documents", "RegulationRelation").objects.using(using)
    for relation in relations.select_related("source", "target").iterator():
        # Whoever enters a relation by hand corrects its source with a note that names the target. An import leaves no
        # row; the relation was there at the earliest when both ends were.
        both = max(relation.source.created_at, relation.target.created_at)
        deeds = moves.filter(stream=relation.source_id, action="correct", at__gte=both)
        deed = deeds.filter(note__contains=f" {relation.target.number} ").order_by("seq").first()
        relations.filter(pk=relation.pk).update(recorded_at=deed.at if deed else both)


class Migration(migrations.Migration):

    dependencies = [
        ("documents", "0003_impact_strength"),
        ("workflows", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="documentversion", name="issued_at", field=models.DateTimeField(editable=False, null=True)
        ),
        migrations.AddField(
            model_name="documentversion", name="ended_at", field=models.DateTimeField(editable=False, null=True)
        ),
        migrations.AddField(
            model_name="regulationrelation",
            name="recorded_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddIndex(
            model_name="documentversion",
            index=models.Index(
                condition=models.Q(("state__in", ("issued", "effective", "superseded", "withdrawn"))),
                fields=["issued_at"],
                name="version_known",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
