import uuid
from pathlib import Path

from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q
from django.utils import timezone

SQL = Path(__file__).parent


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("documents", "0001_initial"),
        ("identity", "0001_initial"),
        ("institution", "0001_initial"),
        ("sittings", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Referral",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("term", models.ForeignKey("institution.term", models.PROTECT, related_name="referrals")),
                (
                    "origin",
                    models.CharField(
                        "origine",
                        choices=[("president", "saisine du président"), ("self_referral", "auto-saisine")],
                        max_length=16,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("draft", "en préparation"),
                            ("internal_review", "en instruction"),
                            ("issued", "émise"),
                            ("accepted", "reçue par l’assemblée"),
                            ("suggested", "proposée"),
                            ("shortlisted", "présélectionnée"),
                            ("admissibility", "recevabilité à l’étude"),
                            ("inadmissible", "irrecevable"),
                            ("council_view", "position du président donnée"),
                            ("put_to_vote", "mise aux voix"),
                            ("adopted", "adoptée par l’assemblée"),
                            ("rejected", "rejetée par l’assemblée"),
                            ("in_progress", "en cours de travail"),
                            ("opinion_adopted", "avis adopté"),
                            ("handed_over", "avis remis"),
                            ("answered", "réponse reçue"),
                            ("closed", "close"),
                            ("withdrawn", "retirée"),
                            ("merged", "réunie avec une autre"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reference", models.CharField("référence", blank=True, max_length=20)),
                ("title", models.CharField("titre", max_length=160)),
                ("question", models.TextField("question posée", blank=True, max_length=600)),
                ("context", models.TextField("contexte", blank=True, max_length=6000)),
                ("decided", models.TextField("ce qui est déjà décidé", blank=True, max_length=3000)),
                ("open_points", models.TextField("ce qui est ouvert", blank=True, max_length=3000)),
                ("impossible", models.TextField("ce qui n’est pas possible", blank=True, max_length=3000)),
                ("budget_frame", models.TextField("cadre budgétaire", blank=True, max_length=2000)),
                ("deliverable", models.TextField("ce qui est attendu", blank=True, max_length=2000)),
                ("support_offered", models.TextField("moyens donnés à l’assemblée", blank=True, max_length=2000)),
                ("work_starts_on", models.DateField("début des travaux", blank=True, null=True)),
                ("due_on", models.DateField("avis attendu le", blank=True, null=True)),
                ("target_decision", models.CharField("décision que l’avis éclaire", blank=True, max_length=300)),
                ("target_decision_on", models.DateField("date de cette décision", blank=True, null=True)),
                (
                    "powers_link",
                    models.TextField("lien avec les compétences du Département", blank=True, max_length=1500),
                ),
                (
                    "suggested_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="suggestions"
                    ),
                ),
                (
                    "suggested_via",
                    models.CharField(
                        "reçue par",
                        choices=[
                            ("site", "écrite par le membre"),
                            ("paper", "reçue sur papier"),
                            ("phone", "reçue par téléphone"),
                        ],
                        default="site",
                        max_length=5,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                (
                    "author_announced_state",
                    models.CharField("dernier état annoncé", default="suggested", max_length=16),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="suivie par",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("issued_at", models.DateTimeField("émise le", blank=True, null=True)),
                (
                    "issued_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                (
                    "issue_channel",
                    models.CharField(
                        "émise par",
                        blank=True,
                        choices=[
                            ("visa", "visa donné en ligne par le cabinet"),
                            ("paper", "lettre signée sur papier"),
                        ],
                        max_length=6,
                    ),
                ),
                ("letter_on", models.DateField("date de la lettre", blank=True, null=True)),
                (
                    "signed_letter",
                    models.ForeignKey("documents.upload", models.PROTECT, blank=True, null=True, related_name="+"),
                ),
                (
                    "accepted_item",
                    models.ForeignKey(
                        "sittings.agendaitem",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="reçue au point de l’ordre du jour",
                    ),
                ),
                ("accepted_on", models.DateField("reçue par l’assemblée le", blank=True, null=True)),
                (
                    "vote_item",
                    models.ForeignKey("sittings.agendaitem", models.PROTECT, blank=True, null=True, related_name="+"),
                ),
                (
                    "ballot",
                    models.ForeignKey("sittings.ballot", models.PROTECT, blank=True, null=True, related_name="+"),
                ),
                ("answered_on", models.DateField("répondu le", blank=True, null=True)),
                (
                    "answer_document",
                    models.ForeignKey("documents.upload", models.PROTECT, blank=True, null=True, related_name="+"),
                ),
                ("published_at", models.DateTimeField("publiée le", blank=True, null=True)),
                ("ended_at", models.DateTimeField("retirée ou réunie avec une autre le", blank=True, null=True)),
                ("end_reason", models.TextField("motif", blank=True, max_length=1000)),
                (
                    "merged_into",
                    models.ForeignKey(
                        "consultations.referral", models.PROTECT, blank=True, null=True, related_name="absorbed"
                    ),
                ),
            ],
            options={
                "verbose_name": "saisine",
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(fields=["term", "state"], name="referral_by_state"),
                    models.Index(
                        condition=Q(published_at__isnull=False), fields=["published_at"], name="referral_published"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=~Q(reference=""), fields=("term", "reference"), name="referral_reference_once"
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("origin", "president"),
                            ~Q(
                                state__in=[
                                    "suggested",
                                    "shortlisted",
                                    "admissibility",
                                    "inadmissible",
                                    "council_view",
                                    "put_to_vote",
                                    "adopted",
                                    "rejected",
                                ]
                            ),
                        )
                        | Q(
                            ("origin", "self_referral"),
                            ~Q(state__in=["draft", "internal_review", "issued", "accepted"]),
                        ),
                        name="referral_state_of_origin",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            state__in=[
                                "draft",
                                "internal_review",
                                "issued",
                                "accepted",
                                "suggested",
                                "shortlisted",
                                "admissibility",
                                "inadmissible",
                                "council_view",
                                "put_to_vote",
                                "adopted",
                                "rejected",
                                "in_progress",
                                "opinion_adopted",
                                "handed_over",
                                "answered",
                                "closed",
                                "withdrawn",
                                "merged",
                            ]
                        ),
                        name="referral_state_known",
                    ),
                    models.CheckConstraint(
                        condition=~Q(reference="")
                        | Q(origin="self_referral", state__in=["suggested", "withdrawn", "merged"]),
                        name="referral_has_reference",
                    ),
                    models.CheckConstraint(
                        condition=Q(issued_at=None, origin="self_referral")
                        | Q(issued_at=None, origin="president", state__in=["draft", "internal_review"])
                        | Q(
                            issued_at__isnull=False,
                            origin="president",
                            state__in=[
                                "issued",
                                "accepted",
                                "in_progress",
                                "opinion_adopted",
                                "handed_over",
                                "answered",
                                "closed",
                            ],
                        )
                        | Q(origin="president", state__in=["withdrawn", "merged"]),
                        name="referral_issued_at_iff_issued",
                    ),
                    models.CheckConstraint(
                        condition=Q(issued_at=None)
                        | Q(
                            ~Q(question=""),
                            ("due_on__isnull", False),
                            ("issued_by__isnull", False),
                            ~Q(issue_channel=""),
                        ),
                        name="referral_issued_is_complete",
                        violation_error_message="Une saisine émise a une question et un calendrier.",
                    ),
                    models.CheckConstraint(
                        condition=~Q(issue_channel="paper") | Q(letter_on__isnull=False, signed_letter__isnull=False),
                        name="referral_paper_has_letter",
                        violation_error_message="Joignez la lettre signée et sa date.",
                    ),
                    models.CheckConstraint(
                        condition=Q(accepted_on=None, origin="self_referral")
                        | Q(accepted_on=None, origin="president", state__in=["draft", "internal_review", "issued"])
                        | Q(
                            accepted_on__isnull=False,
                            origin="president",
                            state__in=[
                                "accepted",
                                "in_progress",
                                "opinion_adopted",
                                "handed_over",
                                "answered",
                                "closed",
                            ],
                        )
                        | Q(origin="president", state__in=["withdrawn", "merged"]),
                        name="referral_accepted_on_iff_accepted",
                    ),
                    models.CheckConstraint(
                        condition=Q(answer_document=None, answered_on=None)
                        | Q(answer_document__isnull=False, answered_on__isnull=False),
                        name="referral_answer_has_document",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state__in=["put_to_vote", "adopted", "rejected"]) | Q(vote_item__isnull=False),
                        name="referral_vote_has_item",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state__in=["adopted", "rejected"]) | Q(ballot__isnull=False),
                        name="referral_voted_has_ballot",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("ended_at__isnull", False), ("state__in", ["withdrawn", "merged"]), ~Q(end_reason="")
                        )
                        | Q(~Q(state__in=["withdrawn", "merged"]), end_reason="", ended_at=None),
                        name="referral_end_is_recorded",
                        violation_error_message="Dites pourquoi.",
                    ),
                    models.CheckConstraint(
                        condition=Q(merged_into__isnull=False, state="merged")
                        | Q(~Q(state="merged"), merged_into=None),
                        name="referral_merged_iff_into",
                    ),
                    models.CheckConstraint(
                        condition=Q(merged_into=None) | ~Q(merged_into=F("pk")),
                        name="referral_not_merged_into_itself",
                        violation_error_message="Une saisine ne se réunit pas avec elle-même.",
                    ),
                    models.CheckConstraint(
                        condition=Q(due_on=None) | Q(work_starts_on=None) | Q(due_on__gte=F("work_starts_on")),
                        name="referral_due_after_start",
                        violation_error_message="L’avis est attendu après le début des travaux.",
                    ),
                    models.CheckConstraint(
                        condition=Q(recorded_by=None, suggested_via="site")
                        | Q(~Q(suggested_via="site"), recorded_by__isnull=False),
                        name="referral_recorded_iff_not_on_site",
                    ),
                    models.CheckConstraint(
                        condition=Q(origin="self_referral", suggested_by__isnull=False)
                        | Q(origin="president", suggested_by=None),
                        name="referral_suggested_by_iff_self_referral",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReferralDirectorate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("referral", models.ForeignKey("consultations.referral", models.PROTECT, related_name="directorates")),
                ("directorate", models.ForeignKey("institution.directorate", models.PROTECT, related_name="+")),
                ("is_lead", models.BooleanField("direction pilote", default=False)),
                ("added_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "direction associée",
                "ordering": ["-is_lead", "directorate__name__alphabetical"],
                "constraints": [
                    models.UniqueConstraint(fields=("referral", "directorate"), name="referral_directorate_once"),
                    models.UniqueConstraint(condition=Q(is_lead=True), fields=("referral",), name="referral_one_lead"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReferralCommittee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("referral", models.ForeignKey("consultations.referral", models.PROTECT, related_name="committees")),
                (
                    "committee",
                    models.ForeignKey(
                        "institution.committee", models.PROTECT, related_name="+", verbose_name="groupe"
                    ),
                ),
                ("mandate_statement", models.TextField("mandat de travail", blank=True, max_length=2000)),
                ("assigned_at", models.DateTimeField("confiée le", auto_now_add=True)),
                ("ended_at", models.DateTimeField("retirée le", blank=True, null=True)),
            ],
            options={
                "verbose_name": "groupe chargé de la saisine",
                "ordering": ["committee__name__alphabetical"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(ended_at=None), fields=("referral", "committee"), name="referral_committee_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BriefingPack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("referral", models.OneToOneField("consultations.referral", models.PROTECT, related_name="briefing")),
                ("introduction", models.TextField("présentation", blank=True, max_length=3000)),
                ("release_at", models.DateTimeField("ouvert aux membres le", blank=True, null=True)),
                (
                    "scheduled_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("released_at", models.DateTimeField("ouvert le", blank=True, null=True)),
                (
                    "released_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
            ],
            options={
                "verbose_name": "dossier documentaire",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(release_at=None, scheduled_by=None)
                        | Q(release_at__isnull=False, scheduled_by__isnull=False),
                        name="briefing_scheduled_by_somebody",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BriefingDeposit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pack", models.ForeignKey("consultations.briefingpack", models.PROTECT, related_name="deposits")),
                ("upload", models.ForeignKey("documents.upload", models.PROTECT, related_name="+")),
                ("title", models.CharField("titre", max_length=200)),
                ("deposited_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"verbose_name": "fichier à décrire", "ordering": ["pk"]},
        ),
        migrations.CreateModel(
            name="Hearing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("referral", models.ForeignKey("consultations.referral", models.PROTECT, related_name="hearings")),
                (
                    "committee",
                    models.ForeignKey(
                        "institution.committee", models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        "type",
                        choices=[("hearing", "audition"), ("site_visit", "visite de site")],
                        default="hearing",
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[("planned", "prévue"), ("held", "tenue"), ("cancelled", "annulée")],
                        default="planned",
                        max_length=10,
                    ),
                ),
                ("title", models.CharField("titre", max_length=200)),
                ("starts_at", models.DateTimeField("début")),
                ("ends_at", models.DateTimeField("fin", blank=True, null=True)),
                ("place", models.CharField("lieu", blank=True, max_length=240)),
                ("video_link", models.URLField("lien de visioconférence", blank=True)),
                ("report", models.TextField("compte rendu", blank=True, max_length=100000)),
                ("report_version", models.PositiveIntegerField(default=0)),
                ("report_saved_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("reason", models.CharField("motif d’annulation", blank=True, max_length=300)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("created_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
            ],
            options={
                "verbose_name": "audition",
                "ordering": ["starts_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="hearing_ends_after_start"
                    ),
                    models.CheckConstraint(
                        condition=~Q(state="cancelled") | ~Q(reason=""),
                        name="hearing_cancelled_has_reason",
                        violation_error_message="Dites pourquoi.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BriefingDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("pack", models.ForeignKey("consultations.briefingpack", models.PROTECT, related_name="documents")),
                ("title", models.CharField("titre", max_length=200)),
                ("summary", models.CharField("en une phrase", blank=True, max_length=300)),
                (
                    "kind",
                    models.CharField(
                        "nature",
                        choices=[
                            ("scoping_note", "note de cadrage"),
                            ("study", "étude ou diagnostic"),
                            ("figures", "chiffres"),
                            ("law", "droit et compétences"),
                            ("scheme", "dispositif existant"),
                            ("slides", "présentation"),
                            ("press", "presse"),
                            ("other", "autre"),
                        ],
                        default="study",
                        max_length=14,
                    ),
                ),
                ("source", models.CharField("source", max_length=200)),
                ("dated_on", models.DateField("daté du", blank=True, null=True)),
                (
                    "level",
                    models.CharField(
                        "niveau de langue",
                        choices=[("standard", "texte courant"), ("easy_read", "facile à lire et à comprendre")],
                        default="standard",
                        max_length=10,
                    ),
                ),
                (
                    "upload",
                    models.ForeignKey("documents.upload", models.PROTECT, blank=True, null=True, related_name="+"),
                ),
                ("link", models.URLField("adresse", blank=True, max_length=500)),
                ("position", models.PositiveSmallIntegerField("ordre", default=0)),
                ("number", models.PositiveSmallIntegerField("version", default=1)),
                (
                    "replaces",
                    models.OneToOneField(
                        "consultations.briefingdocument",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="replaced_by",
                    ),
                ),
                ("checks", models.JSONField("contrôle d’accessibilité", blank=True, default=dict)),
                ("pages", models.PositiveIntegerField("pages", blank=True, null=True)),
                (
                    "hearing",
                    models.ForeignKey(
                        "consultations.hearing", models.PROTECT, blank=True, null=True, related_name="documents"
                    ),
                ),
                ("note_version", models.PositiveIntegerField(blank=True, editable=False, null=True)),
                ("is_public", models.BooleanField("visible de tous", default=False)),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                ("added_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("announced_at", models.DateTimeField("annoncé aux membres le", blank=True, null=True)),
                ("removed_at", models.DateTimeField("retiré le", blank=True, null=True)),
            ],
            options={
                "verbose_name": "document",
                "ordering": ["pack", "position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("upload__isnull", False), ("link", "")) | Q(("upload", None), ~Q(link="")),
                        name="briefing_file_or_link",
                        violation_error_message="Donnez un fichier ou une adresse.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BriefingReadMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("document", models.ForeignKey("consultations.briefingdocument", models.PROTECT, related_name="+")),
                ("user", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("read_at", models.DateTimeField("lu le", auto_now_add=True)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("user", "document"), name="read_mark_once")]},
        ),
        migrations.CreateModel(
            name="HearingGuest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hearing", models.ForeignKey("consultations.hearing", models.PROTECT, related_name="guests")),
                (
                    "person",
                    models.ForeignKey("identity.person", models.PROTECT, blank=True, null=True, related_name="+"),
                ),
                ("name", models.CharField("nom", max_length=120)),
                ("capacity", models.CharField("qualité", max_length=160)),
                (
                    "kind",
                    models.CharField(
                        "à quel titre",
                        choices=[
                            ("elected", "élu"),
                            ("expert", "expert"),
                            ("agent", "agent d’un service"),
                            ("witness", "personne concernée"),
                        ],
                        default="expert",
                        max_length=8,
                    ),
                ),
                ("is_public", models.BooleanField("nom donné au public", default=False)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={"ordering": ["hearing", "pk"]},
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "directorate",
                    models.ForeignKey("institution.directorate", models.PROTECT, related_name="delegations"),
                ),
                (
                    "giver",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="delegations_given"),
                ),
                (
                    "holder",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="delegations_held"),
                ),
                ("starts_on", models.DateField("du")),
                ("ends_on", models.DateField("au")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField("retirée le", blank=True, null=True)),
            ],
            options={
                "verbose_name": "délégation de visa",
                "ordering": ["-starts_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(ends_on__gte=F("starts_on")),
                        name="delegation_ends_after_start",
                        violation_error_message="La fin vient après le début.",
                    ),
                    models.CheckConstraint(
                        condition=~Q(giver=F("holder")),
                        name="delegation_to_another",
                        violation_error_message="On ne se délègue pas à soi-même.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScopingNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "referral",
                    models.OneToOneField("consultations.referral", models.PROTECT, related_name="scoping_note"),
                ),
                ("body", models.TextField("texte", blank=True, max_length=200000)),
                ("version", models.PositiveIntegerField(default=1)),
                ("generated_at", models.DateTimeField("générée le")),
                ("edited_at", models.DateTimeField("modifiée le", blank=True, null=True)),
                (
                    "edited_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
            ],
            options={"verbose_name": "note de cadrage"},
        ),
        migrations.CreateModel(
            name="ReferralSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("term", models.OneToOneField("institution.term", models.PROTECT, related_name="+")),
                ("dots", models.PositiveSmallIntegerField("points de soutien par membre", default=5)),
                ("dots_a_subject", models.PositiveSmallIntegerField("points au plus sur un même sujet", default=3)),
                ("review_days", models.PositiveSmallIntegerField("délai laissé aux directions, en jours", default=21)),
                (
                    "is_accepted_by_vote",
                    models.BooleanField("l’assemblée vote la réception d’une saisine", default=False),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(dots__gte=1, dots_a_subject__gte=1, dots_a_subject__lte=F("dots")),
                        name="settings_dots_make_sense",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="SuggestionDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("user", models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")),
                ("title", models.CharField("titre", blank=True, max_length=160)),
                ("why", models.TextField("pourquoi", blank=True, max_length=2000)),
                ("powers_link", models.TextField("lien avec le Département", blank=True, max_length=1500)),
                ("saved_at", models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name="Support",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("referral", models.ForeignKey("consultations.referral", models.PROTECT, related_name="supports")),
                ("user", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("dots", models.PositiveSmallIntegerField("points")),
                ("changed_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("referral", "user"), name="support_once"),
                    models.CheckConstraint(condition=Q(dots__gte=1), name="support_at_least_one"),
                ]
            },
        ),
        migrations.CreateModel(
            name="AdmissibilityCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "referral",
                    models.OneToOneField("consultations.referral", models.PROTECT, related_name="admissibility"),
                ),
                (
                    "within_powers",
                    models.CharField(
                        "relève du Département",
                        choices=[("yes", "Oui"), ("partly", "En partie"), ("no", "Non")],
                        max_length=8,
                    ),
                ),
                ("is_fair", models.BooleanField("ne discrimine personne")),
                ("reasons", models.TextField("motifs", max_length=3000)),
                ("decided_at", models.DateTimeField("décidé le")),
                ("decided_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
            ],
            options={
                "verbose_name": "recevabilité",
                "constraints": [models.CheckConstraint(condition=~Q(reasons=""), name="admissibility_has_reasons")],
            },
        ),
        migrations.CreateModel(
            name="CouncilView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "referral",
                    models.OneToOneField("consultations.referral", models.PROTECT, related_name="council_view"),
                ),
                (
                    "stance",
                    models.CharField(
                        "position",
                        choices=[
                            ("favourable", "favorable"),
                            ("with_remarks", "favorable avec remarques"),
                            ("unfavourable", "défavorable"),
                        ],
                        max_length=14,
                    ),
                ),
                ("reasons", models.TextField("motifs", max_length=4000)),
                ("given_on", models.DateField("rendu le")),
                (
                    "decision_reference",
                    models.CharField("référence de la délibération ou de la lettre", blank=True, max_length=120),
                ),
                (
                    "upload",
                    models.ForeignKey("documents.upload", models.PROTECT, blank=True, null=True, related_name="+"),
                ),
                ("is_visa", models.BooleanField("donné en ligne par le cabinet", default=False)),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                ("recorded_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
            ],
            options={
                "verbose_name": "position du président",
                "constraints": [models.CheckConstraint(condition=~Q(reasons=""), name="council_view_has_reasons")],
            },
        ),
        migrations.CreateModel(
            name="VisaLevel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "directorate",
                    models.ForeignKey("institution.directorate", models.PROTECT, related_name="visa_levels"),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("name", models.CharField("visa", max_length=80)),
                (
                    "holder",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="donné par"
                    ),
                ),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                ("removed_at", models.DateTimeField("retiré le", blank=True, null=True)),
            ],
            options={"verbose_name": "visa intermédiaire", "ordering": ["directorate", "position", "pk"]},
        ),
        migrations.CreateModel(
            name="DirectorateReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("referral", models.ForeignKey("consultations.referral", models.PROTECT, related_name="reviews")),
                ("directorate", models.ForeignKey("institution.directorate", models.PROTECT, related_name="reviews")),
                (
                    "kind",
                    models.CharField(
                        "objet",
                        choices=[("scoping", "cadrage"), ("admissibility", "recevabilité")],
                        default="scoping",
                        max_length=14,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("asked", "attendu"),
                            ("drafted", "commencé"),
                            ("returned", "à reprendre"),
                            ("submitted", "à viser"),
                            ("validated", "rendu"),
                            ("supplement", "complément demandé"),
                            ("declined", "renvoyé"),
                            ("passed_on", "passé à une autre direction"),
                            ("closed", "clos sans suite"),
                        ],
                        default="asked",
                        max_length=12,
                    ),
                ),
                ("message", models.TextField("ce qui est demandé", blank=True, max_length=2000)),
                ("asked_at", models.DateTimeField("demandé le")),
                ("asked_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("due_on", models.DateField("attendu le")),
                ("due_reason", models.TextField("pourquoi la date a changé", blank=True, max_length=2000)),
                ("summary", models.TextField("contribution, en quelques phrases", blank=True, max_length=4000)),
                (
                    "competence",
                    models.CharField(
                        "compétence du Département",
                        blank=True,
                        choices=[("yes", "Oui"), ("partly", "En partie"), ("no", "Non")],
                        max_length=8,
                    ),
                ),
                ("competence_note", models.TextField("précisions sur la compétence", blank=True, max_length=2000)),
                (
                    "feasibility",
                    models.CharField(
                        "faisabilité",
                        blank=True,
                        choices=[
                            ("as_is", "Oui, tel quel"),
                            ("conditions", "Oui, avec des conditions"),
                            ("not_ours", "Non, pas par le Département"),
                            ("impossible", "Non, pour une raison technique ou légale"),
                        ],
                        max_length=12,
                    ),
                ),
                ("feasibility_note", models.TextField("pourquoi", blank=True, max_length=3000)),
                ("existing_schemes", models.TextField("ce que fait déjà le Département", blank=True, max_length=4000)),
                ("legal", models.TextField("cadre juridique", blank=True, max_length=4000)),
                (
                    "cost",
                    models.CharField(
                        "ordre de coût par an",
                        blank=True,
                        choices=[
                            ("under_10k", "Moins de 10 000 €"),
                            ("under_100k", "De 10 000 à 100 000 €"),
                            ("under_1m", "De 100 000 à 1 million d’euros"),
                            ("over_1m", "Plus de 1 million d’euros"),
                            ("unknown", "Ne peut pas être estimé"),
                        ],
                        max_length=12,
                    ),
                ),
                ("cost_note", models.TextField("précisions sur le coût", blank=True, max_length=2000)),
                ("experts", models.TextField("personnes et experts à entendre", blank=True, max_length=3000)),
                ("version", models.PositiveIntegerField(default=0)),
                ("saved_at", models.DateTimeField("enregistré le", blank=True, null=True)),
                (
                    "saved_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("submitted_at", models.DateTimeField("envoyé au visa le", blank=True, null=True)),
                (
                    "submitted_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                (
                    "visa_level",
                    models.ForeignKey(
                        "consultations.visalevel",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="visa intermédiaire attendu",
                    ),
                ),
                ("validated_at", models.DateTimeField("rendu le", blank=True, null=True)),
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
                ("was_late", models.BooleanField("rendu en retard", default=False)),
                ("reminded_at", models.DateTimeField("relancé le", blank=True, null=True)),
                (
                    "inherited_from",
                    models.ForeignKey(
                        "institution.directorate",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="demandé d’abord à",
                    ),
                ),
                ("supplement", models.TextField("complément demandé", blank=True, max_length=2000)),
                ("reason", models.TextField("motif", blank=True, max_length=2000)),
                (
                    "passed_to",
                    models.ForeignKey(
                        "consultations.directoratereview",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="passed_from",
                    ),
                ),
                ("closed_at", models.DateTimeField("clos le", blank=True, null=True)),
                (
                    "copy_readers",
                    models.ManyToManyField(
                        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name="lecteurs en copie"
                    ),
                ),
            ],
            options={
                "verbose_name": "contribution d’une direction",
                "ordering": ["due_on", "pk"],
                "indexes": [
                    models.Index(fields=["directorate", "state", "due_on"], name="review_by_directorate"),
                    models.Index(
                        condition=Q(state__in=["asked", "drafted", "returned", "submitted", "supplement"]),
                        fields=["due_on"],
                        name="review_open_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=~Q(state__in=["passed_on", "closed"]),
                        fields=("referral", "directorate", "kind"),
                        name="review_once_each_kind",
                        violation_error_message="Cette direction a déjà une demande en cours sur cette saisine.",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            state__in=[
                                "asked",
                                "drafted",
                                "returned",
                                "submitted",
                                "validated",
                                "supplement",
                                "declined",
                                "passed_on",
                                "closed",
                            ]
                        ),
                        name="review_state_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            state__in=["validated", "supplement"],
                            validated_at__isnull=False,
                            validated_by__isnull=False,
                        )
                        | ~Q(state__in=["validated", "supplement"]),
                        name="review_validated_at_iff_given",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state__in=["submitted", "validated"])
                        | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                        name="review_submitted_at_iff_submitted",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state__in=["submitted", "validated"]) | ~Q(summary=""),
                        name="review_given_has_summary",
                        violation_error_message="Écrivez votre contribution en quelques phrases.",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state__in=["returned", "declined", "passed_on", "supplement"]) | ~Q(reason=""),
                        name="review_refusals_have_reason",
                        violation_error_message="Dites pourquoi.",
                    ),
                    models.CheckConstraint(
                        condition=Q(passed_to__isnull=False, state="passed_on")
                        | Q(~Q(state="passed_on"), passed_to=None),
                        name="review_passed_to_iff_passed_on",
                    ),
                    models.CheckConstraint(
                        condition=Q(closed_at__isnull=False, state="closed") | Q(~Q(state="closed"), closed_at=None),
                        name="review_closed_at_iff_closed",
                    ),
                    models.CheckConstraint(
                        condition=Q(visa_level=None) | Q(state="submitted"), name="review_visa_level_while_submitted"
                    ),
                    models.CheckConstraint(
                        condition=Q(passed_to=None) | ~Q(passed_to=F("pk")), name="review_not_passed_to_itself"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewEdition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "review",
                    models.ForeignKey("consultations.directoratereview", models.PROTECT, related_name="editions"),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("submitted", "envoyé au visa"),
                            ("validated", "rendu"),
                            ("conflict_copy", "gardé à part"),
                        ],
                        max_length=16,
                    ),
                ),
                ("content", models.JSONField()),
                ("by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["review", "number"],
                "constraints": [models.UniqueConstraint(fields=("review", "number"), name="review_edition_once")],
            },
        ),
        migrations.CreateModel(
            name="ReviewAttachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "review",
                    models.ForeignKey("consultations.directoratereview", models.PROTECT, related_name="attachments"),
                ),
                ("upload", models.ForeignKey("documents.upload", models.PROTECT, related_name="+")),
                ("title", models.CharField("titre", max_length=200)),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={"ordering": ["review", "pk"]},
        ),
        migrations.CreateModel(
            name="ThreadMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("referral", models.ForeignKey("consultations.referral", models.PROTECT, related_name="thread")),
                (
                    "review",
                    models.ForeignKey(
                        "consultations.directoratereview",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="private_thread",
                    ),
                ),
                ("author", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                (
                    "directorate",
                    models.ForeignKey(
                        "institution.directorate",
                        models.PROTECT,
                        blank=True,
                        help_text="Au nom de qui.",
                        null=True,
                        related_name="+",
                    ),
                ),
                ("field", models.CharField("question commentée", blank=True, max_length=20)),
                ("quote", models.TextField("passage", blank=True, max_length=1000)),
                ("body", models.TextField("message", max_length=4000)),
                ("posted_at", models.DateTimeField(auto_now_add=True)),
                ("withdrawn_at", models.DateTimeField("retiré le", blank=True, null=True)),
                ("mentions", models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")),
            ],
            options={
                "verbose_name": "message",
                "ordering": ["referral", "posted_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(review__isnull=False) | Q(field="", quote=""), name="message_passage_of_a_review"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DeskEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("term", models.ForeignKey("institution.term", models.PROTECT, related_name="+")),
                ("user", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="desk_events")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("asked", "Contribution demandée"),
                            ("due_changed", "Date changée"),
                            ("reminder", "Rappel"),
                            ("escalated", "Contribution en retard"),
                            ("to_validate", "Contribution à viser"),
                            ("returned", "Contribution à reprendre"),
                            ("supplement", "Complément demandé"),
                            ("mention", "On vous cite"),
                            ("copied", "Contribution en copie"),
                            ("closed", "Demande close"),
                            ("received", "Contribution reçue"),
                            ("declined", "Demande renvoyée"),
                            ("answer_due", "Réponse attendue"),
                            ("answer_sign", "Réponse à viser"),
                            ("answer_late", "Réponse en retard"),
                            ("update_due", "Point d’étape attendu"),
                            ("update_late", "Point d’étape en retard"),
                        ],
                        max_length=12,
                    ),
                ),
                ("referral", models.ForeignKey("consultations.referral", models.PROTECT, related_name="+")),
                (
                    "review",
                    models.ForeignKey(
                        "consultations.directoratereview", models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        "consultations.threadmessage", models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("target_type", models.CharField(blank=True, db_default="", default="", max_length=60)),
                ("target_id", models.PositiveBigIntegerField(blank=True, null=True)),
                ("key", models.CharField(max_length=120, unique=True)),
                ("happened_at", models.DateTimeField(default=timezone.now)),
                ("sent_at", models.DateTimeField("dit le", blank=True, null=True)),
                ("dropped_at", models.DateTimeField("devenu sans objet le", blank=True, null=True)),
            ],
            options={
                "ordering": ["happened_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=Q(dropped_at=None, sent_at=None), fields=["user"], name="desk_event_waiting"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(sent_at=None) | Q(dropped_at=None), name="desk_event_sent_or_dropped"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            SQL.joinpath("triggers.sql").read_text(encoding="utf-8"),
            "DROP FUNCTION consultations_refuse_change CASCADE",
        ),
    ]
