"""Recipients of optional mail, their choice, and the link that ends it."""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.urls import reverse

from assembly.audit.actions import Actor, record
from assembly.identity.models import Person
from assembly.identity.personal_links import PersonalLink
from assembly.notifications.models import Delivery, Preference

UNSUBSCRIBE = PersonalLink("notifications.unsubscribe", None)


def opted_out(people: Iterable[Person]) -> set[int]:
    """Return the keys of the people who refused optional mail.

    A second record of the same name and address has refused with the first, unless it chose for itself.
    """
    refused = Preference.objects.filter(optional_mail=False)
    double = refused.alias(address=Lower("person__email")).filter(
        address=Lower(OuterRef("email")), person__sort_name=OuterRef("sort_name")
    )
    rows = Person.objects.filter(pk__in=[person.pk for person in people]).order_by()
    of_double = Q(Exists(double), mail_preference=None) & ~Q(email="")
    return set(rows.filter(Q(mail_preference__optional_mail=False) | of_double).values_list("pk", flat=True))


def unsubscribe_url(delivery: Delivery) -> str:
    """Return the personal address of « ne plus recevoir »; it gives no other right."""
    if delivery.person is None:
        return ""
    token = UNSUBSCRIBE.token(str(delivery.person_id), delivery.person.email)
    return settings.SITE_URL + reverse("notifications:unsubscribe", args=[token])


def person_of(token: str) -> Person | None:
    """Return the person of an unsubscribe link.

    Return None for a forged link, and for a person who was erased or has another address now.
    """
    sent = UNSUBSCRIBE.read(token)
    person = Person.objects.filter(pk=sent.name, anonymised_at=None).first() if sent else None
    return person if sent and person and sent.opens(person.email) else None


def wants_optional_mail(person: Person) -> bool:
    return not opted_out([person])


@transaction.atomic
def choose(person: Person, *, optional_mail: bool, by: Actor) -> None:
    """Store the choice; the same choice again changes nothing."""
    if is_new_choice(person, optional_mail=optional_mail):
        record("preference.changed", person, by=by, optional_mail=optional_mail)


@transaction.atomic
def note_complaint(person: Person | None) -> None:
    """End optional mail to somebody who reported a message as spam; until they choose again."""
    if person is None or person.anonymised_at is not None:
        return
    is_new_choice(person, optional_mail=False)
    record("preference.complained", person, by=person)


def is_new_choice(person: Person, *, optional_mail: bool) -> bool:
    """Store the choice; return whether it was another one, or none."""
    preference, is_new = Preference.objects.select_for_update(no_key=True).get_or_create(
        person=person, defaults={"optional_mail": optional_mail}
    )
    return is_new or bool(
        Preference.objects.filter(pk=preference.pk)
        .exclude(optional_mail=optional_mail)
        .update(optional_mail=optional_mail)
    )
