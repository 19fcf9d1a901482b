"""Models of the institution: an assembly, its terms, its territory."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import IMPERSONAL
from assembly.institution.enums import MajorityRule, NoQuorumRule, QuorumRule, TermState
from assembly.speed.queryset import ScreenQuerySet

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
