"""Answers of invitees (by personal link, from the member's pages, or recorded by the team), guests and absences."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from assembly.audit.actions import record
from assembly.identity.models import Person, User
from assembly.workflow import StateConflict, lock
from sessions.actions import absences, departures
from sessions.attendance.actions import lock_roll
from sessions.enums import Absence, Reply
from sessions.models import Invitee, Sitting
from sessions.sittings import rules

LOGISTICS = ("wants_meal", "diet", "children", "children_ages", "transport", "needs", "absence_reason")
NO_LOGISTICS = {"wants_meal": False, "diet": "", "children": 0, "children_ages": "", "transport": "", "needs": ""}


@transaction.atomic
def reply(invitee: Invitee, *, reply: str, via: str, by: User | Person, **logistics: Any) -> None:
    """Save the person's own answer; the last answer counts.

    Without `logistics` (a single tap) those saved before stay. Raises StateConflict once no answer is taken.
    """
    if not invitee.sitting.takes_answers or invitee.withdrawn_at is not None:
        raise StateConflict(invitee.sitting, "reply")
    person_id = by.person_id if isinstance(by, User) else by.pk
    if person_id != invitee.person_id:
        raise PermissionDenied
    if reply == invitee.reply and not logistics:
        return  # The same answer was sent twice.
    write(invitee, reply, via, None, logistics)
    record("invitee.replied", invitee, by=by, dossier=invitee.sitting, reply=reply, via=via)


@transaction.atomic
def record_reply(invitee: Invitee, *, reply: str, via: str, by: User, **logistics: Any) -> None:
    """Record an answer that the person gave by telephone, on paper or at the desk."""
    if not rules.can_record_answers(by, invitee.sitting):
        raise PermissionDenied
    write(invitee, reply, via, by, logistics)
    record(
        "invitee.reply_recorded",
        invitee,
        by=by,
        on_behalf_of=invitee.person,
        dossier=invitee.sitting,
        reply=reply,
        via=via,
    )


def write(invitee: Invitee, reply: str, via: str, recorded_by: User | None, logistics: dict[str, Any]) -> None:
    """Save an answer; who does not come has no meal and no child care, who comes has no reason of absence."""
    if unknown := logistics.keys() - set(LOGISTICS):
        raise ValueError(f"not an answer: {sorted(unknown)}")
    cleaned = logistics | (NO_LOGISTICS if reply == Reply.WILL_NOT else {"absence_reason": ""})
    values = {
        "reply": reply,
        "replied_at": None if reply == Reply.INVITED else timezone.now(),
        "replied_via": "" if reply == Reply.INVITED else via,
        "reply_recorded_by": recorded_by,
        **cleaned,
    }
    Invitee.objects.filter(pk=invitee.pk).update(**values)
    for name, value in values.items():
        setattr(invitee, name, value)


@transaction.atomic
def add_guest(sitting: Sitting, *, person: Person, capacity: str, by: User) -> Invitee:
    """Invite a person who is not a member of the body (expert, elected representative, agent); no account needed."""
    lock(sitting)
    if not rules.can_invite(by, sitting):
        raise PermissionDenied
    invitee, is_new = Invitee.objects.get_or_create(
        sitting=sitting, person=person, defaults={"is_member": False, "capacity": capacity or person.capacity}
    )
    if not is_new and invitee.withdrawn_at is not None:
        Invitee.objects.filter(pk=invitee.pk).update(withdrawn_at=None, capacity=capacity or invitee.capacity)
        is_new = True
    if is_new:
        record("invitee.added", invitee, by=by, on_behalf_of=invitee.person, dossier=sitting)
    return invitee


@transaction.atomic
def remove_guest(invitee: Invitee, *, by: User) -> None:
    """Withdraw the invitation of a guest; that of a member is withdrawn only when the mandate ends."""
    if not rules.can_invite(by, lock(invitee.sitting)) or invitee.is_member:
        raise PermissionDenied
    if departures.end_invitation(invitee):
        record("invitee.removed", invitee, by=by, on_behalf_of=invitee.person, dossier=invitee.sitting)


@transaction.atomic
def revoke_link(invitee: Invitee, *, by: User) -> None:
    """Revoke the personal link that was sent: the person answers from the member's pages, or by telephone."""
    if not rules.can_record_answers(by, invitee.sitting):
        raise PermissionDenied
    Invitee.objects.filter(pk=invitee.pk).update(link_version=F("link_version") + 1)
    invitee.refresh_from_db()
    record("invitee.link_revoked", invitee, by=by, on_behalf_of=invitee.person, dossier=invitee.sitting)


@transaction.atomic
def record_absence(invitee: Invitee, *, absence: str, reason: str = "", by: User) -> None:
    """Record whether somebody who was absent had sent an excuse."""
    sitting = lock_roll(invitee.sitting, by)
    reason = "" if absence == Absence.NONE else reason
    fields = {"absence": absence, "absence_reason": reason, "is_absence_derived": False}
    Invitee.objects.filter(pk=invitee.pk).update(**fields)
    invitee.refresh_from_db()
    record(
        "invitee.absence_recorded",
        invitee,
        by=by,
        on_behalf_of=invitee.person,
        dossier=sitting,
        absence=absence,
        detail=reason,
    )
    absences.update_alerts(sitting)
