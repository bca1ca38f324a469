import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dispatch', '0008_number_blocks'),
    ]

    operations = [
        migrations.AddField(
            model_name='incident',
            name='shortfall',
            field=models.JSONField(default=dict, help_text='missing units that a dispatcher accepted: {need: count}'),
        ),
        migrations.AddField(model_name='incident', name='shortfall_at', field=models.DateTimeField(null=True)),
        migrations.AddField(model_name='incident', name='shortfall_by', field=models.TextField(null=True)),
        migrations.AddField(model_name='incident', name='shortfall_name', field=models.TextField(null=True)),
        migrations.AddField(
            model_name='incident',
            name='arrival_until',
            field=models.DateTimeField(
                help_text='when rule 7 ended: a needed unit was on scene, or none is wanted', null=True
            ),
        ),
        migrations.AddField(
            model_name='incident',
            name='arrival_seconds',
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveIntegerField(),
                default=list,
                help_text='to each level of rule 7, as armed',
                size=None,
            ),
        ),
    ]
