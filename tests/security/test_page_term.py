"""Two terms in one browser: a page about an object of one names it, leads into it and writes in it, while the switcher
has chosen the other.

Each address with an object × the first role that reads it, here in both terms. A page about what belongs to the whole
assembly (a row of a register, a person, a directorate) names the chosen term, as the lists do.
"""

import re
from collections.abc import Callable

import pytest
from django.core.cache import cache

from assembly.institution.models import TERM_ROLES, Role, Term
from assembly.institution.pages import CHOSEN
from tests.browsing import StrictClient
from tests.factories.institution import RoleAssignmentFactory, TermFactory
from tests.mission.example import EXAMPLES
from tests.people import People
from tests.security.expectations import ROUTES
from tests.security.routes import address
from tests.security.turns import long_but_those_of_today

READERS = ("lead", "officer", "facilitator", "member", "president", "sponsor", "dir_contact", "dir_approver")
NAMES = sorted(name for name, route in ROUTES.items() if route.of and set(READERS) & set(route.get.split()))
HEAD = re.compile(r"<header.*?</header>", re.DOTALL)
LINKS = re.compile(r'(?:href|action|formaction|data-hx-get|data-hx-post)="(/(?:bureau|espace|instructions)/[^"]*)"')
# Pages whose object belongs to the assembly, not to a term, and lists whose line here holds words of a filter.
REGISTERS = tuple(f"mission:{key}-" for key in EXAMPLES)
CHOSEN_TERM = set(
    """
    answers:committee-follow-ups answers:progress-report-begin consultations:suggest-check
    consultations:delegation-end consultations:visa-level-add correspondence:text-step correspondence:write-to-list
    institution:reactivate mission:digest-reader-remove
    institution:directorate-close institution:directorate-rename institution:hand-over
    institution:person institution:suspend members:my-alumni members:my-contact members:my-image
    members:my-name members:my-need members:my-page members:person-page
    mission:grant-committee mission:grant-decisions mission:grant-papers
    mission:indicator mission:indicator-entry mission:indicator-sheets mission:indicators mission:indicators-compare
    mission:keeper-sheet mission:my-indicators mission:directorate-indicators mission:directorate-support-edit
    mission:directorate-support-note mission:directorate-support-row mission:directorate-support-step
    mission:support-certificates mission:support-note mission:workload saved_views:list sittings:create
    """.split()
)


@pytest.fixture
def people(crowd: People, db: None) -> People:
    return People(crowd)


def reader_in_both(people: People, role: str, other: Term) -> StrictClient:
    """Return a browser of a user who works in both terms, with the other term selected."""
    user = people[role]
    if Role(role) in TERM_ROLES:
        RoleAssignmentFactory(user=user, role=Role(role), assembly=other.assembly, term=other)
    browser = StrictClient().enter(user)
    session = browser.session
    session[CHOSEN] = other.pk
    session.save()
    return browser


def names(html: str, term: Term) -> bool:
    return term.name in "".join(HEAD.findall(html))


def faults(html: str, own: Term, other: Term) -> list[str]:
    """Return the parts of the page that belong to the other term."""
    found = [] if names(html, own) else ["the head names the other term"]
    links = [link.replace("&amp;", "&") for link in LINKS.findall(html)]
    found += [link for link in links if not re.search(r"/\d+/", link) and f"mandature={own.pk}" not in link]
    found += [link for link in links if f"/mandatures/{other.pk}/" in link or f"mandature={other.pk}" in link]
    written = set(re.findall(r'name="mandature" value="(\d+)"', html))
    return found + [f"a form writes in {key}" for key in written if key != str(own.pk)]


def judge(name: str, people: People) -> list[str]:
    route = ROUTES[name]
    role = next(role for role in READERS if role in route.get.split())
    url = address(name, route.of(people))
    if not url.startswith(("/bureau/", "/espace/", "/instructions/")):
        return []
    other = TermFactory(another=True, name="L’autre mandature")
    cache.clear()
    response = reader_in_both(people, role, other).get(url)
    is_page = not response.streaming and response.headers.get("Content-Type", "").startswith("text/html")
    if response.status_code != 200 or not is_page or "<header" not in (html := response.content.decode()):
        return []
    if name in CHOSEN_TERM or (name.startswith(REGISTERS) and not name.endswith(("-import-page", "-import-columns"))):
        return [] if names(html, other) else ["the head does not say in which term the page works"]
    return faults(html, people.term, other)


@pytest.mark.django_db
@pytest.mark.usefixtures("proved_for_long")
@pytest.mark.parametrize("name", long_but_those_of_today(NAMES))
def test_a_page_stays_in_the_term_of_its_object(name: str, people: People, count: Callable[..., None]) -> None:
    found = judge(name, people)
    count(requests=1, faults=len(found))
    assert found == []
