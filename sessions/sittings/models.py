"""Models of a sitting: when, where, of which body, and who is invited."""

import uuid
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from assembly.identity.columns import optional_key, optional_user_key, user_key
from assembly.identity.models import Person
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy, erased, retained
from assembly.institution.models import TEAM_ROLES, Committee, CommitteeMembership, Role, Term
from assembly.institution.rules import term_ids
from assembly.speed.queries import ScreenQuerySet
from assembly.workflow import RowStanding, State, States


class SittingKind(models.TextChoices):
    PLENARY = "plenary", _("séance plénière")
    THEMATIC = "thematic", _("séance thématique")
    COMMITTEE = "committee", _("réunion de comité")


class SittingState(States):
    """States of a sitting (domain.md B11); the label is what the reader must know, not the code translated."""

    PLANNED = "planned", State("todo", tags={"upcoming"}), _("Planifiée")
    NOTIFIED = "notified", State("waiting", tags={"upcoming", "answerable"}), _("Convoquée")
    CONFIRMED = "confirmed", State("in_progress", tags={"upcoming", "answerable"}), _("Confirmée")
    OPEN = "open", State("in_progress", tags={"running"}), _("Ouverte")
    SUSPENDED = "suspended", State("waiting", tags={"running"}), _("Suspendue")
    CLOSED = "closed", State("partial", tags={"held", "ended"}), _("Tenue")
    MINUTED = "minuted", State("done", tags={"held", "ended"}), _("Compte rendu fait")
    ARCHIVED = "archived", State("closed", tags={"held", "ended"}), _("Archivée")
    POSTPONED = "postponed", State("refused", tags={"stopped", "called_off"}), _("Reportée")
    CANCELLED = "cancelled", State("refused", tags={"stopped", "called_off"}), _("Annulée")
    NOT_QUORATE = "not_quorate", State("late", tags={"ended", "inquorate"}), _("Sans quorum")
    RECONVENED = (
        "reconvened",
        State("closed", word=_("Sans quorum"), tags={"ended", "inquorate", "called_off"}),
        _("Convoquée de nouveau"),
    )
    NOT_HELD = "not_held", State("refused", tags={"stopped", "called_off"}), _("N’a pas eu lieu")


class Reply(models.TextChoices):
    INVITED = "invited", _("Sans réponse")
    WILL_ATTEND = "will_attend", _("Vient")
    WILL_NOT = "will_not", _("Ne vient pas")
    MAYBE = "maybe", _("Ne sait pas encore")


REPLY_BADGES = {
    Reply.INVITED: "todo",
    Reply.WILL_ATTEND: "done",
    Reply.WILL_NOT: "refused",
    Reply.MAYBE: "waiting",
}


MY_REPLY_LABELS = {
    Reply.INVITED: _("Votre réponse est attendue"),
    Reply.WILL_ATTEND: _("Vous venez"),
    Reply.WILL_NOT: _("Vous ne venez pas"),
    Reply.MAYBE: _("Vous ne savez pas encore"),
}


class Via(models.TextChoices):
    """Channel of a fact: an officer may record from paper or telephone whatever a member may do."""

    LINK = "link", _("par le lien du courriel")
    ACCOUNT = "account", _("dans son espace")
    PHONE = "phone", _("par téléphone")
    PAPER = "paper", _("sur papier")
    DESK = "desk", _("à l’accueil")


class NoticeKind(models.TextChoices):
    FIRST = "first", _("convocation")
    CHANGED = "changed", _("convocation modifiée")
    POSTPONED = "postponed", _("report")
    CANCELLED = "cancelled", _("annulation")
    SECOND = "second", _("seconde convocation, sans quorum")


class Absence(models.TextChoices):
    NONE = "", _("non renseignée")
    EXCUSED = "excused", _("excusé·e")
    ABSENT = "absent", _("absent·e")
    REPRESENTED = "represented", _("représenté·e")


# Largest difference between planned and real hours that the database accepts: another day is another sitting.
EARLIEST = timedelta(hours=12)
LATEST = timedelta(hours=36)
PRESENCE = _("présence à une séance publique, preuve du quorum, sans le nom")
LOGISTICS = {"wants_meal": False, "diet": "", "children": 0, "children_ages": "", "transport": "", "needs": ""}


class SittingQuerySet(ScreenQuerySet["Sitting"]):
    def visible_to(self, user: Any) -> Self:
        """Return every sitting of their terms for team and facilitators.

        For others, once announced: plenaries, sittings of their committees, and those to which they are convened; a
        plenary announced to the public also before it is convened.
        """
        everything = term_ids(user, {*TEAM_ROLES, Role.FACILITATOR})
        sits_in = term_ids(user, Role.MEMBER)
        person = getattr(user, "person_id", None)
        announced = ~Q(state=SittingState.PLANNED)
        plenary = Q(term__in=sits_in, kind=SittingKind.PLENARY) & (announced | Q(is_public=True))
        return self.filter(
            Q(term__in=everything)
            | plenary
            | announced & Q(term__in=sits_in) & Exists(seats_in_committee(person))
            | announced & Exists(Invitee.objects.filter(sitting=OuterRef("pk"), person=person, withdrawn_at=None))
        )

    def public(self) -> Self:
        """Return the sittings announced to the public, which anybody may read."""
        return self.filter(is_public=True)


def seats_in_committee(person: int | None) -> models.QuerySet:
    """Return the rows by which `person` belongs to the committee of the outer sitting today.

    For a coming sitting the seat must still run on its day: a seat whose last day is known gives no access after it.
    """
    today = timezone.localdate()
    return CommitteeMembership.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today) & Q(ends_on__gte=OuterRef("starts_at__date")),
        committee=OuterRef("committee"),
        person=person,
        starts_on__lte=today,
    )


class Sitting(models.Model):
    """Meeting of a body, in Paris time on screen; `reference` (PL-2026-02, COPIL-2026-03) never changes."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="sittings")
    kind = models.CharField(_("type"), max_length=10, choices=SittingKind)
    committee = optional_key(Committee, _("comité"), "sittings")
    reference = models.CharField(_("référence"), max_length=30)
    title = models.CharField(_("titre"), max_length=200)
    state = models.CharField(_("état"), max_length=12, choices=SittingState, default=SittingState.PLANNED)
    starts_at = models.DateTimeField(_("début"))
    ends_at = models.DateTimeField(_("fin"))
    break_starts_at = models.DateTimeField(_("début de la pause"), null=True, blank=True)
    break_ends_at = models.DateTimeField(_("fin de la pause"), null=True, blank=True)
    place_name = models.CharField(_("lieu"), max_length=160, blank=True)
    place_address = models.CharField(_("adresse"), max_length=240, blank=True)
    access_note = models.CharField(_("accès"), max_length=400, blank=True)
    video_link = models.URLField(_("lien de visioconférence"), blank=True)
    message = models.TextField(_("message aux personnes convoquées"), blank=True, max_length=2000)
    offers_meal = models.BooleanField(_("repas proposé"), default=False)
    offers_childcare = models.BooleanField(_("garde d’enfants proposée"), default=False)
    offers_transport = models.BooleanField(_("aide au transport proposée"), default=False)
    is_public = models.BooleanField(_("annoncée au public"), default=True)
    chair = optional_key(Person, _("présidence"))
    secretary = optional_key(Person, _("secrétariat"))
    is_quorum_required = models.BooleanField(_("quorum exigé"), default=True)
    follows = optional_key("self", _("fait suite à"), "followed_by")
    reason = models.CharField(_("motif du report, de l’annulation ou de l’empêchement"), max_length=300, blank=True)
    notified_at = models.DateTimeField(_("convoquée le"), null=True, blank=True)
    opened_at = models.DateTimeField(_("ouverte à"), null=True, blank=True)
    closed_at = models.DateTimeField(_("close à"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("heures relevées le"), null=True, blank=True)
    recorded_by = optional_user_key(_("heures relevées par"))
    hours_reason = models.CharField(_("pourquoi d’autres heures"), max_length=300, blank=True)
    officer = user_key(_("suivie par"))
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    privacy = IMPERSONAL
    objects = SittingQuerySet.as_manager()

    class Meta:
        verbose_name = _("séance")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["term", "reference"], name="sitting_reference_once"),
            models.CheckConstraint(
                name="sitting_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("La fin doit venir après le début."),
            ),
            models.CheckConstraint(
                name="sitting_break_inside",
                condition=Q(break_starts_at=None, break_ends_at=None)
                | Q(
                    break_starts_at__gt=F("starts_at"),
                    break_ends_at__gt=F("break_starts_at"),
                    ends_at__gt=F("break_ends_at"),
                ),
                violation_error_message=_("La pause doit commencer et finir pendant la séance."),
            ),
            models.CheckConstraint(
                name="sitting_plenary_iff_no_committee",
                condition=Q(kind=SittingKind.PLENARY, committee=None)
                | (~Q(kind=SittingKind.PLENARY) & Q(committee__isnull=False)),
                violation_error_message=_("Choisissez le comité, sauf pour une plénière."),
            ),
            models.CheckConstraint(name="sitting_state_known", condition=Q(state__in=SittingState.values)),
            models.CheckConstraint(
                name="sitting_held_iff_opened_and_closed",
                condition=~Q(state__in=SittingState.tagged("held"))
                | Q(opened_at__isnull=False, closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="sitting_open_has_opened_at",
                condition=~Q(state__in=SittingState.tagged("running")) | Q(opened_at__isnull=False, closed_at=None),
            ),
            models.CheckConstraint(
                name="sitting_stopped_has_reason",
                condition=~Q(state__in=SittingState.tagged("stopped")) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="sitting_opened_iff_it_began",
                condition=Q(state__in=SittingState.tagged("running", "ended"), opened_at__isnull=False)
                | ~Q(state__in=SittingState.tagged("running", "ended")) & Q(opened_at=None, closed_at=None),
            ),
            models.CheckConstraint(
                name="sitting_opened_on_its_day",
                condition=Q(opened_at=None)
                | Q(opened_at__gte=F("starts_at") - EARLIEST, opened_at__lte=F("ends_at") + LATEST),
            ),
            models.CheckConstraint(
                name="sitting_closed_on_its_day",
                condition=Q(closed_at=None) | Q(closed_at__gt=F("opened_at"), closed_at__lte=F("ends_at") + LATEST),
            ),
            models.CheckConstraint(
                name="sitting_recorded_once_ended",
                condition=Q(recorded_at=None, recorded_by=None)
                | Q(
                    recorded_at__gte=F("closed_at"), recorded_by__isnull=False, state__in=SittingState.tagged("ended")
                ),
            ),
            models.CheckConstraint(
                name="sitting_other_hours_have_reason",
                condition=Q(recorded_at=None) | ~Q(hours_reason="") | Q(closed_at__lte=F("ends_at")),
            ),
        ]
        indexes = [models.Index(fields=["term", "-starts_at", "-id"], name="sitting_by_term")]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def standing(self) -> RowStanding:
        """Return the label and the badge of the state.

        Past its day without a record, « Date passée » replaces « Convoquée »; « de nouveau » refers to another
        sitting.
        """
        state = SittingState(self.state)
        if state in SittingState.tagged("upcoming") and self.ends_at < timezone.now():
            return RowStanding("waiting", gettext("Date passée"), gettext("Date passée, rien n’est encore noté"))
        sentence = gettext("Sans quorum, convoquée de nouveau") if state == SittingState.RECONVENED else ""
        return RowStanding(state.badge, state.word, sentence)

    @property
    def is_upcoming(self) -> bool:
        return self.state in SittingState.tagged("upcoming")

    @property
    def takes_answers(self) -> bool:
        return self.state in SittingState.tagged("answerable")

    @property
    def awaits_replies(self) -> bool:
        """Return whether the convened people may still answer, which they cannot after the sitting."""
        return self.takes_answers and self.ends_at >= timezone.now()

    @property
    def is_running(self) -> bool:
        return self.state in SittingState.tagged("running")

    @property
    def is_held(self) -> bool:
        return self.state in SittingState.tagged("held")

    @property
    def asks_logistics(self) -> bool:
        return self.offers_meal or self.offers_childcare or self.offers_transport

    @property
    def half_days(self) -> list[tuple[Any, Any]]:
        """Return the sitting split at its break: one or two half-days."""
        if self.break_starts_at and self.break_ends_at:
            return [(self.starts_at, self.break_starts_at), (self.break_ends_at, self.ends_at)]
        return [(self.starts_at, self.ends_at)]


class SittingTemplate(models.Model):
    """Template of sittings; agenda lines are [{title, kind, minutes, depth, is_internal}]."""

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="sitting_templates")
    name = models.CharField(_("nom du modèle"), max_length=120)
    kind = models.CharField(_("type"), max_length=10, choices=SittingKind)
    agenda = models.JSONField(default=list)
    offers_meal = models.BooleanField(default=False)
    offers_childcare = models.BooleanField(default=False)
    offers_transport = models.BooleanField(default=False)

    privacy = IMPERSONAL

    class Meta:
        ordering = ["name__alphabetical"]
        constraints = [models.UniqueConstraint(fields=["term", "name"], name="sitting_template_name_once")]

    def __str__(self) -> str:
        return self.name


class InviteeQuerySet(ScreenQuerySet["Invitee"]):
    def expected(self) -> Self:
        """Return those still invited: a person whose mandate ended meanwhile is withdrawn, not deleted."""
        return self.filter(withdrawn_at=None)


class Invitee(models.Model):
    """Person invited to a sitting, with their answer and their needs on the day.

    `link_version` makes the personal link revocable: a link with another number opens nothing.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="invitees")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sitting_invitations")
    is_member = models.BooleanField(
        _("membre de l’instance"),
        default=True,
        help_text=_("Compte pour le quorum et vote ; les autres sont invités."),
    )
    capacity = models.CharField(_("qualité"), max_length=160, blank=True)
    reply = models.CharField(_("réponse"), max_length=12, choices=Reply, default=Reply.INVITED)
    replied_at = models.DateTimeField(_("répondu le"), null=True, blank=True)
    replied_via = models.CharField(_("par"), max_length=10, choices=Via, blank=True)
    reply_recorded_by = optional_user_key()
    wants_meal = models.BooleanField(_("repas"), default=False)
    diet = models.CharField(_("régime alimentaire"), max_length=120, blank=True)
    children = models.PositiveSmallIntegerField(_("enfants à garder"), default=0)
    children_ages = models.CharField(_("âges des enfants"), max_length=60, blank=True)
    transport = models.CharField(_("transport"), max_length=200, blank=True)
    needs = models.CharField(_("besoins pour cette séance"), max_length=300, blank=True)
    absence = models.CharField(_("absence"), max_length=12, choices=Absence, default=Absence.NONE, blank=True)
    absence_reason = models.CharField(_("motif"), max_length=160, blank=True)
    link_version = models.PositiveSmallIntegerField(default=1, editable=False)
    is_absence_derived = models.BooleanField(
        _("absence déduite de la réponse"), default=False, help_text=_("Notée par la clôture, non par une personne.")
    )
    withdrawn_at = models.DateTimeField(_("n’est plus convoqué·e depuis"), null=True, blank=True)

    privacy = ModelPrivacy(
        _("Vos convocations et vos réponses"),
        owner="person",
        default=retained(PRESENCE),
        capacity=erased(),
        absence_reason=erased(),
        fields={name: erased(empty) for name, empty in LOGISTICS.items()},
    )
    objects = InviteeQuerySet.as_manager()

    class Meta:
        verbose_name = _("personne convoquée")
        constraints = [
            models.UniqueConstraint(fields=["sitting", "person"], name="invitee_once"),
            models.CheckConstraint(
                name="invitee_replied_iff_moment",
                condition=Q(reply=Reply.INVITED, replied_at=None)
                | (~Q(reply=Reply.INVITED) & Q(replied_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} @ {self.sitting_id}"

    @property
    def state_badge(self) -> str:
        return REPLY_BADGES[Reply(self.reply)]

    @property
    def my_reply_label(self) -> str:
        """Return the label of the answer for its author."""
        return str(MY_REPLY_LABELS[Reply(self.reply)])

    @property
    def has_needs(self) -> bool:
        """Return whether there is a need to arrange before the day."""
        return bool(self.wants_meal or self.diet or self.children or self.transport or self.needs)


class Notice(models.Model):
    """One convocation as it was sent: a frozen copy of its content, and the changes since the one before."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="notices")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(_("type"), max_length=10, choices=NoticeKind)
    issued_at = models.DateTimeField(_("envoyée le"))
    issued_by = user_key()
    snapshot = models.JSONField()
    changes = models.JSONField(default=list)
    distribution = models.ForeignKey(
        "notifications.Distribution", on_delete=models.PROTECT, null=True, related_name="+"
    )

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("convocation")
        ordering = ["sitting", "number"]
        constraints = [models.UniqueConstraint(fields=["sitting", "number"], name="notice_number_once")]

    def __str__(self) -> str:
        return f"{self.sitting_id} n° {self.number}"


class CalendarFeed(models.Model):
    """Calendar address of a person. It is signed with `version`: another number closes the old address."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="calendar_feed")
    version = models.PositiveIntegerField(default=1)
    is_open = models.BooleanField(default=True)
    changed_at = models.DateTimeField(auto_now=True)

    privacy = ModelPrivacy(_("Votre agenda partagé"), owner="user__person", deletes_rows=True)

    class Meta:
        verbose_name = _("agenda personnel")

    def __str__(self) -> str:
        return f"calendar of {self.user_id}"
