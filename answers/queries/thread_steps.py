"""Parts of a thread; each kind of step is built by a function of its own."""

from dataclasses import dataclass
from datetime import date

from answers.models import Answer, ProgressUpdate


@dataclass(frozen=True)
class ThreadLink:
    label: str
    url: str


@dataclass(frozen=True)
class ThreadStep:
    """One step; `anchor` never changes, because feeds refer to it.

    `answer` is a published one, shown in its own words; `update` one whose photo is shown.
    """

    anchor: str
    title: str
    day: date | None
    paragraphs: tuple[str, ...] = ()
    links: tuple[ThreadLink, ...] = ()
    proof: str = ""
    answer: Answer | None = None
    update: ProgressUpdate | None = None
