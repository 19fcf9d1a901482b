"""Mails to subscribers of a list. The outbox holds neither address nor name: both are read when a mail is sent."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.preferences import wants_optional_mail
from assembly.notifications.registry import MessageKind
from assembly.workflow.locks import share
from mission.letters.text import letter_content
from mission.mailings.actions import INVITATION, MESSAGE
from mission.mailings.models import ListMessage, ListSubscriber
from mission.mailings.rules import join_token, leave_token, may_still_join


def subscriber_in(delivery: Delivery) -> ListSubscriber | None:
    """Return the subscriber, share-locked until the mail has left: a withdrawal comes before or after."""
    return share(ListSubscriber.objects.filter(public_id=delivery.context["subscriber"]))


def leave_address(delivery: Delivery) -> str:
    """Return the link to leave the list; empty after a withdrawal, as mails that were sent are still displayed."""
    subscriber = ListSubscriber.objects.filter(public_id=delivery.context["subscriber"]).first()
    return settings.SITE_URL + reverse("mission:list-leave", args=[leave_token(subscriber)]) if subscriber else ""


class ListMessageMail(MessageKind):
    """Mail to whoever agreed and did not withdraw. Refused by one click (RFC 8058)."""

    kind = MESSAGE
    template = "mission/mailings/mail/message"
    label = gettext_lazy("Message à une liste")
    transactional = False

    def mailbox(self, delivery: Delivery) -> tuple[str, str] | None:
        subscriber = subscriber_in(delivery)
        if subscriber is None or subscriber.confirmed_at is None:
            return None
        person = subscriber.person
        is_here = person.email and person.anonymised_at is None and wants_optional_mail(person)
        return (person.full_name, person.email) if is_here else None

    def unsubscribe_url(self, delivery: Delivery) -> str:
        return leave_address(delivery)

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        message: ListMessage = distribution.subject  # type: ignore[assignment]  # -- `send_list_message` passes it
        return letter_content(message) | {"list_name": message.mailing_list.name}


class ListInvitation(MessageKind):
    """Mail that asks whether somebody agrees to be on a list."""

    kind = INVITATION
    template = "mission/mailings/mail/invitation"
    label = gettext_lazy("Accord demandé pour une liste")

    def mailbox(self, delivery: Delivery) -> tuple[str, str] | None:
        subscriber = subscriber_in(delivery)
        if subscriber is None or not may_still_join(subscriber, timezone.now()) or not subscriber.person.email:
            return None
        return subscriber.person.full_name, subscriber.person.email

    def unsubscribe_url(self, delivery: Delivery) -> str:
        return leave_address(delivery)

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        subscriber = ListSubscriber.objects.filter(public_id=delivery.context["subscriber"]).first()
        join = settings.SITE_URL + reverse("mission:list-join", args=[join_token(subscriber)]) if subscriber else ""
        return {"list": distribution.subject, "url": join}
