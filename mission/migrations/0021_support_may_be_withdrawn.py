"""A request for support is withdrawn by whoever asked, until it is answered."""

from django.db import migrations, models

STATES = [
    ("received", "reçue"),
    ("qualified", "qualifiée"),
    ("accepted", "acceptée"),
    ("redirected", "réorientée"),
    ("declined", "refusée"),
    ("assigned", "confiée"),
    ("in_progress", "en cours"),
    ("delivered", "rendue"),
    ("evaluated", "évaluée"),
    ("closed", "close"),
    ("withdrawn", "retirée"),
]


class Migration(migrations.Migration):
    dependencies = [("mission", "0020_one_trip_at_a_time")]

    operations = [
        migrations.RemoveConstraint("supportrequest", "support_request_state_known"),
        migrations.AlterField(
            "supportrequest",
            "state",
            models.CharField(
                choices=STATES, default="received", editable=False, max_length=16, verbose_name="état"
            ),
        ),
        migrations.AddConstraint(
            "supportrequest",
            models.CheckConstraint(
                condition=models.Q(("state__in", [state for state, words in STATES])),
                name="support_request_state_known",
            ),
        ),
    ]
