import datetime
import uuid
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.expressions import CombinedExpression

import assembly.institution.models
import sessions.attendance.models

SQL = Path(__file__).parent


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("documents", "0001_initial"),
        ("identity", "0001_initial"),
        ("institution", "0001_initial"),
        ("members", "0001_initial"),
        ("notifications", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Sitting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("term", models.ForeignKey("institution.term", models.PROTECT, related_name="sittings")),
                (
                    "kind",
                    models.CharField(
                        "type",
                        choices=[
                            ("plenary", "séance plénière"),
                            ("thematic", "séance thématique"),
                            ("committee", "réunion de comité"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "committee",
                    models.ForeignKey(
                        "institution.committee",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="sittings",
                        verbose_name="comité",
                    ),
                ),
                ("reference", models.CharField("référence", max_length=30)),
                ("title", models.CharField("titre", max_length=200)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("planned", "Planifiée"),
                            ("notified", "Convoquée"),
                            ("confirmed", "Confirmée"),
                            ("open", "Ouverte"),
                            ("suspended", "Suspendue"),
                            ("closed", "Tenue"),
                            ("minuted", "Compte rendu fait"),
                            ("archived", "Archivée"),
                            ("postponed", "Reportée"),
                            ("cancelled", "Annulée"),
                            ("not_quorate", "Sans quorum"),
                            ("reconvened", "Convoquée de nouveau"),
                            ("not_held", "N’a pas eu lieu"),
                        ],
                        default="planned",
                        max_length=12,
                    ),
                ),
                ("starts_at", models.DateTimeField("début")),
                ("ends_at", models.DateTimeField("fin")),
                ("break_starts_at", models.DateTimeField("début de la pause", blank=True, null=True)),
                ("break_ends_at", models.DateTimeField("fin de la pause", blank=True, null=True)),
                ("place_name", models.CharField("lieu", blank=True, max_length=160)),
                ("place_address", models.CharField("adresse", blank=True, max_length=240)),
                ("access_note", models.CharField("accès", blank=True, max_length=400)),
                ("video_link", models.URLField("lien de visioconférence", blank=True)),
                ("message", models.TextField("message aux personnes convoquées", blank=True, max_length=2000)),
                ("offers_meal", models.BooleanField("repas proposé", default=False)),
                ("offers_childcare", models.BooleanField("garde d’enfants proposée", default=False)),
                ("offers_transport", models.BooleanField("aide au transport proposée", default=False)),
                ("is_public", models.BooleanField("annoncée au public", default=True)),
                (
                    "chair",
                    models.ForeignKey(
                        "identity.person",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="présidence",
                    ),
                ),
                (
                    "secretary",
                    models.ForeignKey(
                        "identity.person",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="secrétariat",
                    ),
                ),
                ("is_quorum_required", models.BooleanField("quorum exigé", default=True)),
                (
                    "follows",
                    models.ForeignKey(
                        "sittings.sitting",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="followed_by",
                        verbose_name="fait suite à",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        "motif du report, de l’annulation ou de l’empêchement", blank=True, max_length=300
                    ),
                ),
                ("notified_at", models.DateTimeField("convoquée le", blank=True, null=True)),
                ("opened_at", models.DateTimeField("ouverte à", blank=True, null=True)),
                ("closed_at", models.DateTimeField("close à", blank=True, null=True)),
                ("recorded_at", models.DateTimeField("heures relevées le", blank=True, null=True)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="heures relevées par",
                    ),
                ),
                ("hours_reason", models.CharField("pourquoi d’autres heures", blank=True, max_length=300)),
                (
                    "officer",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="suivie par"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "séance",
                "ordering": ["-starts_at", "-pk"],
                "indexes": [models.Index(fields=["term", "-starts_at", "-id"], name="sitting_by_term")],
                "constraints": [
                    models.UniqueConstraint(fields=("term", "reference"), name="sitting_reference_once"),
                    models.CheckConstraint(
                        condition=Q(ends_at__gt=F("starts_at")),
                        name="sitting_ends_after_start",
                        violation_error_message="La fin doit venir après le début.",
                    ),
                    models.CheckConstraint(
                        condition=Q(break_ends_at=None, break_starts_at=None)
                        | Q(
                            break_ends_at__gt=F("break_starts_at"),
                            break_starts_at__gt=F("starts_at"),
                            ends_at__gt=F("break_ends_at"),
                        ),
                        name="sitting_break_inside",
                        violation_error_message="La pause doit commencer et finir pendant la séance.",
                    ),
                    models.CheckConstraint(
                        condition=Q(committee=None, kind="plenary") | Q(~Q(kind="plenary"), committee__isnull=False),
                        name="sitting_plenary_iff_no_committee",
                        violation_error_message="Choisissez le comité, sauf pour une plénière.",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            state__in=[
                                "planned",
                                "notified",
                                "confirmed",
                                "open",
                                "suspended",
                                "closed",
                                "minuted",
                                "archived",
                                "postponed",
                                "cancelled",
                                "not_quorate",
                                "reconvened",
                                "not_held",
                            ]
                        ),
                        name="sitting_state_known",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state__in=["closed", "minuted", "archived"])
                        | Q(closed_at__isnull=False, opened_at__isnull=False),
                        name="sitting_held_iff_opened_and_closed",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state__in=["open", "suspended"]) | Q(closed_at=None, opened_at__isnull=False),
                        name="sitting_open_has_opened_at",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state__in=["postponed", "cancelled", "not_held"]) | ~Q(reason=""),
                        name="sitting_stopped_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            opened_at__isnull=False,
                            state__in=[
                                "open",
                                "suspended",
                                "closed",
                                "minuted",
                                "archived",
                                "not_quorate",
                                "reconvened",
                            ],
                        )
                        | Q(
                            ~Q(
                                state__in=[
                                    "open",
                                    "suspended",
                                    "closed",
                                    "minuted",
                                    "archived",
                                    "not_quorate",
                                    "reconvened",
                                ]
                            ),
                            closed_at=None,
                            opened_at=None,
                        ),
                        name="sitting_opened_iff_it_began",
                    ),
                    models.CheckConstraint(
                        condition=Q(opened_at=None)
                        | Q(
                            opened_at__gte=CombinedExpression(
                                F("starts_at"), "-", models.Value(datetime.timedelta(seconds=43200))
                            ),
                            opened_at__lte=CombinedExpression(
                                F("ends_at"), "+", models.Value(datetime.timedelta(days=1, seconds=43200))
                            ),
                        ),
                        name="sitting_opened_on_its_day",
                    ),
                    models.CheckConstraint(
                        condition=Q(closed_at=None)
                        | Q(
                            closed_at__gt=F("opened_at"),
                            closed_at__lte=CombinedExpression(
                                F("ends_at"), "+", models.Value(datetime.timedelta(days=1, seconds=43200))
                            ),
                        ),
                        name="sitting_closed_on_its_day",
                    ),
                    models.CheckConstraint(
                        condition=Q(recorded_at=None, recorded_by=None)
                        | Q(
                            recorded_at__gte=F("closed_at"),
                            recorded_by__isnull=False,
                            state__in=["closed", "minuted", "archived", "not_quorate", "reconvened"],
                        ),
                        name="sitting_recorded_once_ended",
                    ),
                    models.CheckConstraint(
                        condition=Q(recorded_at=None) | ~Q(hours_reason="") | Q(closed_at__lte=F("ends_at")),
                        name="sitting_other_hours_have_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SittingTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("term", models.ForeignKey("institution.term", models.PROTECT, related_name="sitting_templates")),
                ("name", models.CharField("nom du modèle", max_length=120)),
                (
                    "kind",
                    models.CharField(
                        "type",
                        choices=[
                            ("plenary", "séance plénière"),
                            ("thematic", "séance thématique"),
                            ("committee", "réunion de comité"),
                        ],
                        max_length=10,
                    ),
                ),
                ("agenda", models.JSONField(default=list)),
                ("offers_meal", models.BooleanField(default=False)),
                ("offers_childcare", models.BooleanField(default=False)),
                ("offers_transport", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["name__alphabetical"],
                "constraints": [models.UniqueConstraint(fields=("term", "name"), name="sitting_template_name_once")],
            },
        ),
        migrations.CreateModel(
            name="Invitee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("sitting", models.ForeignKey("sittings.sitting", models.PROTECT, related_name="invitees")),
                ("person", models.ForeignKey("identity.person", models.PROTECT, related_name="sitting_invitations")),
                (
                    "is_member",
                    models.BooleanField(
                        "membre de l’instance",
                        default=True,
                        help_text="Compte pour le quorum et vote ; les autres sont invités.",
                    ),
                ),
                ("capacity", models.CharField("qualité", blank=True, max_length=160)),
                (
                    "reply",
                    models.CharField(
                        "réponse",
                        choices=[
                            ("invited", "Sans réponse"),
                            ("will_attend", "Vient"),
                            ("will_not", "Ne vient pas"),
                            ("maybe", "Ne sait pas encore"),
                        ],
                        default="invited",
                        max_length=12,
                    ),
                ),
                ("replied_at", models.DateTimeField("répondu le", blank=True, null=True)),
                (
                    "replied_via",
                    models.CharField(
                        "par",
                        blank=True,
                        choices=[
                            ("link", "par le lien du courriel"),
                            ("account", "dans son espace"),
                            ("phone", "par téléphone"),
                            ("paper", "sur papier"),
                            ("desk", "à l’accueil"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "reply_recorded_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("wants_meal", models.BooleanField("repas", default=False)),
                ("diet", models.CharField("régime alimentaire", blank=True, max_length=120)),
                ("children", models.PositiveSmallIntegerField("enfants à garder", default=0)),
                ("children_ages", models.CharField("âges des enfants", blank=True, max_length=60)),
                ("transport", models.CharField("transport", blank=True, max_length=200)),
                ("needs", models.CharField("besoins pour cette séance", blank=True, max_length=300)),
                (
                    "absence",
                    models.CharField(
                        "absence",
                        blank=True,
                        choices=[
                            ("", "non renseignée"),
                            ("excused", "excusé·e"),
                            ("absent", "absent·e"),
                            ("represented", "représenté·e"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("absence_reason", models.CharField("motif", blank=True, max_length=160)),
                ("link_version", models.PositiveSmallIntegerField(default=1, editable=False)),
                (
                    "is_absence_derived",
                    models.BooleanField(
                        "absence déduite de la réponse",
                        default=False,
                        help_text="Notée par la clôture, non par une personne.",
                    ),
                ),
                ("withdrawn_at", models.DateTimeField("n’est plus convoqué·e depuis", blank=True, null=True)),
            ],
            options={
                "verbose_name": "personne convoquée",
                "constraints": [
                    models.UniqueConstraint(fields=("sitting", "person"), name="invitee_once"),
                    models.CheckConstraint(
                        condition=Q(replied_at=None, reply="invited")
                        | Q(~Q(reply="invited"), replied_at__isnull=False),
                        name="invitee_replied_iff_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sitting", models.ForeignKey("sittings.sitting", models.PROTECT, related_name="notices")),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        "type",
                        choices=[
                            ("first", "convocation"),
                            ("changed", "convocation modifiée"),
                            ("postponed", "report"),
                            ("cancelled", "annulation"),
                            ("second", "seconde convocation, sans quorum"),
                        ],
                        max_length=10,
                    ),
                ),
                ("issued_at", models.DateTimeField("envoyée le")),
                ("issued_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("snapshot", models.JSONField()),
                ("changes", models.JSONField(default=list)),
                (
                    "distribution",
                    models.ForeignKey("notifications.distribution", models.PROTECT, null=True, related_name="+"),
                ),
            ],
            options={
                "verbose_name": "convocation",
                "ordering": ["sitting", "number"],
                "constraints": [models.UniqueConstraint(fields=("sitting", "number"), name="notice_number_once")],
            },
        ),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("user", models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="calendar_feed")),
                ("version", models.PositiveIntegerField(default=1)),
                ("is_open", models.BooleanField(default=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
            ],
            options={"verbose_name": "agenda personnel"},
        ),
        migrations.CreateModel(
            name="AbsenceCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mandate", models.ForeignKey("members.mandate", models.PROTECT, related_name="+")),
                ("since", models.ForeignKey("sittings.sitting", models.PROTECT, related_name="+")),
                ("latest", models.ForeignKey("sittings.sitting", models.PROTECT, related_name="+")),
                ("absences", models.PositiveSmallIntegerField("absences de suite")),
                ("excused", models.PositiveSmallIntegerField("dont excusées", default=0)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("raised", "À décider"),
                            ("warned", "Message envoyé"),
                            ("dismissed", "Classée sans suite"),
                            ("procedure", "Procédure en cours"),
                            ("ended", "Mandat terminé"),
                            ("lifted", "Sans objet"),
                        ],
                        default="raised",
                        max_length=10,
                    ),
                ),
                ("raised_at", models.DateTimeField("signalée le")),
                ("decided_at", models.DateTimeField("décidée le", blank=True, null=True)),
                ("reason", models.TextField("motif", blank=True, max_length=1000)),
                ("answer_by", models.DateField("observations attendues avant le", blank=True, null=True)),
                ("answer", models.TextField("observations du membre", blank=True, max_length=4000)),
                ("answered_on", models.DateField("reçues le", blank=True, null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
            ],
            options={
                "verbose_name": "absences répétées",
                "ordering": ["-raised_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("mandate", "since"), name="absence_case_once"),
                    models.UniqueConstraint(
                        condition=Q(state="procedure"), fields=("mandate",), name="absence_case_one_procedure"
                    ),
                    models.CheckConstraint(
                        condition=Q(state__in=["raised", "warned", "dismissed", "procedure", "ended", "lifted"]),
                        name="absence_case_state_known",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state__in=["procedure", "ended"]) | Q(answer_by__isnull=False),
                        name="absence_case_procedure_has_deadline",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state="dismissed") | ~Q(reason=""), name="absence_case_dismissed_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=Q(answer="", answered_on=None) | Q(~Q(answer=""), answered_on__isnull=False),
                        name="absence_case_answer_has_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sitting", models.ForeignKey("sittings.sitting", models.PROTECT, related_name="agenda")),
                (
                    "parent",
                    models.ForeignKey(
                        "sittings.agendaitem", models.PROTECT, blank=True, null=True, related_name="children"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("title", models.CharField("titre", max_length=240)),
                (
                    "kind",
                    models.CharField(
                        "nature",
                        choices=[
                            ("opening", "ouverture"),
                            ("minutes_approval", "approbation d’un procès-verbal"),
                            ("information", "information"),
                            ("discussion", "échange"),
                            ("vote", "vote"),
                            ("actions", "suivi des actions"),
                            ("break", "pause"),
                            ("other", "questions diverses"),
                        ],
                        default="discussion",
                        max_length=18,
                    ),
                ),
                ("minutes", models.PositiveSmallIntegerField("durée, en minutes", default=15)),
                ("speaker", models.CharField("intervenant·e", blank=True, max_length=160)),
                (
                    "speaker_person",
                    models.ForeignKey("identity.person", models.PROTECT, blank=True, null=True, related_name="+"),
                ),
                ("note", models.TextField("présentation", blank=True, max_length=2000)),
                (
                    "is_internal",
                    models.BooleanField(
                        "point interne", default=False, help_text="Vu de l’équipe seulement, absent de la convocation."
                    ),
                ),
                ("topic_type", models.CharField(blank=True, max_length=80)),
                ("topic_id", models.CharField(blank=True, max_length=40)),
                ("opened_at", models.DateTimeField("ouvert à", blank=True, null=True)),
                ("closed_at", models.DateTimeField("clos à", blank=True, null=True)),
                ("removed_at", models.DateTimeField("retiré le", blank=True, null=True)),
            ],
            options={
                "verbose_name": "point de l’ordre du jour",
                "ordering": ["sitting", "position", "pk"],
                "indexes": [models.Index(fields=["sitting", "position"], name="agenda_item_order")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(parent=None) | ~Q(parent=F("pk")), name="agenda_item_not_own_parent"
                    ),
                    models.CheckConstraint(
                        condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at"), opened_at__isnull=False),
                        name="agenda_item_closed_after_opened",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgendaDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sitting", models.ForeignKey("sittings.sitting", models.PROTECT, related_name="papers")),
                (
                    "item",
                    models.ForeignKey(
                        "sittings.agendaitem", models.PROTECT, blank=True, null=True, related_name="papers"
                    ),
                ),
                ("upload", models.ForeignKey("documents.upload", models.PROTECT, related_name="+")),
                ("title", models.CharField("titre", max_length=200)),
                ("is_internal", models.BooleanField("réservé à l’équipe", default=False)),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={"verbose_name": "pièce", "ordering": ["sitting", "item", "pk"]},
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("invitee", models.ForeignKey("sittings.invitee", models.PROTECT, related_name="stays")),
                ("arrived_at", models.DateTimeField("arrivée")),
                ("left_at", models.DateTimeField("départ", blank=True, null=True)),
                (
                    "mode",
                    models.CharField(
                        "mode",
                        choices=[("room", "dans la salle"), ("remote", "à distance")],
                        default="room",
                        max_length=6,
                    ),
                ),
                (
                    "via",
                    models.CharField(
                        "source",
                        choices=[
                            ("link", "par le lien du courriel"),
                            ("account", "dans son espace"),
                            ("phone", "par téléphone"),
                            ("paper", "sur papier"),
                            ("desk", "à l’accueil"),
                        ],
                        default="desk",
                        max_length=10,
                    ),
                ),
                ("hours_reason", models.CharField("pourquoi hors de la séance", blank=True, max_length=160)),
                ("recorded_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                ("voided_at", models.DateTimeField("annulé le", blank=True, null=True)),
            ],
            options={
                "verbose_name": "présence",
                "ordering": ["arrived_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(left_at=None) | Q(left_at__gt=F("arrived_at")),
                        name="attendance_left_after_arrived",
                        violation_error_message="Le départ doit venir après l’arrivée.",
                    ),
                    ExclusionConstraint(
                        condition=Q(voided_at=None),
                        expressions=[
                            ("invitee", "="),
                            (
                                sessions.attendance.models.MomentRange("arrived_at", "left_at", models.Value("[)")),
                                "&&",
                            ),
                        ],
                        name="attendance_no_overlap",
                        violation_error_message="Cette personne est déjà notée présente à ces heures.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ballot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("present", models.PositiveSmallIntegerField("membres présents", blank=True, null=True)),
                ("quorum", models.PositiveSmallIntegerField("quorum nécessaire", blank=True, null=True)),
                ("agenda_item", models.ForeignKey("sittings.agendaitem", models.PROTECT, related_name="ballots")),
                ("question", models.CharField("question", max_length=400)),
                ("method", models.CharField("mode", choices=[("hand", "à main levée")], default="hand", max_length=8)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("prepared", "préparé"),
                            ("open", "ouvert"),
                            ("closed", "clos"),
                            ("counted", "compté"),
                            ("proclaimed", "proclamé"),
                            ("cancelled", "annulé"),
                        ],
                        default="prepared",
                        max_length=10,
                    ),
                ),
                (
                    "majority_rule",
                    models.CharField(
                        "majorité",
                        choices=[
                            ("simple", "majorité simple des votes exprimés"),
                            ("absolute_present", "majorité absolue des votants"),
                            ("absolute_members", "majorité absolue des membres"),
                            ("two_thirds", "deux tiers des votes exprimés"),
                            ("four_fifths", "quatre cinquièmes des votes exprimés"),
                        ],
                        max_length=20,
                    ),
                ),
                ("votes_for", models.PositiveSmallIntegerField("pour", blank=True, null=True)),
                ("votes_against", models.PositiveSmallIntegerField("contre", blank=True, null=True)),
                ("abstentions", models.PositiveSmallIntegerField("abstention", blank=True, null=True)),
                ("no_opinion", models.PositiveSmallIntegerField("ne se prononce pas", blank=True, null=True)),
                ("is_advisory", models.BooleanField("vote indicatif", db_default=False, default=False)),
                (
                    "present_invitees",
                    ArrayField(base_field=models.BigIntegerField(), blank=True, editable=False, null=True),
                ),
                ("members_in_office", models.PositiveSmallIntegerField("membres en exercice", blank=True, null=True)),
                (
                    "result",
                    models.CharField(
                        "résultat", blank=True, choices=[("adopted", "adopté"), ("rejected", "rejeté")], max_length=8
                    ),
                ),
                (
                    "counted_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("first_counter", models.CharField("premier compteur", blank=True, max_length=160)),
                ("second_counter", models.CharField("second compteur", blank=True, max_length=160)),
                ("casting_vote_for", models.BooleanField("voix prépondérante pour, en cas d’égalité", default=False)),
                ("counted_at", models.DateTimeField("heure du vote", blank=True, null=True)),
                ("proclaimed_at", models.DateTimeField("proclamé à", blank=True, null=True)),
                ("upheld_at", models.DateTimeField("maintenu le", blank=True, null=True)),
                (
                    "upheld_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("upheld_reason", models.CharField("motif du maintien", blank=True, db_default="", max_length=1000)),
            ],
            options={
                "verbose_name": "scrutin",
                "ordering": ["agenda_item__position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(
                            abstentions__isnull=False,
                            counted_at__isnull=False,
                            no_opinion__isnull=False,
                            present__isnull=False,
                            state__in=["counted", "proclaimed"],
                            votes_against__isnull=False,
                            votes_for__isnull=False,
                        )
                        | Q(
                            ~Q(state__in=["counted", "proclaimed"]),
                            abstentions=None,
                            counted_at=None,
                            no_opinion=None,
                            votes_against=None,
                            votes_for=None,
                        ),
                        name="ballot_counts_iff_counted",
                    ),
                    models.CheckConstraint(
                        condition=Q(("state__in", ["counted", "proclaimed"]), ~Q(result=""))
                        | Q(~Q(state__in=["counted", "proclaimed"]), result=""),
                        name="ballot_result_iff_counted",
                    ),
                    models.CheckConstraint(
                        condition=Q(votes_for=None)
                        | Q(
                            present__gte=CombinedExpression(
                                CombinedExpression(
                                    CombinedExpression(F("votes_for"), "+", F("votes_against")), "+", F("abstentions")
                                ),
                                "+",
                                F("no_opinion"),
                            )
                        ),
                        name="ballot_votes_within_present",
                        violation_error_message="Il y a plus de votes que de membres présents.",
                    ),
                    models.CheckConstraint(
                        condition=Q(quorum=None) | Q(present__gte=F("quorum"), present__isnull=False),
                        name="ballot_quorum_met",
                        violation_error_message="Le quorum n’est pas atteint.",
                    ),
                    models.CheckConstraint(
                        condition=Q(quorum=None) | Q(is_advisory=False, state__in=["counted", "proclaimed"]),
                        name="ballot_quorum_iff_counted",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state__in=["counted", "proclaimed"])
                        | Q(~Q(first_counter=""), ~Q(second_counter=""), ~Q(first_counter=F("second_counter"))),
                        name="ballot_two_counters_iff_counted",
                        violation_error_message="Deux personnes différentes comptent les voix.",
                    ),
                    models.CheckConstraint(
                        condition=Q(proclaimed_at__isnull=False, state="proclaimed")
                        | Q(~Q(state="proclaimed"), proclaimed_at=None),
                        name="ballot_proclaimed_at_iff_proclaimed",
                    ),
                    models.CheckConstraint(
                        condition=Q(upheld_at=None, upheld_by=None, upheld_reason="")
                        | Q(
                            ("state", "proclaimed"),
                            ("upheld_at__isnull", False),
                            ("upheld_by__isnull", False),
                            ~Q(upheld_reason=""),
                        ),
                        name="ballot_upheld_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("present", models.PositiveSmallIntegerField("membres présents", blank=True, null=True)),
                ("quorum", models.PositiveSmallIntegerField("quorum nécessaire", blank=True, null=True)),
                ("sitting", models.ForeignKey("sittings.sitting", models.PROTECT, related_name="decisions")),
                ("agenda_item", models.ForeignKey("sittings.agendaitem", models.PROTECT, related_name="decisions")),
                ("number", models.PositiveSmallIntegerField()),
                ("reference", models.CharField("référence", max_length=40)),
                ("text", models.TextField("décision", max_length=2000)),
                (
                    "mode",
                    models.CharField(
                        "mode",
                        choices=[("consent", "sans vote, aucune objection"), ("ballot", "par un vote")],
                        default="consent",
                        max_length=8,
                    ),
                ),
                (
                    "ballot",
                    models.OneToOneField(
                        "sittings.ballot", models.PROTECT, blank=True, null=True, related_name="decision"
                    ),
                ),
                ("withdrawn_at", models.DateTimeField("retirée le", blank=True, null=True)),
            ],
            options={
                "verbose_name": "décision",
                "ordering": ["sitting", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("sitting", "number"), name="decision_number_once"),
                    models.CheckConstraint(
                        condition=Q(quorum=None) | Q(present__gte=F("quorum"), present__isnull=False),
                        name="decision_quorum_met",
                        violation_error_message="Le quorum n’est pas atteint.",
                    ),
                    models.CheckConstraint(
                        condition=Q(ballot__isnull=False, mode="ballot") | Q(~Q(mode="ballot"), ballot=None),
                        name="decision_ballot_iff_voted",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ActionItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sitting", models.ForeignKey("sittings.sitting", models.PROTECT, related_name="actions")),
                (
                    "agenda_item",
                    models.ForeignKey(
                        "sittings.agendaitem", models.PROTECT, blank=True, null=True, related_name="actions"
                    ),
                ),
                ("text", models.CharField("action", max_length=400)),
                (
                    "owner",
                    models.ForeignKey(
                        "identity.person",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="responsable",
                    ),
                ),
                ("owner_text", models.CharField("responsable, en toutes lettres", blank=True, max_length=160)),
                ("due_on", models.DateField("pour le", blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[("open", "à faire"), ("done", "faite"), ("dropped", "abandonnée")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("closed_at", models.DateTimeField("close le", blank=True, null=True)),
                ("outcome", models.CharField("suite donnée", blank=True, max_length=300)),
            ],
            options={
                "verbose_name": "action à suivre",
                "ordering": ["due_on", "pk"],
                "indexes": [models.Index(fields=["owner", "state"], name="action_by_owner")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(closed_at=None, state="open") | Q(~Q(state="open"), closed_at__isnull=False),
                        name="action_closed_at_iff_closed",
                    ),
                    models.CheckConstraint(
                        condition=Q(owner__isnull=False) | ~Q(owner_text=""),
                        name="action_has_owner",
                        violation_error_message="Dites qui s’en charge.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExpenseRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("term", models.ForeignKey("institution.term", models.PROTECT, related_name="+")),
                (
                    "kind",
                    models.CharField(
                        "nature",
                        choices=[
                            ("km", "trajet en voiture"),
                            ("ticket", "billet ou titre de transport"),
                            ("meal", "repas"),
                            ("childcare", "garde d’enfants ou d’un proche"),
                            ("lodging", "nuit d’hôtel"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        "montant par unité, en euros",
                        decimal_places=3,
                        max_digits=7,
                        validators=[MinValueValidator(Decimal("0.001"))],
                    ),
                ),
                (
                    "is_flat",
                    models.BooleanField(
                        "forfait, sans justificatif",
                        default=False,
                        help_text=(
                            "Sinon le montant est un plafond : la personne est remboursée de ce qu’elle a "
                            "payé, justifié."
                        ),
                    ),
                ),
                ("valid_from", models.DateField("du")),
                ("valid_to", models.DateField("au", blank=True, null=True)),
                ("decision_reference", models.CharField("délibération du Conseil", max_length=80)),
                ("decided_on", models.DateField("délibérée le")),
            ],
            options={
                "verbose_name": "taux",
                "ordering": ["kind", "-valid_from"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(kind__in=["km", "ticket", "meal", "childcare", "lodging"]),
                        name="expense_rate_kind_known",
                    ),
                    models.CheckConstraint(condition=Q(amount__gt=0), name="expense_rate_positive"),
                    models.CheckConstraint(
                        condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                        name="expense_rate_ends_after_start",
                        violation_error_message="La fin doit venir après le début.",
                    ),
                    models.CheckConstraint(
                        condition=~Q(decision_reference=""),
                        name="expense_rate_has_decision",
                        violation_error_message="Donnez la délibération qui fixe ce taux.",
                    ),
                    ExclusionConstraint(
                        expressions=[
                            ("term", "="),
                            ("kind", "="),
                            (
                                assembly.institution.models.DateRange("valid_from", "valid_to", models.Value("[]")),
                                "&&",
                            ),
                        ],
                        name="expense_rate_no_overlap",
                        violation_error_message="Un autre taux de la même nature vaut déjà à ces dates.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExpenseBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("term", models.ForeignKey("institution.term", models.PROTECT, related_name="+")),
                ("reference", models.CharField("référence", max_length=30)),
                ("made_at", models.DateTimeField("transmis le")),
                ("made_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("count", models.PositiveIntegerField("demandes")),
                ("total", models.DecimalField("total", decimal_places=2, max_digits=10)),
            ],
            options={
                "verbose_name": "lot de remboursements",
                "ordering": ["-made_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("term", "reference"), name="expense_batch_reference_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ExpenseClaim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("term", models.ForeignKey("institution.term", models.PROTECT, related_name="+")),
                ("invitee", models.ForeignKey("sittings.invitee", models.PROTECT, related_name="expense_claims")),
                ("reference", models.CharField("référence", max_length=30)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("draft", "Brouillon"),
                            ("submitted", "À contrôler"),
                            ("returned", "À compléter"),
                            ("checked", "Contrôlée"),
                            ("sent", "Transmise aux finances"),
                            ("paid", "Payée"),
                            ("refused", "Refusée"),
                            ("withdrawn", "Retirée"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                (
                    "via",
                    models.CharField(
                        "reçue",
                        choices=[
                            ("link", "par le lien du courriel"),
                            ("account", "dans son espace"),
                            ("phone", "par téléphone"),
                            ("paper", "sur papier"),
                            ("desk", "à l’accueil"),
                        ],
                        default="account",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField("commencée le", auto_now_add=True)),
                ("created_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("submitted_at", models.DateTimeField("envoyée le", blank=True, null=True)),
                (
                    "submitted_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("checked_at", models.DateTimeField("contrôlée le", blank=True, null=True)),
                ("closed_at", models.DateTimeField("close le", blank=True, null=True)),
                ("reason", models.TextField("motif", blank=True, max_length=1000)),
                (
                    "batch",
                    models.ForeignKey(
                        "sittings.expensebatch", models.PROTECT, blank=True, null=True, related_name="claims"
                    ),
                ),
                ("paid_on", models.DateField("payée le", blank=True, null=True)),
                ("payment_reference", models.CharField("référence du paiement", blank=True, max_length=80)),
            ],
            options={
                "verbose_name": "demande de remboursement",
                "ordering": ["-created_at", "-pk"],
                "indexes": [models.Index(fields=["term", "state"], name="expense_claim_term_state")],
                "constraints": [
                    models.UniqueConstraint(fields=("term", "reference"), name="expense_claim_reference_once"),
                    models.UniqueConstraint(
                        condition=~Q(state__in=("refused", "withdrawn")),
                        fields=("invitee",),
                        name="expense_claim_one_per_sitting",
                        violation_error_message="Une demande existe déjà pour cette séance.",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            state__in=[
                                "draft",
                                "submitted",
                                "returned",
                                "checked",
                                "sent",
                                "paid",
                                "refused",
                                "withdrawn",
                            ]
                        ),
                        name="expense_claim_state_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(state__in=["draft", "withdrawn"]) | Q(submitted_at__isnull=False),
                        name="expense_claim_submitted",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state__in=["checked", "sent", "paid"]) | Q(checked_at__isnull=False),
                        name="expense_claim_checked",
                    ),
                    models.CheckConstraint(
                        condition=Q(batch__isnull=False, state__in=("sent", "paid"))
                        | Q(state="refused")
                        | Q(~Q(state__in=["sent", "paid", "refused"]), batch=None),
                        name="expense_claim_batch_iff_sent",
                    ),
                    models.CheckConstraint(
                        condition=Q(("paid_on__isnull", False), ("state", "paid"), ~Q(payment_reference=""))
                        | Q(~Q(state="paid"), paid_on=None, payment_reference=""),
                        name="expense_claim_paid_has_day",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state__in=["returned", "refused"]) | ~Q(reason=""),
                        name="expense_claim_answered_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=Q(closed_at__isnull=False, state__in=["refused", "withdrawn", "paid"])
                        | Q(~Q(state__in=["refused", "withdrawn", "paid"]), closed_at=None),
                        name="expense_claim_closed_has_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExpenseLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("claim", models.ForeignKey("sittings.expenseclaim", models.PROTECT, related_name="lines")),
                ("rate", models.ForeignKey("sittings.expenserate", models.PROTECT, related_name="lines")),
                ("label", models.CharField("précision", blank=True, max_length=120)),
                (
                    "quantity",
                    models.DecimalField(
                        "nombre",
                        decimal_places=2,
                        max_digits=6,
                        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal("2000"))],
                    ),
                ),
                (
                    "cost",
                    models.DecimalField(
                        "somme payée",
                        blank=True,
                        decimal_places=2,
                        max_digits=7,
                        null=True,
                        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal("10000"))],
                    ),
                ),
                ("amount", models.DecimalField("remboursé", decimal_places=2, max_digits=9)),
                (
                    "voucher",
                    models.ForeignKey(
                        "documents.upload",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="justificatif",
                    ),
                ),
            ],
            options={
                "verbose_name": "dépense",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(condition=Q(quantity__gt=0), name="expense_line_quantity_positive"),
                    models.CheckConstraint(condition=Q(amount__gte=0), name="expense_line_amount_positive"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Minutes",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sitting", models.OneToOneField("sittings.sitting", models.PROTECT, related_name="minutes")),
                (
                    "kind",
                    models.CharField(
                        "type", choices=[("report", "compte rendu"), ("formal", "procès-verbal")], max_length=8
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("draft", "En rédaction"),
                            ("internal_check", "En contrôle interne"),
                            ("validated", "Validé"),
                            ("circulated", "En relecture"),
                            ("corrections", "Corrections en traitement"),
                            ("submitted_for_approval", "Soumis à l’approbation"),
                            ("approved", "Approuvé"),
                            ("signed", "Scellé"),
                            ("published", "Publié"),
                            ("archived", "Archivé"),
                        ],
                        default="draft",
                        max_length=24,
                    ),
                ),
                ("writer", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("due_on", models.DateField("attendu le")),
                ("circulated_at", models.DateTimeField("en relecture depuis le", blank=True, null=True)),
                ("corrections_until", models.DateTimeField("corrections jusqu’au", blank=True, null=True)),
                (
                    "approval_item",
                    models.ForeignKey(
                        "sittings.agendaitem",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="point d’approbation",
                    ),
                ),
                ("approved_at", models.DateTimeField("approuvé le", blank=True, null=True)),
                ("approval_note", models.CharField("mention d’approbation", blank=True, max_length=200)),
                ("internal_sealed_at", models.DateTimeField(blank=True, null=True)),
                ("public_sealed_at", models.DateTimeField(blank=True, null=True)),
                ("signed_at", models.DateTimeField("scellé le", blank=True, null=True)),
                ("published_at", models.DateTimeField("publié le", blank=True, null=True)),
                (
                    "internal_document",
                    models.OneToOneField(
                        "documents.document", models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                (
                    "public_document",
                    models.OneToOneField(
                        "documents.document", models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                (
                    "decisions_document",
                    models.OneToOneField(
                        "documents.document", models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "compte rendu",
                "indexes": [models.Index(fields=["state", "corrections_until"], name="minutes_by_deadline")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(
                            state__in=[
                                "draft",
                                "internal_check",
                                "validated",
                                "circulated",
                                "corrections",
                                "submitted_for_approval",
                                "approved",
                                "signed",
                                "published",
                                "archived",
                            ]
                        ),
                        name="minutes_state_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(kind="formal")
                        | ~Q(
                            state__in=["internal_check", "corrections", "submitted_for_approval", "approved", "signed"]
                        ),
                        name="minutes_formal_states_only_for_formal",
                    ),
                    models.CheckConstraint(
                        condition=Q(kind="report") | ~Q(state="validated"), name="minutes_validated_only_for_report"
                    ),
                    models.CheckConstraint(
                        condition=~Q(
                            state__in=["circulated", "corrections", "submitted_for_approval", "approved", "signed"]
                        )
                        | Q(circulated_at__isnull=False, corrections_until__isnull=False),
                        name="minutes_circulated_has_moment",
                    ),
                    models.CheckConstraint(
                        condition=Q(approved_at__isnull=False, state__in=["approved", "signed"])
                        | Q(state__in=["published", "archived"])
                        | Q(~Q(state__in=["approved", "signed", "published", "archived"]), approved_at=None),
                        name="minutes_approved_at_iff_approved",
                        violation_error_message="La date d’approbation et l’état ne s’accordent pas.",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state="signed") | Q(signed_at__isnull=False), name="minutes_signed_has_moment"
                    ),
                    models.CheckConstraint(
                        condition=Q(signed_at=None)
                        | Q(internal_sealed_at__isnull=False, public_sealed_at__isnull=False),
                        name="minutes_signed_at_needs_both_seals",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state="published") | Q(published_at__isnull=False),
                        name="minutes_published_has_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MinutesSection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("minutes", models.ForeignKey("sittings.minutes", models.PROTECT, related_name="sections")),
                ("agenda_item", models.ForeignKey("sittings.agendaitem", models.PROTECT, related_name="+")),
                ("summary_html", models.TextField("résumé des échanges", blank=True)),
                ("revision", models.PositiveIntegerField(default=0)),
                (
                    "updated_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("updated_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "résumé d’un point",
                "ordering": ["minutes", "agenda_item__position", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("minutes", "agenda_item"), name="section_once_per_item")
                ],
            },
        ),
        migrations.CreateModel(
            name="SectionRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("section", models.ForeignKey("sittings.minutessection", models.PROTECT, related_name="revisions")),
                ("number", models.PositiveIntegerField()),
                ("summary_html", models.TextField(blank=True)),
                (
                    "kind",
                    models.CharField(
                        "version",
                        choices=[
                            ("saved", "enregistré"),
                            ("conflict", "arrivé après un autre texte"),
                            ("refused", "brouillon, à corriger avant d’être imprimé"),
                            ("restored", "repris d’une version antérieure"),
                            ("corrected", "correction acceptée"),
                        ],
                        default="saved",
                        max_length=9,
                    ),
                ),
                ("saved_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("saved_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["section", "-pk"],
                "indexes": [models.Index(fields=["section", "-id"], name="section_revision_latest")],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("minutes", models.ForeignKey("sittings.minutes", models.PROTECT, related_name="corrections")),
                ("section", models.ForeignKey("sittings.minutessection", models.PROTECT, related_name="corrections")),
                ("author", models.ForeignKey("identity.person", models.PROTECT, related_name="+")),
                ("passage", models.TextField("passage", blank=True, max_length=2000)),
                ("proposal", models.TextField("texte proposé", max_length=2000)),
                ("reason", models.CharField("pourquoi", blank=True, max_length=600)),
                (
                    "via",
                    models.CharField(
                        "par",
                        choices=[
                            ("link", "par le lien du courriel"),
                            ("account", "dans son espace"),
                            ("phone", "par téléphone"),
                            ("paper", "sur papier"),
                            ("desk", "à l’accueil"),
                        ],
                        default="account",
                        max_length=10,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("asked_at", models.DateTimeField("demandée le", auto_now_add=True)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[("asked", "Attend une réponse"), ("accepted", "Acceptée"), ("refused", "Refusée")],
                        default="asked",
                        max_length=8,
                    ),
                ),
                ("answer", models.CharField("réponse", blank=True, max_length=600)),
                (
                    "answered_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answer_sent_at", models.DateTimeField("réponse envoyée le", blank=True, null=True)),
            ],
            options={
                "verbose_name": "correction",
                "ordering": ["asked_at", "pk"],
                "indexes": [models.Index(fields=["minutes", "state"], name="correction_by_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(answered_at=None, state="asked") | Q(~Q(state="asked"), answered_at__isnull=False),
                        name="correction_answered_iff_moment",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state="refused") | ~Q(answer=""),
                        name="correction_refused_has_reason",
                        violation_error_message="Dites pourquoi la correction est refusée.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Visa",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("minutes", models.ForeignKey("sittings.minutes", models.PROTECT, related_name="visas")),
                ("person", models.ForeignKey("identity.person", models.PROTECT, related_name="+")),
                (
                    "capacity",
                    models.CharField(
                        "qualité",
                        choices=[("chair", "présidence de séance"), ("secretary", "secrétariat de séance")],
                        max_length=10,
                    ),
                ),
                ("given_at", models.DateTimeField("donné le")),
                ("text_sha256", models.CharField(help_text="Empreinte du texte approuvé.", max_length=64)),
                (
                    "via",
                    models.CharField(
                        "par",
                        choices=[
                            ("link", "par le lien du courriel"),
                            ("account", "dans son espace"),
                            ("phone", "par téléphone"),
                            ("paper", "sur papier"),
                            ("desk", "à l’accueil"),
                        ],
                        default="account",
                        max_length=10,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                (
                    "voided_at",
                    models.DateTimeField("annulé le", blank=True, help_text="Le texte a changé depuis.", null=True),
                ),
            ],
            options={
                "verbose_name": "visa",
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(voided_at=None), fields=("minutes", "capacity"), name="visa_once_per_capacity"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.ForeignKey("sittings.agendaitem", models.PROTECT, related_name="notes")),
                ("author", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("text", models.TextField("notes", blank=True)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("updated_at", models.DateTimeField("écrites le")),
            ],
            options={
                "verbose_name": "notes de séance",
                "ordering": ["item", "pk"],
                "constraints": [models.UniqueConstraint(fields=("item", "author"), name="item_note_once_per_author")],
            },
        ),
        migrations.RunSQL(
            SQL.joinpath("triggers.sql").read_text(encoding="utf-8"),
            "DROP FUNCTION "
            "sittings_expense_line_frozen, "
            "sittings_expense_frozen, "
            "sittings_expense_rate_frozen, "
            "sittings_stay_on_its_day, "
            "sittings_vote_in_its_sitting, "
            "sittings_needs_quorum, "
            "sittings_ballot_check, "
            "sittings_decision_check CASCADE",
        ),
    ]
