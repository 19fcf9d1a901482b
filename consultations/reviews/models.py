"""Models of the request to a directorate, its answer and visas, the discussion about it, the scoping note."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from assembly.identity.columns import optional_key, optional_user_key, user_key
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy, retained
from assembly.institution.models import TEAM_ROLES, Directorate, Role
from assembly.institution.rules import directorates_of, term_ids
from assembly.speed.queries import ScreenQuerySet
from assembly.text.french import format_date
from assembly.workflow import RowStanding, State, States
from assembly.workflow.constraints import filled_only_in
from consultations.referrals.models import Referral


class ReviewState(States):
    """States of the request to one directorate. « En retard » is no state: it is a date that has passed."""

    ASKED = "asked", State("todo", tags={"open", "editable"}), _("attendu")
    DRAFTED = "drafted", State("in_progress", tags={"open", "editable"}), _("commencé")
    RETURNED = "returned", State("waiting", tags={"open", "editable"}), _("à reprendre")
    SUBMITTED = "submitted", State("waiting", tags={"open", "sent"}), _("à viser")
    VALIDATED = "validated", State("done", tags={"sent", "given"}), _("rendu")
    SUPPLEMENT = (
        "supplement",
        State("waiting", word=_("Complément attendu"), tags={"open", "editable", "given"}),
        _("complément demandé"),
    )
    DECLINED = "declined", State("refused", word=_("Renvoyé à la mission")), _("renvoyé")
    PASSED_ON = "passed_on", State("refused", tags={"inactive"}), _("passé à une autre direction")
    CLOSED = "closed", State("refused", word=_("Clos sans contribution"), tags={"inactive"}), _("clos sans suite")


class ReviewKind(models.TextChoices):
    SCOPING = "scoping", _("cadrage")
    ADMISSIBILITY = "admissibility", _("recevabilité")


class Competence(models.TextChoices):
    """Whether the subject is within the powers of the département."""

    YES = "yes", _("Oui")
    PARTLY = "partly", _("En partie")
    NO = "no", _("Non")


class Feasibility(models.TextChoices):
    AS_IS = "as_is", _("Oui, tel quel")
    WITH_CONDITIONS = "conditions", _("Oui, avec des conditions")
    NOT_OURS = "not_ours", _("Non, pas par le Département")
    IMPOSSIBLE = "impossible", _("Non, pour une raison technique ou légale")


class CostRange(models.TextChoices):
    """Order of magnitude of a cost, per year."""

    UNDER_10K = "under_10k", _("Moins de 10 000 €")
    UNDER_100K = "under_100k", _("De 10 000 à 100 000 €")
    UNDER_1M = "under_1m", _("De 100 000 à 1 million d’euros")
    OVER_1M = "over_1m", _("Plus de 1 million d’euros")
    UNKNOWN = "unknown", _("Ne peut pas être estimé")


class EditionKind(models.TextChoices):
    SUBMITTED = "submitted", _("envoyé au visa")
    VALIDATED = "validated", _("rendu")
    CONFLICT_COPY = "conflict_copy", _("gardé à part")


R = ReviewState
GRID = (
    "summary",
    "competence",
    "competence_note",
    "feasibility",
    "feasibility_note",
    "existing_schemes",
    "legal",
    "cost",
    "cost_note",
    "experts",
)
DELEGATED = _("délégation de signature, acte de l’institution")


class ReviewQuerySet(ScreenQuerySet["DirectorateReview"]):
    def visible_to(self, user: Any) -> Self:
        """Return all to the team; those given to the offices; to each directorate its own and those it inherited.

        What the other directorates of the same referral have given is read on the referral's page,
        not here: another directorate's request is 404.
        """
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(
            Q(referral__term__in=term_ids(user, TEAM_ROLES))
            | Q(referral__term__in=term_ids(user, {Role.PRESIDENT, Role.SPONSOR}), state=R.VALIDATED)
            | Q(directorate__in=directorates_of(user))
        )

    def open(self) -> Self:
        """Return those that are still expected."""
        return self.filter(state__in=R.tagged("open"))

    def late(self) -> Self:
        return self.open().filter(due_on__lt=timezone.localdate())


class DirectorateReview(models.Model):
    """One directorate's answer to one referral. It comments, it never edits the members' text.

    `version` grows at each save: two agents who write at once get an edit conflict, and nothing of either is lost.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="reviews")
    directorate = models.ForeignKey(Directorate, on_delete=models.PROTECT, related_name="reviews")
    kind = models.CharField(_("objet"), max_length=14, choices=ReviewKind, default=ReviewKind.SCOPING)
    state = models.CharField(_("état"), max_length=12, choices=ReviewState, default=ReviewState.ASKED)
    message = models.TextField(_("ce qui est demandé"), max_length=2000, blank=True)
    asked_at = models.DateTimeField(_("demandé le"))
    asked_by = user_key()
    due_on = models.DateField(_("attendu le"))
    due_reason = models.TextField(_("pourquoi la date a changé"), max_length=2000, blank=True)
    summary = models.TextField(_("contribution, en quelques phrases"), max_length=4000, blank=True)
    competence = models.CharField(_("compétence du Département"), max_length=8, choices=Competence, blank=True)
    competence_note = models.TextField(_("précisions sur la compétence"), max_length=2000, blank=True)
    feasibility = models.CharField(_("faisabilité"), max_length=12, choices=Feasibility, blank=True)
    feasibility_note = models.TextField(_("pourquoi"), max_length=3000, blank=True)
    existing_schemes = models.TextField(_("ce que fait déjà le Département"), max_length=4000, blank=True)
    legal = models.TextField(_("cadre juridique"), max_length=4000, blank=True)
    cost = models.CharField(_("ordre de coût par an"), max_length=12, choices=CostRange, blank=True)
    cost_note = models.TextField(_("précisions sur le coût"), max_length=2000, blank=True)
    experts = models.TextField(_("personnes et experts à entendre"), max_length=3000, blank=True)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(_("enregistré le"), null=True, blank=True)
    saved_by = optional_user_key()
    submitted_at = models.DateTimeField(_("envoyé au visa le"), null=True, blank=True)
    submitted_by = optional_user_key()
    visa_level = optional_key("VisaLevel", _("visa intermédiaire attendu"))
    validated_at = models.DateTimeField(_("rendu le"), null=True, blank=True)
    validated_by = optional_user_key()
    validated_for = optional_user_key(_("par délégation de"))
    copy_readers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("lecteurs en copie")
    )
    was_late = models.BooleanField(_("rendu en retard"), default=False)
    reminded_at = models.DateTimeField(_("relancé le"), null=True, blank=True)
    inherited_from = optional_key(Directorate, _("demandé d’abord à"))
    supplement = models.TextField(_("complément demandé"), max_length=2000, blank=True)
    reason = models.TextField(_("motif"), max_length=2000, blank=True)
    passed_to = optional_key("self", related_name="passed_from")
    closed_at = models.DateTimeField(_("clos le"), null=True, blank=True)

    privacy = IMPERSONAL
    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("contribution d’une direction")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["directorate", "state", "due_on"], name="review_by_directorate"),
            models.Index(fields=["due_on"], name="review_open_due", condition=Q(state__in=R.tagged("open"))),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "directorate", "kind"],
                name="review_once_each_kind",
                condition=~Q(state__in=R.tagged("inactive")),
                violation_error_message=_("Cette direction a déjà une demande en cours sur cette saisine."),
            ),
            models.CheckConstraint(name="review_state_known", condition=Q(state__in=ReviewState.values)),
            models.CheckConstraint(
                name="review_validated_at_iff_given",
                condition=Q(state__in=R.tagged("given"), validated_at__isnull=False, validated_by__isnull=False)
                | ~Q(state__in=R.tagged("given")),
            ),
            models.CheckConstraint(
                name="review_submitted_at_iff_submitted",
                condition=~Q(state__in=R.tagged("sent")) | Q(submitted_at__isnull=False, submitted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="review_given_has_summary",
                condition=~Q(state__in=R.tagged("sent")) | ~Q(summary=""),
                violation_error_message=_("Écrivez votre contribution en quelques phrases."),
            ),
            models.CheckConstraint(
                name="review_refusals_have_reason",
                condition=~Q(state__in=[R.RETURNED, R.DECLINED, R.PASSED_ON, R.SUPPLEMENT]) | ~Q(reason=""),
                violation_error_message=_("Dites pourquoi."),
            ),
            filled_only_in(R.PASSED_ON, "passed_to")(name="review_passed_to_iff_passed_on"),
            filled_only_in(R.CLOSED, "closed_at")(name="review_closed_at_iff_closed"),
            models.CheckConstraint(
                name="review_visa_level_while_submitted", condition=Q(visa_level=None) | Q(state=R.SUBMITTED)
            ),
            models.CheckConstraint(
                name="review_not_passed_to_itself", condition=Q(passed_to=None) | ~Q(passed_to=F("pk"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.directorate_id}"

    @property
    def is_open(self) -> bool:
        return self.state in R.tagged("open")

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due_on < timezone.localdate()

    @property
    def standing(self) -> RowStanding:
        """Return the badge and the label of the state; « En retard » has its date and nothing else."""
        if self.is_late:
            since = {"day": format_date(self.due_on, weekday=False)}
            return RowStanding("late", gettext("En retard"), gettext("depuis le %(day)s") % since)
        state = ReviewState(self.state)
        sentence = gettext("en retard") if state == R.VALIDATED and self.was_late else ""
        return RowStanding(state.badge, state.word, sentence)

    @property
    def days_left(self) -> int:
        """Return the days until the due date, negative when it has passed."""
        return (self.due_on - timezone.localdate()).days


class ReviewEdition(models.Model):
    """What was sent to the approver, what was given: each time a copy of the grid, never changed (append only).

    The text that came second, when two agents wrote at once, is stored the same way (`CONFLICT_COPY`).
    """

    review = models.ForeignKey(DirectorateReview, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16, choices=EditionKind)
    content = models.JSONField()
    by = user_key()
    at = models.DateTimeField(auto_now_add=True)

    privacy = IMPERSONAL

    class Meta:
        ordering = ["review", "number"]
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="review_edition_once")]

    def __str__(self) -> str:
        return f"{self.review_id} {self.number}"


class ReviewAttachment(models.Model):
    """A file that a directorate attaches to its answer."""

    review = models.ForeignKey(DirectorateReview, on_delete=models.PROTECT, related_name="attachments")
    upload = models.ForeignKey("documents.Upload", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("titre"), max_length=200)
    added_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    privacy = IMPERSONAL

    class Meta:
        ordering = ["review", "pk"]

    def __str__(self) -> str:
        return self.title


class Delegation(models.Model):
    """Visas of an approver who is away, given by a colleague from a day to a day (included)."""

    directorate = models.ForeignKey(Directorate, on_delete=models.PROTECT, related_name="delegations")
    giver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations_given")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations_held")
    starts_on = models.DateField(_("du"))
    ends_on = models.DateField(_("au"))
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(_("retirée le"), null=True, blank=True)

    privacy = ModelPrivacy(
        _("Les visas qui vous ont été délégués"), owner="holder__person", default=retained(DELEGATED)
    )
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("délégation de visa")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="delegation_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("La fin vient après le début."),
            ),
            models.CheckConstraint(
                name="delegation_to_another",
                condition=~Q(giver=F("holder")),
                violation_error_message=_("On ne se délègue pas à soi-même."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.directorate_id} {self.starts_on}"

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None or self.ends_on < timezone.localdate()

    @property
    def is_running(self) -> bool:
        return not self.is_over and self.starts_on <= timezone.localdate()


class ThreadMessage(models.Model):
    """A message in the private thread of a referral: the team and the directorates named in it, nobody else.

    With a `review`, in the private thread of its directorate: its agents and its copy readers, never the team. It may
    then be a comment: `quote`, a passage of the answer in the column `field`.
    """

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="thread")
    review = optional_key(DirectorateReview, related_name="private_thread")
    author = user_key()
    directorate = models.ForeignKey(
        Directorate, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text=_("Au nom de qui.")
    )
    field = models.CharField(_("question commentée"), max_length=20, blank=True)
    quote = models.TextField(_("passage"), max_length=1000, blank=True)
    body = models.TextField(_("message"), max_length=4000)
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    posted_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("retiré le"), null=True, blank=True)

    privacy = ModelPrivacy(
        _("Vos messages dans le fil des saisines"),
        owner="author__person",
        default=retained(_("échange de travail entre services, pièce du dossier")),
    )
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        ordering = ["referral", "posted_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="message_passage_of_a_review", condition=Q(review__isnull=False) | Q(field="", quote="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.pk}"


class ScopingNote(models.Model):
    """The directorates' answers in one text: composed once, then the officer's; a new one never overwrites it."""

    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="scoping_note")
    body = models.TextField(_("texte"), max_length=200_000, blank=True)
    version = models.PositiveIntegerField(default=1)
    generated_at = models.DateTimeField(_("générée le"))
    edited_at = models.DateTimeField(_("modifiée le"), null=True, blank=True)
    edited_by = optional_user_key()

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("note de cadrage")

    def __str__(self) -> str:
        return f"{self.referral_id}"


class VisaLevelQuerySet(ScreenQuerySet["VisaLevel"]):
    def standing(self) -> Self:
        """Return those that an answer sent today goes through, in their order."""
        return self.filter(removed_at=None).order_by("directorate", "position", "pk")


class VisaLevel(models.Model):
    """One intermediate visa. It is removed from the order, never deleted: answers were given through it."""

    directorate = models.ForeignKey(Directorate, on_delete=models.PROTECT, related_name="visa_levels")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("visa"), max_length=80)
    holder = user_key(_("donné par"))
    added_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(_("retiré le"), null=True, blank=True)

    privacy = ModelPrivacy(
        _("Les visas intermédiaires que vous donnez"),
        owner="holder__person",
        default=retained(DELEGATED),
        name=retained(DELEGATED),
    )
    objects = VisaLevelQuerySet.as_manager()

    class Meta:
        verbose_name = _("visa intermédiaire")
        ordering = ["directorate", "position", "pk"]

    def __str__(self) -> str:
        return self.name
