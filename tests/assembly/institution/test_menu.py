"""A menu is written once a process: it still follows the roles of the reader, the room and the page."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from assembly.institution.models import RoleAssignment

pytestmark = pytest.mark.django_db
LINE = re.compile(r'<li>\s*<a href="([^"]+)"( aria-current="page")?>')


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
        assert [url for url, current in of_lead if current] == [desk]
        assert [url for url, current in lines(readers["lead"], sittings) if current] == [sittings]


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
    urls = ["/saisines/", "/avis/", "/seances/", "/publications/", "/recherche/", "/verifier/"]
    for browser in (client, signed_in("lead"), client):
        for page, marked in (("/avis/", "/avis/"), ("/glossaire/", None), ("/seances/", "/seances/")):
            assert lines(browser, page)[:6] == [(url, url == marked) for url in urls]


@pytest.mark.parametrize(("role", "address"), [(None, "/"), ("member", "/espace/")])
def test_the_foot_leads_to_help_and_to_what_the_law_asks(role, address, client, signed_in):
    page = (signed_in(role) if role else client).get(address).content.decode()
    found = [url for url, _marked in LINE.findall(page[page.index("<footer") :])]
    assert found == ["/aide/", "/glossaire/", "/accessibilite/", "/donnees-personnelles/", "/mentions-legales/"]
