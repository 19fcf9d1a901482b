"""Requests to directorates during the services' check, and their notes on each recommendation."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import optional_user_key, user_key
from assembly.identity.personal_data import IMPERSONAL
from assembly.institution.models import DIRECTORATE_ROLES, TEAM_ROLES, Directorate
from assembly.institution.rules import directorate_ids, term_ids
from assembly.speed.queries import ScreenQuerySet
from assembly.workflow import State, States
from assembly.workflow.constraints import filled_only_in
from consultations.models import Competence, CostRange, Feasibility
from opinions.opinions.models import Opinion
from opinions.versions.models import Recommendation


class ServicesCheckState(States):
    """States of one directorate's check of the recommendations."""

    ASKED = "asked", State("todo", tags={"open", "writable"}), _("attendu")
    DRAFTED = "drafted", State("in_progress", tags={"open", "writable"}), _("commencé")
    RETURNED = "returned", State("partial", tags={"open", "writable"}), _("à reprendre")
    SUBMITTED = "submitted", State("waiting", tags={"open"}), _("à viser")
    VALIDATED = "validated", State("done"), _("rendu")
    CLOSED = "closed", State("closed"), _("clos sans réponse")


C = ServicesCheckState


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
    asked_by = user_key()
    due_on = models.DateField(_("attendu le"))
    submitted_at = models.DateTimeField(_("envoyé au visa le"), null=True, blank=True)
    submitted_by = optional_user_key()
    validated_at = models.DateTimeField(_("rendu le"), null=True, blank=True)
    validated_by = optional_user_key()
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
            filled_only_in(C.CLOSED, "closed_at")(name="check_closed_at_iff_closed"),
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
    saved_by = user_key()

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
