import uuid
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models
from django.db.models import F, Q

import draws.calls.models
import draws.draws.models

SQL = Path(__file__).parent


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("documents", "0001_initial"),
        ("institution", "0001_initial"),
        ("members", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "term",
                    models.OneToOneField(
                        "institution.term", models.PROTECT, related_name="call", verbose_name="mandature"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[("draft", "en préparation"), ("open", "ouvert"), ("closed", "clos")],
                        default="draft",
                        max_length=8,
                    ),
                ),
                ("decision", models.CharField("délibération du Conseil", blank=True, max_length=120)),
                ("opens_on", models.DateField("ouvert à partir du")),
                ("closes_on", models.DateField("ouvert jusqu’au", help_text="Ce jour compris.")),
                ("closed_on", models.DateField("clos le", blank=True, editable=False, null=True)),
                (
                    "draw_on",
                    models.DateField(
                        "tirage au sort prévu le",
                        blank=True,
                        help_text="L’âge se compte ce jour-là. Le jour d’effacement annoncé en dépend aussi.",
                        null=True,
                    ),
                ),
                (
                    "minimum_age",
                    models.PositiveSmallIntegerField(
                        "âge minimum", default=16, validators=[MinValueValidator(16), MaxValueValidator(25)]
                    ),
                ),
                (
                    "excluded_grounds",
                    ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("elected", "mandat électif"),
                                ("agent", "agent de la collectivité"),
                                ("outside", "ne réside pas dans le département"),
                                ("too_young", "n’a pas l’âge demandé"),
                                ("former_member", "membre d’une assemblée précédente"),
                                ("no_guardian", "autorisation parentale manquante"),
                            ],
                            max_length=16,
                        ),
                        default=draws.calls.models.every_ground,
                    ),
                ),
                (
                    "split_communes",
                    models.CharField(
                        "communes partagées entre plusieurs cantons",
                        blank=True,
                        help_text="Séparées par des virgules. Le canton de ces adresses est vérifié par l’équipe.",
                        max_length=500,
                    ),
                ),
                ("last_number", models.PositiveIntegerField(default=0, editable=False)),
            ],
            options={
                "verbose_name": "appel à candidatures",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(state__in=["draft", "open", "closed"]), name="call_state_known"
                    ),
                    models.CheckConstraint(
                        condition=Q(closed_on__isnull=False, state="closed") | Q(~Q(state="closed"), closed_on=None),
                        name="call_closed_has_day",
                    ),
                    models.CheckConstraint(
                        condition=Q(closes_on__gte=F("opens_on")),
                        name="call_closes_after_opening",
                        violation_error_message="La fin doit venir après le début.",
                    ),
                    models.CheckConstraint(
                        condition=Q(draw_on=None) | Q(draw_on__gt=F("closes_on")),
                        name="call_draw_after_closing",
                        violation_error_message="Le tirage au sort vient après la fin de l’appel.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CallExtension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("call", models.ForeignKey("draws.call", models.PROTECT, related_name="extensions")),
                (
                    "canton",
                    models.ForeignKey(
                        "institution.canton",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="canton",
                    ),
                ),
                ("closes_on", models.DateField("jusqu’au")),
                ("decision", models.CharField("décision", blank=True, max_length=120)),
                ("reason", models.TextField("motif", max_length=1000)),
                ("decided_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("decided_at", models.DateTimeField("décidée le")),
            ],
            options={"verbose_name": "prolongation de l’appel", "ordering": ["decided_at", "pk"]},
        ),
        migrations.CreateModel(
            name="CallCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("call", models.ForeignKey("draws.call", models.PROTECT, related_name="counts")),
                (
                    "canton",
                    models.ForeignKey("institution.canton", models.PROTECT, blank=True, null=True, related_name="+"),
                ),
                ("gender", models.CharField(max_length=1)),
                ("age_band", models.CharField(max_length=6)),
                ("occupation", models.CharField(max_length=16)),
                ("channel", models.CharField(max_length=8)),
                ("number", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("call", "canton", "gender", "age_band", "occupation", "channel"),
                        name="call_count_once",
                        nulls_distinct=False,
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="Candidate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "call",
                    models.ForeignKey("draws.call", models.PROTECT, related_name="candidates", verbose_name="appel"),
                ),
                ("number", models.PositiveIntegerField("numéro")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("unconfirmed", "adresse à confirmer"),
                            ("submitted", "à examiner"),
                            ("eligible", "recevable"),
                            ("ineligible", "irrecevable"),
                            ("duplicate", "doublon"),
                            ("excluded", "écartée sans examen"),
                            ("withdrawn", "retirée"),
                            ("in_pool", "dans la liste figée"),
                            ("drawn", "tirée au sort"),
                            ("alternate", "suppléante"),
                            ("not_drawn", "non tirée"),
                        ],
                        default="submitted",
                        max_length=12,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        "reçue par",
                        choices=[
                            ("web", "formulaire en ligne"),
                            ("paper", "bulletin papier"),
                            ("market", "rencontre sur un marché"),
                            ("phone", "téléphone"),
                            ("file", "fichier importé"),
                        ],
                        max_length=8,
                    ),
                ),
                ("received_at", models.DateTimeField("reçue le")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("first_name", models.CharField("prénom", max_length=80)),
                ("last_name", models.CharField("nom", max_length=80)),
                ("sort_name", models.CharField(editable=False, max_length=170)),
                ("email", models.EmailField("adresse électronique", blank=True, max_length=254)),
                (
                    "confirmed_email",
                    models.EmailField(
                        "adresse confirmée", blank=True, db_default="", default="", editable=False, max_length=254
                    ),
                ),
                ("phone", models.CharField("téléphone", blank=True, max_length=30)),
                ("address", models.TextField("adresse postale", max_length=500)),
                ("postcode", models.CharField("code postal", max_length=5)),
                ("city", models.CharField("commune", max_length=80)),
                (
                    "canton",
                    models.ForeignKey(
                        "institution.canton",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="canton",
                    ),
                ),
                (
                    "gender",
                    models.CharField(
                        "genre", choices=[("F", "femme"), ("M", "homme"), ("X", "autre ou non précisé")], max_length=1
                    ),
                ),
                ("birth_date", models.DateField("date de naissance")),
                (
                    "occupation",
                    models.CharField(
                        "profession",
                        choices=[
                            ("agriculteur", "agriculteur ou agricultrice"),
                            ("artisan_chef", "artisanat, commerce, direction d’entreprise"),
                            ("cadre", "cadre, profession intellectuelle supérieure"),
                            ("intermediaire", "profession intermédiaire"),
                            ("employe", "employé ou employée"),
                            ("ouvrier", "ouvrier ou ouvrière"),
                            ("retraite", "retraité ou retraitée"),
                            ("sans_activite", "sans activité professionnelle, en études"),
                        ],
                        max_length=16,
                    ),
                ),
                ("household", models.CharField(blank=True, editable=False, max_length=64)),
                ("is_canton_checked", models.BooleanField("canton vérifié", default=True)),
                (
                    "ground",
                    models.CharField(
                        "motif",
                        blank=True,
                        choices=[
                            ("elected", "mandat électif"),
                            ("agent", "agent de la collectivité"),
                            ("outside", "ne réside pas dans le département"),
                            ("too_young", "n’a pas l’âge demandé"),
                            ("former_member", "membre d’une assemblée précédente"),
                            ("no_guardian", "autorisation parentale manquante"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        "premier avis",
                        blank=True,
                        choices=[("admit", "recevable"), ("reject", "irrecevable")],
                        max_length=6,
                    ),
                ),
                (
                    "verdict_ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("elected", "mandat électif"),
                            ("agent", "agent de la collectivité"),
                            ("outside", "ne réside pas dans le département"),
                            ("too_young", "n’a pas l’âge demandé"),
                            ("former_member", "membre d’une assemblée précédente"),
                            ("no_guardian", "autorisation parentale manquante"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "verdict_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                (
                    "exclusion",
                    models.CharField(
                        "écartée sans examen",
                        blank=True,
                        choices=[
                            ("unreachable", "personne injoignable"),
                            ("incomplete", "dossier incomplet"),
                            ("unverified", "adresse ou identité non vérifiée"),
                            ("late", "reçue après le dernier jour"),
                        ],
                        db_default="",
                        default="",
                        max_length=12,
                    ),
                ),
                (
                    "duplicate_of",
                    models.ForeignKey(
                        "draws.candidate",
                        models.SET_NULL,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="doublon de",
                    ),
                ),
                ("decision_sent_at", models.DateTimeField("décision envoyée le", blank=True, null=True)),
                ("consented_at", models.DateTimeField("accord donné le", blank=True, null=True)),
                ("erase_on", models.DateField("effacement annoncé le", blank=True, null=True)),
                ("wants_news", models.BooleanField("prévenir du prochain appel", default=False)),
                ("guardian_name", models.CharField("nom du parent ou tuteur", blank=True, max_length=160)),
                ("guardian_email", models.EmailField("courriel du parent ou tuteur", blank=True, max_length=254)),
                ("guardian_agreed_on", models.DateField("autorisation parentale du", blank=True, null=True)),
                ("renounced_on", models.DateField("a renoncé le", blank=True, null=True)),
                (
                    "renounced_through",
                    models.CharField(
                        "a renoncé",
                        blank=True,
                        choices=[("online", "en ligne"), ("paper", "sur papier"), ("phone", "par téléphone")],
                        db_default="",
                        default="",
                        max_length=6,
                    ),
                ),
            ],
            options={
                "verbose_name": "candidature",
                "ordering": ["sort_name", "pk"],
                "indexes": [
                    models.Index(fields=["call", "state"], name="candidate_call_state"),
                    models.Index(fields=["call", "sort_name", "birth_date"], name="candidate_same_name"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("call", "number"), name="candidate_number_once"),
                    models.CheckConstraint(
                        condition=Q(
                            state__in=[
                                "unconfirmed",
                                "submitted",
                                "eligible",
                                "ineligible",
                                "duplicate",
                                "excluded",
                                "withdrawn",
                                "in_pool",
                                "drawn",
                                "alternate",
                                "not_drawn",
                            ]
                        ),
                        name="candidate_state_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(channel__in=["web", "paper", "market", "phone", "file"]),
                        name="candidate_channel_known",
                    ),
                    models.CheckConstraint(condition=Q(gender__in=["F", "M", "X"]), name="candidate_gender_known"),
                    models.CheckConstraint(
                        condition=Q(
                            occupation__in=[
                                "agriculteur",
                                "artisan_chef",
                                "cadre",
                                "intermediaire",
                                "employe",
                                "ouvrier",
                                "retraite",
                                "sans_activite",
                            ]
                        ),
                        name="candidate_occupation_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ground__in=["elected", "agent", "outside", "too_young", "former_member", "no_guardian"],
                            state="ineligible",
                        )
                        | Q(~Q(state="ineligible"), ground=""),
                        name="candidate_ground_iff_ineligible",
                        violation_error_message="Une candidature irrecevable a un motif.",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            exclusion__in=["unreachable", "incomplete", "unverified", "late"], state="excluded"
                        )
                        | Q(~Q(state="excluded"), exclusion=""),
                        name="candidate_exclusion_has_reason",
                        violation_error_message="Une candidature écartée sans examen a un motif.",
                    ),
                    models.CheckConstraint(
                        condition=Q(verdict="", verdict_by=None, verdict_ground="")
                        | Q(
                            Q(verdict="admit", verdict_ground="")
                            | Q(
                                verdict="reject",
                                verdict_ground__in=[
                                    "elected",
                                    "agent",
                                    "outside",
                                    "too_young",
                                    "former_member",
                                    "no_guardian",
                                ],
                            ),
                            verdict_by__isnull=False,
                        ),
                        name="candidate_verdict_has_author",
                    ),
                    models.CheckConstraint(
                        condition=Q(decided_by=None)
                        | Q(("verdict_by__isnull", False), ~Q(decided_by=F("verdict_by"))),
                        name="candidate_decided_by_two",
                        violation_error_message="La même personne ne peut pas donner les deux avis.",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ~Q(first_name__regex="[/:@／：＠]|[.．。｡․][[:alpha:]]{2}"),
                            ~Q(last_name__regex="[/:@／：＠]|[.．。｡․][[:alpha:]]{2}"),
                            ~Q(guardian_name__regex="[/:@／：＠]|[.．。｡․][[:alpha:]]{2}"),
                        ),
                        name="candidate_names_are_no_links",
                        violation_error_message=(
                            "Un nom ne contient ni « / », ni « : », ni « @ », et un point y est suivi d’un espace."
                        ),
                    ),
                    models.CheckConstraint(
                        condition=~Q(state="unconfirmed") | Q(confirmed_email=""), name="candidate_unconfirmed_address"
                    ),
                    models.CheckConstraint(
                        condition=Q(renounced_on=None, renounced_through="")
                        | Q(
                            renounced_on__isnull=False,
                            renounced_through__in=["online", "paper", "phone"],
                            state__in=("in_pool", "drawn", "alternate", "not_drawn"),
                        ),
                        name="candidate_renounced_once_frozen",
                        violation_error_message="On renonce à une liste figée, un jour et par un moyen que l’on note.",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state__in=["eligible", "in_pool", "drawn", "alternate", "not_drawn"])
                        | Q(canton__isnull=False),
                        name="candidate_in_pool_has_canton",
                        violation_error_message="Une candidature recevable a un canton.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CandidateNeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("candidate", models.ForeignKey("draws.candidate", models.CASCADE, related_name="needs")),
                (
                    "kind",
                    models.CharField(
                        "mesure",
                        choices=[
                            ("sign_language", "interprète en langue des signes (LSF)"),
                            ("step_free", "accès et place sans marche"),
                            ("hearing_loop", "boucle magnétique ou transcription"),
                            ("large_print", "documents en gros caractères"),
                            ("easy_read", "documents faciles à lire (FALC)"),
                            ("childcare", "garde d’enfants"),
                            ("transport", "transport organisé"),
                            ("companion", "place pour la personne qui accompagne"),
                            ("meal", "repas adapté"),
                            ("other", "autre mesure"),
                        ],
                        max_length=16,
                    ),
                ),
            ],
            options={
                "ordering": ["kind"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(
                            kind__in=[
                                "sign_language",
                                "step_free",
                                "hearing_loop",
                                "large_print",
                                "easy_read",
                                "childcare",
                                "transport",
                                "companion",
                                "meal",
                                "other",
                            ]
                        ),
                        name="candidate_need_known",
                    ),
                    models.UniqueConstraint(fields=("candidate", "kind"), name="candidate_need_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="NextCallAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("assembly", models.ForeignKey("institution.assembly", models.PROTECT, related_name="+")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("email", models.EmailField("adresse électronique", max_length=254)),
                ("agreed_on", models.DateField("accord du")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("assembly", "email"), name="next_call_address_once")]
            },
        ),
        migrations.CreateModel(
            name="PopulationMargins",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("assembly", models.ForeignKey("institution.assembly", models.PROTECT, related_name="+")),
                ("source", models.CharField("source", max_length=160)),
                ("dated_on", models.DateField("date des chiffres")),
                ("shares", models.JSONField()),
                ("imported_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("imported_at", models.DateTimeField(auto_now_add=True)),
                ("excluded_at", models.DateTimeField("écarté le", blank=True, null=True)),
                (
                    "excluded_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
            ],
            options={
                "verbose_name": "chiffres de la population",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(excluded_at=None, excluded_by=None)
                        | Q(excluded_at__isnull=False, excluded_by__isnull=False),
                        name="margins_excluded_by_somebody",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="QuotaVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField("version")),
                ("seats", models.PositiveSmallIntegerField("sièges")),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("decision", models.TextField("décision", max_length=2000)),
                ("remedy", models.CharField(blank=True, max_length=20)),
                ("created_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"verbose_name": "version des quotas", "ordering": ["draw", "-number"], "constraints": []},
        ),
        migrations.CreateModel(
            name="Draw",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "call",
                    models.ForeignKey(
                        "draws.call", models.PROTECT, blank=True, null=True, related_name="draws", verbose_name="appel"
                    ),
                ),
                (
                    "within_term",
                    models.ForeignKey(
                        "institution.term", models.PROTECT, blank=True, null=True, related_name="internal_draws"
                    ),
                ),
                ("title", models.CharField("fonction", blank=True, db_default="", default="", max_length=160)),
                ("purpose", models.CharField(blank=True, db_default="", default="", max_length=180)),
                (
                    "drawn_among",
                    models.ForeignKey(
                        "institution.committee", models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                (
                    "committee",
                    models.ForeignKey(
                        "institution.committee", models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField("numéro")),
                ("reference", models.CharField("référence", max_length=40, unique=True)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("draft", "en préparation"),
                            ("checked", "vérifié"),
                            ("frozen", "liste figée"),
                            ("computed", "lots calculés"),
                            ("announced", "annoncé"),
                            ("drawn", "tiré"),
                            ("certified", "constaté"),
                            ("revealed", "révélé"),
                            ("void", "annulé"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("prepared_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "quotas",
                    models.ForeignKey("draws.quotaversion", models.PROTECT, blank=True, null=True, related_name="+"),
                ),
                (
                    "ceiling",
                    models.DecimalField(
                        "plafond des chances",
                        blank=True,
                        decimal_places=2,
                        max_digits=3,
                        null=True,
                        validators=[MinValueValidator(Decimal("0.05")), MaxValueValidator(1)],
                    ),
                ),
                (
                    "alternates",
                    models.PositiveSmallIntegerField(
                        "suppléantes et suppléants prévenus par case", default=2, validators=[MaxValueValidator(20)]
                    ),
                ),
                (
                    "contest_days",
                    models.PositiveSmallIntegerField(
                        "jours pour contester", default=7, validators=[MaxValueValidator(60)]
                    ),
                ),
                ("gap_decision", models.TextField("décision sur l’écart", blank=True, max_length=1000)),
                ("takes_place_at", models.DateTimeField("date et heure du tirage", blank=True, null=True)),
                ("place", models.CharField("lieu", blank=True, max_length=160)),
                ("frozen_at", models.DateTimeField("liste figée le", blank=True, null=True)),
                (
                    "frozen_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("announced_at", models.DateTimeField("annoncé le", blank=True, null=True)),
                ("drawn_at", models.DateTimeField("tiré le", blank=True, null=True)),
                ("attendees", models.TextField("personnes présentes", blank=True, max_length=2000)),
                ("certified_at", models.DateTimeField("constaté le", blank=True, null=True)),
                ("witness_name", models.CharField("commissaire de justice", blank=True, max_length=120)),
                ("witness_office", models.CharField("étude", blank=True, max_length=160)),
                ("statement_reference", models.CharField("référence du constat", blank=True, max_length=80)),
                (
                    "statement",
                    models.ForeignKey(
                        "documents.upload",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="constat",
                    ),
                ),
                ("revealed_at", models.DateTimeField("révélé le", blank=True, null=True)),
                ("voided_at", models.DateTimeField("annulé le", blank=True, null=True)),
                ("void_reason", models.TextField("motif de l’annulation", blank=True, max_length=1000)),
            ],
            options={
                "verbose_name": "tirage au sort",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("call", "number"), name="draw_number_once"),
                    models.UniqueConstraint(
                        condition=~Q(state="void"),
                        fields=("call",),
                        name="draw_one_at_a_time",
                        violation_error_message="Un tirage est déjà en cours pour cet appel.",
                    ),
                    models.UniqueConstraint(
                        condition=~Q(state="void"),
                        fields=("within_term", "purpose"),
                        name="draw_purpose_once",
                        violation_error_message="Un tirage pour cette fonction existe déjà.",
                    ),
                    models.UniqueConstraint(
                        fields=("within_term", "purpose", "number"), name="draw_purpose_number_once"
                    ),
                    models.CheckConstraint(
                        condition=Q(call__isnull=False, purpose="", title="", within_term=None)
                        | Q(("call", None), ("within_term__isnull", False), ~Q(purpose=""), ~Q(title="")),
                        name="draw_of_call_or_internal",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            state__in=[
                                "draft",
                                "checked",
                                "frozen",
                                "computed",
                                "announced",
                                "drawn",
                                "certified",
                                "revealed",
                                "void",
                            ]
                        ),
                        name="draw_state_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(state="void")
                        | Q(
                            frozen_at__isnull=False,
                            state__in=["frozen", "computed", "announced", "drawn", "certified", "revealed"],
                        )
                        | Q(
                            ~Q(
                                state__in=["frozen", "computed", "announced", "drawn", "certified", "revealed", "void"]
                            ),
                            frozen_at=None,
                        ),
                        name="draw_frozen_at_iff_state",
                    ),
                    models.CheckConstraint(
                        condition=Q(state="void")
                        | Q(announced_at__isnull=False, state__in=["announced", "drawn", "certified", "revealed"])
                        | Q(~Q(state__in=["announced", "drawn", "certified", "revealed", "void"]), announced_at=None),
                        name="draw_announced_at_iff_state",
                    ),
                    models.CheckConstraint(
                        condition=Q(state="void")
                        | Q(drawn_at__isnull=False, state__in=["drawn", "certified", "revealed"])
                        | Q(~Q(state__in=["drawn", "certified", "revealed", "void"]), drawn_at=None),
                        name="draw_drawn_at_iff_state",
                    ),
                    models.CheckConstraint(
                        condition=Q(state="void")
                        | Q(certified_at__isnull=False, state__in=["certified", "revealed"])
                        | Q(~Q(state__in=["certified", "revealed", "void"]), certified_at=None),
                        name="draw_certified_at_iff_state",
                    ),
                    models.CheckConstraint(
                        condition=Q(state="void")
                        | Q(revealed_at__isnull=False, state__in=["revealed"])
                        | Q(~Q(state__in=["revealed", "void"]), revealed_at=None),
                        name="draw_revealed_at_iff_state",
                    ),
                    models.CheckConstraint(
                        condition=Q(("state", "void"), ("voided_at__isnull", False), ~Q(void_reason=""))
                        | Q(~Q(state="void"), void_reason="", voided_at=None),
                        name="draw_void_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=Q(certified_at=None) | ~Q(witness_name="") | Q(call=None),
                        name="draw_certified_has_witness",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FrozenPool",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("draw", models.ForeignKey("draws.draw", models.PROTECT, related_name="pools")),
                ("version", models.PositiveSmallIntegerField("version")),
                ("quotas", models.ForeignKey("draws.quotaversion", models.PROTECT, related_name="+")),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("table_sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField("candidatures")),
                ("counts", models.JSONField(default=dict)),
                ("frozen_at", models.DateTimeField("figée le")),
            ],
            options={
                "verbose_name": "liste figée",
                "ordering": ["draw", "-version"],
                "constraints": [models.UniqueConstraint(fields=("draw", "version"), name="pool_version_once")],
            },
        ),
        migrations.CreateModel(
            name="PoolEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pool", models.ForeignKey("draws.frozenpool", models.PROTECT, related_name="entries")),
                ("pseudonym", models.CharField("pseudonyme", max_length=16)),
                (
                    "candidate",
                    models.ForeignKey(
                        "draws.candidate", models.CASCADE, blank=True, null=True, related_name="pool_entries"
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(
                        "members.mandate", models.PROTECT, blank=True, null=True, related_name="pool_entries"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        default=draws.draws.models.private_key, editable=False, max_length=40, unique=True
                    ),
                ),
            ],
            options={
                "ordering": ["pseudonym"],
                "constraints": [
                    models.UniqueConstraint(fields=("pool", "pseudonym"), name="pool_entry_pseudonym_once"),
                    models.UniqueConstraint(fields=("pool", "candidate"), name="pool_entry_candidate_once"),
                    models.UniqueConstraint(fields=("pool", "mandate"), name="pool_entry_mandate_once"),
                    models.CheckConstraint(
                        condition=Q(candidate__isnull=False, mandate=None) | Q(candidate=None, mandate__isnull=False),
                        name="pool_entry_candidate_or_mandate",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contestation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry", models.ForeignKey("draws.poolentry", models.CASCADE, related_name="contestations")),
                ("text", models.TextField("ce qui est faux", max_length=1000)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("answer", models.TextField("réponse", blank=True, max_length=1000)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(answered_at=None), fields=("entry",), name="contestation_open_once"
                    ),
                    models.CheckConstraint(
                        condition=Q(answer="", answered_at=None, answered_by=None)
                        | Q(("answered_at__isnull", False), ("answered_by__isnull", False), ~Q(answer="")),
                        name="contestation_answer_has_author",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Computation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("draw", models.ForeignKey("draws.draw", models.PROTECT, related_name="computations")),
                (
                    "kind",
                    models.CharField(
                        choices=[("trial", "essai à blanc"), ("portfolio", "calcul des lots")], max_length=10
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("queued", "en attente"),
                            ("running", "en cours"),
                            ("ready", "fini"),
                            ("failed", "échoué"),
                            ("cancelled", "arrêté"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("quotas", models.ForeignKey("draws.quotaversion", models.PROTECT, related_name="+")),
                (
                    "pool",
                    models.ForeignKey(
                        "draws.frozenpool", models.PROTECT, blank=True, null=True, related_name="computations"
                    ),
                ),
                ("ceiling", models.DecimalField(blank=True, decimal_places=2, max_digits=3, null=True)),
                ("digest", models.CharField(max_length=64)),
                ("phase", models.CharField(blank=True, max_length=20)),
                ("done", models.PositiveSmallIntegerField(default=0)),
                ("is_cancelled", models.BooleanField(default=False)),
                ("findings", models.JSONField(default=dict)),
                ("lots", models.BinaryField(null=True)),
                ("lots_sha256", models.CharField(blank=True, max_length=64)),
                ("certificate", models.BinaryField(null=True)),
                ("error", models.CharField(blank=True, max_length=2000)),
                ("asked_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("progressed_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField("fini le", blank=True, null=True)),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(state__in=("queued", "running")),
                        fields=("draw",),
                        name="computation_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=Q(kind="trial", pool=None) | Q(kind="portfolio", pool__isnull=False),
                        name="computation_portfolio_has_pool",
                    ),
                    models.CheckConstraint(
                        condition=~Q(kind="portfolio", state="ready")
                        | Q(("certificate__isnull", False), ("lots__isnull", False), ~Q(lots_sha256="")),
                        name="computation_ready_portfolio_has_lots",
                    ),
                    models.CheckConstraint(
                        condition=Q(finished_at=None, state__in=("queued", "running"))
                        | Q(~Q(state__in=("queued", "running")), finished_at__isnull=False),
                        name="computation_finished_iff_over",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BallReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("draw", models.ForeignKey("draws.draw", models.PROTECT, related_name="readings")),
                ("round", models.PositiveSmallIntegerField("lecture")),
                ("place", models.PositiveSmallIntegerField()),
                ("balls", models.CharField("boules", max_length=7)),
                ("dice", models.CharField("dés", max_length=39)),
                ("by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["round", "place"],
                "constraints": [
                    models.UniqueConstraint(fields=("draw", "round", "place"), name="ball_reading_place_once"),
                    models.UniqueConstraint(fields=("draw", "round", "by"), name="ball_reading_person_once"),
                    models.CheckConstraint(condition=Q(place__in=[1, 2]), name="ball_reading_two_places"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DrawResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("draw", models.OneToOneField("draws.draw", models.PROTECT, related_name="result")),
                ("portfolio", models.OneToOneField("draws.computation", models.PROTECT, related_name="result")),
                ("balls", models.CharField("boules", max_length=7)),
                ("dice", models.CharField("dés", max_length=39)),
                ("ticket", models.PositiveSmallIntegerField("billet")),
                ("lot", models.PositiveIntegerField("lot")),
                ("seed", models.CharField("graine", max_length=64)),
                ("drawn_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=Q(ticket__lt=10000), name="draw_result_ticket_known")]
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("draw", models.ForeignKey("draws.draw", models.PROTECT, related_name="incidents")),
                ("text", models.TextField("incident", max_length=1000)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.CreateModel(
            name="Placement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("draw", models.ForeignKey("draws.draw", models.PROTECT, related_name="placements")),
                ("pseudonym", models.CharField("pseudonyme", max_length=16)),
                ("mandate", models.OneToOneField("members.mandate", models.PROTECT, related_name="placement")),
                (
                    "vacated",
                    models.OneToOneField(
                        "draws.placement",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="successor",
                        verbose_name="remplace",
                    ),
                ),
                (
                    "instead_of",
                    models.CharField("à la place de", blank=True, db_default="", default="", max_length=16),
                ),
                ("findings", models.JSONField(default=dict)),
                ("placed_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("placed_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("draw", "pseudonym"), name="placement_pseudonym_once"),
                    models.UniqueConstraint(
                        condition=~Q(instead_of=""), fields=("draw", "instead_of"), name="placement_instead_of_once"
                    ),
                    models.CheckConstraint(
                        condition=Q(vacated=None) | Q(instead_of=""), name="placement_after_one_person"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConfirmationCall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("placement", models.ForeignKey("draws.placement", models.PROTECT, related_name="calls")),
                (
                    "outcome",
                    models.CharField(
                        "issue de l’appel",
                        choices=[
                            ("reached", "jointe, réfléchit"),
                            ("no_answer", "ne répond pas"),
                            ("later", "demande qu’on rappelle"),
                            ("yes", "a dit oui"),
                            ("no", "a dit non"),
                        ],
                        max_length=10,
                    ),
                ),
                ("call_again_on", models.DateField("rappeler le", blank=True, null=True)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
            ],
            options={
                "verbose_name": "appel de confirmation",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(outcome__in=["reached", "no_answer", "later", "yes", "no"]),
                        name="confirmation_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(call_again_on__isnull=False, outcome="later")
                        | Q(call_again_on=None, outcome__in=["yes", "no"])
                        | Q(outcome__in=["reached", "no_answer"]),
                        name="confirmation_day_where_called_again",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Designation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("draw", models.ForeignKey("draws.draw", models.PROTECT, related_name="designations")),
                ("pseudonym", models.CharField("pseudonyme", max_length=16)),
                ("mandate", models.ForeignKey("members.mandate", models.PROTECT, related_name="designations")),
                (
                    "outcome",
                    models.CharField(
                        "issue",
                        choices=[("named", "désignée"), ("declined", "a renoncé"), ("left", "ne siège plus")],
                        max_length=10,
                    ),
                ),
                ("rank", models.PositiveSmallIntegerField("rang", blank=True, null=True)),
                ("instead_of", models.CharField("à la place de", blank=True, max_length=16)),
                ("noted_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("noted_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "désignation",
                "ordering": ["rank", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("draw", "pseudonym"), name="designation_pseudonym_once"),
                    models.UniqueConstraint(fields=("draw", "rank"), name="designation_rank_once"),
                    models.CheckConstraint(
                        condition=Q(outcome__in=["named", "declined", "left"]), name="designation_outcome_known"
                    ),
                    models.CheckConstraint(
                        condition=Q(outcome="named", rank__isnull=False)
                        | Q(~Q(outcome="named"), instead_of="", rank=None),
                        name="designation_rank_iff_named",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="draw",
            name="pool",
            field=models.ForeignKey("draws.frozenpool", models.PROTECT, blank=True, null=True, related_name="+"),
        ),
        migrations.AddField(
            model_name="quotaversion",
            name="draw",
            field=models.ForeignKey("draws.draw", models.PROTECT, related_name="quota_versions"),
        ),
        migrations.AddConstraint(
            model_name="quotaversion",
            constraint=models.UniqueConstraint(fields=("draw", "number"), name="quota_version_once"),
        ),
        migrations.AddConstraint(
            model_name="draw",
            constraint=models.CheckConstraint(
                condition=Q(frozen_at=None) | Q(frozen_by__isnull=False, pool__isnull=False, quotas__isnull=False),
                name="draw_frozen_has_files",
            ),
        ),
        migrations.RunSQL(
            SQL.joinpath("triggers.sql").read_text(encoding="utf-8"),
            "DROP FUNCTION "
            "draws_refuse_extension_change, "
            "draws_refuse_change, "
            "draws_refuse_unexamined, "
            "draws_refuse_late_candidate CASCADE",
        ),
    ]
