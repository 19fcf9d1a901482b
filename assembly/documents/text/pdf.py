"""Text of a PDF, page by page, as PDFium reads it.

Running heads, feet and page numbers are left out: what the file marks as an artifact, and the lines that come back at
the edges of its first pages.
"""

import re
from collections import Counter
from collections.abc import Iterator
from ctypes import c_ulong
from itertools import chain, islice

import pypdfium2
from pypdfium2 import raw

from assembly.documents.text.extraction import Damaged, Locked

# Pages read before running lines are separated from text; the fewest on which such a line recurs; lines at each edge.
SAMPLE, FEWEST, EDGE = 8, 3, 2
DIGITS = re.compile(r"\d+")
ARTIFACT = "Artifact\0".encode("utf-16-le")
# Beyond any letter, so that text outside of the page's box is read too.
BEYOND = 1e6
# A word cut by a hyphen at the end of a line: PDFium writes U+0002 for both, whether U+002D or U+00AD was drawn.
CUT = re.compile(r"\b(\w+)\x02(\w+)")
WORD = re.compile(r"\w+")


def read_pdf(content: bytes) -> Iterator[str]:
    """Yield the text of each page without its running lines; raises Locked or Damaged."""
    pages = whole_pages(content)
    first = list(islice(pages, SAMPLE))
    running_lines = repeated(first)
    for page in chain(first, pages):
        yield remove_running_lines(page, running_lines)


def edges(page: str) -> list[tuple[int, str]]:
    """Return the first and last non-empty lines of a page, each with its number and with its digits masked."""
    lines = [(number, DIGITS.sub("#", line.strip())) for number, line in enumerate(page.split("\n")) if line.strip()]
    return lines if len(lines) <= 2 * EDGE else lines[:EDGE] + lines[-EDGE:]


def repeated(pages: list[str]) -> set[str]:
    """Return the lines that recur at the edges of at least three of these pages, and of half of them."""
    counts = Counter(chain.from_iterable({line for _number, line in edges(page)} for page in pages))
    return {line for line, count in counts.items() if count >= max(FEWEST, len(pages) / 2)}


def remove_running_lines(page: str, running_lines: set[str]) -> str:
    """Return the page without these lines at its edges; the whole page when it has nothing else."""
    left_out = {number for number, line in edges(page) if line in running_lines}
    lines = [line for number, line in enumerate(page.split("\n")) if number not in left_out]
    return "\n".join(lines) if any(line.strip() for line in lines) else page


def whole_pages(content: bytes) -> Iterator[str]:
    """Yield the text of each page; empty for a page that cannot be read."""
    try:
        opened = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Locked if error.err_code == raw.FPDF_ERR_PASSWORD else Damaged(str(error)) from error
    known: set[str] = set()
    with opened:
        if not len(opened):
            raise Damaged("no page")
        for number in range(len(opened)):
            try:
                page = text_of_page(opened[number])
            except pypdfium2.PdfiumError:
                page = ""
            known.update(WORD.findall(page))
            yield join_hyphenated(page, known) + "\n"


def join_hyphenated(page: str, known: set[str]) -> str:
    """Join words cut at the end of a line where the file has them whole too; the other hyphens stay."""
    return CUT.sub(lambda cut: cut[1] + cut[2] if cut[1] + cut[2] in known else f"{cut[1]}-\n{cut[2]}", page)


def text_of_page(page: pypdfium2.PdfPage) -> str:
    """Return the text of a page without what it draws as an artifact, and close the page."""
    # Innermost first: the objects that a form draws are removed before the form itself.
    for drawn in reversed(list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_FORM]))):
        if is_artifact(drawn):
            page.remove_obj(drawn)
            drawn.close()
    text = page.get_textpage().get_text_bounded(-BEYOND, -BEYOND, BEYOND, BEYOND)
    page.close()
    return text.replace("\r\n", "\n")


def is_artifact(drawn: pypdfium2.PdfObject) -> bool:
    """Return whether the object is in a sequence marked as an artifact of the page (ISO 32000-1, 14.8.2.2)."""
    name, needed = (raw.FPDF_WCHAR * (len(ARTIFACT) // 2))(), c_ulong()
    for number in range(raw.FPDFPageObj_CountMarks(drawn)):
        raw.FPDFPageObjMark_GetName(raw.FPDFPageObj_GetMark(drawn, number), name, len(ARTIFACT), needed)
        if bytes(name) == ARTIFACT:
            return True
    return False
