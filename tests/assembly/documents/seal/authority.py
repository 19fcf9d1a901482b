"""A whole test PKI: root, intermediate, seal, time-stamping authority, lists of revoked certificates."""

import datetime
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer

from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from pyhanko.keys.internal import translate_pyca_cryptography_cert_to_asn1, translate_pyca_cryptography_key_to_asn1
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from assembly.documents.seal import keys
from assembly.documents.seal.backends import Pkcs12Backend

PASSWORD = "test"


@dataclass
class Pki:
    folder: object
    root: keys.Authority
    intermediate: keys.Authority
    seal: keys.Authority
    stamper: DummyTimeStamper

    @property
    def trust_file(self):
        return self.folder / keys.ROOT_FILE

    def signer(self):
        return Pkcs12Backend(self.folder / keys.SEAL_FILE, PASSWORD).open()

    def revoke_seal(self):
        revoked = keys.revocations(self.intermediate, (self.seal.certificate.serial_number,))
        (self.folder / "intermediate.crl").write_bytes(revoked)


def _stamper(root):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(keys.name("Horodatage de test"))
        .issuer_name(root.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=800))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key()), critical=False)
        .sign(root.key, hashes.SHA256())
    )
    store = SimpleCertificateStore()
    store.register(translate_pyca_cryptography_cert_to_asn1(root.certificate))
    return DummyTimeStamper(
        translate_pyca_cryptography_cert_to_asn1(certificate),
        translate_pyca_cryptography_key_to_asn1(key),
        certs_to_embed=store,
    )


def make(folder):
    """Write the files of a trust folder as `create_seal_keys` does, and return the private keys."""
    root = keys.issue_certificate("Racine de test", issuer=None, years=20, path_length=1)
    intermediate = keys.issue_certificate("Autorité de test", issuer=root, years=15, path_length=0)
    seal = keys.issue_certificate("Cachet de test", issuer=intermediate, years=10, path_length=None)
    (folder / keys.ROOT_FILE).write_bytes(root.certificate.public_bytes(Encoding.PEM))
    (folder / "root.crl").write_bytes(keys.revocations(root))
    (folder / "intermediate.crl").write_bytes(keys.revocations(intermediate))
    chain = [intermediate.certificate, root.certificate]
    encryption = BestAvailableEncryption(PASSWORD.encode())
    content = pkcs12.serialize_key_and_certificates(b"cachet", seal.key, seal.certificate, chain, encryption)
    (folder / keys.SEAL_FILE).write_bytes(content)
    return Pki(folder, root, intermediate, seal, _stamper(root))


@contextmanager
def over_http(pki: Pki) -> Iterator[str]:
    """Serve the time-stamping authority by HTTP on the loopback interface; yield its address."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            content = pki.stamper.request_tsa_response(asked).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
