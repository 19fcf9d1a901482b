"""What a page offers opens: no link on the first pages of a role leads to a page that refuses that role."""

import re

import pytest
from django.urls import reverse

from assembly.audit.actions import record
from assembly.institution.models import Role
from assembly.institution.pages import CHOSEN
from tests.browsing import StrictClient
from tests.factories.consultations import ReferralFactory
from tests.factories.institution import RoleAssignmentFactory, TermFactory
from tests.factories.members import MandateFactory
from tests.factories.sessions import SittingFactory

pytestmark = pytest.mark.django_db
LINK = re.compile(r'<a [^>]*href="(/(?:bureau|espace|instructions)/[^"#]*|/recherche/[^"#]*)')
REFUSED = {403, 404, 405, 500}
ROLES = (
    "admin archivist dir_approver dir_contact dpo facilitator lead member officer president sponsor witness".split()
)
FIRST_PAGES = (
    "/bureau/",
    "/espace/",
    "/instructions/",
    "/espace/seances/",
    "/bureau/saisines/",
    "/bureau/seances/",
    "/bureau/tirages/",
)


def links_of(browser, page):
    response = browser.get(page, follow=True)
    return set(LINK.findall(response.content.decode())) if response.status_code == 200 else set()


@pytest.mark.parametrize("role", ROLES)
def test_no_first_page_offers_what_it_refuses(people, role):
    SittingFactory(term=people.term, notified=True)
    ReferralFactory(term=people.term)
    if role == "member":
        MandateFactory(term=people.term, member__person=people[role].person)
    browser = StrictClient().enter(people.ready(people[role]))
    offered = {(page, link.replace("&amp;", "&")) for page in FIRST_PAGES for link in links_of(browser, page)}
    refused = {(page, link) for page, link in offered if browser.get(link, follow=True).status_code in REFUSED}
    assert refused == set()


def test_a_page_of_another_term_offers_what_opens_in_it(people):
    """Lead of a term, facilitator of another one, with the first one chosen."""
    user, other = people["lead"], TermFactory(another=True, name="L’autre mandature")
    RoleAssignmentFactory(user=user, role=Role.FACILITATOR, assembly=other.assembly, term=other)
    browser = StrictClient().enter(people.ready(user))
    session = browser.session
    session[CHOSEN] = people.term.pk
    session.save()
    offered = {link.replace("&amp;", "&") for link in links_of(browser, f"/bureau/seances/?mandature={other.pk}")}
    assert f"/bureau/saisines/?mandature={other.pk}" in offered
    assert {link for link in offered if browser.get(link, follow=True).status_code in REFUSED} == set()
    assert "/bureau/absences/" in links_of(browser, "/bureau/seances/")


def test_all_of_the_history_is_offered_to_those_who_may_read_it(people):
    referral = ReferralFactory(term=people.term)
    for _time in range(11):
        record("referral.changed", referral, by=people["officer"], dossier=referral)
    page = reverse("consultations:history", args=[referral.pk])
    offers = {
        role: "Tout l’historique" in StrictClient().enter(people.ready(people[role])).get(page).text
        for role in ("officer", "facilitator")
    }
    assert offers == {"officer": True, "facilitator": False}
