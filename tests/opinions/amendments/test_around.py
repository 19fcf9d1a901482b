"""What surrounds amendments: « À faire », the daily mail, search, the person's own data, the minutes."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from assembly.institution.models import CommitteeFunction
from assembly.institution.todo import todo_for
from assembly.notifications.actions.sending import compose_message
from assembly.notifications.models import Delivery, Distribution
from assembly.text.french import of_name
from opinions.amendments import mails as amendments
from opinions.models import Amendment, AmendmentState, OpinionState
from opinions.opinions.contributions import minutes_sentences
from sessions.models import Minutes
from tests.assembly.search.indexing import found, index_everything
from tests.factories.amendments import AmendmentCosignerFactory, AmendmentFactory
from tests.factories.institution import CommitteeMembershipFactory
from tests.factories.opinions import (
    MinorityPositionFactory,
    OpinionFactory,
    OpinionSectionFactory,
    OpinionVersionFactory,
    OpinionVisaFactory,
)
from tests.factories.sessions import InviteeFactory, SittingFactory, decided_task
from tests.opinions.amendments.debated_opinion import amending, in_sitting

pytestmark = pytest.mark.django_db
A, S = AmendmentState, OpinionState
MORNING = datetime(2026, 11, 24, 8, 5, tzinfo=ZoneInfo("Europe/Paris"))


def titles(user, room, term):
    return [str(line.title).replace("\u00a0", " ") for line in todo_for(user, room, term).lines]


def test_what_waits_for_each(people):
    opinion = amending(people, rapporteur=people.make("member", people.term).person)
    member = people["member"]
    AmendmentFactory(opinion=opinion)
    AmendmentFactory(opinion=opinion, state=A.ADMISSIBLE)
    AmendmentFactory(opinion=opinion, state=A.DRAFT, author=member.person)
    AmendmentFactory(opinion=opinion, on_paper=True, author=member.person, number=912)
    asked = AmendmentCosignerFactory(amendment__opinion=opinion, person=member.person).amendment
    MinorityPositionFactory(opinion=opinion, author=member, submitted=True, recorded_by=people["officer"])
    assert set(titles(member, "member", people.term)) >= {
        "Déposer votre amendement",
        "Confirmer l’amendement n° 912, saisi pour vous",
        f"Signer un amendement {of_name(asked.author.full_name)} ?",
        "Confirmer la position minoritaire saisie pour vous",
    }
    assert "Vérifier 3 amendements" in titles(people["officer"], "desk", people.term)
    rapporteur = opinion.rapporteur.user
    assert "Donner votre avis sur 1 amendement" in titles(rapporteur, "member", people.term)


def test_the_first_screen_of_members_shows_the_texts_that_are_open(people, signed_in):
    opinion = amending(people)
    assert opinion.title in signed_in("member").get(reverse("portal:member-home")).text
    type(opinion).objects.filter(pk=opinion.pk).update(amendments_close_at=timezone.now())
    assert "Textes ouverts aux amendements" not in signed_in("member").get(reverse("portal:member-home")).text


def test_authors_and_signers_get_one_mail_a_day(people):
    opinion = amending(people)
    member, friend = people["member"].person, people.make("member", people.term).person
    one = AmendmentFactory(opinion=opinion, state=A.INADMISSIBLE, author=member)
    two = AmendmentFactory(opinion=opinion, state=A.ADMISSIBLE, author=member)
    AmendmentFactory(opinion=opinion, author=member)
    AmendmentCosignerFactory(amendment=two, signed=True, person=friend)
    AmendmentCosignerFactory(amendment=one, person=friend)
    assert amendments.send_all(MORNING.replace(hour=7)) == 0
    assert amendments.send_all(MORNING) == 2
    assert amendments.send_all(MORNING) == 0
    assert amendments.send_all(MORNING + timedelta(days=1)) == 0
    told = {row.person_id: row.context["amendments"] for row in Delivery.objects.all()}
    mail, _outcome = compose_message(Delivery.objects.get(person=member))
    assert mail.subject == "Vos amendements avancent"
    for body in (mail.body, mail.alternatives[0].content):
        assert "Il n’est pas recevable." in body
        assert "Il ne porte pas sur le sujet." in body
        assert f"/espace/amendements/{two.pk}/" in body
    assert told == {member.pk: [one.pk, two.pk], friend.pk: [two.pk]}
    Amendment.objects.filter(pk=two.pk).update(
        state=A.RAPPORTEUR_VIEW, view_stance="neutral", view_at=timezone.now(), view_by=people["officer"]
    )
    assert amendments.send_all(MORNING + timedelta(days=2)) == 2
    assert Distribution.objects.filter(kind="amendment-news").count() == 2


def test_an_amendment_is_found_by_who_may_read_it(people):
    opinion = amending(people)
    AmendmentFactory(opinion=opinion, reason="Les hirondelles nichent là.")
    AmendmentFactory(opinion=opinion, state=A.ADMISSIBLE, reason="Les hirondelles nichent ici.")
    AmendmentFactory(opinion=opinion, state=A.DRAFT, reason="Des hirondelles partout.", author=people["member"].person)
    index_everything()
    counts = {who: len(found(people[who], "hirondelles", "amendment")) for who in ("officer", "member", "dir_contact")}
    assert counts == {"officer": 2, "member": 1, "dir_contact": 0}


def test_the_minutes_say_what_became_of_each_without_a_name(people):
    opinion = in_sitting(people, voters=0)
    one = AmendmentFactory(opinion=opinion, state=A.ADOPTED, number=1)
    AmendmentFactory(opinion=opinion, state=A.FELL, number=2, fell_because=one)
    AmendmentFactory(opinion=opinion, state=A.WITHDRAWN, number=3)
    said = [words.replace("\u00a0", " ") for words in minutes_sentences([str(opinion.pk)])[str(opinion.pk)]]
    assert said[0].startswith("Amendement n° 1 (alinéa 2). Adopté : 70 voix pour")
    assert said[1] == "Amendement n° 2 (alinéa 2). Tombé, l’amendement n° 1 étant adopté."
    assert not any(one.author.last_name in words for words in said)
    assert len(said) == 2


def everything_waits(people, number):
    """Make one row in each list of a member: to write, sign, confirm, submit, view, and a visa."""
    member, term = people["member"], people.term
    section = OpinionSectionFactory(opinion__term=term, opinion__state=S.DRAFTING, title=f"Habiter {number}")
    lead = CommitteeFunction.GROUP_LEAD
    CommitteeMembershipFactory(committee=section.committee, person=member.person, function=lead)
    opinion = amending(people, rapporteur=member.person)
    AmendmentFactory(opinion=opinion, state=A.ADMISSIBLE)
    AmendmentFactory(opinion=opinion, state=A.DRAFT, author=member.person)
    AmendmentFactory(opinion=opinion, on_paper=True, author=member.person, number=90 + number)
    AmendmentCosignerFactory(amendment__opinion=opinion, person=member.person)
    MinorityPositionFactory(opinion=opinion, author=member, submitted=True, recorded_by=people["officer"])
    OpinionFactory(term=term, state=S.ADOPTED, rapporteur=member.person, title=f"Adopté {number}")
    sitting = SittingFactory(term=term, held=True)
    Minutes.objects.create(
        sitting=SittingFactory(term=term, held=True, chair=member.person),
        kind="formal",
        state="approved",
        writer=people["officer"],
        due_on=timezone.localdate(),
        circulated_at=timezone.now(),
        corrections_until=timezone.now(),
        approved_at=timezone.now(),
    )
    InviteeFactory(sitting__term=term, person=member.person)
    decided_task(sitting, owner=member.person, text="Écrire au maire")


@pytest.mark.parametrize("many", [1, 3])
def test_everything_that_waits_for_a_member_is_told_by_one_statement_an_app(many, people, django_assert_num_queries):
    for number in range(many):
        everything_waits(people, number)
    member, term = people["member"], people.term
    titles(member, "member", term)
    with django_assert_num_queries(5):  # what changed, the member and the charter, the dots, each app’s lists together
        found = titles(member, "member", term)
    for start in (
        "Écrire avec votre groupe : Habiter",
        "Donner votre avis sur 1 amendement",
        "Déposer votre amendement",
        "Confirmer l’amendement n° 9",
        "Signer un amendement d",
        "Confirmer la position minoritaire saisie pour vous",
        "Donner votre visa sur l’avis adopté : Adopté",
        "Serez-vous là le ",
        "Écrire au maire",
    ):
        assert sum(title.startswith(start) for title in found) == many, start
    assert found.count("Donner votre visa") == many


@pytest.mark.parametrize("many", [1, 3])
def test_the_first_screen_of_a_member_costs_the_same_whatever_waits(
    many, people, signed_in, django_assert_num_queries
):
    for number in range(many):
        everything_waits(people, number)
    browser, address = signed_in("member"), reverse("portal:member-home")
    browser.get(address)
    with django_assert_num_queries(13):
        page = browser.get(address).text
    assert page.count("Textes ouverts aux amendements") == 1


def test_a_visa_that_was_given_waits_no_more_until_the_text_changes(people):
    chair = people["member"]
    opinion = OpinionFactory(term=people.term, state=S.ADOPTED, rapporteur=chair.person, title="Adopté")
    line = "Donner votre visa sur l’avis adopté : Adopté"
    first = opinion.versions.get()
    OpinionVisaFactory(opinion=opinion, version=first, person=chair.person, capacity="rapporteur")
    assert line not in titles(chair, "member", people.term)
    OpinionVersionFactory(opinion=opinion, number=first.number + 1)
    assert line in titles(chair, "member", people.term)
