"""Rights on members. What is not granted is refused; the README has the same table."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext

from assembly.identity.personal_data import months_later
from assembly.institution.models import TEAM_ROLES, Term
from assembly.institution.rules import assembly_ids, is_facilitator, is_lead, is_member, is_team
from members.models import Contact, Mandate, Member


def check_not_in_future(day: date) -> None:
    if day > timezone.localdate():
        raise ValidationError(gettext("Cette date est dans le futur. Notez ce fait le jour venu."), code="on")


def can_see_directory(user: Any, term: Term | int) -> bool:
    """Return whether the user may read the back office list: team; facilitators, names and cantons only."""
    return is_team(user, term) or is_facilitator(user, term)


def can_see_private(user: Any, term: Term | int) -> bool:
    """Return whether the user may read contact data, year of birth, needs, consents."""
    return is_team(user, term)


def can_see_public_directory(user: Any, term: Term | int) -> bool:
    """Return whether the user may read first name, initial and canton of the members of their own term."""
    return is_member(user, term)


def can_manage(user: Any, term: Term | int) -> bool:
    """Return whether the user may propose, import, correct, print, export and invite."""
    return is_team(user, term)


def can_create_seats(user: Any, term: Term | int) -> bool:
    return is_lead(user, term)


def can_publish_charter(user: Any, term: Term | int) -> bool:
    return is_lead(user, term)


def replacement_cutoff(term: Term) -> date:
    """Return the day from which a vacated seat stays vacant unless the lead decides otherwise (domain.md I)."""
    return months_later(term.ends_on, -term.replacement_cutoff_months)


def is_past_cutoff(term: Term) -> bool:
    return timezone.localdate() >= replacement_cutoff(term)


def can_correct(user: Any, mandate: Mandate) -> bool:
    """Return whether the user may correct all and decide on names; members change own address, phone, channel."""
    return is_team(user, mandate.term_id)


def is_this_member(user: Any, member: Member) -> bool:
    """Return whether the user is active and this member."""
    return bool(user.is_active) and user.person_id == member.person_id


def can_manage_contacts(user: Any, contact: Contact) -> bool:
    """Return whether the user is in the team of any term of the assembly, which maintains its address book."""
    return contact.assembly_id in assembly_ids(user, TEAM_ROLES)
