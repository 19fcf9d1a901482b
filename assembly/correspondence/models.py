"""Messages that the team writes to a group of people: frozen recipients, files, texts to start from."""

from typing import Any, ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from assembly.documents.models import Blob, Revision, Upload
from assembly.identity.columns import key_to, optional_key, optional_user_key, user_key
from assembly.identity.models import Person
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy
from assembly.institution.models import TEAM_ROLES, Assembly, Term
from assembly.institution.rules import assembly_ids, term_ids
from assembly.notifications.models import Distribution
from assembly.speed.queries import ScreenQuerySet
from assembly.workflow import State, States
from assembly.workflow.constraints import filled_only_in

SUBJECT_LENGTH, BODY_LENGTH = 120, 20_000


class MessageState(States):
    DRAFT = "draft", State("in_progress"), _("à relire")
    SENT = "sent", State("done"), _("envoyé")
    CANCELLED = "cancelled", State("closed"), _("abandonné")


class TeamMessageQuerySet(ScreenQuerySet["TeamMessage"]):
    def visible_to(self, user: Any) -> Self:
        """Return the messages of the terms where `user` is in the team."""
        return self.filter(term__in=term_ids(user, TEAM_ROLES))


class TeamMessage(models.Model):
    """Message of the team to a group of people.

    `group`: the key of the group (`registry`); `subject_type`, `subject_id`: the object on whose page it was written;
    `query`: filters and ticked rows of a list, or the part of the group. `facts`: what the fields of the text hold of
    the object; `substitutes`: what stands for a field that is empty for somebody. `count`: how many recipients were
    frozen at `frozen_at`.
    """

    term = key_to(Term)
    state = models.CharField(_("état"), max_length=9, choices=MessageState, default=MessageState.DRAFT)
    group = models.SlugField(max_length=24)
    group_name = models.CharField(_("destinataires"), max_length=200)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    query = models.TextField(blank=True, max_length=4000)
    title = models.CharField(_("objet"), max_length=SUBJECT_LENGTH)
    body = models.TextField(_("texte"), max_length=BODY_LENGTH)
    facts = models.JSONField(default=dict)
    substitutes = models.JSONField(default=dict)
    count = models.PositiveIntegerField(_("personnes"), default=0)
    frozen_at = models.DateTimeField(_("destinataires figés le"))
    written_by = user_key()
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(_("envoyé le"), null=True)
    sent_by = optional_user_key()
    distribution = optional_key(Distribution)

    privacy = IMPERSONAL  # the text to one person alone is erased with them (`contributions`)
    objects: ClassVar[Any] = TeamMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message de l’équipe")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["term", "-id"], name="team_message_latest"),
            models.Index(fields=["subject_type", "subject_id"], name="team_message_subject"),
        ]
        constraints = [
            models.CheckConstraint(name="team_message_state_known", condition=Q(state__in=MessageState.values)),
            filled_only_in(MessageState.SENT, "sent_at", distribution__isnull=False)(
                name="team_message_sent_has_moment"
            ),
            models.CheckConstraint(
                name="team_message_frozen_before_sent", condition=Q(sent_at=None) | Q(sent_at__gte=F("frozen_at"))
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state_badge(self) -> str:
        return MessageState(self.state).badge

    @cached_property
    def subject(self) -> models.Model:
        """Return the object from whose page the message was written."""
        model = apps.get_model(self.subject_type)
        return model._base_manager.get(pk=self.subject_id)

    @property
    def fingerprint(self) -> str:
        """Return what a page sends back to prove which text and which recipients were read on it."""
        return self.frozen_at.isoformat()


class MessageRecipient(models.Model):
    """Person to whom a message was to be sent when its recipients were frozen.

    `is_left_out`: they were no longer concerned when the message was sent.
    """

    message = models.ForeignKey(TeamMessage, on_delete=models.CASCADE, related_name="recipients")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    is_left_out = models.BooleanField(default=False)

    privacy = ModelPrivacy(
        _("Les messages que l’équipe vous a adressés"), owner="person", deletes_rows=True, is_trace=True
    )

    class Meta:
        verbose_name = _("destinataire d’un message")
        constraints = [models.UniqueConstraint(fields=["message", "person"], name="message_recipient_once")]

    def __str__(self) -> str:
        return f"recipient {self.pk}"


class MessageFile(models.Model):
    """File of a message: one that was uploaded for it, or a revision of a document, whose bytes never change."""

    message = models.ForeignKey(TeamMessage, on_delete=models.CASCADE, related_name="files")
    upload = optional_key(Upload)
    revision = optional_key(Revision)

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("pièce jointe")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="message_file_is_one",
                condition=Q(upload=None, revision__isnull=False) | Q(upload__isnull=False, revision=None),
            ),
            models.UniqueConstraint(fields=["message", "revision"], name="message_file_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def blob(self) -> Blob:
        source = self.upload or self.revision
        if source is None:
            raise ValueError("a file without bytes: the constraint refuses it")
        return source.blob

    @property
    def is_available(self) -> bool:
        """Return whether an uploaded file was judged by the antivirus and is not withdrawn."""
        return self.upload is None or self.upload.is_available

    @property
    def name(self) -> str:
        """Return the name of the file in the mail."""
        return self.upload.name if self.upload else f"{self.revision.document.reference}.pdf"  # type: ignore[union-attr]  # -- one of the two


class SavedTextState(States):
    OFFERED = "offered", State("done"), _("proposé")
    REMOVED = "removed", State("closed"), _("retiré")


class SavedTextQuerySet(ScreenQuerySet["SavedText"]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(assembly__in=assembly_ids(user, TEAM_ROLES))


class SavedText(models.Model):
    """Text that the team starts a message from."""

    assembly = key_to(Assembly)
    state = models.CharField(_("état"), max_length=8, choices=SavedTextState, default=SavedTextState.OFFERED)
    name = models.CharField(_("nom du modèle"), max_length=80)
    title = models.CharField(_("objet"), max_length=SUBJECT_LENGTH)
    body = models.TextField(_("texte"), max_length=BODY_LENGTH)
    created_by = user_key()
    created_at = models.DateTimeField(auto_now_add=True)

    privacy = IMPERSONAL
    objects: ClassVar[Any] = SavedTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("modèle de texte")
        ordering = ["name__alphabetical", "pk"]
        constraints = [
            models.CheckConstraint(name="saved_text_state_known", condition=Q(state__in=SavedTextState.values)),
            models.UniqueConstraint(
                fields=["assembly", "name"],
                condition=Q(state=SavedTextState.OFFERED),
                name="saved_text_name_once",
                violation_error_message=_("Un modèle porte déjà ce nom."),
                violation_error_code="name",
            ),
        ]

    def __str__(self) -> str:
        return self.name
