"""Make posts and plan of load a setting: off until an assembly switches them on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("institution", "0002_tasks_retention"),
    ]

    operations = [
        migrations.AddField(
            model_name="assembly",
            name="plans_workload",
            field=models.BooleanField(default=False, verbose_name="tenir les postes de l’équipe et le plan de charge"),
        ),
    ]
