"""Who receives mail that nothing obliges us to send, and the link that ends it."""

from collections.abc import Iterable

from django.conf import settings
from django.core import signing
from django.urls import reverse

from assembly.identity.models import Person
from assembly.notifications.models import Delivery, Preference

SALT = "notifications.unsubscribe"


def without_optional_mail(people: Iterable[Person]) -> set[int]:
    """Return the keys of those who said no."""
    return set(
        Preference.objects.filter(person__in=list(people), optional_mail=False).values_list("person_id", flat=True)
    )


def unsubscribe_url(delivery: Delivery) -> str:
    """Return the personal address of « ne plus recevoir »; it opens nothing else."""
    token = signing.dumps(delivery.person_id, salt=SALT)
    return settings.SITE_URL + reverse("notifications:unsubscribe", args=[token])


def person_of(token: str) -> Person | None:
    """Return whose link this is; None when it was made up, or the person was erased."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return Person.objects.filter(pk=pk, anonymised_at=None).first()


def wants_optional_mail(person: Person) -> bool:
    return not without_optional_mail([person])
