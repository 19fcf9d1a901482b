"""Picture that the demonstration uses as a photo: a table of the shared meals, seen from above."""

from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

CAPTION: Final = (
    "Une table du collège de Muret, vue d’en haut : six élèves et deux voisins de plus de 70 ans déjeunent."
)
SMOOTH: Final = 3  # drawing scale before the reduction: Pillow has no soft edges
WIDTH, HEIGHT, TABLE = 1200, 720, (140, 210, 1060, 510)
FLOOR, WOOD, PLATE, SOUP = "#E8E2D6", "#B98A5A", "#FCFAF6", "#D98E3F"
YOUNG, OLD = ("#3B2A20", "#7A4A24", "#1D1B22"), "#D9D6D0"
COATS = ("#4B2A7B", "#2F6F73", "#A23B3B", "#3E5C9A", "#7A8B3C", "#C77B30", "#5E4B8B", "#2D7D46")


def photo() -> bytes:
    """Draw the picture and return it as a PNG."""
    image = Image.new("RGB", (WIDTH * SMOOTH, HEIGHT * SMOOTH), FLOOR)
    pen = ImageDraw.Draw(image)

    def spot(x: float, y: float, across: float, down: float, colour: str) -> None:
        box = (x - across, y - down, x + across, y + down)
        pen.ellipse([side * SMOOTH for side in box], fill=colour)

    pen.rounded_rectangle([side * SMOOTH for side in TABLE], 30 * SMOOTH, fill=WOOD)
    left, top, right, bottom = TABLE
    for number in range(8):
        x = left + (right - left) * (number % 4 + 0.5) / 4
        edge, outwards = (top, -1) if number < 4 else (bottom, 1)
        spot(x, edge + 62 * outwards, 78, 46, COATS[number])
        spot(x, edge + 56 * outwards, 38, 38, OLD if number in {1, 6} else YOUNG[number % 3])
        spot(x, edge - 62 * outwards, 50, 50, PLATE)
        spot(x, edge - 62 * outwards, 32, 32, SOUP)
    target = BytesIO()
    image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(target, "PNG")
    return target.getvalue()
