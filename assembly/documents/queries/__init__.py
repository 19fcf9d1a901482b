"""Queries: the register of documents here, the text of files in `extracts`."""

from assembly.documents.queries.register import (
    GENESIS,
    current_revision,
    document_by_reference,
    entry_hash,
    entry_of,
    first_entry_of,
    latest_ready,
    latest_rendition,
    manifest_lines,
    published,
    revisions_of,
    sealed_revisions,
    seals_to_read,
    waiting_for_timestamp,
)

__all__ = [
    "GENESIS",
    "current_revision",
    "document_by_reference",
    "entry_hash",
    "entry_of",
    "first_entry_of",
    "latest_ready",
    "latest_rendition",
    "manifest_lines",
    "published",
    "revisions_of",
    "sealed_revisions",
    "seals_to_read",
    "waiting_for_timestamp",
]
