"""Switch posts and plan of load on for the assemblies that have posts already."""

from django.db import migrations


def switch_on(apps, schema_editor):
    posts = apps.get_model("mission", "TeamPost").objects.order_by()
    apps.get_model("institution", "Assembly").objects.filter(pk__in=posts.values("assembly")).update(
        plans_workload=True
    )


class Migration(migrations.Migration):
    dependencies = [
        ("institution", "0003_workload_is_a_setting"),
        ("mission", "0003_support_states"),
    ]

    operations = [migrations.RunPython(switch_on, migrations.RunPython.noop)]
