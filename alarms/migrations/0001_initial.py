import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Policy',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('rule', models.PositiveSmallIntegerField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('current', models.BooleanField(default=True)),
                ('name_id', models.TextField()),
                ('name_en', models.TextField()),
                ('definition', models.JSONField()),
                ('made_at', models.DateTimeField()),
                ('made_by', models.TextField()),
                ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='accounts.centre')),
            ],
            options={
                'verbose_name': 'escalation rule',
                'verbose_name_plural': 'escalation rules',
            },
        ),
        migrations.CreateModel(
            name='Alarm',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('rule', models.PositiveSmallIntegerField()),
                ('subject', models.TextField()),
                ('priority', models.PositiveSmallIntegerField(null=True)),
                ('level', models.PositiveSmallIntegerField()),
                ('state', models.TextField(choices=[('open', 'Open'), ('acknowledged', 'Acknowledged'), ('closed', 'Closed')], default='open')),
                ('base_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField()),
                ('level_at', models.DateTimeField()),
                ('next_at', models.DateTimeField(null=True)),
                ('acknowledged_at', models.DateTimeField(null=True)),
                ('acknowledged_by', models.TextField(null=True)),
                ('acknowledged_name', models.TextField(null=True)),
                ('acknowledged_reason', models.TextField(null=True)),
                ('silenced', models.JSONField(default=list, help_text="rule 9: desks where its sound was stopped: [{'user': UUID, 'desk': code or null}]")),
                ('closed_at', models.DateTimeField(null=True)),
                ('variant', models.TextField(default='', help_text="which of the rule's tables of seconds counts")),
                ('late', models.BooleanField(default=False, help_text='raised by a late entry, at the highest level due then')),
                ('params', models.JSONField(default=dict, help_text='ids and codes for the words: unit, agency, incident ...')),
                ('agencies', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, help_text='agencies that see it: rules 9 and 11', size=None)),
                ('also', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, help_text='further subjects of its events: its incident', size=None)),
                ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='accounts.centre')),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='alarms.policy')),
            ],
        ),
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('role', models.TextField()),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='accounts.centre')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['role', 'starts_at'], name='alarms_duty_role')],
            },
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.UniqueConstraint(fields=('centre', 'rule', 'version'), name='alarms_policy_version'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.UniqueConstraint(condition=models.Q(('current', True)), fields=('centre', 'rule'), name='alarms_policy_one_current'),
        ),
        migrations.AddIndex(
            model_name='alarm',
            index=models.Index(condition=models.Q(('state', 'closed'), _negated=True), fields=['opened_at'], name='alarms_alarm_open'),
        ),
        migrations.AddIndex(
            model_name='alarm',
            index=models.Index(fields=['subject'], name='alarms_alarm_subject'),
        ),
        migrations.AddConstraint(
            model_name='alarm',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'closed'), _negated=True), fields=('rule', 'subject'), name='alarms_alarm_one_open'),
        ),
    ]
