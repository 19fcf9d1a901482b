import datetime
import uuid
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, DateTimeRangeField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import ExtractYear
from django.utils import timezone

SQL = Path(__file__).parent


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("consultations", "0001_initial"),
        ("documents", "0001_initial"),
        ("identity", "0001_initial"),
        ("institution", "0001_initial"),
        ("opinions", "0001_initial"),
        ("sittings", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RegisterFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("register", models.CharField(max_length=24)),
                ("row", models.BigIntegerField()),
                ("upload", models.ForeignKey("documents.upload", models.PROTECT, related_name="+")),
                ("title", models.CharField("titre", max_length=200)),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                ("added_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
            ],
            options={
                "verbose_name": "fichier d’une fiche",
                "ordering": ["-added_at", "-pk"],
                "indexes": [models.Index(fields=["register", "row"], name="register_file_of_row")],
            },
        ),
        migrations.CreateModel(
            name="RegisterLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("register", models.CharField(max_length=24)),
                ("row", models.BigIntegerField()),
                (
                    "sitting",
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
                    "referral",
                    models.ForeignKey(
                        "consultations.referral",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="saisine",
                    ),
                ),
                (
                    "opinion",
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
                    "committee",
                    models.ForeignKey(
                        "institution.committee",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="groupe ou comité",
                    ),
                ),
                ("other_register", models.CharField(blank=True, max_length=24)),
                ("other_row", models.BigIntegerField(null=True)),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                ("added_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
            ],
            options={
                "verbose_name": "lien d’une fiche",
                "indexes": [
                    models.Index(fields=["register", "row"], name="register_link_of_row"),
                    models.Index(fields=["other_register", "other_row"], name="register_link_to_row"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(
                            ("canton__isnull", True),
                            ("committee__isnull", True),
                            ("directorate__isnull", True),
                            ("opinion__isnull", True),
                            ("referral__isnull", True),
                            ("sitting__isnull", False),
                            ("other_register", ""),
                            ("other_row", None),
                        )
                        | Q(
                            ("canton__isnull", True),
                            ("committee__isnull", True),
                            ("directorate__isnull", True),
                            ("opinion__isnull", True),
                            ("referral__isnull", False),
                            ("sitting__isnull", True),
                            ("other_register", ""),
                            ("other_row", None),
                        )
                        | Q(
                            ("canton__isnull", True),
                            ("committee__isnull", True),
                            ("directorate__isnull", True),
                            ("opinion__isnull", False),
                            ("referral__isnull", True),
                            ("sitting__isnull", True),
                            ("other_register", ""),
                            ("other_row", None),
                        )
                        | Q(
                            ("canton__isnull", True),
                            ("committee__isnull", True),
                            ("directorate__isnull", False),
                            ("opinion__isnull", True),
                            ("referral__isnull", True),
                            ("sitting__isnull", True),
                            ("other_register", ""),
                            ("other_row", None),
                        )
                        | Q(
                            ("canton__isnull", False),
                            ("committee__isnull", True),
                            ("directorate__isnull", True),
                            ("opinion__isnull", True),
                            ("referral__isnull", True),
                            ("sitting__isnull", True),
                            ("other_register", ""),
                            ("other_row", None),
                        )
                        | Q(
                            ("canton__isnull", True),
                            ("committee__isnull", False),
                            ("directorate__isnull", True),
                            ("opinion__isnull", True),
                            ("referral__isnull", True),
                            ("sitting__isnull", True),
                            ("other_register", ""),
                            ("other_row", None),
                        )
                        | Q(
                            ("canton__isnull", True),
                            ("committee__isnull", True),
                            ("directorate__isnull", True),
                            ("opinion__isnull", True),
                            ("referral__isnull", True),
                            ("sitting__isnull", True),
                            ("other_row__isnull", False),
                            ~Q(other_register=""),
                        ),
                        name="register_link_one_end",
                    ),
                    models.UniqueConstraint(
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
                ],
            },
        ),
        migrations.CreateModel(
            name="Partner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                (
                    "assembly",
                    models.ForeignKey("institution.assembly", models.PROTECT, editable=False, related_name="+"),
                ),
                ("reference", models.CharField("référence", editable=False, max_length=24)),
                ("name", models.CharField("nom", max_length=160)),
                (
                    "owner",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="suivi par",
                    ),
                ),
                ("due_on", models.DateField("échéance", blank=True, null=True)),
                ("notes", models.TextField("notes", blank=True, max_length=4000)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("to_contact", "à contacter"),
                            ("active", "actif"),
                            ("dormant", "en sommeil"),
                            ("ended", "terminé"),
                            ("merged", "fusionné"),
                        ],
                        default="to_contact",
                        editable=False,
                        max_length=16,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        "type",
                        choices=[
                            ("association", "association"),
                            ("epci", "intercommunalité"),
                            ("commune", "commune"),
                            ("state", "État et opérateurs"),
                            ("authority", "autre collectivité"),
                            ("university", "université, recherche"),
                            ("network", "réseau"),
                            ("company", "entreprise"),
                            ("other", "autre"),
                        ],
                        max_length=12,
                    ),
                ),
                ("acronym", models.CharField("sigle", blank=True, max_length=40)),
                ("website", models.URLField("site", blank=True)),
                ("email", models.EmailField("courriel", blank=True, max_length=254)),
                ("phone", models.CharField("téléphone", blank=True, max_length=30)),
                (
                    "canton",
                    models.ForeignKey("institution.canton", models.PROTECT, blank=True, null=True, related_name="+"),
                ),
                ("territory", models.CharField("territoire", blank=True, max_length=120)),
                (
                    "topics",
                    ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list, verbose_name="thèmes"
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        "mission.partner", models.PROTECT, editable=False, null=True, related_name="doubles"
                    ),
                ),
            ],
            options={
                "verbose_name": "partenaire",
                "indexes": [
                    models.Index(
                        F("assembly"), models.Func("name", function="alphabetical"), F("id"), name="partner_by_name"
                    ),
                    models.Index(fields=["assembly", "due_on"], name="partner_by_day"),
                    GinIndex(fields=["topics"], name="partner_by_topic"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(state__in=["to_contact", "active", "dormant", "ended", "merged"]),
                        name="partner_state_known",
                    ),
                    models.UniqueConstraint(fields=("assembly", "reference"), name="partner_reference_once"),
                    models.CheckConstraint(
                        condition=Q(merged_into__isnull=False, state="merged")
                        | Q(~Q(state="merged"), merged_into=None),
                        name="partner_merged_iff_merged",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartnerContact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                (
                    "person",
                    models.ForeignKey("identity.person", models.PROTECT, related_name="+", verbose_name="personne"),
                ),
                ("function", models.CharField("fonction", blank=True, max_length=120)),
                ("row", models.ForeignKey("mission.partner", models.PROTECT, related_name="contacts")),
            ],
            options={
                "verbose_name": "contact d’un partenaire",
                "constraints": [models.UniqueConstraint(fields=("row", "person"), name="partner_contact_once")],
            },
        ),
        migrations.CreateModel(
            name="PartnerAgreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("row", models.ForeignKey("mission.partner", models.PROTECT, related_name="agreements")),
                ("title", models.CharField("objet", max_length=200)),
                ("starts_on", models.DateField("début")),
                ("ends_on", models.DateField("fin", blank=True, null=True)),
                ("is_renewed", models.BooleanField("renouvelée ou sans suite", default=False)),
            ],
            options={
                "verbose_name": "convention avec un partenaire",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                        name="partner_agreement_ends_after_start",
                        violation_error_code="ends_on",
                        violation_error_message="La fin vient après le début.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PartnerExchange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("row", models.ForeignKey("mission.partner", models.PROTECT, related_name="exchanges")),
                ("held_on", models.DateField("date")),
                (
                    "kind",
                    models.CharField(
                        "forme",
                        choices=[
                            ("meeting", "rencontre"),
                            ("call", "téléphone"),
                            ("mail", "courriel"),
                            ("event", "événement"),
                            ("other", "autre"),
                        ],
                        max_length=8,
                    ),
                ),
                ("summary", models.TextField("ce qui s’est dit", max_length=2000)),
            ],
            options={"verbose_name": "échange avec un partenaire"},
        ),
        migrations.CreateModel(
            name="PartnerData",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("row", models.ForeignKey("mission.partner", models.PROTECT, related_name="datasets")),
                ("title", models.CharField("données", max_length=200)),
                ("address", models.URLField("adresse", blank=True)),
                ("licence", models.CharField("licence", max_length=80)),
                ("updated_on", models.DateField("mises à jour le", blank=True, null=True)),
                ("renewed_every", models.PositiveSmallIntegerField("rythme, en mois", blank=True, null=True)),
                (
                    "fresh_until",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            F("updated_on"),
                            F("renewed_every"),
                            arg_joiner=" + make_interval(months => ",
                            template="(%(expressions)s))::date",
                        ),
                        output_field=models.DateField(),
                        verbose_name="à jour jusqu’au",
                    ),
                ),
            ],
            options={"verbose_name": "données d’un partenaire"},
        ),
        migrations.CreateModel(
            name="Contract",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                (
                    "assembly",
                    models.ForeignKey("institution.assembly", models.PROTECT, editable=False, related_name="+"),
                ),
                ("reference", models.CharField("référence", editable=False, max_length=24)),
                (
                    "owner",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="suivi par",
                    ),
                ),
                ("due_on", models.DateField("échéance", blank=True, null=True)),
                ("notes", models.TextField("notes", blank=True, max_length=4000)),
                ("ceiling", models.DecimalField("plafond, en euros", decimal_places=2, max_digits=12)),
                (
                    "ordered",
                    models.DecimalField(
                        "commandé, en euros", decimal_places=2, default=Decimal("0"), editable=False, max_digits=12
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[("draft", "en préparation"), ("running", "en cours"), ("ended", "terminé")],
                        default="draft",
                        editable=False,
                        max_length=16,
                    ),
                ),
                ("name", models.CharField("objet", max_length=160)),
                (
                    "kind",
                    models.CharField(
                        "nature",
                        choices=[
                            ("amo", "assistance à maîtrise d’ouvrage"),
                            ("catering", "traiteur"),
                            ("interpreting", "interprétation"),
                            ("other", "autre"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        "mission.partner",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="titulaire",
                    ),
                ),
                ("holder_name", models.CharField("titulaire hors registre", blank=True, max_length=160)),
                ("starts_on", models.DateField("début")),
                ("ends_on", models.DateField("fin")),
            ],
            options={
                "verbose_name": "contrat",
                "indexes": [
                    models.Index(
                        F("assembly"), models.Func("name", function="alphabetical"), F("id"), name="contract_by_name"
                    ),
                    models.Index(fields=["assembly", "due_on"], name="contract_by_day"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(state__in=["draft", "running", "ended"]), name="contract_state_known"
                    ),
                    models.UniqueConstraint(fields=("assembly", "reference"), name="contract_reference_once"),
                    models.CheckConstraint(
                        condition=Q(ceiling__gt=0, ordered__gte=0, ordered__lte=F("ceiling")),
                        name="contract_within_ceiling",
                        violation_error_code="ceiling",
                        violation_error_message="Le plafond du contrat est positif et couvre toutes ses commandes.",
                    ),
                    models.CheckConstraint(
                        condition=Q(holder__isnull=False) | ~Q(holder_name=""),
                        name="contract_has_holder",
                        violation_error_code="holder",
                        violation_error_message="Choisissez le titulaire, ou écrivez son nom.",
                    ),
                    models.CheckConstraint(
                        condition=Q(ends_on__gte=F("starts_on")),
                        name="contract_ends_after_start",
                        violation_error_code="ends_on",
                        violation_error_message="La fin vient après le début.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContractLot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("ceiling", models.DecimalField("plafond, en euros", decimal_places=2, max_digits=12)),
                (
                    "ordered",
                    models.DecimalField(
                        "commandé, en euros", decimal_places=2, default=Decimal("0"), editable=False, max_digits=12
                    ),
                ),
                ("row", models.ForeignKey("mission.contract", models.PROTECT, related_name="lots")),
                ("title", models.CharField("lot", max_length=160)),
            ],
            options={
                "verbose_name": "lot d’un contrat",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(ceiling__gt=0, ordered__gte=0, ordered__lte=F("ceiling")),
                        name="contract_lot_within_ceiling",
                        violation_error_code="ceiling",
                        violation_error_message="Le plafond du lot est positif et couvre ses commandes.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContractOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("row", models.ForeignKey("mission.contract", models.PROTECT, related_name="orders")),
                (
                    "lot",
                    models.ForeignKey(
                        "mission.contractlot", models.PROTECT, blank=True, null=True, related_name="orders"
                    ),
                ),
                ("title", models.CharField("objet", max_length=160)),
                ("details", models.TextField("lignes de la commande", blank=True, max_length=2000)),
                ("amount", models.DecimalField("montant, en euros", decimal_places=2, max_digits=12)),
                ("ordered_on", models.DateField("commandée le")),
                (
                    "sitting",
                    models.ForeignKey(
                        "sittings.sitting",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="séance",
                    ),
                ),
                ("delivery_on", models.DateField("livraison attendue le", blank=True, null=True)),
                ("accepted_on", models.DateField("livraison acceptée le", editable=False, null=True)),
            ],
            options={
                "verbose_name": "commande",
                "indexes": [models.Index(fields=["row", "ordered_on"], name="contract_order_by_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(amount__gt=0),
                        name="contract_order_positive",
                        violation_error_code="amount",
                        violation_error_message="Le montant d’une commande est positif.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BudgetLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                (
                    "assembly",
                    models.ForeignKey("institution.assembly", models.PROTECT, editable=False, related_name="+"),
                ),
                ("reference", models.CharField("référence", editable=False, max_length=24)),
                (
                    "owner",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="suivi par",
                    ),
                ),
                ("due_on", models.DateField("échéance", blank=True, null=True)),
                ("notes", models.TextField("notes", blank=True, max_length=4000)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[("draft", "en préparation"), ("open", "ouverte"), ("closed", "close")],
                        default="draft",
                        editable=False,
                        max_length=16,
                    ),
                ),
                ("name", models.CharField("intitulé", max_length=160)),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        "année",
                        choices=[
                            (2020, "2020"),
                            (2021, "2021"),
                            (2022, "2022"),
                            (2023, "2023"),
                            (2024, "2024"),
                            (2025, "2025"),
                            (2026, "2026"),
                            (2027, "2027"),
                            (2028, "2028"),
                            (2029, "2029"),
                            (2030, "2030"),
                            (2031, "2031"),
                            (2032, "2032"),
                            (2033, "2033"),
                            (2034, "2034"),
                            (2035, "2035"),
                            (2036, "2036"),
                            (2037, "2037"),
                            (2038, "2038"),
                            (2039, "2039"),
                            (2040, "2040"),
                            (2041, "2041"),
                            (2042, "2042"),
                            (2043, "2043"),
                            (2044, "2044"),
                            (2045, "2045"),
                            (2046, "2046"),
                            (2047, "2047"),
                            (2048, "2048"),
                            (2049, "2049"),
                            (2050, "2050"),
                        ],
                    ),
                ),
                ("planned", models.DecimalField("prévu, en euros", decimal_places=2, max_digits=12)),
                (
                    "takes_expenses",
                    models.BooleanField("reçoit les remboursements de frais de l’année", default=False),
                ),
                (
                    "allowed",
                    models.DecimalField(
                        "autorisé jusqu’à, en euros", decimal_places=2, editable=False, max_digits=12, null=True
                    ),
                ),
                (
                    "allowed_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        models.PROTECT,
                        editable=False,
                        null=True,
                        related_name="+",
                        verbose_name="dépassement décidé par",
                    ),
                ),
                ("allowed_on", models.DateField("dépassement décidé le", editable=False, null=True)),
                ("allowed_why", models.CharField("motif du dépassement", blank=True, editable=False, max_length=1000)),
            ],
            options={
                "verbose_name": "opération du budget",
                "indexes": [
                    models.Index(
                        F("assembly"),
                        models.Func("name", function="alphabetical"),
                        F("id"),
                        name="budget_line_by_name",
                    ),
                    models.Index(fields=["assembly", "due_on"], name="budget_line_by_day"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(state__in=["draft", "open", "closed"]), name="budget_line_state_known"
                    ),
                    models.UniqueConstraint(fields=("assembly", "reference"), name="budget_line_reference_once"),
                    models.UniqueConstraint(
                        fields=("assembly", "year", "name"),
                        name="budget_line_once_a_year",
                        violation_error_code="name",
                        violation_error_message="Cette opération existe déjà cette année.",
                    ),
                    models.UniqueConstraint(
                        condition=Q(takes_expenses=True),
                        fields=("assembly", "year"),
                        name="budget_line_one_takes_expenses",
                        violation_error_code="takes_expenses",
                        violation_error_message="Une autre opération de l’année les reçoit déjà.",
                    ),
                    models.CheckConstraint(condition=Q(year__gte=2020, year__lt=2051), name="budget_line_year_known"),
                    models.CheckConstraint(
                        condition=Q(planned__gte=0),
                        name="budget_line_planned_positive",
                        violation_error_code="planned",
                        violation_error_message="Le montant prévu n’est pas négatif.",
                    ),
                    models.CheckConstraint(
                        condition=Q(allowed=None, allowed_by=None, allowed_on=None, allowed_why="")
                        | Q(
                            ("allowed__gt", F("planned")),
                            ("allowed_by__isnull", False),
                            ("allowed_on__isnull", False),
                            ~Q(allowed_why=""),
                        ),
                        name="budget_line_allowed_by_decision",
                        violation_error_code="planned",
                        violation_error_message="Le montant autorisé est plus grand que le montant prévu.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BudgetContract",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("year", models.PositiveSmallIntegerField("année", editable=False)),
                ("row", models.ForeignKey("mission.budgetline", models.PROTECT, related_name="contracts")),
                (
                    "contract",
                    models.ForeignKey(
                        "mission.contract", models.PROTECT, related_name="budget_lines", verbose_name="contrat"
                    ),
                ),
            ],
            options={
                "verbose_name": "contrat d’une opération",
                "constraints": [
                    models.UniqueConstraint(fields=("contract", "year"), name="budget_contract_once_a_year")
                ],
            },
        ),
        migrations.CreateModel(
            name="BudgetEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("year", models.PositiveSmallIntegerField("année", editable=False)),
                ("row", models.ForeignKey("mission.budgetline", models.PROTECT, related_name="entries")),
                (
                    "kind",
                    models.CharField("nature", choices=[("committed", "engagé"), ("spent", "dépensé")], max_length=10),
                ),
                ("title", models.CharField("objet", max_length=160)),
                ("amount", models.DecimalField("montant, en euros", decimal_places=2, max_digits=12)),
                ("day", models.DateField("date")),
                (
                    "sitting",
                    models.ForeignKey(
                        "sittings.sitting",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="séance",
                    ),
                ),
            ],
            options={
                "verbose_name": "écriture du budget",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(kind__in=["committed", "spent"]), name="budget_entry_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=Q(amount__gt=0),
                        name="budget_entry_positive",
                        violation_error_code="amount",
                        violation_error_message="Le montant est positif.",
                    ),
                    models.CheckConstraint(
                        condition=Q(year=ExtractYear("day")),
                        name="budget_entry_of_the_year",
                        violation_error_code="day",
                        violation_error_message="Ce jour n’est pas de l’année de l’opération.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WatchDigest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                (
                    "assembly",
                    models.ForeignKey("institution.assembly", models.PROTECT, editable=False, related_name="+"),
                ),
                ("reference", models.CharField("référence", editable=False, max_length=24)),
                (
                    "owner",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="suivi par",
                    ),
                ),
                ("due_on", models.DateField("échéance", blank=True, null=True)),
                ("notes", models.TextField("notes", blank=True, max_length=4000)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[("draft", "en préparation"), ("sent", "envoyée")],
                        default="draft",
                        editable=False,
                        max_length=16,
                    ),
                ),
                ("name", models.CharField("objet", max_length=160)),
                ("body", models.TextField("texte", max_length=40000)),
                ("sent_at", models.DateTimeField("envoyée le", editable=False, null=True)),
            ],
            options={
                "verbose_name": "lettre de veille",
                "indexes": [
                    models.Index(
                        F("assembly"),
                        models.Func("name", function="alphabetical"),
                        F("id"),
                        name="watch_digest_by_name",
                    ),
                    models.Index(fields=["assembly", "due_on"], name="watch_digest_by_day"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=Q(state__in=["draft", "sent"]), name="watch_digest_state_known"),
                    models.UniqueConstraint(fields=("assembly", "reference"), name="watch_digest_reference_once"),
                    models.CheckConstraint(
                        condition=Q(sent_at__isnull=False, state="sent") | Q(~Q(state="sent"), sent_at=None),
                        name="watch_digest_sent_iff_sent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DigestReader",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("assembly", models.ForeignKey("institution.assembly", models.PROTECT, related_name="+")),
                (
                    "user",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="collègue"
                    ),
                ),
                (
                    "directorate",
                    models.ForeignKey(
                        "institution.directorate",
                        models.PROTECT,
                        null=True,
                        related_name="+",
                        verbose_name="direction",
                    ),
                ),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                ("added_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
            ],
            options={
                "verbose_name": "abonnement à la lettre de veille",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(directorate__isnull=False, user=None) | Q(directorate=None, user__isnull=False),
                        name="digest_reader_one_kind",
                    ),
                    models.UniqueConstraint(
                        fields=("assembly", "user", "directorate"), name="digest_reader_once", nulls_distinct=False
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GrantScheme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                (
                    "assembly",
                    models.ForeignKey("institution.assembly", models.PROTECT, editable=False, related_name="+"),
                ),
                ("reference", models.CharField("référence", editable=False, max_length=24)),
                ("name", models.CharField("nom", max_length=160)),
                (
                    "owner",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="suivi par",
                    ),
                ),
                ("due_on", models.DateField("échéance", blank=True, null=True)),
                ("notes", models.TextField("notes", blank=True, max_length=4000)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[("draft", "en préparation"), ("published", "publié"), ("closed", "clos")],
                        default="draft",
                        editable=False,
                        max_length=16,
                    ),
                ),
                ("purpose", models.TextField("ce qui est soutenu", max_length=3000)),
                ("opens_on", models.DateField("ouvert à partir du")),
                ("closes_on", models.DateField("ouvert jusqu’au")),
                ("least_amount", models.DecimalField("montant minimum, en euros", decimal_places=2, max_digits=9)),
                ("most_amount", models.DecimalField("montant maximum, en euros", decimal_places=2, max_digits=9)),
                ("envelope", models.DecimalField("enveloppe, en euros", decimal_places=2, max_digits=10)),
                (
                    "discussion_gap",
                    models.PositiveSmallIntegerField(
                        "écart qui demande un échange, en points sur 100",
                        default=20,
                        validators=[MaxValueValidator(100)],
                    ),
                ),
                (
                    "publishes_all",
                    models.BooleanField(
                        "publier toutes les subventions votées, et pas seulement celles de 23 000 euros et plus",
                        default=False,
                    ),
                ),
            ],
            options={
                "verbose_name": "dispositif",
                "indexes": [
                    models.Index(
                        F("assembly"), models.Func("name", function="alphabetical"), F("id"), name="scheme_by_name"
                    ),
                    models.Index(fields=["assembly", "due_on"], name="scheme_by_day"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(state__in=["draft", "published", "closed"]), name="scheme_state_known"
                    ),
                    models.UniqueConstraint(fields=("assembly", "reference"), name="scheme_reference_once"),
                    models.CheckConstraint(
                        condition=Q(closes_on__gte=F("opens_on")),
                        name="scheme_closes_after_opening",
                        violation_error_code="closes_on",
                        violation_error_message="Le dernier jour vient après le premier.",
                    ),
                    models.CheckConstraint(
                        condition=Q(envelope__gte=0, least_amount__gt=0, most_amount__gte=F("least_amount")),
                        name="scheme_amounts_in_order",
                        violation_error_code="most_amount",
                        violation_error_message=(
                            "Le montant minimum est au-dessus de zéro, et le maximum au-dessus de lui."
                        ),
                    ),
                    models.CheckConstraint(
                        condition=Q(discussion_gap__lte=100),
                        name="scheme_gap_of_hundred",
                        violation_error_code="discussion_gap",
                        violation_error_message="L’écart est de 100 points au plus.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SchemeCriterion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("row", models.ForeignKey("mission.grantscheme", models.PROTECT, related_name="criteria")),
                ("label", models.CharField("critère", max_length=160)),
                (
                    "weight",
                    models.PositiveSmallIntegerField(
                        "poids", validators=[MinValueValidator(1), MaxValueValidator(100)]
                    ),
                ),
            ],
            options={
                "verbose_name": "critère d’un dispositif",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(weight__gte=1, weight__lte=100),
                        name="criterion_weight_between",
                        violation_error_code="weight",
                        violation_error_message="Le poids va de 1 à 100.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SchemePiece",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("row", models.ForeignKey("mission.grantscheme", models.PROTECT, related_name="pieces")),
                ("label", models.CharField("pièce", max_length=160)),
                ("is_required", models.BooleanField("obligatoire", default=True)),
            ],
            options={"verbose_name": "pièce d’un dispositif"},
        ),
        migrations.CreateModel(
            name="SchemeReader",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("row", models.ForeignKey("mission.grantscheme", models.PROTECT, related_name="readers")),
                (
                    "user",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="lit les demandes"
                    ),
                ),
            ],
            options={
                "verbose_name": "personne qui lit un dispositif",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("row", "user"),
                        name="scheme_reader_once",
                        violation_error_code="user",
                        violation_error_message="Cette personne lit déjà ce dispositif.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GrantApplication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "assembly",
                    models.ForeignKey("institution.assembly", models.PROTECT, editable=False, related_name="+"),
                ),
                ("reference", models.CharField("référence", editable=False, max_length=24)),
                (
                    "owner",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="suivi par",
                    ),
                ),
                ("due_on", models.DateField("échéance", blank=True, null=True)),
                ("notes", models.TextField("notes", blank=True, max_length=4000)),
                (
                    "created_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, null=True, related_name="+"
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, null=True, related_name="+"
                    ),
                ),
                ("name", models.CharField("association", max_length=160)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("received", "reçue"),
                            ("completeness_check", "pièces en vérification"),
                            ("incomplete", "pièces manquantes"),
                            ("complete", "complète"),
                            ("assessment", "en instruction"),
                            ("opinion", "avis rendu"),
                            ("committee", "au comité"),
                            ("voted", "votée"),
                            ("agreement", "convention signée"),
                            ("paid", "versée"),
                            ("reported", "compte rendu reçu"),
                            ("closed", "close"),
                            ("rejected", "refusée"),
                            ("withdrawn", "retirée"),
                        ],
                        default="received",
                        editable=False,
                        max_length=20,
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        "mission.grantscheme", models.PROTECT, related_name="applications", verbose_name="dispositif"
                    ),
                ),
                ("siret", models.CharField("numéro SIRET", blank=True, max_length=14)),
                ("rna", models.CharField("numéro RNA", blank=True, max_length=10)),
                ("contact_name", models.CharField("personne à joindre", blank=True, max_length=120)),
                ("contact_email", models.EmailField("courriel", blank=True, max_length=254)),
                ("contact_phone", models.CharField("téléphone", blank=True, max_length=30)),
                ("project", models.CharField("projet", max_length=160)),
                ("description", models.TextField("ce qui sera fait, pour qui", blank=True, max_length=4000)),
                ("starts_on", models.DateField("début du projet")),
                ("ends_on", models.DateField("fin du projet")),
                ("cost", models.DecimalField("coût du projet, en euros", decimal_places=2, max_digits=10)),
                ("requested", models.DecimalField("montant demandé, en euros", decimal_places=2, max_digits=9)),
                (
                    "other_funders",
                    models.TextField("autres financeurs, et ce qu’ils ont décidé", blank=True, max_length=1000),
                ),
                (
                    "has_committed",
                    models.BooleanField("a souscrit le contrat d’engagement républicain", default=False),
                ),
                ("received_on", models.DateField("reçue le", default=timezone.localdate)),
                ("deposited_at", models.DateTimeField(editable=False, null=True)),
                ("asked_for", models.TextField(blank=True, editable=False, max_length=3000)),
                (
                    "first_reader",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, null=True, related_name="+"
                    ),
                ),
                (
                    "second_reader",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, null=True, related_name="+"
                    ),
                ),
                ("first_read_at", models.DateTimeField(editable=False, null=True)),
                ("second_read_at", models.DateTimeField(editable=False, null=True)),
                (
                    "score",
                    models.DecimalField("note sur 100", decimal_places=1, editable=False, max_digits=4, null=True),
                ),
                ("gap", models.DecimalField(decimal_places=1, editable=False, max_digits=4, null=True)),
                ("discussion", models.TextField(blank=True, editable=False, max_length=2000)),
                ("opinion", models.TextField(blank=True, editable=False, max_length=3000)),
                (
                    "proposed_amount",
                    models.DecimalField(
                        "montant proposé, en euros", decimal_places=2, editable=False, max_digits=9, null=True
                    ),
                ),
                (
                    "voted_amount",
                    models.DecimalField(
                        "montant voté, en euros", decimal_places=2, editable=False, max_digits=9, null=True
                    ),
                ),
                ("decided_on", models.DateField("décidée le", editable=False, null=True)),
                ("decision_reference", models.CharField(blank=True, editable=False, max_length=80)),
                ("agreement_signed_on", models.DateField("convention signée le", editable=False, null=True)),
                ("spent_amount", models.DecimalField(decimal_places=2, editable=False, max_digits=10, null=True)),
                ("account", models.TextField(blank=True, editable=False, max_length=3000)),
                ("ended_on", models.DateField(editable=False, null=True)),
                ("refusal", models.TextField(blank=True, editable=False, max_length=2000)),
                ("decision_text", models.TextField("message", blank=True, editable=False, max_length=6000)),
                ("decision_sent_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "demande de subvention",
                "indexes": [
                    models.Index(
                        F("assembly"), models.Func("name", function="alphabetical"), F("id"), name="grant_by_name"
                    ),
                    models.Index(fields=["assembly", "due_on"], name="grant_by_day"),
                    models.Index(fields=["siret"], name="grant_by_siret"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(
                            state__in=[
                                "received",
                                "completeness_check",
                                "incomplete",
                                "complete",
                                "assessment",
                                "opinion",
                                "committee",
                                "voted",
                                "agreement",
                                "paid",
                                "reported",
                                "closed",
                                "rejected",
                                "withdrawn",
                            ]
                        ),
                        name="grant_state_known",
                    ),
                    models.UniqueConstraint(fields=("assembly", "reference"), name="grant_reference_once"),
                    models.UniqueConstraint(
                        condition=Q(
                            (
                                "state__in",
                                (
                                    "complete",
                                    "assessment",
                                    "opinion",
                                    "committee",
                                    "voted",
                                    "agreement",
                                    "paid",
                                    "reported",
                                    "closed",
                                ),
                            ),
                            ~Q(siret=""),
                        ),
                        fields=("scheme", "siret"),
                        name="grant_one_examined_a_scheme",
                        violation_error_message="Une autre demande de cette association est déjà à l’étude ici.",
                    ),
                    models.UniqueConstraint(
                        condition=Q(
                            (
                                "state__in",
                                (
                                    "complete",
                                    "assessment",
                                    "opinion",
                                    "committee",
                                    "voted",
                                    "agreement",
                                    "paid",
                                    "reported",
                                    "closed",
                                ),
                            ),
                            ~Q(rna=""),
                        ),
                        fields=("scheme", "rna"),
                        name="grant_one_examined_a_scheme_by_rna",
                        violation_error_message="Une autre demande de cette association est déjà à l’étude ici.",
                    ),
                    models.CheckConstraint(
                        condition=~Q(contact_name__regex="[/:@／：＠]|[.．。｡․][[:alpha:]]{2}"),
                        name="grant_contact_is_no_link",
                        violation_error_code="contact_name",
                        violation_error_message=(
                            "Un nom ne contient ni « / », ni « : », ni « @ », et un point y est suivi d’un espace."
                        ),
                    ),
                    models.CheckConstraint(
                        condition=Q(siret__regex="^(\\d{14})?$"),
                        name="grant_siret_of_14_digits",
                        violation_error_code="siret",
                        violation_error_message="Le numéro SIRET a 14 chiffres.",
                    ),
                    models.CheckConstraint(
                        condition=~Q(rna="", siret=""),
                        name="grant_has_a_number",
                        violation_error_code="siret",
                        violation_error_message="Donnez le numéro SIRET ; sans SIRET, le numéro RNA.",
                    ),
                    models.CheckConstraint(
                        condition=Q(cost__gte=F("requested"), requested__gt=0),
                        name="grant_requested_within_cost",
                        violation_error_code="requested",
                        violation_error_message=(
                            "Le montant demandé est au-dessus de zéro, et au plus le coût du projet."
                        ),
                    ),
                    models.CheckConstraint(
                        condition=Q(ends_on__gte=F("starts_on")),
                        name="grant_ends_after_start",
                        violation_error_code="ends_on",
                        violation_error_message="La fin du projet vient après le début.",
                    ),
                    models.CheckConstraint(
                        condition=Q(first_reader=None) | ~Q(first_reader=F("second_reader")), name="grant_two_readers"
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            decided_on__isnull=False,
                            state__in=("voted", "agreement", "paid", "reported", "closed"),
                            voted_amount__gt=0,
                            voted_amount__isnull=False,
                        )
                        | Q(~Q(state__in=("voted", "agreement", "paid", "reported", "closed")), voted_amount=None),
                        name="grant_voted_iff_awarded",
                    ),
                    models.CheckConstraint(
                        condition=Q(voted_amount=None) | Q(voted_amount__lte=F("requested")),
                        name="grant_voted_within_requested",
                        violation_error_message="Le montant voté ne dépasse pas le montant demandé.",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state__in=("paid", "reported", "closed"))
                        | Q(voted_amount__lte=Decimal("23000"))
                        | Q(agreement_signed_on__isnull=False),
                        name="grant_agreement_before_payment",
                        violation_error_message=(
                            "Au-dessus de 23 000 euros, une convention est signée avant le versement."
                        ),
                    ),
                    models.CheckConstraint(
                        condition=~Q(state="agreement") | Q(agreement_signed_on__isnull=False),
                        name="grant_signed_iff_agreement",
                    ),
                    models.CheckConstraint(
                        condition=Q(decision_sent_at=None)
                        | Q(
                            ("state__in", ("voted", "agreement", "paid", "reported", "closed", "rejected")),
                            ~Q(decision_text=""),
                        ),
                        name="grant_decision_sent_once_decided",
                    ),
                    models.CheckConstraint(
                        condition=Q(score=None) | Q(first_read_at__isnull=False, second_read_at__isnull=False),
                        name="grant_score_after_two_readings",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GrantPayment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("row", models.ForeignKey("mission.grantapplication", models.PROTECT, related_name="payments")),
                ("paid_on", models.DateField("versée le")),
                ("amount", models.DecimalField("montant, en euros", decimal_places=2, max_digits=9)),
                ("order", models.CharField("numéro de mandat", blank=True, max_length=80)),
            ],
            options={
                "verbose_name": "versement d’une subvention",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(amount__gt=0),
                        name="grant_payment_positive",
                        violation_error_code="amount",
                        violation_error_message="Un versement est au-dessus de zéro.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GrantDeposit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("scheme", models.ForeignKey("mission.grantscheme", models.PROTECT, related_name="deposits")),
                ("email", models.EmailField("courriel", blank=True, max_length=254)),
                ("typed", models.JSONField(default=dict)),
                ("started_at", models.DateTimeField(auto_now_add=True)),
                ("saved_at", models.DateTimeField(null=True)),
                (
                    "application",
                    models.OneToOneField(
                        "mission.grantapplication", models.PROTECT, null=True, related_name="deposit"
                    ),
                ),
            ],
            options={
                "verbose_name": "dépôt d’une demande",
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(application=None), fields=("scheme", "email"), name="grant_draft_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DepositLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("deposit", models.ForeignKey("mission.grantdeposit", models.CASCADE, related_name="links")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("address_digest", models.CharField(db_default="", default="", editable=False, max_length=20)),
                ("ends_on", models.DateField(editable=False, null=True)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"verbose_name": "lien personnel d’un dépôt"},
        ),
        migrations.CreateModel(
            name="GrantDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "deposit",
                    models.ForeignKey("mission.grantdeposit", models.PROTECT, null=True, related_name="documents"),
                ),
                (
                    "application",
                    models.ForeignKey("mission.grantapplication", models.PROTECT, null=True, related_name="documents"),
                ),
                ("piece", models.ForeignKey("mission.schemepiece", models.PROTECT, null=True, related_name="+")),
                ("upload", models.ForeignKey("documents.upload", models.PROTECT, related_name="+")),
                ("added_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "document d’une demande",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(deposit__isnull=False) | Q(application__isnull=False),
                        name="grant_document_of_something",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GrantScore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("application", models.ForeignKey("mission.grantapplication", models.PROTECT, related_name="scores")),
                ("reader", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("criterion", models.ForeignKey("mission.schemecriterion", models.PROTECT, related_name="+")),
                ("points", models.PositiveSmallIntegerField()),
            ],
            options={
                "verbose_name": "note d’une demande",
                "constraints": [
                    models.UniqueConstraint(fields=("application", "reader", "criterion"), name="grant_score_once"),
                    models.CheckConstraint(condition=Q(points__lte=5), name="grant_score_of_five"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReaderInterest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("assembly", models.ForeignKey("institution.assembly", models.PROTECT, related_name="+")),
                ("user", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("siret", models.CharField(blank=True, max_length=14)),
                ("rna", models.CharField(blank=True, max_length=10)),
                (
                    "kind",
                    models.CharField(
                        "lien",
                        choices=[
                            ("belongs", "adhérent·e, salarié·e ou au bureau"),
                            ("close", "un proche en fait partie"),
                            ("other", "autre lien"),
                        ],
                        max_length=8,
                    ),
                ),
                ("declared_on", models.DateField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "lien d’intérêt déclaré",
                "constraints": [models.UniqueConstraint(fields=("user", "siret", "rna"), name="reader_interest_once")],
            },
        ),
        migrations.CreateModel(
            name="IndicatorValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("term", models.ForeignKey("institution.term", models.PROTECT, related_name="+")),
                ("key", models.CharField("indicateur", max_length=60)),
                ("day", models.DateField("jour")),
                ("breakdown", models.CharField("répartition", blank=True, max_length=20)),
                ("cell", models.CharField("case", blank=True, max_length=40)),
                ("numerator", models.DecimalField("numérateur", decimal_places=4, max_digits=20, null=True)),
                ("denominator", models.DecimalField("dénominateur", decimal_places=4, max_digits=20, null=True)),
                ("value", models.DecimalField("valeur", decimal_places=4, max_digits=20, null=True)),
                ("rows", models.PositiveIntegerField("lignes comptées", null=True)),
                ("people", models.PositiveIntegerField("personnes", null=True)),
                ("counted_at", models.DateTimeField("compté le", default=timezone.now)),
            ],
            options={
                "verbose_name": "relevé d’un indicateur",
                "ordering": ["term", "key", "day", "breakdown", "cell"],
                "indexes": [models.Index(fields=["term", "-day"], name="indicator_value_last_night")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("term", "breakdown", "key", "day", "cell"), name="indicator_value_once_a_night"
                    ),
                    models.CheckConstraint(
                        condition=Q(denominator=None) | Q(denominator__gt=0) | Q(denominator=0, value=None),
                        name="indicator_value_divided_by_nothing",
                    ),
                    models.CheckConstraint(
                        condition=~Q(breakdown="") | Q(cell=""), name="indicator_value_cell_has_breakdown"
                    ),
                    models.CheckConstraint(
                        condition=Q(counted_at__date__gte=F("day")), name="indicator_value_counted_after_its_day"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ManualValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("term", models.ForeignKey("institution.term", models.PROTECT, related_name="+")),
                ("key", models.CharField("indicateur", max_length=60)),
                ("breakdown", models.CharField("répartition", blank=True, max_length=20)),
                ("cell", models.CharField("case", blank=True, max_length=40)),
                ("day", models.DateField("valeur au")),
                ("number", models.PositiveSmallIntegerField("version", default=1)),
                (
                    "value",
                    models.DecimalField(
                        "valeur",
                        decimal_places=4,
                        max_digits=14,
                        validators=[MinValueValidator(0), MaxValueValidator(999999999)],
                    ),
                ),
                (
                    "people",
                    models.PositiveIntegerField(
                        "personnes interrogées",
                        blank=True,
                        null=True,
                        validators=[MinValueValidator(1), MaxValueValidator(1000000)],
                    ),
                ),
                ("source", models.CharField("source", max_length=200)),
                ("note", models.CharField("remarque", blank=True, max_length=500)),
                ("entered_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("entered_at", models.DateTimeField("saisie le", default=timezone.now)),
            ],
            options={
                "verbose_name": "valeur saisie",
                "ordering": ["term", "key", "-day", "breakdown", "cell", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("term", "key", "breakdown", "cell", "day", "number"), name="manual_value_version_once"
                    ),
                    models.CheckConstraint(condition=Q(value__gte=0), name="manual_value_not_negative"),
                    models.CheckConstraint(condition=~Q(source=""), name="manual_value_has_source"),
                    models.CheckConstraint(
                        condition=Q(people=None) | Q(people__gt=0), name="manual_value_people_positive"
                    ),
                    models.CheckConstraint(
                        condition=Q(breakdown="", cell="") | Q(~Q(breakdown=""), ~Q(cell="")),
                        name="manual_value_cell_iff_breakdown",
                    ),
                    models.CheckConstraint(
                        condition=Q(entered_at__date__gte=F("day")), name="manual_value_entered_after_its_day"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IndicatorSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("term", models.ForeignKey("institution.term", models.PROTECT, related_name="+")),
                ("number", models.PositiveSmallIntegerField("numéro")),
                ("reference", models.CharField("référence", max_length=40)),
                ("day", models.DateField("chiffres au")),
                ("content", models.JSONField("contenu")),
                ("noted_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("noted_at", models.DateTimeField("faite le", default=timezone.now)),
            ],
            options={
                "verbose_name": "fiche d’indicateurs",
                "ordering": ["term", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("term", "number"), name="indicator_sheet_number_once"),
                    models.UniqueConstraint(fields=("term", "reference"), name="indicator_sheet_reference_once"),
                    models.UniqueConstraint(fields=("term", "day"), name="indicator_sheet_one_a_day"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LegalItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                (
                    "assembly",
                    models.ForeignKey("institution.assembly", models.PROTECT, editable=False, related_name="+"),
                ),
                ("reference", models.CharField("référence", editable=False, max_length=24)),
                (
                    "owner",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="suivi par",
                    ),
                ),
                ("due_on", models.DateField("échéance", blank=True, null=True)),
                ("notes", models.TextField("notes", blank=True, max_length=4000)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("prepared", "en préparation"),
                            ("in_force", "en vigueur"),
                            ("replaced", "remplacé"),
                            ("expired", "échu"),
                        ],
                        default="prepared",
                        editable=False,
                        max_length=16,
                    ),
                ),
                ("name", models.CharField("intitulé", max_length=160)),
                (
                    "kind",
                    models.CharField(
                        "nature",
                        choices=[
                            ("council", "délibération"),
                            ("convention", "convention"),
                            ("dpia", "analyse d’impact (AIPD)"),
                            ("insurance", "assurance"),
                            ("processing", "registre des traitements"),
                            ("other", "autre"),
                        ],
                        max_length=12,
                    ),
                ),
                ("number", models.CharField("numéro de l’acte", blank=True, max_length=80)),
                ("starts_on", models.DateField("en vigueur le", blank=True, null=True)),
                (
                    "renewal",
                    models.CharField(
                        "renouvellement",
                        choices=[
                            ("none", "sans renouvellement"),
                            ("tacit", "tacite reconduction"),
                            ("express", "renouvellement exprès"),
                        ],
                        default="none",
                        max_length=8,
                    ),
                ),
                ("notice_days", models.PositiveSmallIntegerField("préavis, en jours", blank=True, null=True)),
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
                ("document", models.URLField("adresse de l’acte", blank=True)),
            ],
            options={
                "verbose_name": "élément juridique",
                "indexes": [
                    models.Index(
                        F("assembly"), models.Func("name", function="alphabetical"), F("id"), name="legal_item_by_name"
                    ),
                    models.Index(fields=["assembly", "due_on"], name="legal_item_by_day"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(state__in=["prepared", "in_force", "replaced", "expired"]),
                        name="legal_item_state_known",
                    ),
                    models.UniqueConstraint(fields=("assembly", "reference"), name="legal_item_reference_once"),
                    models.CheckConstraint(
                        condition=Q(due_on=None) | Q(starts_on=None) | Q(due_on__gte=F("starts_on")),
                        name="legal_item_due_after_start",
                        violation_error_code="due_on",
                        violation_error_message="L’échéance vient après l’entrée en vigueur.",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state="in_force") | Q(starts_on__isnull=False),
                        name="legal_item_in_force_since",
                        violation_error_code="starts_on",
                        violation_error_message="Dites depuis quand il est en vigueur.",
                    ),
                    models.CheckConstraint(
                        condition=Q(renewal="none") | Q(due_on__isnull=False),
                        name="legal_item_renewed_has_day",
                        violation_error_code="due_on",
                        violation_error_message="Ce qui se renouvelle a une échéance.",
                    ),
                    models.CheckConstraint(
                        condition=Q(notice_days=None) | Q(notice_days__lte=730),
                        name="legal_item_notice_days",
                        violation_error_code="notice_days",
                        violation_error_message="Le préavis ne dépasse pas deux ans.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MailingList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                (
                    "assembly",
                    models.ForeignKey("institution.assembly", models.PROTECT, editable=False, related_name="+"),
                ),
                ("reference", models.CharField("référence", editable=False, max_length=24)),
                ("name", models.CharField("nom", max_length=160)),
                (
                    "owner",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="suivi par",
                    ),
                ),
                ("due_on", models.DateField("échéance", blank=True, null=True)),
                ("notes", models.TextField("notes", blank=True, max_length=4000)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[("open", "ouverte"), ("closed", "fermée")],
                        default="open",
                        editable=False,
                        max_length=16,
                    ),
                ),
                ("purpose", models.TextField("ce que reçoivent ses abonnés", max_length=600)),
            ],
            options={
                "verbose_name": "liste de diffusion",
                "indexes": [
                    models.Index(
                        F("assembly"),
                        models.Func("name", function="alphabetical"),
                        F("id"),
                        name="mailing_list_by_name",
                    ),
                    models.Index(fields=["assembly", "due_on"], name="mailing_list_by_day"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=Q(state__in=["open", "closed"]), name="mailing_list_state_known"),
                    models.UniqueConstraint(fields=("assembly", "reference"), name="mailing_list_reference_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListSubscriber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("row", models.ForeignKey("mission.mailinglist", models.PROTECT, related_name="subscribers")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "person",
                    models.ForeignKey("identity.person", models.PROTECT, related_name="+", verbose_name="personne"),
                ),
                (
                    "partner",
                    models.ForeignKey("mission.partner", models.PROTECT, related_name="+", verbose_name="partenaire"),
                ),
                (
                    "means",
                    models.CharField(
                        "comment l’accord est donné",
                        choices=[
                            ("meeting", "de vive voix, lors d’une rencontre"),
                            ("phone", "au téléphone"),
                            ("paper", "par écrit, sur papier"),
                            ("mail", "par courriel"),
                            ("link", "par le lien que nous lui envoyons"),
                        ],
                        max_length=8,
                    ),
                ),
                ("consent_on", models.DateField("accord donné le", blank=True, null=True)),
                ("proof", models.CharField("où le retrouver", blank=True, max_length=200)),
                ("confirmed_at", models.DateTimeField("confirmé le", editable=False, null=True)),
            ],
            options={
                "verbose_name": "abonnement à une liste",
                "constraints": [
                    models.UniqueConstraint(fields=("row", "person"), name="list_subscriber_once"),
                    models.CheckConstraint(
                        condition=Q(means__in=["meeting", "phone", "paper", "mail", "link"]),
                        name="list_subscriber_means_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(confirmed_at=None, consent_on=None, means="link")
                        | Q(confirmed_at__isnull=False, consent_on__isnull=False),
                        name="list_subscriber_agreed",
                        violation_error_code="consent_on",
                        violation_error_message="Dites quel jour l’accord a été donné.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListWithdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("row", models.ForeignKey("mission.mailinglist", models.PROTECT, related_name="withdrawals")),
                ("digest", models.CharField(max_length=64)),
                ("withdrawn_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "retrait d’une liste",
                "constraints": [models.UniqueConstraint(fields=("row", "digest"), name="list_withdrawal_once")],
            },
        ),
        migrations.CreateModel(
            name="ListMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                (
                    "assembly",
                    models.ForeignKey("institution.assembly", models.PROTECT, editable=False, related_name="+"),
                ),
                ("reference", models.CharField("référence", editable=False, max_length=24)),
                (
                    "owner",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="suivi par",
                    ),
                ),
                ("due_on", models.DateField("échéance", blank=True, null=True)),
                ("notes", models.TextField("notes", blank=True, max_length=4000)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[("draft", "en préparation"), ("sent", "envoyée")],
                        default="draft",
                        editable=False,
                        max_length=16,
                    ),
                ),
                ("name", models.CharField("objet", max_length=160)),
                ("body", models.TextField("texte", max_length=40000)),
                ("sent_at", models.DateTimeField("envoyée le", editable=False, null=True)),
                (
                    "mailing_list",
                    models.ForeignKey(
                        "mission.mailinglist", models.PROTECT, related_name="messages", verbose_name="liste"
                    ),
                ),
            ],
            options={
                "verbose_name": "message à une liste",
                "indexes": [
                    models.Index(
                        F("assembly"),
                        models.Func("name", function="alphabetical"),
                        F("id"),
                        name="list_message_by_name",
                    ),
                    models.Index(fields=["assembly", "due_on"], name="list_message_by_day"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=Q(state__in=["draft", "sent"]), name="list_message_state_known"),
                    models.UniqueConstraint(fields=("assembly", "reference"), name="list_message_reference_once"),
                    models.CheckConstraint(
                        condition=Q(sent_at__isnull=False, state="sent") | Q(~Q(state="sent"), sent_at=None),
                        name="list_message_sent_iff_sent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MethodSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                (
                    "assembly",
                    models.ForeignKey("institution.assembly", models.PROTECT, editable=False, related_name="+"),
                ),
                ("reference", models.CharField("référence", editable=False, max_length=24)),
                (
                    "owner",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="suivi par",
                    ),
                ),
                ("due_on", models.DateField("échéance", blank=True, null=True)),
                ("notes", models.TextField("notes", blank=True, max_length=4000)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[("draft", "à relire"), ("in_use", "en usage"), ("retired", "retirée")],
                        default="draft",
                        editable=False,
                        max_length=16,
                    ),
                ),
                ("name", models.CharField("titre", max_length=160)),
                ("purpose", models.CharField("à quoi elle sert", max_length=300)),
                ("method", models.TextField("déroulé", max_length=4000)),
                (
                    "effort",
                    models.CharField(
                        "effort", choices=[("light", "léger"), ("medium", "moyen"), ("heavy", "lourd")], max_length=8
                    ),
                ),
                ("work_days", models.PositiveSmallIntegerField("travail, en jours", blank=True, null=True)),
                ("group_min", models.PositiveSmallIntegerField("groupe, au moins")),
                ("group_max", models.PositiveSmallIntegerField("groupe, au plus")),
                ("cost", models.DecimalField("coût indicatif, en euros", decimal_places=2, max_digits=9)),
            ],
            options={
                "verbose_name": "fiche méthode",
                "indexes": [
                    models.Index(
                        F("assembly"),
                        models.Func("name", function="alphabetical"),
                        F("id"),
                        name="method_sheet_by_name",
                    ),
                    models.Index(fields=["assembly", "due_on"], name="method_sheet_by_day"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(state__in=["draft", "in_use", "retired"]), name="method_sheet_state_known"
                    ),
                    models.UniqueConstraint(fields=("assembly", "reference"), name="method_sheet_reference_once"),
                    models.CheckConstraint(
                        condition=Q(group_max__gte=F("group_min"), group_min__gte=1),
                        name="method_sheet_group_sizes",
                        violation_error_code="group_max",
                        violation_error_message="Le groupe va d’une taille à une autre, plus grande ou égale.",
                    ),
                    models.CheckConstraint(
                        condition=Q(cost__gte=0),
                        name="method_sheet_cost_positive",
                        violation_error_code="cost",
                        violation_error_message="Le coût n’est pas négatif.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TeamPost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                (
                    "assembly",
                    models.ForeignKey("institution.assembly", models.PROTECT, editable=False, related_name="+"),
                ),
                ("reference", models.CharField("référence", editable=False, max_length=24)),
                (
                    "owner",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="suivi par",
                    ),
                ),
                ("due_on", models.DateField("échéance", blank=True, null=True)),
                ("notes", models.TextField("notes", blank=True, max_length=4000)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[("active", "dans l’équipe"), ("left", "a quitté l’équipe")],
                        default="active",
                        editable=False,
                        max_length=16,
                    ),
                ),
                ("name", models.CharField("poste", max_length=160)),
                (
                    "holder",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="compte",
                    ),
                ),
                ("capacity", models.PositiveSmallIntegerField("temps de travail, en %", default=100)),
                ("starts_on", models.DateField("arrivée")),
                ("ends_on", models.DateField("départ", blank=True, null=True)),
            ],
            options={
                "verbose_name": "poste de l’équipe",
                "indexes": [
                    models.Index(
                        F("assembly"), models.Func("name", function="alphabetical"), F("id"), name="team_post_by_name"
                    ),
                    models.Index(fields=["assembly", "due_on"], name="team_post_by_day"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=Q(state__in=["active", "left"]), name="team_post_state_known"),
                    models.UniqueConstraint(fields=("assembly", "reference"), name="team_post_reference_once"),
                    models.CheckConstraint(
                        condition=Q(capacity__gte=1, capacity__lte=100),
                        name="team_post_percent",
                        violation_error_code="capacity",
                        violation_error_message="Le temps de travail va de 1 à 100 %%.",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("starts_on__gte", datetime.date(2000, 1, 1)),
                            Q(ends_on=None) | Q(ends_on__gte=F("starts_on"), ends_on__lt=datetime.date(2100, 1, 1)),
                        ),
                        name="team_post_months_in_order",
                        violation_error_code="ends_on",
                        violation_error_message=(
                            "Le dernier mois ne vient pas avant le premier ; années de 2000 à 2099."
                        ),
                    ),
                    models.CheckConstraint(
                        condition=~Q(state="left") | Q(ends_on__isnull=False),
                        name="team_post_left_has_end",
                        violation_error_code="ends_on",
                        violation_error_message="Un poste quitté a son départ.",
                    ),
                    models.UniqueConstraint(
                        condition=Q(state="active"),
                        fields=("assembly", "holder"),
                        name="team_post_one_active_a_holder",
                        violation_error_code="holder",
                        violation_error_message="Ce compte a déjà un poste dans l’équipe.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CapacityPeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("starts_on", models.DateField("premier mois")),
                ("ends_on", models.DateField("dernier mois")),
                ("row", models.ForeignKey("mission.teampost", models.PROTECT, related_name="periods_of_time")),
                ("percent", models.PositiveSmallIntegerField("temps de travail, en %")),
            ],
            options={
                "verbose_name": "période à un autre temps de travail",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(percent__gte=0, percent__lte=100),
                        name="capacity_period_percent",
                        violation_error_code="percent",
                        violation_error_message="Le temps de travail va de 0 à 100 %%.",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("starts_on__gte", datetime.date(2000, 1, 1)),
                            Q(ends_on=None) | Q(ends_on__gte=F("starts_on"), ends_on__lt=datetime.date(2100, 1, 1)),
                        ),
                        name="capacity_period_months_in_order",
                        violation_error_code="ends_on",
                        violation_error_message=(
                            "Le dernier mois ne vient pas avant le premier ; années de 2000 à 2099."
                        ),
                    ),
                    ExclusionConstraint(
                        expressions=[
                            ("row", "="),
                            (
                                models.Func(
                                    "starts_on",
                                    "ends_on",
                                    models.Value("[]"),
                                    function="DATERANGE",
                                    output_field=DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="capacity_period_no_overlap",
                        violation_error_code="starts_on",
                        violation_error_message="Une autre période dit déjà le temps de travail de ces mois.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Allocation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("starts_on", models.DateField("premier mois")),
                ("ends_on", models.DateField("dernier mois")),
                ("row", models.ForeignKey("mission.teampost", models.PROTECT, related_name="allocations")),
                (
                    "operation",
                    models.ForeignKey(
                        "mission.budgetline",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="opération du budget",
                    ),
                ),
                (
                    "sitting",
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
                    "referral",
                    models.ForeignKey(
                        "consultations.referral",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="saisine",
                    ),
                ),
                ("topic", models.CharField("autre sujet", blank=True, max_length=160)),
                ("percent", models.PositiveSmallIntegerField("part d’un temps plein, en %")),
            ],
            options={
                "verbose_name": "affectation",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(percent__gte=1, percent__lte=100),
                        name="allocation_percent",
                        violation_error_code="percent",
                        violation_error_message="La part va de 1 à 100 %%.",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("starts_on__gte", datetime.date(2000, 1, 1)),
                            Q(ends_on=None) | Q(ends_on__gte=F("starts_on"), ends_on__lt=datetime.date(2100, 1, 1)),
                        ),
                        name="allocation_months_in_order",
                        violation_error_code="ends_on",
                        violation_error_message=(
                            "Le dernier mois ne vient pas avant le premier ; années de 2000 à 2099."
                        ),
                    ),
                    models.CheckConstraint(
                        condition=Q(operation__isnull=False, referral__isnull=True, sitting__isnull=True, topic="")
                        | Q(operation__isnull=True, referral__isnull=True, sitting__isnull=False, topic="")
                        | Q(operation__isnull=True, referral__isnull=False, sitting__isnull=True, topic="")
                        | Q(
                            ("operation__isnull", True),
                            ("referral__isnull", True),
                            ("sitting__isnull", True),
                            ~Q(topic=""),
                        ),
                        name="allocation_one_subject",
                        violation_error_message=(
                            "Choisissez une opération, une séance ou une saisine, ou écrivez un sujet."
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Resource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                (
                    "assembly",
                    models.ForeignKey("institution.assembly", models.PROTECT, editable=False, related_name="+"),
                ),
                ("reference", models.CharField("référence", editable=False, max_length=24)),
                ("name", models.CharField("nom", max_length=160)),
                (
                    "owner",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="suivi par",
                    ),
                ),
                ("due_on", models.DateField("échéance", blank=True, null=True)),
                ("notes", models.TextField("notes", blank=True, max_length=4000)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[("in_service", "en service"), ("withdrawn", "hors service")],
                        default="in_service",
                        editable=False,
                        max_length=16,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        "type",
                        choices=[("room", "salle"), ("equipment", "matériel"), ("vehicle", "véhicule")],
                        max_length=12,
                    ),
                ),
                ("place", models.CharField("lieu", max_length=120)),
                ("capacity", models.PositiveSmallIntegerField("places", blank=True, null=True)),
                ("is_accessible", models.BooleanField("accessible en fauteuil", default=False)),
                ("keeper", models.CharField("gardien ou accueil", blank=True, max_length=160)),
            ],
            options={
                "verbose_name": "salle ou matériel",
                "indexes": [
                    models.Index(
                        F("assembly"), models.Func("name", function="alphabetical"), F("id"), name="resource_by_name"
                    ),
                    models.Index(fields=["assembly", "due_on"], name="resource_by_day"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(state__in=["in_service", "withdrawn"]), name="resource_state_known"
                    ),
                    models.UniqueConstraint(fields=("assembly", "reference"), name="resource_reference_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Booking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                (
                    "assembly",
                    models.ForeignKey("institution.assembly", models.PROTECT, editable=False, related_name="+"),
                ),
                ("reference", models.CharField("référence", editable=False, max_length=24)),
                (
                    "owner",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="suivi par",
                    ),
                ),
                ("due_on", models.DateField("échéance", blank=True, null=True)),
                ("notes", models.TextField("notes", blank=True, max_length=4000)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[("to_confirm", "à confirmer"), ("confirmed", "confirmée"), ("cancelled", "annulée")],
                        default="to_confirm",
                        editable=False,
                        max_length=16,
                    ),
                ),
                ("name", models.CharField("objet", max_length=160)),
                (
                    "resource",
                    models.ForeignKey(
                        "mission.resource", models.PROTECT, related_name="bookings", verbose_name="salle ou matériel"
                    ),
                ),
                ("starts_at", models.DateTimeField("début")),
                ("ends_at", models.DateTimeField("fin")),
                ("keeper_informed_on", models.DateField("gardien prévenu le", editable=False, null=True)),
            ],
            options={
                "verbose_name": "réservation",
                "indexes": [
                    models.Index(
                        F("assembly"), models.Func("name", function="alphabetical"), F("id"), name="booking_by_name"
                    ),
                    models.Index(fields=["assembly", "due_on"], name="booking_by_day"),
                    models.Index(fields=["assembly", "starts_at"], name="booking_by_moment"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(state__in=["to_confirm", "confirmed", "cancelled"]), name="booking_state_known"
                    ),
                    models.UniqueConstraint(fields=("assembly", "reference"), name="booking_reference_once"),
                    models.CheckConstraint(
                        condition=Q(ends_at__gt=F("starts_at")),
                        name="booking_ends_after_start",
                        violation_error_code="ends_at",
                        violation_error_message="La fin vient après le début.",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ends_at__lt=datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.UTC),
                            starts_at__gte=datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.UTC),
                        ),
                        name="booking_in_this_century",
                        violation_error_code="starts_at",
                        violation_error_message="Écrivez une année entre 2000 et 2099.",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state="confirmed") | Q(keeper_informed_on__isnull=False),
                        name="booking_confirmed_keeper_informed",
                        violation_error_message="Une réservation confirmée dit quand le gardien a été prévenu.",
                    ),
                    ExclusionConstraint(
                        condition=Q(state__in=["to_confirm", "confirmed"]),
                        expressions=[
                            ("resource", "="),
                            (
                                models.Func(
                                    "starts_at", "ends_at", function="TSTZRANGE", output_field=DateTimeRangeField()
                                ),
                                "&&",
                            ),
                        ],
                        name="booking_no_overlap",
                        violation_error_message="C’est déjà réservé à ce moment.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupportRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                (
                    "assembly",
                    models.ForeignKey("institution.assembly", models.PROTECT, editable=False, related_name="+"),
                ),
                ("reference", models.CharField("référence", editable=False, max_length=24)),
                (
                    "owner",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="suivi par",
                    ),
                ),
                ("due_on", models.DateField("échéance", blank=True, null=True)),
                ("notes", models.TextField("notes", blank=True, max_length=4000)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("received", "reçue"),
                            ("qualified", "qualifiée"),
                            ("accepted", "acceptée"),
                            ("redirected", "réorientée"),
                            ("declined", "refusée"),
                            ("assigned", "confiée"),
                            ("in_progress", "en cours"),
                            ("delivered", "rendue"),
                            ("evaluated", "évaluée"),
                            ("closed", "close"),
                            ("withdrawn", "retirée"),
                        ],
                        default="received",
                        editable=False,
                        max_length=16,
                    ),
                ),
                ("name", models.CharField("objet", max_length=160)),
                ("received_on", models.DateField("reçue le", default=timezone.localdate)),
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
                (
                    "epci",
                    models.ForeignKey(
                        "mission.partner",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="intercommunalité",
                    ),
                ),
                ("commune", models.CharField("commune", blank=True, max_length=120)),
                ("need", models.TextField("besoin", max_length=3000)),
                (
                    "policy",
                    models.CharField(
                        "politique ou thème",
                        choices=[
                            ("autonomy", "autonomie, grand âge, handicap"),
                            ("childhood", "enfance et famille"),
                            ("inclusion", "insertion et action sociale"),
                            ("education", "éducation et collèges"),
                            ("mobility", "routes et mobilités"),
                            ("environment", "transition écologique, agriculture"),
                            ("housing", "habitat et logement"),
                            ("culture", "culture, sport, jeunesse"),
                            ("digital", "numérique"),
                            ("cross_cutting", "dialogue citoyen, transversal"),
                        ],
                        max_length=16,
                    ),
                ),
                ("advice", models.TextField("conseil", blank=True, max_length=6000)),
                ("answer_reason", models.TextField("motif", blank=True, editable=False, max_length=1000)),
                ("delivered_at", models.DateTimeField("rendue le", editable=False, null=True)),
                ("rating", models.PositiveSmallIntegerField("note du demandeur, de 1 à 5", editable=False, null=True)),
                ("evaluation", models.TextField("évaluation", blank=True, editable=False, max_length=2000)),
            ],
            options={
                "verbose_name": "demande d’appui",
                "indexes": [
                    models.Index(
                        F("assembly"),
                        models.Func("name", function="alphabetical"),
                        F("id"),
                        name="support_request_by_name",
                    ),
                    models.Index(fields=["assembly", "due_on"], name="support_request_by_day"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(
                            state__in=[
                                "received",
                                "qualified",
                                "accepted",
                                "redirected",
                                "declined",
                                "assigned",
                                "in_progress",
                                "delivered",
                                "evaluated",
                                "closed",
                                "withdrawn",
                            ]
                        ),
                        name="support_request_state_known",
                    ),
                    models.UniqueConstraint(fields=("assembly", "reference"), name="support_request_reference_once"),
                    models.CheckConstraint(
                        condition=Q(commune="", directorate__isnull=False, epci=None)
                        | Q(directorate=None, epci__isnull=False),
                        name="support_request_one_requester",
                        violation_error_code="directorate",
                        violation_error_message=(
                            "Qui demande : une direction, ou une intercommunalité (et sa commune)."
                        ),
                    ),
                    models.CheckConstraint(
                        condition=Q(("state__in", ["redirected", "declined"]), ~Q(answer_reason=""))
                        | Q(~Q(state__in=["redirected", "declined"]), answer_reason=""),
                        name="support_request_no_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state__in=["assigned", "in_progress", "delivered", "evaluated", "closed"])
                        | Q(owner__isnull=False),
                        name="support_request_in_hand_of",
                        violation_error_code="owner",
                        violation_error_message="Une demande confiée a quelqu’un qui la suit.",
                    ),
                    models.CheckConstraint(
                        condition=Q(delivered_at__isnull=False, state__in=["delivered", "evaluated", "closed"])
                        | Q(~Q(state__in=["delivered", "evaluated", "closed"]), delivered_at=None),
                        name="support_request_delivered_iff",
                    ),
                    models.CheckConstraint(
                        condition=Q(rating__isnull=False, rating__range=(1, 5), state__in=["evaluated", "closed"])
                        | Q(~Q(state__in=["evaluated", "closed"]), rating=None),
                        name="support_request_rated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupportMethod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                (
                    "method",
                    models.ForeignKey("mission.methodsheet", models.PROTECT, related_name="+", verbose_name="méthode"),
                ),
                ("why", models.CharField("pourquoi elle", max_length=300)),
                ("row", models.ForeignKey("mission.supportrequest", models.PROTECT, related_name="methods")),
            ],
            options={
                "verbose_name": "méthode conseillée",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("row", "method"),
                        name="support_method_once",
                        violation_error_code="method",
                        violation_error_message="Cette méthode est déjà conseillée.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Training",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("title", models.CharField("formation", max_length=160)),
                ("held_on", models.DateField("date")),
                ("hours", models.DecimalField("durée, en heures", decimal_places=1, max_digits=4)),
                ("place", models.CharField("lieu", max_length=160)),
                ("registered", models.PositiveSmallIntegerField("inscrits", default=0)),
                ("attended", models.PositiveSmallIntegerField("présents", blank=True, null=True)),
                ("answers", models.PositiveSmallIntegerField("réponses au questionnaire", default=0)),
                (
                    "satisfaction",
                    models.DecimalField(
                        "satisfaction, de 1 à 5", blank=True, decimal_places=1, max_digits=2, null=True
                    ),
                ),
                ("row", models.ForeignKey("mission.supportrequest", models.PROTECT, related_name="trainings")),
            ],
            options={
                "verbose_name": "session de formation",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(hours__gt=0),
                        name="training_lasts",
                        violation_error_code="hours",
                        violation_error_message="Une session dure plus que zéro heure.",
                    ),
                    models.CheckConstraint(
                        condition=Q(attended=None) | Q(attended__lte=F("registered")),
                        name="training_attended_registered",
                        violation_error_code="attended",
                        violation_error_message=(
                            "Qui vient sans être inscrit s’inscrit à l’entrée : pas plus de présents."
                        ),
                    ),
                    models.CheckConstraint(
                        condition=Q(answers=0) | Q(answers__lte=F("attended"), attended__isnull=False),
                        name="training_answers_attended",
                        violation_error_code="answers",
                        violation_error_message="Seules les personnes présentes répondent.",
                    ),
                    models.CheckConstraint(
                        condition=Q(answers=0, satisfaction=None)
                        | Q(answers__gte=1, satisfaction__isnull=False, satisfaction__range=(1, 5)),
                        name="training_satisfaction_answered",
                        violation_error_code="satisfaction",
                        violation_error_message="La satisfaction va de 1 à 5, et dit combien ont répondu.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Trip",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                (
                    "assembly",
                    models.ForeignKey("institution.assembly", models.PROTECT, editable=False, related_name="+"),
                ),
                ("reference", models.CharField("référence", editable=False, max_length=24)),
                (
                    "owner",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="suivi par",
                    ),
                ),
                ("due_on", models.DateField("échéance", blank=True, null=True)),
                ("notes", models.TextField("notes", blank=True, max_length=4000)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("draft", "à ordonner"),
                            ("ordered", "ordre signé"),
                            ("done", "fait"),
                            ("cancelled", "annulé"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=16,
                    ),
                ),
                ("name", models.CharField("objet", max_length=160)),
                ("place", models.CharField("destination", max_length=160)),
                ("starts_at", models.DateTimeField("départ")),
                ("ends_at", models.DateTimeField("retour")),
                (
                    "means",
                    models.CharField(
                        "moyen de transport",
                        choices=[
                            ("train", "train"),
                            ("service_car", "véhicule de service"),
                            ("own_car", "véhicule personnel"),
                            ("transit", "transports en commun"),
                            ("other", "autre"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "booking",
                    models.ForeignKey(
                        "mission.booking",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="réservation du véhicule",
                    ),
                ),
                (
                    "sitting",
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
                    "referral",
                    models.ForeignKey(
                        "consultations.referral",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="saisine",
                    ),
                ),
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
                ("ordered_on", models.DateField("ordre signé le", editable=False, null=True)),
            ],
            options={
                "verbose_name": "déplacement",
                "indexes": [
                    models.Index(
                        F("assembly"), models.Func("name", function="alphabetical"), F("id"), name="trip_by_name"
                    ),
                    models.Index(fields=["assembly", "due_on"], name="trip_by_day"),
                    models.Index(fields=["assembly", "starts_at"], name="trip_by_moment"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(state__in=["draft", "ordered", "done", "cancelled"]), name="trip_state_known"
                    ),
                    models.UniqueConstraint(fields=("assembly", "reference"), name="trip_reference_once"),
                    models.CheckConstraint(
                        condition=Q(ends_at__gt=F("starts_at")),
                        name="trip_comes_back_after",
                        violation_error_code="ends_at",
                        violation_error_message="Le retour vient après le départ.",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ends_at__lt=datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.UTC),
                            starts_at__gte=datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.UTC),
                        ),
                        name="trip_in_this_century",
                        violation_error_code="starts_at",
                        violation_error_message="Écrivez une année entre 2000 et 2099.",
                    ),
                    models.CheckConstraint(
                        condition=Q(booking=None) | Q(means="service_car"),
                        name="trip_booking_of_service_car",
                        violation_error_code="booking",
                        violation_error_message="Une réservation va avec un véhicule de service.",
                    ),
                    models.CheckConstraint(
                        condition=Q(ordered_on__isnull=False, state__in=["ordered", "done"])
                        | Q(ordered_on=None, state="draft")
                        | Q(state="cancelled"),
                        name="trip_signed_has_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TripTraveller",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("row", models.ForeignKey("mission.trip", models.PROTECT, related_name="travellers")),
                (
                    "post",
                    models.ForeignKey(
                        "mission.teampost", models.PROTECT, related_name="trips", verbose_name="personne"
                    ),
                ),
                ("starts_at", models.DateTimeField(editable=False)),
                ("ends_at", models.DateTimeField(editable=False)),
                ("state", models.CharField(editable=False, max_length=16)),
            ],
            options={
                "verbose_name": "personne en déplacement",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("row", "post"),
                        name="trip_traveller_once",
                        violation_error_code="post",
                        violation_error_message="Cette personne est déjà du déplacement.",
                    ),
                    ExclusionConstraint(
                        condition=Q(state__in=["draft", "ordered"]),
                        expressions=[
                            ("post", "="),
                            (
                                models.Func(
                                    "starts_at", "ends_at", function="TSTZRANGE", output_field=DateTimeRangeField()
                                ),
                                "&&",
                            ),
                        ],
                        name="trip_traveller_one_trip_at_a_time",
                        violation_error_code="post",
                        violation_error_message="Cette personne est déjà en déplacement à ce moment.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WatchSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                (
                    "assembly",
                    models.ForeignKey("institution.assembly", models.PROTECT, editable=False, related_name="+"),
                ),
                ("reference", models.CharField("référence", editable=False, max_length=24)),
                ("name", models.CharField("nom", max_length=160)),
                (
                    "owner",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="suivi par",
                    ),
                ),
                ("due_on", models.DateField("échéance", blank=True, null=True)),
                ("notes", models.TextField("notes", blank=True, max_length=4000)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[("active", "suivie"), ("paused", "en pause"), ("closed", "abandonnée")],
                        default="active",
                        editable=False,
                        max_length=16,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        "forme",
                        choices=[("feed", "flux RSS ou Atom"), ("typed", "relevée à la main")],
                        default="feed",
                        max_length=8,
                    ),
                ),
                ("address", models.URLField("adresse", blank=True, max_length=500)),
                (
                    "item_kind",
                    models.CharField(
                        "nature",
                        choices=[("legal", "juridique"), ("territorial", "territoires"), ("event", "événement")],
                        default="legal",
                        max_length=12,
                    ),
                ),
                ("territory", models.CharField("territoire", blank=True, max_length=120)),
                (
                    "topics",
                    ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list, verbose_name="thèmes"
                    ),
                ),
                ("next_fetch_at", models.DateTimeField(auto_now_add=True)),
                ("fetched_at", models.DateTimeField("dernier relevé", editable=False, null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("failing_since", models.DateField("en échec depuis", editable=False, null=True)),
                ("refusal", models.CharField(blank=True, editable=False, max_length=16)),
                ("etag", models.CharField(blank=True, editable=False, max_length=200)),
                ("modified", models.CharField(blank=True, editable=False, max_length=200)),
            ],
            options={
                "verbose_name": "source de veille",
                "indexes": [
                    models.Index(
                        F("assembly"),
                        models.Func("name", function="alphabetical"),
                        F("id"),
                        name="watch_source_by_name",
                    ),
                    models.Index(fields=["assembly", "due_on"], name="watch_source_by_day"),
                    models.Index(
                        condition=Q(kind="feed", state="active"),
                        fields=["next_fetch_at", "id"],
                        name="watch_source_to_fetch",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(state__in=["active", "paused", "closed"]), name="watch_source_state_known"
                    ),
                    models.UniqueConstraint(fields=("assembly", "reference"), name="watch_source_reference_once"),
                    models.CheckConstraint(
                        condition=~Q(address="", kind="feed"),
                        name="watch_source_feed_has_address",
                        violation_error_code="address",
                        violation_error_message="Un flux a une adresse.",
                    ),
                    models.UniqueConstraint(
                        condition=~Q(address=""),
                        fields=("assembly", "address"),
                        name="watch_source_address_once",
                        violation_error_code="address",
                        violation_error_message="Cette adresse est déjà celle d’une source.",
                    ),
                    models.CheckConstraint(
                        condition=Q(failing_since=None, failures=0, refusal="")
                        | Q(("failing_since__isnull", False), ("failures__gt", 0), ~Q(refusal="")),
                        name="watch_source_failing_iff_failed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WatchItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField("créée le", auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                ("changed_at", models.DateTimeField("modifiée le", auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"),
                ),
                (
                    "assembly",
                    models.ForeignKey("institution.assembly", models.PROTECT, editable=False, related_name="+"),
                ),
                ("reference", models.CharField("référence", editable=False, max_length=24)),
                (
                    "owner",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="suivi par",
                    ),
                ),
                ("due_on", models.DateField("échéance", blank=True, null=True)),
                ("notes", models.TextField("notes", blank=True, max_length=4000)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("new", "nouvelle"),
                            ("read", "lue"),
                            ("retained", "retenue"),
                            ("shared", "diffusée"),
                            ("archived", "classée"),
                        ],
                        default="new",
                        editable=False,
                        max_length=16,
                    ),
                ),
                ("name", models.CharField("titre", max_length=160)),
                (
                    "source",
                    models.ForeignKey(
                        "mission.watchsource",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="items",
                        verbose_name="source",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        "nature",
                        choices=[("legal", "juridique"), ("territorial", "territoires"), ("event", "événement")],
                        max_length=12,
                    ),
                ),
                ("territory", models.CharField("territoire", blank=True, max_length=120)),
                (
                    "topics",
                    ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list, verbose_name="thèmes"
                    ),
                ),
                ("summary", models.TextField("résumé", blank=True, max_length=2000)),
                (
                    "relevance",
                    models.CharField(
                        "intérêt",
                        choices=[("1", "essentiel"), ("2", "utile"), ("3", "pour mémoire")],
                        default="2",
                        max_length=1,
                    ),
                ),
                ("link", models.URLField("lien", blank=True, max_length=2000)),
                ("published_on", models.DateField("publiée le", blank=True, null=True)),
                ("address_key", models.CharField(blank=True, editable=False, max_length=64)),
                ("title_key", models.CharField(editable=False, max_length=160)),
            ],
            options={
                "verbose_name": "information de veille",
                "indexes": [
                    models.Index(
                        F("assembly"), models.Func("name", function="alphabetical"), F("id"), name="watch_item_by_name"
                    ),
                    models.Index(fields=["assembly", "due_on"], name="watch_item_by_day"),
                    models.Index(fields=["assembly", "-published_on", "-id"], name="watch_item_by_publication"),
                    models.Index(fields=["assembly", "title_key"], name="watch_item_by_title_key"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(state__in=["new", "read", "retained", "shared", "archived"]),
                        name="watch_item_state_known",
                    ),
                    models.UniqueConstraint(fields=("assembly", "reference"), name="watch_item_reference_once"),
                    models.UniqueConstraint(
                        condition=~Q(address_key=""),
                        fields=("assembly", "address_key"),
                        name="watch_item_address_once",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            SQL.joinpath("triggers.sql").read_text(encoding="utf-8"),
            "DROP FUNCTION "
            "mission_refuse_change, "
            "mission_grant_score_check, "
            "mission_grant_reader_check, "
            "mission_grant_payment_check, "
            "mission_refuse_sent, "
            "mission_trip_traveller_moments CASCADE",
        ),
        migrations.RunSQL(SQL.joinpath("keys.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
