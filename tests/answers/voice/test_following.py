"""Following by mail: who is asked, who is told, once, and who no longer is."""

import json
from collections import Counter
from datetime import date, timedelta
from email import message_from_bytes, policy

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from answers.cases.actions import deciding
from answers.models import AnswerCaseState, Follower, Following, ProposalEventKind, ProposalNews
from answers.voice import actions as voice
from answers.voice.contributions import followed_long_enough, unconfirmed
from answers.voice.mails import CONFIRMATION, NEWS
from answers.voice.queries import is_followed
from answers.voice.rules import CONFIRMED_WITHIN, LONGEST, QUIET
from assembly.audit.models import Entry, EntryDetail
from assembly.config import env
from assembly.identity import actions as identity
from assembly.identity.models import AttemptCounter
from assembly.notifications import preferences
from assembly.notifications.actions import sending
from assembly.notifications.actions.events import receive
from assembly.notifications.models import Delivery, DeliveryEvent, DeliveryState, Distribution, EventKind, LocalMessage
from bench.sink import Sink
from tests.answers.stage import answered_by
from tests.factories.answers import WORDS, AnswerCaseFactory, AnswerFactory, said
from tests.factories.following import FollowerFactory, FollowingFactory
from tests.factories.identity import PersonFactory, UserFactory
from tests.factories.institution import CommitteeFactory, CommitteeMembershipFactory
from tests.factories.opinions import OpinionFactory, OpinionSectionFactory, RecommendationFactory

pytestmark = pytest.mark.django_db
S, D, H = AnswerCaseState, DeliveryState, ProposalEventKind
HERE = "192.0.2.7"


@pytest.fixture(autouse=True)
def mailbox(settings):
    settings.MAILERS = {"default": settings.LOCAL_MAILER, "bulk": settings.LOCAL_MAILER}


def proposal(people, opinion=None, **facts):
    opinion = opinion or OpinionFactory(term=people.term, state="published")
    return RecommendationFactory(opinion=opinion, numbered=True, **facts)


def of_group(people, **membership):
    """Make a proposal of a group, and a person who sat in it."""
    committee = CommitteeFactory(term=people.term)
    opinion = OpinionFactory(term=people.term, state="published")
    section = OpinionSectionFactory(opinion=opinion, committee=committee)
    facts = {"starts_on": date(2020, 1, 1), "person": people["member"].person} | membership
    CommitteeMembershipFactory(committee=committee, **facts)
    return proposal(people, opinion, section=section)


def news(row, kind=H.ANSWERED, ago=QUIET):
    return ProposalNews.objects.create(recommendation=row, kind=kind, happened_at=timezone.now() - ago)


def told():
    return voice.send_proposal_news(timezone.now())


def mails(kind=NEWS):
    """Return the sent mails of this kind."""
    sending.run(0)
    sent = Delivery.objects.filter(distribution__kind=kind, state=D.SENT).values("message_id")
    return list(LocalMessage.objects.filter(message_id__in=sent).order_by("pk"))


def words(mail):
    """Return the text of a mail."""
    return message_from_bytes(bytes(mail.raw), policy=policy.default).get_body(("plain",)).get_content()


def states(kind=NEWS):
    return Counter(Delivery.objects.filter(distribution__kind=kind).values_list("state", flat=True))


# Asking, confirming


def test_an_address_gets_one_message_with_a_link_and_nothing_else(people):
    row = proposal(people)
    voice.ask(row, " Jeanne@Example.org ", ip=HERE)
    assert Follower.objects.get().address == "jeanne@example.org"
    news(row)
    told()
    assert len(mails(CONFIRMATION)) == 1
    assert states() == Counter()


def test_whoever_confirmed_is_told_and_the_outbox_knows_no_address(people):
    row = proposal(people)
    voice.ask(row, "jeanne@example.org", ip=HERE)
    assert voice.confirm_following(Following.objects.get())
    news(row)
    assert told() == 1
    (mail,) = mails()
    assert "jeanne@example.org" in str(mail.recipients)
    assert row.reference in mail.subject
    words = json.dumps(list(Delivery.objects.values()) + list(Distribution.objects.values()), default=str)
    words += json.dumps(list(Entry.objects.values()) + list(EntryDetail.objects.values()), default=str)
    words += json.dumps(list(AttemptCounter.objects.values()), default=str)
    assert "jeanne" not in words


def test_the_address_that_follows_already_gets_a_message_too(people):
    one = FollowingFactory(recommendation=proposal(people))
    voice.ask(one.recommendation, one.follower.address, ip=HERE)
    (mail,) = mails(CONFIRMATION)
    assert "déjà" in mail.subject
    one.refresh_from_db()
    assert one.confirmed_at is not None


def test_the_address_of_an_account_is_its_person(people):
    row, user = proposal(people), people["member"]
    voice.ask(row, user.email.upper(), ip=HERE)
    assert Follower.objects.get().person == user.person


def test_a_domain_with_accents_is_written_as_servers_do(people):
    voice.ask(proposal(people), "jeanne@Exämple.fr", ip=HERE)
    assert Follower.objects.get().address == "jeanne@xn--exmple-cua.fr"
    assert len(mails(CONFIRMATION)) == 1
    with pytest.raises(ValidationError):
        voice.ask(proposal(people), f"jeanne@{'ä' * 70}.fr", ip=HERE)


def test_asking_twice_in_a_minute_sends_one_message(people):
    row = proposal(people)
    for _ in range(2):
        voice.ask(row, "jeanne@example.org", ip=HERE)
    assert states(CONFIRMATION) == Counter({D.QUEUED: 1})


def test_a_demand_of_before_is_over_and_its_message_is_dropped(people):
    row = proposal(people)
    voice.ask(row, "jeanne@example.org", ip=HERE)
    found = Following.objects.get()
    Following.objects.update(asked_at=timezone.now() - CONFIRMED_WITHIN - timedelta(minutes=1))
    assert not voice.confirm_following(found)
    assert mails(CONFIRMATION) == []
    assert states(CONFIRMATION) == Counter({D.CANCELLED: 1})
    assert identity.erase_due()["answers.unconfirmed"] == 1
    assert not Follower.objects.exists()


def test_what_was_confirmed_meanwhile_is_not_let_go(people):
    one = FollowingFactory(pending=True, asked_at=timezone.now() - CONFIRMED_WITHIN - timedelta(days=1))
    (due,) = unconfirmed(timezone.now())
    Following.objects.update(confirmed_at=timezone.now())
    voice.end_following(due)
    assert Following.objects.filter(pk=one.pk).exists()


def test_an_address_is_kept_three_years_at_most(people):
    one = FollowingFactory()
    later = timezone.now() + timedelta(days=3 * 365 + 1)
    for row in followed_long_enough(later):
        voice.end_following(row)
    assert not Follower.objects.filter(pk=one.follower_id).exists()


# Limits


def refused(act):
    with pytest.raises(ValidationError) as found:
        act()
    return found.value.code


def test_ten_thousand_addresses_from_one_place_mail_sixty_strangers_at_most(people):
    row = proposal(people)
    with transaction.atomic():
        codes = Counter()
        for number in range(200):
            try:
                with transaction.atomic():
                    voice.ask(row, f"inconnu{number}@example.org", ip="2001:db8::1")
            except ValidationError as found:
                codes[found.code] += 1
    assert codes == Counter({"too_many_attempts": 180})
    assert (Follower.objects.count(), states(CONFIRMATION)) == (20, Counter({D.QUEUED: 20}))
    assert refused(lambda: voice.ask(row, "autre@example.org", ip="2001:db8::9:9")) == "too_many_attempts"


def test_ten_thousand_places_mail_one_address_nine_times_an_hour_and_one_place_three_times(people):
    row = proposal(people)
    for _again in range(3):
        voice.ask(row, "jeanne@example.org", ip="192.0.2.0")
    assert refused(lambda: voice.ask(row, "jeanne@example.org", ip="192.0.2.0")) == "too_many_attempts"
    for number in range(1, 7):
        voice.ask(row, "jeanne@example.org", ip=f"192.0.2.{number}")
    assert refused(lambda: voice.ask(row, "jeanne@example.org", ip="198.51.100.1")) == "too_many_attempts"


def test_the_refusal_does_not_tell_whether_the_address_follows(people):
    one = FollowingFactory(recommendation=proposal(people))
    said = set()
    for address in (one.follower.address, "personne@example.org"):
        for _ in range(3):
            voice.ask(one.recommendation, address, ip=HERE)
        with pytest.raises(ValidationError) as found:
            voice.ask(one.recommendation, address, ip=HERE)
        said.add(found.value.message)
    assert len(said) == 1


# Telling


def test_a_publication_is_told_to_those_who_follow(people):
    case = answered_by(people, S.DECIDED)
    FollowingFactory(recommendation=case.recommendation)
    deciding.publish(case, by=people["lead"])
    assert ProposalNews.objects.get().kind == H.ANSWERED
    assert told() == 0  # not quiet yet
    assert voice.send_proposal_news(timezone.now() + QUIET) == 1
    (mail,) = mails()
    assert "Le Conseil départemental a répondu." in words(mail)
    assert WORDS in words(mail)
    assert bytes(mail.raw).count(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click") == 1


def test_a_burst_is_one_mail_a_person(people):
    rows = [proposal(people) for _ in range(3)]
    anna, bea = FollowerFactory.create_batch(2)
    for row in rows:
        FollowingFactory(follower=anna, recommendation=row)
    FollowingFactory(follower=bea, recommendation=rows[0])
    for row in rows:
        news(row)
        news(row, H.MILESTONE)
    assert told() == 2
    assert told() == 0
    found = {mail.recipients: words(mail) for mail in mails()}
    assert set(found) == {anna.address, bea.address}
    assert [text.count("\n".join(["annoncée ou franchie."])) for text in found.values()] in ([3, 1], [1, 3])


def test_a_day_without_pause_is_told_in_parts(people):
    one = FollowingFactory(recommendation=proposal(people))
    news(one.recommendation, ago=LONGEST)
    news(one.recommendation, H.PROGRESS, ago=timedelta(0))
    assert told() == 1
    assert not ProposalNews.objects.filter(sent_at=None).exists()


def test_what_nobody_follows_is_told_to_nobody(people):
    news(proposal(people))
    assert told() == 0
    assert not Distribution.objects.exists()


def test_nothing_is_told_of_what_is_not_public(people):
    opinion = OpinionFactory(term=people.term, state="handed_over")
    one = FollowingFactory(recommendation=proposal(people, opinion))
    news(one.recommendation)
    told()
    assert mails() == []
    assert states() == Counter({D.CANCELLED: 1})


def test_none_after_the_withdrawal(people):
    one = FollowingFactory(recommendation=proposal(people))
    news(one.recommendation)
    told()
    voice.stop_following(one.follower)
    assert mails() == []
    assert states() == Counter({D.CANCELLED: 1})
    assert not Follower.objects.exists()


def test_one_of_two_stopped_is_not_told(people):
    anna = FollowerFactory()
    rows = [FollowingFactory(follower=anna, recommendation=proposal(people)).recommendation for _ in range(2)]
    for row in rows:
        news(row)
    told()
    voice.stop_following(anna, rows[0])
    (mail,) = mails()
    assert rows[1].reference in mail.subject


def whole(people, state=S.PUBLISHED, **facts):
    """Make an opinion without recommendations, answered as a whole."""
    case = AnswerCaseFactory(whole=True, whole_of__term=people.term, state=state, **facts)
    AnswerFactory(case=case, published=state == S.PUBLISHED, **said())
    return case


def test_an_opinion_answered_as_a_whole_is_followed_in_the_same_way(people):
    case, row = whole(people), proposal(people)
    opinion = case.whole_of
    voice.ask(opinion, "jeanne@example.org", ip=HERE)
    voice.ask(row, "jeanne@example.org", ip=HERE)
    for demand in Following.objects.all():
        assert voice.confirm_following(demand)
    assert mails(CONFIRMATION)
    voice.record_news([case], H.ANSWERED)
    ProposalNews.objects.update(happened_at=timezone.now() - QUIET)
    news(row)
    assert told() == 1
    (mail,) = mails()
    said_there = words(mail)
    for reference in (opinion.reference, row.reference):
        assert f"/propositions/{reference}/" in said_there
    assert WORDS in said_there.replace("\n", " ").replace("\u00a0", " ")
    follower = Follower.objects.get()
    voice.stop_following(follower, opinion)
    assert [one.followed_thing for one in Following.objects.all()] == [row]
    voice.record_news([case], H.REVISED)
    ProposalNews.objects.update(happened_at=timezone.now() - QUIET)
    assert told() == 0
    assert (voice.limits(opinion, "a", HERE) == voice.limits(row, "a", HERE)) is False


def test_those_who_wrote_a_part_follow_an_opinion_answered_as_a_whole(people):
    case, committee = whole(people), CommitteeFactory(term=people.term)
    OpinionSectionFactory(opinion=case.whole_of, committee=committee)
    other = UserFactory()
    for person in (people["member"].person, other.person):
        CommitteeMembershipFactory(committee=committee, starts_on=date(2020, 1, 1), person=person)
    for _section in range(2):  # who wrote two parts is written to once
        second = CommitteeFactory(term=people.term)
        OpinionSectionFactory(opinion=case.whole_of, committee=second)
        CommitteeMembershipFactory(committee=second, starts_on=date(2020, 1, 1), person=people["member"].person)
    voice.stop_for(other.person, case.whole_of)
    ProposalNews.objects.create(whole_of=case.whole_of, kind=H.ANSWERED, happened_at=timezone.now() - QUIET)
    assert told() == 1
    (mail,) = mails()
    assert mail.recipients == people["member"].person.email
    assert is_followed(people["member"].person, case.whole_of)
    assert not is_followed(other.person, case.whole_of)


def test_a_row_is_about_one_thing(people):
    follower, case, row = FollowerFactory(), whole(people), proposal(people)
    for facts in ({}, {"recommendation": row, "whole_of": case.whole_of}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Following.objects.create(follower=follower, asked_at=timezone.now(), **facts)
        with pytest.raises(IntegrityError), transaction.atomic():
            ProposalNews.objects.create(kind=H.ANSWERED, happened_at=timezone.now(), **facts)


def test_a_merged_proposal_is_followed_where_it_went(people):
    into = proposal(people)
    former = proposal(people, into.opinion, state="merged", merged_into=into)
    FollowingFactory(recommendation=former)
    news(into)
    assert told() == 1
    (mail,) = mails()
    assert into.reference in mail.subject


# Members


def test_members_of_the_group_follow_from_the_start(people):
    row = of_group(people)
    news(row)
    assert told() == 1
    (mail,) = mails()
    assert people["member"].person.email in str(mail.recipients)


def test_whoever_left_the_group_before_did_not_write_it(people):
    news(of_group(people, ends_on=date(2020, 2, 1)))
    assert told() == 0


def test_a_member_who_stopped_is_no_longer_told(people):
    row, person = of_group(people), people["member"].person
    voice.stop_for(person, row)
    news(row)
    assert told() == 0
    voice.follow(row, by=people["member"])
    news(row)
    assert told() == 1


def test_a_member_who_stopped_all_is_told_only_what_they_chose_since(people):
    first, second = of_group(people), of_group(people)
    voice.stop_for(people["member"].person)
    voice.follow(second, by=people["member"])
    news(first)
    news(second)
    assert told() == 1
    (mail,) = mails()
    assert second.reference in mail.subject


def test_a_stranger_who_writes_the_address_of_a_member_brings_nothing_back(people):
    row, user = of_group(people), people["member"]
    voice.stop_for(user.person, row)
    voice.ask(row, user.email, ip=HERE)
    news(row)
    assert told() == 0
    assert voice.confirm_following(Following.objects.get())
    news(row)
    assert told() == 1


def test_no_optional_mail_means_none_of_these(people):
    row, user = of_group(people), people["member"]
    news(row)
    told()
    preferences.choose(user.person, optional_mail=False, by=user)
    assert mails() == []
    news(row)
    assert told() == 0


def test_a_person_without_an_account_is_not_written_to(people):
    news(of_group(people, person=PersonFactory()))
    assert told() == 0


# Privacy


def test_a_person_reads_and_takes_away_what_they_follow(people):
    row, user = proposal(people), people["member"]
    voice.follow(row, by=user)
    FollowingFactory(follower=FollowerFactory(address=user.person.email.lower()), recommendation=row)
    assert identity.export(user.person)["answers.Following"][0]["recommendation"] == row.reference
    identity.erase(user.person, by=people["dpo"])
    assert not Follower.objects.exists()


def test_an_address_that_does_not_work_is_let_go_and_not_kept_in_the_explanation(people, settings, tmp_path):
    one = FollowingFactory(recommendation=proposal(people))
    news(one.recommendation)
    told()
    server = Sink(tmp_path / "mail.log", behave=lambda envelope: "refuse")
    server.start()
    settings.MAILERS = dict.fromkeys(("default", "bulk"), env.mailer(f"smtp://127.0.0.1:{server.port}/?timeout=2"))
    sending.run(0)
    server.stop()
    row = Delivery.objects.get(distribution__kind=NEWS)
    assert row.state == D.BOUNCED
    assert "@" not in row.error
    assert not Follower.objects.exists()


def test_a_complaint_of_the_provider_ends_it(people):
    one = FollowingFactory(recommendation=proposal(people))
    news(one.recommendation)
    told()
    sending.run(0)
    row = Delivery.objects.get(distribution__kind=NEWS)
    told_by = f"Complaint of {one.follower.address}"
    receive(EventKind.COMPLAINED, message_id=row.message_id, happened_at=timezone.now(), detail=told_by)
    assert not Follower.objects.exists()
    assert "@" not in DeliveryEvent.objects.get().detail
    row.refresh_from_db()
    assert "@" not in row.error


def test_accounts_that_left_are_not_written_to(people):
    row, user = proposal(people), UserFactory()
    voice.follow(row, by=user)
    news(row)
    told()
    type(user).objects.filter(pk=user.pk).update(is_active=False, suspended_at=timezone.now())
    assert mails() == []
