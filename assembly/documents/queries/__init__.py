"""Reading: the register of documents here, the text of files in `extracts`."""

from assembly.documents.queries.register import (
    current_revision,
    document,
    latest_made,
    latest_rendition,
    manifest_lines,
    published,
    revision_of,
    waiting_for_timestamp,
)

__all__ = [
    "current_revision",
    "document",
    "latest_made",
    "latest_rendition",
    "manifest_lines",
    "published",
    "revision_of",
    "waiting_for_timestamp",
]
