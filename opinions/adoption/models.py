"""Models around the vote: votes on parts, priorities, minority positions; then spokespersons."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import optional_key, optional_user_key, user_key
from assembly.identity.models import Person
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy, retained
from assembly.speed.queries import ScreenQuerySet
from assembly.workflow.constraints import filled_in, filled_only_in
from draws.models import Draw
from opinions.amendments.models import PRINTED
from opinions.opinions.models import Opinion, OpinionSection
from opinions.versions.models import Recommendation
from sessions.decisions.models import QuorumMixin, quorum_is_met
from sessions.models import Ballot, Sitting, Via


class RankingMode(models.TextChoices):
    """How the plenary ranks the recommendations: more dots, or a smaller sum of ranks."""

    DOTS = "dots", _("par points")
    RANKS = "ranks", _("par rangs")


class PositionState(models.TextChoices):
    """States of a minority position, from the draft to the annex."""

    DRAFT = "draft", _("en préparation")
    SUBMITTED = "submitted", _("déposée")
    WITHDRAWN = "withdrawn", _("retirée")


class PartVote(models.Model):
    """A vote on one part before the vote on the whole: a section, a recommendation, or a wording of the chair."""

    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="part_votes")
    label = models.CharField(_("partie"), max_length=240)
    section = optional_key(OpinionSection)
    recommendation = optional_key(Recommendation, related_name="part_votes")
    ballot = optional_key(Ballot)
    position = models.PositiveSmallIntegerField(default=0)
    dropped_at = models.DateTimeField(_("retiré le"), null=True, blank=True)

    privacy = IMPERSONAL
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("vote sur une partie")
        ordering = ["opinion", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="part_vote_has_ballot", condition=Q(ballot__isnull=False) | Q(dropped_at__isnull=False)
            ),
            models.CheckConstraint(name="part_vote_on_one_thing", condition=Q(section=None) | Q(recommendation=None)),
            models.UniqueConstraint(
                fields=["recommendation"],
                name="part_vote_recommendation_once",
                condition=Q(recommendation__isnull=False, dropped_at=None),
                violation_error_message=_("Un vote est déjà prévu sur cette préconisation."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Ranking(QuorumMixin):
    """Ranking of the recommendations by the members, counted on paper: by dots, or by ranks."""

    opinion = models.OneToOneField(Opinion, on_delete=models.PROTECT, related_name="ranking")
    mode = models.CharField(_("comptage"), max_length=8, choices=RankingMode)
    held_on = models.DateField(_("fait le"))
    sitting = optional_key(Sitting)
    voters = models.PositiveSmallIntegerField(_("membres qui ont participé"))
    priorities = models.PositiveSmallIntegerField(_("préconisations prioritaires"))
    first_counter = models.CharField(_("première personne qui compte"), max_length=160)
    second_counter = models.CharField(_("seconde personne qui compte"), max_length=160)
    recorded_by = user_key()
    recorded_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("classement des priorités")
        constraints = [
            models.CheckConstraint(
                name="ranking_two_counters",
                condition=~Q(first_counter="") & ~Q(second_counter="") & ~Q(first_counter=models.F("second_counter")),
                violation_error_message=_("Deux personnes différentes comptent."),
            ),
            quorum_is_met("ranking_quorum_met"),
            models.CheckConstraint(name="ranking_has_voters", condition=Q(voters__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.opinion_id} {self.mode}"


class MinorityPosition(models.Model):
    """A text that members who do not share the opinion want printed with it, in their own words."""

    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="minority_positions")
    title = models.CharField(_("titre"), max_length=200)
    body = models.TextField(_("texte"), max_length=6000)
    author = user_key()
    state = models.CharField(_("état"), max_length=10, choices=PositionState, default=PositionState.DRAFT)
    via = models.CharField(_("reçue"), max_length=10, choices=Via, default=Via.ACCOUNT)
    recorded_by = optional_user_key()
    confirmed_at = models.DateTimeField(_("confirmée par son auteur le"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("déposée le"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("retirée le"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    privacy = ModelPrivacy(_("Vos positions minoritaires"), owner="author__person", default=retained(PRINTED))
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("position minoritaire")
        ordering = ["opinion", "submitted_at", "pk"]
        constraints = [
            models.CheckConstraint(name="position_state_known", condition=Q(state__in=PositionState.values)),
            filled_in(PositionState.SUBMITTED, "submitted_at")(name="position_submitted_is_recorded"),
            filled_only_in(PositionState.WITHDRAWN, "withdrawn_at")(name="position_withdrawn_iff_withdrawn"),
        ]

    def __str__(self) -> str:
        return self.title


class MinorityCosigner(models.Model):
    """A member who signs a minority position with its author."""

    position = models.ForeignKey(MinorityPosition, on_delete=models.PROTECT, related_name="cosigners")
    user = user_key()
    signed_at = models.DateTimeField(_("signée le"))
    via = models.CharField(_("signée"), max_length=10, choices=Via, default=Via.ACCOUNT)
    recorded_by = optional_user_key()
    withdrawn_at = models.DateTimeField(_("retirée le"), null=True, blank=True)

    privacy = ModelPrivacy(
        _("Les positions minoritaires que vous avez signées"), owner="user__person", default=retained(PRINTED)
    )
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("cosignataire")
        ordering = ["position", "signed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["position", "user"], name="minority_cosigner_once", condition=Q(withdrawn_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position_id} {self.user_id}"


class SpokespersonDraw(models.Model):
    """Draw of the members who present the opinion: when, where, before which witnesses.

    `protocol` is the draw that named them; it is empty when names were drawn by hand.
    """

    opinion = models.OneToOneField(Opinion, on_delete=models.PROTECT, related_name="spokesperson_draw")
    drawn_on = models.DateField(_("tirés au sort le"))
    place = models.CharField(_("lieu"), max_length=160, blank=True)
    witnesses = models.CharField(_("témoins"), max_length=400)
    protocol = models.OneToOneField(Draw, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_by = user_key()
    recorded_at = models.DateTimeField(auto_now_add=True)

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("tirage des porte-parole")
        constraints = [models.CheckConstraint(name="spokesperson_draw_has_witnesses", condition=~Q(witnesses=""))]

    def __str__(self) -> str:
        return f"{self.opinion_id}"


class Spokesperson(models.Model):
    draw = models.ForeignKey(SpokespersonDraw, on_delete=models.PROTECT, related_name="spokespersons")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField(_("rang au tirage"))

    privacy = ModelPrivacy(
        _("Votre tirage au sort comme porte-parole"),
        owner="person",
        default=retained(_("tirage au sort fait en séance, gardé sans votre nom")),
    )

    class Meta:
        verbose_name = _("porte-parole")
        ordering = ["draw", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "person"], name="spokesperson_once"),
            models.UniqueConstraint(fields=["draw", "rank"], name="spokesperson_rank_once"),
        ]

    def __str__(self) -> str:
        return f"{self.draw_id} {self.person_id}"
