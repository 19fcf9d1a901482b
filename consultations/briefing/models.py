"""Models of the documents that the members read before they answer."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.files.file_kinds import EXTENSIONS
from assembly.identity.columns import optional_key, optional_user_key, user_key
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy
from assembly.institution.models import TEAM_ROLES, Role
from assembly.institution.rules import term_ids
from assembly.speed.queries import ScreenQuerySet
from consultations.referrals.models import Referral


class BriefingKind(models.TextChoices):
    SCOPING_NOTE = "scoping_note", _("note de cadrage")
    STUDY = "study", _("étude ou diagnostic")
    FIGURES = "figures", _("chiffres")
    LAW = "law", _("droit et compétences")
    SCHEME = "scheme", _("dispositif existant")
    SLIDES = "slides", _("présentation")
    PRESS = "press", _("presse")
    OTHER = "other", _("autre")


class LanguageLevel(models.TextChoices):
    STANDARD = "standard", _("texte courant")
    EASY_READ = "easy_read", _("facile à lire et à comprendre")


READERS = frozenset({Role.MEMBER, Role.FACILITATOR, Role.PRESIDENT, Role.SPONSOR, *TEAM_ROLES})
NEWS = timedelta(days=14)
EXTENSION_LABELS = {media_type: suffix.lstrip(".").upper() for media_type, suffix in EXTENSIONS.items()}
CHECKS = (
    ("plain_words", _("Les mots difficiles sont expliqués")),
    ("headings", _("Les titres sont de vrais titres")),
    ("alternatives", _("Les images et graphiques ont un texte")),
    ("contrast", _("Le texte se lit bien (taille, contraste)")),
    ("text_layer", _("Le texte peut être lu à voix haute (pas une image de page)")),
)


class BriefingPack(models.Model):
    """The documents of one referral. Members read them from the moment that the officer chose."""

    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="briefing")
    introduction = models.TextField(_("présentation"), max_length=3000, blank=True)
    release_at = models.DateTimeField(_("ouvert aux membres le"), null=True, blank=True)
    scheduled_by = optional_user_key()
    released_at = models.DateTimeField(_("ouvert le"), null=True, blank=True)
    released_by = optional_user_key()

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("dossier documentaire")
        constraints = [
            models.CheckConstraint(
                name="briefing_scheduled_by_somebody",
                condition=Q(release_at=None, scheduled_by=None)
                | Q(release_at__isnull=False, scheduled_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.referral_id}"

    @property
    def is_released(self) -> bool:
        return self.released_at is not None


class BriefingDeposit(models.Model):
    """A file that passed the checks with others and has no description yet; nobody else reads it."""

    pack = models.ForeignKey(BriefingPack, on_delete=models.PROTECT, related_name="deposits")
    upload = models.ForeignKey("documents.Upload", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("titre"), max_length=200)
    deposited_at = models.DateTimeField(auto_now_add=True)

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("fichier à décrire")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class BriefingDocumentQuerySet(ScreenQuerySet["BriefingDocument"]):
    def current(self) -> Self:
        """Return the papers as they stand: neither removed nor replaced."""
        return self.filter(removed_at=None, replaced_by=None)

    def readable_by(self, user: Any) -> Self:
        """Return current papers: to the desk; to members and offices once the pack is open; public ones to anybody."""
        opened = Q(pack__released_at__isnull=False)
        anybody = opened & Q(is_public=True, pack__referral__published_at__isnull=False)
        rows = self.current()
        if not getattr(user, "is_authenticated", False):
            return rows.filter(anybody)
        seen = Q(pack__referral__in=Referral.objects.visible_to(user).values("pk"))
        desk = Q(pack__referral__term__in=term_ids(user, TEAM_ROLES | {Role.FACILITATOR}))
        reader_area = Q(pack__referral__term__in=term_ids(user, READERS)) & opened
        return rows.filter(anybody | seen & (desk | reader_area))


class BriefingDocument(models.Model):
    """One paper of the pack. A new version replaces the former one and points at it; nothing is deleted."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pack = models.ForeignKey(BriefingPack, on_delete=models.PROTECT, related_name="documents")
    title = models.CharField(_("titre"), max_length=200)
    summary = models.CharField(_("en une phrase"), max_length=300, blank=True)
    kind = models.CharField(_("nature"), max_length=14, choices=BriefingKind, default=BriefingKind.STUDY)
    source = models.CharField(_("source"), max_length=200)
    dated_on = models.DateField(_("daté du"), null=True, blank=True)
    level = models.CharField(
        _("niveau de langue"), max_length=10, choices=LanguageLevel, default=LanguageLevel.STANDARD
    )
    upload = optional_key("documents.Upload")
    link = models.URLField(_("adresse"), blank=True, max_length=500)
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    checks = models.JSONField(_("contrôle d’accessibilité"), default=dict, blank=True)
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    hearing = optional_key("Hearing", related_name="documents")
    note_version = models.PositiveIntegerField(null=True, blank=True, editable=False)
    is_public = models.BooleanField(_("visible de tous"), default=False)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = user_key()
    announced_at = models.DateTimeField(_("annoncé aux membres le"), null=True, blank=True)
    removed_at = models.DateTimeField(_("retiré le"), null=True, blank=True)

    privacy = IMPERSONAL
    objects = BriefingDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        ordering = ["pack", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="briefing_file_or_link",
                condition=(Q(upload__isnull=False) & Q(link="")) | (Q(upload=None) & ~Q(link="")),
                violation_error_message=_("Donnez un fichier ou une adresse."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def unmet_checks(self) -> list[Any]:
        """Return the sentences of the check list that nobody has ticked."""
        return [label for name, label in CHECKS if not self.checks.get(name)]

    @property
    def is_easy_read(self) -> bool:
        return self.level == LanguageLevel.EASY_READ

    @property
    def new_since(self) -> datetime | None:
        """Return the moment of an addition made after the opening, while it counts as new."""
        opened = self.pack.released_at
        is_news = opened is not None and self.added_at > opened and timezone.now() - self.added_at < NEWS
        return self.added_at if is_news else None

    @property
    def extension(self) -> str:
        """Return the usual name of the file type: « PDF », « DOCX », « lien »."""
        return EXTENSION_LABELS.get(self.upload.blob.media_type, "") if self.upload else str(_("lien"))


class BriefingReadMark(models.Model):
    """« Lu », set on a paper by a reader for themself: nobody else sees it, it is not in the audit log.

    A new version of a paper is another paper, still to be read.
    """

    document = models.ForeignKey(BriefingDocument, on_delete=models.PROTECT, related_name="+")
    user = user_key()
    read_at = models.DateTimeField(_("lu le"), auto_now_add=True)

    privacy = ModelPrivacy(_("Les documents que vous avez marqués comme lus"), owner="user__person", deletes_rows=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "document"], name="read_mark_once")]

    def __str__(self) -> str:
        return f"{self.document_id} {self.user_id}"
