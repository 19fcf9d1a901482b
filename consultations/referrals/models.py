"""Models of a question put to the assembly: by the president, or by itself."""

import uuid
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy as _

from assembly.identity.columns import optional_key, optional_user_key
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy, retained
from assembly.institution.models import TEAM_ROLES, Committee, Directorate, Role, Term
from assembly.institution.rules import assembly_ids, directorates_of, term_ids
from assembly.speed.queries import ScreenQuerySet
from assembly.text.french import format_date
from assembly.workflow import RowStanding
from assembly.workflow.constraints import filled_in, filled_only_in
from consultations.referrals.enums import IssueChannel, ReferralOrigin, ReferralState, SuggestionChannel
from sessions.models import AgendaItem, Ballot

S = ReferralState
# The texts of a referral, in the order of form, page, letter and search; a new one is added to its part.
QUESTION = ("title", "question", "context")
GIVEN = ("decided", "open_points", "impossible", "budget_frame")
EXPECTED = ("deliverable", "support_offered")
PARTS = ((_("La question"), QUESTION), (_("Le cadre"), GIVEN), (_("Ce qui est attendu"), EXPECTED))
CALENDAR = ("work_starts_on", "due_on", "target_decision", "target_decision_on")
# Once the letter is out its text is fixed; the calendar may still change, and the decision that it serves.
TEXT = frozenset((*QUESTION, *GIVEN, *EXPECTED, *CALENDAR))
FRAME = TEXT - {"title", "context"}
SUBJECT = _("sujet proposé à l’assemblée, gardé sans le nom de son auteur")


class ReferralQuerySet(ScreenQuerySet["Referral"]):
    def visible_to(self, user: Any) -> Self:
        """Return the referrals that the user may see (domain.md B): the team sees all, the others what reached them.

        The president's office and the sponsor see what the team gave them to read; directorates what they were named
        in; members what was issued and every suggestion; the archivist what ended.
        """
        if not getattr(user, "is_authenticated", False):
            return self.none()
        seen: list[Any] = [Q(term__in=team)] if (team := term_ids(user, TEAM_ROLES)) else []
        reached = ~Q(state__in=S.tagged("sketch"))
        if members := term_ids(user, {Role.MEMBER, Role.FACILITATOR}):
            seen.append(Q(term__in=members) & (Q(issued_at__isnull=False) | Q(origin=ReferralOrigin.SELF_REFERRAL)))
        if offices := term_ids(user, {Role.PRESIDENT, Role.SPONSOR}):
            seen.append(Q(term__in=offices) & reached)
        if directorates := directorates_of(user):
            seen.append(reached & Exists(asked_of(directorates)))
        if archives := assembly_ids(user, {Role.ARCHIVIST}):
            seen.append(Q(term__assembly__in=archives, state__in=S.tagged("ended")))
        return self.filter(Q(*seen, _connector=Q.OR)) if seen else self.none()

    def public(self) -> Self:
        """Return what anybody may read."""
        return self.filter(published_at__isnull=False)


def asked_of(directorates: set[int]) -> models.QuerySet:
    """Return rows that name one of `directorates` in the outer referral: lead, associated or asked for a review."""
    return ReferralDirectorate.objects.filter(referral=OuterRef("pk"), directorate__in=directorates)


class Referral(models.Model):
    """Saisine or auto-saisine. `reference` (S-2026-02, AS-2026-01) is printed: given once, one counter a year.

    A member's suggestion has none yet; it gets one when it is shortlisted, which never changes afterwards.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="referrals")
    origin = models.CharField(_("origine"), max_length=16, choices=ReferralOrigin)
    state = models.CharField(_("état"), max_length=16, choices=ReferralState)
    reference = models.CharField(_("référence"), max_length=20, blank=True)
    title = models.CharField(_("titre"), max_length=160)
    question = models.TextField(_("question posée"), max_length=600, blank=True)
    context = models.TextField(_("contexte"), max_length=6000, blank=True)
    decided = models.TextField(_("ce qui est déjà décidé"), max_length=3000, blank=True)
    open_points = models.TextField(_("ce qui est ouvert"), max_length=3000, blank=True)
    impossible = models.TextField(_("ce qui n’est pas possible"), max_length=3000, blank=True)
    budget_frame = models.TextField(_("cadre budgétaire"), max_length=2000, blank=True)
    deliverable = models.TextField(_("ce qui est attendu"), max_length=2000, blank=True)
    support_offered = models.TextField(_("moyens donnés à l’assemblée"), max_length=2000, blank=True)
    work_starts_on = models.DateField(_("début des travaux"), null=True, blank=True)
    due_on = models.DateField(_("avis attendu le"), null=True, blank=True)
    target_decision = models.CharField(_("décision que l’avis éclaire"), max_length=300, blank=True)
    target_decision_on = models.DateField(_("date de cette décision"), null=True, blank=True)
    powers_link = models.TextField(_("lien avec les compétences du Département"), max_length=1500, blank=True)
    suggested_by = optional_user_key(related_name="suggestions")
    suggested_via = models.CharField(
        _("reçue par"), max_length=5, choices=SuggestionChannel, default=SuggestionChannel.SITE
    )
    recorded_by = optional_user_key()
    author_announced_state = models.CharField(
        _("dernier état annoncé"), max_length=16, default=ReferralState.SUGGESTED
    )
    officer = optional_user_key(_("suivie par"))
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    issued_at = models.DateTimeField(_("émise le"), null=True, blank=True)
    issued_by = optional_user_key()
    issue_channel = models.CharField(_("émise par"), max_length=6, choices=IssueChannel, blank=True)
    letter_on = models.DateField(_("date de la lettre"), null=True, blank=True)
    signed_letter = optional_key("documents.Upload")
    accepted_item = optional_key(AgendaItem, _("reçue au point de l’ordre du jour"))
    accepted_on = models.DateField(_("reçue par l’assemblée le"), null=True, blank=True)
    vote_item = optional_key(AgendaItem)
    ballot = optional_key(Ballot)
    # Only for an answer that the council gave to an opinion that was not written in this application.
    answered_on = models.DateField(_("répondu le"), null=True, blank=True)
    answer_document = optional_key("documents.Upload")
    published_at = models.DateTimeField(_("publiée le"), null=True, blank=True)
    ended_at = models.DateTimeField(_("retirée ou réunie avec une autre le"), null=True, blank=True)
    end_reason = models.TextField(_("motif"), max_length=1000, blank=True)
    merged_into = optional_key("self", related_name="absorbed")

    privacy = ModelPrivacy(
        _("Les sujets que vous avez proposés"),
        owner="suggested_by__person",
        default=retained(_("étape de la vie d’une saisine, acte de l’institution")),
        internal=[
            "author_announced_state",
            "issued_at",
            "issue_channel",
            "letter_on",
            "signed_letter",
            "answer_document",
        ],
        fields=dict.fromkeys(TEXT | {"powers_link"}, retained(SUBJECT)),
    )
    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("saisine")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["term", "state"], name="referral_by_state"),
            models.Index(fields=["published_at"], name="referral_published", condition=Q(published_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["term", "reference"], name="referral_reference_once", condition=~Q(reference="")
            ),
            models.CheckConstraint(
                name="referral_state_of_origin",
                condition=(Q(origin=ReferralOrigin.PRESIDENT) & ~Q(state__in=S.tagged("self_referral")))
                | (Q(origin=ReferralOrigin.SELF_REFERRAL) & ~Q(state__in=S.tagged("president"))),
            ),
            models.CheckConstraint(name="referral_state_known", condition=Q(state__in=ReferralState.values)),
            models.CheckConstraint(
                name="referral_has_reference",
                condition=~Q(reference="")
                | Q(origin=ReferralOrigin.SELF_REFERRAL, state__in=[S.SUGGESTED, *S.tagged("stopped")]),
            ),
            models.CheckConstraint(
                name="referral_issued_at_iff_issued",
                condition=Q(origin=ReferralOrigin.SELF_REFERRAL, issued_at=None)
                | Q(origin=ReferralOrigin.PRESIDENT, state__in=S.tagged("unissued"), issued_at=None)
                | Q(origin=ReferralOrigin.PRESIDENT, state__in=S.tagged("issued", "started"), issued_at__isnull=False)
                | Q(origin=ReferralOrigin.PRESIDENT, state__in=S.tagged("stopped")),
            ),
            models.CheckConstraint(
                name="referral_issued_is_complete",
                condition=Q(issued_at=None)
                | (~Q(question="") & Q(due_on__isnull=False, issued_by__isnull=False) & ~Q(issue_channel="")),
                violation_error_message=_("Une saisine émise a une question et un calendrier."),
            ),
            models.CheckConstraint(
                name="referral_paper_has_letter",
                condition=~Q(issue_channel=IssueChannel.PAPER)
                | Q(signed_letter__isnull=False, letter_on__isnull=False),
                violation_error_message=_("Joignez la lettre signée et sa date."),
            ),
            models.CheckConstraint(
                name="referral_accepted_on_iff_accepted",
                condition=(Q(origin=ReferralOrigin.SELF_REFERRAL, accepted_on=None))
                | Q(origin=ReferralOrigin.PRESIDENT, state__in=[*S.tagged("unissued"), S.ISSUED], accepted_on=None)
                | Q(
                    origin=ReferralOrigin.PRESIDENT,
                    state__in=[S.ACCEPTED, *S.tagged("started")],
                    accepted_on__isnull=False,
                )
                | Q(origin=ReferralOrigin.PRESIDENT, state__in=S.tagged("stopped")),
            ),
            models.CheckConstraint(
                name="referral_answer_has_document",
                condition=Q(answered_on=None, answer_document=None)
                | Q(answered_on__isnull=False, answer_document__isnull=False),
            ),
            filled_in(S.tagged("taken_up", "voted"), "vote_item")(name="referral_vote_has_item"),
            filled_in(S.tagged("voted"), "ballot")(name="referral_voted_has_ballot"),
            models.CheckConstraint(
                name="referral_end_is_recorded",
                condition=(Q(state__in=S.tagged("stopped"), ended_at__isnull=False) & ~Q(end_reason=""))
                | (~Q(state__in=S.tagged("stopped")) & Q(ended_at=None, end_reason="")),
                violation_error_message=_("Dites pourquoi."),
            ),
            filled_only_in(S.MERGED, "merged_into")(name="referral_merged_iff_into"),
            models.CheckConstraint(
                name="referral_not_merged_into_itself",
                condition=Q(merged_into=None) | ~Q(merged_into=F("pk")),
                violation_error_message=_("Une saisine ne se réunit pas avec elle-même."),
            ),
            models.CheckConstraint(
                name="referral_due_after_start",
                condition=Q(due_on=None) | Q(work_starts_on=None) | Q(due_on__gte=F("work_starts_on")),
                violation_error_message=_("L’avis est attendu après le début des travaux."),
            ),
            models.CheckConstraint(
                name="referral_recorded_iff_not_on_site",
                condition=Q(suggested_via=SuggestionChannel.SITE, recorded_by=None)
                | (~Q(suggested_via=SuggestionChannel.SITE) & Q(recorded_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="referral_suggested_by_iff_self_referral",
                condition=Q(origin=ReferralOrigin.SELF_REFERRAL, suggested_by__isnull=False)
                | Q(origin=ReferralOrigin.PRESIDENT, suggested_by=None),
            ),
        ]

    def __str__(self) -> str:
        return self.reference or self.title

    @property
    def awaited_on(self) -> date | None:
        """Return the day of the opinion, until it is adopted."""
        return None if self.state in S.tagged("after_opinion") else self.due_on

    def texts(self, *names: str) -> list[tuple[str, str]]:
        """Return label and text of these fields, without the empty ones."""
        labels = ((capfirst(str(self._meta.get_field(name).verbose_name)), getattr(self, name)) for name in names)  # type: ignore[union-attr]  # -- plain columns
        return [(label, text) for label, text in labels if text]

    @property
    def parts(self) -> list[tuple[str, str]]:
        """Return what stands below the question, in the order of the letter."""
        return self.texts("context", "powers_link", *GIVEN, *EXPECTED)

    @property
    def is_self_referral(self) -> bool:
        return self.origin == ReferralOrigin.SELF_REFERRAL

    @property
    def is_ended(self) -> bool:
        return self.state in S.tagged("ended")

    @property
    def is_awaited(self) -> bool:
        """Return whether its opinion is still to come, so that its due day has a meaning."""
        return self.state not in S.tagged("after_opinion", "ended")

    @property
    def standing(self) -> RowStanding:
        """Return the badge and the label of the state; the day of the opinion only while it is to come."""
        state = ReferralState(self.state)
        if not (self.due_on and self.is_awaited):
            return RowStanding(state.badge, state.label)
        detail = gettext("avis attendu le %(day)s, en retard") if self.is_late else gettext("avis attendu le %(day)s")
        return RowStanding(state.badge, state.label, detail % {"day": format_date(self.due_on, weekday=False)})

    @property
    def due_label(self) -> str:
        """Return the label of the due day: nobody awaits what was adopted, or what stopped."""
        return gettext("Avis attendu le") if self.is_awaited else gettext("Avis demandé pour le")

    @property
    def is_late(self) -> bool:
        """Return whether the opinion is awaited and its day has passed."""
        return self.state in S.tagged("due") and self.due_on is not None and self.due_on < timezone.localdate()


class ReferralDirectorate(models.Model):
    """A directorate named in a referral: the one that leads, or one that is associated."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="directorates")
    directorate = models.ForeignKey(Directorate, on_delete=models.PROTECT, related_name="+")
    is_lead = models.BooleanField(_("direction pilote"), default=False)
    added_at = models.DateTimeField(auto_now_add=True)

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("direction associée")
        ordering = ["-is_lead", "directorate__name__alphabetical"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "directorate"], name="referral_directorate_once"),
            models.UniqueConstraint(fields=["referral"], name="referral_one_lead", condition=Q(is_lead=True)),
        ]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.directorate_id}"


class ReferralCommittee(models.Model):
    """A body that works on the referral, and the exact question given to it (mandat de travail)."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="committees")
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="+", verbose_name=_("groupe"))
    mandate_statement = models.TextField(_("mandat de travail"), max_length=2000, blank=True)
    assigned_at = models.DateTimeField(_("confiée le"), auto_now_add=True)
    ended_at = models.DateTimeField(_("retirée le"), null=True, blank=True)

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("groupe chargé de la saisine")
        ordering = ["committee__name__alphabetical"]
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "committee"], name="referral_committee_once", condition=Q(ended_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.committee_id}"
