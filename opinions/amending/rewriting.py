"""An alinéa that a member rewrote in place, as the amendment that says it in the fewest words."""

import re
from collections.abc import Iterator
from typing import Any

from assembly.ui.rewriting import Rewriting, same_words
from opinions.amending import inline
from opinions.amending.changes import AmendmentChange
from opinions.amending.enums import Operation
from opinions.amending.passages import Text

LONGEST_QUOTE = 600
MOST_QUOTED = 6
SIGNS = re.compile(r"\W+")
SIGNS_OF_ROWS = str.maketrans("", "", f"|{inline.OTHER}")

Derived = tuple[Operation, str, str]


def stands(text: Text, number: int, rewriting: Rewriting) -> bool:
    """The alinéa still says what its reader saw."""
    return number in text.alineas and same_words(text.alineas[number].text, rewriting.was)


def derived(text: Text, number: int, rewriting: Rewriting) -> dict[str, Any]:
    """The fields of the form: what is done, the words it is done to (none for the whole alinéa), the new text.

    Words are quoted where the amendment, carried out, gives what was written; otherwise the alinéa is replaced.
    """
    found = _whole(rewriting) or next(
        (inside for inside in _inside(rewriting) if _gives(text, number, inside, rewriting.now)),
        (Operation.REPLACE, "", rewriting.now),
    )
    operation, quote, typed = found
    return {"alinea_from": number, "operation": operation, "quote": quote, "typed": typed}


def _whole(rewriting: Rewriting) -> Derived | None:
    """What is done to whole alinéas: this one goes, or paragraphs come before or after it."""
    was, now = rewriting.was, rewriting.now
    if rewriting.is_same or not was:
        return Operation.REPLACE, "", now
    if not now:
        return Operation.DELETE, "", ""
    lines = now.split("\n")
    for place in range(1, len(lines)):
        first, last = "\n".join(lines[:place]), "\n".join(lines[place:])
        if same_words(first, was):
            return Operation.INSERT_AFTER, "", last.strip()
        if same_words(last, was):
            return Operation.INSERT_BEFORE, "", first.strip()
    return (Operation.REPLACE, "", now) if len(lines) > 1 else None


def _inside(rewriting: Rewriting) -> Iterator[Derived]:
    """What is done to some words, the shortest order first."""
    taken, added = rewriting.span()
    if SIGNS.sub("", taken) == SIGNS.sub("", rewriting.was):
        return
    if taken:
        yield Operation.REPLACE if added else Operation.DELETE, taken, added
    else:
        for more in range(1, MOST_QUOTED + 1):
            yield Operation.INSERT_AFTER, rewriting.span(left=more)[0], added
            yield Operation.INSERT_BEFORE, rewriting.span(right=more)[0], added
    for wider, instead in rewriting.wider_spans():
        yield Operation.REPLACE, wider, instead


def _gives(text: Text, number: int, inside: Derived, wanted: str) -> bool:
    """Carried out, it gives the words that are wanted: its quotation stands once in the alinéa, at the right place."""
    operation, quote, words = inside
    if not quote or max(len(quote), len(words)) > LONGEST_QUOTE:
        return False
    change = AmendmentChange(0, 0, operation, number, number, quote=quote, words=words)
    lines = [line for _path, line in text.blocks(number)]
    struck = [line for line in lines for _place in inline.word_spans(inline.text_of(line), quote)]
    if len(struck) != 1:
        return False
    after = [inline.rewritten(line, [inline.line_edit(line, change)]) if line is struck[0] else line for line in lines]
    said = " ".join(inline.text_of(line) for line in after)
    return same_words(said.translate(SIGNS_OF_ROWS), wanted.translate(SIGNS_OF_ROWS))
