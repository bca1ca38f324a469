"""Which of the shipped harbours are landings only, as travel times have taken them so far from the file itself."""

from django.db import migrations, models

LANDINGS = (
    "PLB-DERMAGA-BANCAMARA-GILIYANG",
    "PLB-DERMAGA-BANRAAS-GILIYANG",
    "PLB-TAMBATAN-LOBUK",
    "PLB-DERMAGA-BRINGSANG-GILIGENTING",
    "PLB-DERMAGA-AENGANYAR-GILIGENTING",
    "PLB-DERMAGA-LOMBANG-GILIRAJA",
    "PLB-DERMAGA-BANMALENG-GILIRAJA",
    "PLB-TAMBATAN-AMBUNTEN",
    "PLB-TAMBATAN-SLOPENG",
    "PLB-TAMBATAN-LEGUNG",
    "PLB-TAMBATAN-PRENDUAN",
    "PLB-TAMBATAN-GERSIK-PUTIH",
    "PLB-DERMAGA-SONOK-SAPUDI",
    "PLB-DERMAGA-KETUPAT-RAAS",
    "PLB-DERMAGA-TONDUK",
    "PLB-DERMAGA-GUWA-GUWA",
    "PLB-DERMAGA-MASAKAMBING",
    "PLB-DERMAGA-KARAMIAN",
    "PLB-DERMAGA-KANGAYAN-KANGEAN",
    "PLB-DERMAGA-SAOBI",
    "PLB-DERMAGA-PAGERUNGAN-BESAR",
    "PLB-DERMAGA-PAGERUNGAN-KECIL",
    "PLB-DERMAGA-SEPANJANG",
    "PLB-DERMAGA-PALIAT",
    "PLB-DERMAGA-SABUNTEN",
    "PLB-DERMAGA-SADULANG",
    "PLB-DERMAGA-SASEEL",
    "PLB-DERMAGA-SAKALA",
    "PLB-DERMAGA-SAUR-SAEBUS",
)


def mark(apps, schema_editor):
    apps.get_model("places", "Place").objects.filter(kind="harbour", code__in=LANDINGS).update(landing_only=True)


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0003_names"),
    ]

    operations = [
        migrations.AddField(
            model_name="place",
            name="landing_only",
            field=models.BooleanField(
                db_default=False, default=False, help_text="of a harbour: boats land there, none waits"
            ),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
