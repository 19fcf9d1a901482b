"""Committees of every kind and their dated memberships."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import Person, User
from assembly.identity.signals import standing_ended
from assembly.institution import rules
from assembly.institution.models import Committee, CommitteeFunction, CommitteeMembership, Term


def _free_slug(term: Term, name: str) -> str:
    base = slugify(name)[:70] or "comite"
    taken = set(Committee.objects.filter(term=term, slug__startswith=base).values_list("slug", flat=True))
    return next(
        slug for number in range(1, 1000) if (slug := base if number == 1 else f"{base}-{number}") not in taken
    )


@transaction.atomic
def create(
    term: Term, *, by: User, name: str, kind: str, opened_on: date, purpose: str = "", cantons: Any = ()
) -> Committee:
    """Create a committee of the term."""
    if not rules.is_team(by, term):
        raise PermissionDenied
    committee = Committee.objects.create(
        term=term, name=name, kind=kind, opened_on=opened_on, purpose=purpose, slug=_free_slug(term, name)
    )
    committee.cantons.set(cantons)
    record("committee.created", committee, by=by, kind=kind)
    return committee


@transaction.atomic
def change(committee: Committee, *, by: User, name: str, kind: str, purpose: str = "", cantons: Any = ()) -> None:
    """Change the name, kind, purpose and cantons of a committee; its address stays the same."""
    if not rules.can_change_committee(by, committee):
        raise PermissionDenied
    detail = "" if committee.name == name else f"{committee.name} → {name}"
    committee.name, committee.kind, committee.purpose = name, kind, purpose
    committee.save(update_fields=["name", "kind", "purpose"])
    committee.cantons.set(cantons)
    record("committee.changed", committee, by=by, detail=detail, kind=kind)


@transaction.atomic
def close(committee: Committee, *, by: User, on: date) -> None:
    """Close a committee on a day; memberships that are still open end on that day."""
    if not rules.can_change_committee(by, committee):
        raise PermissionDenied
    if on < committee.opened_on:
        raise ValidationError(_("La clôture doit venir après la création."))
    Committee.objects.filter(pk=committee.pk).update(closed_on=on)
    committee.closed_on = on
    seated = list(Person.objects.filter(committee_memberships__committee=committee).distinct())
    ended = committee.memberships.filter(ends_on=None, starts_on__lte=on).update(ends_on=on)
    record("committee.closed", committee, by=by, on=on, ended=ended)
    for person in seated:
        standing_ended.send(Committee, person=person, by=by)


@transaction.atomic
def add_member(
    committee: Committee, person: Person, *, by: User, starts_on: date, function: str = CommitteeFunction.MEMBER
) -> CommitteeMembership:
    """Give a person a seat in a committee from a day on.

    Raise ValidationError when the person already has that function then.
    """
    if not rules.can_change_committee(by, committee) or person.anonymised_at is not None:
        raise PermissionDenied
    membership = CommitteeMembership(committee=committee, person=person, starts_on=starts_on, function=function)
    membership.full_clean()
    membership.save()
    record(
        "membership.started",
        membership,
        by=by,
        on_behalf_of=person,
        dossier=committee,
        person=person.pk,
        function=function,
        on=starts_on,
    )
    return membership


@transaction.atomic
def end_member(membership: CommitteeMembership, *, by: User, on: date) -> None:
    """End a seat; `on` is its last day."""
    if not rules.can_change_committee(by, membership.committee):
        raise PermissionDenied
    leave_seat(membership, by=by, on=on)


@transaction.atomic
def leave_seat(membership: CommitteeMembership, *, by: User, on: date) -> None:
    """End a seat because something else ends, a mandate or a person's data, which has its own permission."""
    last = max(on, membership.starts_on)
    if CommitteeMembership.objects.filter(pk=membership.pk, ends_on=None).update(ends_on=last):
        record(
            "membership.ended",
            membership,
            by=by,
            on_behalf_of=membership.person,
            dossier=membership.committee,
            person=membership.person_id,
            on=last,
        )
        standing_ended.send(CommitteeMembership, person=membership.person, by=by)
