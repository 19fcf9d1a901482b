"""Lists that partners agree to be on, links to cantons, the day until when data are fresh."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0011_lines_of_updates"),
        ("identity", "0004_attempt_counters"),
        ("institution", "0004_follow_up_months"),
        ("mission", "0014_trips"),
        ("opinions", "0007_spokespersons_by_protocol"),
        ("sittings", "0006_drop_ballot_quorum"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ListMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="créée le")),
                ("changed_at", models.DateTimeField(auto_now_add=True, verbose_name="modifiée le")),
                ("reference", models.CharField(editable=False, max_length=24, verbose_name="référence")),
                ("name", models.CharField(max_length=160, verbose_name="nom")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="échéance")),
                ("notes", models.TextField(blank=True, max_length=4000, verbose_name="notes")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "en préparation"), ("sent", "envoyée")],
                        default="draft",
                        editable=False,
                        max_length=16,
                        verbose_name="état",
                    ),
                ),
                ("body", models.TextField(max_length=40000, verbose_name="texte")),
                ("sent_at", models.DateTimeField(editable=False, null=True, verbose_name="envoyée le")),
            ],
            options={
                "verbose_name": "message à une liste",
            },
        ),
        migrations.CreateModel(
            name="ListSubscriber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="créée le")),
                ("changed_at", models.DateTimeField(auto_now_add=True, verbose_name="modifiée le")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "means",
                    models.CharField(
                        choices=[
                            ("meeting", "de vive voix, lors d’une rencontre"),
                            ("phone", "au téléphone"),
                            ("paper", "par écrit, sur papier"),
                            ("mail", "par courriel"),
                            ("link", "par le lien que nous lui envoyons"),
                        ],
                        max_length=8,
                        verbose_name="comment l’accord est donné",
                    ),
                ),
                ("consent_on", models.DateField(blank=True, null=True, verbose_name="accord donné le")),
                ("proof", models.CharField(blank=True, max_length=200, verbose_name="où le retrouver")),
                ("confirmed_at", models.DateTimeField(editable=False, null=True, verbose_name="confirmé le")),
            ],
            options={
                "verbose_name": "abonnement à une liste",
            },
        ),
        migrations.CreateModel(
            name="ListWithdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("withdrawn_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "retrait d’une liste",
            },
        ),
        migrations.CreateModel(
            name="MailingList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="créée le")),
                ("changed_at", models.DateTimeField(auto_now_add=True, verbose_name="modifiée le")),
                ("reference", models.CharField(editable=False, max_length=24, verbose_name="référence")),
                ("name", models.CharField(max_length=160, verbose_name="nom")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="échéance")),
                ("notes", models.TextField(blank=True, max_length=4000, verbose_name="notes")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "ouverte"), ("closed", "fermée")],
                        default="open",
                        editable=False,
                        max_length=16,
                        verbose_name="état",
                    ),
                ),
                ("purpose", models.TextField(max_length=600, verbose_name="ce que reçoivent ses abonnés")),
            ],
            options={
                "verbose_name": "liste de diffusion",
            },
        ),
        migrations.RemoveConstraint(
            model_name="registerlink",
            name="register_link_one_end",
        ),
        migrations.RemoveConstraint(
            model_name="registerlink",
            name="register_link_once",
        ),
        migrations.AddField(
            model_name="registerlink",
            name="canton",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="institution.canton",
                verbose_name="canton",
            ),
        ),
        migrations.AddConstraint(
            model_name="registerlink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("canton__isnull", True),
                        ("committee__isnull", True),
                        ("directorate__isnull", True),
                        ("opinion__isnull", True),
                        ("referral__isnull", True),
                        ("sitting__isnull", False),
                        ("other_register", ""),
                        ("other_row", None),
                    ),
                    models.Q(
                        ("canton__isnull", True),
                        ("committee__isnull", True),
                        ("directorate__isnull", True),
                        ("opinion__isnull", True),
                        ("referral__isnull", False),
                        ("sitting__isnull", True),
                        ("other_register", ""),
                        ("other_row", None),
                    ),
                    models.Q(
                        ("canton__isnull", True),
                        ("committee__isnull", True),
                        ("directorate__isnull", True),
                        ("opinion__isnull", False),
                        ("referral__isnull", True),
                        ("sitting__isnull", True),
                        ("other_register", ""),
                        ("other_row", None),
                    ),
                    models.Q(
                        ("canton__isnull", True),
                        ("committee__isnull", True),
                        ("directorate__isnull", False),
                        ("opinion__isnull", True),
                        ("referral__isnull", True),
                        ("sitting__isnull", True),
                        ("other_register", ""),
                        ("other_row", None),
                    ),
                    models.Q(
                        ("canton__isnull", False),
                        ("committee__isnull", True),
                        ("directorate__isnull", True),
                        ("opinion__isnull", True),
                        ("referral__isnull", True),
                        ("sitting__isnull", True),
                        ("other_register", ""),
                        ("other_row", None),
                    ),
                    models.Q(
                        ("canton__isnull", True),
                        ("committee__isnull", False),
                        ("directorate__isnull", True),
                        ("opinion__isnull", True),
                        ("referral__isnull", True),
                        ("sitting__isnull", True),
                        ("other_register", ""),
                        ("other_row", None),
                    ),
                    models.Q(
                        ("canton__isnull", True),
                        ("committee__isnull", True),
                        ("directorate__isnull", True),
                        ("opinion__isnull", True),
                        ("referral__isnull", True),
                        ("sitting__isnull", True),
                        ("other_row__isnull", False),
                        models.Q(("other_register", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="register_link_one_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="registerlink",
            constraint=models.UniqueConstraint(
                fields=(
                    "register",
                    "row",
                    "sitting",
                    "referral",
                    "opinion",
                    "directorate",
                    "canton",
                    "committee",
                    "other_register",
                    "other_row",
                ),
                name="register_link_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddField(
            model_name="listmessage",
            name="assembly",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="institution.assembly",
            ),
        ),
        migrations.AddField(
            model_name="listmessage",
            name="changed_by",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="listmessage",
            name="created_by",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="listmessage",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="suivi par",
            ),
        ),
        migrations.AddField(
            model_name="listsubscriber",
            name="changed_by",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="listsubscriber",
            name="created_by",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="listsubscriber",
            name="partner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="mission.partner",
                verbose_name="partenaire",
            ),
        ),
        migrations.AddField(
            model_name="listsubscriber",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="identity.person",
                verbose_name="personne",
            ),
        ),
        migrations.AddField(
            model_name="mailinglist",
            name="assembly",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="institution.assembly",
            ),
        ),
        migrations.AddField(
            model_name="mailinglist",
            name="changed_by",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="mailinglist",
            name="created_by",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="mailinglist",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="suivi par",
            ),
        ),
        migrations.AddField(
            model_name="listwithdrawal",
            name="row",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="withdrawals", to="mission.mailinglist"
            ),
        ),
        migrations.AddField(
            model_name="listsubscriber",
            name="row",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="subscribers", to="mission.mailinglist"
            ),
        ),
        migrations.AddField(
            model_name="listmessage",
            name="mailing_list",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="messages",
                to="mission.mailinglist",
                verbose_name="liste",
            ),
        ),
        migrations.AddField(
            model_name="partnerdata",
            name="fresh_until",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    models.F("updated_on"),
                    models.F("renewed_every"),
                    arg_joiner=" + make_interval(months => ",
                    template="(%(expressions)s))::date",
                ),
                output_field=models.DateField(),
                verbose_name="à jour jusqu’au",
            ),
        ),
        migrations.AddIndex(
            model_name="mailinglist",
            index=models.Index(fields=["assembly", "name", "id"], name="mailing_list_by_name"),
        ),
        migrations.AddIndex(
            model_name="mailinglist",
            index=models.Index(fields=["assembly", "due_on"], name="mailing_list_by_day"),
        ),
        migrations.AddConstraint(
            model_name="mailinglist",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "closed"])), name="mailing_list_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="mailinglist",
            constraint=models.UniqueConstraint(fields=("assembly", "reference"), name="mailing_list_reference_once"),
        ),
        migrations.AddConstraint(
            model_name="listwithdrawal",
            constraint=models.UniqueConstraint(fields=("row", "digest"), name="list_withdrawal_once"),
        ),
        migrations.AddConstraint(
            model_name="listsubscriber",
            constraint=models.UniqueConstraint(fields=("row", "person"), name="list_subscriber_once"),
        ),
        migrations.AddConstraint(
            model_name="listsubscriber",
            constraint=models.CheckConstraint(
                condition=models.Q(("means__in", ["meeting", "phone", "paper", "mail", "link"])),
                name="list_subscriber_means_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="listsubscriber",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at", None), ("consent_on", None), ("means", "link")),
                    models.Q(("confirmed_at__isnull", False), ("consent_on__isnull", False)),
                    _connector="OR",
                ),
                name="list_subscriber_agreed",
                violation_error_code="consent_on",
                violation_error_message="Dites quel jour l’accord a été donné.",
            ),
        ),
        migrations.AddIndex(
            model_name="listmessage",
            index=models.Index(fields=["assembly", "name", "id"], name="list_message_by_name"),
        ),
        migrations.AddIndex(
            model_name="listmessage",
            index=models.Index(fields=["assembly", "due_on"], name="list_message_by_day"),
        ),
        migrations.AddConstraint(
            model_name="listmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "sent"])), name="list_message_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="listmessage",
            constraint=models.UniqueConstraint(fields=("assembly", "reference"), name="list_message_reference_once"),
        ),
        migrations.AddConstraint(
            model_name="listmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at__isnull", False), ("state", "sent")),
                    models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at", None)),
                    _connector="OR",
                ),
                name="list_message_sent_iff_sent",
            ),
        ),
    ]
