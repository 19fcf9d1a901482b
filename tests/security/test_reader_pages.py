"""The address that a reader is given opens: after a reminder, in the search, on an agenda, in a mail."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from assembly.notifications.composing import email_message
from assembly.notifications.models import Delivery
from assembly.search.registry import source_of
from opinions.models import AmendmentState, OpinionState
from opinions.opinions import actions as opinions
from sessions.agenda import topics
from tests.assembly.search.indexing import hits, index_everything
from tests.factories.amendments import AmendmentFactory
from tests.factories.consultations import DirectorateReviewFactory, ReferralDirectorateFactory, ReferralFactory
from tests.factories.institution import CommitteeFactory, CommitteeMembershipFactory
from tests.factories.opinions import OpinionFactory, OpinionSectionFactory

pytestmark = pytest.mark.django_db
S = OpinionState


def waiting_referral(people):
    return ReferralFactory(term=people.term, issued=True)


def waiting_opinion(people):
    return OpinionFactory(term=people.term, state=S.ADOPTED)


@pytest.mark.parametrize(
    ("label", "waiting", "page"),
    [
        ("consultations.referral", waiting_referral, "consultations:referral"),
        ("opinions.opinion", waiting_opinion, "opinions:opinion"),
    ],
)
def test_a_facilitator_who_reminds_the_team_comes_back_to_the_dossier(label, waiting, page, people, signed_in):
    assert people["officer"]
    row = waiting(people)
    back = reverse(page, args=[row.pk])
    address = reverse("notifications:reminder", args=[label, row.pk])
    browser = signed_in("facilitator")
    assert f'href="{back}"' in browser.get(address).text
    answer = browser.post(address)
    assert (answer.status_code, answer.url) == (302, back)
    assert browser.get(answer.url).status_code == 200
    assert Delivery.objects.filter(distribution__kind="reminder").count() == 1


def found(user):
    [hit] = [hit for hit in hits(user, "clair") if hit.entry.kind == "amendment"]
    return hit.url


@pytest.mark.parametrize("who", ["sponsor", "president"])
def test_an_amendment_has_no_page_for_an_office_before_it_is_public(who, people, signed_in):
    opinion = OpinionFactory(term=people.term, state=S.AMENDING)
    amendment = AmendmentFactory(opinion=opinion, state=AmendmentState.ADMISSIBLE)
    index_everything()
    assert found(people[who]) == ""
    assert found(people["facilitator"]) == reverse("opinions:amendment", args=[amendment.pk])
    assert found(people["member"]) == reverse("opinions:my-amendment", args=[amendment.pk])
    assert signed_in(who).get("/recherche/", {"q": "clair"}).status_code == 200


def test_an_amendment_of_a_published_opinion_leads_everybody_to_the_public_page(people, client):
    opinion = OpinionFactory(term=people.term, state=S.FROZEN)
    amendment = AmendmentFactory(opinion=opinion, state=AmendmentState.ADOPTED)
    source = source_of("amendment")
    assert list(source.touched_by("opinions.Opinion", {str(opinion.pk)})) == []
    type(opinion).objects.filter(pk=opinion.pk).update(
        state=S.PUBLISHED,
        ballot=amendment.ballot,
        adopted_on=timezone.localdate(),
        handed_over_on=timezone.localdate(),
        handed_over_place="Toulouse",
        handed_over_to="le président",
        published_at=timezone.now(),
    )
    assert list(source.touched_by("opinions.Opinion", {str(opinion.pk)})) == [amendment.pk]
    index_everything()
    address = reverse("opinions:public-amendments", args=[opinion.reference])
    assert found(people["sponsor"]) == found(AnonymousUser()) == address
    assert client.get(address).status_code == 200


def test_a_directorate_named_in_a_referral_reads_its_request_once_it_has_one(people, signed_in):
    agent, referral = people["dir_contact"], ReferralFactory(term=people.term, title="Bien vieillir", issued=True)
    ReferralDirectorateFactory(referral=referral, directorate=people.directorate)
    pair = ("consultations.Referral", str(referral.pk))

    def address():
        index_everything("referral")
        [hit] = [hit for hit in hits(agent, "vieillir") if hit.entry.kind == "referral"]
        assert hit.url == topics.describe_topics([pair], agent)[pair].url
        return hit.url

    assert address() == ""
    type(referral).objects.filter(pk=referral.pk).update(published_at=referral.issued_at)
    assert address() == reverse("consultations:public", args=[referral.reference])
    review = DirectorateReviewFactory(referral=referral, directorate=people.directorate)
    assert address() == reverse("consultations:instruction", args=[review.pk])
    assert signed_in("dir_contact").get(address()).status_code == 200


def test_a_directorate_without_a_page_comes_back_to_its_own_area(people, signed_in):
    assert people["officer"]
    referral = waiting_referral(people)
    ReferralDirectorateFactory(referral=referral, directorate=people.directorate)
    answer = signed_in("dir_contact").post(
        reverse("notifications:reminder", args=["consultations.referral", referral.pk])
    )
    assert (answer.status_code, answer.url) == (302, reverse("portal:area"))


def test_a_facilitator_with_a_seat_gets_the_page_of_the_back_office(people):
    """Whoever sits in a group that writes gets its mail, with the page of their own role."""
    committee = CommitteeFactory(term=people.term)
    for who in ("facilitator", "member"):
        CommitteeMembershipFactory(committee=committee, person=people[who].person)
    newcomer = CommitteeMembershipFactory(committee=committee)
    opinion = OpinionFactory(term=people.term)
    OpinionSectionFactory(opinion=opinion, committee=committee, bare=True)
    opinions.open_texts(opinion, by=people["officer"])
    rows = Delivery.objects.filter(distribution__kind="opinion-open").select_related(
        "distribution__assembly", "person"
    )
    bodies = {row.person_id: str(email_message(row).body) for row in rows if row.way == "email"}
    desk, mine = (reverse(name, args=[opinion.pk]) for name in ("opinions:opinion", "opinions:my-opinion"))
    assert desk in bodies[people["facilitator"].person_id]
    assert mine in bodies[people["member"].person_id]
    assert mine in bodies.get(newcomer.person_id, mine)
