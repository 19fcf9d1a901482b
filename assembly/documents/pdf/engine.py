"""Rendering of one source to one PDF/A-3a + PDF/UA-1 file, in the child process of `render`.

Its fetcher serves named assets from memory, refuses and records every other address.
"""

import hashlib
import io
import ssl
from collections.abc import Mapping, Sequence
from typing import Any

import pikepdf
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from assembly.documents.pdf.finisher import Finisher
from assembly.documents.pdf.source import RenderSource
from assembly.text import typefaces

SCHEME = "asset:"
NO_TRUST = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # Otherwise each fetcher reads the machine's certificates.
MEDIA_TYPES = {
    "css": "text/css",
    "jpg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "ttf": "font/ttf",
}


class RefusedAddress(ValueError):
    """The document refers to an address that is none of its assets."""


class AssetFetcher(URLFetcher):
    """Fetcher that serves `asset:` names from memory; no network, no file, no data: address."""

    def __init__(self, assets: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=(), fail_on_errors=True, ssl_context=NO_TRUST)
        self.assets = assets
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        name = url.removeprefix(SCHEME)
        extension = name.rpartition(".")[2]
        if url.startswith(SCHEME) and name in self.assets and extension in MEDIA_TYPES:
            return URLFetcherResponse(url, self.assets[name], {"Content-Type": MEDIA_TYPES[extension]})
        self.refused.append(url[:80])
        raise RefusedAddress(url[:80])


VARIANT = "pdf/a-3a"
VERSION = b"1.7"
MAX_CACHED_SHEETS = 64


class _Written(Exception):
    """The finisher has written the file itself; raised to skip the renderer's own writing."""


class Engine:
    """Fonts and style sheets, read once and used for every document."""

    def __init__(self) -> None:
        self.font_config = FontConfiguration()
        self.font_assets = {face.file: face.path.read_bytes() for face in typefaces.FACES}
        self.sheets: dict[str, CSS] = {}
        self.sheet(typefaces.face_rules())

    def sheet(self, text: str) -> CSS:
        """Parse a style sheet of the product, once."""
        key = hashlib.sha256(text.encode()).hexdigest()
        if key not in self.sheets:
            if len(self.sheets) >= MAX_CACHED_SHEETS:
                self.sheets.clear()
            fetcher = AssetFetcher(self.font_assets)
            self.sheets[key] = CSS(string=text, url_fetcher=fetcher, font_config=self.font_config)
            if fetcher.refused:
                raise RefusedAddress(fetcher.refused[0])
        return self.sheets[key]

    def render(self, source: RenderSource) -> bytes:
        """Lay out, write and repack a source; raises RefusedAddress for any address without an asset."""
        fetcher = AssetFetcher(source.assets)
        try:
            written = self._lay_out(source, fetcher)
        except FatalURLFetchingError as error:
            raise RefusedAddress(*fetcher.refused[:1]) from error
        if fetcher.refused:
            raise RefusedAddress(fetcher.refused[0])
        return repack(written)

    def _lay_out(self, source: RenderSource, fetcher: AssetFetcher) -> bytes:
        document = HTML(string=source.html, base_url="asset:", url_fetcher=fetcher).render(
            font_config=self.font_config,
            stylesheets=[self.sheet(typefaces.face_rules()), *(self.sheet(text) for text in source.stylesheets)],
            pdf_forms=bool(source.fields),
            pdf_variant=VARIANT,
        )
        _describe(document, source)
        return _write(document, source, fetcher)


def _describe(document: Any, source: RenderSource) -> None:
    metadata = document.metadata
    metadata.title = source.title
    metadata.lang = source.language
    metadata.authors = [source.author] if source.author else []
    metadata.description = source.reference
    metadata.generator = "Hémicycle"
    metadata.created = metadata.modified = source.moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _enclosures(source: RenderSource, fetcher: AssetFetcher) -> Sequence[Attachment]:
    return [
        Attachment(
            file_obj=io.BytesIO(enclosure.content),
            url_fetcher=fetcher,  # Otherwise each one makes its own, which reads the machine's certificates.
            name=enclosure.name,
            description=enclosure.description,
            created=source.moment,
            modified=source.moment,
            relationship=enclosure.relationship,
        )
        for enclosure in source.enclosures
    ]


def _write(document: Any, source: RenderSource, fetcher: AssetFetcher) -> bytes:
    finisher = Finisher(source.fields)
    finisher.prepare(document)
    output = io.BytesIO()

    def finish(rendered: Any, pdf: Any) -> None:
        finisher(rendered, pdf)
        pdf.write(output, VERSION, False, False)
        raise _Written

    try:
        document.write_pdf(
            finisher=finish,
            pdf_variant=VARIANT,
            pdf_forms=bool(source.fields),
            attachments=_enclosures(source, fetcher),
        )
    except _Written:
        return output.getvalue()
    raise AssertionError("the renderer did not call its finisher")


def repack(pdf: bytes) -> bytes:
    """Write the file again with many small object streams: with one big stream, checking a signature takes minutes."""
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(
            output,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
            fix_metadata_version=False,
        )
    return output.getvalue()
