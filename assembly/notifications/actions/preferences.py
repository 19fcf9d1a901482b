"""Action on what a person chooses to receive."""

from django.db import transaction

from assembly.audit.actions import Actor, record
from assembly.identity.models import Person
from assembly.notifications.models import Preference


@transaction.atomic
def choose(person: Person, *, optional_mail: bool, by: Actor) -> None:
    """Store the choice; the same choice again changes nothing."""
    preference, is_new = Preference.objects.select_for_update(no_key=True).get_or_create(
        person=person, defaults={"optional_mail": optional_mail}
    )
    if is_new or preference.optional_mail != optional_mail:
        Preference.objects.filter(pk=preference.pk).update(optional_mail=optional_mail)
        record("preference.changed", person, by=by, optional_mail=optional_mail)
