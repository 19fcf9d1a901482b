"""A table of the matrix of steps, and the one rule that every page of a step follows.

`Table.steps` is written by hand, one line a page: whose step it is, and by the answer to an empty form the states in
which it is taken: 302 it is done, 422 the form asks something or a guard lacks something, 409 what the question showed
was not sent back. Nothing here is read from a workflow or from a view, except the address.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.module_loading import import_string

from assembly.dossiers import StepPages
from assembly.identity.models import User
from tests.people import People

TEAM, DESK = "lead officer", "lead officer facilitator"
# The last four hold their role in another assembly of this installation.
ROLES = (
    *("lead", "officer", "facilitator", "member", "president", "sponsor", "dir_contact", "dir_approver"),
    *("dpo", "archivist", "admin", "witness", "stranger"),
    *("lead@elsewhere", "member@elsewhere", "president@elsewhere", "dir_approver@elsewhere"),
)
NOBODY: tuple[str, dict[int, str]] = ("", {})  # a page of the other kind of row


@dataclass(frozen=True)
class Table:
    """The pages of one registry, for rows of one kind.

    `pages`: an address that this `StepPages` serves, or its dotted path where none does. `row(people, state)` makes
    the row; a state that nothing leads to is written with an UPDATE. `enters`: roles to whom the room of these pages
    is open. `unseen`: by role, the states in which it does not see the row, `any` for all. `holders(people, row)`:
    people whose role comes from the row itself.
    `address`: of a step whose page is not served by `StepPages.view` itself.
    """

    pages: str
    states: str
    row: Callable[[People, str], Model]
    enters: str
    steps: Mapping[str, tuple[str, Mapping[int, str]]]
    unseen: Mapping[str, str] = field(default_factory=dict)
    holders: Callable[[People, Model], Mapping[str, User]] = lambda people, row: {}
    address: str = ""

    @property
    def registry(self) -> StepPages[Any]:
        if ":" in self.pages:
            return next(route.pages for route in step_routes() if route.name == self.pages)
        return import_string(self.pages)


def expected(table: Table, slug: str, state: str, role: str) -> int:
    """Return the expected status. 403: area closed or no right. 404: row not visible. 409: another state."""
    whose, answers = table.steps[slug]
    home, _at, elsewhere = role.partition("@")
    hidden = table.unseen.get(role, "").split()
    if home not in table.enters.split():
        return 403
    if elsewhere or state in hidden or "any" in hidden:
        return 404
    if role not in whose.split():
        return 403
    return next((answer for answer, states in answers.items() if state in states.split()), 409)


def is_taken(table: Table, slug: str, state: str, role: str) -> bool:
    """Return whether the question is shown: the role has the right and the state allows the step."""
    states = " ".join(table.steps[slug][1].values()).split()
    return state in states and expected(table, slug, state, role) not in {403, 404}


@dataclass(frozen=True)
class StepRoute:
    """An address of the URLconf that serves steps. `slug`: its one step; "" where the address ends with it."""

    name: str
    pages: StepPages[Any]
    slug: str
    is_post_only: bool

    def serves(self, pages: StepPages[Any], slug: str) -> bool:
        return self.pages is pages and self.slug in {slug, ""}

    def url(self, row: Model, slug: str) -> str:
        return reverse(self.name, args=[row.pk] if self.slug else [row.pk, slug])


def step_routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[StepRoute]:
    """Return every address that a `StepPages` serves."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from step_routes(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        elif isinstance(pattern, URLPattern):
            view = inspect.unwrap(pattern.callback, stop=is_step_view)
            if is_step_view(view):
                # One wrapper is the sign-in gate's; a second one lets posts through and nothing else.
                is_post_only = getattr(pattern.callback, "__wrapped__", None) is not view
                slug = pattern.default_args.get("slug", "")
                yield StepRoute(f"{prefix}{pattern.name}", view.__self__, slug, is_post_only)


def is_step_view(view: Any) -> bool:
    return isinstance(getattr(view, "__self__", None), StepPages)
