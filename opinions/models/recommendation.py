"""Recommendations, each of which gets an answer, and the notes of the directorates on each."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import IMPERSONAL
from assembly.institution.enums import DIRECTORATE_ROLES, TEAM_ROLES
from assembly.institution.models import Directorate
from assembly.institution.rules import directorate_ids, term_ids
from assembly.speed.queryset import ScreenQuerySet
from consultations.reviews.enums import Competence, CostRange, Feasibility
from opinions.enums import RecommendationState, ServicesCheckState
from opinions.opinions.models import Opinion, OpinionSection

C = ServicesCheckState
# Permanent, because it is printed in the sealed opinions. An app above shows there what becomes of the recommendation.
PROPOSAL_ROUTE = "propositions/<str:reference>/"


class Recommendation(models.Model):
    """A recommendation of the text, identified by `node_id`. `reference` is given once, `number` may change."""

    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="recommendations")
    section = models.ForeignKey(
        OpinionSection, on_delete=models.PROTECT, null=True, blank=True, related_name="recommendations"
    )
    node_id = models.UUIDField()
    reference = models.CharField(_("référence"), max_length=24, blank=True)
    number = models.PositiveSmallIntegerField(_("rang"), default=0)
    title = models.CharField(_("titre"), max_length=300)
    theme = models.CharField(_("thème"), max_length=120, blank=True)
    state = models.CharField(_("état"), max_length=8, choices=RecommendationState, default=RecommendationState.ACTIVE)
    is_priority = models.BooleanField(_("prioritaire"), default=False)
    priority_score = models.PositiveIntegerField(_("points ou somme des rangs"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="origins", verbose_name=_("réunie avec")
    )

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
            models.CheckConstraint(
                name="recommendation_merged_iff_into",
                condition=Q(state=RecommendationState.MERGED, merged_into__isnull=False)
                | (~Q(state=RecommendationState.MERGED) & Q(merged_into=None)),
            ),
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


def read_by_agents(user: Any) -> Q:
    """Return the condition of the requests that an agent reads: a successor also reads those of what was closed."""
    own = directorate_ids(user, DIRECTORATE_ROLES)
    return Q(directorate__in=own) | Q(directorate__successor__in=own, directorate__closed_on__isnull=False)


class ServicesRequestQuerySet(ScreenQuerySet["ServicesRequest"]):
    def visible_to(self, user: Any) -> Self:
        """Return every request for the team; for others those of their directorates and of their predecessors."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(Q(opinion__term__in=term_ids(user, TEAM_ROLES)) | read_by_agents(user))


class ServicesRequest(models.Model):
    """Request to one directorate during the services' check: a note on each recommendation, before a day."""

    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="check_requests")
    directorate = models.ForeignKey(Directorate, on_delete=models.PROTECT, related_name="check_requests")
    state = models.CharField(_("état"), max_length=10, choices=ServicesCheckState, default=ServicesCheckState.ASKED)
    asked_at = models.DateTimeField(_("demandé le"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("attendu le"))
    submitted_at = models.DateTimeField(_("envoyé au visa le"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    validated_at = models.DateTimeField(_("rendu le"), null=True, blank=True)
    validated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    was_late = models.BooleanField(_("rendu en retard"), default=False)
    reason = models.TextField(_("motif"), max_length=2000, blank=True)
    reminded_at = models.DateTimeField(_("relancé le"), null=True, blank=True)
    closed_at = models.DateTimeField(_("clos le"), null=True, blank=True)

    privacy = IMPERSONAL
    objects = ServicesRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("lecture d’une direction")
        ordering = ["due_on", "directorate__name__alphabetical", "pk"]
        indexes = [models.Index(fields=["directorate", "state", "due_on"], name="check_by_directorate")]
        constraints = [
            models.UniqueConstraint(
                fields=["opinion", "directorate"],
                name="check_once_at_a_time",
                condition=Q(state__in=C.tagged("open")),
                violation_error_message=_("Cette direction lit déjà l’avis."),
            ),
            models.CheckConstraint(name="check_state_known", condition=Q(state__in=ServicesCheckState.values)),
            models.CheckConstraint(
                name="check_submitted_is_recorded",
                condition=~Q(state__in=[C.SUBMITTED, C.VALIDATED])
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="check_validated_iff_given",
                condition=Q(state=C.VALIDATED, validated_at__isnull=False, validated_by__isnull=False)
                | (~Q(state=C.VALIDATED) & Q(validated_at=None, validated_by=None, was_late=False)),
            ),
            models.CheckConstraint(
                name="check_return_has_reason",
                condition=~Q(state=C.RETURNED) | ~Q(reason=""),
                violation_error_message=_("Dites pourquoi."),
            ),
            models.CheckConstraint(
                name="check_closed_at_iff_closed",
                condition=Q(state=C.CLOSED, closed_at__isnull=False) | (~Q(state=C.CLOSED) & Q(closed_at=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opinion_id} {self.directorate_id}"

    @property
    def is_open(self) -> bool:
        return self.state in C.tagged("open")

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due_on < timezone.localdate()

    @property
    def days_left(self) -> int:
        """Return the days until the due date, negative when it is past."""
        return (self.due_on - timezone.localdate()).days

    @property
    def state_badge(self) -> str:
        return "late" if self.is_late else C(self.state).badge


class ServiceNote(models.Model):
    """Technical note of a directorate on a recommendation, never an edit. `version` protects against two agents."""

    request = models.ForeignKey(ServicesRequest, on_delete=models.PROTECT, related_name="notes")
    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="notes")
    is_concerned = models.BooleanField(_("cette préconisation concerne la direction"), default=True)
    competence = models.CharField(_("relève du Département"), max_length=8, choices=Competence, blank=True)
    feasibility = models.CharField(_("faisable"), max_length=12, choices=Feasibility, blank=True)
    existing_scheme = models.TextField(_("ce qui existe déjà"), max_length=3000, blank=True)
    cost = models.CharField(_("ordre de coût par an"), max_length=12, choices=CostRange, blank=True)
    body = models.TextField(_("remarques"), max_length=4000, blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(_("enregistrée le"))
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    privacy = IMPERSONAL
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("note technique")
        ordering = ["request", "recommendation"]
        constraints = [
            models.UniqueConstraint(fields=["request", "recommendation"], name="service_note_once"),
            models.CheckConstraint(
                name="service_note_has_answers",
                condition=Q(is_concerned=False) | (~Q(competence="") & ~Q(feasibility="")),
                violation_error_message=_("Dites si cela relève du Département, et si c’est faisable."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.recommendation_id}"
