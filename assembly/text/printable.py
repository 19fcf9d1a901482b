"""Check that a text can be printed, at the time of writing: one glyph missing in the fonts breaks PDF/A and PDF/UA."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import ngettext

from assembly.text import typefaces

ALLOWED_CONTROLS = "\n\t"
LINE_BREAKS = dict.fromkeys(map(ord, "\u2028\u2029\u0085\v\f"), "\n")
# Each character is in the fonts, but together they make a glyph without a Unicode value (detected with veraPDF).
BROKEN_TOGETHER = re.compile("[\u0300-\u036f]{2,}|\u0456\u0457")
VARIATION_SELECTORS = range(0xFE00, 0xFE10)
SHOWN_AT_MOST = 5
CONTEXT = 20


class UnprintableText(ValidationError):
    """Raised for characters that no printed document can show; the message names them and says what to do."""

    def __init__(self, refused: list[str], excerpt: str) -> None:
        self.characters = refused
        names = ", ".join(f"«\u00a0{characters}\u00a0» ({_code(characters)})" for characters in refused)
        message = ngettext(
            "Le caractère %(names)s ne peut pas être imprimé : remplacez-le ou retirez-le, près de « %(excerpt)s ».",
            "Les caractères %(names)s ne peuvent pas être imprimés : remplacez-les ou retirez-les, "
            "le premier près de « %(excerpt)s ».",
            len(refused),
        )
        super().__init__(message % {"names": names, "excerpt": excerpt}, code="unprintable")


def _code(characters: str) -> str:
    return " ".join(f"U+{ord(character):04X}" for character in characters)


def _printable_character(character: str) -> str:
    """Return the character itself, a plain space for an exotic one, or nothing for an invisible one."""
    if character in ALLOWED_CONTROLS:
        return character
    category = unicodedata.category(character)
    if category in {"Cc", "Cf"} or ord(character) in VARIATION_SELECTORS:
        return ""
    if category == "Zs" and ord(character) not in typefaces.printable():
        return " "
    return character


def clean_text(text: str) -> str:
    """Compose accents, turn every line break into a newline, drop invisible characters; refuse nothing."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").translate(LINE_BREAKS))
    changed = {
        ord(character): shown for character in set(text) if (shown := _printable_character(character)) != character
    }
    return text.translate(changed) if changed else text


def unprintable(text: str) -> list[str]:
    """Return the characters, or runs of them, that the fonts cannot draw in an already cleaned text."""
    allowed = typefaces.printable()
    alone = [
        character
        for character in dict.fromkeys(text)
        if ord(character) not in allowed and character not in ALLOWED_CONTROLS
    ]
    return alone + [match[0] for match in BROKEN_TOGETHER.finditer(text)]


def _excerpt(text: str, character: str) -> str:
    place = text.index(character)
    around = text[max(place - CONTEXT, 0) : place + CONTEXT + 1]
    return " ".join(around.split())


def check_text(text: str) -> str:
    """Return the text ready to be printed, or raise UnprintableText with a sentence for the author."""
    cleaned = clean_text(text)
    if refused := unprintable(cleaned):
        raise UnprintableText(refused[:SHOWN_AT_MOST], _excerpt(cleaned, refused[0]))
    return cleaned
