import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Capability',
            fields=[
                ('code', models.TextField(primary_key=True, serialize=False)),
                ('name_id', models.TextField()),
                ('name_en', models.TextField()),
                ('active', models.BooleanField(default=True)),
            ],
            options={
                'verbose_name': 'capability',
                'verbose_name_plural': 'capabilities',
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('callsign', models.TextField()),
                ('kind', models.TextField()),
                ('capabilities', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('status', models.TextField(choices=[('off_duty', 'Off duty'), ('available_station', 'Available at station'), ('available_mobile', 'Available in the field'), ('cond_available', 'Conditionally available'), ('dispatched', 'Dispatched (not yet acknowledged)'), ('acknowledged', 'Acknowledged'), ('en_route', 'En route'), ('staging', 'Staging'), ('on_scene', 'On scene'), ('transporting', 'Transporting'), ('at_destination', 'At destination'), ('returning', 'Returning, can be sent'), ('out_of_service', 'Out of service')], default='off_duty')),
                ('status_at', models.DateTimeField()),
                ('status_reason', models.TextField(null=True)),
                ('talk_request_at', models.DateTimeField(null=True)),
                ('emergency_at', models.DateTimeField(null=True)),
                ('emergency_withdrawn_at', models.DateTimeField(help_text='when the crew took its emergency back; it stands until somebody has spoken with the crew', null=True)),
                ('phone', models.TextField(help_text='the telephone number of the crew on duty', null=True)),
                ('crew', models.PositiveSmallIntegerField(null=True)),
                ('active', models.BooleanField(default=True)),
                ('created_by', models.TextField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('field_versions', models.JSONField(default=dict)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='accounts.agency')),
                ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='accounts.centre')),
            ],
            options={
                'verbose_name': 'unit',
                'verbose_name_plural': 'units',
            },
        ),
        migrations.CreateModel(
            name='Station',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('code', models.TextField()),
                ('name', models.TextField()),
                ('lat', models.FloatField()),
                ('lng', models.FloatField()),
                ('active', models.BooleanField(default=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='accounts.agency')),
                ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='accounts.centre')),
            ],
            options={
                'verbose_name': 'station',
                'verbose_name_plural': 'stations',
            },
        ),
        migrations.CreateModel(
            name='Position',
            fields=[
                ('unit', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='position', serialize=False, to='units.unit')),
                ('lat', models.FloatField()),
                ('lng', models.FloatField()),
                ('heading', models.FloatField(null=True)),
                ('speed', models.FloatField(help_text='metres per second', null=True)),
                ('accuracy_metres', models.FloatField(null=True)),
                ('fix_at', models.DateTimeField()),
                ('received_at', models.DateTimeField(db_index=True)),
                ('track_lat', models.FloatField(help_text='the last place the track keeps: less than 10 m from it is no move')),
                ('track_lng', models.FloatField()),
            ],
        ),
        migrations.CreateModel(
            name='EmergencyContact',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('raised_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField()),
                ('spoken_with', models.TextField(help_text='the name of the crew member')),
                ('salt', models.TextField()),
                ('created_by', models.TextField()),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='emergency_contacts', to='units.unit')),
            ],
        ),
        migrations.AddField(
            model_name='unit',
            name='station',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='units.station'),
        ),
        migrations.CreateModel(
            name='StatusReason',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('text', models.TextField()),
                ('salt', models.TextField()),
                ('created_by', models.TextField()),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='status_reasons', to='units.unit')),
            ],
        ),
        migrations.AddIndex(
            model_name='unit',
            index=models.Index(condition=models.Q(('active', True)), fields=['agency', 'status'], name='units_unit_agency'),
        ),
        migrations.AddIndex(
            model_name='unit',
            index=django.contrib.postgres.indexes.GinIndex(fields=['capabilities'], name='units_unit_capabilities'),
        ),
        migrations.AddConstraint(
            model_name='unit',
            constraint=models.UniqueConstraint(fields=('centre', 'callsign'), name='units_unit_callsign'),
        ),
        migrations.AddConstraint(
            model_name='station',
            constraint=models.UniqueConstraint(fields=('centre', 'code'), name='units_station_code'),
        ),
    ]
