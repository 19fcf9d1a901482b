"""Build script (`python -m assembly.web.assets`): cuts the web fonts, draws the icons. No Django setting exists then.

Fonts are cut from the full ones: two weights and an italic, in two files each. The first has what French is written
with (9 KB); the second (`-more`, 5 KB) the rest, for foreign names: a browser fetches it where a page shows one of its
characters, by `unicode-range` in `static/css/fonts.css`.

Icons are drawn from `static/img/icon.svg`: favicon.ico, apple-touch-icon.png, manifest PNGs. The drawing is one
rectangle and circles. `static/dist/root/` is served at the root of the site (WHITENOISE_ROOT): browsers request
`/favicon.ico` without a link.
"""

import xml.etree.ElementTree as ET
from pathlib import Path

from fontTools import subset
from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parent.parent.parent / "static"
FILES = {
    "SourceSans3_400Regular.ttf": "source-sans-3-400",
    "SourceSans3_600SemiBold.ttf": "source-sans-3-600",
    "SourceSans3_400Regular_Italic.ttf": "source-sans-3-400-italic",
}
FRENCH = {
    *range(0x20, 0x7F),
    *map(ord, "ÀÂÄÆÇÈÉÊËÎÏÔÖÙÛÜŒàâäæçèéêëîïôöùûüÿœ"),
    *map(ord, "«»‘’“”…–—•·°²½×€→\u00a0\u2009\u2011\u202f"),
}
MORE = {
    *range(0xA1, 0x100),
    *range(0x2010, 0x2016),
    *range(0x2018, 0x201F),
    *range(0x2190, 0x2194),
    *(0x178, 0x2C6, 0x2DA, 0x2DC, 0x2020, 0x2021, 0x2030, 0x2032, 0x2033, 0x2039, 0x203A, 0x2122),
    *(0x2212, 0x2248, 0x2260, 0x2264, 0x2265),
} - FRENCH
# This font needs no feature for figures: they are tabular and lining by default.
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl"]


def cut(source: Path, target: Path, signs: set[int]) -> None:
    """Write the subset of a font; keep the licence and the copyright in the file, drop its hints and names."""
    options = subset.Options(flavor="woff2", hinting=False, layout_features=FEATURES, name_IDs=[0, 13, 14])
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=signs)
    cutter.subset(font)
    target.parent.mkdir(parents=True, exist_ok=True)
    subset.save_font(font, str(target), options)
    font.close()


def cut_fonts() -> None:
    for source, name in FILES.items():
        for target, signs in ((name, FRENCH), (f"{name}-more", MORE)):
            cut(ROOT / "fonts" / source, ROOT / "dist" / "fonts" / f"{target}.woff2", signs)


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


def draw_icons() -> None:
    root, images = STATIC / "dist" / "root", STATIC / "dist" / "img"
    for folder in (root, images):
        folder.mkdir(parents=True, exist_ok=True)
    drawn(48).save(root / "favicon.ico", sizes=FAVICON_SIZES)
    drawn(180).save(root / "apple-touch-icon.png", optimize=True)
    for name, size in PNGS.items():
        drawn(size).save(images / name, optimize=True)


if __name__ == "__main__":
    cut_fonts()
    draw_icons()
