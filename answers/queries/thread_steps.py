"""What a thread is made of: each kind of step is told by a function of its own."""

from dataclasses import dataclass
from datetime import date

from answers.models import Answer, ProgressUpdate


@dataclass(frozen=True)
class ThreadLink:
    label: str
    url: str


@dataclass(frozen=True)
class ThreadStep:
    """One step: `anchor` never changes, for feeds name it. `answer` is a published one, shown in its own words;
    `update` one whose photo is shown."""

    anchor: str
    title: str
    day: date | None
    words: tuple[str, ...] = ()
    links: tuple[ThreadLink, ...] = ()
    proof: str = ""
    answer: Answer | None = None
    update: ProgressUpdate | None = None
