"""Sources that the mission follows, the items that they gave, letters of a month and their recipients."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import optional_user_key
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy
from assembly.institution.models import Assembly, Directorate
from assembly.speed.queries import ScreenQuerySet
from assembly.workflow import State, States
from mission.letters.models import LetterRow, letter_constraints
from mission.registers.models import (
    RegisterRow,
    check,
    optional_key,
    row_constraints,
    row_indexes,
    state_field,
    unique,
    user_key,
)


class SourceKind(models.TextChoices):
    FEED = "feed", _("flux RSS ou Atom")
    TYPED = "typed", _("relevée à la main")


class SourceState(States):
    ACTIVE = "active", State("done"), _("suivie")
    PAUSED = "paused", State("waiting"), _("en pause")
    CLOSED = "closed", State("closed"), _("abandonnée")


class WatchKind(models.TextChoices):
    LEGAL = "legal", _("juridique")
    TERRITORIAL = "territorial", _("territoires")
    EVENT = "event", _("événement")


class Relevance(models.TextChoices):
    HIGH = "1", _("essentiel")
    USEFUL = "2", _("utile")
    MINOR = "3", _("pour mémoire")


class WatchState(States):
    NEW = "new", State("todo", tags={"unshared"}), _("nouvelle")
    READ = "read", State("in_progress", tags={"unshared"}), _("lue")
    RETAINED = "retained", State("waiting", tags={"unshared"}), _("retenue")
    SHARED = "shared", State("done"), _("diffusée")
    ARCHIVED = "archived", State("closed"), _("classée")


S, W = SourceState, WatchState
FETCHED = Q(kind=SourceKind.FEED, state=S.ACTIVE)


class WatchSource(RegisterRow):
    """Feed that a job fetches, or place that somebody reads. The fetch writes the columns below `next_fetch_at`."""

    state = state_field(S, S.ACTIVE)
    kind = models.CharField(_("forme"), max_length=8, choices=SourceKind, default=SourceKind.FEED)
    address = models.URLField(_("adresse"), max_length=500, blank=True)
    item_kind = models.CharField(_("nature"), max_length=12, choices=WatchKind, default=WatchKind.LEGAL)
    territory = models.CharField(_("territoire"), max_length=120, blank=True)
    topics = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("thèmes"))
    next_fetch_at = models.DateTimeField(auto_now_add=True, editable=False)
    fetched_at = models.DateTimeField(_("dernier relevé"), null=True, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    failing_since = models.DateField(_("en échec depuis"), null=True, editable=False)
    refusal = models.CharField(max_length=16, blank=True, editable=False)
    etag = models.CharField(max_length=200, blank=True, editable=False)
    modified = models.CharField(max_length=200, blank=True, editable=False)

    privacy = IMPERSONAL  # `address` is that of a page

    class Meta:
        verbose_name = _("source de veille")
        indexes = [
            *row_indexes("watch_source"),
            models.Index(fields=["next_fetch_at", "id"], name="watch_source_to_fetch", condition=FETCHED),
        ]
        constraints = row_constraints(
            "watch_source",
            S,
            feed_has_address=check(~Q(kind=SourceKind.FEED, address=""), _("Un flux a une adresse."), "address"),
            address_once=unique(
                ["assembly", "address"],
                _("Cette adresse est déjà celle d’une source."),
                "address",
                condition=~Q(address=""),
            ),
            failing_iff_failed=check(
                Q(failures=0, failing_since=None, refusal="")
                | (Q(failures__gt=0, failing_since__isnull=False) & ~Q(refusal="")),
            ),
        )


class WatchItem(RegisterRow):
    """Something worth knowing. `address_key`, `title_key`: what doubles share (`rules.double_of`)."""

    state = state_field(W, W.NEW)
    name = models.CharField(_("titre"), max_length=160)
    source = optional_key(WatchSource, _("source"), "items")
    kind = models.CharField(_("nature"), max_length=12, choices=WatchKind)
    territory = models.CharField(_("territoire"), max_length=120, blank=True)
    topics = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("thèmes"))
    summary = models.TextField(_("résumé"), max_length=2000, blank=True)
    relevance = models.CharField(_("intérêt"), max_length=1, choices=Relevance, default=Relevance.USEFUL)
    link = models.URLField(_("lien"), max_length=2000, blank=True)
    published_on = models.DateField(_("publiée le"), null=True, blank=True)
    address_key = models.CharField(max_length=64, blank=True, editable=False)
    title_key = models.CharField(max_length=160, editable=False)

    class Meta:
        verbose_name = _("information de veille")
        indexes = [
            *row_indexes("watch_item"),
            models.Index(fields=["assembly", "-published_on", "-id"], name="watch_item_by_publication"),
            models.Index(fields=["assembly", "title_key"], name="watch_item_by_title_key"),
        ]
        constraints = row_constraints(
            "watch_item", W, address_once=unique(["assembly", "address_key"], condition=~Q(address_key=""))
        )


class WatchDigest(LetterRow):
    """Letter of a month, composed from the retained items."""

    class Meta:
        verbose_name = _("lettre de veille")
        indexes = row_indexes("watch_digest")
        constraints = letter_constraints("watch_digest")


class DigestReader(models.Model):
    """Recipient of the letters: a user, or the agents of a directorate."""

    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="+")
    user = optional_user_key(_("collègue"), blank=False)
    directorate = models.ForeignKey(
        Directorate, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("direction")
    )
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = user_key()

    privacy = ModelPrivacy(
        _("Votre abonnement à la lettre de veille"), owner="user__person", deletes_rows=True, internal=["directorate"]
    )
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("abonnement à la lettre de veille")
        constraints = [
            models.CheckConstraint(
                name="digest_reader_one_kind",
                condition=Q(user=None, directorate__isnull=False) | Q(user__isnull=False, directorate=None),
            ),
            models.UniqueConstraint(
                fields=["assembly", "user", "directorate"], nulls_distinct=False, name="digest_reader_once"
            ),
        ]

    def __str__(self) -> str:
        return f"reader {self.pk}"
