import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import migrations, models
from django.db.models import F, Q

import assembly.institution.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("identity", "0001_initial"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Assembly",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField("nom", max_length=160)),
                ("slug", models.SlugField(unique=True)),
                ("authority_name", models.CharField("collectivité", max_length=160)),
                ("siren", models.CharField("SIREN", blank=True, max_length=9)),
                ("logo_png", models.BinaryField(blank=True, null=True)),
                ("logo_digest", models.CharField(blank=True, editable=False, max_length=16)),
                (
                    "colour_main",
                    models.CharField(
                        "couleur principale",
                        default="#4B2A7B",
                        max_length=7,
                        validators=[RegexValidator("^#[0-9A-Fa-f]{6}$", "Écrivez une couleur comme #4B2A7B.")],
                    ),
                ),
                (
                    "colour_second",
                    models.CharField(
                        "seconde couleur",
                        default="#A8452E",
                        max_length=7,
                        validators=[RegexValidator("^#[0-9A-Fa-f]{6}$", "Écrivez une couleur comme #4B2A7B.")],
                    ),
                ),
                ("sender_name", models.CharField("nom de l’expéditeur", default="Assemblée citoyenne", max_length=80)),
                ("sender_email", models.EmailField("adresse d’expédition", max_length=254)),
                ("reply_email", models.EmailField("adresse de réponse", max_length=254)),
                ("contact_phone", models.CharField("téléphone d’aide", blank=True, max_length=30)),
                ("postal_address", models.TextField("adresse postale", blank=True, max_length=300)),
                (
                    "dpo_contact",
                    models.CharField("contact du délégué à la protection des données", blank=True, max_length=160),
                ),
            ],
            options={"verbose_name": "assemblée"},
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("assembly", models.ForeignKey("institution.assembly", models.PROTECT, related_name="terms")),
                ("number", models.PositiveSmallIntegerField("numéro")),
                ("name", models.CharField("nom", max_length=120)),
                ("starts_on", models.DateField("début")),
                ("ends_on", models.DateField("fin")),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("planned", "prévue"),
                            ("recruiting", "appel à candidatures"),
                            ("drawn", "tirée au sort"),
                            ("installed", "installée"),
                            ("active", "en cours"),
                            ("closing", "en clôture"),
                            ("closed", "close"),
                            ("archived", "archivée"),
                        ],
                        default="planned",
                        max_length=12,
                    ),
                ),
                (
                    "decision_reference",
                    models.CharField(
                        "délibération du Conseil",
                        blank=True,
                        help_text=(
                            "Référence de la délibération qui crée cette mandature. Il la faut avant l’appel à "
                            "candidatures."
                        ),
                        max_length=80,
                    ),
                ),
                ("seats", models.PositiveSmallIntegerField("sièges", default=108)),
                ("opinion_label", models.CharField("mot pour l’avis", default="avis", max_length=20)),
                ("notice_days", models.PositiveSmallIntegerField("délai de convocation, en jours", default=14)),
                ("papers_days", models.PositiveSmallIntegerField("délai d’envoi des documents, en jours", default=10)),
                (
                    "correction_days",
                    models.PositiveSmallIntegerField(
                        "délai pour demander une correction, en jours", default=10, validators=[MinValueValidator(1)]
                    ),
                ),
                ("minutes_days", models.PositiveSmallIntegerField("délai du compte rendu, en jours", default=15)),
                (
                    "answer_days",
                    models.PositiveSmallIntegerField("délai de réponse du Conseil, en jours", default=180),
                ),
                (
                    "follow_up_months",
                    models.PositiveSmallIntegerField(
                        "point demandé sur chaque suite donnée, en mois",
                        db_default=3,
                        default=3,
                        validators=[MinValueValidator(1), MaxValueValidator(12)],
                    ),
                ),
                (
                    "invitation_days",
                    models.PositiveSmallIntegerField(
                        "validité d’une invitation, en jours",
                        default=14,
                        validators=[MinValueValidator(1), MaxValueValidator(60)],
                    ),
                ),
                (
                    "quorum_rule",
                    models.CharField(
                        "règle de quorum",
                        choices=[
                            ("half", "la moitié des sièges pourvus"),
                            ("percent", "un pourcentage des sièges pourvus"),
                            ("none", "pas de quorum"),
                        ],
                        default="half",
                        max_length=8,
                    ),
                ),
                (
                    "quorum_percent",
                    models.PositiveSmallIntegerField(
                        "pourcentage du quorum", default=50, validators=[MinValueValidator(1), MaxValueValidator(100)]
                    ),
                ),
                (
                    "no_quorum_rule",
                    models.CharField(
                        "sans quorum",
                        choices=[
                            (
                                "second",
                                "la séance prend fin\xa0; une seconde, sur le même ordre du jour, décide sans quorum",
                            ),
                            ("adjourn", "la séance prend fin\xa0; une autre la remplace, et le quorum reste exigé"),
                            ("suspend", "la séance est suspendue jusqu’à ce que le quorum soit atteint"),
                        ],
                        db_default="second",
                        default="second",
                        max_length=8,
                    ),
                ),
                (
                    "quorum_source",
                    models.CharField("texte qui fixe le quorum", blank=True, db_default="", max_length=160),
                ),
                (
                    "majority_rule",
                    models.CharField(
                        "règle de majorité",
                        choices=[
                            ("simple", "majorité simple des votes exprimés"),
                            ("absolute_present", "majorité absolue des votants"),
                            ("absolute_members", "majorité absolue des membres"),
                            ("two_thirds", "deux tiers des votes exprimés"),
                            ("four_fifths", "quatre cinquièmes des votes exprimés"),
                        ],
                        default="simple",
                        max_length=20,
                    ),
                ),
                (
                    "has_casting_vote",
                    models.BooleanField("voix prépondérante de la présidence en cas d’égalité", default=False),
                ),
                (
                    "absence_alert",
                    models.PositiveSmallIntegerField("alerte après tant d’absences de suite", default=2),
                ),
                (
                    "replacement_cutoff_months",
                    models.PositiveSmallIntegerField("pas de remplacement dans les derniers mois", default=4),
                ),
                (
                    "logistics_retention_months",
                    models.PositiveSmallIntegerField(
                        "conservation des données de logistique après la fin, en mois", default=12
                    ),
                ),
                (
                    "notes_retention_months",
                    models.PositiveSmallIntegerField(
                        "conservation des notes prises en séance, en mois après la séance",
                        default=6,
                        validators=[MinValueValidator(1), MaxValueValidator(24)],
                    ),
                ),
                (
                    "candidates_retention_months",
                    models.PositiveSmallIntegerField("conservation des candidatures non retenues, en mois", default=6),
                ),
            ],
            options={
                "verbose_name": "mandature",
                "ordering": ["-starts_on"],
                "constraints": [
                    models.UniqueConstraint(fields=("assembly", "number"), name="term_number_once"),
                    models.CheckConstraint(
                        condition=Q(ends_on__gt=F("starts_on")),
                        name="term_ends_after_start",
                        violation_error_message="La fin doit venir après le début.",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            state__in=[
                                "planned",
                                "recruiting",
                                "drawn",
                                "installed",
                                "active",
                                "closing",
                                "closed",
                                "archived",
                            ]
                        ),
                        name="term_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Canton",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("assembly", models.ForeignKey("institution.assembly", models.PROTECT, related_name="cantons")),
                ("number", models.PositiveSmallIntegerField("numéro")),
                ("name", models.CharField("canton", max_length=80)),
                ("slug", models.SlugField()),
                ("seat_commune", models.CharField("bureau centralisateur", blank=True, max_length=80)),
                ("insee_code", models.CharField(blank=True, max_length=5)),
                ("postcode", models.CharField(blank=True, max_length=5)),
                ("kind", models.CharField("type de territoire", blank=True, max_length=40)),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("assembly", "number"), name="canton_number_once"),
                    models.UniqueConstraint(fields=("assembly", "slug"), name="canton_slug_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Committee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("term", models.ForeignKey("institution.term", models.PROTECT, related_name="committees")),
                (
                    "kind",
                    models.CharField(
                        "type",
                        choices=[
                            ("thematic", "commission thématique"),
                            ("territorial", "commission territoriale"),
                            ("working_group", "groupe de travail"),
                            ("cross_cutting", "groupe transversal"),
                            ("steering", "comité de pilotage"),
                            ("technical", "comité technique"),
                            ("follow_up", "comité de suivi"),
                            ("governance", "comité de gouvernance"),
                        ],
                        max_length=16,
                    ),
                ),
                ("name", models.CharField("nom", max_length=160)),
                ("slug", models.SlugField(max_length=80)),
                ("purpose", models.TextField("objet", blank=True, max_length=2000)),
                ("opened_on", models.DateField("créé le")),
                ("closed_on", models.DateField("clos le", blank=True, null=True)),
                ("cantons", models.ManyToManyField("institution.canton", blank=True, verbose_name="territoire")),
            ],
            options={
                "ordering": ["name__alphabetical"],
                "constraints": [
                    models.UniqueConstraint(fields=("term", "slug"), name="committee_slug_once"),
                    models.CheckConstraint(
                        condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                        name="committee_closed_after_opened",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CommitteeMembership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("committee", models.ForeignKey("institution.committee", models.PROTECT, related_name="memberships")),
                ("person", models.ForeignKey("identity.person", models.PROTECT, related_name="committee_memberships")),
                (
                    "function",
                    models.CharField(
                        "fonction",
                        choices=[
                            ("member", "membre"),
                            ("chair", "présidence"),
                            ("secretary", "secrétariat"),
                            ("rapporteur", "rapporteur·e"),
                            ("group_lead", "référent·e de groupe"),
                        ],
                        default="member",
                        max_length=12,
                    ),
                ),
                ("starts_on", models.DateField("du")),
                ("ends_on", models.DateField("au", blank=True, null=True)),
            ],
            options={
                "ordering": ["committee", "person__sort_name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="membership_ends_after_start"
                    ),
                    ExclusionConstraint(
                        expressions=[
                            ("committee", "="),
                            ("person", "="),
                            ("function", "="),
                            (
                                assembly.institution.models.DateRange("starts_on", "ends_on", models.Value("[]")),
                                "&&",
                            ),
                        ],
                        name="membership_no_overlap",
                        violation_error_message="Cette personne tient déjà cette fonction à ces dates.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Directorate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("assembly", models.ForeignKey("institution.assembly", models.PROTECT, related_name="directorates")),
                ("name", models.CharField("nom", max_length=160)),
                ("code", models.SlugField("sigle", max_length=20)),
                ("closed_on", models.DateField("close le", blank=True, null=True)),
                (
                    "successor",
                    models.ForeignKey(
                        "institution.directorate", models.PROTECT, blank=True, null=True, related_name="predecessors"
                    ),
                ),
            ],
            options={
                "verbose_name": "direction",
                "ordering": ["name__alphabetical"],
                "constraints": [models.UniqueConstraint(fields=("assembly", "code"), name="directorate_code_once")],
            },
        ),
        migrations.CreateModel(
            name="ReferenceCounter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("assembly", models.ForeignKey("institution.assembly", models.PROTECT, related_name="+")),
                ("series", models.CharField(max_length=40)),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("assembly", "series", "year"), name="reference_counter_once")
                ]
            },
        ),
        migrations.CreateModel(
            name="RoleAssignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("user", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="roles")),
                (
                    "role",
                    models.CharField(
                        "rôle",
                        choices=[
                            ("lead", "responsable de la mission"),
                            ("officer", "chargé·e de mission"),
                            ("facilitator", "animation (AMO)"),
                            ("member", "membre"),
                            ("dir_contact", "référent·e de direction"),
                            ("dir_approver", "directeur ou directrice"),
                            ("sponsor", "élu·e référent·e"),
                            ("president", "cabinet du président"),
                            ("witness", "commissaire de justice"),
                            ("dpo", "protection des données"),
                            ("archivist", "archives"),
                            ("admin", "administration technique"),
                        ],
                        max_length=14,
                    ),
                ),
                ("assembly", models.ForeignKey("institution.assembly", models.PROTECT, related_name="roles")),
                (
                    "term",
                    models.ForeignKey("institution.term", models.PROTECT, blank=True, null=True, related_name="roles"),
                ),
                (
                    "directorate",
                    models.ForeignKey(
                        "institution.directorate", models.PROTECT, blank=True, null=True, related_name="roles"
                    ),
                ),
                ("given_at", models.DateTimeField("donné le")),
                (
                    "given_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="roles_given"
                    ),
                ),
                ("ended_at", models.DateTimeField("retiré le", blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(
                            directorate=None,
                            role__in=["facilitator", "lead", "member", "officer", "president", "sponsor", "witness"],
                            term__isnull=False,
                        )
                        | Q(directorate__isnull=False, role__in=["dir_approver", "dir_contact"], term=None)
                        | Q(directorate=None, role__in=["admin", "archivist", "dpo"], term=None),
                        name="role_scope_matches",
                    ),
                    models.CheckConstraint(
                        condition=Q(given_by=None) | ~Q(given_by=F("user")), name="role_not_self_given"
                    ),
                    models.UniqueConstraint(
                        condition=Q(ended_at=None),
                        fields=("user", "role", "assembly", "term", "directorate"),
                        name="role_held_once",
                        nulls_distinct=False,
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("person", models.ForeignKey("identity.person", models.PROTECT, related_name="invitations")),
                ("email", models.EmailField("adresse électronique", blank=True, max_length=254)),
                (
                    "role",
                    models.CharField(
                        "rôle",
                        choices=[
                            ("lead", "responsable de la mission"),
                            ("officer", "chargé·e de mission"),
                            ("facilitator", "animation (AMO)"),
                            ("member", "membre"),
                            ("dir_contact", "référent·e de direction"),
                            ("dir_approver", "directeur ou directrice"),
                            ("sponsor", "élu·e référent·e"),
                            ("president", "cabinet du président"),
                            ("witness", "commissaire de justice"),
                            ("dpo", "protection des données"),
                            ("archivist", "archives"),
                            ("admin", "administration technique"),
                        ],
                        max_length=14,
                    ),
                ),
                ("assembly", models.ForeignKey("institution.assembly", models.PROTECT, related_name="invitations")),
                (
                    "term",
                    models.ForeignKey(
                        "institution.term", models.PROTECT, blank=True, null=True, related_name="invitations"
                    ),
                ),
                (
                    "directorate",
                    models.ForeignKey(
                        "institution.directorate", models.PROTECT, blank=True, null=True, related_name="invitations"
                    ),
                ),
                ("code_digest", models.CharField(max_length=64, unique=True)),
                (
                    "invited_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="invitations_sent"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField("valable jusqu’au")),
                ("accepted_at", models.DateTimeField("acceptée le", blank=True, null=True)),
                ("revoked_at", models.DateTimeField("retirée le", blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(
                            directorate=None,
                            role__in=["facilitator", "lead", "member", "officer", "president", "sponsor", "witness"],
                            term__isnull=False,
                        )
                        | Q(directorate__isnull=False, role__in=["dir_approver", "dir_contact"], term=None)
                        | Q(directorate=None, role__in=["admin", "archivist", "dpo"], term=None),
                        name="invitation_scope_matches",
                    ),
                    models.CheckConstraint(
                        condition=Q(accepted_at=None) | Q(revoked_at=None), name="invitation_accepted_or_revoked"
                    ),
                    models.UniqueConstraint(
                        condition=Q(accepted_at=None, revoked_at=None),
                        fields=("person", "role", "assembly", "term", "directorate"),
                        name="invitation_waiting_once",
                        nulls_distinct=False,
                    ),
                ]
            },
        ),
    ]
