"""A feed server that means harm, on 127.0.0.2, and an inner service on 127.0.0.1 that nobody may reach."""

import gzip
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import brotli
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST, INNER = "127.0.0.2", "127.0.0.1"
SECRET = "the-inner-service-was-reached"
Handler = Callable[[socket.socket], None]


def rss(items: str = "", head: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{head}<rss version="2.0"><channel><title>Veille</title>{items}</channel></rss>'.encode()
    )


def item(title: str = "Un titre", link: str = "https://exemple.fr/a", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def answer(body: bytes, *heads: str, status: str = "200 OK", length: int | None = None) -> bytes:
    own = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *heads]
    if not any(head.startswith("Content-Type") for head in heads):
        own.append("Content-Type: application/rss+xml")
    return "\r\n".join(own).encode("latin-1") + b"\r\n\r\n" + body


def sent(content: bytes) -> Handler:
    return lambda connection: connection.sendall(content)


def redirect(to: str, status: str = "302 Found") -> Handler:
    return sent(answer(b"", f"Location: {to}", status=status))


def repeated(head: bytes, piece: bytes, times: int, pause: float = 0) -> Handler:
    def handle(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(times):
            connection.sendall(piece)
            time.sleep(pause)

    return handle


def bomb(megabytes: int, wbits: int) -> bytes:
    squeezer = zlib.compressobj(9, wbits=wbits)
    piece = b" " * 1024 * 1024
    return b"".join(
        [squeezer.compress(rss()), *(squeezer.compress(piece) for _ in range(megabytes)), squeezer.flush()]
    )


def brotli_bomb(megabytes: int) -> bytes:
    return brotli.compress(rss() + b" " * megabytes * 1024 * 1024, quality=5)


def gzipped_twice() -> bytes:
    return gzip.compress(gzip.compress(rss(item())))


class Server:
    """One thread a connection; `pages` maps a path to what is done to whoever asks for it."""

    def __init__(self, host: str, pages: dict[str, Handler], context: ssl.SSLContext | None = None) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.listener = socket.create_server((host, 0), family=family)
        self.host, self.port, self.pages, self.context = host, self.listener.getsockname()[1], pages, context
        self.requests: list[str] = []
        self.connections = 0
        self.threads: list[threading.Thread] = []
        self._start(self._accept)

    def _start(self, target: Callable, *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self.threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _peer = self.listener.accept()
                self.connections += 1
                self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection, self._spoken(connection) as connection:
            asked = b""
            while b"\r\n\r\n" not in asked and (piece := connection.recv(65536)):
                asked += piece
            self.requests.append(asked.decode("latin-1"))
            path = asked.split(b" ")[1].decode() if b" " in asked else "/"
            self.pages.get(path, self.pages.get("*", sent(answer(b"", status="404 Not Found"))))(connection)
            connection.shutdown(socket.SHUT_WR)

    def _spoken(self, connection: socket.socket) -> socket.socket:
        """Start TLS if this server has a certificate; a failed handshake leaves nothing open."""
        if not self.context:
            return connection
        secured = self.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        try:
            secured.do_handshake()
        except OSError:
            secured.close()
            raise
        return secured

    def close(self) -> None:
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


@contextmanager
def serving(host: str, pages: dict[str, Handler], context: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server(host, pages, context)
    try:
        yield server
    finally:
        server.close()


def certificate(folder, *names: str) -> tuple[ssl.SSLContext, str]:
    """Return a TLS context for these names, and the file of its self-signed certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    alternatives = [x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name) for name in names]
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{names[0]}.pem"
    authority = folder / f"{names[0]}.crt"
    authority.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + authority.read_bytes()
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context, str(authority)
