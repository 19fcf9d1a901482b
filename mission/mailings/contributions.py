"""Contributions of mailing lists: mails, addresses whose mail came back, retention of subscribers.

A subscriber is retained until they withdraw or had no exchange with their partner for three years; the keyed digest of
an address that withdrew as long.
"""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.correspondence.registry import ListGroup, add_recipient_group
from assembly.identity.models import Person
from assembly.identity.personal_data import delete_row, retention
from assembly.institution.models import Term
from assembly.notifications.registry import add_messages
from assembly.notifications.signals import delivery_came_back
from assembly.web.widgets import Widget, add_widget
from mission.mailings import actions
from mission.mailings.actions import erase_subscriber
from mission.mailings.mails import ListInvitation, ListMessageMail, PartnerGroup, agreed_contacts
from mission.mailings.models import ListSubscriber, ListWithdrawal
from mission.mailings.rules import JOINED_WITHIN, SILENCE
from mission.partners.models import PartnerExchange
from mission.partners.register import PARTNERS


def writing_widget(user: Any, partner: Any) -> Widget:
    """Return « Écrire » on the page of a partner, with the number of contacts who agreed."""
    count = agreed_contacts(partner.assembly_id, partner=partner).count()
    return Widget("mission/mailings/_write.html", {"partner": partner.pk, "count": count})


class PartnersGroup(ListGroup):
    """The contacts who agreed, of the partners of the list."""

    key = PARTNERS.listing.key
    label = PARTNERS.title
    declared = PARTNERS.listing
    person = "contacts__person"

    def people(self, subject: Term) -> QuerySet[Person]:
        return agreed_contacts(subject.assembly_id)


add_messages(ListMessageMail, ListInvitation)
add_recipient_group(PartnerGroup())
add_recipient_group(PartnersGroup())
add_widget("register-partners", writing_widget)


def silent_for_long(now: datetime) -> Any:
    """Return the subscribers with an old agreement and no exchange with any partner of theirs since."""
    last_day = timezone.localdate(now - SILENCE)
    spoken = PartnerExchange.objects.filter(row__contacts__person=OuterRef("person"), held_on__gte=last_day)
    return ListSubscriber.objects.agreed().filter(~Exists(spoken), consent_on__lt=last_day)


def old_withdrawals(now: datetime) -> Any:
    return ListWithdrawal.objects.filter(withdrawn_at__lt=now - SILENCE)


retention(
    "mission.list_invitations",
    _("Accords demandés pour une liste, sans réponse"),
    find=lambda now: ListSubscriber.objects.filter(confirmed_at=None, created_at__lt=now - JOINED_WITHIN),
    apply=erase_subscriber,
)
retention(
    "mission.list_subscribers",
    _("Abonnés à une liste, trois ans sans échange avec leur partenaire"),
    find=silent_for_long,
    apply=erase_subscriber,
)
retention(
    "mission.list_withdrawals", _("Retraits d’une liste, trois ans après"), find=old_withdrawals, apply=delete_row
)


@receiver(delivery_came_back)
def leave_subscriber_alone(sender: Any, *, delivery: Any, **_: Any) -> None:
    """Unsubscribe an address whose mail came back."""
    actions.leave_returned(delivery)
