"""Turn six states of a grant, which lay within another one, into columns, so that eight remain.

The history stays as it was; the days come from it. Saved views that filtered by a former state filter by the state
that replaces it and by what the application waits for.
"""

from decimal import Decimal

from django.db import migrations, models
from django.db.models import F, Q

FORMER = {
    "completeness_check": "received",
    "complete": "assessment",
    "opinion": "assessment",
    "agreement": "voted",
    "reported": "paid",
    "closed": "paid",
}
VIEWS = {
    "paid": "paid&attente=compte-rendu",  # before those that become this state
    "completeness_check": "received",
    "complete": "assessment&attente=personnes",
    "opinion": "assessment&attente=inscription",
    "agreement": "voted&attente=versement",
    "reported": "paid&attente=cloture",
    "closed": "paid&attente=rien",
}
STATES = ["received", "incomplete", "assessment", "committee", "voted", "paid", "rejected", "withdrawn"]
EXAMINED, AWARDED, DROPPED = ["assessment", "committee"], ["voted", "paid"], ["rejected", "withdrawn"]


def moment_of(event):
    """Return the SQL of the moment of the last event of that type."""
    return f"""(SELECT max(entry.at) FROM audit_entry AS entry WHERE entry.subject_type = 'mission.GrantApplication'
        AND entry.subject_id = application.id::text AND entry.event_type = 'grant.{event}')"""  # noqa: S608 -- constants


UPDATE = "UPDATE mission_grantapplication AS application SET "
CHECKED = (
    "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"  # PostgreSQL alters no table with checks pending
)
PARIS = "AT TIME ZONE 'Europe/Paris'"
IF_EXAMINED = "CASE WHEN state NOT IN ('rejected', 'withdrawn') THEN changed_at END"
FORWARD = [
    f"{UPDATE} complete_on = coalesce({moment_of('accepted')}, {IF_EXAMINED}) {PARIS} "
    "WHERE state NOT IN ('received', 'completeness_check', 'incomplete')",
    f"{UPDATE} reported_on = coalesce({moment_of('reported')}, changed_at) {PARIS} "
    "WHERE state IN ('reported', 'closed')",
    *(f"{UPDATE} state = '{new}' WHERE state = '{old}'" for old, new in FORMER.items()),
    *(
        f"UPDATE saved_views_savedview SET query = regexp_replace(query, '(^|&)etat={old}(&|$)', '\\1etat={new}\\2') "  # noqa: S608
        f"WHERE list_key = 'grants' AND query LIKE '%etat={old}%'"
        for old, new in VIEWS.items()
    ),
    CHECKED,
]
BACK = [
    f"{UPDATE} state = 'closed' WHERE state = 'paid' AND ended_on IS NOT NULL",
    f"{UPDATE} state = 'reported' WHERE state = 'paid' AND reported_on IS NOT NULL",
    f"{UPDATE} state = 'agreement' WHERE state = 'voted' AND agreement_signed_on IS NOT NULL",
    f"{UPDATE} state = 'opinion' WHERE state = 'assessment' AND opinion <> ''",
    f"{UPDATE} state = 'complete' WHERE state = 'assessment' AND first_reader_id IS NULL AND second_reader_id IS NULL",
    f"{UPDATE} state = 'completeness_check' WHERE state = 'received' AND {moment_of('checked')} IS NOT NULL",
    CHECKED,
]
# Whoever is tied to the association may neither read nor have read it, until the opinion ends the reading.
READER_CHECK = """
DROP TRIGGER mission_grant_reader_check ON mission_grantapplication;
CREATE TRIGGER mission_grant_reader_check BEFORE INSERT OR UPDATE OF siret, rna, first_reader_id, second_reader_id
    ON mission_grantapplication FOR EACH ROW WHEN ({condition})
    EXECUTE FUNCTION mission_grant_reader_check();
"""
RULES = (
    "state_known",
    "one_examined_a_scheme",
    "one_examined_a_scheme_by_rna",
    "voted_iff_awarded",
    "agreement_before_payment",
    "signed_iff_agreement",
    "decision_sent_once_decided",
)


def add(constraint):
    return migrations.AddConstraint("grantapplication", constraint)


def rule(name, condition, **error):
    return add(models.CheckConstraint(condition=condition, name=f"grant_{name}", **error))


def one_examined(number, name):
    return add(
        models.UniqueConstraint(
            fields=["scheme", number],
            condition=Q(state__in=[*EXAMINED, *AWARDED]) & ~Q(**{number: ""}),
            name=f"grant_{name}",
            violation_error_message="Une autre demande de cette association est déjà à l’étude ici.",
        )
    )


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_initial"),
        ("mission", "0004_workload_stays_on"),
        ("saved_views", "0001_initial"),
    ]

    operations = [
        *(migrations.RemoveConstraint("grantapplication", f"grant_{name}") for name in RULES),
        migrations.AddField(
            "grantapplication",
            "complete_on",
            models.DateField(editable=False, null=True, verbose_name="déclarée complète le"),
        ),
        migrations.AddField(
            "grantapplication",
            "reported_on",
            models.DateField(editable=False, null=True, verbose_name="compte rendu reçu le"),
        ),
        migrations.AlterField(
            "grantapplication",
            "state",
            models.CharField(
                choices=[
                    ("received", "reçue"),
                    ("incomplete", "pièces manquantes"),
                    ("assessment", "en instruction"),
                    ("committee", "au comité"),
                    ("voted", "votée"),
                    ("paid", "versée"),
                    ("rejected", "refusée"),
                    ("withdrawn", "retirée"),
                ],
                default="received",
                editable=False,
                max_length=20,
                verbose_name="état",
            ),
        ),
        migrations.RunSQL(FORWARD, BACK),
        migrations.RunSQL(
            READER_CHECK.format(condition="NEW.state = 'assessment' AND NEW.opinion = ''"),
            READER_CHECK.format(condition="NEW.state = 'assessment'"),
        ),
        rule("state_known", Q(state__in=STATES)),
        one_examined("siret", "one_examined_a_scheme"),
        one_examined("rna", "one_examined_a_scheme_by_rna"),
        rule(
            "voted_iff_awarded",
            Q(state__in=AWARDED, voted_amount__gt=0, voted_amount__isnull=False, decided_on__isnull=False)
            | (~Q(state__in=AWARDED) & Q(voted_amount=None)),
        ),
        rule(
            "complete_iff_examined",
            Q(~Q(state__in=[*EXAMINED, *AWARDED]), complete_on=None)
            | Q(~Q(state__in=["received", "incomplete"]), complete_on__isnull=False),
        ),
        rule("opinion_before_committee", ~Q(opinion="") | ~Q(state__in=["committee", *AWARDED])),
        rule(
            "signed_after_vote",
            Q(agreement_signed_on=None) | Q(state__in=AWARDED, agreement_signed_on__gte=F("decided_on")),
        ),
        rule(
            "agreement_before_payment",
            ~Q(state="paid") | Q(voted_amount__lte=Decimal(23000)) | Q(agreement_signed_on__isnull=False),
            violation_error_message="Au-dessus de 23 000 euros, une convention est signée avant le versement.",
        ),
        rule("reported_once_paid", Q(reported_on=None) | Q(state="paid", spent_amount__isnull=False)),
        rule(
            "closed_after_report",
            Q(ended_on=None) | Q(state__in=DROPPED) | Q(state="paid", reported_on__isnull=False),
        ),
        rule(
            "decision_sent_once_decided",
            Q(decision_sent_at=None) | Q(state__in=[*AWARDED, "rejected"]) & ~Q(decision_text=""),
        ),
    ]
