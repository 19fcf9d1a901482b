"""States of a rendition (any worker may resume it after a crash), of a document of the register, of a file.

Workers and seals take these steps, so that nearly all are by nobody; people read the rows and retry a rendition.
"""

from django.utils.translation import gettext_lazy as _

from assembly.documents.models import (
    Document,
    DocumentState,
    ExtractionState,
    FileText,
    Rendition,
    RenditionState,
    Upload,
    UploadState,
)
from assembly.documents.rules import can_publish, can_read_rendition
from assembly.jobs import hints
from assembly.workflow import Permission, Step, Transition, Workflow

R, D, U, T = RenditionState, DocumentState, UploadState, ExtractionState
RENDER_TASK = "assembly.documents.tasks.render"
READER: Permission[Rendition] = Permission(can_read_rendition, _("qui peut lire le document"))
PUBLISHER: Permission[Document] = Permission(can_publish, _("équipe"))
SEALABLE = {D.BASE, D.SEALED, D.SIGNED_WITHOUT_TIMESTAMP, D.PUBLISHED}


def enqueue(rendition: Rendition, taken: Transition | None = None) -> None:
    """Send a worker to this rendition once the transaction commits; a hint: the sweep finds what the broker lost."""
    hints.send_at_commit(RENDER_TASK, rendition.pk)


RENDITION: Workflow[Rendition] = Workflow(
    [
        Step("take", {R.QUEUED}, R.RENDERING),
        Step("seal", {R.RENDERING}, R.SEALING),
        Step("finish", {*R.tagged("taken")}, R.READY),
        Step("requeue", {*R.tagged("taken")}, R.QUEUED),
        Step(
            "fail",
            {*R.tagged("running")},
            R.FAILED,
            event_type="rendition.failed",
            history_text=_("n’a pas pu produire un document"),
        ),
        Step(
            "retry",
            {R.FAILED},
            R.QUEUED,
            by=READER,
            event_type="rendition.retried",
            history_text=_("a relancé la production d’un document"),
            changes=lambda rendition, taken: {"error": "", "finished_at": None, "done": 0, "attempts": 0},
            then=enqueue,
        ),
    ]
)

DOCUMENT: Workflow[Document] = Workflow(
    [
        Step("seal", SEALABLE, D.SEALED, history_text=_("a scellé un document")),
        Step("seal_without_timestamp", SEALABLE, D.SIGNED_WITHOUT_TIMESTAMP, event_type="document.sealed"),
        Step("timestamp", {D.SIGNED_WITHOUT_TIMESTAMP}, D.SEALED),
        Step("publish", {D.SEALED}, D.PUBLISHED, by=PUBLISHER, history_text=_("a publié un document")),
        Step("supersede", SEALABLE, D.SUPERSEDED, history_text=_("a remplacé un document")),
    ],
    noun="document",
)

UPLOAD: Workflow[Upload] = Workflow(
    [
        Step("clear", {*U.tagged("to_scan")}, U.CLEAN, history_text=_("a analysé un fichier : rien de dangereux")),
        Step("condemn", {*U.tagged("to_scan")}, U.INFECTED, history_text=_("a écarté un fichier dangereux")),
    ],
    noun="upload",
)

FILE_TEXT: Workflow[FileText] = Workflow(
    [
        Step("take", {T.QUEUED}, T.READING),
        Step("finish", {T.READING}, T.READY),
        Step("fail", {T.READING}, T.FAILED),
        Step("requeue", {T.READING}, T.QUEUED),
    ]
)
