"""Seats outlive their holders; a mandate is one person's time on a seat, in a term (domain.md B4)."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import optional_key
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy, retained
from assembly.institution.models import TEAM_ROLES, Canton, Role, Term
from assembly.institution.rules import term_ids
from assembly.speed.queries import ScreenQuerySet
from assembly.workflow.constraints import filled_only_in
from members.enums import EndReason, MandateKind, MandateState, SeatGender
from members.members.models import Member

SEAT = _("siège tenu, sans le nom")


class Seat(models.Model):
    """Seat of a term: a canton, a gender, a rank. Never deleted: its holders change."""

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="seat_rows")
    canton = models.ForeignKey(Canton, on_delete=models.PROTECT, related_name="seats")
    gender = models.CharField(_("genre"), max_length=1, choices=SeatGender)
    rank = models.PositiveSmallIntegerField(_("rang"))

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("siège")
        ordering = ["canton__number", "gender", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["term", "canton", "gender", "rank"], name="seat_once"),
            models.CheckConstraint(name="seat_gender_known", condition=Q(gender__in=SeatGender.values)),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.canton_id}"

    @property
    def code(self) -> str:
        """Return the short name inside the canton: F1, F2, M1, M2; X1 for a seat without condition."""
        return f"{self.gender}{self.rank}"


class MandateQuerySet(ScreenQuerySet["Mandate"]):
    def visible_to(self, user: Any) -> Self:
        """Return mandates of the terms where `user` is in the team; other roles see those that hold or held a seat."""
        team = term_ids(user, TEAM_ROLES)
        others = term_ids(user, {Role.MEMBER, Role.FACILITATOR})
        return self.filter(Q(term__in=team) | Q(term__in=others, activated_on__isnull=False))

    def by_name(self) -> Self:
        """Sort by name, and load what lists show of each mandate."""
        return self.select_related("member__person", "member__canton", "seat").order_by(
            "member__person__sort_name", "pk"
        )

    def active_on(self, day: date) -> Self:
        """Return the mandates whose holder sits on that day: begun, not ended, not suspended."""
        suspended = Suspension.objects.filter(mandate=OuterRef("pk"), starts_on__lte=day).filter(
            Q(ends_on=None) | Q(ends_on__gt=day)
        )
        return self.holding_on(day).exclude(Exists(suspended))

    def holding_on(self, day: date) -> Self:
        """Return the mandates that hold a seat on that day; a suspended holder still holds it."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=day), activated_on__lte=day)


class Mandate(models.Model):
    """Mandate. `ended_on` is the first day without it: whoever leaves today does not sit today."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="mandates", verbose_name=_("membre"))
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="mandates", verbose_name=_("mandature"))
    seat = optional_key(Seat, _("siège"), "mandates")
    kind = models.CharField(_("qualité"), max_length=10, choices=MandateKind, default=MandateKind.TITULAR)
    state = models.CharField(_("état"), max_length=10, choices=MandateState, default=MandateState.PROPOSED)
    proposed_at = models.DateTimeField(_("proposé le"), default=timezone.now)
    answer_deadline = models.DateField(_("réponse attendue avant le"), null=True, blank=True)
    accepted_on = models.DateField(_("accepté le"), null=True, blank=True)
    activated_on = models.DateField(_("en cours depuis le"), null=True, blank=True)
    suspended_on = models.DateField(_("suspendu depuis le"), null=True, blank=True)
    ended_on = models.DateField(_("terminé le"), null=True, blank=True)
    end_reason = models.CharField(_("motif"), max_length=12, choices=EndReason, blank=True)

    privacy = ModelPrivacy(_("Vos mandats"), owner="member__person", default=retained(SEAT))
    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandat")
        ordering = ["member__person__sort_name", "pk"]
        indexes = [models.Index(fields=["term", "state"], name="mandate_term_state")]
        constraints = [
            models.CheckConstraint(name="mandate_state_known", condition=Q(state__in=MandateState.values)),
            models.CheckConstraint(
                name="mandate_seat_iff_titular",
                condition=Q(kind=MandateKind.TITULAR, seat__isnull=False) | Q(kind=MandateKind.ALTERNATE, seat=None),
                violation_error_message=_("Un·e titulaire a un siège, un·e suppléant·e n’en a pas."),
            ),
            models.CheckConstraint(
                name="mandate_accepted_on_matches_state",
                condition=Q(state__in=MandateState.tagged("unaccepted")) & Q(accepted_on=None)
                | ~Q(state__in=MandateState.tagged("unaccepted")) & Q(accepted_on__isnull=False),
                violation_error_message=_("La date d’acceptation et l’état ne s’accordent pas."),
            ),
            models.CheckConstraint(
                name="mandate_activated_on_matches_state",
                condition=Q(state__in=MandateState.tagged("holding"), activated_on__isnull=False)
                | Q(state=MandateState.ENDED)
                | ~Q(state__in=[*MandateState.tagged("holding"), MandateState.ENDED]) & Q(activated_on=None),
                violation_error_message=_("La date de début et l’état ne s’accordent pas."),
            ),
            filled_only_in(
                MandateState.SUSPENDED,
                "suspended_on",
                message=_("La date de suspension et l’état ne s’accordent pas."),
            )(name="mandate_suspended_on_iff_suspended"),
            filled_only_in(
                MandateState.tagged("closed"), "ended_on", message=_("La date de fin et l’état ne s’accordent pas.")
            )(name="mandate_ended_on_iff_closed"),
            models.CheckConstraint(
                name="mandate_end_reason_iff_ended",
                condition=Q(state=MandateState.ENDED) & ~Q(end_reason="")
                | ~Q(state=MandateState.ENDED) & Q(end_reason=""),
                violation_error_message=_("Un mandat terminé a un motif."),
            ),
            models.CheckConstraint(
                name="mandate_dates_in_order",
                condition=(Q(activated_on=None) | Q(activated_on__gte=F("accepted_on")))
                & (Q(ended_on=None) | Q(activated_on=None) | Q(ended_on__gte=F("activated_on"))),
                violation_error_message=_("Les dates ne se suivent pas : acceptation, début, fin."),
            ),
            models.UniqueConstraint(
                fields=["seat"],
                condition=Q(state__in=MandateState.tagged("open")),
                name="mandate_one_holder_per_seat",
                violation_error_message=_("Ce siège est déjà pourvu."),
            ),
            models.UniqueConstraint(
                fields=["member", "term"],
                condition=Q(state__in=MandateState.tagged("open")),
                name="mandate_one_per_member_and_term",
                violation_error_message=_("Cette personne a déjà un mandat dans cette mandature."),
            ),
        ]

    def __str__(self) -> str:
        return f"mandate {self.pk} of member {self.member_id}"

    @property
    def state_label(self) -> str:
        """Return the label of the state; Django’s own method builds a table of all choices for each row of a list."""
        return str(MandateState(self.state).label)

    @property
    def state_badge(self) -> str:
        """Return the badge beside the label of the state."""
        return MandateState(self.state).badge

    @property
    def is_open(self) -> bool:
        return self.state in MandateState.tagged("open")

    @property
    def seat_label(self) -> str:
        """Return the code of the seat; « suppléant·e » without one."""
        return self.seat.code if self.seat else self.get_kind_display()


class Suspension(models.Model):
    """Pause in a mandate; nobody else gets the seat meanwhile. `ends_on` is the first day back."""

    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="suspensions")
    starts_on = models.DateField(_("du"))
    ends_on = models.DateField(_("reprise le"), null=True, blank=True)

    privacy = ModelPrivacy(_("Les suspensions de mandat"), owner="mandate__member__person", default=retained(SEAT))

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                name="suspension_ends_after_start", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))
            ),
            models.UniqueConstraint(fields=["mandate"], condition=Q(ends_on=None), name="suspension_open_once"),
        ]

    def __str__(self) -> str:
        return f"suspension of mandate {self.mandate_id}"
