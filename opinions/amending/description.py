"""Description of an amendment: its instruction as a clerk would write it, and the line before and after."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assembly.collab.document.html import inner_html
from opinions.amending import inline
from opinions.amending.changes import AmendmentChange, Operation
from opinions.amending.passages import Text


@dataclass(frozen=True)
class PassageLine:
    """One alinéa of the passage: its number and its text."""

    number: int
    text: str


@dataclass(frozen=True)
class WordChange:
    """A line with words changed inside it: the text before, the words removed and added, the text after."""

    before: str
    taken: str
    added: str
    after: str


@dataclass(frozen=True)
class AmendmentDescription:
    """An amendment as pages and documents show it.

    `line` is None for whole alinéas, and `html` is their new text. `is_lost` when the passage or the quoted words are
    not in the text that the amendment was written for.
    """

    sentence: str
    passage: list[PassageLine]
    line: WordChange | None
    html: str
    is_lost: bool = False


def describe_amendment(text: Text, change: AmendmentChange, *, parent: int = 0) -> AmendmentDescription:
    """Return everything to show; `parent` is the number of the amendment that a sub-amendment changes."""
    passage = [PassageLine(number, text.alineas[number].text) for number in change.alineas if number in text.alineas]
    instruction = sentence(change, parent=parent)
    if change.is_whole:
        html = inner_html(list(change.blocks)) if change.blocks else ""
        return AmendmentDescription(instruction, passage, None, html, len(passage) < len(change.alineas))
    try:
        _path, line = text.quoted(change)
    except (ValidationError, KeyError):
        return AmendmentDescription(instruction, passage, None, "", is_lost=True)
    return AmendmentDescription(
        instruction, passage, changed_line(inline.text_of(line), inline.line_edit(line, change)), ""
    )


def changed_line(text: str, edit: tuple[int, int, str]) -> WordChange:
    """Return the text of the line, cut at the edit."""
    start, end, replacement = edit
    return WordChange(text[:start], text[start:end], replacement, text[end:])


def sentence(change: AmendmentChange, *, parent: int = 0) -> str:
    """Return « À l’alinéa 4, remplacer « dix » par « douze ». », or « Après l’alinéa 2, ajouter : » before a text."""
    instruction = inside_sentence(change) if not change.is_whole else whole_sentence(change)
    if not parent:
        return instruction
    where = _("Dans le texte de l’amendement n°\u00a0%(number)s\u00a0: %(words)s")
    return where % {"number": parent, "words": instruction[:1].lower() + instruction[1:]}


def whole_sentence(change: AmendmentChange) -> str:
    values = {"first": change.first, "last": change.last}
    one = change.first == change.last
    match change.operation:
        case Operation.DELETE:
            instruction = (
                _("Supprimer l’alinéa\u00a0%(first)s.")
                if one
                else _("Supprimer les alinéas\u00a0%(first)s à %(last)s.")
            )
        case Operation.REPLACE:
            instruction = (
                _("Remplacer l’alinéa\u00a0%(first)s par\u00a0:")
                if one
                else _("Remplacer les alinéas\u00a0%(first)s à %(last)s par\u00a0:")
            )
        case Operation.INSERT_AFTER:
            instruction = _("Après l’alinéa\u00a0%(last)s, ajouter\u00a0:")
        case _:
            instruction = _("Avant l’alinéa\u00a0%(first)s, ajouter\u00a0:")
    return instruction % values


def inside_sentence(change: AmendmentChange) -> str:
    instruction = {
        Operation.DELETE: _("À l’alinéa\u00a0%(first)s, supprimer «\u00a0%(quote)s\u00a0»."),
        Operation.REPLACE: _(
            "À l’alinéa\u00a0%(first)s, remplacer «\u00a0%(quote)s\u00a0» par «\u00a0%(words)s\u00a0»."
        ),
        Operation.INSERT_AFTER: _(
            "À l’alinéa\u00a0%(first)s, après «\u00a0%(quote)s\u00a0», ajouter «\u00a0%(words)s\u00a0»."
        ),
        Operation.INSERT_BEFORE: _(
            "À l’alinéa\u00a0%(first)s, avant «\u00a0%(quote)s\u00a0», ajouter «\u00a0%(words)s\u00a0»."
        ),
    }[Operation(change.operation)]
    return instruction % {"first": change.first, "quote": change.quote, "words": change.new_text}


def format_alineas(change: AmendmentChange) -> str:
    """Return « alinéa 4 » or « alinéas 3 à 5 », for lists."""
    if change.first == change.last:
        return _("alinéa\u00a0%(first)s") % {"first": change.first}
    return _("alinéas\u00a0%(first)s à %(last)s") % {"first": change.first, "last": change.last}


def ballot_question(number: int, place: str, *, is_sub: bool = False) -> str:
    """Return the question that the ballot and the minutes print, without the name of a private person."""
    question = _("Sous-amendement n°\u00a0%(number)s") if is_sub else _("Amendement n°\u00a0%(number)s, %(place)s")
    return question % {"number": number, "place": place}
