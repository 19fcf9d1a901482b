"""The first page of what is handed to somebody: title, place, day, the vote in one line, the hemicycle."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from assembly.ui.drawings import hemicycle, vote_mark

PICTURE = "hemicycle.svg"
LONG_TITLE = 70


@dataclass(frozen=True)
class Cover:
    """What `documents/pdf/cover.html` prints. `votes`: kind of seat, number, words; without a vote, every seat alike.

    `seats`: how many places are drawn; `figure` and `legend` stand in their middle; `told` says the picture aloud.
    """

    kicker: str
    title: str
    lines: Sequence[str]
    seats: int
    figure: str
    legend: str
    told: str
    votes: Sequence[tuple[str, int, str]] = ()
    rows: Sequence[tuple[str, str]] = ()

    @property
    def is_long(self) -> bool:
        return len(self.title) > LONG_TITLE

    @property
    def drawings(self) -> dict[str, SafeString]:
        """The hemicycle, then the mark of each answer, by the name under which the page asks for it."""
        groups = [(kind, number) for kind, number, _words in self.votes]
        drawn = hemicycle(groups, total=self.seats, title=self.told, figure=self.figure, legend=self.legend)
        return {PICTURE: drawn, **{f"{kind}.svg": vote_mark(kind) for kind, _number, _words in self.votes}}
