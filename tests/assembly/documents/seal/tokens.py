"""Software tokens (SoftHSM) in a folder of the run: what the hardware of an authority looks like to us."""

import os
import shutil
import subprocess
from pathlib import Path

import pkcs11
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

ROOT = Path(__file__).resolve().parents[4]
UNPACKED = ROOT / ".local" / "deb"  # where ./run puts packages for somebody who may not install
PIN = "5678"
LABEL = "cachet"


def _first(*paths):
    return next((str(path) for path in paths if path and Path(path).exists()), None)


MODULE = _first("/usr/lib/softhsm/libsofthsm2.so", UNPACKED / "usr/lib/softhsm/libsofthsm2.so")
UTIL = _first(shutil.which("softhsm2-util"), UNPACKED / "usr/bin/softhsm2-util")
IS_THERE = bool(MODULE and UTIL)


def start(folder):
    """Initialise an empty folder of tokens; the library reads it once per process, so all tests share it."""
    (folder / "tokens").mkdir()
    conf = folder / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    os.environ["SOFTHSM2_CONF"] = str(conf)


def _run(*command):
    subprocess.run([UTIL, "--module", MODULE, *command], check=True, capture_output=True)


def make(folder, content):
    """Make tokens by name, each with a key and its certificates as (label, certificate).

    Make all of them before the first is read: the library lists tokens only when it starts.
    """
    for name, (key, _certificates) in content.items():
        path = folder / f"{name}.pem"
        path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        _run("--init-token", "--free", "--label", name, "--so-pin", "1234", "--pin", PIN)
        _run("--import", str(path), "--token", name, "--label", LABEL, "--id", "01", "--pin", PIN)
        path.unlink()
    for name, (_key, certificates) in content.items():
        with pkcs11.lib(MODULE).get_token(token_label=name).open(user_pin=PIN, rw=True) as session:
            for number, (label, certificate) in enumerate(certificates, start=1):
                session.create_object(
                    {
                        pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                        pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                        pkcs11.Attribute.TOKEN: True,
                        pkcs11.Attribute.LABEL: label,
                        pkcs11.Attribute.ID: bytes([number]),
                        pkcs11.Attribute.SUBJECT: certificate.subject.public_bytes(),
                        pkcs11.Attribute.VALUE: certificate.public_bytes(Encoding.DER),
                    }
                )
