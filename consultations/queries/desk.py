"""Who works in a directorate, and who of them must act."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from assembly.audit.models import Entry
from assembly.identity.models import User
from assembly.institution.enums import DIRECTORATE_ROLES, TEAM_ROLES, Role
from assembly.institution.models import Directorate, RoleAssignment
from assembly.institution.rules import directorate_ids
from consultations.models import Delegation, DirectorateReview, Referral, VisaLevel
from consultations.reviews.rules import can_give_visa, running_delegations, works_in_directorate


def agents_of(directorate: Directorate | int, roles: Iterable[Role] = DIRECTORATE_ROLES) -> list[User]:
    """List the active users who hold one of `roles` in that directorate, by name."""
    return list(staff_of(directorate, roles))


def staff_of(directorate: Directorate | int, roles: Iterable[Role] = DIRECTORATE_ROLES) -> QuerySet[User]:
    """Return the same as a queryset, for a form."""
    assignments = RoleAssignment.objects.filter(directorate=directorate, role__in=list(roles), ended_at=None)
    people = User.objects.filter(pk__in=assignments.values("user"), is_active=True).select_related("person")
    return people.order_by("person__sort_name", "pk")


def readers_in_copy(review: DirectorateReview) -> list[User]:
    return list(review.copy_readers.select_related("person").order_by("person__sort_name", "pk"))


def possible_readers(review: DirectorateReview) -> QuerySet[User]:
    """Return the agents of the other directorates of this assembly who are not in copy yet."""
    assignments = RoleAssignment.objects.filter(
        directorate__assembly=review.directorate.assembly_id, role__in=DIRECTORATE_ROLES, ended_at=None
    ).exclude(directorate=review.directorate_id)
    known = review.copy_readers.values("pk")
    people = User.objects.filter(pk__in=assignments.values("user"), is_active=True).exclude(pk__in=known)
    own = staff_of(review.directorate_id).values("pk")
    return people.exclude(pk__in=own).select_related("person").order_by("person__sort_name", "pk")


def signers_of(review: DirectorateReview) -> list[User]:
    """List whose visa is due: the holder of an intermediate one, else approvers and holders of a delegation today."""
    level = review.visa_level
    if level is not None and level.holder.is_active and works_in_directorate(level.holder, review):
        return [level.holder]
    return [user for user in agents_of(review.directorate_id) if can_give_visa(user, review)]


def levels_of(directorate: Directorate | int) -> list[VisaLevel]:
    """List the intermediate visas of a directorate, in its order."""
    rows = VisaLevel.objects.standing().filter(directorate=directorate)
    return list(rows.select_related("holder__person", "directorate"))


def next_level(directorate: Directorate | int, endorsed_ids: Iterable[int] = ()) -> VisaLevel | None:
    """Return the first visa of the present order that is not in `endorsed_ids`; None: the approver's own."""
    rows = VisaLevel.objects.standing().filter(directorate=directorate).exclude(pk__in=endorsed_ids)
    return rows.select_related("holder__person").first()


def visas_given(review: DirectorateReview) -> set[int]:
    """Return the keys of the intermediate visas given since the answer was sent last.

    The order may change meanwhile: a position in it does not identify them.
    """
    rows = Entry.objects.filter(
        subject_type=DirectorateReview._meta.label,
        subject_id=str(review.pk),
        event_type__in=("review.submitted", "review.endorsed"),
    )
    level_ids: set[int] = set()
    for event_type, facts in rows.order_by("pk").values_list("event_type", "facts"):
        level_ids = level_ids | {facts["level"]} if event_type == "review.endorsed" else set()
    return level_ids


def contacts_of(directorate: Directorate | int) -> list[User]:
    """List those who write the answers; the approvers where there is nobody else."""
    return agents_of(directorate, [Role.DIR_CONTACT]) or agents_of(directorate, [Role.DIR_APPROVER])


def followers_of(referral: Referral, review: DirectorateReview | None = None) -> list[User]:
    """List who is notified of what comes back: the officer of the referral, else who asked, while in the team."""
    user_ids = [pk for pk in (referral.officer_id, review.asked_by_id if review else None) if pk]
    team = RoleAssignment.objects.filter(term=referral.term_id, role__in=TEAM_ROLES, ended_at=None)
    users = User.objects.filter(pk__in=user_ids, is_active=True, roles__in=team).distinct().select_related("person")
    return sorted(users, key=lambda user: user_ids.index(user.pk))[:1]


def colleagues(directorate: Directorate, user: User) -> QuerySet[User]:
    """Return who may hold a delegation of `user` there."""
    return staff_of(directorate).exclude(pk=user.pk)


def delegations_of(directorates: set[int]) -> list[Delegation]:
    """List those that run or will, then the past ones, the latest first."""
    rows = Delegation.objects.filter(directorate__in=directorates)
    people = rows.select_related("directorate", "giver__person", "holder__person")
    return list(people.order_by(F("ended_at").desc(nulls_first=True), "-ends_on", "-pk").for_screen()[:50])


def gives_visa(user: Any) -> Q:
    """Build the condition that `user` gives visas today in the `directorate` of a row, as approver or by delegation.

    A condition and not a set: it is part of the query of a list, instead of a statement for each directorate.
    """
    delegated = Exists(running_delegations(user).filter(directorate=OuterRef("directorate")))
    own = Q(directorate__in=directorate_ids(user, DIRECTORATE_ROLES))
    return Q(directorate__in=directorate_ids(user, Role.DIR_APPROVER)) | own & Q(delegated)


def waits_for_visa_of(user: Any) -> Q:
    """Build the same condition for a review, where an intermediate visa is asked of one person first."""
    own = Q(directorate__in=directorate_ids(user, DIRECTORATE_ROLES))
    return Q(visa_level=None) & gives_visa(user) | own & Q(visa_level__holder=user.pk)
