"""What a supplement asks has a column of its own: `reason` is emptied by the sending and taken by a send-back."""

from django.db import migrations, models


def keep_open_questions(apps, schema_editor):
    rows = apps.get_model("consultations", "DirectorateReview").objects.filter(state="supplement")
    rows.update(supplement=models.F("reason"))


class Migration(migrations.Migration):
    dependencies = [("consultations", "0002_append_only")]

    operations = [
        migrations.AddField(
            model_name="directoratereview",
            name="supplement",
            field=models.TextField(blank=True, default="", max_length=2000, verbose_name="complément demandé"),
            preserve_default=False,
        ),
        migrations.RunPython(keep_open_questions, migrations.RunPython.noop),
    ]
