import django.contrib.postgres.indexes
import django.db.models.deletion
import uuid
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name='Area',
            fields=[
                ('code', models.TextField(primary_key=True, serialize=False)),
                ('kind', models.TextField(choices=[('kecamatan', 'kecamatan'), ('desa', 'desa'), ('island', 'island')])),
                ('name', models.TextField()),
                ('lat', models.FloatField()),
                ('lng', models.FloatField()),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='places.area')),
            ],
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('code', models.TextField(help_text="an area's code, or the row's in the file it came from")),
                ('kind', models.TextField(choices=[('kecamatan', 'Kecamatan'), ('desa', 'Desa'), ('island', 'Island'), ('hospital', 'Hospital'), ('puskesmas', 'Puskesmas'), ('harbour', 'Harbour'), ('landmark', 'Landmark'), ('road', 'Road')])),
                ('name', models.TextField()),
                ('other_names', models.TextField(blank=True, default='')),
                ('key', models.TextField(editable=False)),
                ('words', models.TextField(editable=False)),
                ('lat', models.FloatField()),
                ('lng', models.FloatField()),
                ('kecamatan', models.TextField(editable=False, null=True)),
                ('desa', models.TextField(editable=False, null=True)),
                ('island', models.TextField(editable=False, null=True)),
                ('outside', models.BooleanField(default=False, editable=False)),
                ('label', models.TextField(editable=False, help_text='the name with the areas it lies in')),
                ('official', models.BooleanField(default=False)),
                ('source', models.TextField(default='')),
                ('landing_only', models.BooleanField(db_default=False, default=False, help_text='of a harbour: boats land there, none waits')),
                ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='accounts.centre')),
            ],
            options={
                'verbose_name': 'place',
                'verbose_name_plural': 'places',
                'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('words', name='gin_trgm_ops'), name='places_place_words'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('words', name='gin_trgm_ops'), condition=models.Q(('official', True)), name='places_place_areas'), models.Index(django.contrib.postgres.indexes.OpClass('key', name='text_pattern_ops'), name='places_place_key'), models.Index(fields=['kind'], name='places_place_kind')],
                'constraints': [models.UniqueConstraint(fields=('centre', 'code'), name='places_place_code')],
            },
        ),
        migrations.CreateModel(
            name='PlaceWarning',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('kind', models.TextField(choices=[('danger', 'Danger'), ('dangerous_goods', 'Dangerous Goods'), ('access', 'Access'), ('keyholder', 'Keyholder')])),
                ('lat', models.FloatField()),
                ('lng', models.FloatField()),
                ('radius_metres', models.PositiveIntegerField(default=100)),
                ('text', models.TextField()),
                ('salt', models.TextField()),
                ('created_by', models.TextField()),
                ('author_name', models.TextField(default='', help_text="as it was then; a program's too")),
                ('created_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('review_on', models.DateField()),
                ('ends_at', models.DateTimeField(help_text='when it ends by itself', null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.TextField(null=True)),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.agency')),
                ('approver', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='warnings_approved', to=settings.AUTH_USER_MODEL)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='warnings_written', to=settings.AUTH_USER_MODEL)),
                ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='accounts.centre')),
            ],
            options={
                'verbose_name': 'place warning',
                'verbose_name_plural': 'place warnings',
                'indexes': [models.Index(fields=['lat', 'lng'], name='places_warning_point')],
            },
        ),
    ]
