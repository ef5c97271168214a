import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('notifications', '0001_initial'), ('notifications', '0002_reminder')]

    initial = True

    dependencies = [
        ('workflows', '0001_squashed_0010_reorganisation'),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to=settings.AUTH_USER_MODEL)),
                ('move', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='workflows.move')),
                ('reminder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='workflows.reminder')),
                ('created_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(null=True)),
                ('mailed_at', models.DateTimeField(null=True)),
                ('mail_attempts', models.PositiveSmallIntegerField(default=0)),
                ('mail_next_at', models.DateTimeField(null=True)),
                ('mail_error', models.TextField(blank=True)),
            ],
            options={
                'verbose_name': 'thông báo',
                'ordering': ('-pk',),
                'indexes': [models.Index(fields=['user', 'read_at'], name='notice_unread'), models.Index(condition=models.Q(('mail_next_at__isnull', False)), fields=['mail_next_at'], name='notice_mail_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('reminder', None)), fields=('user', 'move'), name='notice_once'), models.UniqueConstraint(fields=('user', 'reminder'), name='notice_of_reminder_once')],
            },
        ),
    ]
