"""The frame of a dossier: what each of its pages shows around its own part (`templates/dossiers/frame.html`)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from assembly.dossiers.awaited import Awaited
from assembly.dossiers.pages import StepLink
from assembly.web.path import PathStep
from assembly.workflow import States, Workflow


@dataclass(frozen=True)
class Status:
    """The state in a sentence, what follows from it, and the label and address of the one big button.

    Without an address there is no button. `poll`: the address read every two seconds, while the sentence will change
    by itself.
    """

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
    count_label: str = ""


@dataclass(frozen=True)
class DossierFrame:
    """What the pages of a dossier share.

    `above`: label and address of the list that it belongs to. `name`: the dossier in the breadcrumb. `path_name`,
    `tabs_name`: their names for a screen reader. `links`: the other steps (`StepPages.links`). `facts`: pairs of the
    side column. `edit`: where these are corrected, for those who may. `awaited`: who may act, where this reader may
    not (`awaited_of`).
    """

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


def state_status(workflow: Workflow[Any], state: States) -> Callable[..., Status]:
    """Return the status of every row in a state that has its `sentence`, for `States.covers`.

    Its button is the page of the first step that leads on.
    """
    page = next((step for step in workflow.steps if step.primary and state in step.sources and step.slug), None)
    return lambda *facts: Status(
        str(state.state.sentence), label=str(page.label) if page else "", url=page.slug if page else ""
    )


def tabs_of(app: str, key: int, current: str, rows: Iterable[tuple[str, str, int | str | None, str]]) -> list[Tab]:
    """Return one tab for each (name of the route, label, count, what is counted)."""
    return [
        Tab(label, reverse(f"{app}:{name}", args=[key]), name == current, count, count_label)
        for name, label, count, count_label in rows
    ]
