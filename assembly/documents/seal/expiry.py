"""When the seal's certificate ends, wherever its key is kept, for whoever watches over the service.

In production the worker that seals alone holds the key: it notes the date in the data folder for the others.
"""

import json
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12
from django.conf import settings


def ends_at() -> datetime | None:
    """The last moment of the certificate; None when no process has a key or what holds it cannot be read."""
    if settings.SEAL_PKCS11_MODULE or settings.SEAL_P12_FILE:
        return _read()
    try:
        noted = json.loads(settings.SEAL_STATUS_FILE.read_text(encoding="utf-8"))["ends_at"]
        return datetime.fromisoformat(noted).astimezone(UTC) if noted else None
    except (OSError, ValueError, KeyError):
        return None


def note() -> None:
    """Write the date down for the processes that have no key; asked of the one that has."""
    moment = _read()
    settings.SEAL_STATUS_FILE.parent.mkdir(parents=True, exist_ok=True)
    written = json.dumps({"ends_at": moment.isoformat() if moment else None})
    settings.SEAL_STATUS_FILE.write_text(written, encoding="utf-8")


def _read() -> datetime | None:
    if settings.SEAL_PKCS11_MODULE:
        from assembly.documents.seal import backends  # noqa: PLC0415 -- the engine costs 0.7 s of every start

        return backends.configured_token().ends_at()
    try:
        with open(settings.SEAL_P12_FILE, "rb") as file:
            _, certificate, _ = pkcs12.load_key_and_certificates(file.read(), settings.SEAL_P12_PASSWORD.encode())
    except (OSError, ValueError):
        return None
    return certificate.not_valid_after_utc if isinstance(certificate, x509.Certificate) else None
