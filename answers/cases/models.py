"""Answer cases: what the council owes since the handover, one per recommendation or one for an opinion without any."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from answers.enums import AnswerCaseState, ArbitrationSource
from assembly.identity.personal_data import IMPERSONAL
from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.models import Directorate
from assembly.institution.rules import directorates_of, term_ids
from assembly.speed.queryset import ScreenQuerySet
from opinions.models import Opinion, Recommendation

S = AnswerCaseState


def in_terms(terms: Any, prefix: str = "") -> Q:
    """Return the condition for opinions of these terms; `prefix`: path to the case, « case__ » from a follow-up."""
    return Q(**{f"{prefix}recommendation__opinion__term__in": terms}) | Q(**{f"{prefix}whole_of__term__in": terms})


def answering(opinions: Any, prefix: str = "") -> Q:
    """Return the condition for cases of these opinions, given as keys or as a subquery."""
    return Q(**{f"{prefix}recommendation__opinion__in": opinions}) | Q(**{f"{prefix}whole_of__in": opinions})


def answered_by(directorates: Any, prefix: str = "") -> Q:
    """Return the condition for cases that these directorates answer, leading or associated."""
    named = AnswerCase.associated.through.objects.filter(directorate__in=directorates)
    return Q(**{f"{prefix}directorate__in": directorates}) | Q(**{f"{prefix}pk__in": named.values("answercase")})


def seen_by(user: Any, prefix: str = "") -> Q:
    """Return the condition for cases that a user may read; `prefix` is the path to them from a follow-up.

    A condition, not keys from a query of its own: a table joined to itself takes minutes with statistics a day old.
    """
    places = directorates_of(user)
    followed = Q(directorate__in=places) if prefix else Q(follow_up__directorate__in=places)
    terms = term_ids(user, {*TEAM_ROLES, Role.PRESIDENT, Role.SPONSOR})
    return in_terms(terms, prefix) | answered_by(places, prefix) | followed


class AnswerCaseQuerySet(ScreenQuerySet["AnswerCase"]):
    def of_opinion(self, opinion: Any) -> Self:
        """Return the cases of its recommendations, or of the whole; `opinion` may be a subquery or an OuterRef."""
        return self.filter(Q(recommendation__opinion=opinion) | Q(whole_of=opinion))

    def of_opinions(self, opinions: Any) -> Self:
        return self.filter(answering(opinions))

    def of_referral(self, referral: Any) -> Self:
        return self.filter(Q(recommendation__opinion__referral=referral) | Q(whole_of__referral=referral))

    def of_terms(self, terms: Any) -> Self:
        return self.filter(in_terms(terms))

    def of_directorates(self, directorates: Any) -> Self:
        """Return the cases that these directorates answer, leading or associated."""
        return self.filter(answered_by(directorates))

    def owed(self) -> Self:
        """Return the cases whose answer is still owed, a first one or a revised one."""
        return self.filter(state__in=S.tagged("owed"))

    def late(self, today: Any) -> Self:
        """Return the cases not answered by their due day; one that is being revised was answered."""
        return self.owed().filter(answered_on=None, due_on__lt=today)

    def standing(self) -> Self:
        return self.exclude(state=S.CANCELLED)

    def with_dossier(self) -> Self:
        """Join what rights, steps and pages read of a case."""
        return self.select_related(
            "recommendation__opinion__term__assembly",
            "recommendation__opinion__referral",
            "whole_of__term__assembly",
            "whole_of__referral",
            "directorate",
        )

    def visible_to(self, user: Any) -> Self:
        """Return the cases that a user may read.

        The back office, the president’s office and the sponsor see every case, a directorate its own. Others read what
        is published (`Answer.objects.published()`), never a draft.
        """
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(seen_by(user))


class AnswerCase(models.Model):
    """The answer owed to one recommendation, or to a whole opinion: opened at the handover, with its due day.

    The columns of the steps (submission, visa) describe the answer in hand; each published one has its own.
    `answered_on` is the day of the first publication: it stops the clock for good.
    """

    recommendation = models.OneToOneField(
        Recommendation, on_delete=models.PROTECT, null=True, blank=True, related_name="answer_case"
    )
    whole_of = models.OneToOneField(
        Opinion, on_delete=models.PROTECT, null=True, blank=True, related_name="answer_case", verbose_name=_("avis")
    )
    state = models.CharField(_("état"), max_length=12, choices=AnswerCaseState, default=AnswerCaseState.AWAITING)
    opened_on = models.DateField(_("ouvert le"))
    due_on = models.DateField(_("réponse attendue le"))
    due_reason = models.TextField(
        _("pourquoi la date a changé"), max_length=2000, blank=True, default="", db_default=""
    )
    answered_on = models.DateField(_("répondu le"), null=True, blank=True)
    directorate = models.ForeignKey(
        Directorate,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="answer_cases",
        verbose_name=_("direction pilote"),
    )
    associated = models.ManyToManyField(
        Directorate, blank=True, related_name="+", verbose_name=_("directions associées")
    )
    inherited_from = models.ForeignKey(
        Directorate,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confiée d’abord à"),
    )
    assigned_at = models.DateTimeField(_("confiée le"), null=True, blank=True)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(_("envoyée au visa le"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    validated_at = models.DateTimeField(_("visée le"), null=True, blank=True)
    validated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    validated_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("par délégation de"),
    )
    question = models.TextField(_("ce qui est à arbitrer"), max_length=2000, blank=True, default="", db_default="")
    arbitration = models.TextField(_("arbitrage"), max_length=2000, blank=True, default="", db_default="")
    arbitrated_on = models.DateField(_("arbitrée le"), null=True, blank=True)
    arbitrated_by = models.CharField(
        _("arbitrée par"), max_length=8, choices=ArbitrationSource, blank=True, default="", db_default=""
    )
    reason = models.TextField(_("motif"), max_length=2000, blank=True, default="", db_default="")
    reminded_at = models.DateTimeField(_("relancée le"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("annulée le"), null=True, blank=True)

    privacy = IMPERSONAL
    objects = AnswerCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("réponse attendue")
        ordering = ["recommendation", "pk"]
        indexes = [models.Index(fields=["directorate", "state", "due_on"], name="answer_by_directorate")]
        constraints = [
            models.CheckConstraint(name="answer_case_state_known", condition=Q(state__in=AnswerCaseState.values)),
            models.CheckConstraint(name="answer_due_after_handover", condition=Q(due_on__gte=F("opened_on"))),
            models.CheckConstraint(
                name="answer_case_of_one_thing",
                condition=Q(recommendation__isnull=False, whole_of=None)
                | Q(recommendation=None, whole_of__isnull=False),
            ),
            models.CheckConstraint(
                name="answer_in_hand_is_assigned",
                condition=~Q(state__in=S.tagged("under_way"))
                | Q(directorate__isnull=False, assigned_at__isnull=False, assigned_by__isnull=False),
                violation_error_message=_("Choisissez la direction pilote."),
            ),
            models.CheckConstraint(
                name="answer_submission_is_recorded",
                condition=~Q(state__in=S.tagged("sent")) | Q(submitted_at__isnull=False, submitted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="answer_visa_is_recorded",
                condition=~Q(state__in=S.tagged("signed")) | Q(validated_at__isnull=False, validated_by__isnull=False),
            ),
            models.CheckConstraint(
                name="answer_arbitration_has_question", condition=~Q(state=S.ARBITRATION) | ~Q(question="")
            ),
            models.CheckConstraint(
                name="answer_arbitration_is_recorded",
                condition=Q(arbitrated_on=None, arbitrated_by="", arbitration="")
                | (Q(arbitrated_on__isnull=False) & ~Q(arbitrated_by="") & ~Q(arbitration="")),
            ),
            models.CheckConstraint(
                name="answer_published_has_day",
                condition=Q(state=S.PUBLISHED, answered_on__isnull=False)
                | Q(state=S.CANCELLED, answered_on=None)
                | Q(state__in=S.tagged("owed")),
            ),
            models.CheckConstraint(
                name="answered_after_handover",
                condition=Q(answered_on=None) | Q(answered_on__gte=F("opened_on")),
                violation_error_message=_("La réponse vient après la remise."),
            ),
            models.CheckConstraint(
                name="answer_cancelled_at_iff_cancelled",
                condition=Q(state=S.CANCELLED, cancelled_at__isnull=False)
                | (~Q(state=S.CANCELLED) & Q(cancelled_at=None)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.recommendation) if self.recommendation_id else f"{self.whole_of_id}"

    @property
    def opinion(self) -> Opinion:
        opinion = self.whole_of if self.recommendation is None else self.recommendation.opinion
        assert opinion is not None  # noqa: S101 -- a constraint: one of both
        return opinion

    @property
    def proposal(self) -> Recommendation | Opinion:
        """Return what is answered, which is also what a thread is about."""
        return self.recommendation or self.opinion

    @property
    def reference(self) -> str:
        """Return « AC2-2026-03-P07 », or the reference of the opinion."""
        return str(self.recommendation or self.opinion.reference)

    @property
    def title(self) -> str:
        return self.recommendation.title if self.recommendation else self.opinion.title

    @property
    def is_owed(self) -> bool:
        return self.state in S.tagged("owed")

    @property
    def is_revised(self) -> bool:
        """Return whether an answered case is in hand again; the former answer stands until the next one."""
        return self.answered_on is not None and self.state != S.PUBLISHED

    @property
    def state_badge(self) -> str:
        return AnswerCaseState(self.state).badge
