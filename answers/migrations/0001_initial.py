import uuid
from pathlib import Path

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.expressions import CombinedExpression
from django.utils import timezone

import assembly.institution.models

SQL = Path(__file__).parent


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("documents", "0001_initial"),
        ("identity", "0001_initial"),
        ("institution", "0001_initial"),
        ("opinions", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AnswerCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "recommendation",
                    models.OneToOneField(
                        "opinions.recommendation", models.PROTECT, blank=True, null=True, related_name="answer_case"
                    ),
                ),
                (
                    "whole_of",
                    models.OneToOneField(
                        "opinions.opinion",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="answer_case",
                        verbose_name="avis",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("awaiting", "réponse attendue"),
                            ("assigned", "confiée à une direction"),
                            ("submitted", "à viser"),
                            ("validated", "visée par la direction"),
                            ("arbitration", "à arbitrer"),
                            ("decided", "décidée"),
                            ("published", "publiée"),
                            ("cancelled", "annulée"),
                        ],
                        default="awaiting",
                        max_length=12,
                    ),
                ),
                ("opened_on", models.DateField("ouvert le")),
                ("due_on", models.DateField("réponse attendue le")),
                (
                    "due_reason",
                    models.TextField(
                        "pourquoi la date a changé", blank=True, db_default="", default="", max_length=2000
                    ),
                ),
                ("answered_on", models.DateField("répondu le", blank=True, null=True)),
                (
                    "directorate",
                    models.ForeignKey(
                        "institution.directorate",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="answer_cases",
                        verbose_name="direction pilote",
                    ),
                ),
                (
                    "inherited_from",
                    models.ForeignKey(
                        "institution.directorate",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="confiée d’abord à",
                    ),
                ),
                ("assigned_at", models.DateTimeField("confiée le", blank=True, null=True)),
                (
                    "assigned_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("submitted_at", models.DateTimeField("envoyée au visa le", blank=True, null=True)),
                (
                    "submitted_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("validated_at", models.DateTimeField("visée le", blank=True, null=True)),
                (
                    "validated_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                (
                    "validated_for",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="par délégation de",
                    ),
                ),
                (
                    "question",
                    models.TextField("ce qui est à arbitrer", blank=True, db_default="", default="", max_length=2000),
                ),
                ("arbitration", models.TextField("arbitrage", blank=True, db_default="", default="", max_length=2000)),
                ("arbitrated_on", models.DateField("arbitrée le", blank=True, null=True)),
                (
                    "arbitrated_by",
                    models.CharField(
                        "arbitrée par",
                        blank=True,
                        choices=[("sponsor", "élu·e référent·e"), ("steering", "comité de pilotage")],
                        db_default="",
                        default="",
                        max_length=8,
                    ),
                ),
                ("reason", models.TextField("motif", blank=True, db_default="", default="", max_length=2000)),
                ("reminded_at", models.DateTimeField("relancée le", blank=True, null=True)),
                ("cancelled_at", models.DateTimeField("annulée le", blank=True, null=True)),
                (
                    "associated",
                    models.ManyToManyField(
                        "institution.directorate", blank=True, related_name="+", verbose_name="directions associées"
                    ),
                ),
            ],
            options={
                "verbose_name": "réponse attendue",
                "ordering": ["recommendation", "pk"],
                "indexes": [models.Index(fields=["directorate", "state", "due_on"], name="answer_by_directorate")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(
                            state__in=[
                                "awaiting",
                                "assigned",
                                "submitted",
                                "validated",
                                "arbitration",
                                "decided",
                                "published",
                                "cancelled",
                            ]
                        ),
                        name="answer_case_state_known",
                    ),
                    models.CheckConstraint(condition=Q(due_on__gte=F("opened_on")), name="answer_due_after_handover"),
                    models.CheckConstraint(
                        condition=Q(recommendation__isnull=False, whole_of=None)
                        | Q(recommendation=None, whole_of__isnull=False),
                        name="answer_case_of_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state__in=("assigned", "submitted", "validated", "arbitration", "decided"))
                        | Q(assigned_at__isnull=False, assigned_by__isnull=False, directorate__isnull=False),
                        name="answer_in_hand_is_assigned",
                        violation_error_message="Choisissez la direction pilote.",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state__in=("submitted", "validated", "arbitration", "decided"))
                        | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                        name="answer_submission_is_recorded",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state__in=("validated", "arbitration", "decided"))
                        | Q(validated_at__isnull=False, validated_by__isnull=False),
                        name="answer_visa_is_recorded",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state="arbitration") | ~Q(question=""), name="answer_arbitration_has_question"
                    ),
                    models.CheckConstraint(
                        condition=Q(arbitrated_by="", arbitrated_on=None, arbitration="")
                        | Q(("arbitrated_on__isnull", False), ~Q(arbitrated_by=""), ~Q(arbitration="")),
                        name="answer_arbitration_is_recorded",
                    ),
                    models.CheckConstraint(
                        condition=Q(answered_on__isnull=False, state="published")
                        | Q(answered_on=None, state="cancelled")
                        | Q(state__in=("awaiting", "assigned", "submitted", "validated", "arbitration", "decided")),
                        name="answer_published_has_day",
                    ),
                    models.CheckConstraint(
                        condition=Q(answered_on=None) | Q(answered_on__gte=F("opened_on")),
                        name="answered_after_handover",
                        violation_error_message="La réponse vient après la remise.",
                    ),
                    models.CheckConstraint(
                        condition=Q(cancelled_at__isnull=False, state="cancelled")
                        | Q(~Q(state="cancelled"), cancelled_at=None),
                        name="answer_cancelled_at_iff_cancelled",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case", models.ForeignKey("answers.answercase", models.PROTECT, related_name="answers")),
                ("number", models.PositiveSmallIntegerField("version")),
                (
                    "value",
                    models.CharField(
                        "réponse",
                        blank=True,
                        choices=[
                            ("accepted", "acceptée"),
                            ("accepted_in_part", "acceptée en partie"),
                            ("already_done", "déjà en place"),
                            ("under_study", "à l’étude"),
                            ("passed_on", "transmise à une autre institution"),
                            ("rejected", "refusée"),
                        ],
                        max_length=16,
                    ),
                ),
                ("body", models.TextField("la réponse, en mots simples", blank=True, max_length=6000)),
                ("retained", models.TextField("ce qui est retenu", blank=True, max_length=3000)),
                ("left_out", models.TextField("ce qui ne l’est pas", blank=True, max_length=3000)),
                ("done_since", models.DateField("en place depuis le", blank=True, null=True)),
                ("proof", models.TextField("ce qui le montre", blank=True, max_length=3000)),
                ("proof_url", models.URLField("adresse de ce qui le montre", blank=True, max_length=500)),
                ("review_on", models.DateField("réexaminée le", blank=True, null=True)),
                ("passed_to", models.CharField("transmise à", blank=True, max_length=200)),
                ("letter", models.CharField("par quelle lettre", blank=True, max_length=200)),
                (
                    "category",
                    models.CharField(
                        "motif du refus",
                        blank=True,
                        choices=[
                            ("not_our_power", "n’est pas de la compétence du Département"),
                            ("cost", "coût"),
                            ("law", "la loi ne le permet pas"),
                            ("policy", "contraire à la politique du Département"),
                            ("technical", "techniquement impossible"),
                            ("covered", "déjà couverte par un autre dispositif"),
                        ],
                        max_length=16,
                    ),
                ),
                ("action", models.TextField("ce qui est prévu", blank=True, max_length=3000)),
                ("service", models.CharField("service chargé", blank=True, max_length=200)),
                ("budget_line", models.CharField("ligne de budget", blank=True, max_length=200)),
                ("version", models.PositiveIntegerField(default=0)),
                ("saved_at", models.DateTimeField("enregistrée le", blank=True, null=True)),
                (
                    "saved_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("is_sent", models.BooleanField("envoyée au visa", default=False)),
                (
                    "source",
                    models.CharField(
                        "décidée par",
                        blank=True,
                        choices=[
                            ("visa", "visa du président"),
                            ("council", "délibération du Conseil"),
                            ("paper", "réponse donnée sur papier"),
                        ],
                        max_length=8,
                    ),
                ),
                ("decided_on", models.DateField("décidée le", blank=True, null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("council_reference", models.CharField("référence de la délibération", blank=True, max_length=80)),
                ("council_url", models.URLField("adresse de la délibération", blank=True, max_length=500)),
                (
                    "document",
                    models.ForeignKey(
                        "documents.upload",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="document",
                    ),
                ),
                ("published_at", models.DateTimeField("publiée le", blank=True, null=True)),
                (
                    "published_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("abandoned_at", models.DateTimeField("abandonnée le", blank=True, null=True)),
            ],
            options={
                "verbose_name": "réponse du Conseil",
                "ordering": ["case", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "number"), name="answer_number_once"),
                    models.UniqueConstraint(
                        condition=Q(abandoned_at=None, published_at=None), fields=("case",), name="answer_one_in_hand"
                    ),
                    models.CheckConstraint(
                        condition=Q(abandoned_at=None) | Q(published_at=None), name="answer_abandoned_is_unpublished"
                    ),
                    models.CheckConstraint(condition=Q(number__gte=1), name="answer_numbered_from_one"),
                    models.CheckConstraint(
                        condition=Q(
                            value__in=[
                                "",
                                "accepted",
                                "accepted_in_part",
                                "already_done",
                                "under_study",
                                "passed_on",
                                "rejected",
                            ]
                        ),
                        name="answer_value_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            category__in=["", "not_our_power", "cost", "law", "policy", "technical", "covered"]
                        ),
                        name="answer_category_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(is_sent=False)
                        | Q(
                            ~Q(body=""),
                            ~Q(value=""),
                            ~Q(value="accepted_in_part") | Q(~Q(retained=""), ~Q(left_out="")),
                            ~Q(value="already_done")
                            | Q(("done_since__isnull", False), ~Q(proof="") | ~Q(proof_url="")),
                            ~Q(value="under_study") | Q(review_on__isnull=False),
                            ~Q(value="passed_on") | Q(~Q(passed_to=""), ~Q(letter="")),
                            ~Q(value="rejected") | Q(~Q(category=""), body__regex="^\\s*(\\S+\\s+){7,}\\S+"),
                        ),
                        name="answer_sent_is_whole",
                        violation_error_message="La réponse n’est pas complète.",
                    ),
                    models.CheckConstraint(
                        condition=Q(council_reference="", council_url="", decided_by=None, decided_on=None, source="")
                        | Q(
                            council_reference="",
                            decided_by__isnull=False,
                            decided_on__isnull=False,
                            is_sent=True,
                            source="visa",
                        )
                        | Q(
                            ("decided_on__isnull", False),
                            ("is_sent", True),
                            ("source", "council"),
                            ~Q(council_reference=""),
                        )
                        | Q(decided_on__isnull=False, document__isnull=False, is_sent=True, source="paper"),
                        name="answer_decision_is_recorded",
                    ),
                    models.CheckConstraint(
                        condition=Q(published_at=None, published_by=None)
                        | Q(
                            ("decided_on__isnull", False),
                            ("published_at__isnull", False),
                            ("published_by__isnull", False),
                            ~Q(source=""),
                        ),
                        name="answer_published_is_decided",
                    ),
                    models.CheckConstraint(
                        condition=Q(review_on=None) | Q(decided_on=None) | Q(review_on__gt=F("decided_on")),
                        name="answer_reviewed_after_decision",
                        violation_error_message="Le réexamen vient après la décision.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AnswerConflictCopy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case", models.ForeignKey("answers.answercase", models.PROTECT, related_name="conflict_copies")),
                ("content", models.JSONField()),
                ("by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"ordering": ["case", "-pk"]},
        ),
        migrations.CreateModel(
            name="Follower",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "person",
                    models.OneToOneField("identity.person", models.CASCADE, blank=True, null=True, related_name="+"),
                ),
                ("address", models.EmailField("adresse électronique", blank=True, max_length=254)),
                ("stopped_at", models.DateTimeField("ne suit plus depuis le", blank=True, null=True)),
            ],
            options={
                "verbose_name": "abonné·e",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(address="", person__isnull=False)
                        | Q(("person", None), ("stopped_at", None), ~Q(address="")),
                        name="follower_is_person_or_address",
                    ),
                    models.UniqueConstraint(
                        condition=~Q(address=""), fields=("address",), name="follower_address_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Following",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "recommendation",
                    models.ForeignKey(
                        "opinions.recommendation", models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                (
                    "whole_of",
                    models.ForeignKey(
                        "opinions.opinion",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="avis",
                    ),
                ),
                ("follower", models.ForeignKey("answers.follower", models.CASCADE, related_name="followings")),
                ("asked_at", models.DateTimeField("demandé le")),
                ("confirmed_at", models.DateTimeField("confirmé le", blank=True, null=True)),
                ("stopped_at", models.DateTimeField("arrêté le", blank=True, null=True)),
            ],
            options={
                "verbose_name": "suivi d’une proposition",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(recommendation__isnull=False, whole_of=None)
                        | Q(recommendation=None, whole_of__isnull=False),
                        name="following_of_one_thing",
                    ),
                    models.UniqueConstraint(fields=("follower", "recommendation"), name="following_once"),
                    models.UniqueConstraint(fields=("follower", "whole_of"), name="following_whole_once"),
                    models.CheckConstraint(
                        condition=Q(confirmed_at=None) | Q(stopped_at=None), name="following_confirmed_or_stopped"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProposalNews",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "recommendation",
                    models.ForeignKey(
                        "opinions.recommendation", models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                (
                    "whole_of",
                    models.ForeignKey(
                        "opinions.opinion",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="avis",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("answered", "Le Conseil départemental a répondu."),
                            ("revised", "Le Conseil départemental a révisé sa réponse."),
                            ("milestone", "Une étape de sa mise en œuvre est annoncée ou franchie."),
                            ("progress", "Il y a du nouveau sur sa mise en œuvre."),
                            ("report", "Un bilan de sa mise en œuvre est publié."),
                        ],
                        max_length=12,
                    ),
                ),
                ("happened_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(condition=Q(sent_at=None), fields=["happened_at"], name="proposal_news_unsent")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(recommendation__isnull=False, whole_of=None)
                        | Q(recommendation=None, whole_of__isnull=False),
                        name="proposalnews_of_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=Q(kind__in=["answered", "revised", "milestone", "progress", "report"]),
                        name="proposal_news_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgressReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("term", models.ForeignKey("institution.term", models.PROTECT, related_name="progress_reports")),
                ("number", models.PositiveSmallIntegerField("numéro")),
                ("reference", models.CharField("référence", max_length=40)),
                ("starts_on", models.DateField("du")),
                ("ends_on", models.DateField("au")),
                ("introduction", models.TextField("introduction", blank=True, max_length=6000)),
                ("version", models.PositiveIntegerField(default=0)),
                ("edited_at", models.DateTimeField("modifié le", blank=True, null=True)),
                (
                    "edited_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("content", models.JSONField("contenu", blank=True, null=True)),
                ("noted_at", models.DateTimeField("arrêté le", blank=True, null=True)),
                ("published_at", models.DateTimeField("publié le", blank=True, null=True)),
            ],
            options={
                "verbose_name": "bilan des suites données",
                "ordering": ["term", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("term", "number"), name="progress_report_number_once"),
                    models.UniqueConstraint(fields=("term", "reference"), name="progress_report_reference_once"),
                    models.UniqueConstraint(
                        condition=Q(published_at__isnull=True), fields=("term",), name="progress_report_one_draft"
                    ),
                    models.CheckConstraint(
                        condition=Q(ends_on__gt=F("starts_on")), name="progress_report_ends_after_start"
                    ),
                    models.CheckConstraint(
                        condition=Q(content__isnull=True, noted_at=None, published_at=None)
                        | Q(content__isnull=False, noted_at__isnull=False),
                        name="progress_report_content_has_day",
                    ),
                    models.CheckConstraint(
                        condition=Q(published_at=None) | ~Q(introduction=""),
                        name="progress_report_published_is_introduced",
                    ),
                    ExclusionConstraint(
                        expressions=[
                            ("term", "="),
                            (
                                assembly.institution.models.DateRange("starts_on", "ends_on", models.Value("[]")),
                                "&&",
                            ),
                        ],
                        name="progress_report_no_overlap",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AnswerRating",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("answer", models.ForeignKey("answers.answer", models.PROTECT, related_name="ratings")),
                ("pseudonym", models.CharField(max_length=64)),
                (
                    "clarity",
                    models.PositiveSmallIntegerField(
                        "clarté", validators=[MinValueValidator(1), MaxValueValidator(5)]
                    ),
                ),
                (
                    "fidelity",
                    models.PositiveSmallIntegerField(
                        "fidélité", validators=[MinValueValidator(1), MaxValueValidator(5)]
                    ),
                ),
                ("counted_clarity", models.PositiveSmallIntegerField(null=True)),
                ("counted_fidelity", models.PositiveSmallIntegerField(null=True)),
            ],
            options={
                "verbose_name": "note d’une réponse",
                "constraints": [
                    models.UniqueConstraint(fields=("answer", "pseudonym"), name="answer_rating_once"),
                    models.CheckConstraint(
                        condition=Q(clarity__gte=1, clarity__lte=5, fidelity__gte=1, fidelity__lte=5),
                        name="answer_rating_in_scale",
                    ),
                    models.CheckConstraint(
                        condition=Q(counted_clarity=None, counted_fidelity=None)
                        | Q(
                            ("counted_clarity__isnull", False),
                            ("counted_fidelity__isnull", False),
                            ("counted_clarity__gte", 1),
                            ("counted_clarity__lte", 5),
                            ("counted_fidelity__gte", 1),
                            ("counted_fidelity__lte", 5),
                        ),
                        name="answer_rating_counted_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RatingTotal",
            fields=[
                (
                    "answer",
                    models.OneToOneField(
                        "answers.answer",
                        models.PROTECT,
                        primary_key=True,
                        related_name="rating_total",
                        serialize=False,
                    ),
                ),
                ("count", models.PositiveIntegerField("notes")),
                ("clarity", models.PositiveIntegerField("somme des notes de clarté")),
                ("fidelity", models.PositiveIntegerField("somme des notes de fidélité")),
                ("counted_on", models.DateField("compté le")),
            ],
            options={
                "verbose_name": "total des notes d’une réponse",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(
                            ("count__gte", 5),
                            (
                                "count",
                                CombinedExpression(
                                    CombinedExpression(F("count"), "/", models.Value(5)), "*", models.Value(5)
                                ),
                            ),
                        ),
                        name="rating_total_by_fives",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            clarity__gte=CombinedExpression(models.Value(1), "*", F("count")),
                            clarity__lte=CombinedExpression(models.Value(5), "*", F("count")),
                            fidelity__gte=CombinedExpression(models.Value(1), "*", F("count")),
                            fidelity__lte=CombinedExpression(models.Value(5), "*", F("count")),
                        ),
                        name="rating_total_in_scale",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case", models.OneToOneField("answers.answercase", models.PROTECT, related_name="follow_up")),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("planned", "à commencer"),
                            ("in_progress", "en cours"),
                            ("delayed", "retardée"),
                            ("done", "réalisée"),
                            ("abandoned", "abandonnée"),
                        ],
                        default="planned",
                        max_length=12,
                    ),
                ),
                (
                    "directorate",
                    models.ForeignKey(
                        "institution.directorate",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="follow_ups",
                        verbose_name="direction chargée",
                    ),
                ),
                ("service", models.CharField("service chargé", blank=True, max_length=200)),
                ("budget_line", models.CharField("ligne de budget", blank=True, max_length=200)),
                ("opened_on", models.DateField("suivie depuis le")),
                ("update_due_on", models.DateField("prochain point attendu le", blank=True, null=True)),
                ("asked_at", models.DateTimeField("point demandé le", blank=True, null=True)),
                ("reported_at", models.DateTimeField("dite réalisée le", blank=True, null=True)),
                ("ended_on", models.DateField("close le", blank=True, null=True)),
                ("reason", models.TextField("motif", blank=True, max_length=2000)),
            ],
            options={
                "verbose_name": "suite donnée",
                "ordering": ["case"],
                "indexes": [models.Index(condition=Q(ended_on=None), fields=["update_due_on"], name="follow_up_due")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(state__in=["planned", "in_progress", "delayed", "done", "abandoned"]),
                        name="follow_up_state_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ended_on=None, state__in=("planned", "in_progress", "delayed"), update_due_on__isnull=False
                        )
                        | Q(
                            ended_on__isnull=False,
                            reported_at=None,
                            state__in=["done", "abandoned"],
                            update_due_on=None,
                        ),
                        name="follow_up_open_has_day",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state="abandoned") | ~Q(reason=""), name="follow_up_abandoned_is_explained"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgressUpdate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("follow_up", models.ForeignKey("answers.followup", models.PROTECT, related_name="updates")),
                ("number", models.PositiveSmallIntegerField("numéro")),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("planned", "à commencer"),
                            ("in_progress", "en cours"),
                            ("delayed", "retardée"),
                            ("done", "réalisée"),
                            ("abandoned", "abandonnée"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text", models.TextField("où en est-on", max_length=3000)),
                (
                    "document",
                    models.ForeignKey(
                        "documents.upload",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="document",
                    ),
                ),
                ("link", models.URLField("adresse", blank=True, max_length=500)),
                (
                    "photo",
                    models.ForeignKey(
                        "documents.upload",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="photo",
                    ),
                ),
                ("photo_description", models.CharField("ce que montre la photo", blank=True, max_length=300)),
                (
                    "consent",
                    models.CharField(
                        "accord",
                        blank=True,
                        choices=[
                            ("nobody", "Personne n’y est reconnaissable"),
                            ("given", "Les personnes reconnaissables ont donné leur accord écrit"),
                        ],
                        max_length=8,
                    ),
                ),
                ("consent_on", models.DateField("accord donné le", blank=True, null=True)),
                (
                    "directorate",
                    models.ForeignKey(
                        "institution.directorate",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="direction",
                    ),
                ),
                ("by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("at", models.DateTimeField("dit le", default=timezone.now)),
                ("withdrawn_at", models.DateTimeField("retiré le", blank=True, null=True)),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("withdrawn_reason", models.TextField("pourquoi", blank=True, max_length=1000)),
            ],
            options={
                "verbose_name": "point sur une suite donnée",
                "ordering": ["follow_up", "number"],
                "indexes": [models.Index(fields=["-at"], name="progress_update_latest")],
                "constraints": [
                    models.UniqueConstraint(fields=("follow_up", "number"), name="progress_update_number_once"),
                    models.CheckConstraint(
                        condition=Q(state__in=["planned", "in_progress", "delayed", "done"]),
                        name="progress_update_state_known",
                    ),
                    models.CheckConstraint(condition=~Q(text=""), name="progress_update_is_not_empty"),
                    models.CheckConstraint(
                        condition=~Q(state="done") | Q(document__isnull=False) | ~Q(link="") | Q(photo__isnull=False),
                        name="progress_update_done_is_proved",
                        violation_error_message="« Réalisée » demande une preuve.",
                    ),
                    models.CheckConstraint(
                        condition=Q(consent="", consent_on=None, photo=None, photo_description="")
                        | Q(
                            ("photo__isnull", False),
                            ~Q(photo_description=""),
                            Q(consent="nobody", consent_on=None) | Q(consent="given", consent_on__isnull=False),
                        ),
                        name="progress_photo_has_consent",
                    ),
                    models.CheckConstraint(
                        condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
                        | Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False), ~Q(withdrawn_reason="")),
                        name="progress_update_withdrawn_is_explained",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("follow_up", models.ForeignKey("answers.followup", models.PROTECT, related_name="milestones")),
                ("number", models.PositiveSmallIntegerField("numéro")),
                ("version", models.PositiveSmallIntegerField("version", default=1)),
                ("label", models.CharField("étape", max_length=200)),
                ("planned_on", models.DateField("prévue le")),
                ("reached_on", models.DateField("atteinte le", blank=True, null=True)),
                ("is_dropped", models.BooleanField("abandonnée", default=False)),
                ("reason", models.CharField("pourquoi ce changement", blank=True, max_length=500)),
                ("by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("at", models.DateTimeField("écrite le", default=timezone.now)),
            ],
            options={
                "verbose_name": "étape d’une suite donnée",
                "ordering": ["follow_up", "number", "-version"],
                "constraints": [
                    models.UniqueConstraint(fields=("follow_up", "number", "version"), name="milestone_version_once"),
                    models.CheckConstraint(condition=~Q(label=""), name="milestone_is_not_empty"),
                    models.CheckConstraint(
                        condition=Q(is_dropped=False) | Q(reached_on=None), name="milestone_dropped_is_not_reached"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUpRemark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("follow_up", models.ForeignKey("answers.followup", models.PROTECT, related_name="remarks")),
                ("text", models.TextField("remarque", max_length=2000)),
                ("by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("at", models.DateTimeField("dite le", default=timezone.now)),
            ],
            options={
                "verbose_name": "remarque du comité de suivi",
                "ordering": ["follow_up", "-pk"],
                "constraints": [models.CheckConstraint(condition=~Q(text=""), name="follow_up_remark_is_not_empty")],
            },
        ),
        migrations.CreateModel(
            name="FollowUpHearing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("follow_up", models.ForeignKey("answers.followup", models.PROTECT, related_name="hearings")),
                ("service", models.CharField("service à entendre", max_length=200)),
                ("question", models.TextField("ce que le comité veut savoir", max_length=1000)),
                ("asked_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("asked_at", models.DateTimeField("demandée le", default=timezone.now)),
                ("heard_on", models.DateField("entendu le", blank=True, null=True)),
                ("heard_by", models.CharField("par qui", blank=True, max_length=300)),
                ("summary", models.TextField("ce qui a été dit", blank=True, max_length=4000)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
            ],
            options={
                "verbose_name": "audition demandée par le comité de suivi",
                "ordering": ["follow_up", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(~Q(service=""), ~Q(question="")), name="follow_up_hearing_has_question"
                    ),
                    models.CheckConstraint(
                        condition=Q(heard_by="", heard_on=None, recorded_by=None, summary="")
                        | Q(
                            ("heard_on__isnull", False),
                            ("recorded_by__isnull", False),
                            ~Q(heard_by=""),
                            ~Q(summary=""),
                        ),
                        name="follow_up_hearing_is_whole",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="followup",
            name="proved_by",
            field=models.ForeignKey("answers.progressupdate", models.PROTECT, blank=True, null=True, related_name="+"),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=Q(proved_by__isnull=False, state="done") | Q(~Q(state="done"), proved_by=None),
                name="follow_up_done_is_proved",
                violation_error_message="« Réalisée » demande une preuve.",
            ),
        ),
        migrations.RunSQL(
            SQL.joinpath("triggers.sql").read_text(encoding="utf-8"),
            "DROP FUNCTION "
            "answers_refuse_change, "
            "answers_update_kept, "
            "answers_hearing_kept, "
            "answers_report_kept CASCADE",
        ),
    ]
