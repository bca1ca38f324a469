from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('alarms', '0002_names'),
    ]

    operations = [
        migrations.AddField(
            model_name='alarm',
            name='late',
            field=models.BooleanField(default=False, help_text='raised by a late entry, at the highest level due then'),
        ),
        migrations.AddField(
            model_name='alarm',
            name='variant',
            field=models.TextField(default='', help_text="which of the rule's tables of seconds counts"),
        ),
    ]
