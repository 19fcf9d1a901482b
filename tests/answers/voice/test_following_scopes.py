"""Following a subject or the whole assembly: its new opinions and every answer, in one mail, until one stops."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from answers.models import Follower, Following, ProposalNews
from answers.voice import actions as voice
from answers.voice.contributions import followed_long_enough
from answers.voice.mails import CONFIRMATION
from answers.voice.rules import FOLLOWED_FOR, QUIET, confirmation_token, stop_token
from assembly.institution.queries import main_assembly
from consultations.models import Referral
from consultations.referrals.enums import ReferralState
from opinions.adoption.signals import opinion_published
from opinions.models import Opinion
from tests.answers.publication.test_public import cards, one_of, opinion_of, readable, thread
from tests.answers.voice.test_following import mailbox, mails, news, of_group, proposal, told, words
from tests.factories.consultations import ReferralFactory
from tests.factories.following import FollowingFactory
from tests.factories.institution import AssemblyFactory, TermFactory
from tests.factories.opinions import OpinionFactory

pytestmark = pytest.mark.django_db
mailbox = mailbox  # each message goes to the local mailbox
ASSEMBLY = reverse("answers:follow-assembly")


@pytest.fixture
def subject(people):
    return ReferralFactory(term=people.term, working=True, published=True)


def follow_page(referral):
    return reverse("answers:follow-subject", args=[referral.reference])


def follows(followed, **facts):
    """Make an address that follows a subject or an assembly."""
    column = "referral" if isinstance(followed, Referral) else "assembly"
    return FollowingFactory(recommendation=None, **{column: followed}, **facts).follower


def published(people, **facts):
    """Make a published opinion with one recommendation, announced a while ago; return the recommendation."""
    opinion = OpinionFactory(term=people.term, state="published", **facts)
    row = proposal(people, opinion)
    opinion_published.send(sender=Opinion, opinion=opinion, by=people["lead"])
    ProposalNews.objects.filter(sent_at=None).update(happened_at=timezone.now() - QUIET)
    return row


def recipients():
    return sorted(mail.recipients for mail in mails())


# What is sent


def test_a_new_opinion_reaches_whoever_follows_its_subject_or_the_assembly(people, subject):
    near, wide = follows(subject), follows(people.term.assembly)
    follows(ReferralFactory(term=people.term, working=True, published=True))
    follows(subject, pending=True)
    row = published(people, referral=subject)
    assert told() == 2
    sent = mails()
    assert sorted(mail.recipients for mail in sent) == sorted([near.address, wide.address])
    for mail in sent:
        text = readable(words(mail))
        assert "L’Assemblée publie son avis." in text
        assert f"/avis/{row.opinion.reference}/" in text
    assert told() == 0


def test_each_answer_reaches_them_and_a_burst_is_one_mail(people, subject):
    near, wide = follows(subject), follows(people.term.assembly)
    row = published(people, referral=subject)
    news(row)
    elsewhere = proposal(people)
    news(elsewhere)
    assert told() == 2
    by_address = {mail.recipients: readable(words(mail)) for mail in mails()}
    for address, text in by_address.items():
        assert "Le Conseil départemental a répondu." in text
        assert f"/propositions/{row.reference}/" in text
        assert (elsewhere.reference in text) == (address == wide.address)
    assert set(by_address) == {near.address, wide.address}


def test_who_follows_a_proposal_and_its_subject_is_written_to_once(people, subject):
    row = published(people, referral=subject)
    ProposalNews.objects.all().delete()
    one = FollowingFactory(recommendation=row)
    FollowingFactory(follower=one.follower, recommendation=None, referral=subject)
    news(row)
    assert told() == 1
    assert recipients() == [one.follower.address]


def test_a_merged_subject_is_followed_where_it_went(people, subject):
    former = ReferralFactory(term=people.term, published=True, state=ReferralState.MERGED, merged_into=subject)
    follower = follows(former)
    published(people, referral=subject)
    assert told() == 1
    assert recipients() == [follower.address]


def test_another_assembly_says_nothing_to_them(people):
    follows(people.term.assembly)
    other = TermFactory(assembly=AssemblyFactory(second=True))
    opinion = OpinionFactory(term=other, state="published")
    voice.record_publication(opinion)
    ProposalNews.objects.update(happened_at=timezone.now() - QUIET)
    assert voice.send_news(other.assembly, timezone.now()) == 0
    assert told() == 0


def test_nothing_is_sent_of_what_is_no_longer_public(people, subject):
    follows(subject)
    row = published(people, referral=subject)
    assert told() == 1
    Opinion.objects.filter(pk=row.opinion_id).update(published_at=None, state="handed_over")
    assert mails() == []


def test_a_proposal_that_a_member_refused_stays_refused(people):
    row, user = of_group(people), people["member"]
    voice.follow(people.term.assembly, by=user)
    voice.stop_for(user.person, row)
    news(row)
    told()
    assert mails() == []


def test_members_are_not_told_twice_that_their_own_opinion_is_published(people):
    row = of_group(people)
    voice.record_publication(row.opinion)
    ProposalNews.objects.update(happened_at=timezone.now() - QUIET)
    assert told() == 0


def test_a_row_is_about_one_thing_and_once(people, subject):
    follower = follows(subject)
    for facts in ({"referral": subject}, {"referral": subject, "assembly": people.term.assembly}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Following.objects.create(follower=follower, asked_at=timezone.now(), **facts)


# The pages


def test_from_the_page_of_a_subject_to_the_first_mail(people, subject, client):
    assert follow_page(subject) in client.get(reverse("consultations:public", args=[subject.reference])).text
    page = readable(client.get(follow_page(subject)).text)
    assert "Suivre ce sujet" in page
    assert "quand l’Assemblée publie un avis" in page
    sent = client.post(follow_page(subject), {"email": "jeanne@example.org"})
    assert sent.status_code == 302
    asked = client.get(sent.url)
    assert asked.status_code == 200
    assert follow_page(subject) in asked.text
    (mail,) = mails(CONFIRMATION)
    assert subject.reference in mail.subject
    confirm = reverse("answers:follow-confirm", args=[confirmation_token(Following.objects.get())])
    assert subject.title in readable(client.get(confirm).text)
    assert "Vous suivez ce sujet" in readable(client.post(confirm).text)
    published(people, referral=subject)
    assert told() == 1
    stop = reverse("answers:follow-stop", args=[stop_token(Follower.objects.get())])
    shown = client.get(stop).text
    assert re.findall(r'name="proposition" value="([^"]+)"', shown) == [subject.reference]
    client.post(stop, {"proposition": subject.reference})
    assert not Follower.objects.exists()
    assert mails() == []


def test_the_page_of_the_assembly_offers_its_subjects(people, subject, client):
    over = ReferralFactory(term=people.term, published=True, state=ReferralState.WITHDRAWN)
    private = ReferralFactory(term=people.term)
    assert f'href="{ASSEMBLY}"' in client.get("/").text
    page = client.get(ASSEMBLY).text
    assert "Suivre toute l’Assemblée" in readable(page)
    assert follow_page(subject) in page
    for other in (over, private):
        assert follow_page(other) not in page
        assert client.get(follow_page(other)).status_code == 404
        assert client.post(follow_page(other), {"email": "jeanne@example.org"}).status_code == 404
    assert client.get("/suivre/rien/").status_code == 404
    sent = client.post(ASSEMBLY, {"email": "jeanne@example.org"})
    assert client.get(sent.url).status_code == 200
    assert Following.objects.get().assembly == main_assembly()


def test_with_an_account_it_is_one_button_and_back(people, subject, signed_in):
    browser = signed_in("member")
    for page, name in ((ASSEMBLY, "toute l’Assemblée"), (follow_page(subject), "ce sujet")):
        browser.post(page)
        assert f"Vous suivez {name}" in readable(browser.get(page).text)
        listed = readable(browser.get(reverse("answers:followed")).text)
        assert (subject.title if page != ASSEMBLY else people.term.assembly.name) in listed
        browser.post(page, {"arret": "1"})
        assert f"Vous suivez {name}" not in readable(browser.get(page).text)
    browser.post(ASSEMBLY)
    browser.post(reverse("answers:followed"), {"proposition": "assemblee"})
    assert not Following.objects.confirmed().exists()


def test_an_opinion_leads_to_its_subject_or_to_the_assembly(people, subject, client):
    opinion = opinion_of(people, referral=subject)
    assert follow_page(subject) in client.get(cards(opinion)).text
    Referral.objects.update(published_at=None)
    cache.clear()
    other = opinion_of(people, count=1)
    assert f'href="{ASSEMBLY}"' in client.get(cards(other)).text
    assert client.get(thread(one_of(other))).status_code == 200


def test_a_subject_is_followed_after_its_opinion(people, client):
    over = ReferralFactory(term=people.term, published=True, state=ReferralState.CLOSED)
    assert client.get(follow_page(over)).status_code == 200


def test_three_years_later_the_address_is_gone(people, subject):
    follows(subject)
    (due,) = followed_long_enough(timezone.now() + FOLLOWED_FOR + timedelta(days=1))
    voice.end_following(due)
    assert not Follower.objects.exists()
