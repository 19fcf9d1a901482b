"""Recipients of optional mail, their choice, and the link that ends it."""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from assembly.audit.actions import Actor, record
from assembly.identity.models import Person
from assembly.identity.personal_links import PersonalLink
from assembly.notifications.models import Delivery, Preference

UNSUBSCRIBE = PersonalLink("notifications.unsubscribe", None)


def opted_out(people: Iterable[Person]) -> set[int]:
    """Return the keys of the people who refused optional mail."""
    return set(
        Preference.objects.filter(person__in=list(people), optional_mail=False).values_list("person_id", flat=True)
    )


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
    preference, is_new = Preference.objects.select_for_update(no_key=True).get_or_create(
        person=person, defaults={"optional_mail": optional_mail}
    )
    if is_new or preference.optional_mail != optional_mail:
        Preference.objects.filter(pk=preference.pk).update(optional_mail=optional_mail)
        record("preference.changed", person, by=by, optional_mail=optional_mail)
