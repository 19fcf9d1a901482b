"""People without account (elected, agents, experts, guests): one card each in an assembly's address book."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.identity.models.person import sort_key
from assembly.institution.actions.locks import lock_assembly
from assembly.institution.models import Term
from members import rules
from members.members.actions import PERSON_FIELDS, changed, create_person, former_values, write
from members.models import Contact


@transaction.atomic
def add(term: Term, *, by: User, **fields: Any) -> Contact:
    """Add somebody to the address book; refuse the same name with the same capacity and address."""
    if not rules.can_manage(by, term):
        raise PermissionDenied
    lock_assembly(term.assembly_id)
    same_people = Contact.objects.filter(
        assembly=term.assembly_id,
        person__sort_name=sort_key(fields["last_name"], fields["first_name"]),
        person__email__iexact=fields["email"],
        person__capacity__iexact=fields["capacity"],
    )
    if same_people.exists():
        raise ValidationError(_("Cette personne est déjà dans la liste."))
    person = create_person(term, by=by, **fields)
    return Contact.objects.create(assembly_id=term.assembly_id, person=person)


@transaction.atomic
def correct(contact: Contact, *, by: User, **fields: Any) -> list[str]:
    """Correct a card. Return the names of the fields that changed."""
    if not rules.can_manage_contacts(by, contact):
        raise PermissionDenied
    person = contact.person
    changes = changed(person, fields, ("capacity", *PERSON_FIELDS))
    if changes:
        write(changes)
        record("person.corrected", person, by=by, detail=former_values(changes), fields=sorted(changes))
    return sorted(changes)
