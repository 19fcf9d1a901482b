"""The first page of a handed-over document: title, place, day, the vote in one line, the hemicycle."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from assembly.web.drawings import hemicycle, vote_mark

PICTURE = "hemicycle.svg"
LONG_TITLE = 70


@dataclass(frozen=True)
class Cover:
    """The contents of `documents/pdf/cover.html`.

    `votes`: kind of seat, number, label; without a vote, every seat alike. `seats`: how many seats are drawn; `figure`
    and `legend` are in their middle; `alt_text` is the text alternative of the picture.
    """

    kicker: str
    title: str
    lines: Sequence[str]
    seats: int
    figure: str
    legend: str
    alt_text: str
    votes: Sequence[tuple[str, int, str]] = ()
    rows: Sequence[tuple[str, str]] = ()

    @property
    def is_long(self) -> bool:
        return len(self.title) > LONG_TITLE

    @property
    def drawings(self) -> dict[str, SafeString]:
        """Return the hemicycle, then the mark of each answer, by the name that the page uses."""
        groups = [(kind, number) for kind, number, _label in self.votes]
        picture = hemicycle(groups, total=self.seats, title=self.alt_text, figure=self.figure, legend=self.legend)
        return {PICTURE: picture, **{f"{kind}.svg": vote_mark(kind) for kind, _number, _label in self.votes}}
