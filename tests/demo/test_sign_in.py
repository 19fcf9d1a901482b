"""A demonstration opens every role with one click."""

import pytest
from django.urls import reverse

from tests.factories.identity import PersonFactory, UserFactory
from tests.factories.institution import RoleAssignmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    person = PersonFactory(first_name="Nadia", last_name="Fauré", email="officer@demo.example.org")
    user = UserFactory(person=person)
    RoleAssignmentFactory(user=user)
    return user


def test_one_click_opens_a_role_without_any_proof(client, settings, officer):
    settings.DEMO = True
    assert "Nadia Fauré" in client.get(reverse("account_login")).content.decode()
    response = client.post(reverse("demo:sign-in"), {"email": officer.email})
    assert response.headers["Location"] == reverse("portal:area")
    assert client.get(reverse("identity:second-factor")).headers["Location"] == reverse("portal:area")


def test_only_people_of_the_demonstration_are_offered(client, settings, officer):
    settings.DEMO = True
    real = UserFactory()
    assert client.post(reverse("demo:sign-in"), {"email": real.email}).status_code == 404
    assert real.email not in client.get(reverse("account_login")).content.decode()


def test_without_demonstration_nothing_of_it_is_left(client, officer):
    assert client.post(reverse("demo:sign-in"), {"email": officer.email}).status_code == 404
    assert "Nadia" not in client.get(reverse("account_login")).content.decode()
