"""A menu shows a line to the roles that its page lets in, and reads nothing from the database to decide it."""

import pytest

from assembly.institution import menu
from assembly.institution.menu import may_enter
from assembly.institution.models import DIRECTORATE_ROLES, TERM_ROLES, Role
from tests.security.expectations import ROUTES
from tests.security.routes import DIRECTORATES, ELECTED

# Pages that more roles may open than those to which the menu of an area offers them.
OFFERED = {
    ("directorate", "search:results"): f"{DIRECTORATES} {ELECTED}",
    ("member", "search:results"): "member",
    ("member", "sittings:my-list"): "member",
    ("member", "sittings:minutes-list"): "member",
    ("member", "consultations:my-list"): "member",
    ("member", "opinions:my-list"): "member",
    ("member", "notifications:message-list"): "member",
    ("desk", "tasks:list"): "facilitator",  # the team comes from « À faire »
}


def holding(role, term=1):
    """Return a role in its places, as the menu takes it."""
    return role, term if role in TERM_ROLES else None, 1 if role in DIRECTORATE_ROLES else None, 1


def test_a_line_is_shown_to_the_roles_that_its_page_lets_in():
    shown = {(line.area, line.url_name): set() for line in menu.entries}
    for role in Role.values:
        for area in menu.AREAS:
            for line, _url in menu.lines_of(area, frozenset({holding(role)})):
                shown[area, line.url_name].add(role)
    expected = {key: set(OFFERED.get(key, ROUTES[key[1]].get).split()) & set(Role.values) for key in shown}
    assert shown == expected


def test_the_exceptions_are_pages_that_more_roles_may_open():
    for (_area, name), roles in OFFERED.items():
        assert set(roles.split()) < set(ROUTES[name].get.split())


@pytest.mark.django_db
def test_no_line_needs_a_statement(django_assert_num_queries):
    menu.lines_of.cache_clear()
    with django_assert_num_queries(0):
        for area in menu.AREAS:
            for role in Role.values:
                menu.lines_of(area, frozenset({holding(role)}))


@pytest.mark.parametrize("role", ["lead", "facilitator", "member"])
def test_readers_with_the_same_lines_share_one_menu(role):
    area = "member" if role == "member" else "desk"
    here, there = (menu.lines_of(area, frozenset({holding(role, term)})) for term in (1, 2))
    assert here == there
    assert hash(here) == hash(there)
    assert len(here) > 0


BELOW = {
    "/bureau/mission/budget/9/": "lead officer",
    "/bureau/tirages/9/proces-verbal/": "lead officer witness",
    "/bureau/service/sauvegardes/": "lead admin",
    "/bureau/saisines/9/": "lead officer facilitator",
    "/bureau/corrections/9/": "lead officer",
    "/instructions/circuit/9/": DIRECTORATES,
    "/instructions/reponses/9/": f"{DIRECTORATES} {ELECTED}",
    "/instructions/fil/9/retirer/": f"lead officer {DIRECTORATES}",
    "/espace/sujets/9/": "member",
    "/espace/avis/9/visa/": " ".join(Role.values),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "roles"), BELOW.items())
def test_the_rule_of_a_line_holds_below_its_page(path, roles, people):
    assert {role for role in Role.values if may_enter(people[role], path)} == set(roles.split())


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/recherche/", "/bureau/", "/espace/", "/espace/seances/9/"])
def test_homes_and_pages_for_everybody_are_no_area(path, people):
    assert may_enter(people["stranger"], path)
