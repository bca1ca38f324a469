import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Agency',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('code', models.TextField()),
                ('name', models.TextField()),
                ('name_en', models.TextField(default='')),
                ('capabilities', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('active', models.BooleanField(default=True)),
            ],
            options={
                'verbose_name': 'agency',
                'verbose_name_plural': 'agencies',
            },
        ),
        migrations.CreateModel(
            name='Centre',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('code', models.TextField(unique=True)),
                ('name', models.TextField()),
                ('time_zone', models.TextField(default='Asia/Jakarta')),
                ('waiting_long_factor', models.PositiveSmallIntegerField(default=2, help_text='times its target after which an acknowledged P3 to P5 counts as waiting long on the board')),
                ('ring_all_below', models.PositiveSmallIntegerField(default=7, help_text='with fewer call-takers on duty a call rings at all of them; 0: never')),
                ('offer_seconds', models.PositiveSmallIntegerField(default=8, help_text='how long a call rings at one call-taker before the next')),
            ],
            options={
                'verbose_name': 'centre',
                'verbose_name_plural': 'centre',
            },
        ),
        migrations.CreateModel(
            name='ApiKey',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('name', models.TextField()),
                ('prefix', models.TextField(help_text='the first characters, so that a person knows which key it is')),
                ('digest', models.BinaryField(unique=True)),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.TextField()),
                ('expires_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.agency')),
                ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='accounts.centre')),
            ],
            options={
                'verbose_name': 'key',
                'verbose_name_plural': 'keys',
            },
        ),
        migrations.AddField(
            model_name='agency',
            name='centre',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='accounts.centre'),
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('username', models.TextField()),
                ('name', models.TextField()),
                ('email', models.TextField(blank=True, default='')),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(choices=[('call_taker', 'call_taker'), ('dispatcher', 'dispatcher'), ('supervisor', 'supervisor'), ('agency_desk', 'agency_desk'), ('crew', 'crew'), ('admin', 'admin'), ('auditor', 'auditor')]), default=list, size=None)),
                ('unit_id', models.UUIDField(help_text='the unit a crew member is signed on to; units stands above', null=True)),
                ('language', models.TextField(choices=[('id', 'Bahasa Indonesia'), ('en', 'English')], default='id')),
                ('pbx_agent', models.TextField(null=True, unique=True)),
                ('is_active', models.BooleanField(default=True)),
                ('password_once', models.BooleanField(default=False, help_text='made by another: to be changed at the first sign-in')),
                ('first_steps', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('created_at', models.DateTimeField()),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.agency')),
                ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='accounts.centre')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
            },
        ),
        migrations.CreateModel(
            name='Desk',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('code', models.TextField()),
                ('name', models.TextField()),
                ('active', models.BooleanField(default=True)),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.agency')),
                ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='accounts.centre')),
            ],
            options={
                'verbose_name': 'desk',
                'verbose_name_plural': 'desks',
            },
        ),
        migrations.CreateModel(
            name='FactorBridge',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('by', models.TextField(help_text='the actor as the log names it')),
                ('by_name', models.TextField(help_text='who answers for it')),
                ('reason', models.TextField()),
                ('made_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(help_text='ended before its time', null=True)),
                ('used_at', models.DateTimeField(help_text='the first sign-in by it', null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                ('id', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='agency',
            constraint=models.UniqueConstraint(fields=('centre', 'code'), name='accounts_agency_code'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('username'), name='accounts_user_username'),
        ),
        migrations.AddConstraint(
            model_name='desk',
            constraint=models.UniqueConstraint(fields=('centre', 'code'), name='accounts_desk_code'),
        ),
        migrations.AddIndex(
            model_name='factorbridge',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['ends_at'], name='accounts_bridge_open'),
        ),
    ]
