"""Cut the web fonts from the full ones: the signs of French, two weights and an italic, about 15 KB each.

Run at build (`python -m assembly.ui.fonts`), before any Django setting exists.
"""

from pathlib import Path

from fontTools import subset

ROOT = Path(__file__).resolve().parent.parent.parent / "static"
FILES = {
    "SourceSans3_400Regular.ttf": "source-sans-3-400.woff2",
    "SourceSans3_600SemiBold.ttf": "source-sans-3-600.woff2",
    "SourceSans3_400Regular_Italic.ttf": "source-sans-3-400-italic.woff2",
}
SIGNS = (
    [*range(0x20, 0x7F), *range(0xA0, 0x100), *range(0x2010, 0x2016), *range(0x2018, 0x201F), *range(0x2190, 0x2194)]
    + [0x152, 0x153, 0x178, 0x2C6, 0x2DA, 0x2DC, 0x2009, 0x2020, 0x2021, 0x2022, 0x2026, 0x202F, 0x2030]
    + [0x2032, 0x2033, 0x2039, 0x203A, 0x20AC, 0x2122, 0x2212, 0x2248, 0x2260, 0x2264, 0x2265, 0xFFFD]
)
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "lnum", "tnum", "sups"]


def cut(source: Path, target: Path) -> None:
    """Keep the licence and the copyright in the file, drop its hints and names."""
    options = subset.Options(flavor="woff2", hinting=False, layout_features=FEATURES, name_IDs=[0, 13, 14])
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=SIGNS)
    cutter.subset(font)
    target.parent.mkdir(parents=True, exist_ok=True)
    subset.save_font(font, str(target), options)
    font.close()


def main() -> None:
    for source, target in FILES.items():
        cut(ROOT / "fonts" / source, ROOT / "dist" / "fonts" / target)


if __name__ == "__main__":
    main()
