import uuid
from pathlib import Path

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models
from django.db.models import F, Q
from django.utils import timezone

SQL = Path(__file__).parent


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0001_initial"),
        ("institution", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Member",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.OneToOneField(
                        "identity.person", models.PROTECT, related_name="member", verbose_name="personne"
                    ),
                ),
                (
                    "civility",
                    models.CharField(
                        "civilité", blank=True, choices=[("mme", "Madame"), ("m", "Monsieur")], max_length=3
                    ),
                ),
                (
                    "gender",
                    models.CharField(
                        "genre", choices=[("F", "femme"), ("M", "homme"), ("X", "autre ou non précisé")], max_length=1
                    ),
                ),
                (
                    "birth_year",
                    models.PositiveSmallIntegerField(
                        "année de naissance",
                        blank=True,
                        null=True,
                        validators=[MinValueValidator(1900), MaxValueValidator(2020)],
                    ),
                ),
                (
                    "canton",
                    models.ForeignKey(
                        "institution.canton", models.PROTECT, related_name="members", verbose_name="canton"
                    ),
                ),
            ],
            options={
                "verbose_name": "membre",
                "constraints": [
                    models.CheckConstraint(condition=Q(gender__in=["F", "M", "X"]), name="member_gender_known"),
                    models.CheckConstraint(
                        condition=Q(birth_year=None) | Q(birth_year__gte=1900, birth_year__lte=2020),
                        name="member_birth_year_sane",
                        violation_error_message="Écrivez une année de naissance entre 1900 et 2020.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccommodationNeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("member", models.ForeignKey("members.member", models.PROTECT, related_name="needs")),
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
                (
                    "measure",
                    models.CharField(
                        "précision",
                        blank=True,
                        help_text=(
                            "Ce qu’il faut prévoir, par exemple « deux enfants ». N’écrivez ni maladie, ni handicap."
                        ),
                        max_length=200,
                    ),
                ),
                ("starts_on", models.DateField("à partir du")),
                ("ends_on", models.DateField("jusqu’au", blank=True, null=True)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="need_ends_after_start"
                    ),
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
                        name="need_kind_known",
                    ),
                    models.UniqueConstraint(
                        condition=Q(ends_on=None),
                        fields=("member", "kind"),
                        name="need_open_once",
                        violation_error_message="Cette mesure est déjà notée.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NameChangeRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("member", models.ForeignKey("members.member", models.PROTECT, related_name="name_requests")),
                ("first_name", models.CharField("prénom", max_length=80)),
                ("last_name", models.CharField("nom", max_length=80)),
                (
                    "state",
                    models.CharField(
                        choices=[("pending", "À confirmer"), ("confirmed", "Confirmée"), ("refused", "Refusée")],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("requested_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"),
                ),
            ],
            options={
                "ordering": ["-requested_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(
                            ~Q(first_name__regex="[/:@／：＠]|[.．。｡․][[:alpha:]]{2}"),
                            ~Q(last_name__regex="[/:@／：＠]|[.．。｡․][[:alpha:]]{2}"),
                        ),
                        name="name_request_is_no_link",
                        violation_error_message=(
                            "Un nom ne contient ni « / », ni « : », ni « @ », et un point y est suivi d’un espace."
                        ),
                    ),
                    models.CheckConstraint(
                        condition=Q(decided_at=None, state="pending")
                        | Q(decided_at__isnull=False, state__in=["confirmed", "refused"]),
                        name="name_request_decided_iff_not_pending",
                    ),
                    models.UniqueConstraint(
                        condition=Q(state="pending"), fields=("member",), name="name_request_pending_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("term", models.ForeignKey("institution.term", models.PROTECT, related_name="seat_rows")),
                ("canton", models.ForeignKey("institution.canton", models.PROTECT, related_name="seats")),
                (
                    "gender",
                    models.CharField(
                        "genre", choices=[("F", "femme"), ("M", "homme"), ("X", "sans condition")], max_length=1
                    ),
                ),
                ("rank", models.PositiveSmallIntegerField("rang")),
            ],
            options={
                "verbose_name": "siège",
                "ordering": ["canton__number", "gender", "rank"],
                "constraints": [
                    models.UniqueConstraint(fields=("term", "canton", "gender", "rank"), name="seat_once"),
                    models.CheckConstraint(condition=Q(gender__in=["F", "M", "X"]), name="seat_gender_known"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mandate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "member",
                    models.ForeignKey(
                        "members.member", models.PROTECT, related_name="mandates", verbose_name="membre"
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        "institution.term", models.PROTECT, related_name="mandates", verbose_name="mandature"
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        "members.seat",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="mandates",
                        verbose_name="siège",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        "qualité",
                        choices=[("titular", "titulaire"), ("alternate", "suppléant·e")],
                        default="titular",
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("proposed", "Proposé"),
                            ("accepted", "Accepté"),
                            ("active", "En cours"),
                            ("suspended", "Suspendu"),
                            ("ended", "Terminé"),
                            ("declined", "Refusé"),
                            ("no_answer", "Sans réponse"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("proposed_at", models.DateTimeField("proposé le", default=timezone.now)),
                ("answer_deadline", models.DateField("réponse attendue avant le", blank=True, null=True)),
                ("accepted_on", models.DateField("accepté le", blank=True, null=True)),
                ("activated_on", models.DateField("en cours depuis le", blank=True, null=True)),
                ("suspended_on", models.DateField("suspendu depuis le", blank=True, null=True)),
                ("ended_on", models.DateField("terminé le", blank=True, null=True)),
                (
                    "end_reason",
                    models.CharField(
                        "motif",
                        blank=True,
                        choices=[
                            ("resigned", "démission écrite"),
                            ("moved", "départ du canton ou du département"),
                            ("lost_quality", "devenu·e élu·e ou agent de la collectivité"),
                            ("absences", "absences répétées"),
                            ("deceased", "décès"),
                            ("term_end", "fin de la mandature"),
                            ("excluded", "exclusion, charte non respectée"),
                            ("erased", "effacement de ses données"),
                        ],
                        max_length=12,
                    ),
                ),
            ],
            options={
                "verbose_name": "mandat",
                "ordering": ["member__person__sort_name", "pk"],
                "indexes": [models.Index(fields=["term", "state"], name="mandate_term_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(
                            state__in=["proposed", "accepted", "active", "suspended", "ended", "declined", "no_answer"]
                        ),
                        name="mandate_state_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(kind="titular", seat__isnull=False) | Q(kind="alternate", seat=None),
                        name="mandate_seat_iff_titular",
                        violation_error_message="Un·e titulaire a un siège, un·e suppléant·e n’en a pas.",
                    ),
                    models.CheckConstraint(
                        condition=Q(("state__in", ["proposed", "declined", "no_answer"]), ("accepted_on", None))
                        | Q(~Q(state__in=["proposed", "declined", "no_answer"]), accepted_on__isnull=False),
                        name="mandate_accepted_on_matches_state",
                        violation_error_message="La date d’acceptation et l’état ne s’accordent pas.",
                    ),
                    models.CheckConstraint(
                        condition=Q(activated_on__isnull=False, state__in=("active", "suspended"))
                        | Q(state="ended")
                        | Q(~Q(state__in=["active", "suspended", "ended"]), activated_on=None),
                        name="mandate_activated_on_matches_state",
                        violation_error_message="La date de début et l’état ne s’accordent pas.",
                    ),
                    models.CheckConstraint(
                        condition=Q(state="suspended", suspended_on__isnull=False)
                        | Q(~Q(state="suspended"), suspended_on=None),
                        name="mandate_suspended_on_iff_suspended",
                        violation_error_message="La date de suspension et l’état ne s’accordent pas.",
                    ),
                    models.CheckConstraint(
                        condition=Q(ended_on__isnull=False, state__in=("ended", "declined", "no_answer"))
                        | Q(~Q(state__in=("ended", "declined", "no_answer")), ended_on=None),
                        name="mandate_ended_on_iff_closed",
                        violation_error_message="La date de fin et l’état ne s’accordent pas.",
                    ),
                    models.CheckConstraint(
                        condition=Q(("state", "ended"), ~Q(end_reason="")) | Q(~Q(state="ended"), end_reason=""),
                        name="mandate_end_reason_iff_ended",
                        violation_error_message="Un mandat terminé a un motif.",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            Q(activated_on=None) | Q(activated_on__gte=F("accepted_on")),
                            Q(ended_on=None) | Q(activated_on=None) | Q(ended_on__gte=F("activated_on")),
                        ),
                        name="mandate_dates_in_order",
                        violation_error_message="Les dates ne se suivent pas : acceptation, début, fin.",
                    ),
                    models.UniqueConstraint(
                        condition=Q(state__in=("proposed", "accepted", "active", "suspended")),
                        fields=("seat",),
                        name="mandate_one_holder_per_seat",
                        violation_error_message="Ce siège est déjà pourvu.",
                    ),
                    models.UniqueConstraint(
                        condition=Q(state__in=("proposed", "accepted", "active", "suspended")),
                        fields=("member", "term"),
                        name="mandate_one_per_member_and_term",
                        violation_error_message="Cette personne a déjà un mandat dans cette mandature.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Suspension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mandate", models.ForeignKey("members.mandate", models.PROTECT, related_name="suspensions")),
                ("starts_on", models.DateField("du")),
                ("ends_on", models.DateField("reprise le", blank=True, null=True)),
            ],
            options={
                "ordering": ["starts_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="suspension_ends_after_start"
                    ),
                    models.UniqueConstraint(
                        condition=Q(ends_on=None), fields=("mandate",), name="suspension_open_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AlumniConsent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mandate", models.OneToOneField("members.mandate", models.PROTECT, related_name="alumni_consent")),
                ("given_at", models.DateTimeField("donné le")),
                (
                    "channel",
                    models.CharField(
                        "par",
                        choices=[("online", "en ligne"), ("paper", "sur papier"), ("phone", "par téléphone")],
                        default="online",
                        max_length=8,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
            ],
            options={
                "verbose_name": "accord pour rester en contact",
                "ordering": ["mandate__member__person__sort_name", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(channel__in=["online", "paper", "phone"]), name="alumni_consent_channel_known"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CharterVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("term", models.ForeignKey("institution.term", models.PROTECT, related_name="charter_versions")),
                ("number", models.PositiveSmallIntegerField("version")),
                ("text", models.TextField("texte", max_length=20000)),
                ("in_force_on", models.DateField("en vigueur le")),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [models.UniqueConstraint(fields=("term", "number"), name="charter_version_once")],
            },
        ),
        migrations.CreateModel(
            name="CharterAcceptance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("member", models.ForeignKey("members.member", models.PROTECT, related_name="charter_acceptances")),
                ("version", models.ForeignKey("members.charterversion", models.PROTECT, related_name="acceptances")),
                ("accepted_on", models.DateField("acceptée le")),
                (
                    "channel",
                    models.CharField(
                        "par quel moyen",
                        choices=[("online", "en ligne"), ("paper", "sur papier"), ("phone", "par téléphone")],
                        max_length=6,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
            ],
            options={
                "ordering": ["-accepted_on", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("member", "version"), name="charter_accepted_once"),
                    models.CheckConstraint(
                        condition=Q(channel="online", recorded_by=None)
                        | Q(~Q(channel="online"), recorded_by__isnull=False),
                        name="charter_recorded_by_iff_not_online",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImageConsent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("member", models.ForeignKey("members.member", models.PROTECT, related_name="image_consents")),
                (
                    "use",
                    models.CharField(
                        "usage",
                        choices=[
                            ("website", "site de l’Assemblée"),
                            ("press", "presse et publications imprimées"),
                            ("social", "réseaux sociaux"),
                        ],
                        max_length=8,
                    ),
                ),
                ("is_given", models.BooleanField("accord donné")),
                ("decided_on", models.DateField("le")),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "channel",
                    models.CharField(
                        "par quel moyen",
                        choices=[("online", "en ligne"), ("paper", "sur papier"), ("phone", "par téléphone")],
                        max_length=6,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
            ],
            options={
                "ordering": ["use", "-decided_on", "-pk"],
                "indexes": [models.Index(fields=["member", "use", "-decided_on", "-id"], name="image_consent_latest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(use__in=["website", "press", "social"]), name="image_use_known"
                    ),
                    models.CheckConstraint(
                        condition=Q(channel="online", recorded_by=None)
                        | Q(~Q(channel="online"), recorded_by__isnull=False),
                        name="image_recorded_by_iff_not_online",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("assembly", models.ForeignKey("institution.assembly", models.PROTECT, related_name="contacts")),
                (
                    "person",
                    models.ForeignKey(
                        "identity.person", models.PROTECT, related_name="contacts", verbose_name="personne"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("assembly", "person"), name="contact_once_per_assembly")
                ]
            },
        ),
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("term", models.ForeignKey("institution.term", models.PROTECT, related_name="import_batches")),
                ("kind", models.CharField(db_default="members", default="members", max_length=12)),
                ("file_name", models.CharField("fichier", max_length=120)),
                ("digest", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("previewed", "À confirmer"),
                            ("running", "Import en cours"),
                            ("stopped", "Arrêté"),
                            ("confirmed", "Importé"),
                        ],
                        default="previewed",
                        max_length=10,
                    ),
                ),
                ("rows", models.JSONField(default=list)),
                ("errors", models.JSONField(default=list)),
                ("counters", models.JSONField(default=dict)),
                ("created_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "started_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"),
                ),
                ("mandate_state", models.CharField(blank=True, max_length=10)),
                ("mandates_on", models.DateField(null=True)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("progressed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(~Q(state="confirmed"), confirmed_at=None)
                        | Q(confirmed_at__isnull=False, state="confirmed"),
                        name="import_confirmed_at_iff_confirmed",
                    ),
                    models.CheckConstraint(
                        condition=Q(state="previewed") | Q(progressed_at__isnull=False, started_by__isnull=False),
                        name="import_started_has_author",
                    ),
                    models.CheckConstraint(condition=Q(done__lte=F("total")), name="import_done_at_most_total"),
                    models.CheckConstraint(
                        condition=~Q(state="confirmed") | Q(rows=[]), name="import_emptied_once_confirmed"
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="ProfilePublication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("term", models.ForeignKey("institution.term", models.PROTECT, related_name="profile_publications")),
                ("number", models.PositiveSmallIntegerField("numéro")),
                ("members", models.PositiveIntegerField("membres")),
                ("groups", models.JSONField("chiffres")),
                ("mandates", models.JSONField(editable=False)),
                ("published_at", models.DateTimeField("publié le", default=timezone.now)),
            ],
            options={
                "verbose_name": "profil publié des membres",
                "ordering": ["term", "-number"],
                "constraints": [models.UniqueConstraint(fields=("term", "number"), name="profile_publication_once")],
            },
        ),
        migrations.RunSQL(
            SQL.joinpath("triggers.sql").read_text(encoding="utf-8"),
            "DROP FUNCTION members_refuse_publication_change, members_refuse_revealing_profile CASCADE",
        ),
    ]
