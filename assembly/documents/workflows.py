"""States of a rendition, which any worker may take up again after a crash, and of a document of the register."""

from assembly.documents.enums import DocumentState, RenditionState
from assembly.workflow import Workflow

R, D = RenditionState, DocumentState

RENDITION = Workflow(
    [
        ("take", {R.QUEUED}, R.RENDERING),
        ("seal", {R.RENDERING}, R.SEALING),
        ("finish", {R.RENDERING, R.SEALING}, R.READY),
        ("requeue", {R.RENDERING, R.SEALING}, R.QUEUED),
        ("fail", {R.QUEUED, R.RENDERING, R.SEALING}, R.FAILED),
        ("retry", {R.FAILED}, R.QUEUED),
    ]
)

DOCUMENT = Workflow(
    [
        ("seal", {D.BASE, D.SEALED, D.SIGNED_WITHOUT_TIMESTAMP, D.PUBLISHED}, D.SEALED),
        (
            "seal_without_timestamp",
            {D.BASE, D.SEALED, D.SIGNED_WITHOUT_TIMESTAMP, D.PUBLISHED},
            D.SIGNED_WITHOUT_TIMESTAMP,
        ),
        ("timestamp", {D.SIGNED_WITHOUT_TIMESTAMP}, D.SEALED),
        ("publish", {D.SEALED}, D.PUBLISHED),
        ("supersede", {D.BASE, D.SEALED, D.SIGNED_WITHOUT_TIMESTAMP, D.PUBLISHED}, D.SUPERSEDED),
    ]
)
