"""States of a rendition: any worker may take one again after a crash, so `take` also leaves the running states."""

from assembly.documents.enums import DocumentState, RenditionState
from assembly.workflow import Workflow

R, D = RenditionState, DocumentState

RENDITION = Workflow(
    [
        ("take", {R.QUEUED, R.RENDERING, R.SEALING}, R.RENDERING),
        ("seal", {R.RENDERING}, R.SEALING),
        ("finish", {R.RENDERING, R.SEALING}, R.READY),
        ("fail", {R.QUEUED, R.RENDERING, R.SEALING}, R.FAILED),
        ("retry", {R.FAILED}, R.QUEUED),
    ]
)

DOCUMENT = Workflow(
    [
        ("seal", {D.BASE, D.SIGNED_WITHOUT_TIMESTAMP}, D.SEALED),
        ("seal_without_timestamp", {D.BASE}, D.SIGNED_WITHOUT_TIMESTAMP),
        ("publish", {D.SEALED}, D.PUBLISHED),
        ("supersede", {D.BASE, D.SEALED, D.PUBLISHED}, D.SUPERSEDED),
    ]
)
