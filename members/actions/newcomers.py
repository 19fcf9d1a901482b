"""Addition of a person who becomes a member: by hand, or from a file."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from assembly.identity.models import User
from assembly.identity.models.person import sort_key
from assembly.institution.actions.locks import lock_assembly
from assembly.institution.models import Term
from members import rules
from members.mandates.actions import propose
from members.members.actions import create_person
from members.models import Mandate, Member, Seat


@transaction.atomic
def add(
    term: Term,
    *,
    by: User,
    person: dict[str, Any],
    member: dict[str, Any],
    seat: Seat | None = None,
    answer_deadline: date | None = None,
    on: date | None = None,
    late_reason: str = "",
) -> Mandate:
    """Create the person and the member, and propose the seat. Refuse the same person twice."""
    if not rules.can_manage(by, term):
        raise PermissionDenied
    lock_assembly(term.assembly_id)
    same_people = Mandate.objects.filter(
        term=term,
        member__person__sort_name=sort_key(person["last_name"], person["first_name"]),
        member__birth_year=member["birth_year"],
        member__canton=member["canton"],
    )
    if same_people.exists():
        raise ValidationError(_("Cette personne est déjà membre de cette mandature."))
    newcomer = Member(person=create_person(term, by=by, **person), **member)
    newcomer.full_clean(exclude=["person", "canton"])  # Both come from their own rows, just read or written.
    newcomer.save()
    return propose(newcomer, term, by=by, seat=seat, answer_deadline=answer_deadline, on=on, late_reason=late_reason)
