"""States of a rendition (any worker may take it up again after a crash), of a document of the register, of a file."""

from assembly.documents.enums import DocumentState, ExtractionState, RenditionState, UploadState
from assembly.documents.models import Document, FileText, Rendition, Upload
from assembly.workflow import Workflow

R, D, U, T = RenditionState, DocumentState, UploadState, ExtractionState

RENDITION: Workflow[Rendition] = Workflow(
    [
        ("take", {R.QUEUED}, R.RENDERING),
        ("seal", {R.RENDERING}, R.SEALING),
        ("finish", {R.RENDERING, R.SEALING}, R.READY),
        ("requeue", {R.RENDERING, R.SEALING}, R.QUEUED),
        ("fail", {R.QUEUED, R.RENDERING, R.SEALING}, R.FAILED),
        ("retry", {R.FAILED}, R.QUEUED),
    ]
)

DOCUMENT: Workflow[Document] = Workflow(
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

UPLOAD: Workflow[Upload] = Workflow(
    [
        ("clear", {U.UNSCANNED, U.WAITING}, U.CLEAN),
        ("condemn", {U.UNSCANNED, U.WAITING}, U.INFECTED),
    ]
)

FILE_TEXT: Workflow[FileText] = Workflow(
    [
        ("take", {T.QUEUED}, T.READING),
        ("finish", {T.READING}, T.READY),
        ("fail", {T.READING}, T.FAILED),
        ("requeue", {T.READING}, T.QUEUED),
    ]
)
