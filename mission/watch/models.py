"""Where the mission looks, and what it found there."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mission.registers.models import RegisterRow, row_constraints, row_indexes, state_field
from mission.watch.enums import Relevance, SourceKind, SourceState, WatchKind, WatchState


class WatchSource(RegisterRow):
    """A feed, fetched by the clock, or a place that somebody reads. What fetching leaves is below `next_fetch_at`."""

    SHAPES = {SourceState.ACTIVE: "done", SourceState.PAUSED: "wait", SourceState.CLOSED: "shut"}

    state = state_field(SourceState, SourceState.ACTIVE)
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

    class Meta:
        verbose_name = _("source de veille")
        indexes = [
            *row_indexes("watch_source"),
            models.Index(
                fields=["next_fetch_at", "id"],
                name="watch_source_to_fetch",
                condition=Q(kind=SourceKind.FEED, state=SourceState.ACTIVE),
            ),
        ]
        constraints = [
            *row_constraints("watch_source", SourceState),
            models.CheckConstraint(
                name="watch_source_feed_has_address",
                condition=~Q(kind=SourceKind.FEED, address=""),
                violation_error_message=_("Un flux a une adresse."),
            ),
            models.UniqueConstraint(
                fields=["assembly", "address"],
                condition=~Q(address=""),
                name="watch_source_address_once",
                violation_error_message=_("Cette adresse est déjà celle d’une source."),
            ),
            models.CheckConstraint(
                name="watch_source_failing_iff_failed",
                condition=Q(failures=0, failing_since=None, refusal="")
                | (Q(failures__gt=0, failing_since__isnull=False) & ~Q(refusal="")),
            ),
        ]


class WatchItem(RegisterRow):
    """Something worth knowing. `address_key`, `title_key`: what doubles share (`rules.double_of`)."""

    SHAPES = {
        WatchState.NEW: "todo",
        WatchState.READ: "doing",
        WatchState.KEPT: "wait",
        WatchState.SHARED: "done",
        WatchState.ARCHIVED: "shut",
    }

    state = state_field(WatchState, WatchState.NEW)
    source = models.ForeignKey(
        WatchSource, on_delete=models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("source")
    )
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
        constraints = [
            *row_constraints("watch_item", WatchState),
            models.UniqueConstraint(
                fields=["assembly", "address_key"], condition=~Q(address_key=""), name="watch_item_address_once"
            ),
        ]
