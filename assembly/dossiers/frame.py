"""The frame of a dossier: what each of its pages shows around its own part (`templates/dossiers/frame.html`).

It says who may act where the reader may not, and where they may be reminded. Each kind of dossier is added with its
workflow, which defines what leads on from each state (`next_steps`), with the rows that its reader sees and the page
on which those who may act find it. Which person holds which role is known to an app above: `institution` adds how
people are looked up.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from assembly.dossiers.pages import StepLink
from assembly.identity.models import User
from assembly.text.french import french_enumeration
from assembly.web.path import PathStep
from assembly.workflow import Permission, States, Workflow

SHOWN = 4
FIRST_FACTS = 4  # on the line below the head of a dossier; the others unfold


@dataclass(frozen=True)
class AwaitedPeople:
    """The people who may act now.

    `are_named`: this reader may read their names; `may_be_reminded`: this reader may write to them.
    """

    people: Sequence[User] = ()
    are_named: bool = False
    may_be_reminded: bool = False


@dataclass(frozen=True)
class DossierKind[Row: models.Model]:
    """A kind of dossier.

    `rows(user)`: those that a reader sees. `page(row, user)`: where `user` acts on it. `title(row)`: its name.
    `scope(row)`: its assembly and, where it has one, its term.
    """

    model: type[Row]
    workflow: Workflow[Row]
    rows: Callable[[Any], models.QuerySet[Row]]
    page: Callable[[Row, Any], str]
    title: Callable[[Row], str]
    scope: Callable[[Row], tuple[int, int | None]]

    @property
    def label(self) -> str:
        return self.model._meta.label_lower


@dataclass(frozen=True)
class Awaited:
    """Who may act, as the frame shows it below the state: by role and by name, and where to remind them."""

    labels: Sequence[str]
    people: Sequence[User] = ()
    are_named: bool = False
    remind_url: str = ""

    @property
    def sentence(self) -> str:
        """Return the line of the frame: « Peut agir maintenant : responsable (Anna Daste). »"""
        roles = _(" ou ").join(self.labels)
        if self.are_named and self.people:
            names = [person.get_full_name() for person in self.people]
            roles = _("%(roles)s (%(names)s)") % {"roles": roles, "names": french_enumeration(names, SHOWN)}
        return _("Peut agir maintenant : %(who)s.") % {"who": roles}


class PeopleFinder(Protocol):
    def __call__(
        self,
        reader: Any,
        row: models.Model,
        permissions: Sequence[Permission[Any]],
        *,
        assembly: int,
        term: int | None,
    ) -> AwaitedPeople: ...


kinds: dict[str, DossierKind[Any]] = {}
_finders: list[PeopleFinder] = []


def add_dossier_kind[Row: models.Model](kind: DossierKind[Row]) -> DossierKind[Row]:
    """Add a kind of dossier, so that its readers see who may act."""
    kinds[kind.label] = kind
    return kind


def add_people_finder(finder: PeopleFinder) -> None:
    """Add a function that finds the holders of roles and what the reader may know of them; for `institution`."""
    _finders.append(finder)


def awaited_for(status: Any, user: Any, row: models.Model) -> Awaited | None:
    """Return `awaited_of` for the frame; None where the status has a button or will change by itself."""
    return None if status.url or status.poll else awaited_of(user, row)


def awaited_of(user: Any, row: models.Model) -> Awaited | None:
    """Return who may act; None where this reader is one of them, or where nobody is awaited any more."""
    kind = kinds[row._meta.label_lower]
    permissions = kind.workflow.awaited(row)
    if not permissions or any(who(user, row) for who in permissions):
        return None
    assembly, term = kind.scope(row)
    match = next((find(user, row, permissions, assembly=assembly, term=term) for find in _finders), AwaitedPeople())
    can_remind = match.may_be_reminded and match.people and not kind.workflow.can_take(user, row, "remind")
    address = reverse("notifications:reminder", args=[kind.label, row.pk]) if can_remind else ""
    labels = dict.fromkeys(str(label) for who in permissions for label in who.labels)
    return Awaited(list(labels), match.people, match.are_named, address)


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

    `row`: the dossier itself. `above`: label and address of the list that it belongs to. `name`: the dossier in the
    breadcrumb. `path_name`, `tabs_name`: their names for a screen reader. `links`: the other steps
    (`StepPages.links`). `path`: empty where states go both ways. `facts`: pairs, what is read most first. `edit`:
    where these are corrected, for those who may. `awaited`: who may act, where this reader may not (`awaited_of`).
    """

    row: models.Model
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

    @property
    def first_facts(self) -> Sequence[tuple[str, Any]]:
        """Return the facts on one line below the head."""
        return self.facts[:FIRST_FACTS]

    @property
    def other_facts(self) -> Sequence[tuple[str, Any]]:
        """Return the facts that « Tous les faits » unfolds."""
        return self.facts[FIRST_FACTS:]


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
