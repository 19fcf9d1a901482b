"""Models of what a self-referral needs before the vote: supports, the admissibility check, the council's view."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import optional_key, user_key
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy, retained
from assembly.institution.models import Term
from consultations.referrals.enums import CouncilStance
from consultations.referrals.models import Referral
from consultations.reviews.models import Competence


class ReferralSettings(models.Model):
    """Settings of a term about referrals; a term without a row has the defaults."""

    term = models.OneToOneField(Term, on_delete=models.PROTECT, related_name="+")
    dots = models.PositiveSmallIntegerField(_("points de soutien par membre"), default=5)
    dots_a_subject = models.PositiveSmallIntegerField(_("points au plus sur un même sujet"), default=3)
    review_days = models.PositiveSmallIntegerField(_("délai laissé aux directions, en jours"), default=21)
    is_accepted_by_vote = models.BooleanField(_("l’assemblée vote la réception d’une saisine"), default=False)

    privacy = IMPERSONAL

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="settings_dots_make_sense",
                condition=Q(dots__gte=1, dots_a_subject__gte=1, dots_a_subject__lte=models.F("dots")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.term_id}"


class SuggestionDraft(models.Model):
    """What a member is writing, saved at each pause: an expired session or another device loses nothing."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(_("titre"), max_length=160, blank=True)
    why = models.TextField(_("pourquoi"), max_length=2000, blank=True)
    powers_link = models.TextField(_("lien avec le Département"), max_length=1500, blank=True)
    saved_at = models.DateTimeField(auto_now=True)

    privacy = ModelPrivacy(_("Le sujet que vous êtes en train d’écrire"), owner="user__person", deletes_rows=True)

    def __str__(self) -> str:
        return f"{self.user_id}"


class Support(models.Model):
    """Dots that a member puts on a suggestion; they can be taken back while it is only suggested."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="supports")
    user = user_key()
    dots = models.PositiveSmallIntegerField(_("points"))
    changed_at = models.DateTimeField(auto_now=True)

    privacy = ModelPrivacy(
        _("Vos soutiens à des sujets"),
        owner="user__person",
        default=retained(_("décompte des soutiens, gardé sans le nom")),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["referral", "user"], name="support_once"),
            models.CheckConstraint(name="support_at_least_one", condition=Q(dots__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.dots}"


class AdmissibilityCheck(models.Model):
    """Two tests (domain.md B7): within the powers of the département; not discriminatory. Reasons are always given."""

    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="admissibility")
    within_powers = models.CharField(_("relève du Département"), max_length=8, choices=Competence)
    is_fair = models.BooleanField(_("ne discrimine personne"))
    reasons = models.TextField(_("motifs"), max_length=3000)
    decided_at = models.DateTimeField(_("décidé le"))
    decided_by = user_key()

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("recevabilité")
        constraints = [models.CheckConstraint(name="admissibility_has_reasons", condition=~Q(reasons=""))]

    def __str__(self) -> str:
        return f"{self.referral_id}"

    @property
    def is_admissible(self) -> bool:
        return self.within_powers != Competence.NO and self.is_fair


class CouncilView(models.Model):
    """The council's view, given before the assembly votes the self-referral (domain.md B7)."""

    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="council_view")
    stance = models.CharField(_("position"), max_length=14, choices=CouncilStance)
    reasons = models.TextField(_("motifs"), max_length=4000)
    given_on = models.DateField(_("rendu le"))
    decision_reference = models.CharField(
        _("référence de la délibération ou de la lettre"), max_length=120, blank=True
    )
    upload = optional_key("documents.Upload")
    is_visa = models.BooleanField(_("donné en ligne par le cabinet"), default=False)
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = user_key()

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("position du président")
        constraints = [models.CheckConstraint(name="council_view_has_reasons", condition=~Q(reasons=""))]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.stance}"
