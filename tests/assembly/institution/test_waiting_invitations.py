"""« Équipe et rôles » lists the invitations of the team; those of members are counted, and one step away."""

import pytest
from django.urls import reverse

from assembly.institution.models import Role
from tests.factories.identity import PersonFactory
from tests.factories.institution import InvitationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited(people):
    for number in range(3):
        InvitationFactory(person=PersonFactory(last_name=f"Membre{number}"), role=Role.MEMBER, term=people.term)
    InvitationFactory(person=PersonFactory(last_name="Collègue"), role=Role.OFFICER, term=people.term)


def test_the_team_is_not_lost_among_invitations_of_members(invited, signed_in):
    page = signed_in("lead").get(reverse("institution:people")).content.decode()
    assert "Collègue" in page
    assert "Membre0" not in page
    assert "3 invitations de membres attendent" in page.replace("\u00a0", " ")
    assert 'href="?role=member"' in page


def test_the_filter_of_a_role_filters_the_invitations_too(invited, signed_in):
    browser = signed_in("lead")
    members = browser.get(reverse("institution:people"), {"role": "member"}).content.decode()
    assert all(f"Membre{number}" in members for number in range(3))
    assert "Collègue" not in members
    leads = browser.get(reverse("institution:people"), {"role": "lead"}).content.decode()
    assert "Invitations en attente" not in leads
    assert "de membres attend" not in leads


def test_nothing_is_said_of_members_when_none_waits(signed_in, people):
    InvitationFactory(person=PersonFactory(), role=Role.OFFICER, term=people.term)
    assert "de membres attend" not in signed_in("lead").get(reverse("institution:people")).content.decode()
