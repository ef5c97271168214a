"""What documents in force, legal documents, CARs and findings say, written down for the search.

Here for all of them, because this app comes after the others. Files are read by the clock.
"""

from typing import Any

from django.db import migrations

from capa.services.searching import Cars, Findings
from documents.services.searching import InForce, Law
from workflows.catching_up import write_all


def write(apps: Any, _editor: Any) -> None:
    passage = apps.get_model("workflows", "Passage")
    versions = apps.get_model("documents", "DocumentVersion").objects.filter(issued_at__isnull=False)
    write_all(InForce(), versions.select_related("document").iterator(chunk_size=200), passage)
    for source, app, name in ((Law(), "documents", "Regulation"), (Cars(), "capa", "Car"), (Findings(), "capa", "Finding")):
        write_all(source, apps.get_model(app, name).objects.iterator(chunk_size=200), passage)


class Migration(migrations.Migration):
    dependencies = [("capa", "0002_search"), ("documents", "0004_recorded"), ("workflows", "0005_passage_agency")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
