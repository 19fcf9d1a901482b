"""Models of the institution: assemblies, terms, cantons, committees, directorates, roles, invitations.

A committee is any body smaller than the plenary. A directorate of the authority comments and never edits. A user has a
role in a term, a directorate or an assembly, between two moments.
"""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import optional_key, optional_user_key
from assembly.identity.models import Person
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy, erased, retained
from assembly.speed.queries import ScreenQuerySet
from assembly.workflow import State, States


class TermState(States):
    """States of a term (domain.md B1)."""

    PLANNED = "planned", State("todo", tags={"undrawn", "dormant"}), _("prévue")
    RECRUITING = "recruiting", State("in_progress", tags={"live", "undrawn"}), _("appel à candidatures")
    DRAWN = "drawn", State("in_progress", tags={"live", "seated"}), _("tirée au sort")
    INSTALLED = "installed", State("in_progress", tags={"live", "seated", "at_work"}), _("installée")
    ACTIVE = "active", State("in_progress", tags={"live", "seated", "at_work"}), _("en cours")
    CLOSING = "closing", State("waiting", tags={"live", "seated", "at_work"}), _("en clôture")
    CLOSED = "closed", State("done", tags={"ended"}), _("close")
    ARCHIVED = "archived", State("closed", tags={"ended", "dormant"}), _("archivée")


class CommitteeKind(models.TextChoices):
    THEMATIC = "thematic", _("commission thématique")
    TERRITORIAL = "territorial", _("commission territoriale")
    WORKING_GROUP = "working_group", _("groupe de travail")
    CROSS_CUTTING = "cross_cutting", _("groupe transversal")
    STEERING = "steering", _("comité de pilotage")
    TECHNICAL = "technical", _("comité technique")
    FOLLOW_UP = "follow_up", _("comité de suivi")
    GOVERNANCE = "governance", _("comité de gouvernance")


class CommitteeFunction(models.TextChoices):
    """Functions in a committee; they are dated rows, not roles (domain.md B)."""

    MEMBER = "member", _("membre")
    CHAIR = "chair", _("présidence")
    SECRETARY = "secretary", _("secrétariat")
    RAPPORTEUR = "rapporteur", _("rapporteur·e")
    GROUP_LEAD = "group_lead", _("référent·e de groupe")


class Role(models.TextChoices):
    """Roles, each valid in a term, in a directorate or in an assembly; they decide who sees what (domain.md B)."""

    LEAD = "lead", _("responsable de la mission")
    OFFICER = "officer", _("chargé·e de mission")
    FACILITATOR = "facilitator", _("animation (AMO)")
    MEMBER = "member", _("membre")
    DIR_CONTACT = "dir_contact", _("référent·e de direction")
    DIR_APPROVER = "dir_approver", _("directeur ou directrice")
    SPONSOR = "sponsor", _("élu·e référent·e")
    PRESIDENT = "president", _("cabinet du président")
    WITNESS = "witness", _("commissaire de justice")
    DPO = "dpo", _("protection des données")
    ARCHIVIST = "archivist", _("archives")
    ADMIN = "admin", _("administration technique")


TERM_ROLES = frozenset(
    {Role.LEAD, Role.OFFICER, Role.FACILITATOR, Role.MEMBER, Role.SPONSOR, Role.PRESIDENT, Role.WITNESS}
)
DIRECTORATE_ROLES = frozenset({Role.DIR_CONTACT, Role.DIR_APPROVER})
ASSEMBLY_ROLES = frozenset({Role.DPO, Role.ARCHIVIST, Role.ADMIN})
TEAM_ROLES = frozenset({Role.LEAD, Role.OFFICER})
SECOND_FACTOR_ROLES = frozenset(Role) - {Role.MEMBER}


class QuorumRule(models.TextChoices):
    HALF_OF_SEATS_HELD = "half", _("la moitié des sièges pourvus")
    PERCENT_OF_SEATS_HELD = "percent", _("un pourcentage des sièges pourvus")
    NONE = "none", _("pas de quorum")


class NoQuorumRule(models.TextChoices):
    """Consequences of a missing quorum (domain.md B11)."""

    SECOND = "second", _("la séance prend fin\u00a0; une seconde, sur le même ordre du jour, décide sans quorum")
    ADJOURN = "adjourn", _("la séance prend fin\u00a0; une autre la remplace, et le quorum reste exigé")
    SUSPEND = "suspend", _("la séance est suspendue jusqu’à ce que le quorum soit atteint")


class MajorityRule(models.TextChoices):
    """Majority rules (domain.md B10): votes cast = for + against; present = all persons who voted."""

    SIMPLE = "simple", _("majorité simple des votes exprimés")
    ABSOLUTE_PRESENT = "absolute_present", _("majorité absolue des votants")
    ABSOLUTE_MEMBERS = "absolute_members", _("majorité absolue des membres")
    TWO_THIRDS = "two_thirds", _("deux tiers des votes exprimés")
    FOUR_FIFTHS = "four_fifths", _("quatre cinquièmes des votes exprimés")


colour = RegexValidator(r"^#[0-9A-Fa-f]{6}$", _("Écrivez une couleur comme #4B2A7B."))


class Assembly(models.Model):
    """Citizens' assembly of the authority that runs this installation. One installation may have several."""

    name = models.CharField(_("nom"), max_length=160)
    slug = models.SlugField(unique=True)
    authority_name = models.CharField(_("collectivité"), max_length=160)
    siren = models.CharField(_("SIREN"), max_length=9, blank=True)
    logo_png = models.BinaryField(null=True, blank=True, editable=False)
    logo_digest = models.CharField(max_length=16, blank=True, editable=False)
    colour_main = models.CharField(_("couleur principale"), max_length=7, default="#4B2A7B", validators=[colour])
    colour_second = models.CharField(_("seconde couleur"), max_length=7, default="#A8452E", validators=[colour])
    sender_name = models.CharField(_("nom de l’expéditeur"), max_length=80, default="Assemblée citoyenne")
    sender_email = models.EmailField(_("adresse d’expédition"))
    reply_email = models.EmailField(_("adresse de réponse"))
    contact_phone = models.CharField(_("téléphone d’aide"), max_length=30, blank=True)
    postal_address = models.TextField(_("adresse postale"), max_length=300, blank=True)
    dpo_contact = models.CharField(_("contact du délégué à la protection des données"), max_length=160, blank=True)
    plans_workload = models.BooleanField(_("tenir les postes de l’équipe et le plan de charge"), default=False)

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("assemblée")

    def __str__(self) -> str:
        return self.name


class Term(models.Model):
    """Cohort (mandature). Its dates shift, so they stay editable; two terms may overlap (domain.md B1)."""

    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="terms")
    number = models.PositiveSmallIntegerField(_("numéro"))
    name = models.CharField(_("nom"), max_length=120)
    starts_on = models.DateField(_("début"))
    ends_on = models.DateField(_("fin"))
    state = models.CharField(_("état"), max_length=12, choices=TermState, default=TermState.PLANNED)
    decision_reference = models.CharField(
        _("délibération du Conseil"),
        max_length=80,
        blank=True,
        help_text=_("Référence de la délibération qui crée cette mandature. Il la faut avant l’appel à candidatures."),
    )
    seats = models.PositiveSmallIntegerField(_("sièges"), default=108)
    # Settings of the term: every open question of domain.md I is a field here, changed on the settings screen only.
    opinion_label = models.CharField(_("mot pour l’avis"), max_length=20, default="avis")
    notice_days = models.PositiveSmallIntegerField(_("délai de convocation, en jours"), default=14)
    papers_days = models.PositiveSmallIntegerField(_("délai d’envoi des documents, en jours"), default=10)
    correction_days = models.PositiveSmallIntegerField(
        _("délai pour demander une correction, en jours"), default=10, validators=[MinValueValidator(1)]
    )
    minutes_days = models.PositiveSmallIntegerField(_("délai du compte rendu, en jours"), default=15)
    answer_days = models.PositiveSmallIntegerField(_("délai de réponse du Conseil, en jours"), default=180)
    follow_up_months = models.PositiveSmallIntegerField(
        _("point demandé sur chaque suite donnée, en mois"),
        default=3,
        db_default=3,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    invitation_days = models.PositiveSmallIntegerField(
        _("validité d’une invitation, en jours"), default=14, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    quorum_rule = models.CharField(
        _("règle de quorum"), max_length=8, choices=QuorumRule, default=QuorumRule.HALF_OF_SEATS_HELD
    )
    quorum_percent = models.PositiveSmallIntegerField(
        _("pourcentage du quorum"), default=50, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    no_quorum_rule = models.CharField(
        _("sans quorum"),
        max_length=8,
        choices=NoQuorumRule,
        default=NoQuorumRule.SECOND,
        db_default=NoQuorumRule.SECOND,
    )
    quorum_source = models.CharField(_("texte qui fixe le quorum"), max_length=160, blank=True, db_default="")
    majority_rule = models.CharField(
        _("règle de majorité"), max_length=20, choices=MajorityRule, default=MajorityRule.SIMPLE
    )
    has_casting_vote = models.BooleanField(_("voix prépondérante de la présidence en cas d’égalité"), default=False)
    absence_alert = models.PositiveSmallIntegerField(_("alerte après tant d’absences de suite"), default=2)
    replacement_cutoff_months = models.PositiveSmallIntegerField(
        _("pas de remplacement dans les derniers mois"), default=4
    )
    logistics_retention_months = models.PositiveSmallIntegerField(
        _("conservation des données de logistique après la fin, en mois"), default=12
    )
    notes_retention_months = models.PositiveSmallIntegerField(
        _("conservation des notes prises en séance, en mois après la séance"),
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(24)],
    )
    tasks_retention_months = models.PositiveSmallIntegerField(
        _("conservation des tâches et des notes sur une personne, en mois après leur clôture"),
        default=12,
        db_default=12,
        validators=[MinValueValidator(1), MaxValueValidator(24)],
    )
    candidates_retention_months = models.PositiveSmallIntegerField(
        _("conservation des candidatures non retenues, en mois"), default=6
    )

    privacy = IMPERSONAL
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandature")
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["assembly", "number"], name="term_number_once"),
            models.CheckConstraint(
                name="term_ends_after_start",
                condition=Q(ends_on__gt=F("starts_on")),
                violation_error_message=_("La fin doit venir après le début."),
            ),
            models.CheckConstraint(name="term_state_known", condition=Q(state__in=TermState.values)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def state_badge(self) -> str:
        return TermState(self.state).badge

    @property
    def code(self) -> str:
        """Return the prefix of the references of this term's opinions: AC2."""
        return f"AC{self.number}"


class Canton(models.Model):
    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="cantons")
    number = models.PositiveSmallIntegerField(_("numéro"))
    name = models.CharField(_("canton"), max_length=80)
    slug = models.SlugField()
    seat_commune = models.CharField(_("bureau centralisateur"), max_length=80, blank=True)
    insee_code = models.CharField(max_length=5, blank=True)
    postcode = models.CharField(max_length=5, blank=True)
    kind = models.CharField(_("type de territoire"), max_length=40, blank=True)

    privacy = IMPERSONAL
    objects = ScreenQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["assembly", "number"], name="canton_number_once"),
            models.UniqueConstraint(fields=["assembly", "slug"], name="canton_slug_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ReferenceCounter(models.Model):
    """Last number given in a series of a year: ("PL", 2026) → 2. Gaps are acceptable, a decrease is not."""

    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="+")
    series = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    privacy = IMPERSONAL

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assembly", "series", "year"], name="reference_counter_once"),
        ]

    def __str__(self) -> str:
        return f"{self.series}-{self.year}-{self.last:02d}"


FUNCTION = _("fonction tenue, sans le nom")


class Committee(models.Model):
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="committees")
    kind = models.CharField(_("type"), max_length=16, choices=CommitteeKind)
    name = models.CharField(_("nom"), max_length=160)
    slug = models.SlugField(max_length=80)
    purpose = models.TextField(_("objet"), blank=True, max_length=2000)
    cantons = models.ManyToManyField(Canton, blank=True, verbose_name=_("territoire"))
    opened_on = models.DateField(_("créé le"))
    closed_on = models.DateField(_("clos le"), null=True, blank=True)

    privacy = IMPERSONAL
    objects = ScreenQuerySet.as_manager()

    class Meta:
        ordering = ["name__alphabetical"]
        constraints = [
            models.UniqueConstraint(fields=["term", "slug"], name="committee_slug_once"),
            models.CheckConstraint(
                name="committee_closed_after_opened", condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on"))
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DateRange(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


class CommitteeMembership(models.Model):
    """Seat of a person in a committee, from a day to a day (last day included; open while `ends_on` is empty)."""

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="committee_memberships")
    function = models.CharField(
        _("fonction"), max_length=12, choices=CommitteeFunction, default=CommitteeFunction.MEMBER
    )
    starts_on = models.DateField(_("du"))
    ends_on = models.DateField(_("au"), null=True, blank=True)

    privacy = ModelPrivacy(
        _("Vos participations à des groupes et comités"), owner="person", default=retained(FUNCTION)
    )
    objects = ScreenQuerySet.as_manager()

    class Meta:
        ordering = ["committee", "person__sort_name"]
        constraints = [
            models.CheckConstraint(
                name="membership_ends_after_start", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))
            ),
            ExclusionConstraint(
                name="membership_no_overlap",
                expressions=[
                    ("committee", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("function", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on", Value("[]")), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Cette personne tient déjà cette fonction à ces dates."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.function} {self.committee_id}"


class Directorate(models.Model):
    """Directorate. A renamed, split or merged one is closed and points at its successor; dossiers keep history."""

    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="directorates")
    name = models.CharField(_("nom"), max_length=160)
    code = models.SlugField(_("sigle"), max_length=20)
    closed_on = models.DateField(_("close le"), null=True, blank=True)
    successor = optional_key("self", related_name="predecessors")

    privacy = IMPERSONAL
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("direction")
        ordering = ["name__alphabetical"]
        constraints = [models.UniqueConstraint(fields=["assembly", "code"], name="directorate_code_once")]

    def __str__(self) -> str:
        return self.name


def scope_matches_role() -> Q:
    """Return the constraint between a role and its scope; the database refuses any other combination."""
    return (
        Q(role__in=sorted(TERM_ROLES), term__isnull=False, directorate=None)
        | Q(role__in=sorted(DIRECTORATE_ROLES), term=None, directorate__isnull=False)
        | Q(role__in=sorted(ASSEMBLY_ROLES), term=None, directorate=None)
    )


class RoleAssignment(models.Model):
    """Role of a user. `assembly` is always set; `term` or `directorate` by the role. Ended rows stay as history."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(_("rôle"), max_length=14, choices=Role)
    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="roles")
    term = optional_key(Term, related_name="roles")
    directorate = optional_key(Directorate, related_name="roles")
    given_at = models.DateTimeField(_("donné le"))
    given_by = optional_user_key(related_name="roles_given")
    ended_at = models.DateTimeField(_("retiré le"), null=True, blank=True)

    privacy = ModelPrivacy(_("Vos rôles"), owner="user__person", default=retained(FUNCTION))
    objects = ScreenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="role_scope_matches", condition=scope_matches_role()),
            models.CheckConstraint(
                name="role_not_self_given", condition=Q(given_by=None) | ~Q(given_by=models.F("user"))
            ),
            models.UniqueConstraint(
                fields=["user", "role", "assembly", "term", "directorate"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="role_held_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class Invitation(models.Model):
    """Invitation of one person to an account, by mail or by letter with a code, of which only the digest is stored."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(_("adresse électronique"), blank=True)
    role = models.CharField(_("rôle"), max_length=14, choices=Role)
    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="invitations")
    term = optional_key(Term, related_name="invitations")
    directorate = optional_key(Directorate, related_name="invitations")
    code_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="invitations_sent")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("valable jusqu’au"))
    accepted_at = models.DateTimeField(_("acceptée le"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("retirée le"), null=True, blank=True)

    privacy = ModelPrivacy(_("Vos invitations à entrer"), owner="person", default=retained(FUNCTION), email=erased())
    objects = ScreenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="invitation_scope_matches", condition=scope_matches_role()),
            models.CheckConstraint(
                name="invitation_accepted_or_revoked", condition=Q(accepted_at=None) | Q(revoked_at=None)
            ),
            models.UniqueConstraint(
                fields=["person", "role", "assembly", "term", "directorate"],
                condition=Q(accepted_at=None, revoked_at=None),
                nulls_distinct=False,
                name="invitation_waiting_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.public_id}"
