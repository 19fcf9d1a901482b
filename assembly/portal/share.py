"""Picture of a public page for its shared address (Open Graph): title, reference, one line, the hemicycle."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO

from django.http import Http404, HttpResponse
from PIL import Image, ImageDraw, ImageFont

from assembly.fragments.cache import cached_piece
from assembly.institution.queries import main_assembly
from assembly.text.typefaces import FACES
from assembly.web.drawings import seat_positions

WIDTH, HEIGHT = 1200, 630
MARGIN, COLUMN = 72, 640
PAPER, INK, SOFT, EMPTY = "#FCFAF6", "#1D1B22", "#544E5C", "#CDBEA4"
SCALE, LEFT, TOP = 1.55, 598, 138  # position and scale of the hemicycle
TITLE_SIZES, MOST_LINES = (72, 62, 54, 46), 4
SMOOTH = 3  # seats are drawn so many times larger, then reduced: Pillow has no antialiasing


@dataclass(frozen=True)
class Card:
    """Content of the picture; `votes` (for, against, abstentions) fill the seats from the left."""

    name: str
    title: str
    reference: str
    line: str
    seats: int
    votes: tuple[int, int, int]
    main: str
    second: str


@cache
def font(weight: int, size: int) -> ImageFont.FreeTypeFont:
    face = next(face for face in FACES if face.weight == weight and face.style == "normal")
    return ImageFont.truetype(face.path, size)


def wrapped(text: str, face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Wrap the text into lines that fit; a word that is longer than a line stands alone."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and face.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def title_lines(text: str, width: int) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """Return the largest size in which the title takes four lines at most; a longer one ends in an ellipsis."""
    for size in TITLE_SIZES:
        face = font(600, size)
        lines = wrapped(text, face, width)
        if len(lines) <= MOST_LINES:
            return face, lines
    return face, [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1] + "…"]


def seat_colours(card: Card, count: int) -> Sequence[str]:
    """Return the colours of votes from left to right; without a vote, the tint of the assembly."""
    in_favour, against, abstained = card.votes
    if not any(card.votes):
        return [card.main] * count
    return ([card.main] * in_favour + [card.second] * against + [SOFT] * abstained + [EMPTY] * count)[:count]


def hemicycle_picture(card: Card) -> Image.Image:
    """Draw the seats alone, on the background of the card."""
    seats = seat_positions(max(card.seats, sum(card.votes), 1))
    ratio = SCALE * SMOOTH
    picture = Image.new("RGB", (round(400 * ratio), round(215 * ratio)), PAPER)
    pencil = ImageDraw.Draw(picture)
    for (x, y, size, _ring), colour in zip(seats, seat_colours(card, len(seats)), strict=True):
        box = [(x - size) * ratio, (y - size) * ratio, (x + size) * ratio, (y + size) * ratio]
        pencil.ellipse(box, fill=colour)
    return picture.resize((round(400 * SCALE), round(215 * SCALE)), Image.Resampling.BOX)


def draw_card(card: Card) -> bytes:
    """Draw a PNG of 1200 by 630, in a palette: some twenty kilobytes."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    picture.paste(hemicycle_picture(card), (LEFT, TOP))
    pencil = ImageDraw.Draw(picture)
    pencil.rectangle((0, 0, WIDTH, 14), fill=card.main)
    pencil.text((MARGIN, 62), card.name, font=font(600, 32), fill=card.main)
    face, lines = title_lines(card.title, COLUMN - MARGIN)
    top = 148
    for line in lines:
        pencil.text((MARGIN, top), line, font=face, fill=INK)
        top += round(face.size * 1.14)
    texts = [(card.reference, font(400, 32), SOFT), *((row, font(600, 36), INK) for row in lines_below(card))]
    top = HEIGHT - 62 - 48 * len(texts)
    for text, small, colour in texts:
        pencil.text((MARGIN, top), text, font=small, fill=colour)
        top += 48
    out = BytesIO()
    picture.quantize(64, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def lines_below(card: Card) -> list[str]:
    return wrapped(card.line, font(600, 36), WIDTH - 2 * MARGIN)[:2]


def share_card(
    *, title: str, reference: str = "", line: str = "", seats: int, votes: tuple[int, int, int] = (0, 0, 0)
) -> HttpResponse:
    """Return the picture; its content is the whole cache key, so only the drawing is cached."""
    assembly = main_assembly()
    if assembly is None:
        raise Http404
    card = Card(
        assembly.name, title, reference, line, seats, votes, main=assembly.colour_main, second=assembly.colour_second
    )
    return HttpResponse(cached_piece(("card", card), lambda: draw_card(card)), content_type="image/png")
