from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_event_log"),
    ]

    operations = [
        migrations.CreateModel(
            name="DoneAct",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("actor", models.TextField()),
                ("done_at", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
