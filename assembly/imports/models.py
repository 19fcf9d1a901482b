"""File between its preview and its confirmation. Its content is erased afterwards."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import user_key
from assembly.identity.personal_data import ModelPrivacy, erased
from assembly.institution.models import Term


class BatchState(models.TextChoices):
    """State of the import of a file."""

    PREVIEWED = "previewed", _("À confirmer")
    RUNNING = "running", _("Import en cours")
    STOPPED = "stopped", _("Arrêté")
    CONFIRMED = "confirmed", _("Importé")


class ImportBatch(models.Model):
    """Import of a file. `kind`: what the file contains (`kinds`).
    `rows`: what is to be written, `errors`: what is wrong and where; both are emptied at the end of the import or, if
    nobody confirms, by the clock. `done` rows of `total` are written: it changes with each line's own write.
    `mandate_state`, `mandates_on`: what the confirmation of a file of members chooses (README: why they are here)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="import_batches")
    kind = models.CharField(max_length=12)
    file_name = models.CharField(_("fichier"), max_length=120)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=BatchState, default=BatchState.PREVIEWED)
    rows = models.JSONField(default=list)
    errors = models.JSONField(default=list)
    counters = models.JSONField(default=dict)
    created_by = user_key()
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    mandate_state = models.CharField(max_length=10, blank=True)
    mandates_on = models.DateField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    progressed_at = models.DateTimeField(null=True)

    privacy = ModelPrivacy(
        owner="created_by__person",
        internal=[
            "kind",
            "rows",
            "errors",
            "counters",
            "expires_at",
            "mandate_state",
            "mandates_on",
            "done",
            "total",
            "progressed_at",
        ],
        file_name=erased(),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="import_confirmed_at_iff_confirmed",
                condition=(~Q(state=BatchState.CONFIRMED) & Q(confirmed_at=None))
                | Q(state=BatchState.CONFIRMED, confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="import_started_has_author",
                condition=Q(state=BatchState.PREVIEWED) | Q(started_by__isnull=False, progressed_at__isnull=False),
            ),
            models.CheckConstraint(name="import_done_at_most_total", condition=Q(done__lte=models.F("total"))),
            models.CheckConstraint(
                name="import_emptied_once_confirmed", condition=~Q(state=BatchState.CONFIRMED) | Q(rows=[])
            ),
        ]

    def __str__(self) -> str:
        return f"import {self.public_id}"
