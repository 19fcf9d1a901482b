"""Messages to everybody convened, typed by the team after a mistake."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.identity.models import User
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.registry import MessageKind
from assembly.text.french import format_date
from sessions.enums import SittingState as S
from sessions.models import Invitee, Sitting


class SittingMessage(MessageKind):
    """Message with one paragraph for each typed line, like the one about absences."""

    kind = "sitting-message"
    template = "sessions/attendance/mail/absences"
    label = gettext_lazy("Message sur une séance")


def write_to_convened(sitting: Sitting, *, title: str, text: str, by: User) -> int:
    """Send one message to each person still expected, and return their number."""
    invitees = Invitee.objects.expected().filter(sitting=sitting).select_related("person")
    recipients = [
        Recipient(invitee.person, {"text": text, "title": title})
        for invitee in invitees.order_by("person__sort_name", "pk")
    ]
    distribute(
        SittingMessage.kind,
        sitting,
        recipients,
        by=by,
        title=title,
        key=f"sitting-message:{sitting.pk}:{timezone.now():%Y%m%d%H%M%S%f}",
        term=sitting.term,
    )
    return len(recipients)


PROPOSED = {
    S.NOTIFIED: gettext_lazy("La séance a été notée ouverte par erreur. Elle aura bien lieu le %(day)s."),
    S.CONFIRMED: gettext_lazy("La séance a été notée ouverte par erreur. Elle aura bien lieu le %(day)s."),
    S.OPEN: gettext_lazy("La séance du %(day)s a été notée close par erreur. Elle ne l’est pas."),
    S.NOT_HELD: gettext_lazy("La séance prévue le %(day)s n’a pas eu lieu."),
}


def proposed_title(sitting: Sitting) -> str:
    return _("Séance du %(day)s\u00a0: une précision") % {"day": format_date(sitting.starts_at)}


def proposed_message(sitting: Sitting) -> str:
    """Return the proposed message, which the team may change; without a known mistake it states no fact."""
    fact = PROPOSED.get(S(sitting.state), "") % {"day": format_date(sitting.starts_at)}
    return _("Bonjour,\n\n%(fact)s\n\nL’équipe de l’Assemblée") % {"fact": fact}
