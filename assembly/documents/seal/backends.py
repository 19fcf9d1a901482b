"""The two key stores of the seal: a PKCS#12 file, a PKCS#11 token (`token.py`)."""

import os
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from django.conf import settings
from django.utils.translation import gettext as _
from pyhanko.sign.signers import Signer, SimpleSigner

from assembly.documents.seal.interface import SealRefused, SignerBackend
from assembly.documents.seal.keys import create_seal_keys
from assembly.documents.seal.token import Pkcs11Backend, TokenSigner

DIGESTS = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}


class CachedKeySigner(SimpleSigner):
    """Signer that caches the loaded key: reading and checking it at each use costs more than signing."""

    cached_key: Any = None

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        if self.cached_key is None:
            self.cached_key = serialization.load_der_private_key(self.signing_key.dump(), password=None)
        digest = DIGESTS[digest_algorithm]
        if isinstance(self.cached_key, ec.EllipticCurvePrivateKey):
            return self.cached_key.sign(data, ec.ECDSA(digest))
        if isinstance(self.cached_key, rsa.RSAPrivateKey) and not self.prefer_pss:
            return self.cached_key.sign(data, padding.PKCS1v15(), digest)
        return super().sign_raw(data, digest_algorithm)


class Pkcs12Backend:
    """A file with a password, the usual delivery of a seal on a server."""

    def __init__(self, path: Path, password: str) -> None:
        self.path = path
        self.password = password

    def open(self) -> Signer:
        """Read the file; raises SealRefused with the reason: none of these failures ends by itself."""
        try:
            content = self.path.read_bytes()
            loaded = SimpleSigner.load_pkcs12_data(content, other_certs=[], passphrase=self.password.encode())
        except (OSError, ValueError) as error:
            raise SealRefused(self._explain(error)) from error
        return CachedKeySigner(
            signing_cert=loaded.signing_cert,
            signing_key=loaded.signing_key,
            cert_registry=loaded.cert_registry,
        )

    def _explain(self, error: Exception) -> str:
        names = {"name": self.path.name, "user": os.geteuid()}
        if isinstance(error, FileNotFoundError):
            return _("Le fichier du cachet, %(name)s, est introuvable : vérifiez SEAL_P12_FILE.") % names
        if isinstance(error, PermissionError):
            return (
                _(
                    "Le fichier du cachet, %(name)s, ne peut pas être lu par ce service : "
                    "il doit appartenir à l’utilisateur %(user)s (chown %(user)s, chmod 400)."
                )
                % names
            )
        if isinstance(error, OSError):
            return _("Le fichier du cachet, %(name)s, ne peut pas être lu : le disque répond mal.") % names
        return (
            _("Le fichier du cachet, %(name)s, ne s’ouvre pas : son mot de passe est refusé, ou il est abîmé.") % names
        )


def configured_token() -> Pkcs11Backend:
    """Return the token that the settings name."""
    return Pkcs11Backend(
        settings.SEAL_PKCS11_MODULE,
        token=settings.SEAL_PKCS11_TOKEN,
        pin=settings.SEAL_PKCS11_PIN,
        certificate=settings.SEAL_PKCS11_CERTIFICATE,
        chain=settings.SEAL_PKCS11_CHAIN,
    )


def configured() -> SignerBackend:
    """Return the backend that the settings name; a local installation makes its own keys at first use."""
    if settings.SEAL_PKCS11_MODULE:
        return configured_token()
    if not settings.SEAL_P12_FILE:
        raise SealRefused(_("Aucune clé de cachet n’est réglée : ni fichier (SEAL_P12_FILE), ni jeton."))
    path = Path(settings.SEAL_P12_FILE)
    if settings.LOCAL and not path.exists():
        create_seal_keys(path.parent, settings.SEAL_P12_PASSWORD)
    return Pkcs12Backend(path, settings.SEAL_P12_PASSWORD)


@cache
def signer() -> Signer:
    """Return the signer of this process, opened once."""
    return configured().open()


def reopen_key() -> None:
    """Open the key anew for the next document: a token may have been unplugged, or its session ended."""
    if signer.cache_info().currsize and isinstance(token_signer := signer(), TokenSigner):
        token_signer.close()
    signer.cache_clear()
