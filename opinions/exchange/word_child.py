"""Process that opens a Word file from outside: bytes come in, JSON goes out, a hostile file breaks only this process.

It has no settings, no secret and no database; memory and processor time are capped. Pictures are counted and never
opened.
"""

import io
import json
import re
import sys
import zipfile
from collections import Counter
from html import unescape
from typing import Any
from xml.parsers import expat

import mammoth

from assembly.files import child_process

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 60
MAX_PART = 60 * 1024 * 1024
PIECE = 64 * 1024
DONE, DAMAGED, DEEP = 0, 3, 4
MAIN = "word/document.xml"
# Content that a text of the site cannot hold, counted while the part is read.
COUNTED = {
    "drawing": "pictures",
    "pict": "pictures",
    "oMath": "formulas",
    "txbxContent": "boxes",
    "del": "deletions",
    "moveFrom": "deletions",
    "commentReference": "comments",
    "sdt": "controls",
}
STYLES = """
p[style-name='Title'] => h1.title:fresh
p[style-name='Hors texte'] => p.apart:fresh
p[style-name='Préconisation'] => h3:fresh
p[style-name='Question'] => p:fresh
p[style-name='Heading 5'] => h4:fresh
p[style-name='Heading 6'] => h4:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='Quotations'] => blockquote > p:fresh
p[style-name='Block Quotation'] => blockquote > p:fresh
p[style-name='Block Text'] => blockquote > p:fresh
u => u
strike => s
"""


# A title before everything else is the title of the document; a later one is a heading of the text.
TITLE_HEADING = re.compile(r'\A<h1 class="title">(.*?)</h1>', re.DOTALL)
APART = re.compile(r'<p class="apart">.*?</p>', re.DOTALL)
TAG = re.compile(r"<[^>]*>")


class WordRefused(Exception):
    """A part that no ordinary word processor writes."""


def elements_left_out(archive: zipfile.ZipFile, name: str) -> Counter[str]:
    """Count the elements of a part that are left out, in one stream before anything builds the part in memory."""
    counts: Counter[str] = Counter()
    parser = expat.ParserCreate(namespace_separator=" ")

    def start(element: str, _attributes: dict[str, str]) -> None:
        kind = COUNTED.get(element.rpartition(" ")[2])
        if kind:
            counts[kind] += 1

    def refuse(*_declaration: object) -> None:
        raise WordRefused

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    left = MAX_PART
    with archive.open(name) as part:
        while piece := part.read(PIECE):
            left -= len(piece)
            if left < 0:
                raise WordRefused
            parser.Parse(piece, False)
    parser.Parse(b"", True)
    return counts


def read_word(content: bytes) -> dict[str, Any]:
    """Return the text as HTML, what is left out of it by kind, and the title before it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [name for name in archive.namelist() if name.endswith((".xml", ".rels"))]
        left_out = {name: elements_left_out(archive, name) for name in parts}
    lost = left_out.get(MAIN, Counter())
    lost["headers"] = sum(name.startswith(("word/header", "word/footer")) for name in parts)
    conversion = mammoth.convert_to_html(io.BytesIO(content), style_map=STYLES, convert_image=lambda _image: [])
    html, lost["apart"] = APART.subn("", conversion.value)
    title = TITLE_HEADING.match(html)
    return {
        "html": html[title.end() :] if title else html,
        "lost": {kind: count for kind, count in lost.items() if count},
        "title": " ".join(unescape(TAG.sub("", title[1])).split()) if title else "",
    }


def serve() -> int:
    try:
        answer = read_word(sys.stdin.buffer.read())
    except RecursionError:
        return DEEP
    except Exception:
        return DAMAGED
    sys.stdout.write(json.dumps(answer))
    return DONE


if __name__ == "__main__":
    child_process.limit(MEMORY, CPU_SECONDS)
    sys.exit(serve())
