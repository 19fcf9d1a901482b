"""Models of texts, suggestions, versions and threads.

The ordered updates of a text are the text; what is in memory is only a copy.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import IntegerChoices, Q, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import optional_key, optional_user_key, user_key
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy, retained
from assembly.institution.models import Assembly, Directorate
from assembly.speed.queries import ScreenQuerySet
from assembly.workflow.constraints import filled_only_in


class TextState(TextChoices):
    OPEN = "open", _("ouvert")
    ANNOTATING = "annotating", _("ouvert aux commentaires")
    FROZEN = "frozen", _("figé")


class TextRight(IntegerChoices):
    """The rights in a text; each one includes those before it."""

    NONE = 0, _("aucun accès")
    READ = 1, _("Je lis")
    COMMENT = 2, _("Je commente")
    SUGGEST = 3, _("Je propose")
    WRITE = 4, _("J’écris")


class UpdateKind(TextChoices):
    LIVE = "live", _("saisie")
    SERVER = "server", _("modification du serveur")
    SEED = "seed", _("texte de départ")


class SuggestionState(TextChoices):
    OPEN = "open", _("à décider")
    ACCEPTED = "accepted", _("acceptée")
    REJECTED = "rejected", _("refusée")
    WITHDRAWN = "withdrawn", _("retirée")


class VersionReason(TextChoices):
    NAMED = "named", _("version nommée")
    STATE = "state", _("changement d’étape")
    SITTING = "sitting", _("avant une séance")
    RESTORED = "restored", _("version rétablie")
    FROZEN = "frozen", _("texte figé")


class TextEventKind(TextChoices):
    """The events of the daily mail."""

    ACCEPTED = "accepted", _("Votre proposition est acceptée")
    REJECTED = "rejected", _("Votre proposition n’est pas retenue")
    MENTION = "mention", _("Quelqu’un vous cite dans un commentaire")
    ASSIGNED = "assigned", _("Un commentaire vous est confié")
    REPLY = "reply", _("Une réponse à votre commentaire")
    RESOLVED = "resolved", _("Votre commentaire est traité")


COLLECTIVE = _("texte collectif de l’assemblée, gardé sans votre nom")


class SharedText(models.Model):
    """A text that several people write. The app that owns it decides who may do what (see registry.py).

    `last_seq` numbers the updates without gap: it grows in the statement that checks the state.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("nature"), max_length=40)
    title = models.CharField(_("titre"), max_length=250)
    state = models.CharField(_("état"), max_length=10, choices=TextState, default=TextState.OPEN)
    last_seq = models.PositiveBigIntegerField(default=0)
    listed_seq = models.PositiveBigIntegerField(default=0, help_text=_("Propositions relevées jusque-là."))
    schema_version = models.PositiveSmallIntegerField()
    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="+", verbose_name=_("assemblée"))
    created_at = models.DateTimeField(auto_now_add=True)
    frozen_at = models.DateTimeField(_("figé le"), null=True, blank=True)

    privacy = IMPERSONAL
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("texte")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["id"], name="text_to_list", condition=~Q(last_seq=models.F("listed_seq"))),
        ]
        constraints = [
            models.CheckConstraint(name="text_state_known", condition=Q(state__in=TextState.values)),
            filled_only_in(TextState.FROZEN, "frozen_at")(name="text_frozen_at_iff_frozen"),
            models.CheckConstraint(name="text_listed_behind", condition=Q(listed_seq__lte=models.F("last_seq"))),
        ]

    def __str__(self) -> str:
        return self.title


class Update(models.Model):
    """One person's edit, as the editor sent it. Append-only (trigger): the log is the text."""

    text = models.ForeignKey(SharedText, on_delete=models.PROTECT, related_name="updates")
    seq = models.PositiveBigIntegerField()
    data = models.BinaryField()
    author = user_key()
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=6, choices=UpdateKind, default=UpdateKind.LIVE)

    privacy = ModelPrivacy(
        _("Ce que vous avez écrit dans les textes communs"),
        owner="author__person",
        default=retained(COLLECTIVE),
        internal=["data"],
    )

    class Meta:
        ordering = ["text", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["text", "seq"], name="update_seq_once"),
            models.CheckConstraint(name="update_seq_from_one", condition=Q(seq__gte=1)),
            models.CheckConstraint(name="update_kind_known", condition=Q(kind__in=UpdateKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.text_id} {self.seq}"


class Snapshot(models.Model):
    """The whole state after `upto_seq`, so that opening need not read the log from its first row."""

    text = models.ForeignKey(SharedText, on_delete=models.PROTECT, related_name="snapshots")
    upto_seq = models.PositiveBigIntegerField()
    data = models.BinaryField()
    at = models.DateTimeField(default=timezone.now)

    privacy = IMPERSONAL

    class Meta:
        ordering = ["text", "-upto_seq"]
        constraints = [models.UniqueConstraint(fields=["text", "upto_seq"], name="snapshot_seq_once")]

    def __str__(self) -> str:
        return f"{self.text_id} {self.upto_seq}"


class Suggestion(models.Model):
    """A tracked change, linked to the text by the id of its marks.

    The marks are authoritative, the row is its history.
    """

    text = models.ForeignKey(SharedText, on_delete=models.PROTECT, related_name="suggestions")
    mark_id = models.CharField(max_length=100)
    kind = models.CharField(_("nature"), max_length=20)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="text_suggestions"
    )
    at = models.DateTimeField(_("proposé le"), default=timezone.now)
    state = models.CharField(_("état"), max_length=10, choices=SuggestionState, default=SuggestionState.OPEN)
    quote = models.TextField(_("ce qui est proposé"), blank=True)
    decided_by = optional_user_key()
    decided_at = models.DateTimeField(_("décidé le"), null=True, blank=True)
    reason = models.TextField(_("motif"), max_length=1000, blank=True)

    privacy = ModelPrivacy(
        _("Vos propositions dans les textes communs"),
        owner="author__person",
        default=retained(COLLECTIVE),
        internal=["mark_id"],
    )
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposition")
        ordering = ["text", "at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["text", "mark_id"], name="suggestion_mark_once"),
            models.CheckConstraint(name="suggestion_state_known", condition=Q(state__in=SuggestionState.values)),
            models.CheckConstraint(
                name="suggestion_decided_at_iff_decided",
                condition=Q(state=SuggestionState.OPEN, decided_at=None)
                | (~Q(state=SuggestionState.OPEN) & Q(decided_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.mark_id


class TextVersion(models.Model):
    """A named, immutable state (trigger). `sha256` is that of the tree in canonical JSON.

    `html` and `plain_text` are the text without what is only suggested. `passages`, who wrote what, is computed by a
    worker afterwards and written once.
    """

    text = models.ForeignKey(SharedText, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("numéro"))
    upto_seq = models.PositiveBigIntegerField()
    label = models.CharField(_("nom"), max_length=160)
    reason = models.CharField(_("motif"), max_length=10, choices=VersionReason)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("prise le"), default=timezone.now)
    tree = models.JSONField()
    html = models.TextField()
    plain_text = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    authors = models.JSONField(default=list)
    passages = models.JSONField(null=True, blank=True)

    privacy = IMPERSONAL
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        ordering = ["text", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["text", "number"], name="text_version_number_once"),
            models.CheckConstraint(name="text_version_reason_known", condition=Q(reason__in=VersionReason.values)),
        ]

    def __str__(self) -> str:
        return f"{self.text_id} {self.number}"


class Thread(models.Model):
    """A conversation about a passage (`anchor`, the id of a comment mark), a recommendation, or the whole text.

    `quote`, `prefix` and `suffix` store the passage, in case the marks disappear with it.
    """

    text = models.ForeignKey(SharedText, on_delete=models.PROTECT, related_name="threads")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    anchor = models.CharField(max_length=100, blank=True)
    node_id = models.CharField(max_length=36, blank=True)
    quote = models.TextField(_("passage"), max_length=2000, blank=True)
    prefix = models.CharField(max_length=200, blank=True)
    suffix = models.CharField(max_length=200, blank=True)
    opened_by = user_key()
    opened_at = models.DateTimeField(_("ouvert le"), default=timezone.now)
    directorate = optional_key(Directorate, _("direction"))
    assigned_to = optional_user_key(_("confié à"))
    resolved_by = optional_user_key()
    resolved_at = models.DateTimeField(_("traité le"), null=True, blank=True)

    privacy = IMPERSONAL
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("fil de commentaires")
        ordering = ["text", "opened_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["text", "anchor"], name="thread_anchor_once", condition=~Q(anchor="")),
            models.CheckConstraint(
                name="thread_resolved_by_iff_at",
                condition=Q(resolved_by=None, resolved_at=None)
                | Q(resolved_by__isnull=False, resolved_at__isnull=False),
            ),
            models.CheckConstraint(name="thread_assigned_to_one", condition=Q(assigned_to=None) | Q(directorate=None)),
        ]

    def __str__(self) -> str:
        return f"{self.text_id} {self.pk}"

    @property
    def assignee(self) -> str:
        """Return the name of the assigned person or directorate; empty for none."""
        if self.assigned_to is not None:
            return str(self.assigned_to.get_full_name())
        return str(self.directorate.name) if self.directorate is not None else ""


class Comment(models.Model):
    """One message of a thread. A withdrawn one leaves its place."""

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="comments")
    author = user_key()
    body = models.TextField(_("commentaire"), max_length=4000)
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    at = models.DateTimeField(_("écrit le"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("retiré le"), null=True, blank=True)

    privacy = ModelPrivacy(
        _("Vos commentaires sur les textes communs"),
        owner="author__person",
        default=retained(COLLECTIVE),
        at=retained(),
        withdrawn_at=retained(),
    )
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("commentaire")
        ordering = ["thread", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.thread_id} {self.pk}"


class TextEvent(models.Model):
    """An event for the daily mail of one author. `key` makes it unique."""

    text = models.ForeignKey(SharedText, on_delete=models.PROTECT, related_name="+")
    user = user_key()
    kind = models.CharField(max_length=10, choices=TextEventKind)
    suggestion = optional_key(Suggestion)
    comment = optional_key(Comment)
    key = models.CharField(max_length=120, unique=True)
    happened_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(_("dit le"), null=True, blank=True)
    dropped_at = models.DateTimeField(_("devenu sans objet le"), null=True, blank=True)

    privacy = ModelPrivacy(
        _("Ce qui vous a été annoncé sur les textes communs"),
        owner="user__person",
        deletes_rows=True,
        internal=["suggestion", "comment"],
    )

    class Meta:
        ordering = ["happened_at", "pk"]
        indexes = [
            models.Index(fields=["user"], name="text_event_waiting", condition=Q(sent_at=None, dropped_at=None)),
        ]
        constraints = [
            models.CheckConstraint(name="text_event_sent_or_dropped", condition=Q(sent_at=None) | Q(dropped_at=None)),
            models.CheckConstraint(name="text_event_kind_known", condition=Q(kind__in=TextEventKind.values)),
        ]

    def __str__(self) -> str:
        return self.key
