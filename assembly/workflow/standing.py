"""Where an object stands, said once: pages, lists, mails and feeds show the same badge and the same sentence."""

from dataclasses import dataclass

from assembly.ui.words import Label


@dataclass(frozen=True)
class RowStanding:
    """`shape` and `word` of the badge (`{% state %}`); `sentence`: the same with its day, where there is one.

    A state alone is not always the truth: a day went by, a seal was applied, a part was answered. What a row says of
    itself beyond its state is decided by the one function that returns this.
    """

    shape: str
    word: Label
    sentence: str = ""

    def __str__(self) -> str:
        return self.sentence or str(self.word)
