import django.contrib.postgres.fields
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
            name='IncidentDisposition',
            fields=[
                ('code', models.TextField(primary_key=True, serialize=False)),
                ('name_id', models.TextField()),
                ('name_en', models.TextField()),
                ('active', models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name='IncidentType',
            fields=[
                ('code', models.TextField(primary_key=True, serialize=False)),
                ('group', models.TextField()),
                ('name_id', models.TextField()),
                ('name_en', models.TextField()),
                ('priority', models.PositiveSmallIntegerField()),
                ('lead', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('support', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('apco', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('restricted', models.BooleanField(default=False)),
                ('now', models.BooleanField(default=False, help_text='sorts above other P1: arrest, drowning ...')),
                ('sea', models.BooleanField(default=False, help_text='own clock: no arrival target')),
                ('on_scene_update_seconds', models.PositiveIntegerField(default=1200)),
                ('active', models.BooleanField(default=True)),
            ],
            options={
                'verbose_name': 'incident type',
                'verbose_name_plural': 'incident types',
            },
        ),
        migrations.CreateModel(
            name='TypeSynonyms',
            fields=[
                ('type', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='synonyms', serialize=False, to='plans.incidenttype')),
                ('indonesian', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('english', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('madurese', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('bajo', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('kangean', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('madurese_checked_by', models.TextField(default='')),
                ('bajo_checked_by', models.TextField(default='')),
                ('kangean_checked_by', models.TextField(default='')),
                ('question_id', models.TextField(default='')),
                ('question_en', models.TextField(default='')),
            ],
            options={
                'verbose_name': 'synonyms of a type',
                'verbose_name_plural': 'synonyms of types',
            },
        ),
        migrations.CreateModel(
            name='ResponsePlan',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('current', models.BooleanField(default=True)),
                ('tasks', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, help_text='agency codes that get a task, in order; or ALL', size=None)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.TextField()),
                ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='accounts.centre')),
                ('type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='plans.incidenttype')),
            ],
            options={
                'verbose_name': 'response plan',
                'verbose_name_plural': 'response plans',
            },
        ),
        migrations.CreateModel(
            name='PlanNeed',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('agency', models.TextField(null=True)),
                ('capability', models.TextField()),
                ('count', models.PositiveSmallIntegerField(default=1)),
                ('required', models.BooleanField(default=True)),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='needs', to='plans.responseplan')),
            ],
            options={
                'ordering': ('order',),
            },
        ),
        migrations.AddConstraint(
            model_name='responseplan',
            constraint=models.UniqueConstraint(fields=('centre', 'type', 'version'), name='plans_plan_version'),
        ),
        migrations.AddConstraint(
            model_name='responseplan',
            constraint=models.UniqueConstraint(condition=models.Q(('current', True)), fields=('centre', 'type'), name='plans_plan_one_current'),
        ),
    ]
