"""Text of DOCX, XLSX, PPTX and OpenDocument files: an archive of XML, read part by part as a stream."""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.parsers import expat

from assembly.documents.text.extraction import EXCEL, POWERPOINT, WORD, Damaged

MAX_PART = 60 * 1024 * 1024
PIECE = 64 * 1024
NUMBER = re.compile(r"\d+")
PARTS = {
    WORD: re.compile(r"word/(document|footnotes|endnotes)\.xml"),
    EXCEL: re.compile(r"xl/(workbook|sharedStrings|worksheets/sheet\d+)\.xml"),
    POWERPOINT: re.compile(r"ppt/(slides/slide|notesSlides/notesSlide)\d+\.xml"),
}
OPEN_DOCUMENT_PARTS = re.compile(r"content\.xml")
# Text is in `t` of the Office formats, in any `p` or `h` of OpenDocument; deletions and comments are left out.
HOLDERS = {"t", "p", "h"}
BREAKS = {"p": "\n", "h": "\n", "si": "\n", "is": "\n", "br": "\n", "line-break": "\n", "tab": "\t", "s": " "}
SKIPPED = {"tracked-changes", "annotation", "del", "moveFrom", "rPh", "instrText"}


class TextCollector:
    """Parser of one XML part that collects its text, never more than was fed since the last `drain`."""

    def __init__(self, *, open_document: bool) -> None:
        self.holders = HOLDERS if open_document else {"t"}
        self.pieces: list[str] = []
        self.inside = self.skipped = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.add_text
        self.parser.StartDoctypeDeclHandler = self.refuse

    def refuse(self, *_declaration: object) -> None:
        """Refuse a part with a doctype: neither format declares entities, and one that does is an expansion bomb."""
        raise Damaged("doctype")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        self.skipped += local in SKIPPED
        self.inside += local in self.holders
        if local == "sheet" and "name" in attributes:
            self.pieces.append(attributes["name"] + "\n")

    def end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        self.skipped -= local in SKIPPED
        self.inside -= local in self.holders
        if not self.skipped:
            self.pieces.append(BREAKS.get(local, ""))

    def add_text(self, text: str) -> None:
        if self.inside and not self.skipped:
            self.pieces.append(text)

    def drain(self) -> str:
        """Return the text collected since the last call."""
        text, self.pieces = "".join(self.pieces), []
        return text


def part_order(name: str) -> tuple[str, int, str]:
    """Return a sort key that places slide 2 before slide 10."""
    match = NUMBER.search(name)
    return NUMBER.sub("", name), int(match[0]) if match else 0, name


def text_of_part(archive: zipfile.ZipFile, name: str, *, open_document: bool) -> Iterator[str]:
    collector, left = TextCollector(open_document=open_document), MAX_PART
    with archive.open(name) as part:
        while piece := part.read(PIECE):
            left -= len(piece)
            if left < 0:
                raise Damaged("size")
            collector.parser.Parse(piece, False)
            yield collector.drain()
    collector.parser.Parse(b"", True)
    yield collector.drain() + "\n"


def read_office(content: bytes, media_type: str) -> Iterator[str]:
    """Yield the text of each part, in reading order; raises Damaged."""
    pattern = PARTS.get(media_type, OPEN_DOCUMENT_PARTS)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in sorted(filter(pattern.fullmatch, archive.namelist()), key=part_order):
                yield from text_of_part(archive, name, open_document=pattern is OPEN_DOCUMENT_PARTS)
    except (zipfile.BadZipFile, expat.ExpatError, OSError, RuntimeError, NotImplementedError) as error:
        raise Damaged(type(error).__name__) from error
