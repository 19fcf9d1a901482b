"""Amendments to a tabled text, and their signers: domain.md B9."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import optional_key, optional_user_key
from assembly.identity.models import Person
from assembly.identity.personal_data import ModelPrivacy, retained
from assembly.institution.models import TEAM_ROLES, Committee, Role
from assembly.institution.rules import assembly_ids, term_ids
from assembly.speed.queries import ScreenQuerySet
from assembly.workflow import State, States
from assembly.workflow.constraints import filled_in, filled_only_in
from opinions.amending.changes import AmendmentChange, Operation
from opinions.opinions.models import Opinion, OpinionState
from opinions.versions.models import OpinionVersion
from sessions.decisions.models import QuorumMixin, quorum_is_met
from sessions.models import Ballot, Via


class AmendmentState(States):
    """States of an amendment.

    `pending`: submitted, not yet called. `uncalled`: so, and admissible. `passed`: passed the check of form, so that
    members and the public may read it. `news`: announced in the morning; the opening of the debate is no news.
    """

    DRAFT = "draft", State("todo", tags={"unchecked"}), _("brouillon")
    SUBMITTED = "submitted", State("waiting", tags={"unchecked", "undecided", "pending"}), _("déposé")
    ADMISSIBLE = (
        "admissible",
        State("in_progress", tags={"undecided", "pending", "uncalled", "waiting", "passed", "news"}),
        _("recevable"),
    )
    INADMISSIBLE = "inadmissible", State("refused", tags={"news"}), _("irrecevable")
    RAPPORTEUR_VIEW = (
        "rapporteur_view",
        State("in_progress", tags={"undecided", "pending", "uncalled", "waiting", "passed", "news"}),
        _("avis du rapporteur donné"),
    )
    DEBATED = "debated", State("partial", tags={"undecided", "waiting", "passed", "called"}), _("en discussion")
    ADOPTED = "adopted", State("done", tags={"passed", "called", "decided", "news"}), _("adopté")
    REJECTED = "rejected", State("refused", tags={"passed", "called", "decided", "news"}), _("rejeté")
    WITHDRAWN = "withdrawn", State("closed", tags={"stopped"}), _("retiré")
    FELL = "fell", State("closed", tags={"stopped", "news"}), _("tombé")
    MERGED = "merged", State("closed", tags={"stopped", "news"}), _("fusionné")


class ViewStance(models.TextChoices):
    FAVOURABLE = "favourable", _("favorable")
    UNFAVOURABLE = "unfavourable", _("défavorable")
    NEUTRAL = "neutral", _("s’en remet à l’assemblée")


class AmendmentDecisionMode(models.TextChoices):
    BALLOT = "ballot", _("vote compté")
    CONSENT = "consent", _("sans opposition")


A = AmendmentState
INSERTIONS = [Operation.INSERT_AFTER, Operation.INSERT_BEFORE]
PRINTED = _("acte de l’assemblée, imprimé avec le nom de son auteur")


class AmendmentQuerySet(ScreenQuerySet["Amendment"]):
    def passed(self) -> Self:
        """Return the amendments that were found admissible, whatever their state is now."""
        return self.filter(
            Q(state__in=A.tagged("passed")) | Q(state__in=A.tagged("stopped"), checked_at__isnull=False)
        )

    def visible_to(self, user: Any) -> Self:
        """Return drafts for their signers, submitted ones for the team, for others those that passed the check."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        place = "version__opinion__term"
        members = term_ids(user, {Role.MEMBER, Role.PRESIDENT, Role.SPONSOR})
        signs = AmendmentCosigner.objects.filter(amendment=OuterRef("pk"), person=user.person_id, declined_at=None)
        own = Q(author=user.person_id) | Exists(signs)
        passed = Q(state__in=A.tagged("passed")) | Q(state__in=A.tagged("stopped"), checked_at__isnull=False)
        return self.filter(
            (Q(**{f"{place}__in": term_ids(user, {*TEAM_ROLES, Role.FACILITATOR})}) & ~Q(state=A.DRAFT))
            | (Q(**{f"{place}__in": term_ids(user, Role.MEMBER)}) & own)
            | (Q(**{f"{place}__in": members}) & passed)
            | (
                Q(
                    version__opinion__term__assembly__in=assembly_ids(user, {Role.ARCHIVIST}),
                    version__opinion__state__in=OpinionState.tagged("ended"),
                )
                & passed
            )
        )

    def public(self) -> Self:
        """Return what anybody may read, once the opinion is published."""
        return self.passed().filter(version__opinion__published_at__isnull=False)


class Amendment(QuorumMixin):
    """One change to one passage of one tabled version. `number` is given at submission and never given again.

    Without `quote`, the passage is the alinéas `alinea_from` to `alinea_to` and the new text is `content` (blocks of
    the tree); with it, the passage is those words of one alinéa and `new_text` replaces them. A sub-amendment
    (`parent`) counts its alinéas in the new text of its parent.
    """

    version = models.ForeignKey(OpinionVersion, on_delete=models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField(_("numéro"), null=True, blank=True)
    state = models.CharField(_("état"), max_length=16, choices=AmendmentState, default=AmendmentState.DRAFT)
    parent = optional_key("self", _("amendement modifié"), "subs")
    operation = models.CharField(_("ce qui est proposé"), max_length=16, choices=Operation)
    alinea_from = models.PositiveSmallIntegerField(_("de l’alinéa"))
    alinea_to = models.PositiveSmallIntegerField(_("à l’alinéa"))
    quote = models.TextField(_("mots visés"), max_length=600, blank=True)
    new_text = models.TextField(_("nouveaux mots"), max_length=600, blank=True)
    content = models.JSONField(_("nouveau texte"), default=list, blank=True)
    reason = models.TextField(_("pourquoi"), max_length=800, blank=True)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="amendments")
    committee = optional_key(Committee, _("au nom du groupe"))
    via = models.CharField(_("reçu"), max_length=10, choices=Via, default=Via.ACCOUNT)
    received_on = models.DateField(_("reçu le"), null=True, blank=True)
    recorded_by = optional_user_key()
    confirmed_at = models.DateTimeField(_("confirmé par son auteur le"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(_("déposé le"), null=True, blank=True)
    checked_at = models.DateTimeField(_("recevabilité dite le"), null=True, blank=True)
    checked_by = optional_user_key()
    check_reason = models.TextField(_("motif"), max_length=800, blank=True)
    view_stance = models.CharField(_("avis du rapporteur"), max_length=12, choices=ViewStance, blank=True)
    view_text = models.TextField(_("explication"), max_length=1500, blank=True)
    view_at = models.DateTimeField(_("avis donné le"), null=True, blank=True)
    view_by = optional_user_key()
    is_view_on_behalf = models.BooleanField(_("avis noté par l’équipe au nom du rapporteur"), default=False)
    called_at = models.DateTimeField(_("appelé le"), null=True, blank=True)
    decision_mode = models.CharField(_("décidé"), max_length=8, choices=AmendmentDecisionMode, blank=True)
    ballot = optional_key(Ballot, _("vote"))
    decided_at = models.DateTimeField(_("décidé le"), null=True, blank=True)
    ended_at = models.DateTimeField(_("retiré, tombé ou fusionné le"), null=True, blank=True)
    end_reason = models.TextField(_("motif de la fin"), max_length=800, blank=True)
    fell_because = optional_key("self", related_name="felled")
    merged_into = optional_key("self", related_name="absorbed")
    author_announced_state = models.CharField(
        _("dernier état annoncé"), max_length=16, default=AmendmentState.SUBMITTED
    )

    privacy = ModelPrivacy(
        _("Vos amendements"),
        owner="author",
        default=retained(PRINTED),
        internal=[
            "present",
            "quorum",
            "version",
            "parent",
            "committee",
            "is_view_on_behalf",
            "called_at",
            "decision_mode",
            "ballot",
            "fell_because",
            "merged_into",
            "author_announced_state",
        ],
        content=retained(PRINTED),
    )
    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("amendement")
        ordering = ["version", "number", "pk"]
        indexes = [models.Index(fields=["version", "state"], name="amendment_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "number"], name="amendment_number_once", condition=Q(number__isnull=False)
            ),
            models.CheckConstraint(name="amendment_state_known", condition=Q(state__in=AmendmentState.values)),
            models.CheckConstraint(
                name="amendment_number_iff_submitted",
                condition=Q(state=A.DRAFT, number=None, submitted_at=None)
                | (~Q(state=A.DRAFT) & Q(number__isnull=False, submitted_at__isnull=False)),
            ),
            models.CheckConstraint(name="amendment_operation_known", condition=Q(operation__in=Operation.values)),
            models.CheckConstraint(
                name="amendment_passage_makes_sense",
                condition=Q(alinea_from__gte=1, alinea_to__gte=F("alinea_from"))
                & (Q(alinea_to=F("alinea_from")) | (Q(quote="") & ~Q(operation__in=INSERTIONS))),
                violation_error_message=_("Le passage va du premier alinéa au dernier."),
            ),
            models.CheckConstraint(
                name="amendment_new_text_of_operation",
                condition=Q(state=A.DRAFT)
                | Q(operation=Operation.DELETE, new_text="", content=[])
                | (~Q(operation=Operation.DELETE) & ~Q(quote="") & ~Q(new_text="") & Q(content=[]))
                | (~Q(operation=Operation.DELETE) & Q(quote="", new_text="") & ~Q(content=[])),
                violation_error_message=_("Écrivez le nouveau texte."),
            ),
            models.CheckConstraint(
                name="amendment_recorded_iff_not_online",
                condition=Q(via=Via.ACCOUNT, recorded_by=None, received_on=None, confirmed_at=None)
                | (~Q(via=Via.ACCOUNT) & Q(recorded_by__isnull=False, received_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="amendment_check_is_recorded",
                condition=(Q(state__in=A.tagged("unchecked"), checked_at=None))
                | Q(state__in=A.tagged("passed"), checked_at__isnull=False, checked_by__isnull=False)
                | (Q(state=A.INADMISSIBLE, checked_at__isnull=False, checked_by__isnull=False) & ~Q(check_reason=""))
                | Q(state__in=A.tagged("stopped")),
                violation_error_message=_("Dites pourquoi."),
            ),
            models.CheckConstraint(
                name="amendment_view_is_recorded",
                condition=Q(view_stance="", view_at=None, view_by=None) & ~Q(state=A.RAPPORTEUR_VIEW)
                | (~Q(view_stance="") & Q(view_at__isnull=False, view_by__isnull=False)),
            ),
            filled_in(A.tagged("called"), "called_at")(name="amendment_called_before_decided"),
            models.CheckConstraint(
                name="amendment_decided_iff_decided",
                condition=Q(
                    state__in=A.tagged("decided"),
                    decided_at__isnull=False,
                    decision_mode=AmendmentDecisionMode.BALLOT,
                    ballot__isnull=False,
                )
                | Q(
                    state=A.ADOPTED, decided_at__isnull=False, decision_mode=AmendmentDecisionMode.CONSENT, ballot=None
                )
                | (~Q(state__in=A.tagged("decided")) & Q(decided_at=None, decision_mode="", ballot=None)),
            ),
            quorum_is_met("amendment_quorum_met"),
            models.CheckConstraint(
                name="amendment_quorum_iff_by_consent",
                condition=Q(quorum=None, present=None) | Q(decision_mode=AmendmentDecisionMode.CONSENT),
            ),
            models.CheckConstraint(
                name="amendment_end_is_recorded",
                condition=(Q(state__in=[A.FELL, A.MERGED], ended_at__isnull=False) & ~Q(end_reason=""))
                | Q(state=A.WITHDRAWN, ended_at__isnull=False)
                | (~Q(state__in=A.tagged("stopped")) & Q(ended_at=None, end_reason="")),
                violation_error_message=_("Dites pourquoi."),
            ),
            models.CheckConstraint(
                name="amendment_fell_because_fell", condition=Q(fell_because=None) | Q(state=A.FELL)
            ),
            filled_only_in(A.MERGED, "merged_into")(name="amendment_merged_iff_into"),
            models.CheckConstraint(
                name="amendment_not_of_itself",
                condition=(Q(parent=None) | ~Q(parent=F("pk"))) & (Q(merged_into=None) | ~Q(merged_into=F("pk"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or self.pk}"

    @property
    def opinion(self) -> Opinion:
        return self.version.opinion

    @property
    def state_badge(self) -> str:
        """Return the badge that is drawn next to the label of the state."""
        return A(self.state).badge

    @property
    def is_waiting(self) -> bool:
        """Return whether it is admissible and not decided yet."""
        return self.state in A.tagged("waiting")

    @property
    def is_decided(self) -> bool:
        return self.state in A.tagged("decided")

    @property
    def awaits_author(self) -> bool:
        """Return whether it was keyed in and its author has not confirmed it yet."""
        return self.via != Via.ACCOUNT and self.confirmed_at is None and self.state not in A.tagged("stopped")

    @property
    def change(self) -> AmendmentChange:
        """Return the plain values that the order of call and the next text are computed from."""
        return AmendmentChange(
            key=self.pk,
            number=self.number or 0,
            operation=self.operation,
            first=self.alinea_from,
            last=self.alinea_to,
            quote=self.quote,
            new_text=self.new_text,
            blocks=tuple(self.content),
            parent=self.parent_id,
        )


class AmendmentCosigner(models.Model):
    """A member asked to sign an amendment with its author: has signed, declined, or not answered."""

    amendment = models.ForeignKey(Amendment, on_delete=models.CASCADE, related_name="cosigners")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField(_("proposé le"), auto_now_add=True)
    signed_at = models.DateTimeField(_("signé le"), null=True, blank=True)
    declined_at = models.DateTimeField(_("refusé le"), null=True, blank=True)
    via = models.CharField(_("signé"), max_length=10, choices=Via, default=Via.ACCOUNT)
    announced_state = models.CharField(_("dernier état annoncé"), max_length=16, blank=True)

    privacy = ModelPrivacy(
        _("Les amendements que l’on vous a proposé de signer"),
        owner="person",
        default=retained(PRINTED),
        internal=["announced_state"],
    )
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("cosignataire d’un amendement")
        ordering = ["amendment", "invited_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["amendment", "person"], name="amendment_cosigner_once"),
            models.CheckConstraint(
                name="amendment_cosigner_one_answer", condition=Q(signed_at=None) | Q(declined_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amendment_id} {self.person_id}"
