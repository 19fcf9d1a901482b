"""Recommendations, each with its permanent reference, and versions: trees that never change, each with its hash."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import optional_key
from assembly.identity.personal_data import IMPERSONAL
from assembly.speed.queries import ScreenQuerySet
from assembly.workflow.constraints import filled_only_in
from opinions.opinions.models import Opinion, OpinionSection


class RecommendationState(models.TextChoices):
    """What became of a recommendation inside the opinion; its reference stays in every state."""

    ACTIVE = "active", _("dans l’avis")
    MERGED = "merged", _("réunie avec une autre")
    REMOVED = "removed", _("retirée du texte")
    REJECTED = "rejected", _("rejetée par un vote")


class VersionKind(models.TextChoices):
    TABLED = "tabled", _("texte déposé")
    AMENDED = "amended", _("texte amendé")
    ADOPTED = "adopted", _("texte adopté")


# Permanent, because it is printed in the sealed opinions. An app above shows there what becomes of the recommendation.
PROPOSAL_ROUTE = "propositions/<str:reference>/"


class Recommendation(models.Model):
    """A recommendation of the text, identified by `node_id`. `reference` is given once, `number` may change."""

    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="recommendations")
    section = optional_key(OpinionSection, related_name="recommendations")
    node_id = models.UUIDField()
    reference = models.CharField(_("référence"), max_length=24, blank=True)
    number = models.PositiveSmallIntegerField(_("rang"), default=0)
    title = models.CharField(_("titre"), max_length=300)
    theme = models.CharField(_("thème"), max_length=120, blank=True)
    state = models.CharField(_("état"), max_length=8, choices=RecommendationState, default=RecommendationState.ACTIVE)
    is_priority = models.BooleanField(_("prioritaire"), default=False)
    priority_score = models.PositiveIntegerField(_("points ou somme des rangs"), null=True, blank=True)
    merged_into = optional_key("self", _("réunie avec"), "origins")

    privacy = IMPERSONAL
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("préconisation")
        ordering = ["opinion", "number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["opinion", "node_id"], name="recommendation_node_once"),
            models.UniqueConstraint(
                fields=["opinion", "reference"], name="recommendation_reference_once", condition=~Q(reference="")
            ),
            models.CheckConstraint(
                name="recommendation_state_known", condition=Q(state__in=RecommendationState.values)
            ),
            filled_only_in(RecommendationState.MERGED, "merged_into")(name="recommendation_merged_iff_into"),
            models.CheckConstraint(
                name="recommendation_not_merged_into_itself",
                condition=Q(merged_into=None) | ~Q(merged_into=F("pk")),
                violation_error_message=_("Une préconisation ne se réunit pas avec elle-même."),
            ),
        ]

    def __str__(self) -> str:
        return self.reference or self.title

    @property
    def is_active(self) -> bool:
        return self.state == RecommendationState.ACTIVE


def proposal_address(reference: str) -> str:
    """Return where anybody follows a recommendation, once its opinion is public; empty without a reference."""
    return f"{settings.SITE_URL}/{PROPOSAL_ROUTE.replace('<str:reference>', reference)}" if reference else ""


class OpinionVersion(models.Model):
    """Append-only version (trigger). `tree` is the text as the editor's JSON; amendments point at its blocks."""

    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=VersionKind)
    tree = models.JSONField()
    html = models.TextField()
    plain_text = models.TextField()
    sha256 = models.CharField(max_length=64)
    text_version = optional_key("collab.TextVersion")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("version de l’avis")
        ordering = ["opinion", "number"]
        constraints = [models.UniqueConstraint(fields=["opinion", "number"], name="opinion_version_once")]

    def __str__(self) -> str:
        return f"{self.opinion_id} {self.number}"
