"""Acts that one may begin from any page of the back office: the buttons of lists, and those that apps add.

    add_command(_("Écrire"), "correspondence:start", is_team, keywords=_("courriel message"))

A button of a `List` that is offered to saved views, and the « new » of a register, need no line: they are commands
already. `keywords`: other words by which people look for the act. The palette (Ctrl K) and `/bureau/recherche/` offer
them.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assembly.institution.menu import menu_for
from assembly.institution.models import Term
from assembly.lists import lists
from assembly.lists.tables import Rule
from assembly.text.french import Label, alphabetical

CREATING = _("créer ajouter nouveau nouvelle un une")


@dataclass(frozen=True)
class Command:
    """Act or page that a reader may open: its label and address, where it belongs, other words that find it."""

    label: str
    url: str
    place: str = ""
    keywords: str = ""

    def begins(self, query: str) -> bool:
        """Return whether each word of a query begins a word of the command, without accents."""
        own = alphabetical(f"{self.label} {self.place} {self.keywords}").split()
        return all(any(word.startswith(part) for word in own) for part in alphabetical(query).split())


@dataclass(frozen=True)
class DeclaredCommand:
    label: Label
    route: str
    can_follow: Rule
    keywords: Label


_declared: list[DeclaredCommand] = []


def add_command(label: Label, route: str, can_follow: Rule, keywords: Label = "") -> None:
    """Add an act that is the button of no list, on a page without argument, for whom `can_follow(user, term)`."""
    _declared.append(DeclaredCommand(label, route, can_follow, keywords))


def acts_for(user: Any, terms: Collection[Term]) -> list[Command]:
    """Return what this reader may begin in one of these terms, each address once, in the order of the menu."""
    acts = {act.url: act for term in terms for act in [*list_buttons(user, term, is_main=True), *declared(user, term)]}
    pages = [page.url for page in menu_lines(user)]

    def position(act: Command) -> tuple[int, str]:
        above = [url for url in pages if act.url.startswith(url)]
        return pages.index(max(above, key=len)) if above else len(pages), alphabetical(act.label)

    return sorted(acts.values(), key=position)


def pages_for(user: Any, terms: Collection[Term]) -> list[Command]:
    """Return the lines of the menu of the back office, then the pages beside its lists, each address once."""
    acts = {act.url for act in acts_for(user, terms)}
    beside = (page for term in terms for page in list_buttons(user, term, is_main=False) if page.url not in acts)
    return list({page.url: page for page in (*menu_lines(user), *beside)}.values())


def menu_lines(user: Any) -> list[Command]:
    """Return the pages of the menu of the back office, in its order."""
    return [
        Command(str(page.label), page.url, str(group.heading.title) if group.heading else "")
        for group in menu_for(user, "desk", "")
        for item in group.items
        for page in item.pages
    ]


def list_buttons(user: Any, term: Term, *, is_main: bool) -> Iterator[Command]:
    """Return the main buttons of the lists that this reader may open, or the others."""
    for listed in lists().values():
        for button in listed.offered_buttons(user, term) if listed.can_open(user, term) else ():
            if (button.kind == "primary") is is_main:
                yield Command(str(button.label), button.url, str(listed.title), str(CREATING) if is_main else "")


def declared(user: Any, term: Term) -> Iterator[Command]:
    for each in _declared:
        if each.can_follow(user, term):
            yield Command(str(each.label), reverse(each.route), keywords=str(each.keywords))
