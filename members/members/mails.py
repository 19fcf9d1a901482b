"""Mails to members about their own access."""

from django.utils.translation import gettext as _, gettext_lazy

from assembly.identity.models import User
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.registry import MessageKind
from members.models import Mandate


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
