"""The two key stores of the seal: a PKCS#12 file, a PKCS#11 token."""

import asyncio
import os
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pkcs11
from asn1crypto import pem, x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from django.conf import settings
from django.utils.translation import gettext as _
from pkcs11 import exceptions
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.signers import Signer, SimpleSigner

from assembly.documents.seal.interface import SealRefused, SealUnavailable, SignerBackend
from assembly.documents.seal.keys import create_seal_keys

PROBE = b"cachet"
PROBE_DIGEST = "sha256"
ATTEMPT_WOULD_LOCK = (exceptions.PinIncorrect, exceptions.PinInvalid, exceptions.PinLenRange)
CANNOT_SIGN_SO = (exceptions.MechanismInvalid, exceptions.KeyTypeInconsistent, exceptions.GeneralError)
_refused: set[tuple[str, str, str]] = set()


class TokenSigner(PKCS11Signer):
    """Signer that raises SealUnavailable when the token is gone: the session is reopened for the next document."""

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        try:
            return await super().async_sign_raw(data, digest_algorithm, dry_run)
        except exceptions.PKCS11Error as error:
            raise SealUnavailable(_error_sentence(error)) from error

    def close(self) -> None:
        """Close the session; a token that was unplugged cannot answer, and need not."""
        try:
            self.pkcs11_session.close()
        except exceptions.PKCS11Error:
            return


class Pkcs11Backend:
    """A hardware token or module. `chain` is the PEM text of certificates between the seal's and its root."""

    def __init__(self, module: str, *, token: str, pin: str, certificate: str, chain: str = "") -> None:
        self.module = module
        self.token = token
        self.pin = pin
        self.certificate = certificate
        self.chain = chain

    def open(self) -> TokenSigner:
        """Open a session and prove that key and certificate belong together; raises SealUnavailable."""
        access = (self.module, self.token, self.pin)
        if access in _refused:
            raise SealRefused(_error_sentence(exceptions.PinIncorrect()))
        try:
            signer = self._signer(self._session())
            if not _belongs(signer.signing_cert, asyncio.run(signer.async_sign_raw(PROBE, PROBE_DIGEST))):
                raise SealRefused(
                    _("Sur le jeton, la clé et le certificat « %(label)s » ne vont pas ensemble.") % self._label()
                )
        except ATTEMPT_WOULD_LOCK as error:
            _refused.add(access)
            raise SealRefused(_error_sentence(error)) from error
        except exceptions.PinLocked as error:
            raise SealRefused(_error_sentence(error)) from error
        except exceptions.PKCS11Error as error:
            raise SealUnavailable(self._explain(error)) from error
        return signer

    def ends_at(self) -> datetime | None:
        """Return when the certificate on the token ends, read without the PIN; None when it cannot be read."""
        try:
            session = open_pkcs11_session(self.module, token_criteria=TokenCriteria(label=self.token))
            with session:
                query = {
                    pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                    pkcs11.Attribute.LABEL: self.certificate,
                }
                certificates = [bytes(row[pkcs11.Attribute.VALUE]) for row in session.get_objects(query)]
        except exceptions.PKCS11Error:
            return None
        return x509.load_der_x509_certificate(certificates[0]).not_valid_after_utc if len(certificates) == 1 else None

    def _session(self) -> Any:
        """Open a session with the right to sign; a login is valid for the whole process, so it is done once."""
        criteria = TokenCriteria(label=self.token)
        try:
            return open_pkcs11_session(self.module, token_criteria=criteria, user_pin=self.pin)
        except exceptions.UserAlreadyLoggedIn:
            return open_pkcs11_session(self.module, token_criteria=criteria)

    def _signer(self, session: Any) -> TokenSigner:
        return TokenSigner(
            session,
            cert_label=self.certificate,
            key_label=self.certificate,
            ca_chain=set(_certificates(self.chain)),
            other_certs_to_pull=None,
            use_raw_mechanism=True,
        )

    def _label(self) -> dict[str, str]:
        return {"label": self.certificate}

    def _explain(self, error: Exception) -> str:
        """Return the sentence for an error; the library's bare errors are matched by their text."""
        if type(error) is not exceptions.PKCS11Error:
            return _error_sentence(error)
        if "No token" in str(error):
            return _("Le jeton « %(token)s » n’est pas branché, ou porte un autre nom.") % {"token": self.token}
        if "Could not find" in str(error) or "more than one" in str(error):
            return (
                _("Le jeton doit porter une clé et un certificat nommés tous deux « %(label)s », une seule fois.")
                % self._label()
            )
        return _("La bibliothèque du jeton, « %(module)s », est introuvable ou ne se charge pas.") % {
            "module": self.module
        }


def _error_sentence(error: Exception) -> str:
    if isinstance(error, ATTEMPT_WOULD_LOCK):
        return _(
            "Le jeton refuse le code. Corrigez SEAL_PKCS11_PIN et redémarrez les services : "
            "on ne l’essaie plus, car quelques essais de trop bloqueraient le jeton."
        )
    if isinstance(error, exceptions.PinLocked):
        return _("Le jeton est bloqué après trop d’essais. Seul son responsable de sécurité peut le débloquer.")
    if isinstance(error, CANNOT_SIGN_SO):
        return _("Le jeton ne signe pas avec cette clé : la clé et le certificat vont-ils ensemble ?")
    return _("Le jeton ne répond plus (%(error)s). Vérifiez qu’il est branché.") % {"error": type(error).__name__}


def _certificates(text: str) -> Iterator[asn1_x509.Certificate]:
    if text:
        for _name, _headers, content in pem.unarmor(text.encode(), multiple=True):
            yield asn1_x509.Certificate.load(content)


def _belongs(certificate: asn1_x509.Certificate, signature: bytes) -> bool:
    """Return whether the key that made this signature of the probe is the certificate's."""
    key = x509.load_der_x509_certificate(certificate.dump()).public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, PROBE, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, PROBE, ec.ECDSA(hashes.SHA256()))
        else:
            return False
    except InvalidSignature:
        return False
    return True


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
