"""Turn steps of a request for support that unlocked nothing into columns, so that four states and one end remain.

The history stays as it was. Saved views that filtered by a former state filter by the one that replaces it.
"""

from django.db import migrations, models
from django.db.models import Q

FORMER = {
    "qualified": "received",
    "assigned": "accepted",
    "evaluated": "delivered",
    "closed": "delivered",
    "redirected": "declined",
    "withdrawn": "declined",
}
STATES = ["received", "accepted", "in_progress", "delivered", "declined"]
IN_HAND = ["in_progress", "delivered"]
DAY = """
UPDATE mission_supportrequest AS request SET withdrawn_on = coalesce(
    (SELECT max(entry.at) FROM audit_entry AS entry WHERE entry.subject_type = 'mission.SupportRequest'
        AND entry.subject_id = request.id::text AND entry.event_type = 'support_request.withdrawn'),
    request.changed_at) AT TIME ZONE 'Europe/Paris' WHERE state = 'withdrawn'
"""
CHECKED = (
    "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"  # PostgreSQL alters no table with checks pending
)
FORWARD = [
    DAY,
    *(f"UPDATE mission_supportrequest SET state = '{new}' WHERE state = '{old}'" for old, new in FORMER.items()),  # noqa: S608 -- constants above
    *(
        f"UPDATE saved_views_savedview SET query = regexp_replace(query, '(^|&)etat={old}(&|$)', '\\1etat={new}\\2') "  # noqa: S608
        f"WHERE list_key = 'support' AND query LIKE '%etat={old}%'"
        for old, new in FORMER.items()
    ),
    CHECKED,
]
BACK = [
    "UPDATE mission_supportrequest SET state = 'withdrawn' WHERE withdrawn_on IS NOT NULL",
    "UPDATE mission_supportrequest SET state = 'evaluated' WHERE rating IS NOT NULL",
    """UPDATE mission_supportrequest AS request SET state = 'redirected' WHERE state = 'declined' AND EXISTS (
        SELECT FROM audit_entry AS entry WHERE entry.subject_type = 'mission.SupportRequest'
        AND entry.subject_id = request.id::text AND entry.event_type = 'support_request.redirected')""",
    CHECKED,
]
RULES = ("state_known", "no_has_reason", "in_hand_of", "delivered_iff", "rated")


def rule(name, condition, **error):
    constraint = models.CheckConstraint(condition=condition, name=f"support_request_{name}", **error)
    return migrations.AddConstraint("supportrequest", constraint)


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_initial"),
        ("mission", "0002_order_quantity"),
        ("saved_views", "0001_initial"),
    ]

    operations = [
        *(migrations.RemoveConstraint("supportrequest", f"support_request_{name}") for name in RULES),
        migrations.AddField(
            "supportrequest",
            "withdrawn_on",
            models.DateField(editable=False, null=True, verbose_name="retirée le"),
        ),
        migrations.AlterField(
            "supportrequest",
            "state",
            models.CharField(
                choices=[
                    ("received", "reçue"),
                    ("accepted", "acceptée"),
                    ("in_progress", "en cours"),
                    ("delivered", "rendue"),
                    ("declined", "sans suite"),
                ],
                default="received",
                editable=False,
                max_length=16,
                verbose_name="état",
            ),
        ),
        migrations.RunSQL(FORWARD, BACK),
        rule("state_known", Q(state__in=STATES)),
        rule(
            "no_has_reason",
            Q(~Q(state="declined"), answer_reason="", withdrawn_on=None)
            | Q(("state", "declined"), ("withdrawn_on", None), ~Q(answer_reason=""))
            | Q(state="declined", withdrawn_on__isnull=False, answer_reason=""),
        ),
        rule(
            "in_hand_of",
            ~Q(state__in=IN_HAND) | Q(owner__isnull=False),
            violation_error_code="owner",
            violation_error_message="Une demande en cours a quelqu’un qui la suit.",
        ),
        rule(
            "delivered_iff",
            Q(state="delivered", delivered_at__isnull=False) | Q(~Q(state="delivered"), delivered_at=None),
        ),
        rule("rated", Q(rating=None) | Q(state="delivered", rating__range=(1, 5))),
    ]
