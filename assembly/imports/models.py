"""File between its preview and its confirmation. Its content is erased afterwards."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import user_key
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy, erased
from assembly.institution.models import Assembly, Term


class BatchState(models.TextChoices):
    """State of the import of a file."""

    READING = "reading", _("Lecture en cours")
    PREVIEWED = "previewed", _("À confirmer")
    RUNNING = "running", _("Import en cours")
    STOPPED = "stopped", _("Arrêté")
    CONFIRMED = "confirmed", _("Importé")
    UNDOING = "undoing", _("Annulation en cours")
    UNDONE = "undone", _("Annulé")


ENDED = (BatchState.CONFIRMED, BatchState.UNDOING, BatchState.UNDONE)


class ImportBatch(models.Model):
    """Import of a file. `kind`: what the file contains (`kinds`).
    `done` of `total`: lines that are planned while the file is read, then those that are written.
    `mandate_state`, `mandates_on`: what the confirmation of a file of members chooses (README: why they are here).
    `former_rows`, `former_errors`: where the image before keeps the lines (`former.take_over`)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="import_batches")
    kind = models.CharField(max_length=12)
    file_name = models.CharField(_("fichier"), max_length=120)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=BatchState, default=BatchState.PREVIEWED)
    former_rows = models.JSONField(default=list, db_column="rows")
    former_errors = models.JSONField(default=list, db_column="errors")
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
            "former_rows",
            "former_errors",
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
                condition=(~Q(state__in=ENDED) & Q(confirmed_at=None))
                | Q(state__in=ENDED, confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="import_started_has_author",
                condition=Q(state__in=[BatchState.READING, BatchState.PREVIEWED])
                | Q(started_by__isnull=False, progressed_at__isnull=False),
            ),
            models.CheckConstraint(name="import_done_at_most_total", condition=Q(done__lte=models.F("total"))),
            models.CheckConstraint(
                name="import_emptied_once_confirmed", condition=~Q(state=BatchState.CONFIRMED) | Q(former_rows=[])
            ),
        ]

    def __str__(self) -> str:
        return f"import {self.public_id}"

    @cached_property
    def memo(self) -> dict[str, Any]:
        """Return what the writing of lines looks up once for a transaction, which holds the lock of the assembly."""
        return {}

    @property
    def planned(self) -> models.QuerySet["ImportLine"]:
        """Return the lines that are written, or will be, in the order of the file."""
        return self.lines.filter(plan__in=WRITTEN).order_by("line")

    @property
    def refused(self) -> models.QuerySet["ImportLine"]:
        """Return the lines that are left out, in the order of the file."""
        return self.lines.filter(plan=LinePlan.REFUSED).order_by("line")

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return what is to be written of every line; of a long file, read `planned` in parts instead."""
        return list(self.planned.values_list("entry", flat=True))

    @property
    def errors(self) -> list[dict[str, Any]]:
        """Return every problem with its line; of a long file, read `refused` in parts instead."""
        return [problem for line in self.refused for problem in line.numbered_problems()]


class LinePlan(models.TextChoices):
    """What becomes of a line of a file."""

    CREATE = "create", _("Nouveau")
    UPDATE = "update", _("Complété")
    SAME = "same", _("Inchangé")
    REFUSED = "refused", _("Laissé de côté")


WRITTEN = (LinePlan.CREATE, LinePlan.UPDATE, LinePlan.SAME)


class ImportLine(models.Model):
    """Line of a file, from its plan on.

    `entry`: what its kind writes (`ImportPlan`); `cells`: its texts; `problems`: column, value and sentence of what is
    wrong. `outcome`: the counter that it added to, once it was written; then only a refused line keeps its texts.
    `written`: what an undo needs, as long as there is one (`undo.written_facts`).
    """

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="lines")
    line = models.PositiveIntegerField()
    plan = models.CharField(max_length=8, choices=LinePlan)
    entry = models.JSONField(default=dict)
    cells = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    outcome = models.CharField(max_length=8, blank=True)
    written = models.JSONField(default=dict)

    privacy = ModelPrivacy(
        owner="batch__created_by__person",
        internal=["line", "plan", "entry", "cells", "problems", "outcome", "written"],
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="import_line_once")]

    def __str__(self) -> str:
        return f"line {self.line} of {self.batch_id}"

    def numbered_problems(self) -> list[dict[str, Any]]:
        """Return its problems, each with its number."""
        return [{"line": self.line, **problem} for problem in self.problems]


class ImportSource(models.Model):
    """What a file holds, until its lines are written; its header until those that were not are erased.

    `content`: the file, until a worker has read it. `sheets`: as texts (`SourceSheet`). `sheet`: index of the one that
    is read; `header`: its line, `titles`: its cells. `columns`: the field of each column by its index.
    `are_columns_known`: they were confirmed, or there was no doubt. `corrections`: texts that somebody typed instead
    of those of the file, by line and field; `for_all`: those of the cells that any line lacks, by field. `attempt`:
    counts the planning of the lines: only the last goes on.
    """

    batch = models.OneToOneField(ImportBatch, on_delete=models.CASCADE, related_name="source")
    content = models.BinaryField(null=True)
    sheets = models.JSONField(default=list)
    sheet = models.PositiveSmallIntegerField(default=0)
    header = models.PositiveIntegerField(default=0)
    titles = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    are_columns_known = models.BooleanField(default=False)
    corrections = models.JSONField(default=dict)
    for_all = models.JSONField(default=dict)
    attempt = models.PositiveIntegerField(default=0)

    privacy = ModelPrivacy(
        owner="batch__created_by__person",
        internal=[
            "content",
            "sheets",
            "sheet",
            "header",
            "titles",
            "notes",
            "columns",
            "are_columns_known",
            "corrections",
            "for_all",
            "attempt",
        ],
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
