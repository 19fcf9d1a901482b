"""Other sites may show two cards in a frame, and no other page of this site."""

import pytest
from django.urls import reverse

from tests.answers.publication.test_public import answered, one_of, opinion_of, thread

pytestmark = pytest.mark.django_db


def policy_of(response):
    parts = (part.split() for part in response.headers["Content-Security-Policy"].split(";"))
    return {words[0]: words[1:] for words in parts if words}


@pytest.fixture
def proposal(people):
    row = one_of(opinion_of(people))
    answered(people, row)
    return row


def test_a_card_may_be_framed_and_does_nothing(proposal, people, client):
    card, assembly = reverse("answers:thread-card", args=[proposal.reference]), reverse("portal:assembly-card")
    for address in (card, assembly, card, assembly):  # the second time from the cache
        response = client.get(address)
        assert response.status_code == 200, address
        assert "X-Frame-Options" not in response.headers
        policy = policy_of(response)
        assert (policy["frame-ancestors"], policy["script-src"], policy["form-action"]) == (
            ["*"],
            ["'none'"],
            ["'none'"],
        )
        for word in ("<script", "<form", "<input", "csrf"):
            assert word not in response.text, word
        assert not response.cookies
        assert 'target="_blank"' in response.text


def test_the_card_has_the_answer_of_the_page_and_its_address(proposal, client):
    shown = client.get(reverse("answers:thread-card", args=[proposal.reference])).text
    assert proposal.title in shown
    assert "Acceptée" in shown
    assert thread(proposal) in shown
    assert reverse("answers:thread-card", args=[proposal.reference]) in client.get(thread(proposal)).text


@pytest.mark.parametrize("address", ["/", "/compte/connexion/", "/avis/"])
def test_no_other_page_may_be_framed(address, people, client):
    response = client.get(address)
    assert response.headers["X-Frame-Options"] == "DENY"
    assert policy_of(response)["frame-ancestors"] == ["'none'"]


def test_the_card_of_what_is_not_public_is_not_found(client, people):
    assert client.get(reverse("answers:thread-card", args=["AC2-2026-99-P01"])).status_code == 404
