

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0010_announced_process'),
        ('workflows', '0005_passage_agency'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='impactitem',
            name='awaits',
            field=models.CharField(blank=True, max_length=120, verbose_name='chờ văn bản số'),
        ),
        migrations.AddField(
            model_name='impactitem',
            name='awaits_issuer',
            field=models.CharField(blank=True, max_length=300, verbose_name='của cơ quan'),
        ),
        migrations.AddField(
            model_name='impactitem',
            name='awaits_issuer_key',
            field=models.CharField(blank=True, editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name='impactitem',
            name='awaits_key',
            field=models.CharField(blank=True, editable=False, max_length=120),
        ),
        migrations.AddField(
            model_name='impactitem',
            name='awaits_known',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddIndex(
            model_name='impactitem',
            index=models.Index(condition=models.Q(('state', 'deferred')), fields=['awaits_key'], name='impact_awaits'),
        ),
    ]
