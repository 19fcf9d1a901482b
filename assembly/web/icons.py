"""Build script that draws the icons from `static/img/icon.svg`: favicon.ico, apple-touch-icon.png, manifest PNGs.

Run at build (`python -m assembly.web.icons`), before any Django setting exists. The drawing is one rectangle and
circles. `static/dist/root/` is served at the root of the site (WHITENOISE_ROOT): browsers request `/favicon.ico`
without a link.
"""

import xml.etree.ElementTree as ET
from pathlib import Path

from PIL import Image, ImageDraw

STATIC = Path(__file__).resolve().parent.parent.parent / "static"
SVG = "{http://www.w3.org/2000/svg}"
VIEW_BOX = 64
OVERSAMPLING = 4
FAVICON_SIZES = [(16, 16), (32, 32), (48, 48)]
PNGS = {"icon-192.png": 192, "icon-512.png": 512}


def drawn(size: int) -> Image.Image:
    """Draw the icon as a square of `size` pixels, without transparency: a touch icon is laid on black otherwise."""
    scale = size * OVERSAMPLING / VIEW_BOX
    shapes = ET.parse(STATIC / "img" / "icon.svg").getroot()  # noqa: S314 -- our own file
    ground = shapes.find(f"{SVG}rect")
    if ground is None:
        raise ValueError("icon.svg has no ground: a rectangle is expected first.")
    image = Image.new("RGB", (size * OVERSAMPLING,) * 2, ground.attrib["fill"])
    pencil = ImageDraw.Draw(image)
    for circle in shapes.iter(f"{SVG}circle"):
        x, y, radius = (float(circle.attrib[name]) * scale for name in ("cx", "cy", "r"))
        pencil.ellipse((x - radius, y - radius, x + radius, y + radius), fill=circle.attrib["fill"])
    return image.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    root, images = STATIC / "dist" / "root", STATIC / "dist" / "img"
    for folder in (root, images):
        folder.mkdir(parents=True, exist_ok=True)
    drawn(48).save(root / "favicon.ico", sizes=FAVICON_SIZES)
    drawn(180).save(root / "apple-touch-icon.png", optimize=True)
    for name, size in PNGS.items():
        drawn(size).save(images / name, optimize=True)


if __name__ == "__main__":
    main()
