"""Typefaces of printed documents: full Source Sans 3, shipped with the project, never that of the machine."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "static" / "fonts"
FAMILY = "Source Sans 3"


@dataclass(frozen=True)
class Face:
    """File of the family, with its weight and style in CSS."""

    file: str
    weight: int
    style: str = "normal"

    @property
    def path(self) -> Path:
        return FOLDER / self.file


FACES = (
    Face("SourceSans3_400Regular.ttf", 400),
    Face("SourceSans3_400Regular_Italic.ttf", 400, "italic"),
    Face("SourceSans3_600SemiBold.ttf", 600),
    Face("SourceSans3_700Bold.ttf", 700),
)
REGULAR = FACES[0]


def face_rules() -> str:
    """Return the `@font-face` rules, whose addresses only the restricted fetcher of the PDF engine can resolve."""
    return "\n".join(
        f'@font-face{{font-family:"{FAMILY}";src:url("asset:{face.file}");'
        f"font-weight:{face.weight};font-style:{face.style}}}"
        for face in FACES
    )


@cache
def printable() -> frozenset[int]:
    """Return the code points that every face can draw."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 -- read once per process, and only by one that checks a text

    sets = []
    for face in FACES:
        with TTFont(face.path, lazy=True) as font:
            sets.append(frozenset(font.getBestCmap()))
    return frozenset.intersection(*sets)
