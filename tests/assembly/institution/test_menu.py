"""A menu is written once a process: it still follows the roles of the reader, the room and the page."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from assembly.institution.menu import MenuHeading, entries, lines_of, role_places
from assembly.institution.models import RoleAssignment

pytestmark = pytest.mark.django_db
LINE = re.compile(r'<li>\s*<a href="([^"]+)"( aria-current="(?:page|true)")?>')
TAB = re.compile(r'<li>\s*<a href="(/bureau/[^"?]+)"')


def lines(browser, address):
    """Return (address, whether it is the current one) of each line."""
    page = browser.get(address).content.decode()
    menu = page[page.index('id="menu"') : page.index("</nav>", page.index('id="menu"'))]
    return [(url, bool(current)) for url, current in LINE.findall(menu)]


def test_each_reader_has_their_own_lines_and_the_one_of_the_page(signed_in):
    readers = {role: signed_in(role) for role in ("lead", "facilitator")}
    desk, sittings, roles = (reverse(name) for name in ("portal:desk-home", "sittings:list", "institution:people"))
    for _ in range(2):
        of_lead, of_facilitator = (lines(readers[role], desk) for role in ("lead", "facilitator"))
        assert (roles, False) in of_lead
        assert roles not in dict(of_facilitator)
        assert {url for url, current in of_lead if current} == {desk}
        assert {url for url, current in lines(readers["lead"], sittings) if current} == {sittings}


def test_the_desk_has_eight_headings_and_at_most_eight_lines_below_each():
    desk = [entry for entry in entries if entry.area == "desk"]
    for heading in MenuHeading:
        places = {entry.tab_of or entry.url_name for entry in desk if entry.heading is heading}
        assert 1 <= len(places) <= 8, heading
    assert len(MenuHeading) == 8


def test_a_tab_stands_below_the_heading_of_a_line_that_is_no_tab():
    lines = {entry.url_name: entry for entry in entries}
    for entry in entries:
        if entry.tab_of:
            first = lines[entry.tab_of]
            assert (first.heading, first.tab_of) == (entry.heading, "")
            assert first.order < entry.order


def test_every_page_of_the_menu_is_reached_from_it(people, signed_in):
    """By its line, or as a tab of the page behind a line."""
    for role in ("lead", "officer", "facilitator", "dpo", "archivist", "admin"):
        browser = signed_in(role)
        roles = role_places(people[role])
        expected = {url for entry, url in lines_of("desk", roles) if not entry.setting}
        found = {url for url, _current in lines(browser, reverse("portal:desk-home"))}
        for url in sorted(found):
            found |= set(TAB.findall(browser.get(url).content.decode()))
        assert expected - found == set(), role


def test_only_the_heading_of_the_page_is_open(signed_in):
    page = signed_in("lead").get(reverse("mission:contracts")).content.decode()
    menu = page[page.index('id="menu"') : page.index("</nav>", page.index('id="menu"'))]
    assert menu.count("<details") == 8
    opened = menu.split(" open>")
    assert len(opened) == 2
    assert 'aria-current="page">Budget' in opened[1].replace("\n", "")
    assert 'aria-current="page">\n    Contrats' in page


def test_a_place_without_its_first_page_begins_with_the_next(people, signed_in):
    """Where « Équipe de la mission » is switched off, trips stand alone."""
    type(people.assembly).objects.filter(pk=people.assembly.pk).update(plans_workload=False)
    page = signed_in("lead").get(reverse("mission:trips")).content.decode()
    assert "Déplacements</a>" in page
    assert "Équipe de la mission" not in page


def test_the_menu_of_a_member_is_not_that_of_the_desk(signed_in):
    assert [url for url, current in lines(signed_in("member"), reverse("portal:member-home")) if current] == [
        reverse("portal:member-home")
    ]


def test_a_line_goes_with_the_role_that_gave_it(people, signed_in):
    desk, roles = reverse("portal:desk-home"), reverse("institution:people")
    browser = signed_in("lead")
    assert roles in dict(lines(browser, desk))
    RoleAssignment.objects.filter(user=people["lead"]).update(role="officer")
    assert roles not in dict(lines(browser, desk))
    RoleAssignment.objects.filter(user=people["lead"]).update(ended_at=timezone.now())
    assert browser.get(desk).status_code == 403


def test_the_public_menu_marks_the_page_itself_and_no_other(client, signed_in):
    urls = ["/avis/", "/seances/", "/qui-siege/", "/comment-ca-marche/", "/recherche/"]
    for browser in (client, signed_in("lead"), client):
        for page, marked in (("/avis/", "/avis/"), ("/glossaire/", None), ("/seances/", "/seances/")):
            assert lines(browser, page)[:5] == [(url, url == marked) for url in urls]


@pytest.mark.parametrize(("role", "address"), [(None, "/"), ("member", "/espace/")])
def test_the_foot_leads_to_help_and_to_what_the_law_asks(role, address, client, signed_in):
    page = (signed_in(role) if role else client).get(address).content.decode()
    found = [url for url, _marked in LINE.findall(page[page.index("<footer") :])]
    assert found == [
        "/aide/",
        "/glossaire/",
        "/saisines/",
        "/publications/",
        "/suivre/",
        "/verifier/",
        "/donnees/",
        "/accessibilite/",
        "/donnees-personnelles/",
        "/mentions-legales/",
    ]


@pytest.mark.parametrize(
    ("role", "is_offered"), [("officer", True), ("lead", True), ("dpo", False), ("admin", False), ("archivist", False)]
)
def test_only_who_begins_acts_is_offered_to_create(role, is_offered, signed_in):
    assert ('data-assembly-palette="faire"' in signed_in(role).get("/bureau/").text) is is_offered
