"""Each campaign so far is about its act's taking effect; what versions say of an end becomes rows."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from documents.models.sunset import clauses


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Events of campaigns and of their items, and clauses of versions; safe to repeat."""
    using = schema_editor.connection.alias
    event, campaign = apps.get_model("documents", "Event"), apps.get_model("documents", "Campaign")
    item = apps.get_model("documents", "ImpactItem")
    for row in campaign.objects.using(using).filter(event=None):
        made, _fresh = event.objects.using(using).get_or_create(
            key=f"effective:{row.regulation_id}", defaults={"kind": "effective", "regulation_id": row.regulation_id}
        )
        campaign.objects.using(using).filter(pk=row.pk).update(event=made)
        item.objects.using(using).filter(campaign=row.pk).update(event=made)
    clause, version = apps.get_model("documents", "SunsetClause"), apps.get_model("documents", "DocumentVersion")
    known = set(clause.objects.using(using).values_list("version", flat=True))
    for pk, content in version.objects.using(using).values_list("pk", "content").iterator(chunk_size=500):
        if pk not in known:
            clause.objects.using(using).bulk_create(
                clause(version_id=pk, until=one.until, section=key, row=row, text=one.text)
                for (key, row), one in clauses(content)
            )


class Migration(migrations.Migration):
    dependencies = [("documents", "0007_event")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
