"""The frame of a dossier: what each of its pages shows around its own part (`templates/dossiers/frame.html`)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from assembly.dossiers.awaited import Awaited
from assembly.dossiers.pages import StepLink
from assembly.ui.path import PathStep


@dataclass(frozen=True)
class Status:
    """The state in a sentence, what follows from it, and the words and address of the one big button; no address:
    nothing to press. `poll`: asked every two seconds, while the sentence will change by itself."""

    sentence: str
    consequence: str = ""
    label: str = ""
    url: str = ""
    poll: str = ""


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    current: bool = False
    count: int | str | None = None
    count_words: str = ""


@dataclass(frozen=True)
class DossierFrame:
    """`above`: words and address of the list it stands in. `name`: the dossier in the line of pages above it.
    `path_name`, `tabs_name`: what a screen reader calls them. `links`: the other steps
    (`StepPages.links`). `facts`: pairs of the side column. `edit`: where these are corrected, for who may. `awaited`:
    who may act, where this reader may not (`awaited_of`)."""

    title: str
    name: str
    above: tuple[str, str]
    status: Status
    path_name: str
    path: Sequence[PathStep]
    tabs_name: str
    tabs: Sequence[Tab]
    facts: Sequence[tuple[str, Any]]
    links: Sequence[StepLink] = ()
    edit: str = ""
    awaited: Awaited | None = None


def tabs_of(app: str, key: int, current: str, rows: Iterable[tuple[str, str, int | str | None, str]]) -> list[Tab]:
    """One address each, from (name of the route, label, count, what is counted)."""
    return [
        Tab(label, reverse(f"{app}:{name}", args=[key]), name == current, count, words)
        for name, label, count, words in rows
    ]
