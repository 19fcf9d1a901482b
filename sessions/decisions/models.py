"""Model of one vote on one question, counted by hand by two persons (domain.md B10)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import IMPERSONAL
from assembly.institution.enums import MajorityRule
from assembly.speed.queryset import ScreenQuerySet
from sessions.agenda.models import AgendaItem
from sessions.enums import BallotMethod, BallotResult, BallotState
from sessions.models.quorum import QuorumMixin, quorum_is_met

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
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    first_counter = models.CharField(_("premier compteur"), max_length=160, blank=True)
    second_counter = models.CharField(_("second compteur"), max_length=160, blank=True)
    casting_vote_for = models.BooleanField(_("voix prépondérante pour, en cas d’égalité"), default=False)
    counted_at = models.DateTimeField(_("heure du vote"), null=True, blank=True)
    proclaimed_at = models.DateTimeField(_("proclamé à"), null=True, blank=True)
    # Set when the lead upholds the result although presence was corrected after the proclamation.
    upheld_at = models.DateTimeField(_("maintenu le"), null=True, blank=True)
    upheld_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
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
            models.CheckConstraint(
                name="ballot_proclaimed_at_iff_proclaimed",
                condition=Q(state=BallotState.PROCLAIMED, proclaimed_at__isnull=False)
                | (~Q(state=BallotState.PROCLAIMED) & Q(proclaimed_at=None)),
            ),
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
