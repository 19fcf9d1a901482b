"""URL fetcher of the renderer: serves named assets from memory, refuses and records every other address."""

import ssl
from collections.abc import Mapping
from typing import Any

from weasyprint.urls import URLFetcher, URLFetcherResponse

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
