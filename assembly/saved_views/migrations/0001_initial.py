from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("institution", "0001_initial"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("assembly", models.ForeignKey("institution.assembly", models.PROTECT, related_name="+")),
                ("term", models.ForeignKey("institution.term", models.PROTECT, related_name="+")),
                ("list_key", models.CharField(max_length=24)),
                ("name", models.CharField("nom de la vue", max_length=80)),
                ("query", models.CharField(blank=True, max_length=1000)),
                ("token", models.CharField(max_length=43, unique=True)),
                ("is_shared", models.BooleanField("partagée avec l’équipe", default=False)),
                (
                    "directorate",
                    models.ForeignKey(
                        "institution.directorate", models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("created_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
            ],
            options={
                "verbose_name": "vue enregistrée",
                "ordering": ["name__alphabetical", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("created_by", "list_key", "name"), name="saved_view_name_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ViewSubscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("view", models.ForeignKey("saved_views.savedview", models.CASCADE, related_name="subscriptions")),
                ("user", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("started_at", models.DateTimeField(auto_now_add=True)),
                ("last_sent_on", models.DateField(null=True)),
            ],
            options={
                "verbose_name": "vue envoyée chaque semaine",
                "constraints": [models.UniqueConstraint(fields=("view", "user"), name="view_mailed_once")],
            },
        ),
    ]
