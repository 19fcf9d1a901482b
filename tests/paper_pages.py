"""What a reader sees of each page of a PDF of the house: how far it is filled, and which tags stand on it, in order.

Fill is measured on the picture of the page, tags on its marked contents: running heads and feet are artifacts and
belong to neither.
"""

import io
from dataclasses import dataclass

import pikepdf
import pypdfium2

MILLIMETRE = 72 / 25.4
SCALE = 0.5
PAPER = 225
MARGINS = {"top": 26.0, "bottom": 27.0, "first_top": 19.0}
HEADINGS = {"H1", "H2", "H3", "H4", "H5", "H6"}


@dataclass(frozen=True)
class PageLook:
    """`fill`: how far down the printed part goes, from 0 to 1. `tags`: block tags in reading order."""

    fill: float
    tags: tuple[str, ...]
    words: str

    @property
    def ends_with_a_heading(self) -> bool:
        return bool(self.tags) and self.tags[-1] in HEADINGS

    @property
    def is_headings_alone(self) -> bool:
        return bool(self.tags) and set(self.tags) <= HEADINGS


def look(pdf: bytes) -> list[PageLook]:
    """Return what every page shows: filled area, tags and text."""
    drawn = pypdfium2.PdfDocument(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        tags = [_tags(opened, page) for page in opened.pages]
    return [
        PageLook(_fill(page, number), tags[number], page.get_textpage().get_text_bounded())
        for number, page in enumerate(drawn)
    ]


def _fill(page: pypdfium2.PdfPage, number: int) -> float:
    picture = page.render(scale=SCALE, grayscale=True).to_pil()
    unit = MILLIMETRE * SCALE
    top = MARGINS["top" if number else "first_top"] * unit
    bottom = picture.height - MARGINS["bottom"] * unit
    part = picture.crop((0, round(top), picture.width, round(bottom)))
    ink = part.point(lambda tone: 255 if tone < PAPER else 0).getbbox()
    return ink[3] / part.height if ink else 0.0


def _tags(pdf: pikepdf.Pdf, page: pikepdf.Page) -> tuple[str, ...]:
    numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    marked = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))[int(page.obj.StructParents)]
    found: list[str] = []
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) != "BDC" or not isinstance(operands[1], pikepdf.Dictionary) or "/MCID" not in operands[1]:
            continue
        element = marked[int(operands[1]["/MCID"])]
        if isinstance(element, pikepdf.Dictionary):
            found.append(_block(element))
    return tuple(found)


def _block(element: pikepdf.Dictionary) -> str:
    """Return the tag of the nearest heading, paragraph, cell or item around this text."""
    tag = str(element.S).removeprefix("/")
    while tag in {"Span", "NonStruct", "Link"} and "/P" in element:
        element = element.P
        tag = str(element.S).removeprefix("/")
    return tag
