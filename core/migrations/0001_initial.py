import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Event',
            fields=[
                ('seq', models.BigIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('actor', models.TextField()),
                ('desk', models.TextField(null=True)),
                ('kind', models.TextField()),
                ('subjects', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('data', models.JSONField()),
                ('body', models.TextField()),
                ('hash', models.BinaryField()),
            ],
            options={
                'db_table': 'core_event',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('seq', models.BigIntegerField(primary_key=True, serialize=False)),
                ('hash', models.BinaryField()),
                ('made_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='DoneAct',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('actor', models.TextField()),
                ('done_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='KeptMail',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('recipients', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('subject', models.TextField()),
                ('text', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('cause', models.TextField(help_text="what it is about, unique with target and channel: 'alarm:<uuid>:2'")),
                ('target', models.TextField(help_text='role:<name>, agency:<uuid>, user:<uuid>, unit:<uuid> or url:<address>')),
                ('channel', models.TextField(help_text='log, email, webhook')),
                ('kind', models.TextField(help_text='which text: a notification kind of the registry')),
                ('params', models.JSONField(default=dict, help_text='ids and codes; words are made when it is sent')),
                ('priority', models.PositiveSmallIntegerField(default=3)),
                ('state', models.TextField(choices=[('queued', 'Queued'), ('resolved', 'Resolved'), ('failed', 'Failed')], default='queued')),
                ('queued_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'queued')), fields=['priority', 'queued_at'], name='core_notification_queued')],
                'constraints': [models.UniqueConstraint(fields=('cause', 'target', 'channel'), name='core_notification_once')],
            },
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('kind', models.TextField(help_text='telephony, positions, worker, beat')),
                ('name', models.TextField()),
                ('last_seen_at', models.DateTimeField(null=True)),
                ('watched', models.BooleanField(default=False, help_text='has sent a heartbeat, so silence means trouble')),
                ('skew_seconds', models.FloatField(default=0.0)),
                ('figures', models.JSONField(default=dict, help_text="what it says of itself: a worker's lateness")),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'name'), name='core_source_once')],
            },
        ),
        migrations.CreateModel(
            name='Timer',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.TextField()),
                ('subject', models.TextField()),
                ('due_at', models.DateTimeField()),
                ('data', models.JSONField(default=dict)),
                ('state', models.TextField(choices=[('armed', 'Armed'), ('fired', 'Fired'), ('cancelled', 'Cancelled'), ('failed', 'Failed')], default='armed')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('fired_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'armed')), fields=['kind', 'due_at'], name='core_timer_kind_due'), models.Index(condition=models.Q(('state', 'armed')), fields=['due_at'], name='core_timer_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'armed')), fields=('kind', 'subject'), name='core_timer_one_armed')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('address', models.TextField()),
                ('language', models.TextField(default='id')),
                ('state', models.TextField(choices=[('waiting', 'Waiting'), ('sent', 'Sent'), ('gave_up', 'Gave Up')], default='waiting')),
                ('due_at', models.DateTimeField()),
                ('leased_until', models.DateTimeField(null=True)),
                ('attempts', models.JSONField(default=list, help_text='[{at, outcome}] of each try')),
                ('sent_at', models.DateTimeField(null=True)),
                ('notification', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='core.notification')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at'], name='core_delivery_waiting')],
                'constraints': [models.UniqueConstraint(fields=('notification', 'address'), name='core_delivery_once')],
            },
        ),
    ]
