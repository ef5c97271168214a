import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0008_event_facts")]

    operations = [
        migrations.AlterField(
            model_name=model,
            name="event",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name=related, to="documents.event"
            ),
        )
        for model, related in (("campaign", "campaigns"), ("impactitem", "impacts"))
    ]
