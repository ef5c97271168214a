"""Who sees a snapshot or a reported total is asked of its node, not of the path on which the node once stood."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("capa", "0001_squashed_0011_year_report")]

    operations = [
        migrations.RemoveIndex(model_name="reportedtotal", name="reported_node"),
        migrations.RemoveIndex(model_name="snapshot", name="snapshot_node"),
        migrations.RemoveField(model_name="reportedtotal", name="path"),
        migrations.AddIndex(
            model_name="reportedtotal", index=models.Index(fields=["node", "day"], name="reported_node")
        ),
    ]
