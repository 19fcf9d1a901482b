"""Models of minutes: facts come from the sitting, a person writes only summaries (domain.md B13), from notes."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from assembly.identity.columns import optional_key, optional_user_key, user_key
from assembly.identity.models import Person
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy, erased, retained
from assembly.institution.models import TEAM_ROLES, Role
from assembly.institution.rules import assembly_ids, term_ids
from assembly.speed.queries import ScreenQuerySet
from assembly.text.french import format_date
from assembly.workflow import RowStanding, State, States
from assembly.workflow.constraints import filled_in
from sessions.agenda.models import AgendaItem
from sessions.attendance.models import Attendance
from sessions.sittings.models import Sitting, SittingKind, Via


class MinutesKind(models.TextChoices):
    REPORT = "report", _("compte rendu")
    FORMAL = "formal", _("procès-verbal")


class MinutesState(States):
    """States of minutes (domain.md B13): reports use draft, validated, circulated, published; formal ones the rest."""

    DRAFT = "draft", State("in_progress", tags={"writing"}), _("En rédaction")
    INTERNAL_CHECK = (
        "internal_check",
        State("in_progress", tags={"writing", "ready", "formal"}),
        _("En contrôle interne"),
    )
    VALIDATED = "validated", State("partial", tags={"writing", "ready"}), _("Validé")
    CIRCULATED = "circulated", State("in_progress", tags={"circulated", "reading"}), _("En relecture")
    CORRECTIONS = (
        "corrections",
        State("waiting", tags={"circulated", "reading", "formal"}),
        _("Corrections en traitement"),
    )
    SUBMITTED = "submitted_for_approval", State("waiting", tags={"circulated", "formal"}), _("Soumis à l’approbation")
    APPROVED = "approved", State("partial", tags={"circulated", "formal", "approved"}), _("Approuvé")
    SIGNED = "signed", State("done", tags={"circulated", "formal", "approved", "final"}), _("Scellé")
    PUBLISHED = "published", State("done", tags={"final", "published"}), _("Publié")
    ARCHIVED = "archived", State("closed", tags={"final", "published"}), _("Archivé")


class RevisionKind(models.TextChoices):
    """Reason why a text of a section was saved in the history: no typed text is lost."""

    SAVED = "saved", _("enregistré")
    CONFLICT = "conflict", _("arrivé après un autre texte")
    REFUSED = "refused", _("brouillon, à corriger avant d’être imprimé")
    RESTORED = "restored", _("repris d’une version antérieure")
    CORRECTED = "corrected", _("correction acceptée")


class CorrectionState(models.TextChoices):
    ASKED = "asked", _("Attend une réponse")
    ACCEPTED = "accepted", _("Acceptée")
    REFUSED = "refused", _("Refusée")


class MinutesVisaCapacity(models.TextChoices):
    CHAIR = "chair", _("présidence de séance")
    SECRETARY = "secretary", _("secrétariat de séance")


TEXT = _("texte du compte rendu, acte de l’assemblée")


class MinutesQuerySet(ScreenQuerySet["Minutes"]):
    def visible_to(self, user: Any) -> Self:
        """Return the minutes that `user` may read: all of the term for its team and facilitators.

        Those who attended read from the circulation on, the chair and the secretary from the start, the other members
        of the term the sealed minutes of its plenaries.
        """
        if not getattr(user, "is_authenticated", False):
            return self.none()
        attended = Attendance.objects.filter(invitee__person=user.person_id, voided_at=None).values("invitee__sitting")
        holds_function = Q(sitting__chair=user.person_id) | Q(sitting__secretary=user.person_id)
        holds_function &= Q(sitting__term__assembly__in=assembly_ids(user, Role))  # not after they left
        return self.filter(
            Q(sitting__term__in=term_ids(user, TEAM_ROLES | {Role.FACILITATOR}))
            | holds_function
            | Q(state__in=MinutesState.tagged("circulated", "published"), sitting__in=attended)
            | Q(
                state__in=MinutesState.tagged("final"),
                sitting__kind=SittingKind.PLENARY,
                sitting__term__in=term_ids(user, Role.MEMBER),
            )
        )


class Minutes(models.Model):
    sitting = models.OneToOneField(Sitting, on_delete=models.PROTECT, related_name="minutes")
    kind = models.CharField(_("type"), max_length=8, choices=MinutesKind)
    state = models.CharField(_("état"), max_length=24, choices=MinutesState, default=MinutesState.DRAFT)
    writer = user_key()
    due_on = models.DateField(_("attendu le"))
    circulated_at = models.DateTimeField(_("en relecture depuis le"), null=True, blank=True)
    corrections_until = models.DateTimeField(_("corrections jusqu’au"), null=True, blank=True)
    approval_item = optional_key(AgendaItem, _("point d’approbation"))
    approved_at = models.DateTimeField(_("approuvé le"), null=True, blank=True)
    approval_note = models.CharField(_("mention d’approbation"), max_length=200, blank=True)
    internal_sealed_at = models.DateTimeField(null=True, blank=True)
    public_sealed_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(_("scellé le"), null=True, blank=True)
    published_at = models.DateTimeField(_("publié le"), null=True, blank=True)
    internal_document = models.OneToOneField(
        "documents.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    public_document = models.OneToOneField(
        "documents.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decisions_document = models.OneToOneField(
        "documents.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    privacy = IMPERSONAL
    objects = MinutesQuerySet.as_manager()

    class Meta:
        verbose_name = _("compte rendu")
        indexes = [models.Index(fields=["state", "corrections_until"], name="minutes_by_deadline")]
        constraints = [
            models.CheckConstraint(name="minutes_state_known", condition=Q(state__in=MinutesState.values)),
            models.CheckConstraint(
                name="minutes_formal_states_only_for_formal",
                condition=Q(kind=MinutesKind.FORMAL) | ~Q(state__in=MinutesState.tagged("formal")),
            ),
            models.CheckConstraint(
                name="minutes_validated_only_for_report",
                condition=Q(kind=MinutesKind.REPORT) | ~Q(state=MinutesState.VALIDATED),
            ),
            models.CheckConstraint(
                name="minutes_circulated_has_moment",
                condition=~Q(state__in=MinutesState.tagged("circulated"))
                | Q(circulated_at__isnull=False, corrections_until__isnull=False),
            ),
            models.CheckConstraint(
                name="minutes_approved_at_iff_approved",
                condition=Q(state__in=MinutesState.tagged("approved"), approved_at__isnull=False)
                | Q(state__in=MinutesState.tagged("published"))
                | (~Q(state__in=MinutesState.tagged("approved", "published")) & Q(approved_at=None)),
                violation_error_message=_("La date d’approbation et l’état ne s’accordent pas."),
            ),
            filled_in(MinutesState.SIGNED, "signed_at")(name="minutes_signed_has_moment"),
            models.CheckConstraint(
                name="minutes_signed_at_needs_both_seals",
                condition=Q(signed_at=None) | Q(internal_sealed_at__isnull=False, public_sealed_at__isnull=False),
            ),
            filled_in(MinutesState.PUBLISHED, "published_at")(name="minutes_published_has_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sitting_id}"

    @property
    def is_formal(self) -> bool:
        return self.kind == MinutesKind.FORMAL

    @property
    def is_shared(self) -> bool:
        """Return whether readers outside the team may see the minutes."""
        return self.state in MinutesState.tagged("circulated", "published")

    @property
    def is_being_written(self) -> bool:
        return self.state in MinutesState.tagged("writing")

    @property
    def is_final(self) -> bool:
        return self.state in MinutesState.tagged("final")

    @property
    def is_sealed(self) -> bool:
        """Return whether both sealed files exist and are current; formal minutes are then in a final state."""
        return self.signed_at is not None and (not self.is_formal or self.is_final)

    def takes_corrections(self, now: datetime) -> bool:
        """Return whether the minutes are circulated and the announced end of corrections is not past."""
        return (
            self.state == MinutesState.CIRCULATED
            and not self.is_sealed
            and self.corrections_until is not None
            and now <= self.corrections_until
        )

    @property
    def standing(self) -> RowStanding:
        """Return the present state; a report stays « circulated » after its seal and its corrections."""
        state = MinutesState(self.state)
        if state == MinutesState.CIRCULATED:
            until = {"day": format_date(self.corrections_until)}
            if self.takes_corrections(timezone.now()):
                return RowStanding(state.badge, state.label, gettext("Corrections possibles jusqu’au %(day)s") % until)
            if not self.is_sealed:
                return RowStanding(
                    "waiting", gettext("Relecture terminée"), gettext("Relecture terminée le %(day)s") % until
                )
            state = MinutesState.SIGNED
        day = {
            MinutesState.APPROVED: (self.approved_at, gettext("Approuvé le %(day)s")),
            MinutesState.SIGNED: (self.signed_at, gettext("Scellé le %(day)s")),
            MinutesState.PUBLISHED: (self.published_at, gettext("Publié le %(day)s")),
        }.get(state)
        sentence = day[1] % {"day": format_date(day[0])} if day else ""
        return RowStanding(state.badge, state.label, sentence)


class MinutesSection(models.Model):
    """Summary of one item. `revision` grows at each save; a save with an old one gets a 409 response."""

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="sections")
    agenda_item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="+")
    summary_html = models.TextField(_("résumé des échanges"), blank=True)
    revision = models.PositiveIntegerField(default=0)
    updated_by = optional_user_key()
    updated_at = models.DateTimeField(null=True, blank=True)

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("résumé d’un point")
        ordering = ["minutes", "agenda_item__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "agenda_item"], name="section_once_per_item"),
        ]

    def __str__(self) -> str:
        return f"{self.minutes_id} {self.agenda_item_id}"


class SectionRevision(models.Model):
    """A saved text, also one that lost an edit conflict or cannot be printed (`kind`): none is lost."""

    section = models.ForeignKey(MinutesSection, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    summary_html = models.TextField(blank=True)
    kind = models.CharField(_("version"), max_length=9, choices=RevisionKind, default=RevisionKind.SAVED)
    saved_by = user_key()
    saved_at = models.DateTimeField()

    privacy = IMPERSONAL

    class Meta:
        ordering = ["section", "-pk"]
        indexes = [models.Index(fields=["section", "-id"], name="section_revision_latest")]

    def __str__(self) -> str:
        return f"{self.section_id} r{self.number}"


class Correction(models.Model):
    """Correction asked by somebody who attended, on a passage of the circulated text; a refusal has a reason."""

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="corrections")
    section = models.ForeignKey(MinutesSection, on_delete=models.PROTECT, related_name="corrections")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    passage = models.TextField(_("passage"), max_length=2000, blank=True)
    proposal = models.TextField(_("texte proposé"), max_length=2000)
    reason = models.CharField(_("pourquoi"), max_length=600, blank=True)
    via = models.CharField(_("par"), max_length=10, choices=Via, default=Via.ACCOUNT)
    recorded_by = optional_user_key()
    asked_at = models.DateTimeField(_("demandée le"), auto_now_add=True)
    state = models.CharField(_("état"), max_length=8, choices=CorrectionState, default=CorrectionState.ASKED)
    answer = models.CharField(_("réponse"), max_length=600, blank=True)
    answered_by = optional_user_key()
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_sent_at = models.DateTimeField(_("réponse envoyée le"), null=True, blank=True)

    privacy = ModelPrivacy(
        _("Vos demandes de correction"), owner="author", default=retained(TEXT), internal=["section"], reason=erased()
    )

    class Meta:
        verbose_name = _("correction")
        ordering = ["asked_at", "pk"]
        indexes = [models.Index(fields=["minutes", "state"], name="correction_by_state")]
        constraints = [
            models.CheckConstraint(
                name="correction_answered_iff_moment",
                condition=Q(state=CorrectionState.ASKED, answered_at=None)
                | (~Q(state=CorrectionState.ASKED) & Q(answered_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="correction_refused_has_reason",
                condition=~Q(state=CorrectionState.REFUSED) | ~Q(answer=""),
                violation_error_message=_("Dites pourquoi la correction est refusée."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes_id} {self.pk}"


class Visa(models.Model):
    """Authenticated approval of the final text by the chair or the secretary, printed on the last page."""

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="visas")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(_("qualité"), max_length=10, choices=MinutesVisaCapacity)
    given_at = models.DateTimeField(_("donné le"))
    text_sha256 = models.CharField(max_length=64, help_text=_("Empreinte du texte approuvé."))
    via = models.CharField(_("par"), max_length=10, choices=Via, default=Via.ACCOUNT)
    recorded_by = optional_user_key()

    voided_at = models.DateTimeField(_("annulé le"), null=True, blank=True, help_text=_("Le texte a changé depuis."))

    privacy = ModelPrivacy(_("Vos visas de comptes rendus"), owner="person", default=retained(TEXT))

    class Meta:
        verbose_name = _("visa")
        constraints = [
            models.UniqueConstraint(
                fields=["minutes", "capacity"], condition=Q(voided_at=None), name="visa_once_per_capacity"
            )
        ]

    def __str__(self) -> str:
        return f"{self.capacity} {self.minutes_id}"


class ItemNote(models.Model):
    """Plain-text notes of one person on one item, never a document.

    The team reads them; a scheduled job erases them (`Term.notes_retention_months`). `revision` grows at each save: a
    second window with an old one gets a 409 response with both texts merged.
    """

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="notes")
    author = user_key()
    text = models.TextField(_("notes"), blank=True)
    revision = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(_("écrites le"))

    privacy = ModelPrivacy(
        _("Vos notes prises en séance"), owner="author__person", deletes_rows=True, internal=["item"]
    )

    class Meta:
        verbose_name = _("notes de séance")
        ordering = ["item", "pk"]
        constraints = [models.UniqueConstraint(fields=["item", "author"], name="item_note_once_per_author")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.author_id}"
