"""Messages of the pipe between a worker and its render process: length-prefixed bytes, no pickle."""

import base64
import json
import struct
from datetime import datetime
from typing import IO, Any

from assembly.documents.pdf.source import Enclosure, RenderSource

LENGTH = struct.Struct(">Q")
DONE = b"P"
FAILED = b"E"


def read_exactly(stream: IO[bytes], size: int) -> bytes:
    """Read `size` bytes; raises EOFError when the other process has ended."""
    chunks = bytearray()
    while len(chunks) < size:
        chunk = stream.read(size - len(chunks))
        if not chunk:
            raise EOFError
        chunks += chunk
    return bytes(chunks)


def send_message(stream: IO[bytes], message: bytes) -> None:
    """Write one message with its length."""
    stream.write(LENGTH.pack(len(message)))
    stream.write(message)
    stream.flush()


def receive_message(stream: IO[bytes]) -> bytes:
    (size,) = LENGTH.unpack(read_exactly(stream, LENGTH.size))
    return read_exactly(stream, size)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def source_json(source: RenderSource) -> bytes:
    """Return a source as JSON."""
    return json.dumps(
        {
            "html": source.html,
            "stylesheets": list(source.stylesheets),
            "title": source.title,
            "reference": source.reference,
            "created_at": source.moment.isoformat(),
            "language": source.language,
            "enclosures": [[e.name, _text(e.content), e.description, e.relationship] for e in source.enclosures],
            "cachet": source.cachet,
            "timestamp": source.timestamp,
            "author": source.author,
            "assets": {name: _text(content) for name, content in source.assets.items()},
        }
    ).encode()


def source_from_json(message: bytes) -> RenderSource:
    """Return the source again, its data already among the enclosures."""
    fields: dict[str, Any] = json.loads(message)
    fields["created_at"] = datetime.fromisoformat(fields["created_at"])
    fields["assets"] = {name: base64.b64decode(content) for name, content in fields["assets"].items()}
    fields["attachments"] = [
        Enclosure(name, base64.b64decode(content), description, relationship)
        for name, content, description, relationship in fields.pop("enclosures")
    ]
    return RenderSource(**fields)
