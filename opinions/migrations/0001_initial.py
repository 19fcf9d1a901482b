import uuid
from pathlib import Path

from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

SQL = Path(__file__).parent


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("collab", "0001_initial"),
        ("consultations", "0001_initial"),
        ("documents", "0001_initial"),
        ("draws", "0001_initial"),
        ("identity", "0001_initial"),
        ("institution", "0001_initial"),
        ("sittings", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Opinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("term", models.ForeignKey("institution.term", models.PROTECT, related_name="opinions")),
                (
                    "referral",
                    models.ForeignKey(
                        "consultations.referral", models.PROTECT, related_name="opinions", verbose_name="saisine"
                    ),
                ),
                ("title", models.CharField("titre", max_length=200)),
                (
                    "label",
                    models.CharField(
                        "nom du document",
                        choices=[("avis", "avis"), ("rapport", "rapport")],
                        default="avis",
                        max_length=8,
                    ),
                ),
                ("reference", models.CharField("référence", blank=True, max_length=20)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("outline", "plan en préparation"),
                            ("drafting", "en rédaction"),
                            ("group_validated", "validé par les groupes"),
                            ("services_check", "en lecture dans les directions"),
                            ("consolidated", "réuni en un seul texte"),
                            ("tabled", "déposé"),
                            ("amending", "ouvert aux amendements"),
                            ("frozen", "figé"),
                            ("voted", "voté"),
                            ("adopted", "adopté"),
                            ("rejected", "rejeté"),
                            ("handed_over", "remis"),
                            ("published", "publié"),
                            ("withdrawn", "retiré"),
                        ],
                        default="outline",
                        max_length=16,
                    ),
                ),
                (
                    "text",
                    models.OneToOneField(
                        "collab.sharedtext",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="opinion",
                        verbose_name="texte",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="suivi par"
                    ),
                ),
                (
                    "rapporteur",
                    models.ForeignKey(
                        "identity.person",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="rapporteur·e",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("consolidated_at", models.DateTimeField("réuni en un seul texte le", blank=True, null=True)),
                ("tabled_at", models.DateTimeField("déposé le", blank=True, null=True)),
                (
                    "tabled_sitting",
                    models.ForeignKey(
                        "sittings.sitting",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="séance",
                    ),
                ),
                (
                    "agenda_item",
                    models.ForeignKey(
                        "sittings.agendaitem",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="point",
                    ),
                ),
                (
                    "ballot",
                    models.ForeignKey(
                        "sittings.ballot", models.PROTECT, blank=True, null=True, related_name="+", verbose_name="vote"
                    ),
                ),
                ("amendments_open_at", models.DateTimeField("amendements ouverts le", blank=True, null=True)),
                ("amendments_close_at", models.DateTimeField("amendements fermés le", blank=True, null=True)),
                ("frozen_at", models.DateTimeField("figé le", blank=True, null=True)),
                ("adopted_on", models.DateField("adopté le", blank=True, null=True)),
                ("rejected_on", models.DateField("rejeté le", blank=True, null=True)),
                ("handed_over_on", models.DateField("remis le", blank=True, null=True)),
                ("handed_over_place", models.CharField("lieu de la remise", blank=True, max_length=160)),
                ("handed_over_to", models.CharField("remis à", blank=True, max_length=200)),
                ("easy_read", models.TextField("résumé facile à lire", blank=True, max_length=8000)),
                ("published_at", models.DateTimeField("publié le", blank=True, null=True)),
                ("ended_at", models.DateTimeField("retiré le", blank=True, null=True)),
                ("end_reason", models.TextField("motif", blank=True, max_length=1000)),
            ],
            options={
                "verbose_name": "avis",
                "verbose_name_plural": "avis",
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(fields=["term", "state"], name="opinion_by_state"),
                    models.Index(
                        condition=Q(published_at__isnull=False), fields=["published_at"], name="opinion_published"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=~Q(reference=""), fields=("term", "reference"), name="opinion_reference_once"
                    ),
                    models.UniqueConstraint(
                        condition=~Q(state__in=["published", "rejected", "withdrawn"]),
                        fields=("referral",),
                        name="opinion_one_at_a_time",
                        violation_error_message="Un avis est déjà en cours sur cette saisine.",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            state__in=[
                                "outline",
                                "drafting",
                                "group_validated",
                                "services_check",
                                "consolidated",
                                "tabled",
                                "amending",
                                "frozen",
                                "voted",
                                "adopted",
                                "rejected",
                                "handed_over",
                                "published",
                                "withdrawn",
                            ]
                        ),
                        name="opinion_state_known",
                    ),
                    models.CheckConstraint(
                        condition=~Q(
                            state__in=[
                                "consolidated",
                                "tabled",
                                "amending",
                                "frozen",
                                "voted",
                                "adopted",
                                "rejected",
                                "handed_over",
                                "published",
                            ]
                        )
                        | Q(("consolidated_at__isnull", False), ("text__isnull", False), ~Q(reference="")),
                        name="opinion_has_text_once_consolidated",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            agenda_item__isnull=False,
                            state__in=[
                                "tabled",
                                "amending",
                                "frozen",
                                "voted",
                                "adopted",
                                "rejected",
                                "handed_over",
                                "published",
                            ],
                            tabled_at__isnull=False,
                            tabled_sitting__isnull=False,
                        )
                        | Q(
                            agenda_item=None,
                            state__in=["outline", "drafting", "group_validated", "services_check", "consolidated"],
                            tabled_at=None,
                        )
                        | Q(state="withdrawn"),
                        name="opinion_tabled_iff_tabled",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state="amending")
                        | Q(amendments_close_at__isnull=False, amendments_open_at__isnull=False),
                        name="opinion_amending_has_dates",
                        violation_error_message="Donnez la date de fin des amendements.",
                    ),
                    models.CheckConstraint(
                        condition=Q(amendments_open_at=None)
                        | Q(amendments_close_at=None)
                        | Q(amendments_close_at__gt=F("amendments_open_at")),
                        name="opinion_amendments_close_after_open",
                        violation_error_message="La fin des amendements vient après leur début.",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            frozen_at__isnull=False,
                            state__in=["frozen", "voted", "adopted", "rejected", "handed_over", "published"],
                        )
                        | Q(
                            ~Q(state__in=["frozen", "voted", "adopted", "rejected", "handed_over", "published"]),
                            frozen_at=None,
                        ),
                        name="opinion_frozen_at_iff_frozen",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state__in=["voted", "adopted", "rejected", "handed_over", "published"])
                        | Q(ballot__isnull=False),
                        name="opinion_voted_has_ballot",
                    ),
                    models.CheckConstraint(
                        condition=Q(adopted_on__isnull=False, state__in=["adopted", "handed_over", "published"])
                        | Q(~Q(state__in=["adopted", "handed_over", "published"]), adopted_on=None),
                        name="opinion_adopted_on_iff_adopted",
                    ),
                    models.CheckConstraint(
                        condition=Q(rejected_on__isnull=False, state="rejected")
                        | Q(~Q(state="rejected"), rejected_on=None),
                        name="opinion_rejected_on_iff_rejected",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("handed_over_on__gte", F("adopted_on")),
                            ("handed_over_on__isnull", False),
                            ("state__in", ["handed_over", "published"]),
                            ~Q(handed_over_place=""),
                            ~Q(handed_over_to=""),
                        )
                        | Q(~Q(state__in=["handed_over", "published"]), handed_over_on=None),
                        name="opinion_handover_is_recorded",
                        violation_error_message="La remise a une date, un lieu et un destinataire, après l’adoption.",
                    ),
                    models.CheckConstraint(
                        condition=Q(published_at__isnull=False, state="published")
                        | Q(~Q(state="published"), published_at=None),
                        name="opinion_published_at_iff_published",
                    ),
                    models.CheckConstraint(
                        condition=Q(("ended_at__isnull", False), ("state", "withdrawn"), ~Q(end_reason=""))
                        | Q(~Q(state="withdrawn"), end_reason="", ended_at=None),
                        name="opinion_end_is_recorded",
                        violation_error_message="Dites pourquoi.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpinionSection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opinion", models.ForeignKey("opinions.opinion", models.PROTECT, related_name="sections")),
                ("position", models.PositiveSmallIntegerField("rang")),
                ("title", models.CharField("titre", max_length=200)),
                ("guidance", models.TextField("ce qui est demandé", blank=True, max_length=2000)),
                (
                    "committee",
                    models.ForeignKey(
                        "institution.committee",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="groupe",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        "identity.person",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="référent·e",
                    ),
                ),
                (
                    "rapporteur",
                    models.ForeignKey(
                        "identity.person",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="rapporteur·e",
                    ),
                ),
                (
                    "text",
                    models.OneToOneField(
                        "collab.sharedtext", models.PROTECT, blank=True, null=True, related_name="opinion_section"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[("drafting", "en rédaction"), ("validated", "validée par le groupe")],
                        default="drafting",
                        max_length=10,
                    ),
                ),
                ("validated_on", models.DateField("validée le", blank=True, null=True)),
                (
                    "validation_mode",
                    models.CharField(
                        "décidée",
                        blank=True,
                        choices=[("consent", "sans objection"), ("vote", "par un vote")],
                        max_length=8,
                    ),
                ),
                ("votes_for", models.PositiveSmallIntegerField("pour", blank=True, null=True)),
                ("votes_against", models.PositiveSmallIntegerField("contre", blank=True, null=True)),
                ("abstentions", models.PositiveSmallIntegerField("abstention", blank=True, null=True)),
                (
                    "validated_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("is_on_behalf", models.BooleanField("notée par l’équipe au nom du groupe", default=False)),
                ("removed_at", models.DateTimeField("retirée du plan le", blank=True, null=True)),
            ],
            options={
                "verbose_name": "partie de l’avis",
                "ordering": ["opinion", "position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(state__in=["drafting", "validated"]), name="section_state_known"
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("state", "validated"),
                            ("text__isnull", False),
                            ("validated_by__isnull", False),
                            ("validated_on__isnull", False),
                            ~Q(validation_mode=""),
                        )
                        | Q(state="drafting", validated_by=None, validated_on=None, validation_mode=""),
                        name="section_validation_is_recorded",
                        violation_error_message="Dites quand et comment le groupe a validé.",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            abstentions__isnull=False,
                            validation_mode="vote",
                            votes_against__isnull=False,
                            votes_for__gt=F("votes_against"),
                            votes_for__isnull=False,
                        )
                        | Q(~Q(validation_mode="vote"), abstentions=None, votes_against=None, votes_for=None),
                        name="section_votes_iff_voted",
                        violation_error_message="Un texte validé par un vote a plus de voix pour que de voix contre.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpinionSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("term", models.OneToOneField("institution.term", models.PROTECT, related_name="+")),
                (
                    "amendment_days",
                    models.PositiveSmallIntegerField("fin des amendements, en jours avant la séance", default=4),
                ),
                (
                    "cosigners_needed",
                    models.PositiveSmallIntegerField("cosignataires exigés pour un amendement", default=0),
                ),
                ("check_days", models.PositiveSmallIntegerField("délai laissé aux directions, en jours", default=21)),
                ("ranking_dots", models.PositiveSmallIntegerField("points par membre pour les priorités", default=5)),
                ("spokespersons", models.PositiveSmallIntegerField("porte-parole", default=6)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(ranking_dots__gte=1), name="opinion_settings_make_sense")
                ]
            },
        ),
        migrations.CreateModel(
            name="Recommendation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opinion", models.ForeignKey("opinions.opinion", models.PROTECT, related_name="recommendations")),
                (
                    "section",
                    models.ForeignKey(
                        "opinions.opinionsection",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="recommendations",
                    ),
                ),
                ("node_id", models.UUIDField()),
                ("reference", models.CharField("référence", blank=True, max_length=24)),
                ("number", models.PositiveSmallIntegerField("rang", default=0)),
                ("title", models.CharField("titre", max_length=300)),
                ("theme", models.CharField("thème", blank=True, max_length=120)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("active", "dans l’avis"),
                            ("merged", "réunie avec une autre"),
                            ("removed", "retirée du texte"),
                            ("rejected", "rejetée par un vote"),
                        ],
                        default="active",
                        max_length=8,
                    ),
                ),
                ("is_priority", models.BooleanField("prioritaire", default=False)),
                ("priority_score", models.PositiveIntegerField("points ou somme des rangs", blank=True, null=True)),
                (
                    "merged_into",
                    models.ForeignKey(
                        "opinions.recommendation",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="origins",
                        verbose_name="réunie avec",
                    ),
                ),
            ],
            options={
                "verbose_name": "préconisation",
                "ordering": ["opinion", "number", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("opinion", "node_id"), name="recommendation_node_once"),
                    models.UniqueConstraint(
                        condition=~Q(reference=""),
                        fields=("opinion", "reference"),
                        name="recommendation_reference_once",
                    ),
                    models.CheckConstraint(
                        condition=Q(state__in=["active", "merged", "removed", "rejected"]),
                        name="recommendation_state_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(merged_into__isnull=False, state="merged")
                        | Q(~Q(state="merged"), merged_into=None),
                        name="recommendation_merged_iff_into",
                    ),
                    models.CheckConstraint(
                        condition=Q(merged_into=None) | ~Q(merged_into=F("pk")),
                        name="recommendation_not_merged_into_itself",
                        violation_error_message="Une préconisation ne se réunit pas avec elle-même.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServicesRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opinion", models.ForeignKey("opinions.opinion", models.PROTECT, related_name="check_requests")),
                (
                    "directorate",
                    models.ForeignKey("institution.directorate", models.PROTECT, related_name="check_requests"),
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
                            ("closed", "clos sans réponse"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField("demandé le")),
                ("asked_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("due_on", models.DateField("attendu le")),
                ("submitted_at", models.DateTimeField("envoyé au visa le", blank=True, null=True)),
                (
                    "submitted_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("validated_at", models.DateTimeField("rendu le", blank=True, null=True)),
                (
                    "validated_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("was_late", models.BooleanField("rendu en retard", default=False)),
                ("reason", models.TextField("motif", blank=True, max_length=2000)),
                ("reminded_at", models.DateTimeField("relancé le", blank=True, null=True)),
                ("closed_at", models.DateTimeField("clos le", blank=True, null=True)),
            ],
            options={
                "verbose_name": "lecture d’une direction",
                "ordering": ["due_on", "directorate__name__alphabetical", "pk"],
                "indexes": [models.Index(fields=["directorate", "state", "due_on"], name="check_by_directorate")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(state__in=["asked", "drafted", "returned", "submitted"]),
                        fields=("opinion", "directorate"),
                        name="check_once_at_a_time",
                        violation_error_message="Cette direction lit déjà l’avis.",
                    ),
                    models.CheckConstraint(
                        condition=Q(state__in=["asked", "drafted", "returned", "submitted", "validated", "closed"]),
                        name="check_state_known",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state__in=["submitted", "validated"])
                        | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                        name="check_submitted_is_recorded",
                    ),
                    models.CheckConstraint(
                        condition=Q(state="validated", validated_at__isnull=False, validated_by__isnull=False)
                        | Q(~Q(state="validated"), validated_at=None, validated_by=None, was_late=False),
                        name="check_validated_iff_given",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state="returned") | ~Q(reason=""),
                        name="check_return_has_reason",
                        violation_error_message="Dites pourquoi.",
                    ),
                    models.CheckConstraint(
                        condition=Q(closed_at__isnull=False, state="closed") | Q(~Q(state="closed"), closed_at=None),
                        name="check_closed_at_iff_closed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request", models.ForeignKey("opinions.servicesrequest", models.PROTECT, related_name="notes")),
                ("recommendation", models.ForeignKey("opinions.recommendation", models.PROTECT, related_name="notes")),
                ("is_concerned", models.BooleanField("cette préconisation concerne la direction", default=True)),
                (
                    "competence",
                    models.CharField(
                        "relève du Département",
                        blank=True,
                        choices=[("yes", "Oui"), ("partly", "En partie"), ("no", "Non")],
                        max_length=8,
                    ),
                ),
                (
                    "feasibility",
                    models.CharField(
                        "faisable",
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
                ("existing_scheme", models.TextField("ce qui existe déjà", blank=True, max_length=3000)),
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
                ("body", models.TextField("remarques", blank=True, max_length=4000)),
                ("version", models.PositiveIntegerField(default=1)),
                ("saved_at", models.DateTimeField("enregistrée le")),
                ("saved_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
            ],
            options={
                "verbose_name": "note technique",
                "ordering": ["request", "recommendation"],
                "constraints": [
                    models.UniqueConstraint(fields=("request", "recommendation"), name="service_note_once"),
                    models.CheckConstraint(
                        condition=Q(is_concerned=False) | Q(~Q(competence=""), ~Q(feasibility="")),
                        name="service_note_has_answers",
                        violation_error_message="Dites si cela relève du Département, et si c’est faisable.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpinionVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opinion", models.ForeignKey("opinions.opinion", models.PROTECT, related_name="versions")),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("tabled", "texte déposé"), ("amended", "texte amendé"), ("adopted", "texte adopté")],
                        max_length=8,
                    ),
                ),
                ("tree", models.JSONField()),
                ("html", models.TextField()),
                ("plain_text", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "text_version",
                    models.ForeignKey("collab.textversion", models.PROTECT, blank=True, null=True, related_name="+"),
                ),
                ("made_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")),
                ("made_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "version de l’avis",
                "ordering": ["opinion", "number"],
                "constraints": [models.UniqueConstraint(fields=("opinion", "number"), name="opinion_version_once")],
            },
        ),
        migrations.CreateModel(
            name="PartVote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opinion", models.ForeignKey("opinions.opinion", models.PROTECT, related_name="part_votes")),
                ("label", models.CharField("partie", max_length=240)),
                (
                    "section",
                    models.ForeignKey(
                        "opinions.opinionsection", models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                (
                    "recommendation",
                    models.ForeignKey(
                        "opinions.recommendation", models.PROTECT, blank=True, null=True, related_name="part_votes"
                    ),
                ),
                (
                    "ballot",
                    models.ForeignKey("sittings.ballot", models.PROTECT, blank=True, null=True, related_name="+"),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("dropped_at", models.DateTimeField("retiré le", blank=True, null=True)),
            ],
            options={
                "verbose_name": "vote sur une partie",
                "ordering": ["opinion", "position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(ballot__isnull=False) | Q(dropped_at__isnull=False), name="part_vote_has_ballot"
                    ),
                    models.CheckConstraint(
                        condition=Q(section=None) | Q(recommendation=None), name="part_vote_on_one_thing"
                    ),
                    models.UniqueConstraint(
                        condition=Q(dropped_at=None, recommendation__isnull=False),
                        fields=("recommendation",),
                        name="part_vote_recommendation_once",
                        violation_error_message="Un vote est déjà prévu sur cette préconisation.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ranking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("present", models.PositiveSmallIntegerField("membres présents", blank=True, null=True)),
                ("quorum", models.PositiveSmallIntegerField("quorum nécessaire", blank=True, null=True)),
                ("opinion", models.OneToOneField("opinions.opinion", models.PROTECT, related_name="ranking")),
                (
                    "mode",
                    models.CharField(
                        "comptage", choices=[("dots", "par points"), ("ranks", "par rangs")], max_length=8
                    ),
                ),
                ("held_on", models.DateField("fait le")),
                (
                    "sitting",
                    models.ForeignKey("sittings.sitting", models.PROTECT, blank=True, null=True, related_name="+"),
                ),
                ("voters", models.PositiveSmallIntegerField("membres qui ont participé")),
                ("priorities", models.PositiveSmallIntegerField("préconisations prioritaires")),
                ("first_counter", models.CharField("première personne qui compte", max_length=160)),
                ("second_counter", models.CharField("seconde personne qui compte", max_length=160)),
                ("recorded_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("recorded_at", models.DateTimeField(auto_now=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "verbose_name": "classement des priorités",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(
                            ~Q(first_counter=""), ~Q(second_counter=""), ~Q(first_counter=F("second_counter"))
                        ),
                        name="ranking_two_counters",
                        violation_error_message="Deux personnes différentes comptent.",
                    ),
                    models.CheckConstraint(
                        condition=Q(quorum=None) | Q(present__gte=F("quorum"), present__isnull=False),
                        name="ranking_quorum_met",
                        violation_error_message="Le quorum n’est pas atteint.",
                    ),
                    models.CheckConstraint(condition=Q(voters__gte=1), name="ranking_has_voters"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MinorityPosition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opinion", models.ForeignKey("opinions.opinion", models.PROTECT, related_name="minority_positions")),
                ("title", models.CharField("titre", max_length=200)),
                ("body", models.TextField("texte", max_length=6000)),
                ("author", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[("draft", "en préparation"), ("submitted", "déposée"), ("withdrawn", "retirée")],
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
                (
                    "recorded_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("confirmed_at", models.DateTimeField("confirmée par son auteur le", blank=True, null=True)),
                ("submitted_at", models.DateTimeField("déposée le", blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField("retirée le", blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "verbose_name": "position minoritaire",
                "ordering": ["opinion", "submitted_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(state__in=["draft", "submitted", "withdrawn"]), name="position_state_known"
                    ),
                    models.CheckConstraint(
                        condition=~Q(state="submitted") | Q(submitted_at__isnull=False),
                        name="position_submitted_is_recorded",
                    ),
                    models.CheckConstraint(
                        condition=Q(state="withdrawn", withdrawn_at__isnull=False)
                        | Q(~Q(state="withdrawn"), withdrawn_at=None),
                        name="position_withdrawn_iff_withdrawn",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MinorityCosigner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.ForeignKey("opinions.minorityposition", models.PROTECT, related_name="cosigners")),
                ("user", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("signed_at", models.DateTimeField("signée le")),
                (
                    "via",
                    models.CharField(
                        "signée",
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
                ("withdrawn_at", models.DateTimeField("retirée le", blank=True, null=True)),
            ],
            options={
                "verbose_name": "cosignataire",
                "ordering": ["position", "signed_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(withdrawn_at=None), fields=("position", "user"), name="minority_cosigner_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OpinionVisa",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opinion", models.ForeignKey("opinions.opinion", models.PROTECT, related_name="visas")),
                ("version", models.ForeignKey("opinions.opinionversion", models.PROTECT, related_name="visas")),
                (
                    "capacity",
                    models.CharField(
                        "qualité",
                        choices=[("chair", "présidence de séance"), ("rapporteur", "rapporteur·e")],
                        max_length=10,
                    ),
                ),
                ("person", models.ForeignKey("identity.person", models.PROTECT, related_name="+")),
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
                ("voided_at", models.DateTimeField("annulé le", blank=True, null=True)),
            ],
            options={
                "verbose_name": "visa",
                "ordering": ["opinion", "given_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(voided_at=None),
                        fields=("opinion", "capacity"),
                        name="opinion_visa_once_per_capacity",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SpokespersonDraw",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "opinion",
                    models.OneToOneField("opinions.opinion", models.PROTECT, related_name="spokesperson_draw"),
                ),
                ("drawn_on", models.DateField("tirés au sort le")),
                ("place", models.CharField("lieu", blank=True, max_length=160)),
                ("witnesses", models.CharField("témoins", max_length=400)),
                (
                    "protocol",
                    models.OneToOneField("draws.draw", models.PROTECT, blank=True, null=True, related_name="+"),
                ),
                ("recorded_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "tirage des porte-parole",
                "constraints": [
                    models.CheckConstraint(condition=~Q(witnesses=""), name="spokesperson_draw_has_witnesses")
                ],
            },
        ),
        migrations.CreateModel(
            name="Spokesperson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("draw", models.ForeignKey("opinions.spokespersondraw", models.PROTECT, related_name="spokespersons")),
                ("person", models.ForeignKey("identity.person", models.PROTECT, related_name="+")),
                ("rank", models.PositiveSmallIntegerField("rang au tirage")),
            ],
            options={
                "verbose_name": "porte-parole",
                "ordering": ["draw", "rank"],
                "constraints": [
                    models.UniqueConstraint(fields=("draw", "person"), name="spokesperson_once"),
                    models.UniqueConstraint(fields=("draw", "rank"), name="spokesperson_rank_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Amendment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("present", models.PositiveSmallIntegerField("membres présents", blank=True, null=True)),
                ("quorum", models.PositiveSmallIntegerField("quorum nécessaire", blank=True, null=True)),
                ("version", models.ForeignKey("opinions.opinionversion", models.PROTECT, related_name="amendments")),
                ("number", models.PositiveSmallIntegerField("numéro", blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("draft", "brouillon"),
                            ("submitted", "déposé"),
                            ("admissible", "recevable"),
                            ("inadmissible", "irrecevable"),
                            ("rapporteur_view", "avis du rapporteur donné"),
                            ("debated", "en discussion"),
                            ("adopted", "adopté"),
                            ("rejected", "rejeté"),
                            ("withdrawn", "retiré"),
                            ("fell", "tombé"),
                            ("merged", "fusionné"),
                        ],
                        default="draft",
                        max_length=16,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        "opinions.amendment",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="subs",
                        verbose_name="amendement modifié",
                    ),
                ),
                (
                    "operation",
                    models.CharField(
                        "ce qui est proposé",
                        choices=[
                            ("insert_after", "Ajouter après"),
                            ("insert_before", "Ajouter avant"),
                            ("replace", "Remplacer"),
                            ("delete", "Supprimer"),
                        ],
                        max_length=16,
                    ),
                ),
                ("alinea_from", models.PositiveSmallIntegerField("de l’alinéa")),
                ("alinea_to", models.PositiveSmallIntegerField("à l’alinéa")),
                ("quote", models.TextField("mots visés", blank=True, max_length=600)),
                ("new_text", models.TextField("nouveaux mots", blank=True, max_length=600)),
                ("content", models.JSONField("nouveau texte", blank=True, default=list)),
                ("reason", models.TextField("pourquoi", blank=True, max_length=800)),
                ("author", models.ForeignKey("identity.person", models.PROTECT, related_name="amendments")),
                (
                    "committee",
                    models.ForeignKey(
                        "institution.committee",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="au nom du groupe",
                    ),
                ),
                (
                    "via",
                    models.CharField(
                        "reçu",
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
                ("received_on", models.DateField("reçu le", blank=True, null=True)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("confirmed_at", models.DateTimeField("confirmé par son auteur le", blank=True, null=True)),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("submitted_at", models.DateTimeField("déposé le", blank=True, null=True)),
                ("checked_at", models.DateTimeField("recevabilité dite le", blank=True, null=True)),
                (
                    "checked_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("check_reason", models.TextField("motif", blank=True, max_length=800)),
                (
                    "view_stance",
                    models.CharField(
                        "avis du rapporteur",
                        blank=True,
                        choices=[
                            ("favourable", "favorable"),
                            ("unfavourable", "défavorable"),
                            ("neutral", "s’en remet à l’assemblée"),
                        ],
                        max_length=12,
                    ),
                ),
                ("view_text", models.TextField("explication", blank=True, max_length=1500)),
                ("view_at", models.DateTimeField("avis donné le", blank=True, null=True)),
                (
                    "view_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                (
                    "is_view_on_behalf",
                    models.BooleanField("avis noté par l’équipe au nom du rapporteur", default=False),
                ),
                ("called_at", models.DateTimeField("appelé le", blank=True, null=True)),
                (
                    "decision_mode",
                    models.CharField(
                        "décidé",
                        blank=True,
                        choices=[("ballot", "vote compté"), ("consent", "sans opposition")],
                        max_length=8,
                    ),
                ),
                (
                    "ballot",
                    models.ForeignKey(
                        "sittings.ballot", models.PROTECT, blank=True, null=True, related_name="+", verbose_name="vote"
                    ),
                ),
                ("decided_at", models.DateTimeField("décidé le", blank=True, null=True)),
                ("ended_at", models.DateTimeField("retiré, tombé ou fusionné le", blank=True, null=True)),
                ("end_reason", models.TextField("motif de la fin", blank=True, max_length=800)),
                (
                    "fell_because",
                    models.ForeignKey(
                        "opinions.amendment", models.PROTECT, blank=True, null=True, related_name="felled"
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        "opinions.amendment", models.PROTECT, blank=True, null=True, related_name="absorbed"
                    ),
                ),
                (
                    "author_announced_state",
                    models.CharField("dernier état annoncé", default="submitted", max_length=16),
                ),
            ],
            options={
                "verbose_name": "amendement",
                "ordering": ["version", "number", "pk"],
                "indexes": [models.Index(fields=["version", "state"], name="amendment_by_state")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(number__isnull=False), fields=("version", "number"), name="amendment_number_once"
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            state__in=[
                                "draft",
                                "submitted",
                                "admissible",
                                "inadmissible",
                                "rapporteur_view",
                                "debated",
                                "adopted",
                                "rejected",
                                "withdrawn",
                                "fell",
                                "merged",
                            ]
                        ),
                        name="amendment_state_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(number=None, state="draft", submitted_at=None)
                        | Q(~Q(state="draft"), number__isnull=False, submitted_at__isnull=False),
                        name="amendment_number_iff_submitted",
                    ),
                    models.CheckConstraint(
                        condition=Q(operation__in=["insert_after", "insert_before", "replace", "delete"]),
                        name="amendment_operation_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("alinea_from__gte", 1),
                            ("alinea_to__gte", F("alinea_from")),
                            Q(alinea_to=F("alinea_from"))
                            | Q(("quote", ""), ~Q(operation__in=["insert_after", "insert_before"])),
                        ),
                        name="amendment_passage_makes_sense",
                        violation_error_message="Le passage va du premier alinéa au dernier.",
                    ),
                    models.CheckConstraint(
                        condition=Q(state="draft")
                        | Q(content=[], new_text="", operation="delete")
                        | Q(~Q(operation="delete"), ~Q(quote=""), ~Q(new_text=""), content=[])
                        | Q(~Q(operation="delete"), ("new_text", ""), ("quote", ""), ~Q(content=[])),
                        name="amendment_new_text_of_operation",
                        violation_error_message="Écrivez le nouveau texte.",
                    ),
                    models.CheckConstraint(
                        condition=Q(confirmed_at=None, received_on=None, recorded_by=None, via="account")
                        | Q(~Q(via="account"), received_on__isnull=False, recorded_by__isnull=False),
                        name="amendment_recorded_iff_not_online",
                    ),
                    models.CheckConstraint(
                        condition=Q(checked_at=None, state__in=["draft", "submitted"])
                        | Q(
                            checked_at__isnull=False,
                            checked_by__isnull=False,
                            state__in=["admissible", "rapporteur_view", "debated", "adopted", "rejected"],
                        )
                        | Q(
                            ("checked_at__isnull", False),
                            ("checked_by__isnull", False),
                            ("state", "inadmissible"),
                            ~Q(check_reason=""),
                        )
                        | Q(state__in=["withdrawn", "fell", "merged"]),
                        name="amendment_check_is_recorded",
                        violation_error_message="Dites pourquoi.",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("view_at", None), ("view_by", None), ("view_stance", ""), ~Q(state="rapporteur_view")
                        )
                        | Q(~Q(view_stance=""), view_at__isnull=False, view_by__isnull=False),
                        name="amendment_view_is_recorded",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state__in=["debated", "adopted", "rejected"]) | Q(called_at__isnull=False),
                        name="amendment_called_before_decided",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ballot__isnull=False,
                            decided_at__isnull=False,
                            decision_mode="ballot",
                            state__in=["adopted", "rejected"],
                        )
                        | Q(ballot=None, decided_at__isnull=False, decision_mode="consent", state="adopted")
                        | Q(~Q(state__in=["adopted", "rejected"]), ballot=None, decided_at=None, decision_mode=""),
                        name="amendment_decided_iff_decided",
                    ),
                    models.CheckConstraint(
                        condition=Q(quorum=None) | Q(present__gte=F("quorum"), present__isnull=False),
                        name="amendment_quorum_met",
                        violation_error_message="Le quorum n’est pas atteint.",
                    ),
                    models.CheckConstraint(
                        condition=Q(present=None, quorum=None) | Q(decision_mode="consent"),
                        name="amendment_quorum_iff_by_consent",
                    ),
                    models.CheckConstraint(
                        condition=Q(("ended_at__isnull", False), ("state__in", ["fell", "merged"]), ~Q(end_reason=""))
                        | Q(ended_at__isnull=False, state="withdrawn")
                        | Q(~Q(state__in=["withdrawn", "fell", "merged"]), end_reason="", ended_at=None),
                        name="amendment_end_is_recorded",
                        violation_error_message="Dites pourquoi.",
                    ),
                    models.CheckConstraint(
                        condition=Q(fell_because=None) | Q(state="fell"), name="amendment_fell_because_fell"
                    ),
                    models.CheckConstraint(
                        condition=Q(merged_into__isnull=False, state="merged")
                        | Q(~Q(state="merged"), merged_into=None),
                        name="amendment_merged_iff_into",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            Q(parent=None) | ~Q(parent=F("pk")), Q(merged_into=None) | ~Q(merged_into=F("pk"))
                        ),
                        name="amendment_not_of_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AmendmentCosigner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amendment", models.ForeignKey("opinions.amendment", models.CASCADE, related_name="cosigners")),
                ("person", models.ForeignKey("identity.person", models.PROTECT, related_name="+")),
                (
                    "invited_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"),
                ),
                ("invited_at", models.DateTimeField("proposé le", auto_now_add=True)),
                ("signed_at", models.DateTimeField("signé le", blank=True, null=True)),
                ("declined_at", models.DateTimeField("refusé le", blank=True, null=True)),
                (
                    "via",
                    models.CharField(
                        "signé",
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
                ("announced_state", models.CharField("dernier état annoncé", blank=True, max_length=16)),
            ],
            options={
                "verbose_name": "cosignataire d’un amendement",
                "ordering": ["amendment", "invited_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("amendment", "person"), name="amendment_cosigner_once"),
                    models.CheckConstraint(
                        condition=Q(signed_at=None) | Q(declined_at=None), name="amendment_cosigner_one_answer"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PrintedChapters",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opinion", models.OneToOneField("opinions.opinion", models.PROTECT, related_name="printed_chapters")),
                ("foreword", models.TextField("avant-propos", blank=True, max_length=12000)),
                ("foreword_by", models.CharField("signature de l’avant-propos", blank=True, max_length=200)),
                ("genesis", models.TextField("naissance de l’Assemblée", blank=True, max_length=12000)),
                ("method", models.TextField("méthode", blank=True, max_length=12000)),
                ("thanks", models.TextField("remerciements", blank=True, max_length=12000)),
                (
                    "easy_read_file",
                    models.ForeignKey(
                        "documents.upload",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="résumé facile à lire, mis en page",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("changed_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
            ],
            options={"verbose_name": "mots autour de l’avis"},
        ),
        migrations.CreateModel(
            name="TextImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("text", models.ForeignKey("collab.sharedtext", models.PROTECT, related_name="+")),
                ("file_name", models.CharField("fichier", max_length=200)),
                ("digest", models.CharField(max_length=64)),
                ("tree", models.JSONField(null=True)),
                ("counts", models.JSONField(default=dict)),
                ("lost", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[("shown", "à confirmer"), ("written", "repris dans le texte"), ("left", "laissé")],
                        default="shown",
                        max_length=8,
                    ),
                ),
                ("created_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "fichier repris",
                "indexes": [models.Index(condition=Q(state="shown"), fields=["created_at"], name="text_import_shown")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(state__in=["shown", "written", "left"]), name="text_import_state_known"
                    ),
                    models.CheckConstraint(
                        condition=Q(ended_at=None, state="shown")
                        | Q(~Q(state="shown"), ended_at__isnull=False, tree__isnull=True),
                        name="text_import_emptied_once_ended",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            SQL.joinpath("triggers.sql").read_text(encoding="utf-8"),
            "DROP FUNCTION opinions_refuse_change, opinions_amendment_check CASCADE",
        ),
    ]
