"""A menu shows a line to the roles that its page lets in, and reads nothing from the database to decide it."""

import pytest

from assembly.institution import menu
from assembly.institution.areas import AREAS
from assembly.institution.enums import DIRECTORATE_ROLES, TERM_ROLES, Role
from tests.security.expectations import ROUTES
from tests.security.routes import DIRECTORATES, ELECTED, SIGNED_IN

# Pages that everybody who has signed in may open, with the roles to which the menu of an area offers them.
OFFERED = {
    ("directorate", "search:results"): f"{DIRECTORATES} {ELECTED}",
    ("member", "search:results"): "member",
    ("member", "sittings:my-list"): "member",
    ("member", "sittings:minutes-list"): "member",
    ("member", "consultations:my-list"): "member",
    ("member", "opinions:my-list"): "member",
    ("member", "notifications:message-list"): "member",
}


def holding(role, term=1):
    """Return a role in its places, as the menu takes it."""
    return role, term if role in TERM_ROLES else None, 1 if role in DIRECTORATE_ROLES else None, 1


def test_a_line_is_shown_to_the_roles_that_its_page_lets_in():
    shown = {(line.area, line.url_name): set() for line in menu.entries}
    for role in Role.values:
        for area in AREAS:
            for line, _url in menu.lines_of(area, frozenset({holding(role)})):
                shown[area, line.url_name].add(role)
    expected = {key: set(OFFERED.get(key, ROUTES[key[1]].get).split()) & set(Role.values) for key in shown}
    assert shown == expected


def test_the_exceptions_are_pages_that_everybody_may_open():
    for _area, name in OFFERED:
        assert set(SIGNED_IN.split()) <= set(ROUTES[name].get.split())


@pytest.mark.django_db
def test_no_line_needs_a_statement(django_assert_num_queries):
    menu.lines_of.cache_clear()
    with django_assert_num_queries(0):
        for area in AREAS:
            for role in Role.values:
                menu.lines_of(area, frozenset({holding(role)}))


@pytest.mark.parametrize("role", ["lead", "facilitator", "member"])
def test_readers_with_the_same_lines_share_one_menu(role):
    area = "member" if role == "member" else "desk"
    here, there = (menu.lines_of(area, frozenset({holding(role, term)})) for term in (1, 2))
    assert here == there
    assert hash(here) == hash(there)
    assert len(here) > 0
