"""Kinds of messages of the platform itself."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from assembly.institution.models import Role
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind


class PlainMessage(MessageKind):
    """Message of a few sentences from the team: `own = {"body": "…"}`, the title is the subject."""

    kind = "message"
    template = "notifications/mail/message"
    label = _("Message")


class OptionalMessage(PlainMessage):
    """The same message, when nobody is obliged to receive it."""

    kind = "news"
    label = _("Nouvelles")
    transactional = False


class ReminderMessage(MessageKind):
    """Reminder that a person sent from a dossier: `own = {"title": …, "url": …}`."""

    kind = "reminder"
    template = "notifications/mail/reminder"
    label = _("Rappel")

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        return {"by": distribution.requested_by}


class InvitationMessage(MessageKind):
    """Invitation to an account: a personal link by mail, a code by letter. Both are secrets, erased after sending."""

    kind = "invitation"
    template = "notifications/mail/invitation"
    label = _("Invitation")
    erases_context = True

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        role = Role(delivery.context["role"])
        expires_at = datetime.fromisoformat(delivery.context["expires_at"])
        return {"role": role, "is_member": role == Role.MEMBER, "expires_at": expires_at}
