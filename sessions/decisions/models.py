"""Models of votes counted by hand by two persons (domain.md B10), of decisions, and of the tasks that they make."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import optional_key, optional_user_key
from assembly.identity.models import Person
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy
from assembly.institution.models import TEAM_ROLES, MajorityRule, Role
from assembly.institution.rules import term_ids
from assembly.speed.queries import ScreenQuerySet
from assembly.tasks.models import Task
from assembly.workflow.constraints import filled_only_in
from sessions.agenda.models import AgendaItem
from sessions.sittings.models import Sitting


class BallotState(models.TextChoices):
    """States of a ballot (domain.md B10); a hand count goes prepared → counted → proclaimed."""

    PREPARED = "prepared", _("préparé")
    OPEN = "open", _("ouvert")
    CLOSED = "closed", _("clos")
    COUNTED = "counted", _("compté")
    PROCLAIMED = "proclaimed", _("proclamé")
    CANCELLED = "cancelled", _("annulé")


class BallotMethod(models.TextChoices):
    HAND = "hand", _("à main levée")


class BallotResult(models.TextChoices):
    ADOPTED = "adopted", _("adopté")
    REJECTED = "rejected", _("rejeté")


class DecisionMode(models.TextChoices):
    CONSENT = "consent", _("sans vote, aucune objection")
    BALLOT = "ballot", _("par un vote")


class QuorumMixin(models.Model):
    """Mixin of the quorum at the moment of a decision; later corrections of attendance change neither field.

    `quorum` is the number needed then, empty where none was; `present` is the number of voting members present then.
    """

    present = models.PositiveSmallIntegerField(_("membres présents"), null=True, blank=True)
    quorum = models.PositiveSmallIntegerField(_("quorum nécessaire"), null=True, blank=True)

    class Meta:
        abstract = True


def quorum_is_met(name: str) -> models.CheckConstraint:
    """Return the constraint that no such row exists without the quorum that is needed."""
    met: Any = Q(quorum=None) | Q(present__isnull=False, present__gte=F("quorum"))
    return models.CheckConstraint(name=name, condition=met, violation_error_message=_("Le quorum n’est pas atteint."))


COUNTED = [BallotState.COUNTED, BallotState.PROCLAIMED]


class Ballot(QuorumMixin):
    """One vote on one question; the counts are empty until it is counted.

    `present_invitees` are the keys of the `present`; `members_in_office` is the base of the quorum. An advisory vote
    asks the opinion of the members: it needs no quorum and decides nothing.
    """

    agenda_item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="ballots")
    question = models.CharField(_("question"), max_length=400)
    method = models.CharField(_("mode"), max_length=8, choices=BallotMethod, default=BallotMethod.HAND)
    state = models.CharField(_("état"), max_length=10, choices=BallotState, default=BallotState.PREPARED)
    majority_rule = models.CharField(_("majorité"), max_length=20, choices=MajorityRule)
    votes_for = models.PositiveSmallIntegerField(_("pour"), null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(_("contre"), null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField(_("abstention"), null=True, blank=True)
    no_opinion = models.PositiveSmallIntegerField(_("ne se prononce pas"), null=True, blank=True)
    is_advisory = models.BooleanField(_("vote indicatif"), default=False, db_default=False)
    present_invitees = ArrayField(models.BigIntegerField(), null=True, blank=True, editable=False)
    members_in_office = models.PositiveSmallIntegerField(_("membres en exercice"), null=True, blank=True)
    result = models.CharField(_("résultat"), max_length=8, choices=BallotResult, blank=True)
    counted_by = optional_user_key()
    first_counter = models.CharField(_("premier compteur"), max_length=160, blank=True)
    second_counter = models.CharField(_("second compteur"), max_length=160, blank=True)
    casting_vote_for = models.BooleanField(_("voix prépondérante pour, en cas d’égalité"), default=False)
    counted_at = models.DateTimeField(_("heure du vote"), null=True, blank=True)
    proclaimed_at = models.DateTimeField(_("proclamé à"), null=True, blank=True)
    # Set when the lead upholds the result although presence was corrected after the proclamation.
    upheld_at = models.DateTimeField(_("maintenu le"), null=True, blank=True)
    upheld_by = optional_user_key()
    upheld_reason = models.CharField(_("motif du maintien"), max_length=1000, blank=True, db_default="")

    privacy = IMPERSONAL
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("scrutin")
        ordering = ["agenda_item__position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="ballot_counts_iff_counted",
                condition=Q(
                    state__in=COUNTED,
                    votes_for__isnull=False,
                    votes_against__isnull=False,
                    abstentions__isnull=False,
                    no_opinion__isnull=False,
                    present__isnull=False,
                    counted_at__isnull=False,
                )
                | (
                    ~Q(state__in=COUNTED)
                    & Q(votes_for=None, votes_against=None, abstentions=None, no_opinion=None, counted_at=None)
                ),
            ),
            models.CheckConstraint(
                name="ballot_result_iff_counted",
                condition=(Q(state__in=COUNTED) & ~Q(result="")) | (~Q(state__in=COUNTED) & Q(result="")),
            ),
            models.CheckConstraint(
                name="ballot_votes_within_present",
                condition=Q(votes_for=None)
                | Q(
                    present__gte=models.F("votes_for")
                    + models.F("votes_against")
                    + models.F("abstentions")
                    + models.F("no_opinion")
                ),
                violation_error_message=_("Il y a plus de votes que de membres présents."),
            ),
            quorum_is_met("ballot_quorum_met"),
            models.CheckConstraint(
                name="ballot_quorum_iff_counted",
                condition=Q(quorum=None) | Q(state__in=COUNTED, is_advisory=False),
            ),
            models.CheckConstraint(
                name="ballot_two_counters_iff_counted",
                condition=~Q(state__in=COUNTED)
                | (~Q(first_counter="") & ~Q(second_counter="") & ~Q(first_counter=models.F("second_counter"))),
                violation_error_message=_("Deux personnes différentes comptent les voix."),
            ),
            filled_only_in(BallotState.PROCLAIMED, "proclaimed_at")(name="ballot_proclaimed_at_iff_proclaimed"),
            models.CheckConstraint(
                name="ballot_upheld_with_reason",
                condition=Q(upheld_at=None, upheld_by=None, upheld_reason="")
                | Q(state=BallotState.PROCLAIMED, upheld_at__isnull=False, upheld_by__isnull=False)
                & ~Q(upheld_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.question

    @property
    def is_counted(self) -> bool:
        return self.state in COUNTED

    @property
    def voters(self) -> int:
        """Return how many voted, whatever their vote."""
        counts = (self.votes_for, self.votes_against, self.abstentions, self.no_opinion)
        return sum(number or 0 for number in counts)


class SittingScopedQuerySet[M: models.Model](ScreenQuerySet[M]):
    """Queryset of rows that belong to a sitting: the team and the facilitators of its term read and edit them."""

    def visible_to(self, user: Any) -> Self:
        return self.filter(sitting__term__in=term_ids(user, TEAM_ROLES | {Role.FACILITATOR}))


class Decision(QuorumMixin):
    """Decision of a sitting, with the reference <sitting>-D<number> (PL-2026-02-D3), which never changes.

    A withdrawn decision leaves a gap. A decision without a ballot stores the quorum itself.
    """

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="decisions")
    agenda_item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    reference = models.CharField(_("référence"), max_length=40)
    text = models.TextField(_("décision"), max_length=2000)
    mode = models.CharField(_("mode"), max_length=8, choices=DecisionMode, default=DecisionMode.CONSENT)
    ballot = models.OneToOneField(Ballot, on_delete=models.PROTECT, null=True, blank=True, related_name="decision")
    withdrawn_at = models.DateTimeField(_("retirée le"), null=True, blank=True)

    privacy = IMPERSONAL
    objects = SittingScopedQuerySet["Decision"].as_manager()

    class Meta:
        verbose_name = _("décision")
        ordering = ["sitting", "number"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "number"], name="decision_number_once"),
            quorum_is_met("decision_quorum_met"),
            models.CheckConstraint(
                name="decision_ballot_iff_voted",
                condition=Q(mode=DecisionMode.BALLOT, ballot__isnull=False)
                | (~Q(mode=DecisionMode.BALLOT) & Q(ballot=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class ActionItem(models.Model):
    """Ties a task to the sitting that decided it and to the item of its minutes.

    Until the task is closed, it is on the agenda of the next sitting of the same body. The key is that of the former
    address of the task, and of its lines in the journal of before.

    `sealed_…`: what the sealed minutes say of the task, which goes on afterwards; `sealed_text` is empty before.
    """

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="actions")
    agenda_item = optional_key(AgendaItem, related_name="actions")
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="action_item")
    sealed_text = models.CharField(max_length=400, blank=True, default="", db_default="", editable=False)
    sealed_owner = optional_key(Person, editable=False)
    sealed_owner_text = models.CharField(max_length=160, blank=True, default="", db_default="", editable=False)
    sealed_due_on = models.DateField(null=True, editable=False)

    privacy = ModelPrivacy(owner=None, internal=["sealed_text", "sealed_owner", "sealed_owner_text"])
    objects = SittingScopedQuerySet["ActionItem"].as_manager()

    class Meta:
        verbose_name = _("action à suivre")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"action {self.pk}"

    @property
    def decided(self) -> Task:
        """Return the task as the minutes have it: as it is today, until they are sealed."""
        if not self.sealed_text:
            return self.task
        return Task(
            text=self.sealed_text,
            owner=self.sealed_owner,
            owner_text=self.sealed_owner_text,
            due_on=self.sealed_due_on,
        )
