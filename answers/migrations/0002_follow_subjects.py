"""Let people follow a subject or a whole assembly, and tell them of a published opinion."""

from django.db import migrations, models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from assembly.identity.columns import optional_key

KINDS = {
    "new_opinion": "L’Assemblée publie son avis.",
    "answered": "Le Conseil départemental a répondu.",
    "revised": "Le Conseil départemental a révisé sa réponse.",
    "milestone": "Une étape de sa mise en œuvre est annoncée ou franchie.",
    "progress": "Il y a du nouveau sur sa mise en œuvre.",
    "report": "Un bilan de sa mise en œuvre est publié.",
}
FOLLOWED = ("recommendation", "whole_of", "referral", "assembly")


def exactly_one(*columns):
    filled = [Q(**{f"{one}__isnull": one != column for one in columns}) for column in columns]
    return Q(*filled, _connector=Q.OR)


class Migration(migrations.Migration):
    dependencies = [
        ("answers", "0001_initial"),
        ("consultations", "0002_digest_kinds"),
        ("institution", "0003_workload_is_a_setting"),
        ("opinions", "0001_initial"),
    ]

    operations = [
        migrations.AlterModelOptions("following", {"verbose_name": "suivi par courriel"}),
        migrations.RemoveConstraint("following", "following_of_one_thing"),
        migrations.RemoveConstraint("proposalnews", "proposalnews_of_one_thing"),
        migrations.RemoveConstraint("proposalnews", "proposal_news_kind_known"),
        migrations.AddField("following", "referral", optional_key("consultations.referral", "sujet")),
        migrations.AddField("following", "assembly", optional_key("institution.assembly", "assemblée")),
        migrations.AlterField("proposalnews", "kind", models.CharField(choices=list(KINDS.items()), max_length=12)),
        migrations.AddConstraint(
            "following", CheckConstraint(condition=exactly_one(*FOLLOWED), name="following_of_one_thing")
        ),
        migrations.AddConstraint(
            "following", UniqueConstraint(fields=["follower", "referral"], name="following_referral_once")
        ),
        migrations.AddConstraint(
            "following", UniqueConstraint(fields=["follower", "assembly"], name="following_assembly_once")
        ),
        migrations.AddConstraint(
            "proposalnews",
            CheckConstraint(condition=exactly_one("recommendation", "whole_of"), name="proposalnews_of_one_thing"),
        ),
        migrations.AddConstraint(
            "proposalnews", CheckConstraint(condition=Q(kind__in=list(KINDS)), name="proposal_news_kind_known")
        ),
    ]
