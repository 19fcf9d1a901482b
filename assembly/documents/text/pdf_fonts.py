"""From the codes of a PDF font to letters: its ToUnicode table, or its encoding when there is none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from fontTools import agl
from fontTools.encodings.StandardEncoding import StandardEncoding

MAX_CODES = 70_000
MAX_TABLE = 4 * 1024 * 1024
SECTION = re.compile(rb"begin(bfchar|bfrange|codespacerange)(.*?)end\1", re.DOTALL)
TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|([\[\]])")
USUAL_WIDTH = 500.0
CODECS = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}


@dataclass
class Font:
    """Letters and widths (thousandths of the size) of the codes of one font."""

    letters: dict[int, str] = field(default_factory=dict)
    widths: dict[int, float] = field(default_factory=dict)
    usual: float = USUAL_WIDTH
    code_size: int = 1

    def read(self, text: bytes) -> Iterator[tuple[str, float, bool]]:
        """Letter, width and "this is the one-byte space" of each code."""
        size = self.code_size
        for start in range(0, len(text) - size + 1, size):
            code = int.from_bytes(text[start : start + size])
            yield self.letters.get(code, ""), self.widths.get(code, self.usual), size == 1 and code == 32


def hexadecimal(token: bytes) -> bytes:
    digits = b"".join(token.split())
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())


def letters_of(code: bytes) -> str:
    return code.decode("utf-16-be", "ignore")


def add_range(letters: dict[int, str], first: int, last: int, target: bytes) -> None:
    """`<first> <last> <target>`: the last letter of the target grows by one with each code."""
    start = int.from_bytes(target[-2:])
    for step in range(min(last - first + 1, MAX_CODES - len(letters), 0x10000 - start)):
        letters[first + step] = letters_of(target[:-2] + (start + step).to_bytes(2))


def to_unicode(table: bytes) -> tuple[dict[int, str], int]:
    """The letters of a ToUnicode table, and how many bytes a code has."""
    letters: dict[int, str] = {}
    sizes: set[int] = set()
    for kind, body in SECTION.findall(table[:MAX_TABLE]):
        tokens = [mark or hexadecimal(code) for code, mark in TOKEN.findall(body)]
        if kind == b"codespacerange":
            sizes.update(len(token) for token in tokens if token not in (b"[", b"]"))
            continue
        for group in groups(tokens, 2 if kind == b"bfchar" else 3):
            first, *middle = group
            code = int.from_bytes(first)
            if kind == b"bfchar":
                letters[code] = letters_of(middle[0])
            elif isinstance(middle[1], list):
                letters.update({code + step: letters_of(target) for step, target in enumerate(middle[1])})
            else:
                add_range(letters, code, int.from_bytes(middle[0]), middle[1])
        if len(letters) >= MAX_CODES:
            break
    return letters, max(sizes, default=0)


def groups(tokens: list[bytes], size: int) -> Iterator[list[Any]]:
    """Tokens by two or three, a bracketed list counting for one."""
    group: list[Any] = []
    listed: list[bytes] | None = None
    for token in tokens:
        if token == b"[":
            listed = []
        elif token == b"]":
            group.append(listed or [])
            listed = None
        elif listed is not None:
            listed.append(token)
        else:
            group.append(token)
        if listed is None and len(group) == size:
            yield group
            group = []


def named_letters(font: Any) -> dict[int, str]:
    """The letters of a simple font without a table: its encoding and the differences that it lists."""
    encoding = font.get("/Encoding")
    base = encoding.get("/BaseEncoding") if isinstance(encoding, pikepdf.Dictionary) else encoding
    if codec := CODECS.get(str(base)):
        letters = {code: bytes([code]).decode(codec, "ignore") for code in range(32, 256)}
    else:
        letters = {code: agl.toUnicode(name) for code, name in enumerate(StandardEncoding) if name != ".notdef"}
    if isinstance(encoding, pikepdf.Dictionary):
        code = 0
        for item in encoding.get("/Differences", pikepdf.Array()):
            if isinstance(item, pikepdf.Name):
                letters[code] = agl.toUnicode(str(item)[1:])
                code += 1
            else:
                code = int(item)
    return letters


def wide_widths(descendant: Any) -> dict[int, float]:
    """`/W [first [w …] first last w …]` of a font whose codes have two bytes."""
    widths: dict[int, float] = {}
    items = list(descendant.get("/W", pikepdf.Array()))
    while len(items) > 1 and len(widths) < MAX_CODES:
        first = int(items.pop(0))
        if isinstance(items[0], pikepdf.Array):
            widths.update({first + step: float(width) for step, width in enumerate(items.pop(0))})
        elif len(items) > 1:
            last, width = int(items.pop(0)), float(items.pop(0))
            widths.update(dict.fromkeys(range(first, min(last, first + MAX_CODES) + 1), width))
    return widths


def load(font: Any) -> Font:
    """Read a font dictionary; what cannot be read gives a font without letters."""
    table = font.get("/ToUnicode")
    letters, size = to_unicode(table.read_bytes()) if isinstance(table, pikepdf.Stream) else ({}, 0)
    if str(font.get("/Subtype")) == "/Type0":
        descendant = font["/DescendantFonts"][0]
        usual = float(descendant.get("/DW", 1000))
        return Font(letters, wide_widths(descendant), usual, size or 2)
    first = int(font.get("/FirstChar", 0))
    widths = {first + step: float(width) for step, width in enumerate(font.get("/Widths", pikepdf.Array()))}
    if str(font.get("/Subtype")) == "/Type3":
        scale = abs(float(font.get("/FontMatrix", [0.001])[0])) * 1000
        widths = {code: width * scale for code, width in widths.items()}
    return Font({**named_letters(font), **letters}, widths)
