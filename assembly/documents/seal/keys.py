"""Keys of a local installation: root, intermediate, seal. Made once, mode 0600, never committed.

A real authority buys its seal from a trust service and names the file in `SEAL_P12_FILE` (docs/production.md, Keys).
"""

import fcntl
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID

ORGANISATION = "Installation locale"
YEAR = timedelta(days=365)
BEFORE = 3 * YEAR  # The demonstration seals today what its story dates up to two years ago.
SEAL_FILE = "seal.p12"
ROOT_FILE = "root.pem"
CRL_SUFFIX = ".crl"


@dataclass(frozen=True)
class Authority:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def name(common_name: str) -> x509.Name:
    """Return a subject of this installation."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def issue_certificate(common_name: str, *, issuer: Authority | None, years: int, path_length: int | None) -> Authority:
    """Make a key and its certificate; without `issuer` it signs itself, without `path_length` it signs documents."""
    key = ec.generate_private_key(ec.SECP256R1())
    by = issuer.certificate.subject if issuer else name(common_name)
    signing_key = issuer.key if issuer else key
    now = datetime.now(UTC)
    authority = path_length is not None
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(common_name))
        .issuer_name(by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BEFORE)
        .not_valid_after(now + years * YEAR)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=path_length), critical=True)
        .add_extension(_usage(authority=authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False)
    )
    return Authority(builder.sign(signing_key, hashes.SHA256()), key)


def revocations(authority: Authority, serials: tuple[int, ...] = (), *, years: int = 10) -> bytes:
    """Return the list of certificates that this authority revoked."""
    now = datetime.now(UTC)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(now - timedelta(days=1))
        .next_update(now + years * YEAR)
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()),
            critical=False,
        )
    )
    for serial in serials:
        revoked = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now - timedelta(hours=1))
        builder = builder.add_revoked_certificate(revoked.build())
    return builder.sign(authority.key, hashes.SHA256()).public_bytes(Encoding.DER)


def _write(path: Path, content: bytes) -> None:
    """Write a secret whole, or not at all."""
    scratch = path.with_name(f".{path.name}")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    scratch.rename(path)


def create_seal_keys(folder: Path, password: str, *, holder: str = "Cachet de l’installation locale") -> Path:
    """Make the keys of a local installation in `folder`, once; return the file of the seal.

    Several processes may start at the same time: the first one makes them, the others wait and find them.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    seal_file = folder / SEAL_FILE
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not seal_file.exists():
            root = issue_certificate("Racine locale", issuer=None, years=20, path_length=1)
            intermediate = issue_certificate("Autorité locale", issuer=root, years=15, path_length=0)
            seal = issue_certificate(holder, issuer=intermediate, years=10, path_length=None)
            _write(folder / ROOT_FILE, root.certificate.public_bytes(Encoding.PEM))
            _write(folder / f"root{CRL_SUFFIX}", revocations(root))
            _write(folder / f"intermediate{CRL_SUFFIX}", revocations(intermediate))
            chain = [intermediate.certificate, root.certificate]
            encryption = BestAvailableEncryption(password.encode())
            _write(
                seal_file,
                pkcs12.serialize_key_and_certificates(b"cachet", seal.key, seal.certificate, chain, encryption),
            )
    return seal_file
