"""What members are told about their own access."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.identity.models import User
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.registry import MessageKind, register
from members.models import Mandate


@register
class AddressChanged(MessageKind):
    """To the address that opens the access from now on."""

    kind = "address-changed"
    template = "members/mail/address_changed"
    label = gettext_lazy("Nouvelle adresse de connexion")


@register
class AddressLeft(MessageKind):
    """To the former address: if nobody asked for this, the person says so at once."""

    kind = "address-left"
    template = "members/mail/address_left"
    label = gettext_lazy("Ancienne adresse de connexion")


def tell_both_addresses(mandate: Mandate, user: User, former: str, *, number: int, by: User) -> None:
    """One message to each address, in the transaction of the change. `number` tells one change from the next."""
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
