"""Mail of welcome of those who stay in touch, with the link that withdraws their consent."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from assembly.identity.models import User
from assembly.identity.personal_links import PersonalLink
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind
from members.models import AlumniConsent

LEAVE = PersonalLink("members.alumni.leave", None)


def name_of(consent: AlumniConsent) -> str:
    """Return the name of this consent in its link: one given again later has another name."""
    return f"{consent.pk}-{consent.given_at:%Y%m%d%H%M%S%f}"


def leaving_token(consent: AlumniConsent) -> str:
    return LEAVE.token(name_of(consent), consent.mandate.member.person.email)


def leaving_address(consent: AlumniConsent) -> str:
    """Return the link that withdraws the consent: in the first message, and in the file used for later ones."""
    return settings.SITE_URL + reverse("members:alumni-leave", args=[leaving_token(consent)])


def consent_of(token: str) -> AlumniConsent | None:
    """Return the consent of a link; None when the link was made up, or the consent or its address has changed."""
    if (sent := LEAVE.read(token)) is None:
        return None
    rows = AlumniConsent.objects.select_related("mandate__member__person", "mandate__term")
    consent = rows.filter(pk=sent.name.partition("-")[0]).first()
    is_same = consent is not None and name_of(consent) == sent.name and sent.opens(consent.mandate.member.person.email)
    return consent if is_same else None


class AlumniWelcome(MessageKind):
    """Mail with what was agreed, until when, and the link to withdraw it; also for a consent withdrawn since."""

    kind = "alumni-welcome"
    template = "members/consents/mail/alumni_welcome"
    label = gettext_lazy("Rester en contact")

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        rows = AlumniConsent.objects.select_related("mandate__term", "mandate__member__person")
        consent = rows.filter(pk=distribution.subject_id).first()
        return {"consent": consent, "leave_url": leaving_address(consent) if consent else ""}


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
