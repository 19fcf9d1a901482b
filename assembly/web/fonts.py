"""Build script that cuts the web fonts from the full ones: two weights and an italic, in two files each.

The first has what French is written with (9 KB); the second (`-more`, 5 KB) the rest, for foreign names: a browser
fetches it where a page shows one of its characters, by `unicode-range` in `static/css/fonts.css`.

Run at build (`python -m assembly.web.fonts`), before any Django setting exists.
"""

from pathlib import Path

from fontTools import subset

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


def main() -> None:
    for source, name in FILES.items():
        for target, signs in ((name, FRENCH), (f"{name}-more", MORE)):
            cut(ROOT / "fonts" / source, ROOT / "dist" / "fonts" / f"{target}.woff2", signs)


if __name__ == "__main__":
    main()
