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
            name='Contact',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('code', models.TextField(help_text='what the command line dials: @PLN')),
                ('name', models.TextField()),
                ('role', models.TextField(default='', help_text='what they are: head of the village, duty engineer ...')),
                ('kind', models.TextField(choices=[('agency', 'agency'), ('duty_officer', 'duty officer'), ('village_head', 'village head'), ('harbour_master', 'harbour master'), ('hospital', 'hospital or puskesmas'), ('utility', 'power, water, telephone'), ('boat_owner', 'boat owner'), ('interpreter', 'interpreter'), ('neighbour', 'neighbouring centre'), ('other', 'other')], default='other')),
                ('numbers', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, help_text='E.164 or a short number, first one first', size=None)),
                ('hours', models.TextField(default='', help_text='when they answer')),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('area', models.TextField(default='', help_text='where they help: a kecamatan, an island, a stretch of road')),
                ('note', models.TextField(default='')),
                ('active', models.BooleanField(default=True)),
                ('changed_at', models.DateTimeField()),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.agency')),
                ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='accounts.centre')),
            ],
            options={
                'verbose_name': 'contact',
                'verbose_name_plural': 'directory',
                'constraints': [models.UniqueConstraint(fields=('centre', 'code'), name='directory_contact_code')],
            },
        ),
    ]
