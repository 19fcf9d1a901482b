"""People in the general search: found by phone and organisation, within the rights of the directory."""

import pytest
from django.db import transaction

from assembly.identity.actions import erase
from assembly.search.models import SearchEntry, SearchWord
from mission.partners.register import CONTACTS
from tests.assembly.search.indexing import found, index_everything
from tests.factories.mailings import PartnerContactFactory
from tests.factories.members import MandateFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact(people):
    row = PartnerContactFactory(
        row__assembly=people.assembly,
        row__name="Emmaüs",
        row__territory="Toulouse Métropole",
        person__first_name="Inès",
        person__last_name="Lhote",
        person__phone="+33 5 61 99 88 77",
        person__email="zinzolin@exemple.fr",
    )
    index_everything("person", "member")
    return row


@pytest.mark.parametrize(
    "words",
    [
        "Toulouse 05 61",
        "0561998877",
        "05.61.99",
        "+33 5 61 99 88 77",
        "emmaus ines",
        "zinzolin",
        "zinzolin@exemple.fr",
    ],
)
def test_a_contact_of_a_partner_is_found(words, contact, people):
    assert found(people["officer"], words) == [("person", "Inès Lhote")]
    for who in ("facilitator", "member", "dir_contact", "dpo", "stranger"):
        assert found(people[who], words) == []
    assert found(people.elsewhere("lead"), words) == []


@pytest.mark.parametrize("words", ["05 62", "05 99", "0561998878"])
def test_another_number_is_not(words, contact, people):
    assert found(people["officer"], words) == []


def test_each_reader_finds_a_member_once(people):
    MandateFactory(term=people.term, member__person__last_name="Zuber", member__person__first_name="Ada")
    index_everything("person", "member")
    assert found(people["officer"], "zuber") == [("person", "Ada Zuber")]
    assert found(people["facilitator"], "zuber") == [("member", "Ada Zuber")]


def test_the_copy_in_the_index_goes_with_the_person(contact, people):
    """In the transaction of the erasure: a rollback brings both back, a commit leaves neither."""
    body = SearchEntry.objects.get(kind="person", title="Inès Lhote").body
    assert body == "Contact, Emmaüs · 05 61 99 88 77 · zinzolin@exemple.fr"
    with transaction.atomic():
        erase(contact.person, by=people["dpo"])
        transaction.set_rollback(True)
    assert SearchEntry.objects.get(kind="person", title="Inès Lhote").body == body
    erase(contact.person, by=people["dpo"])
    assert not SearchEntry.objects.filter(body__contains="05 61 99").exists()
    assert not SearchWord.objects.filter(word__in=["zinzolin", "lhote"]).exists()


def test_removing_a_contact_of_whom_nothing_else_speaks_erases_the_copy(contact, people):
    CONTACTS.remove(contact, people["officer"])
    assert not SearchEntry.objects.filter(title="Inès Lhote").exists()
