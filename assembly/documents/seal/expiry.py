"""When the seal's certificate ends, wherever its key is kept, for whoever watches over the service."""

from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12
from django.conf import settings


def ends_at() -> datetime | None:
    """The last moment of the certificate; None when no key is set or what holds it cannot be read."""
    if settings.SEAL_PKCS11_MODULE:
        from assembly.documents.seal import backends  # noqa: PLC0415 -- the engine costs 0.7 s of every start

        return backends.configured_token().ends_at()
    try:
        with open(settings.SEAL_P12_FILE, "rb") as file:
            _, certificate, _ = pkcs12.load_key_and_certificates(file.read(), settings.SEAL_P12_PASSWORD.encode())
    except (OSError, ValueError):
        return None
    return certificate.not_valid_after_utc if isinstance(certificate, x509.Certificate) else None
