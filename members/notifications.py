"""What members are told about their own access."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.identity.models import User
from assembly.identity.personal_links import PersonalLink
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind, register
from members.models import AlumniConsent, Mandate


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


LEAVE = PersonalLink("members.alumni.leave", None)


def name_of(consent: AlumniConsent) -> str:
    """Names this consent: one given again later has another name."""
    return f"{consent.pk}-{consent.given_at:%Y%m%d%H%M%S%f}"


def leaving_token(consent: AlumniConsent) -> str:
    return LEAVE.token(name_of(consent), consent.mandate.member.person.email)


def leaving_address(consent: AlumniConsent) -> str:
    """The link that takes the consent back: in the first message, and in the file that later ones are written from."""
    return settings.SITE_URL + reverse("members:alumni-leave", args=[leaving_token(consent)])


def consent_of(token: str) -> AlumniConsent | None:
    """The consent that this link takes back; None when it was made up, or the consent or its address is gone."""
    if (sent := LEAVE.read(token)) is None:
        return None
    rows = AlumniConsent.objects.select_related("mandate__member__person", "mandate__term")
    found = rows.filter(pk=sent.name.partition("-")[0]).first()
    is_same = found is not None and name_of(found) == sent.name and sent.opens(found.mandate.member.person.email)
    return found if is_same else None


@register
class AlumniWelcome(MessageKind):
    """What was agreed, until when, and the link that takes it back. A consent taken back meanwhile is told too."""

    kind = "alumni-welcome"
    template = "members/mail/alumni_welcome"
    label = gettext_lazy("Rester en contact")

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        rows = AlumniConsent.objects.select_related("mandate__term", "mandate__member__person")
        found = rows.filter(pk=distribution.subject_id).first()
        return {"consent": found, "leave_url": leaving_address(found) if found else ""}


def welcome_alumni(consent: AlumniConsent, *, by: User) -> None:
    distribute(
        "alumni-welcome",
        consent,
        [Recipient(consent.mandate.member.person)],
        by=by,
        title=_("Rester en contact avec l’Assemblée"),
        key=f"alumni-welcome:{consent.pk}",
        term=consent.mandate.term,
    )


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
