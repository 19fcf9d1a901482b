"""The scoping note from the answers: criterion by criterion, each directorate under its name. Pure."""

from collections.abc import Sequence
from html import escape
from typing import Any


def note_html(contributions: Sequence[tuple[str, Sequence[Any]]]) -> str:
    """Return the HTML of the note; `contributions` pairs each directorate's name with its cells, in the same order."""
    if not contributions:
        return ""
    parts = [_criterion(at, contributions) for at in range(len(contributions[0][1]))]
    return "".join(part for part in parts if part)


def _criterion(at: int, contributions: Sequence[tuple[str, Sequence[Any]]]) -> str:
    answers = [(name, cells[at]) for name, cells in contributions if not cells[at].is_empty]
    if not answers:
        return ""
    return f"<h3>{escape(str(answers[0][1].label), quote=False)}</h3>" + "".join(
        _paragraphs(name, cell) for name, cell in answers
    )


def _paragraphs(name: str, cell: Any) -> str:
    """Return « Direction de l’Autonomie : Oui, avec des conditions. » and its paragraphs."""
    title = f"<strong>{escape(name, quote=False)}</strong>"
    first = f"<p>{title}\u00a0: {escape(cell.choice, quote=False)}.</p>" if cell.choice else f"<p>{title}\u00a0:</p>"
    blocks = [block for block in cell.text.split("\n\n") if block.strip()]
    return first + "".join(
        "<p>" + "<br>".join(escape(line.strip(), quote=False) for line in block.strip().split("\n")) + "</p>"
        for block in blocks
    )
