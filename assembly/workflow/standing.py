"""Where an object stands, in one place: pages, lists, mails and feeds show the same badge and the same sentence."""

from dataclasses import dataclass

from assembly.text.french import Label


@dataclass(frozen=True)
class RowStanding:
    """The badge of a row (`state_badge` and `word`, for `{% state %}`) and a sentence with its day, if there is one.

    A state alone is not always the truth: a day went by, a seal was applied, a part was answered. What a row shows
    beyond its state is decided by the one function that returns this.
    """

    state_badge: str
    word: Label
    sentence: str = ""

    def __str__(self) -> str:
        return self.sentence or str(self.word)
