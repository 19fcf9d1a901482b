"""Seeded trials of two and three carets in one block: who presses which keys, what must stand there at the end.

`plan(seed)` is pure. What is expected comes from the plan alone: each writer's words in one piece, in the order in
which they were typed, at the place of the caret. `Table` plays a plan in real browsers, Chromium or Firefox.
"""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any, Protocol

from assembly.collab.document import grammar
from tests.firefox import KEYS

# None of them stands in another, nor in what is typed: a caret is put by its word.
WORDS = (
    "nous proposons chaque village reçoit car soir pour habitants vivent seuls loin marché sans voiture depuis "
    "longtemps avec aide mutuelle"
).split()
PHRASES = (("bleu clair", "rouge vif"), ("grand chêne", "petit hêtre"), ("mille pas", "cent mètres"))
TITLE = "Titre"
BLOCKS = ("paragraph", "heading", "item", "quotation", "field")
LONGEST = 20.0  # seconds until every screen shows the same


@dataclass
class Writer:
    """Where the caret is put (`at`: before, after or all of these words), and keys, one list a phase.

    A phase ends when every screen shows the same.
    """

    words: str
    at: str
    phases: Sequence[Sequence[tuple[str, ...]]]
    suggests: bool = False


@dataclass
class Trial:
    """`allowed`: the words of each line that may stand there at the end. `cut`: who has no line in the first phase."""

    seed: int
    kind: str
    block: str
    base: str
    writers: list[Writer]
    allowed: list[list[str]]
    cut: set[int] = field(default_factory=set)

    def tree(self) -> list[dict[str, Any]]:
        """Return the block between two marker lines, by which it is found."""
        made = {
            "paragraph": lambda: grammar.paragraph(self.base),
            "heading": lambda: grammar.heading(self.base, 3),
            "item": lambda: grammar.bullets([self.base]),
            "quotation": lambda: {"type": "blockquote", "content": [grammar.paragraph(self.base)]},
            "field": lambda: grammar.recommendation(TITLE, {"problem": self.base}),
        }[self.block]()
        return [grammar.paragraph(f"[{self.seed}"), made, grammar.paragraph(f"{self.seed}]")]

    def is_right(self, lines: list[str]) -> bool:
        return ([line for line in lines if line and line != TITLE]) in self.allowed


def letters(text: str) -> list[tuple[str, ...]]:
    return [(letter,) for letter in text]


class Draft:
    """What the plans of one seed draw from."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.words = self.draw.sample(WORDS, 9)
        self.phrases = [self.draw.choice(pair) for pair in PHRASES]

    def gaps(self, count: int) -> list[int]:
        """Return different words, in the order of the sentence; never the first nor the last."""
        return sorted(self.draw.sample(range(1, 8), count))

    def typed(self, text: str, later: Sequence[tuple[str, ...]] = ()) -> list[list[tuple[str, ...]]]:
        """Return these letters in two phases, then other keys."""
        half = self.draw.randrange(1, len(text))
        return [letters(text[:half]), [*letters(text[half:]), *later]]

    def after(self, gap: int, who: int) -> tuple[Writer, str]:
        """Return a writer who types their phrase after a word, and the phrase."""
        text = f" {self.phrases[who]}"
        return Writer(self.words[gap], "after", self.typed(text)), text

    def line(self, added: dict[int, str], start: str = "", without: range = range(0)) -> str:
        """Return the sentence with the text that was typed after some of its words."""
        kept = [word + added.get(place, "") for place, word in enumerate(self.words) if place not in without]
        return start + " ".join(kept)


def beside(draft: Draft, count: int) -> tuple[list[Writer], list[list[str]]]:
    """Plan writers who each type at another place."""
    gaps = draft.gaps(count)
    made = [draft.after(gap, who) for who, gap in enumerate(gaps)]
    line = draft.line({gap: text for gap, (_writer, text) in zip(gaps, made, strict=True)})
    return [writer for writer, _text in made], [[line]]


def at_the_beginning(draft: Draft) -> tuple[list[Writer], list[list[str]]]:
    """Plan a writer before the first word of a paragraph in which another writes: the bug as first reported."""
    (gap,) = draft.gaps(1)
    one, text = draft.after(gap, 0)
    start = f"{draft.phrases[1]}, "
    return [one, Writer(draft.words[0], "before", draft.typed(start))], [[draft.line({gap: text}, start)]]


def in_one_place(draft: Draft, count: int) -> tuple[list[Writer], list[list[str]]]:
    """Plan writers at one place: any order is right, as long as each text stays in one piece."""
    (gap,) = draft.gaps(1)
    made = [draft.after(gap, who) for who in range(count)]
    orders = permutations(text for _writer, text in made)
    return [writer for writer, _text in made], [[draft.line({gap: "".join(order)})] for order in orders]


def deleted_before(draft: Draft) -> tuple[list[Writer], list[list[str]]]:
    """Plan a writer who replaces the words before the caret of another."""
    first, last, gap = draft.gaps(3)
    one, text = draft.after(gap, 0)
    gone = "".join(f"{word} " for word in draft.words[first : last + 1])
    other = Writer(gone, "all", [[("Backspace",), *letters(f"{draft.phrases[1]} ")], []])
    kept = draft.line({gap: text, first - 1: f" {draft.phrases[1]}"}, without=range(first, last + 1))
    return [one, other], [[kept]]


def deleted_across(draft: Draft) -> tuple[list[Writer], list[list[str]]]:
    """Plan a writer who replaces the words on both sides of a caret before its owner types."""
    first, gap, last = draft.gaps(3)
    text = f" {draft.phrases[0]}"
    one = Writer(draft.words[gap], "after", [letters(text[:6]), letters(text[6:])])
    gone = " ".join(draft.words[first : last + 1])
    other = Writer(gone, "all", [[("Backspace",), *letters(draft.phrases[1])], []])
    head, tail = " ".join(draft.words[:first]), " ".join(draft.words[last + 1 :])
    both = permutations((text, draft.phrases[1]))
    return [other, one], [[f"{head} {''.join(order)} {tail}"] for order in both]


def undone_by_another(draft: Draft) -> tuple[list[Writer], list[list[str]]]:
    """Plan a writer who types and undoes, which must not move the caret of another."""
    where, gap = draft.gaps(2)
    one, text = draft.after(gap, 0)
    other, theirs = draft.after(where, 1)
    other.phases = [other.phases[0], [*other.phases[1], *[("Control", "z")] * len(theirs)]]
    return [one, other], [[draft.line({gap: text})]]


def undone_and_redone(draft: Draft) -> tuple[list[Writer], list[list[str]]]:
    """Plan the same with a redo at the end."""
    where, gap = draft.gaps(2)
    one, text = draft.after(gap, 0)
    other, theirs = draft.after(where, 1)
    back = [*[("Control", "z")] * len(theirs), *[("Control", "y")] * len(theirs)]
    other.phases = [[*other.phases[0], *other.phases[1]], back]
    return [one, other], [[draft.line({gap: text, where: theirs})]]


def ones_own_undone(draft: Draft) -> tuple[list[Writer], list[list[str]]]:
    """Plan a writer who undoes their own text next to that of another, and types again."""
    where, gap = draft.gaps(2)
    one, text = draft.after(gap, 0)
    again = f" {draft.phrases[2]}"
    one.phases = [letters(text), [*[("Control", "z")] * len(text), *letters(again)]]
    other, theirs = draft.after(where, 1)
    return [one, other], [[draft.line({gap: again, where: theirs})]]


def split(draft: Draft) -> tuple[list[Writer], list[list[str]]]:
    """Plan a split of the paragraph before a caret, which moves with its text."""
    where, gap = draft.gaps(2)
    text = f" {draft.phrases[0]}"
    one = Writer(draft.words[gap], "after", [[], letters(text)])
    other = Writer(draft.words[where], "before", [[("Enter",)], letters(f"{draft.phrases[1]} ")])
    head = "".join(f"{word} " for word in draft.words[:where])
    tail = draft.line({gap: text}, f"{draft.phrases[1]} ", without=range(where))
    return [one, other], [[head, tail]]


def new_paragraph(draft: Draft, *, is_begun: bool) -> tuple[list[Writer], list[list[str]]]:
    """Plan a new paragraph with another writer before its first word, or two writers who begin it at once."""
    last = draft.words[-1]
    mine, theirs = draft.phrases[0], f"{draft.phrases[1]}, "
    typed = letters(mine)
    begun = 4 if is_begun else 0
    one = Writer(last, "after", [[("Enter",), *typed[:begun]], typed[begun:]])
    other = Writer(last, "after", [[], [("ArrowRight",), *letters(theirs)]])
    orders = [theirs + mine] if is_begun else [theirs + mine, mine + theirs]
    return [one, other], [[draft.line({}), line] for line in orders]


Maker = Callable[[Draft], tuple[list[Writer], list[list[str]]]]
KINDS: dict[str, Maker] = {
    "beginning": at_the_beginning,
    "two": lambda draft: beside(draft, 2),
    "three": lambda draft: beside(draft, 3),
    "one place": lambda draft: in_one_place(draft, 2),
    "one place, three": lambda draft: in_one_place(draft, 3),
    "deleted before": deleted_before,
    "deleted across": deleted_across,
    "undone": undone_by_another,
    "redone": undone_and_redone,
    "own undone": ones_own_undone,
    "split": split,
    "new paragraph": lambda draft: new_paragraph(draft, is_begun=True),
    "empty paragraph": lambda draft: new_paragraph(draft, is_begun=False),
    "reconnection": at_the_beginning,
    "reconnection, three": lambda draft: beside(draft, 3),
    "reconnection, deleted": deleted_before,
    "suggested": at_the_beginning,
    "suggested, three": lambda draft: beside(draft, 3),
}


def plan(seed: int) -> Trial:
    """Return the trial of a seed: kinds by turns, each in each kind of block."""
    names = list(KINDS)
    kind = names[seed % len(names)]
    draft = Draft(seed)
    writers, allowed = KINDS[kind](draft)
    block = "paragraph" if kind == "split" else BLOCKS[seed // len(names) % len(BLOCKS)]
    trial = Trial(seed, kind, block, " ".join(draft.words), writers, allowed)
    if kind.startswith("reconnection"):
        trial.cut = {draft.draw.randrange(len(writers))}
    if kind.startswith("suggested"):
        for writer in draft.draw.sample(writers, draft.draw.randint(1, len(writers))):
            writer.suggests = True
    return trial


# Sockets that a test may cut: `disconnect()` closes them, and each new one until `reconnect()`.
LINE = """() => {
  const BrowserSocket = window.WebSocket
  const all = new Set()
  let isCut = false
  window.WebSocket = class extends BrowserSocket {
    constructor(...parameters) {
      super(...parameters)
      all.add(this)
      if (isCut) this.close()
    }
  }
  window.disconnect = () => { isCut = true; for (const socket of all) socket.close() }
  window.reconnect = () => { isCut = false }
}"""
READY = "() => Boolean(document.querySelector('#coedit-text')?.editor)"
PLACE = """([seed, words, at]) => new Promise((done) => {
  const { editor } = document.querySelector('#coedit-text')
  let [isNear, from] = [false, null]
  editor.state.doc.descendants((node, pos) => {
    if (node.isText && node.text === `[${seed}`) isNear = true
    if (isNear && from === null && node.isText && node.text.includes(words)) from = pos + node.text.indexOf(words)
  })
  const to = from + words.length
  editor.state.plugins.find(({ key }) => key.startsWith('y-undo')).getState(editor.state).undoManager.clear()
  editor.chain().focus().setTextSelection({ from: at === 'after' ? to : from, to: at === 'before' ? from : to }).run()
  setTimeout(done, 40)
})"""
SHOWN = """(seed) => {
  const { doc } = document.querySelector('#coedit-text').editor.state
  const lines = []
  doc.descendants((node) => { if (node.isTextblock) lines.push(node.textContent.replaceAll('\\u200B', '')) })
  const isSaved = document.querySelector('[data-assembly-status]').textContent.includes('Tout est enregistré')
  return [isSaved, lines.slice(lines.indexOf(`[${seed}`) + 1, lines.indexOf(`${seed}]`))]
}"""
MODE = "(mode) => document.querySelector(`[data-assembly-modes] input[value=${mode}]`).click()"


class Screen(Protocol):
    """The page of one writer, in whichever browser."""

    def evaluate(self, function: str, value: Any = None, /) -> Any: ...

    def press(self, *keys: str) -> None: ...


class ChromiumScreen:
    """Playwright's page, with the one way of pressing keys."""

    def __init__(self, page: Any) -> None:
        self.evaluate = page.evaluate
        self.keyboard = page.keyboard

    def press(self, *keys: str) -> None:
        if len(keys) > 1 or keys[0] in KEYS:
            self.keyboard.press("+".join(keys))
        else:
            self.keyboard.type(keys[0])


@dataclass
class Outcome:
    """`shown`: the lines of each screen at the end; they are the same unless `is_settled` is false."""

    trial: Trial
    shown: list[list[str]]
    is_settled: bool

    @property
    def is_right(self) -> bool:
        return self.is_settled and self.trial.is_right(self.shown[0])

    def __str__(self) -> str:
        return f"{self.trial.seed} {self.trial.kind} ({self.trial.block}): {self.shown} not in {self.trial.allowed}"


class Table:
    """Three open pages on one text that holds the blocks of every trial."""

    def __init__(self, screens: Sequence[Screen]) -> None:
        self.screens = screens

    def play(self, trial: Trial) -> Outcome:
        """Put the carets, press all keys in a seeded order, read what every screen shows."""
        draw = random.Random(trial.seed)
        screens = self.screens[: len(trial.writers)]
        for screen, writer in zip(screens, trial.writers, strict=True):
            screen.evaluate(MODE, "suggest" if writer.suggests else "write")
            screen.evaluate(PLACE, [trial.seed, writer.words, writer.at])
        is_settled = True
        for phase in range(2):
            for place in trial.cut if phase == 0 else ():
                screens[place].evaluate("() => disconnect()")
            self.press(screens, [list(writer.phases[phase]) for writer in trial.writers], draw)
            for place in trial.cut:
                screens[place].evaluate("() => reconnect()")
            is_settled = self.settle(trial.seed) and is_settled
        return Outcome(trial, [screen.evaluate(SHOWN, trial.seed)[1] for screen in screens], is_settled)

    def press(self, screens: Sequence[Screen], keys: list[list[tuple[str, ...]]], draw: random.Random) -> None:
        """Press the first key of the first writer, then keys in a seeded order, with pauses."""
        if keys[0]:
            screens[0].press(*keys[0].pop(0))
        while waiting := [place for place, left in enumerate(keys) if left]:
            place = draw.choice(waiting)
            for _key in range(min(draw.choice((1, 1, 2, 4)), len(keys[place]))):
                screens[place].press(*keys[place].pop(0))
            time.sleep(draw.choice((0, 0, 0.01, 0.04)))

    def settle(self, seed: int) -> bool:
        """Wait until every word is kept and every screen shows the same; False after LONGEST seconds."""
        end = time.monotonic() + LONGEST
        while time.monotonic() < end:
            time.sleep(0.04)
            found = [screen.evaluate(SHOWN, seed) for screen in self.screens]
            if all(is_saved and lines == found[0][1] for is_saved, lines in found):
                return True
        return False
