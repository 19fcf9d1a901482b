"""An invitation leaves by mail or by letter; its secrets do not stay in the outbox."""

import re

import pytest

from assembly.identity.models import User
from assembly.institution.actions import invitations
from assembly.institution.models import Role
from assembly.notifications.actions import distributions, sending
from assembly.notifications.composing import letter_html
from assembly.notifications.models import Delivery, DeliveryState as S, Distribution, LetterBatch, LocalMessage
from tests.factories.identity import PersonFactory

pytestmark = pytest.mark.django_db


def test_mail_of_an_invitation_opens_the_account(people, client, mailbox):
    person = PersonFactory()
    invitations.invite(person, Role.MEMBER, by=people["lead"], term=people.term)
    sending.run(0)
    message = LocalMessage.objects.get()
    assert message.subject == "Votre accès à l’Assemblée citoyenne de la Haute-Garonne"
    text = client.get(f"/boite-mail/{message.pk}/").content.decode()
    link = re.search(r"/invitation/[^\"<]+", text)[0]
    assert client.get(link).status_code == 200
    assert Delivery.objects.get().context == {}


def test_104_members_are_invited_in_one_distribution(people):
    persons = [PersonFactory(), PersonFactory(), PersonFactory(paper=True)]
    invitations.invite_many(persons, Role.MEMBER, by=people["lead"], term=people.term)
    distribution = Distribution.objects.get()
    assert (distribution.kind, distribution.deliveries.count()) == ("invitation", 3)


def test_letter_of_an_invitation_holds_a_code_that_works(people, client):
    person = PersonFactory(paper=True)
    invitations.invite(person, Role.MEMBER, by=people["lead"], term=people.term)
    letter = Delivery.objects.get()
    code = letter.context["code"]
    assert code in letter_html(letter)
    distributions.print_letters(letter.distribution, by=people["lead"])
    distributions.mark_printed(LetterBatch.objects.get())
    letter.refresh_from_db()
    assert (letter.state, letter.context) == (S.PRINTED, {})
    answer = client.post("/invitation/", {"code": code}, follow=True)
    assert answer.status_code == 200
    assert not User.objects.filter(person=person).exists()
