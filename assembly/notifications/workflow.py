"""Workflow of one delivery. The sender and the provider's events take the steps without permission; people the others.

Code that settles many rows at once, or a row that the outbox claimed (`SKIP LOCKED`), uses `DELIVERY.set_state`: the
compare-and-swap alone, in one statement per message.
"""

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.jobs import hints
from assembly.notifications.models import Delivery, DeliveryState as S
from assembly.notifications.rules import can_unblock, is_mail, is_sender, is_whole_mail
from assembly.workflow import Permission, Step, Transition, Workflow

NOT_CONCERNED = _("N’était plus concerné au départ du message.")
TEAM: Permission[Delivery] = Permission(lambda user, delivery: is_sender(user, delivery.distribution), _("équipe"))
UNBLOCKERS: Permission[Delivery] = Permission(
    lambda user, delivery: can_unblock(user, delivery.distribution), _("équipe"), _("administration technique")
)


def resend_columns(delivery: Delivery, taken: Transition | None = None) -> dict[str, Any]:
    """Return the columns of a message sent once more, as a new issue, to the person's present address."""
    address = delivery.person.email if delivery.person and delivery.person.email else delivery.address
    return {
        "address": address,
        "attempts": 0,
        "next_attempt_at": timezone.now(),
        "sent_at": None,
        "delivered_at": None,
        "bounced_at": None,
        "called_at": None,
        "called_by": None,
        "error": "",
        **delivery.next_message_id(),
    }


def wake_senders(delivery: Delivery | None = None, taken: Transition | None = None) -> None:
    """Enqueue the senders after the commit; a broker that is down delays mail by ten seconds only."""
    for sender in range(settings.MAIL_SENDERS):
        hints.send_at_commit("assembly.notifications.tasks.deliver", sender)


DELIVERY: Workflow[Delivery] = Workflow(
    [
        # the sender, for e-mail
        Step("claim", {S.QUEUED}, S.IN_FLIGHT),
        Step("accept", {*S.tagged("uncertain")}, S.SENT),
        Step("postpone", {S.IN_FLIGHT}, S.QUEUED),
        Step("give_up", {S.IN_FLIGHT}, S.FAILED),
        Step("refuse", {S.IN_FLIGHT}, S.BOUNCED),
        Step("doubt", {*S.tagged("pending")}, S.TO_CHECK),
        Step("drop", {S.IN_FLIGHT}, S.CANCELLED),
        # events that the provider reports afterwards
        Step(
            "bounce",
            {S.SENT, S.TO_CHECK, S.IN_FLIGHT},
            S.BOUNCED,
            history_text=_("a refusé le message (serveur du destinataire)"),
        ),
        Step("complain", {S.SENT}, S.COMPLAINED, history_text=_("a signalé le message comme indésirable")),
        # the project team
        Step(
            "retry",
            {*S.tagged("retriable")},
            S.QUEUED,
            by=UNBLOCKERS,
            when=is_whole_mail,
            event_type="delivery.retried",
            history_text=_("a relancé l’envoi à une personne"),
            changes=resend_columns,
            then=wake_senders,
        ),
        Step(
            "confirm",
            {S.TO_CHECK},
            S.SENT,
            by=UNBLOCKERS,
            when=is_mail,
            history_text=_("a confirmé qu’un message était parti"),
            changes=lambda delivery, taken: {"sent_at": timezone.now(), "error": ""},
        ),
        Step(
            "send_again",
            {S.TO_CHECK},
            S.QUEUED,
            by=UNBLOCKERS,
            when=is_mail,
            event_type="delivery.sent_again",
            history_text=_("a renvoyé un message incertain"),
            changes=resend_columns,
            then=wake_senders,
        ),
        Step("stop", {*S.tagged("stoppable")}, S.CANCELLED, by=TEAM),
        Step("print", {S.QUEUED}, S.PRINTED, by=TEAM),
        Step("hand_over", {S.PRINTED}, S.HANDED_OVER, by=TEAM),
        Step(
            "call",
            {*S.tagged("returned")},
            by=TEAM,
            when=lambda delivery: delivery.called_at is None,
            history_text=_("a appelé une personne que le courriel n’atteint pas"),
            changes=lambda delivery, taken: {"called_at": timezone.now(), "called_by": taken.by},
        ),
    ],
    dossier=lambda delivery: delivery.distribution,
    noun="delivery",
)
