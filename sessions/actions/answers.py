"""Who comes: answers by the personal link, from one's own room, or noted by the team; guests; absences."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from assembly.audit.actions import record
from assembly.identity.models import Person, User
from assembly.workflow import StateConflict
from sessions.actions import absences, departures
from sessions.enums import Absence, Reply
from sessions.models import Invitee, Sitting
from sessions.rules import sittings as rules

LOGISTICS = ("wants_meal", "diet", "children", "children_ages", "transport", "needs", "absence_reason")
NOTHING_ASKED = {"wants_meal": False, "diet": "", "children": 0, "children_ages": "", "transport": "", "needs": ""}


@transaction.atomic
def reply(invitee: Invitee, *, reply: str, via: str, by: User | Person, **logistics: Any) -> None:
    """Answer for oneself; the last answer counts. Without `logistics` (a tap) what was asked before stays."""
    if not invitee.sitting.takes_answers or invitee.withdrawn_at is not None:
        raise StateConflict(invitee.sitting, "reply")
    person_id = by.person_id if isinstance(by, User) else by.pk
    if person_id != invitee.person_id:
        raise PermissionDenied
    if reply == invitee.reply and not logistics:
        return  # tapped twice
    write(invitee, reply, via, None, logistics)
    record("invitee.replied", invitee, by=by, dossier=invitee.sitting, reply=reply, via=via)


@transaction.atomic
def record_reply(invitee: Invitee, *, reply: str, via: str, by: User, **logistics: Any) -> None:
    """Note what a person said by telephone, on paper or at the desk."""
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
    """Whoever does not come leaves no meal and no child to look after, but perhaps a reason; who comes leaves none."""
    if unknown := logistics.keys() - set(LOGISTICS):
        raise ValueError(f"not an answer: {sorted(unknown)}")
    kept = logistics | (NOTHING_ASKED if reply == Reply.WILL_NOT else {"absence_reason": ""})
    values = {
        "reply": reply,
        "replied_at": None if reply == Reply.INVITED else timezone.now(),
        "replied_via": "" if reply == Reply.INVITED else via,
        "reply_recorded_by": recorded_by,
        **kept,
    }
    Invitee.objects.filter(pk=invitee.pk).update(**values)
    for name, value in values.items():
        setattr(invitee, name, value)


@transaction.atomic
def add_guest(sitting: Sitting, *, person: Person, capacity: str, by: User) -> Invitee:
    """Ask somebody who is not of the body: expert, elected, agent. No account needed."""
    if not rules.can_invite(by, sitting):
        raise PermissionDenied
    invitee, made = Invitee.objects.get_or_create(
        sitting=sitting, person=person, defaults={"is_member": False, "capacity": capacity or person.capacity}
    )
    if not made and invitee.withdrawn_at is not None:
        Invitee.objects.filter(pk=invitee.pk).update(withdrawn_at=None, capacity=capacity or invitee.capacity)
        made = True
    if made:
        record("invitee.added", invitee, by=by, on_behalf_of=invitee.person, dossier=sitting)
    return invitee


@transaction.atomic
def remove_guest(invitee: Invitee, *, by: User) -> None:
    """No longer ask a guest; members of the body are withdrawn by the end of their mandate only."""
    if not rules.can_invite(by, invitee.sitting) or invitee.is_member:
        raise PermissionDenied
    if departures.end_invitation(invitee):
        record("invitee.removed", invitee, by=by, on_behalf_of=invitee.person, dossier=invitee.sitting)


@transaction.atomic
def revoke_link(invitee: Invitee, *, by: User) -> None:
    """Close the personal link that was sent: the person answers from their room, or by telephone."""
    if not rules.can_record_answers(by, invitee.sitting):
        raise PermissionDenied
    Invitee.objects.filter(pk=invitee.pk).update(link_version=F("link_version") + 1)
    invitee.refresh_from_db()
    record("invitee.link_revoked", invitee, by=by, on_behalf_of=invitee.person, dossier=invitee.sitting)


@transaction.atomic
def record_absence(invitee: Invitee, *, absence: str, reason: str = "", by: User) -> None:
    """Say whether somebody who was not there had excused themselves."""
    if not rules.can_take_attendance(by, invitee.sitting):
        raise PermissionDenied
    reason = "" if absence == Absence.NONE else reason
    written = {"absence": absence, "absence_reason": reason, "is_absence_derived": False}
    Invitee.objects.filter(pk=invitee.pk).update(**written)
    invitee.refresh_from_db()
    record(
        "invitee.absence_recorded",
        invitee,
        by=by,
        on_behalf_of=invitee.person,
        dossier=invitee.sitting,
        absence=absence,
        detail=reason,
    )
    absences.review(invitee.sitting)
