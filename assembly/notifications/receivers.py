"""Receivers of signals: the mail provider's webhooks, invitations to sign in."""

from typing import TYPE_CHECKING, Any

from anymail.signals import EventType, RejectReason, tracking
from django.dispatch import receiver

from assembly.institution.signals import IssuedInvitation, invitation_issued
from assembly.notifications.actions import events
from assembly.notifications.actions.distributions import send_invitations
from assembly.notifications.models import EventKind

if TYPE_CHECKING:
    from assembly.identity.models import User

KINDS = {
    EventType.QUEUED: EventKind.ACCEPTED,
    EventType.SENT: EventKind.ACCEPTED,
    EventType.DELIVERED: EventKind.DELIVERED,
    EventType.DEFERRED: EventKind.DEFERRED,
    EventType.BOUNCED: EventKind.BOUNCED,
    EventType.REJECTED: EventKind.BOUNCED,
    EventType.FAILED: EventKind.BOUNCED,
    EventType.COMPLAINED: EventKind.COMPLAINED,
}


@receiver(tracking, dispatch_uid="assembly.notifications.tracking")
def store_provider_event(sender: object, event: Any, esp_name: str, **_: object) -> None:
    """Store the provider's event. Openings and clicks are ignored: recipients are not tracked."""
    kind = KINDS.get(event.event_type)
    if kind is not None:
        events.receive(
            kind,
            message_id=event.message_id or "",
            event_key=f"{esp_name}:{event.event_id}" if event.event_id else "",
            happened_at=event.timestamp,
            is_final=kind == EventKind.BOUNCED and event.reject_reason != RejectReason.TIMED_OUT,
            detail=" ".join((event.mta_response or event.description or "").split()),
        )


@receiver(invitation_issued, dispatch_uid="assembly.notifications.invitations")
def send_invitation_mails(sender: object, issued: list[IssuedInvitation], by: "User", **_: object) -> None:
    send_invitations(issued, by=by)
