"""Contacts of partners have a last day: three years after the last exchange, or their last correction."""

from datetime import UTC, date, datetime, time

import pytest
from django.urls import reverse

from assembly.audit.models import Entry
from assembly.identity.actions import count_due, erase_due
from assembly.identity.models import Person
from assembly.identity.personal_data import registry, undeclared
from members.models import Contact
from mission.mailings.models import ListSubscriber
from mission.partners.models import Partner, PartnerContact
from mission.registers import actions
from mission.registers.declaration import registers
from tests.factories.mailings import ListSubscriberFactory, PartnerContactFactory

pytestmark = pytest.mark.django_db
RULE = "mission.partner_contacts"


def noon(day):
    return datetime.combine(day, time(12), UTC)


def contact_of(corrected_on, *exchanges, **more):
    contact = PartnerContactFactory(person__first_name="Ada", person__last_name="Zuber", **more)
    PartnerContact.objects.filter(pk=contact.pk).update(changed_at=noon(corrected_on))
    by = contact.created_by
    for day in exchanges:
        contact.row.exchanges.create(held_on=day, kind="call", summary="Un point.", created_by=by, changed_by=by)
    return PartnerContact.objects.get(pk=contact.pk)


@pytest.mark.parametrize(
    ("corrected_on", "exchanges", "last_day"),
    [
        (date(2026, 3, 10), [], date(2029, 3, 10)),
        (date(2026, 3, 10), [date(2025, 1, 5), date(2024, 6, 1)], date(2029, 3, 10)),
        (date(2026, 3, 10), [date(2025, 1, 5), date(2027, 11, 30)], date(2030, 11, 30)),
        (date(2024, 2, 29), [], date(2027, 2, 28)),
    ],
)
def test_the_last_day_follows_the_last_exchange_and_the_last_correction(corrected_on, exchanges, last_day):
    assert contact_of(corrected_on, *exchanges).retained_until == last_day


@pytest.mark.parametrize(
    ("today", "stays"),
    [(date(2029, 11, 29), True), (date(2029, 11, 30), True), (date(2029, 12, 1), False)],
    ids=["the day before", "the day", "the day after"],
)
def test_a_contact_goes_the_day_after_and_the_person_is_erased(today, stays):
    contact = contact_of(date(2026, 3, 10), date(2026, 11, 30))
    person = contact.person
    assert count_due(noon(today))[RULE] == (0 if stays else 1)
    erase_due(noon(today))
    person.refresh_from_db()
    assert PartnerContact.objects.exists() is stays
    assert (person.anonymised_at is None) is stays
    assert (person.last_name, bool(person.email)) == (("Zuber", True) if stays else ("effacée", False))
    written = Entry.objects.filter(event_type="partner.line_removed").values_list("actor", "dossier_id")
    assert list(written) == ([] if stays else [(None, str(contact.row_id))])


def test_an_exchange_and_a_correction_each_move_the_day(people):
    contact = contact_of(date(2026, 3, 10), row__assembly=people.assembly)
    after = noon(date(2029, 3, 11))
    assert count_due(after)[RULE] == 1
    contact.row.exchanges.create(
        held_on=date(2028, 1, 1),
        kind="mail",
        summary="Un mot.",
        created_by=people["officer"],
        changed_by=people["officer"],
    )
    assert count_due(after)[RULE] == 0
    contact.row.exchanges.all().delete()
    assert count_due(after)[RULE] == 1
    register = registers["partners"]
    told = {
        "function": "présidente",
        "first_name": "Ada",
        "last_name": "Zuber",
        "email": "ada@example.org",
        "phone": "",
    }
    actions.change_line(
        register, register.line_kind("contacts"), contact, by=people["officer"], data=told, version=contact.version
    )
    assert count_due(noon(date(2029, 3, 11)))[RULE] == 0


def test_whoever_is_named_elsewhere_stays_a_person_and_goes_with_the_last_of_it(people):
    known = contact_of(date(2020, 1, 1))
    Contact.objects.create(assembly=people.assembly, person=known.person)
    listed = contact_of(date(2020, 1, 1))
    subscription = ListSubscriberFactory(person=listed.person, partner=listed.row, consent_on=date(2026, 6, 1))
    erase_due(noon(date(2026, 11, 30)))
    assert not PartnerContact.objects.exists()
    assert list(ListSubscriber.objects.all()) == [subscription]
    assert not Person.objects.filter(pk__in=[known.person_id, listed.person_id], anonymised_at__isnull=False).exists()
    erase_due(noon(date(2029, 7, 1)))
    assert not ListSubscriber.objects.exists()
    erased = Person.objects.filter(pk__in=[known.person_id, listed.person_id], anonymised_at__isnull=False)
    assert list(erased) == [listed.person]


def test_a_contact_that_the_team_takes_away_is_erased_at_once(people):
    contact = contact_of(date(2026, 3, 10), row__assembly=people.assembly)
    register = registers["partners"]
    actions.withdraw_line(register, register.line_kind("contacts"), contact, by=people["officer"])
    person = Person.objects.get(pk=contact.person_id)
    assert (person.last_name, person.email) == ("effacée", "")


def test_the_page_of_the_partner_says_the_last_day(people, signed_in):
    contact = contact_of(date(2026, 3, 10), date(2026, 11, 30), row__assembly=people.assembly)
    page = signed_in("officer").get(reverse("mission:partners-row", args=[contact.row_id])).text.replace("\u00a0", " ")
    assert "Conservé jusqu’au" in page
    assert "30 novembre 2029" in page


def test_the_rule_is_told_among_those_of_the_house():
    assert str(registry.retentions[RULE].label) == "Contacts d’un partenaire, trois ans après le dernier échange"


def test_a_corrected_name_moves_in_the_lists(people):
    contact = contact_of(date(2026, 3, 10), row__assembly=people.assembly)
    register = registers["partners"]
    told = {"function": "", "first_name": "Ada", "last_name": "Élan", "email": "ada@example.org", "phone": ""}
    actions.change_line(
        register, register.line_kind("contacts"), contact, by=people["officer"], data=told, version=contact.version
    )
    assert Person.objects.get(pk=contact.person_id).sort_name == "elan ada"


def test_the_declaration_of_every_row_covers_no_field_that_a_register_adds(monkeypatch):
    assert undeclared(Partner) == []
    monkeypatch.delattr(Partner, "privacy")
    assert undeclared(Partner) == ["mission.Partner.email", "mission.Partner.phone"]
