"""PDF files that cost their reader far more than they weigh."""

import re
import zlib


def last_xref(content):
    return int(re.findall(rb"startxref\s+(\d+)", content)[-1])


def size_and_root(content):
    """Return the size and the root, which each trailer must repeat."""
    return int(re.findall(rb"/Size (\d+)", content)[-1]), re.findall(rb"/Root (\d+ \d+ R)", content)[-1].decode()


def with_updates(content, count, *, announced=True):
    """Append `count` incremental updates of one small object each, with a cross-reference table and a trailer.

    Without `announced` only the last one has `startxref`, which no program needs to write before it.
    """
    size, root = size_and_root(content)
    previous = last_xref(content)
    parts, place = [content], len(content)
    for number in range(count):
        key = size + number
        body = f"\n{key} 0 obj\n<</N {number}>>\nendobj\n".encode()
        table = place + len(body)
        tail = (
            f"xref\n{key} 1\n{place + 1:010} 00000 n \ntrailer\n<</Size {key + 1} /Root {root} /Prev {previous}>>\n"
        ).encode()
        if announced or number == count - 1:
            tail += f"startxref\n{table}\n%%EOF\n".encode()
        parts.append(body + tail)
        place += len(body) + len(tail)
        previous = table
    return b"".join(parts)


def swelling(megabytes):
    """Return a cross-reference table that decompresses to a thousand times its size."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1024 * 1024)) for _number in range(megabytes)) + packer.flush()
    head = f"1 0 obj\n<</Type/XRef/Size 5/W[1 2 1]/Root 2 0 R/Filter/FlateDecode/Length {len(packed)}>>stream\n"
    return b"%PDF-1.7\n" + head.encode() + packed + b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n"
