"""Follow-ups, their updates and milestones, remarks and hearings of the committee."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from answers.cases.enums import AnswerValue
from answers.cases.models import AnswerCase, in_terms, seen_by
from assembly.documents.models import Upload
from assembly.identity.columns import optional_key, optional_user_key, user_key
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy, retained
from assembly.institution.models import Directorate
from assembly.speed.queries import ScreenQuerySet
from assembly.workflow import State, States
from assembly.workflow.constraints import filled_only_in
from consultations.models import DigestKind


class FollowUpState(States):
    """Progress of what was promised (domain.md B12). « Pas à jour » is no state: it is a due day that has passed."""

    PLANNED = "planned", State("todo", tags={"open"}), _("à commencer")
    IN_PROGRESS = "in_progress", State("in_progress", tags={"open"}), _("en cours")
    DELAYED = "delayed", State("late", tags={"open"}), _("retardée")
    DONE = "done", State("done", tags={"ended"}), _("réalisée")
    ABANDONED = "abandoned", State("refused", tags={"ended"}), _("abandonnée")


class PhotoConsent(models.TextChoices):
    """Reason why a photo may be shown."""

    NOBODY = "nobody", _("Personne n’y est reconnaissable")
    GIVEN = "given", _("Les personnes reconnaissables ont donné leur accord écrit")


# These values promise something for later; « déjà en place » carries its own proof, a refusal promises nothing.
FOLLOWED_VALUES = (
    AnswerValue.ACCEPTED,
    AnswerValue.ACCEPTED_IN_PART,
    AnswerValue.UNDER_STUDY,
    AnswerValue.PASSED_ON,
)


class UpdateEventKind(DigestKind):
    """Kinds of lines about updates of follow-ups in the daily mail to an agent."""

    LATE = "update_late", 12, _("Point d’étape en retard")
    DUE = "update_due", 62, _("Point d’étape attendu")


S = FollowUpState
UPDATE_TEXT_LENGTH = 3000


class FollowUpQuerySet(ScreenQuerySet["FollowUp"]):
    def of_terms(self, terms: Any) -> Self:
        return self.filter(in_terms(terms, "case__"))

    def open(self) -> Self:
        """Return the follow-ups that still need updates."""
        return self.filter(state__in=S.tagged("open"))

    def late(self, today: date) -> Self:
        """Return the open follow-ups whose update was due before that day."""
        return self.open().filter(update_due_on__lt=today)

    def with_dossier(self) -> Self:
        """Join what rights, steps and pages read of a follow-up."""
        return self.select_related(
            "case__recommendation__opinion__term__assembly",
            "case__recommendation__opinion__referral",
            "case__whole_of__term__assembly",
            "case__whole_of__referral",
            "directorate",
        )

    def visible_to(self, user: Any) -> Self:
        """Return the follow-ups of the cases that a user may read.

        These are the team, the offices, the directorates that answered or that follow it up. Everybody reads a
        follow-up next to the published answer (`queries.py`).
        """
        return self.filter(seen_by(user, "case__")) if user.is_authenticated else self.none()


class FollowUp(models.Model):
    """Follow-up of an answer that promises something: opened with its publication, kept through its revisions.

    The directorate in charge may be another than the one that answered. `update_due_on`: the day by which it must
    publish an update. `reported_at`: it reported that all is done; the lead checks the proof and closes, or disputes
    it.
    """

    case = models.OneToOneField(AnswerCase, on_delete=models.PROTECT, related_name="follow_up")
    state = models.CharField(_("état"), max_length=12, choices=FollowUpState, default=FollowUpState.PLANNED)
    directorate = optional_key(Directorate, _("direction chargée"), "follow_ups")
    service = models.CharField(_("service chargé"), max_length=200, blank=True)
    budget_line = models.CharField(_("ligne de budget"), max_length=200, blank=True)
    opened_on = models.DateField(_("suivie depuis le"))
    update_due_on = models.DateField(_("prochain point attendu le"), null=True, blank=True)
    asked_at = models.DateTimeField(_("point demandé le"), null=True, blank=True)
    reported_at = models.DateTimeField(_("dite réalisée le"), null=True, blank=True)
    proved_by = optional_key("answers.ProgressUpdate")
    ended_on = models.DateField(_("close le"), null=True, blank=True)
    reason = models.TextField(_("motif"), max_length=2000, blank=True)

    privacy = IMPERSONAL
    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("suite donnée")
        ordering = ["case"]
        indexes = [models.Index(fields=["update_due_on"], name="follow_up_due", condition=Q(ended_on=None))]
        constraints = [
            models.CheckConstraint(name="follow_up_state_known", condition=Q(state__in=FollowUpState.values)),
            models.CheckConstraint(
                name="follow_up_open_has_day",
                condition=Q(state__in=S.tagged("open"), update_due_on__isnull=False, ended_on=None)
                | Q(state__in=S.tagged("ended"), update_due_on=None, reported_at=None, ended_on__isnull=False),
            ),
            filled_only_in(S.DONE, "proved_by", message=_("« Réalisée » demande une preuve."))(
                name="follow_up_done_is_proved"
            ),
            models.CheckConstraint(
                name="follow_up_abandoned_is_explained", condition=~Q(state=S.ABANDONED) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return str(self.case_id)

    @property
    def is_open(self) -> bool:
        return self.state in S.tagged("open")

    @property
    def state_badge(self) -> str:
        return FollowUpState(self.state).badge


class ProgressUpdateQuerySet(ScreenQuerySet["ProgressUpdate"]):
    def not_withdrawn(self) -> Self:
        """Return the updates that anybody reads next to the published answer."""
        return self.filter(withdrawn_at=None)

    def proving(self) -> Self:
        """Return the updates « Réalisée », each with its proof."""
        return self.not_withdrawn().filter(state=S.DONE)


class ProgressUpdate(models.Model):
    """What a directorate reports on a day; never changed (trigger), but it may be withdrawn with a reason."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="updates")
    number = models.PositiveSmallIntegerField(_("numéro"))
    state = models.CharField(_("état"), max_length=12, choices=FollowUpState)
    text = models.TextField(_("où en est-on"), max_length=UPDATE_TEXT_LENGTH)
    document = optional_key(Upload, _("document"))
    link = models.URLField(_("adresse"), max_length=500, blank=True)
    photo = optional_key(Upload, _("photo"))
    photo_description = models.CharField(_("ce que montre la photo"), max_length=300, blank=True)
    consent = models.CharField(_("accord"), max_length=8, choices=PhotoConsent, blank=True)
    consent_on = models.DateField(_("accord donné le"), null=True, blank=True)
    directorate = optional_key(Directorate, _("direction"))
    by = user_key()
    at = models.DateTimeField(_("dit le"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("retiré le"), null=True, blank=True)
    withdrawn_by = optional_user_key()
    withdrawn_reason = models.TextField(_("pourquoi"), max_length=1000, blank=True)

    privacy = IMPERSONAL
    objects = ProgressUpdateQuerySet.as_manager()

    class Meta:
        verbose_name = _("point sur une suite donnée")
        ordering = ["follow_up", "number"]
        indexes = [models.Index(fields=["-at"], name="progress_update_latest")]
        constraints = [
            models.UniqueConstraint(fields=["follow_up", "number"], name="progress_update_number_once"),
            models.CheckConstraint(
                name="progress_update_state_known", condition=Q(state__in=[*S.tagged("open"), S.DONE])
            ),
            models.CheckConstraint(name="progress_update_is_not_empty", condition=~Q(text="")),
            models.CheckConstraint(
                name="progress_update_done_is_proved",
                condition=~Q(state=S.DONE) | Q(document__isnull=False) | ~Q(link="") | Q(photo__isnull=False),
                violation_error_message=_("« Réalisée » demande une preuve."),
            ),
            models.CheckConstraint(
                name="progress_photo_has_consent",
                condition=Q(photo=None, photo_description="", consent="", consent_on=None)
                | (
                    Q(photo__isnull=False)
                    & ~Q(photo_description="")
                    & (
                        Q(consent=PhotoConsent.NOBODY, consent_on=None)
                        | Q(consent=PhotoConsent.GIVEN, consent_on__isnull=False)
                    )
                ),
            ),
            models.CheckConstraint(
                name="progress_update_withdrawn_is_explained",
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follow_up_id} {self.number}"

    @property
    def state_badge(self) -> str:
        return FollowUpState(self.state).badge

    @property
    def is_proved(self) -> bool:
        return bool(self.document_id or self.link or self.photo_id)


class Milestone(models.Model):
    """One wording of a milestone with its days; a correction is another row (`version`), never a change (trigger)."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="milestones")
    number = models.PositiveSmallIntegerField(_("numéro"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    label = models.CharField(_("étape"), max_length=200)
    planned_on = models.DateField(_("prévue le"))
    reached_on = models.DateField(_("atteinte le"), null=True, blank=True)
    is_dropped = models.BooleanField(_("abandonnée"), default=False)
    reason = models.CharField(_("pourquoi ce changement"), max_length=500, blank=True)
    by = user_key()
    at = models.DateTimeField(_("écrite le"), default=timezone.now)

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("étape d’une suite donnée")
        ordering = ["follow_up", "number", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["follow_up", "number", "version"], name="milestone_version_once"),
            models.CheckConstraint(name="milestone_is_not_empty", condition=~Q(label="")),
            models.CheckConstraint(
                name="milestone_dropped_is_not_reached", condition=Q(is_dropped=False) | Q(reached_on=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follow_up_id} {self.number}.{self.version}"


COMMITTEE = _("travail du comité de suivi, lu par les services qui en répondent")


class FollowUpRemark(models.Model):
    """A remark of the committee, read by the team, the directorate in charge, the offices and the committee."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="remarks")
    text = models.TextField(_("remarque"), max_length=2000)
    by = user_key()
    at = models.DateTimeField(_("dite le"), default=timezone.now)

    privacy = ModelPrivacy(_("Vos remarques au comité de suivi"), owner="by__person", default=retained(COMMITTEE))

    class Meta:
        verbose_name = _("remarque du comité de suivi")
        ordering = ["follow_up", "-pk"]
        constraints = [models.CheckConstraint(name="follow_up_remark_is_not_empty", condition=~Q(text=""))]

    def __str__(self) -> str:
        return f"{self.follow_up_id} {self.pk}"


class FollowUpHearing(models.Model):
    """A service that the committee asks to hear; later when it was heard, by whom, and what it said."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="hearings")
    service = models.CharField(_("service à entendre"), max_length=200)
    question = models.TextField(_("ce que le comité veut savoir"), max_length=1000)
    asked_by = user_key()
    asked_at = models.DateTimeField(_("demandée le"), default=timezone.now)
    heard_on = models.DateField(_("entendu le"), null=True, blank=True)
    heard_by = models.CharField(_("par qui"), max_length=300, blank=True)
    summary = models.TextField(_("ce qui a été dit"), max_length=4000, blank=True)
    recorded_by = optional_user_key()

    privacy = ModelPrivacy(
        _("Les auditions que vous avez demandées au comité de suivi"),
        owner="asked_by__person",
        default=retained(COMMITTEE),
        internal=["heard_by", "summary"],
    )

    class Meta:
        verbose_name = _("audition demandée par le comité de suivi")
        ordering = ["follow_up", "-pk"]
        constraints = [
            models.CheckConstraint(name="follow_up_hearing_has_question", condition=~Q(service="") & ~Q(question="")),
            models.CheckConstraint(
                name="follow_up_hearing_is_whole",
                condition=Q(heard_on=None, heard_by="", summary="", recorded_by=None)
                | (Q(heard_on__isnull=False, recorded_by__isnull=False) & ~Q(heard_by="") & ~Q(summary="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follow_up_id} {self.service}"
