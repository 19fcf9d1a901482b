"""Who may do what with a directorate's review. The team asks, the contact writes, the approver gives."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from assembly.institution.enums import DIRECTORATE_ROLES, Role
from assembly.institution.models import Directorate, RoleAssignment
from assembly.institution.rules import has_role, is_team
from consultations.enums import ReferralState, ReviewKind
from consultations.models import Delegation, DirectorateReview, Referral

NOT_YET = frozenset({ReferralState.DRAFT, ReferralState.SUGGESTED})


def can_follow(user: Any, referral: Referral) -> bool:
    """Read every answer, side by side, and the scoping note."""
    return is_team(user, referral.term_id)


def can_write_note(user: Any, referral: Referral) -> bool:
    return can_follow(user, referral) and not referral.is_ended


def works_there(user: Any, review: DirectorateReview) -> bool:
    """Contact or approver of the directorate that is asked now."""
    return has_role(user, DIRECTORATE_ROLES, directorate=review.directorate_id)


def reads_copy(user: Any, review: DirectorateReview) -> bool:
    """Named by the directorate to read this file, and still an agent somewhere: the room is closed to others."""
    return has_role(user, DIRECTORATE_ROLES) and review.copy_readers.filter(pk=user.pk).exists()


def can_name_readers(user: Any, review: DirectorateReview) -> bool:
    """Whoever writes or signs there, until the referral ends."""
    return works_there(user, review) and not review.referral.is_ended


def is_approver(user: Any, directorate: Directorate | int) -> bool:
    return has_role(user, Role.DIR_APPROVER, directorate=directorate)


def delegation_for(user: Any, directorate: Directorate | int) -> Delegation | None:
    """The delegation that lets `user` give visas there today, given by somebody who is still approver there."""
    if not has_role(user, DIRECTORATE_ROLES, directorate=directorate):
        return None
    found = running_delegations(user).filter(directorate=directorate)
    return found.select_related("giver__person").order_by("pk").first()


def running_delegations(user: Any) -> QuerySet[Delegation]:
    """Delegations that `user` holds today, while both keep the roles they had when it was given.

    Somebody who left and came back has another row of the same role: the delegation does not come back with them.
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
    """The approver, or who holds a delegation of one today."""
    return is_approver(user, review.directorate_id) or delegation_for(user, review.directorate_id) is not None


def can_endorse(user: Any, review: DirectorateReview) -> bool:
    """The intermediate visa that is awaited: whoever the directorate named, or one who gives its last visa."""
    level = review.visa_level
    named = level is not None and level.holder_id == user.pk and works_there(user, review)
    return named or can_give_visa(user, review)


def can_delegate(user: Any, directorate: Directorate) -> bool:
    """An approver gives, for an open directorate."""
    return is_approver(user, directorate) and directorate.closed_on is None


def can_order_visas(user: Any, directorate: Directorate) -> bool:
    """An approver says through whom an answer goes."""
    return can_delegate(user, directorate)


def can_hold(user: Any, directorate: Directorate) -> bool:
    """Only somebody with a role there holds a delegation."""
    return user.is_active and has_role(user, DIRECTORATE_ROLES, directorate=directorate)


def can_end_delegation(user: Any, delegation: Delegation) -> bool:
    """Whoever gave it, or another approver of the same directorate."""
    return delegation.ended_at is None and is_approver(user, delegation.directorate_id)


def missing_answers(review: DirectorateReview) -> dict[str, Any]:
    """Parts without which an answer says nothing, by column, in words; an admissibility check asks for less."""
    needed = ["summary", "competence"]
    if review.kind == ReviewKind.SCOPING:
        needed.append("feasibility")
    fields = DirectorateReview._meta  # noqa: SLF001 -- _meta is Django's public name
    return {name: fields.get_field(name).verbose_name for name in needed if not getattr(review, name).strip()}  # type: ignore[union-attr]  # -- a column of the grid
