"""The source of a document. A renderer of an app fills it; the engine needs nothing else."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

SEAL_FIELD = "cachet"
TIMESTAMP_FIELD = "horodatage"
DATA_FILE = "donnees.json"


def canonical_json(data: Any) -> bytes:
    """Return the canonical JSON of a value: sorted keys, no spaces, UTF-8, so that equal data have equal bytes."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


@dataclass(frozen=True)
class Enclosure:
    """A file embedded in the document."""

    name: str
    content: bytes
    description: str
    relationship: str = "Data"


@dataclass(frozen=True)
class RenderSource:
    """Everything that decides the bytes of a document: equal sources make equal files.

    `html` is a whole page with `lang` and `title`; `stylesheets` are texts, in order; `assets` are pictures that the
    page names `asset:<name>`. With `cachet` the page must contain the seal's field (`documents/pdf/seal.html`).
    `facts` decides no byte: these are values of the document from rows that may change later. The register stores them
    with the sealed file, so that a page of the site can show the same.
    """

    html: str
    stylesheets: Sequence[str]
    title: str
    reference: str
    created_at: datetime
    language: str = "fr"
    data: Mapping[str, Any] | None = None
    facts: Mapping[str, Any] | None = None
    attachments: Sequence[Enclosure] = ()
    cachet: bool = False
    timestamp: bool = False
    author: str = ""
    assets: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the names of the signature fields that the page must contain, neither more nor less."""
        return (*((SEAL_FIELD,) if self.cachet else ()), *((TIMESTAMP_FIELD,) if self.timestamp else ()))

    @property
    def enclosures(self) -> tuple[Enclosure, ...]:
        """Return the data of the document first, then its other files."""
        if self.data is None:
            return tuple(self.attachments)
        data = Enclosure(DATA_FILE, canonical_json(self.data), "Données du document")
        return (data, *self.attachments)

    @property
    def moment(self) -> datetime:
        """Return the moment printed in the metadata: whole seconds, UTC."""
        return self.created_at.astimezone(UTC).replace(microsecond=0)
