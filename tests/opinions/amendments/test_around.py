"""What surrounds amendments: « À faire », the daily mail, search, the person's own data, the minutes."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from assembly.institution.todo import todo_for
from assembly.notifications.actions.sending import compose
from assembly.notifications.models import Delivery, Distribution
from opinions import portal
from opinions.actions import amendment_news
from opinions.agenda_subjects import tell
from opinions.amending.enums import AmendmentState
from opinions.models import Amendment
from tests.assembly.search.indexing import found, index_everything
from tests.factories.amendments import AmendmentCosignerFactory, AmendmentFactory
from tests.factories.opinions import MinorityPositionFactory
from tests.opinions.amendments.places import amending, in_sitting

pytestmark = pytest.mark.django_db
A = AmendmentState
MORNING = datetime(2026, 11, 24, 8, 5, tzinfo=ZoneInfo("Europe/Paris"))


def titles(user, room, term):
    return [str(line.title).replace("\u00a0", " ") for line in todo_for(user, room, term)]


def test_what_waits_for_each(people):
    opinion = amending(people, rapporteur=people.make("member", people.term).person)
    member = people["member"]
    AmendmentFactory(opinion=opinion)
    AmendmentFactory(opinion=opinion, state=A.ADMISSIBLE)
    AmendmentFactory(opinion=opinion, state=A.DRAFT, author=member.person)
    AmendmentFactory(opinion=opinion, on_paper=True, author=member.person, number=9)
    asked = AmendmentCosignerFactory(amendment__opinion=opinion, person=member.person).amendment
    MinorityPositionFactory(opinion=opinion, author=member, submitted=True, recorded_by=people["officer"])
    assert set(titles(member, "member", people.term)) >= {
        "Déposer votre amendement",
        "Confirmer l’amendement n° 9, saisi pour vous",
        f"Signer un amendement de {asked.author.full_name} ?",
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
    assert amendment_news.send_all(MORNING.replace(hour=7)) == 0
    assert amendment_news.send_all(MORNING) == 2
    assert amendment_news.send_all(MORNING) == 0
    assert amendment_news.send_all(MORNING + timedelta(days=1)) == 0
    told = {row.person_id: row.context["amendments"] for row in Delivery.objects.all()}
    mail, _outcome = compose(Delivery.objects.get(person=member))
    assert mail.subject == "Vos amendements avancent"
    for body in (mail.body, mail.alternatives[0].content):
        assert "Il n’est pas recevable." in body
        assert "Il ne porte pas sur le sujet." in body
        assert f"/espace/amendements/{two.pk}/" in body
    assert told == {member.pk: [one.pk, two.pk], friend.pk: [two.pk]}
    Amendment.objects.filter(pk=two.pk).update(
        state=A.RAPPORTEUR_VIEW, view_stance="neutral", view_at=timezone.now(), view_by=people["officer"]
    )
    assert amendment_news.send_all(MORNING + timedelta(days=2)) == 2
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
    said = [words.replace("\u00a0", " ") for words in tell([str(opinion.pk)])[str(opinion.pk)]]
    assert said[0].startswith("Amendement n° 1 (alinéa 2) : Adopté : 70 voix pour")
    assert said[1] == "Amendement n° 2 (alinéa 2) : tombé, l’amendement n° 1 étant adopté."
    assert not any(one.author.last_name in words for words in said)
    assert len(said) == 2


def test_a_member_for_whom_nothing_waits_costs_one_statement(people, django_assert_num_queries):
    member, term = people["member"], people.term
    assert list(portal.member_lines(member, term)) == []
    with django_assert_num_queries(1):
        list(portal.member_lines(member, term))
