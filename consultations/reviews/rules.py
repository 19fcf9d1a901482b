"""Who may do what with a directorate's review. The team asks, the contact writes, the approver gives."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from assembly.institution.enums import DIRECTORATE_ROLES, Role
from assembly.institution.models import Directorate, RoleAssignment
from assembly.institution.rules import has_role, is_team
from consultations.enums import ReviewKind
from consultations.models import Delegation, DirectorateReview, Referral


def can_follow(user: Any, referral: Referral) -> bool:
    """Return whether the user may read every answer, in comparison, and the scoping note."""
    return is_team(user, referral.term_id)


def can_write_note(user: Any, referral: Referral) -> bool:
    return can_follow(user, referral) and not referral.is_ended


def works_in_directorate(user: Any, review: DirectorateReview) -> bool:
    """Return whether the user is contact or approver of the directorate that is asked now."""
    return has_role(user, DIRECTORATE_ROLES, directorate=review.directorate_id)


def is_agent(user: Any) -> bool:
    """Return whether the user is contact or approver of some directorate."""
    return has_role(user, DIRECTORATE_ROLES)


def is_copy_reader(user: Any, review: DirectorateReview) -> bool:
    """Return whether the user reads it in copy, and is still an agent somewhere: the area is closed to others."""
    return is_agent(user) and review.copy_readers.filter(pk=user.pk).exists()


def can_name_readers(user: Any, review: DirectorateReview) -> bool:
    """Return whether the user may name copy readers: whoever writes or signs there, until the referral ends."""
    return works_in_directorate(user, review) and not review.referral.is_ended


def is_approver(user: Any, directorate: Directorate | int) -> bool:
    return has_role(user, Role.DIR_APPROVER, directorate=directorate)


def delegation_for(user: Any, directorate: Directorate | int) -> Delegation | None:
    """Return the delegation by which `user` gives visas there today; its giver is still approver there."""
    if not has_role(user, DIRECTORATE_ROLES, directorate=directorate):
        return None
    delegations = running_delegations(user).filter(directorate=directorate)
    return delegations.select_related("giver__person").order_by("pk").first()


def running_delegations(user: Any) -> QuerySet[Delegation]:
    """Return the delegations that `user` holds today, while both have the roles they had when it was given.

    Somebody who left and came back has another row of the same role: the delegation is not valid again.
    """
    today = timezone.localdate()
    since = RoleAssignment.objects.filter(
        directorate=OuterRef("directorate"), ended_at=None, given_at__lte=OuterRef("created_at")
    )
    return Delegation.objects.filter(
        Q(starts_on__lte=today, ends_on__gte=today),
        Exists(since.filter(user=OuterRef("giver"), role=Role.DIR_APPROVER)),
        Exists(since.filter(user=OuterRef("holder"), role__in=DIRECTORATE_ROLES)),
        holder=user.pk,
        ended_at=None,
        giver__is_active=True,
    )


def can_give_visa(user: Any, review: DirectorateReview) -> bool:
    """Return whether the user is the approver, or holds a delegation of one today."""
    return is_approver(user, review.directorate_id) or delegation_for(user, review.directorate_id) is not None


def can_endorse(user: Any, review: DirectorateReview) -> bool:
    """Return whether the user may give the visa that is due: the holder of its level, or who gives the last visa."""
    level = review.visa_level
    named = level is not None and level.holder_id == user.pk and works_in_directorate(user, review)
    return named or can_give_visa(user, review)


def can_delegate(user: Any, directorate: Directorate) -> bool:
    """Return whether the user is an approver of an open directorate, who alone delegates."""
    return is_approver(user, directorate) and directorate.closed_on is None


def can_order_visas(user: Any, directorate: Directorate) -> bool:
    """Return whether the user may set the intermediate visas: the approver decides them."""
    return can_delegate(user, directorate)


def can_hold(user: Any, directorate: Directorate) -> bool:
    """Return whether the user may hold a delegation: only somebody with a role there."""
    return user.is_active and has_role(user, DIRECTORATE_ROLES, directorate=directorate)


def can_end_delegation(user: Any, delegation: Delegation) -> bool:
    """Return whether the user may end it: the giver, or another approver of the same directorate."""
    return delegation.ended_at is None and is_approver(user, delegation.directorate_id)


def missing_answers(review: DirectorateReview) -> dict[str, Any]:
    """Return the labels of the required fields that are empty, by column; an admissibility check requires less."""
    required = ["summary", "competence"]
    if review.kind == ReviewKind.SCOPING:
        required.append("feasibility")
    fields = DirectorateReview._meta
    return {name: fields.get_field(name).verbose_name for name in required if not getattr(review, name).strip()}  # type: ignore[union-attr]  # -- a column of the grid
