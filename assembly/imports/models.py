"""File between its preview and its confirmation. Its content is erased afterwards."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import user_key
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy, erased
from assembly.institution.models import Assembly, Term


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


class ImportSource(models.Model):
    """What a file holds, until its lines are written; then the lines that were not, until they are erased.

    `sheets`: as texts (`SourceSheet`). `sheet`: index of the one that is read; `header`: its line. `columns`: the
    field of each column by its index. `are_columns_known`: they were confirmed, or there was no doubt. `corrections`:
    texts that somebody typed instead of those of the file, by line and field.
    """

    batch = models.OneToOneField(ImportBatch, on_delete=models.CASCADE, related_name="source")
    sheets = models.JSONField()
    sheet = models.PositiveSmallIntegerField(default=0)
    header = models.PositiveIntegerField()
    notes = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    are_columns_known = models.BooleanField(default=False)
    corrections = models.JSONField(default=dict)

    privacy = ModelPrivacy(
        owner="batch__created_by__person",
        internal=["sheets", "sheet", "header", "notes", "columns", "are_columns_known", "corrections"],
    )

    def __str__(self) -> str:
        return f"source of {self.batch_id}"


class HeaderChoice(models.Model):
    """The field that a header of the files of a list means in an assembly, as somebody chose it; empty for none."""

    assembly = models.ForeignKey(Assembly, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)
    header = models.CharField(max_length=120)
    key = models.CharField(max_length=60, blank=True)

    privacy = IMPERSONAL

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assembly", "kind", "header"], name="import_header_chosen_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.header}"
