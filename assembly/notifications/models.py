"""Models of mail: distributions, their deliveries, letters, events, preferences, the developer's mailbox.

A distribution is what was sent, about what, by whom, when; its progress is counted, never stored. A delivery is one
message to one person, by one way: a row of the outbox, and the proof of its outcome. Letters that are printed together
are one file, so that a paper jam is one page to print again. Messages with a legal effect ignore preferences.
"""

import uuid
from datetime import datetime
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import optional_key, optional_user_key
from assembly.identity.models import Person, User
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy, erased, retained
from assembly.institution.models import TEAM_ROLES, Assembly, Role, Term
from assembly.institution.rules import assembly_ids, term_ids
from assembly.speed.queries import ScreenQuerySet
from assembly.workflow import State, States
from assembly.workflow.constraints import filled_in


class Way(models.TextChoices):
    """Ways of sending one delivery."""

    EMAIL = "email", _("courriel")
    PAPER = "paper", _("lettre")
    IN_APP = "in_app", _("avis sur le site")


class DeliveryState(States):
    """States of a delivery.

    `email`, `paper`: those that a mail, or a letter, may have. `pending`: not sent yet. `uncertain`: perhaps sent.
    `stoppable`: may still be stopped. `retriable`: may be sent again. `returned`: came back after it was sent.
    """

    QUEUED = "queued", State("todo", tags={"email", "paper", "pending", "stoppable"}), _("en attente")
    IN_FLIGHT = "in_flight", State("in_progress", tags={"email", "pending", "uncertain"}), _("en cours d’envoi")
    SENT = "sent", State("done", tags={"email", "sent", "arrived"}), _("envoyé")
    BOUNCED = "bounced", State("refused", tags={"email", "returned", "retriable"}), _("refusé")
    COMPLAINED = "complained", State("refused", tags={"email", "sent", "returned"}), _("signalé comme indésirable")
    FAILED = "failed", State("late", tags={"email", "stoppable", "retriable"}), _("pas parti")
    TO_CHECK = "to_check", State("warn", tags={"email", "stoppable", "uncertain"}), _("à vérifier")
    PRINTED = "printed", State("partial", tags={"paper", "printed"}), _("imprimé")
    HANDED_OVER = "handed_over", State("done", tags={"paper", "printed", "arrived"}), _("remis")
    WITHHELD = "withheld", State("closed", tags={"unsent"}), _("pas envoyé")
    CANCELLED = "cancelled", State("closed", tags={"email", "paper", "unsent"}), _("arrêté")


class EventKind(models.TextChoices):
    """Events that a mail provider reports after it took a message."""

    ACCEPTED = "accepted", _("pris en charge")
    DELIVERED = "delivered", _("arrivé")
    DEFERRED = "deferred", _("retardé")
    BOUNCED = "bounced", _("refusé")
    COMPLAINED = "complained", _("signalé comme indésirable")


class DistributionQuerySet(ScreenQuerySet["Distribution"]):
    def visible_to(self, user: User) -> Self:
        """Return the distributions of the user's teams, and all of an assembly for its technical administrator."""
        team = Q(term_id__in=term_ids(user, TEAM_ROLES))
        wide = Q(term=None, assembly_id__in=assembly_ids(user, TEAM_ROLES))
        return self.filter(team | wide | Q(assembly_id__in=assembly_ids(user, Role.ADMIN)))


class Distribution(models.Model):
    """One message to many people. `key` is unique: a second request returns the first one."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=150, unique=True)
    kind = models.CharField(_("nature"), max_length=60)
    title = models.CharField(_("objet"), max_length=200)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="+")
    term = optional_key(Term)
    requested_by = optional_user_key()
    requested_at = models.DateTimeField(_("demandé le"))
    send_at = models.DateTimeField(
        _("à envoyer le"),
        null=True,
        blank=True,
        help_text=_("Vide : tout de suite. Les courriels attendent cette heure."),
    )
    stopped_at = models.DateTimeField(_("arrêté le"), null=True, blank=True)
    attachments = models.JSONField(_("pièces jointes"), default=list)

    privacy = IMPERSONAL
    objects = DistributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("envoi")
        ordering = ["-requested_at", "-pk"]
        indexes = [
            models.Index(fields=["term", "-requested_at", "-id"], name="distribution_latest"),
            models.Index(fields=["assembly", "-requested_at", "-id"], name="distribution_of_assembly"),
            models.Index(fields=["subject_type", "subject_id"], name="distribution_subject"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_waiting(self) -> bool:
        """Return whether its mail has a sending time in the future."""
        return self.send_at is not None and self.send_at > timezone.now() and self.stopped_at is None

    @cached_property
    def subject(self) -> models.Model:
        """Return the object that the message is about, read from its own app."""
        model = apps.get_model(self.subject_type)
        return model._base_manager.get(pk=self.subject_id)


class LetterBatch(models.Model):
    """File of letters. They count as printed when its rendition is ready; `documents` retains the file for a while."""

    distribution = models.ForeignKey(Distribution, on_delete=models.PROTECT, related_name="batches")
    requested_by = optional_user_key()
    requested_at = models.DateTimeField(_("demandé le"))

    privacy = IMPERSONAL

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.distribution_id}-{self.pk}"

    @property
    def reference(self) -> str:
        return f"LETTRES-{self.distribution_id}-{self.pk}"


S = DeliveryState
NAMESPACE = uuid.UUID("5d2c8f0e-6f5b-4d0b-9a53-6a7c1f7a9d11")
TO_CALL = Q(state__in=S.tagged("returned"), called_at=None, person__isnull=False, person__anonymised_at=None)
SENT = _("preuve qu’un envoi a été fait, sans le nom ni l’adresse")


def public_id(key: str) -> uuid.UUID:
    """Return the same identifier for the same business key."""
    return uuid.uuid5(NAMESPACE, key)


def message_id(identifier: uuid.UUID, issue: int, domain: str) -> str:
    """Return the Message-ID of the issue-th time a person decides to send this mail, before anything is sent."""
    return f"<{identifier}.{issue}@{domain}>"


def iff(condition: Q, states: list[DeliveryState]) -> Q:
    """Return the constraint that `condition` is true in `states` and nowhere else."""
    return (Q(state__in=sorted(states)) & condition) | (~Q(state__in=sorted(states)) & ~condition)


def only_in(condition: Q, states: list[DeliveryState]) -> Q:
    """Return the constraint that `condition` is true in `states` only."""
    return Q(state__in=sorted(states)) | ~condition


class DeliveryQuerySet(ScreenQuerySet["Delivery"]):
    def due(self) -> Self:
        """Return the e-mail that may be sent now, the longest waiting first; the database's clock decides."""
        return self.filter(state=S.QUEUED, way=Way.EMAIL, next_attempt_at__lte=Now()).order_by("next_attempt_at", "pk")

    def to_call(self) -> Self:
        """Return the deliveries that bounced and whose recipient nobody has telephoned yet."""
        return self.filter(TO_CALL)


class Delivery(models.Model):
    """Message to one recipient.

    `context` holds data of this recipient (a personal link); it is emptied after sending when the kind requires it.
    """

    public_id = models.UUIDField(unique=True, editable=False)
    key = models.CharField(max_length=190, unique=True)
    distribution = models.ForeignKey(Distribution, on_delete=models.PROTECT, related_name="deliveries")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="deliveries")
    recipient_name = models.CharField(_("destinataire"), max_length=170)
    sort_name = models.CharField(max_length=170, editable=False)
    way = models.CharField(_("voie"), max_length=6, choices=Way)
    address = models.TextField(_("adresse"), blank=True, max_length=700)
    context = models.JSONField(default=dict)
    state = models.CharField(_("état"), max_length=12, choices=DeliveryState, default=S.QUEUED)
    message_id = models.CharField(max_length=255, unique=True, null=True)  # noqa: DJ001 -- unique among e-mails only
    issue = models.PositiveSmallIntegerField(default=1)
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    next_attempt_at = models.DateTimeField(_("prochain essai"), null=True)
    claimed_at = models.DateTimeField(null=True)
    claimed_by = models.PositiveSmallIntegerField(null=True)
    sent_at = models.DateTimeField(_("envoyé le"), null=True)
    digest = models.CharField(_("empreinte du message"), max_length=64, blank=True)
    delivered_at = models.DateTimeField(_("arrivé le"), null=True)
    bounced_at = models.DateTimeField(_("refusé le"), null=True)
    batch = models.ForeignKey(LetterBatch, on_delete=models.PROTECT, null=True, related_name="letters")
    printed_at = models.DateTimeField(_("imprimé le"), null=True)
    handed_over_at = models.DateTimeField(_("remis le"), null=True)
    called_at = models.DateTimeField(_("appelé le"), null=True)
    called_by = optional_user_key()
    error = models.CharField(_("explication"), max_length=300, blank=True)

    privacy = ModelPrivacy(
        _("Les envois qui vous ont été faits"),
        owner="person",
        is_trace=True,
        default=retained(SENT),
        internal=["message_id", "issue", "attempts", "next_attempt_at", "claimed_at", "claimed_by", "batch"],
        recipient_name=erased(_("Personne effacée")),
        sort_name=erased("effacee", exported=False),
        address=erased(),
        context=erased(lambda delivery: {}, exported=False),
        error=erased(),
    )
    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("remise")
        ordering = ["sort_name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="delivery_state_fits_way",
                condition=Q(way=Way.EMAIL, state__in=sorted(S.tagged("email")))
                | Q(way=Way.PAPER, state__in=sorted(S.tagged("paper")))
                | Q(way=Way.IN_APP, state=S.SENT)
                | Q(state=S.WITHHELD),
            ),
            models.CheckConstraint(
                name="delivery_message_id_iff_email",
                condition=Q(way=Way.EMAIL, message_id__isnull=False)
                | (~Q(way=Way.EMAIL) & Q(message_id=None))
                | Q(state=S.WITHHELD, message_id=None),
            ),
            models.CheckConstraint(
                name="delivery_claimed_iff_in_flight",
                condition=Q(state=S.IN_FLIGHT, claimed_at__isnull=False, claimed_by__isnull=False)
                | (~Q(state=S.IN_FLIGHT) & Q(claimed_at=None, claimed_by=None)),
            ),
            models.CheckConstraint(
                name="delivery_next_attempt_iff_queued_email",
                condition=Q(state=S.QUEUED, way=Way.EMAIL, next_attempt_at__isnull=False)
                | (~Q(state=S.QUEUED, way=Way.EMAIL) & Q(next_attempt_at=None)),
            ),
            filled_in(S.tagged("sent"), "sent_at")(name="delivery_sent_has_date"),
            models.CheckConstraint(
                name="delivery_sent_at_only_when_sent",
                condition=only_in(Q(sent_at__isnull=False), S.tagged("sent", "returned")),
            ),
            models.CheckConstraint(
                name="delivery_bounced_at_iff_bounced",
                condition=iff(Q(bounced_at__isnull=False), S.tagged("returned")),
            ),
            models.CheckConstraint(
                name="delivery_printed_at_iff_printed",
                condition=iff(Q(printed_at__isnull=False), S.tagged("printed")),
            ),
            models.CheckConstraint(
                name="delivery_handed_over_at_iff_handed_over",
                condition=iff(Q(handed_over_at__isnull=False), [S.HANDED_OVER]),
            ),
            models.CheckConstraint(
                name="delivery_printed_in_a_batch",
                condition=Q(batch=None) & ~Q(state__in=S.tagged("printed")) | Q(way=Way.PAPER, batch__isnull=False),
            ),
            models.CheckConstraint(
                name="delivery_called_by_whom",
                condition=Q(called_at=None, called_by=None) | Q(called_at__isnull=False, called_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                name="delivery_due",
                condition=Q(state=S.QUEUED, way=Way.EMAIL),
            ),
            models.Index(fields=["claimed_by"], name="delivery_in_flight", condition=Q(state=S.IN_FLIGHT)),
            models.Index(fields=["distribution", "state"], name="delivery_counters"),
            models.Index(fields=["distribution", "sort_name", "id"], name="delivery_by_name"),
            models.Index(
                fields=["distribution", "state"],
                name="delivery_waiting",
                condition=Q(state__in=[S.QUEUED, S.TO_CHECK, S.FAILED, S.PRINTED]),
            ),
            models.Index(
                fields=["distribution"],
                name="delivery_to_call",
                condition=Q(state__in=S.tagged("returned"), called_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def state_badge(self) -> str:
        return S(self.state).badge

    @property
    def last_moment(self) -> datetime | None:
        """Return when the state last changed."""
        return self.handed_over_at or self.printed_at or self.bounced_at or self.sent_at

    @property
    def address_line(self) -> str:
        """Return the address on one line: that of a letter has several."""
        return " ".join(self.address.split())

    def next_message_id(self) -> dict[str, Any]:
        """Return the fields of a new issue, so that a mail sent again on purpose is not taken for the earlier one."""
        domain = (self.message_id or "@localhost>").rpartition("@")[2].rstrip(">")
        issue = self.issue + 1
        return {"issue": issue, "message_id": message_id(self.public_id, issue, domain)}


class DeliveryEvent(models.Model):
    """Event of a delivery. `key` is the provider's own number, so that a webhook that arrives twice counts once."""

    key = models.CharField(max_length=120, unique=True)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="events")
    message_id = models.CharField(max_length=255)
    kind = models.CharField(_("nature"), max_length=10, choices=EventKind)
    is_final = models.BooleanField(default=False)
    happened_at = models.DateTimeField(_("moment"))
    received_at = models.DateTimeField(auto_now_add=True)
    detail = models.CharField(_("réponse du serveur"), max_length=300, blank=True)

    privacy = ModelPrivacy(
        _("Ce que le serveur a dit de ces envois"),
        owner="delivery__person",
        default=retained(SENT),
        internal=["message_id", "is_final", "received_at"],
        detail=erased(),
    )

    class Meta:
        ordering = ["happened_at", "pk"]
        indexes = [models.Index(fields=["message_id"], name="delivery_event_message")]

    def __str__(self) -> str:
        return f"{self.kind} {self.message_id}"


class Preference(models.Model):
    """Preference of a person. No row means yes. Without optional mail, the notice is on the site only."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="mail_preference")
    optional_mail = models.BooleanField(_("recevoir aussi les nouvelles et les rappels par courriel"), default=True)
    changed_at = models.DateTimeField(auto_now=True)

    privacy = ModelPrivacy(_("Vos choix de courriels"), owner="person", deletes_rows=True, is_trace=True)

    def __str__(self) -> str:
        return f"{self.person_id} {self.optional_mail}"


class LocalMessage(models.Model):
    """Message as it was sent, byte for byte. Two rows with one Message-ID would be a message sent twice."""

    message_id = models.CharField(max_length=255, db_index=True)
    sender = models.CharField(max_length=320)
    recipients = models.TextField()
    subject = models.TextField(blank=True)
    raw = models.BinaryField()
    received_at = models.DateTimeField(auto_now_add=True)

    privacy = IMPERSONAL

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.message_id
