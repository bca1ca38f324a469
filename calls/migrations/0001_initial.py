import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
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
            name='Call',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('channel', models.TextField(choices=[('voice', 'Telephone'), ('sms', 'SMS'), ('chat', 'Chat'), ('app', 'App'), ('walk_in', 'Walk-in'), ('radio', 'Radio'), ('ecall', 'eCall'), ('agency', 'Another agency')], default='voice')),
                ('state', models.TextField(choices=[('ringing', 'Ringing'), ('queued', 'Waiting'), ('answered', 'Answered'), ('on_hold', 'On hold'), ('conference', 'Conference'), ('transferring', 'Being transferred'), ('ended', 'Ended'), ('dropped', 'Cut off after the answer'), ('wrap_up', 'Wrap-up'), ('closed', 'Closed'), ('abandoned', 'Hung up before the answer'), ('blocked_ivr', 'Kept by the announcement')])),
                ('started_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('claimed_by', models.TextField(help_text='who has it, as the log names them: a person or a key', null=True)),
                ('claimed_name', models.TextField(null=True)),
                ('desk', models.TextField(null=True)),
                ('disposition', models.TextField(choices=[('E1', 'Emergency, new incident'), ('E2', 'Emergency, adds to an open incident'), ('E3', 'Passed on to another area or agency'), ('N1', 'Complaint, no emergency'), ('N2', 'Information'), ('G1', 'Silent'), ('G2', 'Open line, suspicious sounds'), ('G3', 'Misdialled, child'), ('J1', 'Prank'), ('J2', 'Proven false report'), ('D1', 'Cut off after the answer'), ('D2', 'Not answered'), ('T1', 'Test'), ('W1', 'Wrong number')], null=True)),
                ('disposed_at', models.DateTimeField(null=True)),
                ('disposed_by', models.TextField(null=True)),
                ('source', models.TextField(null=True)),
                ('call_ref', models.TextField(null=True)),
                ('ref_use', models.PositiveIntegerField(default=0, help_text='how often its exchange used the call_ref before')),
                ('called', models.TextField(null=True)),
                ('trunk', models.TextField(null=True)),
                ('caller_name', models.TextField(null=True)),
                ('callback_number', models.TextField(null=True)),
                ('language', models.TextField(null=True)),
                ('offered_to', models.JSONField(help_text='whom it rings while it waits: calls.domain.offering', null=True)),
                ('calls_before', models.PositiveIntegerField(default=0)),
                ('strikes_24h', models.PositiveIntegerField(default=0, help_text='of its number, when it came or at the last strike')),
                ('wait_seconds', models.FloatField(help_text='ring to answer or hang-up, by the KPI rule of stamps', null=True)),
                ('recorded_at', models.DateTimeField()),
                ('created_by', models.TextField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('field_versions', models.JSONField(default=dict)),
                ('changed_at', models.DateTimeField()),
                ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='accounts.centre')),
                ('operator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='calls', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='CallCorrection',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('field', models.TextField()),
                ('old', models.JSONField(null=True)),
                ('new', models.JSONField(null=True)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.TextField()),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='calls.call')),
            ],
        ),
        migrations.CreateModel(
            name='Number',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('e164', models.TextField()),
                ('contact_safety', models.TextField(choices=[('unknown', 'not asked yet'), ('safe', 'safe'), ('unsafe', 'unsafe')], default='unknown')),
                ('safety_cause', models.TextField(help_text='the call or incident that made it unsafe; null: a person did', null=True)),
                ('safety_before', models.TextField(help_text='what it was before that', null=True)),
                ('unsafe_at', models.DateTimeField(null=True)),
                ('unsafe_by', models.TextField(null=True)),
                ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='accounts.centre')),
            ],
        ),
        migrations.AddField(
            model_name='call',
            name='number',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='calls.number'),
        ),
        migrations.CreateModel(
            name='Operator',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='operator', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('state', models.TextField(choices=[('offline', 'Offline'), ('ready', 'Ready'), ('ringing', 'Ringing'), ('on_call', 'On a call'), ('wrap_up', 'Wrap-up'), ('not_ready', 'Not ready'), ('outbound', 'Calling out'), ('supervising', 'Supervising'), ('training', 'Training')], default='offline')),
                ('reason', models.TextField(null=True)),
                ('since', models.DateTimeField()),
                ('desk', models.TextField(null=True)),
                ('misses', models.PositiveSmallIntegerField(default=0, help_text='rings not answered since the last answer')),
                ('call', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='calls.call')),
            ],
        ),
        migrations.CreateModel(
            name='Strike',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('call', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to='calls.call')),
                ('number', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='strikes', to='calls.number')),
            ],
        ),
        migrations.CreateModel(
            name='CallLine',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('text', models.TextField()),
                ('salt', models.TextField()),
                ('at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('created_by', models.TextField()),
                ('author_name', models.TextField()),
                ('desk', models.TextField(null=True)),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='calls.call')),
            ],
            options={
                'indexes': [models.Index(fields=['call', 'at'], name='calls_line_order')],
            },
        ),
        migrations.CreateModel(
            name='CallStep',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('step', models.TextField(help_text='a StepKind')),
                ('at', models.DateTimeField()),
                ('source_at', models.DateTimeField(null=True)),
                ('at_text', models.TextField(null=True)),
                ('recorded_at', models.DateTimeField()),
                ('actor', models.TextField()),
                ('source', models.TextField(null=True)),
                ('call_ref', models.TextField(null=True)),
                ('skew_seconds', models.FloatField(default=0.0)),
                ('detail', models.JSONField(default=dict, help_text='agent, number, disposition ...: what the step says beside')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='calls.call')),
                ('operator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['call', 'at', 'id'], name='calls_step_order')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('source__isnull', False)), fields=('call', 'source', 'step', 'source_at'), name='calls_step_once')],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('body', models.JSONField(null=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('created_by', models.TextField()),
                ('changed_at', models.DateTimeField()),
                ('changed_by', models.TextField()),
                ('changed_name', models.TextField()),
                ('desk', models.TextField(null=True)),
                ('call', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='calls.call')),
                ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='accounts.centre')),
            ],
            options={
                'indexes': [models.Index(fields=['changed_at'], name='calls_draft_age')],
            },
        ),
        migrations.AddIndex(
            model_name='number',
            index=models.Index(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Reverse('e164'), 'text_pattern_ops'), name='calls_number_ending'),
        ),
        migrations.AddConstraint(
            model_name='number',
            constraint=models.UniqueConstraint(fields=('centre', 'e164'), name='calls_number_once'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(fields=['number', '-started_at'], name='calls_call_history'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(fields=['-started_at', 'id'], name='calls_call_started'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(condition=models.Q(('state__in', ['closed', 'blocked_ivr']), _negated=True), fields=['started_at'], name='calls_call_open'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.UniqueConstraint(condition=models.Q(('source__isnull', False)), fields=('centre', 'source', 'call_ref', 'ref_use'), name='calls_call_once_per_use'),
        ),
        migrations.AddIndex(
            model_name='strike',
            index=models.Index(fields=['number', '-at'], name='calls_strike_recent'),
        ),
    ]
