"""Opinion of the assembly on a referral, and its parts, each written by a group."""

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import optional_key, optional_user_key, user_key
from assembly.identity.models import Person
from assembly.identity.personal_data import IMPERSONAL
from assembly.institution.models import TEAM_ROLES, Committee, Role, Term
from assembly.institution.rules import assembly_ids, term_ids
from assembly.speed.queries import ScreenQuerySet
from assembly.workflow import State, States
from assembly.workflow.constraints import filled_in, filled_only_in
from consultations.models import Referral
from sessions.models import AgendaItem, Ballot, Sitting


class OpinionLabel(models.TextChoices):
    """Name of the document in a term; both are the same model."""

    OPINION = "avis", _("avis")
    REPORT = "rapport", _("rapport")


class OpinionState(States):
    """States from the plan to the publication: domain.md B8.

    `hidden`: from the members. `planned`: sections may change. `amendable`: tabled, not frozen. `tabled`, `frozen`,
    `voted`, `adopted`, `handed`: that step was taken and stands.
    """

    OUTLINE = "outline", State("todo", tags={"hidden", "planned", "untabled"}), _("plan en préparation")
    DRAFTING = "drafting", State("in_progress", tags={"planned", "untabled"}), _("en rédaction")
    GROUP_VALIDATED = "group_validated", State("partial", tags={"untabled"}), _("validé par les groupes")
    SERVICES_CHECK = "services_check", State("waiting", tags={"untabled"}), _("en lecture dans les directions")
    CONSOLIDATED = "consolidated", State("in_progress", tags={"untabled"}), _("réuni en un seul texte")
    TABLED = "tabled", State("waiting", tags={"tabled", "before_vote", "amendable"}), _("déposé")
    AMENDING = (
        "amending",
        State("in_progress", tags={"tabled", "before_vote", "amendable"}),
        _("ouvert aux amendements"),
    )
    FROZEN = "frozen", State("waiting", tags={"tabled", "before_vote", "frozen"}), _("figé")
    VOTED = "voted", State("partial", tags={"tabled", "frozen", "voted"}), _("voté")
    ADOPTED = "adopted", State("done", tags={"tabled", "frozen", "voted", "adopted"}), _("adopté")
    REJECTED = "rejected", State("refused", tags={"tabled", "frozen", "voted", "ended"}), _("rejeté")
    HANDED_OVER = "handed_over", State("done", tags={"tabled", "frozen", "voted", "adopted", "handed"}), _("remis")
    PUBLISHED = (
        "published",
        State("done", tags={"tabled", "frozen", "voted", "adopted", "handed", "ended"}),
        _("publié"),
    )
    WITHDRAWN = "withdrawn", State("closed", tags={"hidden", "ended"}), _("retiré")


class SectionState(States):
    DRAFTING = "drafting", State("in_progress"), _("en rédaction")
    VALIDATED = "validated", State("done"), _("validée par le groupe")


class ValidationMode(models.TextChoices):
    """How a group decided that its text is ready."""

    CONSENT = "consent", _("sans objection")
    VOTE = "vote", _("par un vote")


SECTION_KIND = "opinion-section"
OPINION_KIND = "opinion"

S = OpinionState


class OpinionQuerySet(ScreenQuerySet["Opinion"]):
    def visible_to(self, user: Any) -> Self:
        """Return all for the team and the facilitator, for members from the writing on, for others once tabled.

        Source: domain.md B. Directorates are not included: they read what they are asked, in their own area.
        """
        if not getattr(user, "is_authenticated", False):
            return self.none()
        offices = term_ids(user, {Role.PRESIDENT, Role.SPONSOR})
        return self.filter(
            Q(term__in=term_ids(user, {*TEAM_ROLES, Role.FACILITATOR}))
            | Q(term__in=term_ids(user, Role.MEMBER)) & ~Q(state__in=S.tagged("hidden"))
            | Q(term__in=offices, state__in=S.tagged("tabled"))
            | Q(term__assembly__in=assembly_ids(user, {Role.ARCHIVIST}), state__in=S.tagged("ended"))
        )

    def public(self) -> Self:
        """Return the opinions that anybody may read."""
        return self.filter(published_at__isnull=False)


class Opinion(models.Model):
    """An opinion, or a report. `reference` (AC2-2026-03) is given once, when the sections become one text.

    `text` is that text; before it, each section has its own. `version` grows with every save of the consolidation, so
    that two officers who save at the same time lose nothing.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="opinions")
    referral = models.ForeignKey(
        Referral, on_delete=models.PROTECT, related_name="opinions", verbose_name=_("saisine")
    )
    title = models.CharField(_("titre"), max_length=200)
    label = models.CharField(_("nom du document"), max_length=8, choices=OpinionLabel, default=OpinionLabel.OPINION)
    reference = models.CharField(_("référence"), max_length=20, blank=True)
    state = models.CharField(_("état"), max_length=16, choices=OpinionState, default=OpinionState.OUTLINE)
    text = models.OneToOneField(
        "collab.SharedText",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="opinion",
        verbose_name=_("texte"),
    )
    officer = user_key(_("suivi par"))
    rapporteur = optional_key(Person, _("rapporteur·e"))
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    consolidated_at = models.DateTimeField(_("réuni en un seul texte le"), null=True, blank=True)
    tabled_at = models.DateTimeField(_("déposé le"), null=True, blank=True)
    tabled_sitting = optional_key(Sitting, _("séance"))
    agenda_item = optional_key(AgendaItem, _("point"))
    ballot = optional_key(Ballot, _("vote"))
    amendments_open_at = models.DateTimeField(_("amendements ouverts le"), null=True, blank=True)
    amendments_close_at = models.DateTimeField(_("amendements fermés le"), null=True, blank=True)
    frozen_at = models.DateTimeField(_("figé le"), null=True, blank=True)
    adopted_on = models.DateField(_("adopté le"), null=True, blank=True)
    rejected_on = models.DateField(_("rejeté le"), null=True, blank=True)
    handed_over_on = models.DateField(_("remis le"), null=True, blank=True)
    handed_over_place = models.CharField(_("lieu de la remise"), max_length=160, blank=True)
    handed_over_to = models.CharField(_("remis à"), max_length=200, blank=True)
    easy_read = models.TextField(_("résumé facile à lire"), max_length=8000, blank=True)
    published_at = models.DateTimeField(_("publié le"), null=True, blank=True)
    ended_at = models.DateTimeField(_("retiré le"), null=True, blank=True)
    end_reason = models.TextField(_("motif"), max_length=1000, blank=True)

    privacy = IMPERSONAL
    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = _("avis")
        verbose_name_plural = _("avis")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["term", "state"], name="opinion_by_state"),
            models.Index(fields=["published_at"], name="opinion_published", condition=Q(published_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["term", "reference"], name="opinion_reference_once", condition=~Q(reference="")
            ),
            models.UniqueConstraint(
                fields=["referral"],
                name="opinion_one_at_a_time",
                # Written out: the order of the tag `ended` differs, which would take a migration.
                condition=~Q(state__in=[S.PUBLISHED, S.REJECTED, S.WITHDRAWN]),
                violation_error_message=_("Un avis est déjà en cours sur cette saisine."),
            ),
            models.CheckConstraint(name="opinion_state_known", condition=Q(state__in=OpinionState.values)),
            models.CheckConstraint(
                name="opinion_has_text_once_consolidated",
                condition=~Q(state__in=[S.CONSOLIDATED, *S.tagged("tabled")])
                | (Q(text__isnull=False, consolidated_at__isnull=False) & ~Q(reference="")),
            ),
            models.CheckConstraint(
                name="opinion_tabled_iff_tabled",
                condition=Q(
                    state__in=S.tagged("tabled"),
                    tabled_at__isnull=False,
                    tabled_sitting__isnull=False,
                    agenda_item__isnull=False,
                )
                | Q(state__in=S.tagged("untabled"), tabled_at=None, agenda_item=None)
                | Q(state=S.WITHDRAWN),
            ),
            models.CheckConstraint(
                name="opinion_amending_has_dates",
                condition=~Q(state=S.AMENDING)
                | Q(amendments_open_at__isnull=False, amendments_close_at__isnull=False),
                violation_error_message=_("Donnez la date de fin des amendements."),
            ),
            models.CheckConstraint(
                name="opinion_amendments_close_after_open",
                condition=Q(amendments_open_at=None)
                | Q(amendments_close_at=None)
                | Q(amendments_close_at__gt=F("amendments_open_at")),
                violation_error_message=_("La fin des amendements vient après leur début."),
            ),
            filled_only_in(S.tagged("frozen"), "frozen_at")(name="opinion_frozen_at_iff_frozen"),
            filled_in(S.tagged("voted"), "ballot")(name="opinion_voted_has_ballot"),
            filled_only_in(S.tagged("adopted"), "adopted_on")(name="opinion_adopted_on_iff_adopted"),
            filled_only_in(S.REJECTED, "rejected_on")(name="opinion_rejected_on_iff_rejected"),
            models.CheckConstraint(
                name="opinion_handover_is_recorded",
                condition=(
                    Q(state__in=S.tagged("handed"), handed_over_on__isnull=False, handed_over_on__gte=F("adopted_on"))
                    & ~Q(handed_over_place="")
                    & ~Q(handed_over_to="")
                )
                | (~Q(state__in=S.tagged("handed")) & Q(handed_over_on=None)),
                violation_error_message=_("La remise a une date, un lieu et un destinataire, après l’adoption."),
            ),
            filled_only_in(S.PUBLISHED, "published_at")(name="opinion_published_at_iff_published"),
            models.CheckConstraint(
                name="opinion_end_is_recorded",
                condition=(Q(state=S.WITHDRAWN, ended_at__isnull=False) & ~Q(end_reason=""))
                | (~Q(state=S.WITHDRAWN) & Q(ended_at=None, end_reason="")),
                violation_error_message=_("Dites pourquoi."),
            ),
        ]

    def __str__(self) -> str:
        return self.reference or self.title

    @property
    def state_badge(self) -> str:
        """Return the badge that is drawn next to the label of the state."""
        return S(self.state).badge

    @property
    def is_ended(self) -> bool:
        return self.state in S.tagged("ended")

    @property
    def is_tabled(self) -> bool:
        return self.state in S.tagged("tabled")

    @property
    def is_adopted(self) -> bool:
        return self.state in S.tagged("adopted")

    @property
    def has_one_text(self) -> bool:
        """Return whether the sections have become one text."""
        return self.is_tabled or self.state == S.CONSOLIDATED


class OpinionSection(models.Model):
    """A part of the opinion, assigned to a group, or to the team without one. Its text is created with the writing."""

    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="sections")
    position = models.PositiveSmallIntegerField(_("rang"))
    title = models.CharField(_("titre"), max_length=200)
    guidance = models.TextField(_("ce qui est demandé"), max_length=2000, blank=True)
    committee = optional_key(Committee, _("groupe"))
    lead = optional_key(Person, _("référent·e"))
    rapporteur = optional_key(Person, _("rapporteur·e"))
    text = models.OneToOneField(
        "collab.SharedText", on_delete=models.PROTECT, null=True, blank=True, related_name="opinion_section"
    )
    state = models.CharField(_("état"), max_length=10, choices=SectionState, default=SectionState.DRAFTING)
    validated_on = models.DateField(_("validée le"), null=True, blank=True)
    validation_mode = models.CharField(_("décidée"), max_length=8, choices=ValidationMode, blank=True)
    votes_for = models.PositiveSmallIntegerField(_("pour"), null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(_("contre"), null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField(_("abstention"), null=True, blank=True)
    validated_by = optional_user_key()
    is_on_behalf = models.BooleanField(_("notée par l’équipe au nom du groupe"), default=False)
    removed_at = models.DateTimeField(_("retirée du plan le"), null=True, blank=True)

    # Persons who lead the group, where `queries.opinions.with_leads` has read them.
    leads_today: set[int]

    privacy = IMPERSONAL
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("partie de l’avis")
        ordering = ["opinion", "position", "pk"]
        constraints = [
            models.CheckConstraint(name="section_state_known", condition=Q(state__in=SectionState.values)),
            models.CheckConstraint(
                name="section_validation_is_recorded",
                condition=(
                    Q(
                        state=SectionState.VALIDATED,
                        validated_on__isnull=False,
                        validated_by__isnull=False,
                        text__isnull=False,
                    )
                    & ~Q(validation_mode="")
                )
                | (Q(state=SectionState.DRAFTING, validated_on=None, validated_by=None, validation_mode="")),
                violation_error_message=_("Dites quand et comment le groupe a validé."),
            ),
            models.CheckConstraint(
                name="section_votes_iff_voted",
                condition=Q(
                    validation_mode=ValidationMode.VOTE,
                    votes_for__isnull=False,
                    votes_against__isnull=False,
                    abstentions__isnull=False,
                    votes_for__gt=F("votes_against"),
                )
                | (~Q(validation_mode=ValidationMode.VOTE) & Q(votes_for=None, votes_against=None, abstentions=None)),
                violation_error_message=_("Un texte validé par un vote a plus de voix pour que de voix contre."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_validated(self) -> bool:
        return self.state == SectionState.VALIDATED

    @property
    def state_badge(self) -> str:
        return SectionState(self.state).badge


class OpinionSettings(models.Model):
    """Settings of a term about opinions; a term without a row has the defaults."""

    term = models.OneToOneField(Term, on_delete=models.PROTECT, related_name="+")
    amendment_days = models.PositiveSmallIntegerField(_("fin des amendements, en jours avant la séance"), default=4)
    cosigners_needed = models.PositiveSmallIntegerField(_("cosignataires exigés pour un amendement"), default=0)
    check_days = models.PositiveSmallIntegerField(_("délai laissé aux directions, en jours"), default=21)
    ranking_dots = models.PositiveSmallIntegerField(_("points par membre pour les priorités"), default=5)
    spokespersons = models.PositiveSmallIntegerField(_("porte-parole"), default=6)

    privacy = IMPERSONAL

    class Meta:
        constraints = [models.CheckConstraint(name="opinion_settings_make_sense", condition=Q(ranking_dots__gte=1))]

    def __str__(self) -> str:
        return f"{self.term_id}"
