"""Seals of every level: still both standards, valid, and an extension of what was sealed."""

import contextlib
import io
import os
import resource
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.general import SigningError

from assembly.documents.pdf.render import render
from assembly.documents.seal import backends, checking, keys, reading, sealing
from assembly.documents.seal.interface import SealRefused, TimestampUnavailable
from tests import verapdf
from tests.assembly.documents.pages import long_source
from tests.assembly.documents.seal import authority

CONFORMS = {"3a": [], "ua1": []}
GOOD = {"intact": True, "valid": True, "trusted": True, "revoked": False, "unchanged": True, "accepted": True}


@pytest.fixture
def judge(tmp_path):
    def verdict(content):
        path = tmp_path / "judged.pdf"
        path.write_bytes(content)
        return verapdf.verdicts(path)

    return verdict


def flags(report):
    return {row["field"]: {key: row[key] for key in GOOD} for row in report["signatures"]}


def test_the_seal_alone(pki, base, judge):
    sealed = sealing.seal_pdf(base, by=pki.signer())
    report = reading.report(sealed.content, pki.trust_file)
    assert sealed.content.startswith(base)
    assert (sealed.level, sealed.timestamped_at) == ("B-B", None)
    assert sealed.serial == f"{pki.seal.certificate.serial_number:x}"
    assert (flags(report), report["empty_fields"]) == ({"cachet": GOOD}, [])
    assert judge(sealed.content) == CONFORMS


def test_with_an_authority_everything_is_inside(pki, base_with_timestamp, judge):
    sealed = sealing.seal_pdf(base_with_timestamp, by=pki.signer(), authority=pki.stamper)
    report = reading.report(sealed.content, pki.trust_file)
    assert sealed.content.startswith(base_with_timestamp)
    assert (sealed.level, sealed.timestamped_at is None) == ("B-LTA", False)
    assert (flags(report), report["empty_fields"]) == ({"cachet": GOOD, "horodatage": GOOD}, [])
    assert judge(sealed.content) == CONFORMS


def test_a_missing_timestamp_is_added_later_then_renewed(pki, base_with_timestamp, judge):
    sealed = sealing.seal_pdf(base_with_timestamp, by=pki.signer())
    assert reading.report(sealed.content, pki.trust_file)["empty_fields"] == ["horodatage"]
    completed = sealing.add_timestamp(sealed.content, authority=pki.stamper)
    renewed = sealing.add_timestamp(completed.content, authority=pki.stamper)
    assert completed.content.startswith(sealed.content)
    assert renewed.content.startswith(completed.content)
    report = reading.report(renewed.content, pki.trust_file)
    assert flags(report) == {"cachet": GOOD, "horodatage": GOOD, "horodatage-2": GOOD}
    assert judge(completed.content) == CONFORMS
    assert judge(renewed.content) == CONFORMS


def test_an_absent_authority_is_said_and_never_replaced(pki, base_with_timestamp, settings):
    settings.TSA_URL = "http://127.0.0.1:9/tsa"
    with pytest.raises(TimestampUnavailable):
        sealing.seal_pdf(base_with_timestamp, by=pki.signer(), authority=sealing.timestamper())
    settings.TSA_URL = ""
    with pytest.raises(TimestampUnavailable):
        sealing.add_timestamp(sealing.seal_pdf(base_with_timestamp, by=pki.signer()).content)


@pytest.fixture
def tsa_server(pki):
    with authority.over_http(pki) as address:
        yield address


def test_an_authority_over_http(pki, base_with_timestamp, settings, tsa_server):
    settings.TSA_URL = tsa_server
    sealed = sealing.seal_pdf(base_with_timestamp, by=pki.signer(), authority=sealing.timestamper())
    assert flags(reading.report(sealed.content, pki.trust_file)) == {"cachet": GOOD, "horodatage": GOOD}


def test_a_second_seal_is_refused(pki, base):
    sealed = sealing.seal_pdf(base, by=pki.signer())
    with pytest.raises(SigningError):
        sealing.seal_pdf(sealed.content, by=pki.signer())


def test_local_keys_are_made_once_and_kept_secret(tmp_path):
    folder = tmp_path / "keys"
    made = []
    threads = [
        threading.Thread(target=lambda: made.append(keys.create_seal_keys(folder, "x").read_bytes())) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 1
    assert {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir() if path.name != ".lock"} == {
        "seal.p12": 0o600,
        "root.pem": 0o600,
        "root.crl": 0o600,
        "intermediate.crl": 0o600,
    }
    assert folder.stat().st_mode & 0o777 == 0o700


@contextlib.contextmanager
def as_the_user_of_the_image():
    """Open files with the rights of uid 10001, as in the container; only root can run this."""
    os.seteuid(10001)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another user")
def test_a_key_that_belongs_to_root_is_refused_with_what_to_do(tmp_path):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = keys.create_seal_keys(tmp_path / "keys", "good").rename(Path(folder) / "seal.p12")
        with as_the_user_of_the_image(), pytest.raises(SealRefused) as refusal:
            backends.Pkcs12Backend(path, "good").open()
        assert str(refusal.value) == (
            "Le fichier du cachet, seal.p12, ne peut pas être lu par ce service : il doit appartenir à l’utilisateur "
            "10001 (chown 10001, chmod 400)."
        )
        os.chown(path, 10001, 10001)
        path.chmod(0o400)
        with as_the_user_of_the_image():
            assert backends.Pkcs12Backend(path, "good").open().signing_cert


def test_a_missing_key_and_a_wrong_password_are_told_apart(tmp_path, settings):
    path = keys.create_seal_keys(tmp_path / "keys", "good")
    with pytest.raises(SealRefused, match=r"^Le fichier du cachet, none.p12, est introuvable"):
        backends.Pkcs12Backend(tmp_path / "none.p12", "x").open()
    with pytest.raises(SealRefused, match="seal.p12, ne s’ouvre pas : son mot de passe"):
        backends.Pkcs12Backend(path, "wrong").open()
    settings.SEAL_P12_FILE = ""
    with pytest.raises(SealRefused, match="Aucune clé de cachet n’est réglée"):
        backends.configured()


def test_the_stamp_is_written_in_our_font(pki, base, tmp_path):
    path = tmp_path / "sealed.pdf"
    path.write_bytes(sealing.seal_pdf(base, by=pki.signer()).content)
    if shutil.which("pdffonts"):
        fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout
        assert "Courier" not in fonts
    assert IncrementalPdfFileWriter(io.BytesIO(path.read_bytes())).root["/AcroForm"]["/SigFlags"] == 3


@pytest.mark.long
def test_ninety_pages_are_checked_in_less_than_thirty_seconds(pki, tmp_path):
    """Guards the re-pack: without it this takes minutes."""
    pdf = render(long_source(88, timestamp=True))
    path = tmp_path / "long.pdf"
    path.write_bytes(sealing.seal_pdf(pdf, by=pki.signer(), authority=pki.stamper).content)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    report = checking.check_seals(path, pki.trust_file)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert flags(report) == {"cachet": GOOD, "horodatage": GOOD}
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 30
    assert verapdf.verdicts(path) == CONFORMS
