"""What happened at a point is found by the point, among a million incidents too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0005_directory"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["lat", "lng"], name="dispatch_incident_point"),
        ),
    ]
