"""Once wrote down for the search what records say; the clock writes what is missing (``workflows.catching_up``)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("capa", "0002_search"), ("documents", "0004_recorded"), ("workflows", "0005_passage_agency")]

    operations = []
