"""The seal's key on a token: it seals as a file does, and each thing that can go wrong is said."""

import io
from datetime import UTC, datetime, timedelta

import pkcs11
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.exceptions import ImproperlyConfigured
from pyhanko.pdf_utils.reader import PdfFileReader

from assembly.config import env
from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Document
from assembly.documents.seal import backends, expiry, keys, reading, sealing
from assembly.documents.seal.interface import SealRefused, SealUnavailable
from assembly.portal import health
from tests import verapdf
from tests.assembly.documents.seal import tokens
from tests.factories.institution import TermFactory

CONFORMS = {"3a": [], "ua1": []}
pytestmark = pytest.mark.skipif(not tokens.IS_THERE, reason="softhsm2 is not on this machine")


def rsa_seal(issuer):
    """Return an RSA key and its seal certificate from the test authority, as on most hardware tokens."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(keys.name("Cachet RSA"))
        .issuer_name(issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=90))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(issuer.key, hashes.SHA256())
    )
    return key, certificate


@pytest.fixture(scope="session")
def shelf(session_pki, tmp_path_factory):
    """Make five tokens: a curve with its chain, RSA with the seal alone, two pairs that do not match, a key alone."""
    folder = tmp_path_factory.mktemp("softhsm")
    tokens.start(folder)
    pki = session_pki
    key, certificate = rsa_seal(pki.intermediate)
    content = {
        "courbe": (
            pki.seal.key,
            [(tokens.LABEL, pki.seal.certificate), ("autorité", pki.intermediate.certificate)],
        ),
        "rsa": (key, [(tokens.LABEL, certificate)]),
        "dépareillé": (pki.intermediate.key, [(tokens.LABEL, pki.seal.certificate)]),
        "d’une autre sorte": (key, [(tokens.LABEL, pki.seal.certificate)]),
        "nu": (key, []),
    }
    tokens.make(folder, content)
    return {"rsa": certificate, "courbe": pki.seal.certificate}


@pytest.fixture
def use(shelf, pki, settings):
    """Yield a function that selects the token of the seal in the settings."""

    def choose(name, pin=tokens.PIN, **more):
        settings.SEAL_PKCS11_MODULE = more.get("module", tokens.MODULE)
        settings.SEAL_PKCS11_TOKEN = name
        settings.SEAL_PKCS11_PIN = pin
        settings.SEAL_PKCS11_CERTIFICATE = more.get("label", tokens.LABEL)
        settings.SEAL_PKCS11_CHAIN = more.get("chain", "")
        backends.reopen_key()

    yield choose
    backends.reopen_key()
    backends._refused.clear()


@pytest.fixture
def term(db):
    return TermFactory()


@pytest.fixture
def intermediate(pki):
    return pki.intermediate.certificate.public_bytes(Encoding.PEM).decode()


@pytest.mark.parametrize("name", ["courbe", "rsa"])
def test_a_token_seals_as_a_file_does(name, use, base, pki, intermediate, tmp_path):
    use(name, chain=intermediate if name == "rsa" else "")
    sealed = sealing.seal_pdf(base)
    report = reading.report(sealed.content, pki.trust_file)
    path = tmp_path / "sealed.pdf"
    path.write_bytes(sealed.content)
    assert report["signatures"][0]["accepted"]
    assert verapdf.verdicts(path) == CONFORMS
    assert sealed.content.startswith(base)


def test_the_archival_level_carries_the_chain_of_the_token(use, base_with_timestamp, pki):
    use("courbe")
    sealed = sealing.seal_pdf(base_with_timestamp, authority=pki.stamper)
    report = reading.report(sealed.content, pki.trust_file)
    assert [row["accepted"] for row in report["signatures"]] == [True, True]
    assert sealed.level == "B-LTA"


def test_the_key_never_leaves_the_token(use):
    use("courbe")
    signer = backends.signer()
    key = next(iter(signer.pkcs11_session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY})))
    assert key[pkcs11.Attribute.SENSITIVE]
    assert not key[pkcs11.Attribute.EXTRACTABLE]


def test_two_documents_share_one_session(use, base):
    use("courbe")
    sealing.seal_pdf(base)
    first = backends.signer()
    sealing.seal_pdf(base)
    assert backends.signer() is first


def test_a_session_that_ended_is_opened_again_for_the_next_document(use, base):
    use("courbe")
    backends.signer().pkcs11_session.close()
    with pytest.raises(SealUnavailable, match="ne répond plus"):
        sealing.seal_pdf(base)
    assert sealing.seal_pdf(base).content


def test_a_second_signer_of_the_process_finds_the_token_signed_in(use, base):
    use("courbe")
    sealing.seal_pdf(base)
    other = backends.configured().open()
    assert sealing.seal_pdf(base, by=other).content


REFUSALS = [
    ("courbe", {"module": "/nowhere/lib.so"}, SealUnavailable, "introuvable ou ne se charge pas"),
    ("inconnu", {}, SealUnavailable, "« inconnu » n’est pas branché"),
    ("nu", {}, SealUnavailable, "une clé et un certificat nommés tous deux « cachet »"),
    ("courbe", {"label": "autre"}, SealUnavailable, "nommés tous deux « autre »"),
    ("dépareillé", {}, SealRefused, "ne vont pas ensemble"),
    ("d’une autre sorte", {}, SealUnavailable, "vont-ils ensemble"),
    ("rsa", {"pin": "0000"}, SealRefused, "Le jeton refuse le code"),
]


@pytest.mark.parametrize(("name", "more", "kind", "sentence"), REFUSALS)
def test_what_is_wrong_is_said(name, more, kind, sentence, use, base):
    use(name, **more)
    with pytest.raises(SealUnavailable, match=sentence) as refusal:
        sealing.seal_pdf(base)
    assert type(refusal.value) is kind


def test_a_refused_pin_is_not_tried_again(use, base, monkeypatch):
    """Three more tries would lock most tokens."""
    use("rsa", pin="9999")
    with pytest.raises(SealRefused):
        sealing.seal_pdf(base)
    tried = []
    monkeypatch.setattr(backends, "open_pkcs11_session", lambda *args, **kwargs: tried.append(args))
    with pytest.raises(SealRefused, match="Le jeton refuse le code"):
        sealing.seal_pdf(base)
    assert tried == []


def test_a_refusal_ends_the_job_at_once_and_says_why(use, kinds, work, term):
    use("rsa", pin="1111")
    rendition = request_rendition(term, "test-sheet")
    work()
    rendition.refresh_from_db()
    assert (rendition.state, rendition.attempts, Document.objects.count()) == ("failed", 1, 0)
    assert rendition.error.startswith("Le jeton refuse le code. Corrigez SEAL_PKCS11_PIN")


def test_an_absent_token_is_waited_for_then_said(use, kinds, work, term):
    use("inconnu")
    rendition = request_rendition(term, "test-sheet")
    for _attempt in range(5):
        work()
    rendition.refresh_from_db()
    assert (rendition.state, rendition.error) == (
        "failed",
        "Le jeton « inconnu » n’est pas branché, ou porte un autre nom.",
    )


def test_a_certificate_that_ended_seals_nothing(use, base, monkeypatch):
    use("rsa")
    monkeypatch.setattr(sealing.timezone, "now", lambda: datetime.now(UTC) + timedelta(days=200))
    with pytest.raises(SealRefused, match="Le certificat du cachet a pris fin le"):
        sealing.seal_pdf(base)


def test_the_end_of_the_certificate_is_read_without_the_pin(use, shelf, settings):
    use("courbe", pin="0000")
    assert expiry.ends_at() == shelf["courbe"].not_valid_after_utc
    use("nu")
    assert expiry.ends_at() is None
    use("inconnu")
    assert expiry.ends_at() is None


def test_the_state_of_the_service_warns_before_the_token_s_certificate_ends(use, shelf, monkeypatch):
    use("rsa")
    line = health._seal()
    assert (line.is_late, line.advice) == (False, "")
    end = shelf["rsa"].not_valid_after_utc
    monkeypatch.setattr(health.timezone, "now", lambda: end - timedelta(days=59))
    line = health._seal()
    assert line.is_late
    assert line.advice == "Demandez un nouveau certificat de cachet, puis mettez-le sur le jeton avec sa clé."


def test_the_pin_may_come_from_a_file(tmp_path, monkeypatch, use, base):
    (tmp_path / "pin").write_text(f"{tokens.PIN}\n")
    monkeypatch.setenv("SEAL_PKCS11_PIN_FILE", str(tmp_path / "pin"))
    use("courbe", pin=env.text_setting("SEAL_PKCS11_PIN", None))
    assert len(PdfFileReader(io.BytesIO(sealing.seal_pdf(base).content)).embedded_regular_signatures) == 1
    monkeypatch.delenv("SEAL_PKCS11_PIN_FILE")
    with pytest.raises(ImproperlyConfigured):
        env.text_setting("SEAL_PKCS11_PIN", None)
