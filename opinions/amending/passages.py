"""The passage of an amendment: numbers of alinéas, positions in the tree, order of call, description.

Its instruction is described as a clerk would write it, with the line before and after.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assembly.collab.document.html import inner_html
from assembly.collab.document.plain_text import Alinea, alineas
from opinions.amending.changes import AmendmentChange, Node, Operation, Path, line_edit, new_text, text_of, word_spans

LINES = frozenset({"paragraph", "heading", "recommendationTitle"})


@dataclass(frozen=True)
class ChildRange:
    """A range of children of one node, from `start` to `stop` (not included); empty for a place between two."""

    parent: Path
    start: int
    stop: int

    def paths(self) -> Iterator[Path]:
        return ((*self.parent, index) for index in range(self.start, self.stop))


class Text:
    """Immutable tree with its alinéas by number, read once.

    `paths` gives the node that is removed or retained with a number: a block, the first line of an item, a whole row
    of a table.
    """

    def __init__(self, tree: Node) -> None:
        self.tree = tree
        self.alineas: Mapping[int, Alinea] = {alinea.number: alinea for alinea in alineas(tree)}
        self.paths = {
            number: (*alinea.path, 0) if alinea.node["type"] == "listItem" else alinea.path
            for number, alinea in self.alineas.items()
        }

    def node(self, path: Path) -> Node:
        node = self.tree
        for index in path:
            node = node["content"][index]
        return node

    def alineas_in(self, path: Path) -> set[int]:
        """Return the numbers of the alinéas in the node at that path."""
        return {number for number, place in self.paths.items() if place[: len(path)] == path}

    def blocks(self, number: int) -> list[tuple[Path, Node]]:
        """Return the lines of text of an alinéa: one, or several for a row of a table."""
        return list(_lines(self.node(self.paths[number]), self.paths[number]))

    def quoted(self, change: AmendmentChange) -> tuple[Path, Node]:
        """Return the one line that holds the quotation of a change; raise ValidationError for none or several."""
        lines = self.blocks(change.first)
        matches = [(path, node) for path, node in lines for _place in word_spans(text_of(node), change.quote)]
        if not matches:
            raise ValidationError(
                _("Ces mots ne sont pas dans l’alinéa choisi. Copiez-les tels qu’ils sont écrits."), code="quote"
            )
        if len(matches) > 1:
            raise ValidationError(
                _("Ces mots sont plusieurs fois dans l’alinéa. Citez quelques mots de plus, avant ou après."),
                code="quote",
            )
        return matches[0]

    def passage(self, change: AmendmentChange) -> list[Alinea]:
        """Return the alinéas of the change; raise ValidationError when one of them is not in this text."""
        passage = [self.alineas[number] for number in change.alineas if number in self.alineas]
        if not passage or len(passage) < len(change.alineas):
            raise ValidationError(
                _("Ce passage n’est pas dans le texte : vérifiez les numéros d’alinéa."), code="passage"
            )
        return passage

    def slots(self, passage: Sequence[Alinea]) -> list[ChildRange]:
        """Return the ranges of whole children that hold exactly these alinéas, deepest first; none when broken."""
        paths = [self.paths[alinea.number] for alinea in passage]
        numbers = {alinea.number for alinea in passage}
        slots: list[ChildRange] = []
        for length in range(_common(paths), -1, -1):
            slot = ChildRange(paths[0][:length], paths[0][length], paths[-1][length] + 1)
            if {number for path in slot.paths() for number in self.alineas_in(path)} != numbers:
                break
            slots.append(slot)
        return self._by_items(slots)

    def gaps(self, alinea: Alinea, *, after: bool) -> list[ChildRange]:
        """Return the places just after (or before) the alinéa, deepest first, as long as they are at the edge."""
        path, gaps = self.paths[alinea.number], []
        while path:
            parent, index = path[:-1], path[-1]
            place = index + 1 if after else index
            gaps.append(ChildRange(parent, place, place))
            if index != (len(self.node(parent)["content"]) - 1 if after else 0):
                break
            path = parent
        return self._by_items(gaps)

    def _by_items(self, slots: list[ChildRange]) -> list[ChildRange]:
        """Leave out slots inside a list item if the list has a slot: what is next to a whole item is an item."""
        is_item = [self.node(slot.parent)["type"] == "listItem" for slot in slots]
        return [slot for rank, slot in enumerate(slots) if not is_item[rank] or rank + 1 == len(slots)]


def _lines(node: Node, path: Path) -> Iterator[tuple[Path, Node]]:
    if node["type"] in LINES:
        yield path, node
        return
    for index, child in enumerate(node.get("content", ())):
        yield from _lines(child, (*path, index))


def _common(paths: Sequence[Path]) -> int:
    """Return the depth of the parent that all these paths share."""
    first, last = paths[0], paths[-1]
    depth = 0
    while depth < min(len(first), len(last)) - 1 and first[depth] == last[depth]:
        depth += 1
    return depth


BEFORE, ON, AFTER = range(3)


def in_call_order(tree: Node, changes: Iterable[AmendmentChange]) -> list[AmendmentChange]:
    """Return the amendments in the order of their discussion, each sub-amendment just before its parent.

    A sub-amendment whose parent is not in the list comes at the place of its parent, by its number alone.
    """
    all_changes = list(changes)
    by_key = {change.key: change for change in all_changes}
    heads = [change for change in all_changes if change.parent not in by_key]
    subs: dict[int, list[AmendmentChange]] = {}
    for change in all_changes:
        if change.parent in by_key and change.parent is not None:
            subs.setdefault(change.parent, []).append(change)
    text = Text(tree)
    ordered: list[AmendmentChange] = []
    for head in sorted(heads, key=lambda change: place(text, change)):
        ordered += _sorted_subs(head, subs.get(head.key, []))
        ordered.append(head)
    return ordered


def _sorted_subs(parent: AmendmentChange, subs: Sequence[AmendmentChange]) -> list[AmendmentChange]:
    text = Text(new_text(parent))
    return sorted(subs, key=lambda change: place(text, change))


def place(text: Text, change: AmendmentChange) -> tuple[int, int, int, int, int]:
    """Return the sort key: alinéa, side, whole deletions first, most words changed first, then the number."""
    is_inside = not change.is_whole
    side = ON if is_inside or not change.is_insertion else AFTER if _is_after(change) else BEFORE
    at = change.last if side == AFTER else change.first
    is_deletion = change.operation == Operation.DELETE and change.is_whole
    return at, side, 0 if is_deletion else 1, -distance(text, change), change.number


def _is_after(change: AmendmentChange) -> bool:
    return change.operation == Operation.INSERT_AFTER


def distance(text: Text, change: AmendmentChange) -> int:
    """Return how far it is from the text: the number of words removed and added."""
    if change.is_insertion or not change.is_whole:
        taken = change.quote.split() if not change.is_insertion else []
        added = change.new_text.split() if not change.is_whole else tokens_of(change.blocks)
    else:
        taken = [word for number in change.alineas for word in _alinea_tokens(text, number)]
        added = tokens_of(change.blocks)
    matcher = SequenceMatcher(None, taken, added, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    return len(taken) + len(added) - 2 * same


def _alinea_tokens(text: Text, number: int) -> list[str]:
    alinea = text.alineas.get(number)
    return alinea.text.split() if alinea is not None else []


def tokens_of(blocks: Iterable[Any]) -> list[str]:
    """Return every word of these nodes, in order."""
    tokens: list[str] = []
    for node in blocks:
        content = node.get("content", ())
        if any(child["type"] in ("text", "hardBreak", "footnote") for child in content):
            tokens += text_of(node).split()
        else:
            tokens += tokens_of(content)
    return tokens


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
    return AmendmentDescription(instruction, passage, changed_line(text_of(line), line_edit(line, change)), "")


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
