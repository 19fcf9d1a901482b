"""Mails to subscribers of a list: who would receive a message, its sending, the invitation; contacts who agreed.

The outbox holds neither address nor name: both are read when a mail is sent.
"""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from assembly.correspondence.registry import RecipientGroup
from assembly.identity.models import Person, User
from assembly.institution.models import TEAM_ROLES, Assembly
from assembly.institution.rules import assembly_ids
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.preferences import opted_out, wants_optional_mail
from assembly.notifications.registry import MessageKind
from assembly.workflow.locks import lock, share
from mission.letters.text import letter_content
from mission.mailings.models import ListMessage, ListState, ListSubscriber, MailingList
from mission.mailings.rules import join_token, leave_token, may_still_join
from mission.partners.models import Partner

MESSAGE, INVITATION = "list-message", "list-invitation"


def reached_by(mailing_list: MailingList) -> list[ListSubscriber]:
    """Return who would receive a message today, each address once: who agreed and refuses no such mail."""
    rows = ListSubscriber.objects.agreed().filter(row=mailing_list, person__anonymised_at=None)
    subscribers = list(rows.exclude(person__email="").select_related("person").order_by("pk"))
    silent = opted_out([one.person for one in subscribers])
    by_address = {one.person.email.lower(): one for one in reversed(subscribers) if one.person_id not in silent}
    return sorted(by_address.values(), key=lambda one: (one.person.sort_name, one.pk))


def send_list_message(message: ListMessage, *, by: User | None) -> None:
    """Queue one mail a subscriber; whoever withdraws before it is sent gets none."""
    lock(message.mailing_list)
    distribute(
        MESSAGE,
        message,
        [
            Recipient(None, {"subscriber": str(one.public_id)}, mark=f"subscriber:{one.public_id}")
            for one in reached_by(message.mailing_list)
        ],
        by=by,
        title=message.name,
        key=f"{MESSAGE}:{message.pk}",
        assembly=message.assembly,
    )


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


def agreed_contacts(assembly: Assembly | int, **where: Any) -> QuerySet[Person]:
    """Return the contacts of partners who agreed to be on an open list of the assembly and did not withdraw."""
    rows = ListSubscriber.objects.agreed().filter(row__assembly=assembly, row__state=ListState.OPEN, **where)
    return Person.objects.filter(pk__in=rows.values("person"))


class PartnerGroup(RecipientGroup[Partner]):
    """The contacts of one partner who agreed to be on a list."""

    key = "partenaire"
    label = gettext_lazy("Partenaires")
    fields = {"partenaire": gettext_lazy("Nom du partenaire")}
    is_own_dossier = False
    subject_route = "mission:partners-row"

    def rows(self, user: Any) -> QuerySet[Partner]:
        return Partner.objects.filter(assembly__in=assembly_ids(user, TEAM_ROLES), merged_into=None)

    def term(self, subject: Partner) -> None:
        return None

    def name(self, subject: Partner) -> str:
        return subject.name

    def people(self, subject: Partner) -> QuerySet[Person]:
        return agreed_contacts(subject.assembly_id, partner=subject)

    def facts(self, subject: Partner) -> dict[str, str]:
        return {"partenaire": subject.name}
