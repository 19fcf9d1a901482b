"""Who may do what with a directorate's review, and in the threads of a referral and of a review."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from assembly.dossiers.pages import ReaderPages, is_any_reader
from assembly.institution.models import DIRECTORATE_ROLES, Directorate, Role, RoleAssignment
from assembly.institution.rules import directorates_of, has_role, is_team
from consultations.models import (
    Delegation,
    DirectorateReview,
    Referral,
    ReferralDirectorate,
    ReferralState,
    ReviewKind,
    ThreadMessage,
)


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


THREAD_PAGES = ReaderPages(
    (lambda user, referral: is_team(user, referral.term_id), "consultations:thread"),
    (is_any_reader, "consultations:instruction-thread"),
)


def my_directorate(user: Any, referral: Referral) -> ReferralDirectorate | None:
    """Return the row of the directorate in whose name `user` writes."""
    rows = ReferralDirectorate.objects.filter(referral=referral, directorate__in=directorates_of(user))
    return rows.select_related("directorate").order_by("directorate__closed_on", "pk").last()


def can_read_thread(user: Any, referral: Referral) -> bool:
    """Return whether the user is of the team, or of a directorate named in it once it is more than a sketch."""
    if is_team(user, referral.term_id):
        return True
    return referral.state not in ReferralState.tagged("sketch") and my_directorate(user, referral) is not None


def can_post_in_thread(user: Any, referral: Referral) -> bool:
    """Return whether the user may post: whoever reads, until the referral ends."""
    return not referral.is_ended and can_read_thread(user, referral)


def can_post_inside(user: Any, review: DirectorateReview) -> bool:
    """Return whether the user may post there: agents of the directorate and copy readers, until the referral ends."""
    return not review.referral.is_ended and (works_in_directorate(user, review) or is_copy_reader(user, review))


def can_read_message(user: Any, message: ThreadMessage) -> bool:
    """Return whether the user reads the thread of the message."""
    if (review := message.review) is None:
        return can_read_thread(user, message.referral)
    return works_in_directorate(user, review) or is_copy_reader(user, review)


def can_withdraw_message(user: Any, message: ThreadMessage) -> bool:
    """Return whether the user may withdraw it: one's own messages only, and once."""
    return message.author_id == user.pk and message.withdrawn_at is None and can_read_message(user, message)


def folded_name(text: str) -> str:
    """Return the text without accents and capitals, one space between words."""
    bare = "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))
    return " ".join(bare.casefold().replace("’", "'").split())


def mentioned(body: str, names: Iterable[tuple[int, str]]) -> set[int]:
    """Return whom « @Prénom Nom » names in `body`, among the people who may read it."""
    text = folded_name(body)
    return {pk for pk, name in names if re.search(rf"@{re.escape(folded_name(name))}(?!\w)", text)}
