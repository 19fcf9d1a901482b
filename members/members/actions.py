"""Corrections of data of members and of people without account.

A former value goes to the journal's detail, which may be erased.
"""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.audit.models import Entry
from assembly.identity.actions import change_address
from assembly.identity.models import Person, User, sort_key
from assembly.identity.second_factor import needs_second_factor
from assembly.institution.actions.assemblies import lock_assembly
from assembly.institution.models import Term
from assembly.institution.rules import is_lead
from assembly.workflow import lock
from members import rules
from members.enums import RecordChannel
from members.mandates.workflow import NAME_REQUEST
from members.members.mails import send_address_change
from members.models import Contact, Mandate, Member, NameChangeRequest

PERSON_FIELDS = ("first_name", "last_name", "email", "phone", "address", "postcode", "city", "channel")
CONTACT_FIELDS = frozenset({"phone", "address", "postcode", "city", "channel"})
MEMBER_FIELDS = ("civility", "gender", "birth_year", "canton")
type Changes = dict[str, tuple[Any, Any, Any]]  # by the name of the field: object, old value, new value


def create_person(term: Term, *, by: User, **fields: Any) -> Person:
    """Create a person without account, and record it in the journal of the term."""
    person = Person(**fields)
    person.full_clean(exclude=["pseudonym"])
    person.save()
    record("person.created", person, by=by, dossier=term)
    return person


@transaction.atomic
def correct(
    mandate: Mandate, *, by: User, person: dict[str, Any], member: dict[str, Any], channel: str = RecordChannel.ONLINE
) -> list[str]:
    """Write corrections that the team received. Return the names of the fields that changed."""
    if not rules.can_correct(by, mandate):
        raise PermissionDenied
    target = mandate.member
    changes = changed(target.person, person, PERSON_FIELDS) | changed(target, member, MEMBER_FIELDS)
    if changes:
        write(changes)
        if "email" in changes:
            follow_address(mandate, by=by)
        record(
            "member.corrected",
            mandate,
            by=by,
            on_behalf_of=target.person,
            detail=former_values(changes),
            fields=sorted(changes),
            channel=channel,
        )
    return sorted(changes)


def follow_address(mandate: Mandate, *, by: User) -> None:
    """Change the sign-in address of a member who has an access, and write to both addresses.

    An access of the team or of a directorate has more rights than a member's: only the lead may change that one.
    """
    email = mandate.member.person.email.lower()
    user = User.objects.select_related("person").filter(person=mandate.member.person_id).first()
    if user is None or not email or user.email == email:
        return
    if needs_second_factor(user) and not is_lead(by, mandate.term_id):
        raise ValidationError(
            _("Cette personne a aussi un accès professionnel : demandez le changement d’adresse au responsable.")
        )
    former = change_address(user, email, by=by)
    changes = Entry.objects.filter(
        event_type="account.address_changed", subject_type="identity.User", subject_id=str(user.pk)
    )
    send_address_change(mandate, user, former, number=changes.count(), by=by)


@transaction.atomic
def correct_own(member: Member, *, by: User, person: dict[str, Any]) -> list[str]:
    """Correct the member's own address, phone or channel. Return the names of the fields that changed."""
    if not rules.is_this_member(by, member):
        raise PermissionDenied
    changes = changed(member.person, {name: person[name] for name in CONTACT_FIELDS & set(person)}, PERSON_FIELDS)
    if changes:
        write(changes)
        record(
            "member.corrected",
            member,
            by=by,
            dossier=latest_mandate(member),
            detail=former_values(changes),
            fields=sorted(changes),
        )
    return sorted(changes)


def changed(obj: Person | Member, new_values: dict[str, Any], allowed: tuple[str, ...]) -> Changes:
    """Return the fields of `allowed` whose value changes."""
    return {
        name: (obj, getattr(obj, name), new_values[name])
        for name in allowed
        if name in new_values and getattr(obj, name) != new_values[name]
    }


def write(changes: Changes) -> None:
    """Save each object that has a change."""
    for name, (obj, _old, new) in changes.items():
        setattr(obj, name, new)
    for obj in dict.fromkeys(obj for obj, _old, _new in changes.values()):
        obj.full_clean(exclude=["pseudonym"])
        obj.save()


def former_values(changes: Changes) -> str:
    return "\n".join(f"{obj._meta.get_field(name).verbose_name} : {old}" for name, (obj, old, _new) in changes.items())


@transaction.atomic
def request_name(member: Member, *, by: User, first_name: str, last_name: str) -> NameChangeRequest:
    """Request another spelling of the member's own name; a newer request replaces the pending one."""
    if not rules.is_this_member(by, member):
        raise PermissionDenied
    request, created = NameChangeRequest.objects.update_or_create(
        member=member,
        state="pending",
        defaults={"first_name": first_name, "last_name": last_name, "requested_at": timezone.now()},
    )
    record(
        "member.name_requested",
        member,
        by=by,
        dossier=latest_mandate(member),
        request=request.pk,
        replaced=not created,
    )
    return request


@transaction.atomic
def confirm_name(request: NameChangeRequest, mandate: Mandate, *, by: User) -> None:
    """Write the name as the member requested."""
    NAME_REQUEST.transition(request, "confirm", by=by)
    person = lock(mandate.member.person)
    former = person.full_name
    person.first_name, person.last_name = request.first_name, request.last_name
    person.save()
    record("member.name_confirmed", mandate, by=by, on_behalf_of=person, detail=former, request=request.pk)


@transaction.atomic
def refuse_name(request: NameChangeRequest, mandate: Mandate, *, by: User) -> None:
    """Refuse the request: the name does not change."""
    NAME_REQUEST.transition(request, "refuse", by=by)
    record("member.name_refused", mandate, by=by, request=request.pk)


def latest_mandate(member: Member) -> Mandate | None:
    """Return the mandate whose page shows the history of this member."""
    return member.mandates.order_by("-proposed_at", "-pk").first()


@transaction.atomic
def add_contact(term: Term, *, by: User, **fields: Any) -> Contact:
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
def correct_contact(contact: Contact, *, by: User, **fields: Any) -> list[str]:
    """Correct a card. Return the names of the fields that changed."""
    if not rules.can_manage_contacts(by, contact):
        raise PermissionDenied
    person = contact.person
    changes = changed(person, fields, ("capacity", *PERSON_FIELDS))
    if changes:
        write(changes)
        record("person.corrected", person, by=by, detail=former_values(changes), fields=sorted(changes))
    return sorted(changes)
