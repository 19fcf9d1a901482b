"""Words of a PDF, page by page, in the order in which they are drawn; places tell where words and lines end.

Running heads, feet and page numbers are left out: what the file marks as an artifact, and the lines that come back at
the edges of its first pages.
"""

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import Any

import pikepdf

from assembly.documents.text.pdf_fonts import Font, load
from assembly.documents.text.wording import Damaged, Locked

type Matrix = tuple[float, float, float, float, float, float]
UNIT: Matrix = (1, 0, 0, 1, 0, 0)
MAX_DEPTH = 6
MAX_FORMS = 500
# Parts of the letters' size: a new line, a space between words, going back.
LINE, GAP = 0.6, 0.17
OPERATORS = "q Q cm Do BT Tm Td TD T* TL Tc Tw Tz Tf Tj TJ ' \" BMC BDC EMC"
MAX_MARKS = 1000
# Pages read before furniture is told from text; how many of them a line comes back on; lines at each edge.
SAMPLE, FEWEST, EDGE = 8, 3, 2
DIGITS = re.compile(r"\d+")


def times(left: Matrix, right: Matrix) -> Matrix:
    a, b, c, d, e, f = left
    g, h, i, j, k, m = right
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


class Page:
    """One page being read: where the pen is, with what font, and the words so far."""

    def __init__(self, fonts: dict[tuple[int, int], Font]) -> None:
        self.fonts = fonts
        self.words: list[str] = []
        self.end: tuple[float, float] | None = None
        self.forms = 0

    def read(self, content: Any, resources: Any, matrix: Matrix = UNIT, depth: int = 0) -> None:
        """Read a content stream, and those of the forms that it draws."""
        self.forms += 1
        if depth > MAX_DEPTH or self.forms > MAX_FORMS:
            return
        pen = Pen(self, resources, matrix)
        for instruction in pikepdf.parse_content_stream(content, OPERATORS):
            name, operands = str(instruction.operator), instruction.operands
            if name == "Do":
                if not pen.is_artifact:
                    self.draw(resources, operands[0], pen.matrix, depth)
            elif act := ACTS.get(name):
                act(pen, *operands)

    def draw(self, resources: Any, name: Any, matrix: Matrix, depth: int) -> None:
        form = resources.get("/XObject", pikepdf.Dictionary()).get(str(name))
        if isinstance(form, pikepdf.Stream) and form.get("/Subtype") == "/Form":
            place = tuple(float(number) for number in form.get("/Matrix", UNIT))
            inner = times(place, matrix) if len(place) == 6 else matrix
            self.read(form, form.get("/Resources", resources), inner, depth + 1)

    def font(self, found: Any) -> Font:
        """The font of a resource, read once a document."""
        if found is None:
            return Font()
        key = found.objgen
        if key == (0, 0) or key not in self.fonts:
            try:
                self.fonts[key] = load(found)
            except (KeyError, IndexError, ValueError, TypeError, AttributeError, pikepdf.PdfError):
                self.fonts[key] = Font()
        return self.fonts[key]

    def put(self, word: str, start: Matrix, size: float, end: Matrix) -> None:
        """Add letters, after a new line or a space when they are not where the last ones ended."""
        if self.end is not None and word:
            across, down = start[4] - self.end[0], abs(start[5] - self.end[1])
            if down > LINE * size:
                self.words.append("\n")
            elif across > GAP * size or across < -size:
                self.words.append(" ")
        self.words.append(word)
        self.end = end[4], end[5]


class Pen:
    """The graphics and text state of one content stream."""

    def __init__(self, page: Page, resources: Any, matrix: Matrix) -> None:
        self.page, self.resources, self.matrix = page, resources, matrix
        self.saved: list[Any] = []
        self.marks: list[bool] = []
        self.text = self.line = UNIT
        self.font, self.size = Font(), 1.0
        self.letter_gap = self.word_gap = self.leading = 0.0
        self.stretch = 1.0

    def save(self) -> None:
        if len(self.saved) < 1000:
            self.saved.append((self.matrix, self.font, self.size))

    def restore(self) -> None:
        if self.saved:
            self.matrix, self.font, self.size = self.saved.pop()

    @property
    def is_artifact(self) -> bool:
        """Inside a sequence that the file marks as furniture of the page (ISO 32000-1, 14.8.2.2)."""
        return any(self.marks)

    def mark(self, tag: Any, _properties: Any = None) -> None:
        if len(self.marks) < MAX_MARKS:
            self.marks.append(str(tag) == "/Artifact")

    def unmark(self) -> None:
        if self.marks:
            self.marks.pop()

    def transform(self, *numbers: Any) -> None:
        a, b, c, d, e, f = map(float, numbers)
        self.matrix = times((a, b, c, d, e, f), self.matrix)

    def begin(self) -> None:
        self.text = self.line = UNIT

    def place(self, *numbers: Any) -> None:
        a, b, c, d, e, f = map(float, numbers)
        self.text = self.line = (a, b, c, d, e, f)

    def move(self, across: Any, down: Any) -> None:
        self.text = self.line = times((1, 0, 0, 1, float(across), float(down)), self.line)

    def move_and_lead(self, across: Any, down: Any) -> None:
        self.leading = -float(down)
        self.move(across, down)

    def next_line(self) -> None:
        self.move(0, -self.leading)

    def set_leading(self, leading: Any) -> None:
        self.leading = float(leading)

    def set_letter_gap(self, gap: Any) -> None:
        self.letter_gap = float(gap)

    def set_word_gap(self, gap: Any) -> None:
        self.word_gap = float(gap)

    def set_stretch(self, percent: Any) -> None:
        self.stretch = float(percent) / 100

    def set_font(self, name: Any, size: Any) -> None:
        self.font = self.page.font(self.resources.get("/Font", pikepdf.Dictionary()).get(str(name)))
        self.size = float(size)

    def show(self, text: Any) -> None:
        """Draw a string: its letters, and the pen after them."""
        letters, width = [], 0.0
        for letter, advance, is_space in self.font.read(bytes(text)):
            letters.append(letter)
            width += advance / 1000 * self.size + self.letter_gap + (self.word_gap if is_space else 0)
        start = times(self.text, self.matrix)
        self.text = times((1, 0, 0, 1, width * self.stretch, 0), self.text)
        size = abs(self.size) * (abs(start[0]) + abs(start[1]) or 1)
        if not self.is_artifact:
            self.page.put("".join(letters), start, size, times(self.text, self.matrix))

    def show_all(self, items: Any) -> None:
        for item in items:
            if isinstance(item, pikepdf.String):
                self.show(item)
            else:
                back = -float(item) / 1000 * self.size * self.stretch
                self.text = times((1, 0, 0, 1, back, 0), self.text)

    def show_next(self, text: Any) -> None:
        self.next_line()
        self.show(text)

    def show_spaced(self, word_gap: Any, letter_gap: Any, text: Any) -> None:
        self.word_gap, self.letter_gap = float(word_gap), float(letter_gap)
        self.show_next(text)


ACTS: dict[str, Callable[..., None]] = {
    "q": Pen.save,
    "Q": Pen.restore,
    "cm": Pen.transform,
    "BT": Pen.begin,
    "Tm": Pen.place,
    "Td": Pen.move,
    "TD": Pen.move_and_lead,
    "T*": Pen.next_line,
    "TL": Pen.set_leading,
    "Tc": Pen.set_letter_gap,
    "Tw": Pen.set_word_gap,
    "Tz": Pen.set_stretch,
    "Tf": Pen.set_font,
    "Tj": Pen.show,
    "TJ": Pen.show_all,
    "'": Pen.show_next,
    '"': Pen.show_spaced,
    "BMC": Pen.mark,
    "BDC": Pen.mark,
    "EMC": Pen.unmark,
}


def words(content: bytes) -> Iterator[str]:
    """The words of each page without its furniture; a page that cannot be read gives what it gave so far.

    Raises Locked or Damaged.
    """
    pages = whole_pages(content)
    first = list(islice(pages, SAMPLE))
    furniture = repeated(first)
    for page in chain(first, pages):
        yield bared(page, furniture)


def edges(page: str) -> list[tuple[int, str]]:
    """The first and last lines of a page that hold words, each with its number; figures do not tell them apart."""
    lines = [(number, DIGITS.sub("#", line.strip())) for number, line in enumerate(page.split("\n")) if line.strip()]
    return lines if len(lines) <= 2 * EDGE else lines[:EDGE] + lines[-EDGE:]


def repeated(pages: list[str]) -> set[str]:
    """Lines that come back at the edges of at least three of these pages, and of half of them."""
    met = Counter(chain.from_iterable({line for _number, line in edges(page)} for page in pages))
    return {line for line, times_met in met.items() if times_met >= max(FEWEST, len(pages) / 2)}


def bared(page: str, furniture: set[str]) -> str:
    """The page without these lines at its edges; whole when nothing else stands on it."""
    left_out = {number for number, line in edges(page) if line in furniture}
    kept = [line for number, line in enumerate(page.split("\n")) if number not in left_out]
    return "\n".join(kept) if any(line.strip() for line in kept) else page


def whole_pages(content: bytes) -> Iterator[str]:
    """The words of each page."""
    try:
        with pikepdf.open(io.BytesIO(content)) as opened:
            fonts: dict[tuple[int, int], Font] = {}
            for page in opened.pages:
                reader = Page(fonts)
                try:
                    reader.read(page, page.resources)
                except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, IndexError):
                    reader.words.append("")
                yield "".join(reader.words) + "\n"
    except pikepdf.PasswordError as locked:
        raise Locked from locked
    except pikepdf.PdfError as damaged:
        raise Damaged(str(damaged)) from damaged
