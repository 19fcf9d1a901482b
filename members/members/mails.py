"""Mails to members about their own access, and whom the team writes to: a member, a contact, those of a list."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _, gettext_lazy

from assembly.correspondence.registry import RecipientGroup
from assembly.identity.models import Person, User
from assembly.institution.models import TEAM_ROLES
from assembly.institution.rules import term_ids
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.registry import MessageKind
from members.enums import MandateState
from members.models import Contact, Mandate


class AddressChanged(MessageKind):
    """Mail to the address that opens the access from now on."""

    kind = "address-changed"
    template = "members/members/mail/address_changed"
    label = gettext_lazy("Nouvelle adresse de connexion")


class AddressLeft(MessageKind):
    """Mail to the former address, so that the person reports a change that nobody requested."""

    kind = "address-left"
    template = "members/members/mail/address_left"
    label = gettext_lazy("Ancienne adresse de connexion")


def send_address_change(mandate: Mandate, user: User, former: str, *, number: int, by: User) -> None:
    """Send one message to each address, in the transaction of the change. `number` identifies the change."""
    titles = {
        "address-changed": (_("Votre nouvelle adresse pour vous connecter"), user.email),
        "address-left": (_("Votre adresse pour vous connecter a changé"), former),
    }
    for kind, (title, address) in titles.items():
        distribute(
            kind,
            mandate,
            [Recipient(user.person, {"email": user.email}, address=address)],
            by=by,
            title=title,
            key=f"{kind}:{user.pk}:{number}",
            term=mandate.term,
        )


def people_in_mandate(**where: Any) -> QuerySet[Person]:
    """Return the people of mandates that are not ended."""
    rows = Mandate.objects.filter(state__in=MandateState.tagged("open"), **where)
    return Person.objects.filter(pk__in=rows.values("member__person"))


class MemberGroup(RecipientGroup[Mandate]):
    """One member, while their mandate is open."""

    key = "membre"
    label = gettext_lazy("Membres")
    fields = {"canton": gettext_lazy("Canton")}
    subject_route = "members:member-page"

    def rows(self, user: Any) -> QuerySet[Mandate]:
        rows = Mandate.objects.filter(term__in=term_ids(user, TEAM_ROLES), state__in=MandateState.tagged("open"))
        return rows.select_related("term", "member__person", "member__canton")

    def name(self, subject: Mandate) -> str:
        return subject.member.person.full_name

    def people(self, subject: Mandate) -> QuerySet[Person]:
        return people_in_mandate(pk=subject.pk)

    def facts(self, subject: Mandate) -> dict[str, str]:
        return {"canton": subject.member.canton.name}


class ContactGroup(RecipientGroup[Contact]):
    """One person without account."""

    key = "contact"
    label = gettext_lazy("Personnes sans compte")
    is_own_dossier = False
    subject_route = "members:person-page"

    def rows(self, user: Any) -> QuerySet[Contact]:
        return Contact.objects.visible_to(user).select_related("person")

    def term(self, subject: Contact) -> None:
        return None

    def name(self, subject: Contact) -> str:
        return subject.person.full_name

    def people(self, subject: Contact) -> QuerySet[Person]:
        return Person.objects.filter(contacts=subject)
