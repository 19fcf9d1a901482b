"""The end of the seal's certificate, wherever its key is stored, for those who supervise the service.

In production the worker that seals alone has the key: it writes the date in the data folder for the others.
"""

import json
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12
from django.conf import settings


def ends_at() -> datetime | None:
    """Return the last moment of the certificate; None when no process has a key or its store cannot be read."""
    if settings.SEAL_PKCS11_MODULE or settings.SEAL_P12_FILE:
        return _read()
    try:
        text = json.loads(settings.SEAL_STATUS_FILE.read_text(encoding="utf-8"))["ends_at"]
        return datetime.fromisoformat(text).astimezone(UTC) if text else None
    except (OSError, ValueError, KeyError):
        return None


def write_status() -> None:
    """Write the date for the processes without a key; called in the one that has it."""
    moment = _read()
    settings.SEAL_STATUS_FILE.parent.mkdir(parents=True, exist_ok=True)
    content = json.dumps({"ends_at": moment.isoformat() if moment else None})
    settings.SEAL_STATUS_FILE.write_text(content, encoding="utf-8")


def _read() -> datetime | None:
    if settings.SEAL_PKCS11_MODULE:
        from assembly.documents.seal import backends  # noqa: PLC0415 -- loading the engine takes 0.7 s

        return backends.configured_token().ends_at()
    try:
        with open(settings.SEAL_P12_FILE, "rb") as file:
            _, certificate, _ = pkcs12.load_key_and_certificates(file.read(), settings.SEAL_P12_PASSWORD.encode())
    except (OSError, ValueError):
        return None
    return certificate.not_valid_after_utc if isinstance(certificate, x509.Certificate) else None
