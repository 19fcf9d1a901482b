"""The line to a relay as production has it: encrypted, whichever way, and honest when it breaks."""

import datetime
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from assembly.config import env
from assembly.notifications.actions import sending
from assembly.notifications.models import Delivery, DeliveryState as S
from bench.sink import Sink, accepted
from tests.factories.notifications import DeliveryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch) -> ssl.SSLContext:
    """Make a certificate for localhost that this machine trusts during the test."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = tmp_path / "public.pem", tmp_path / "private.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(public))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context


@pytest.fixture
def encrypted(certificate, tmp_path, settings):
    """Yield a factory: `encrypted("smtps")` or `encrypted("starttls")` starts a server with that encryption."""
    opened = []

    def open_one(way, behave=None):
        own = {"smtps": {"ssl_context": certificate}, "starttls": {"tls_context": certificate}}[way]
        server = Sink(tmp_path / "mail.log", behave=behave, **own)
        server.hostname = "localhost"
        server.start()
        opened.append(server)
        address = {"smtps": "smtps://localhost:{}/?timeout=2", "starttls": "smtp://localhost:{}/?tls=1&timeout=2"}
        line = env.mailer(address[way].format(server.port))
        settings.MAILERS = {"default": line, "bulk": line}
        return server

    yield open_one
    for server in opened:
        server.stop()


@pytest.mark.parametrize("way", ["smtps", "starttls"])
def test_encrypted_line_carries_mail(encrypted, way):
    server = encrypted(way)
    DeliveryFactory.create_batch(3)
    sending.run(0)
    assert set(Delivery.objects.values_list("state", flat=True)) == {S.SENT}
    assert sum(accepted(server.log).values()) == 3


@pytest.mark.parametrize("way", ["smtps", "starttls"])
@pytest.mark.parametrize(("fault", "state"), [("drop", S.IN_FLIGHT), ("later", S.QUEUED), ("refuse", S.BOUNCED)])
def test_encrypted_line_is_as_honest(encrypted, way, fault, state):
    in_body = fault == "drop"
    encrypted(way, lambda envelope: fault if (envelope.content is not None) == in_body else "take")
    DeliveryFactory()
    sending.run(0)
    assert Delivery.objects.get().state == state


def test_certificate_of_somebody_else_is_not_trusted(encrypted, monkeypatch):
    encrypted("smtps")
    monkeypatch.delenv("SSL_CERT_FILE")
    DeliveryFactory()
    sending.run(0)
    row = Delivery.objects.get()
    assert (row.state, row.error) == (
        S.QUEUED,
        "La liaison avec le serveur de courrier s’est coupée avant la remise.",
    )
