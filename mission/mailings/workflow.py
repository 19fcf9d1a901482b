"""Workflow of a list, and of a message, which is sent once. The README of the mission has the same tables."""

from django.utils.translation import gettext, gettext_lazy as _, ngettext

from assembly.workflow import Step, make_guard
from mission.letters.workflow import send_step
from mission.mailings import mails
from mission.mailings.models import ListMessage, ListState as S, MailingList
from mission.registers.rules import TEAM


def subscriber_lines(mailing_list: MailingList) -> list[str]:
    count = len(mails.reached_by(mailing_list))
    text = ngettext("%(n)s personne y est abonnée.", "%(n)s personnes y sont abonnées.", count)
    return [text % {"n": count}, gettext("Personne ne reçoit de courriel de ce changement.")]


LIST_STEPS = [
    Step(
        "close",
        {S.OPEN},
        S.CLOSED,
        TEAM,
        history_text=_("a fermé la liste"),
        needs_reason=True,
        slug="fermer",
        label=_("Fermer la liste"),
        question=_("Fermer cette liste ?"),
        success_message=_("La liste est fermée : plus aucun message ne lui est envoyé."),
        consequences=subscriber_lines,
    ),
    Step(
        "reopen",
        {S.CLOSED},
        S.OPEN,
        TEAM,
        history_text=_("a rouvert la liste"),
        primary=True,
        slug="rouvrir",
        label=_("Rouvrir la liste"),
        question=_("Rouvrir cette liste ?"),
        consequences=subscriber_lines,
    ),
]


LIST_IS_OPEN = make_guard(lambda message: message.mailing_list.state == S.OPEN, _("La liste est fermée."), "closed")
HAS_SUBSCRIBERS = make_guard(
    lambda message: mails.reached_by(message.mailing_list),
    _("Personne n’est abonné à cette liste."),
    "subscribers",
)


def recipients_sentence(message: ListMessage) -> str:
    count = len(mails.reached_by(message.mailing_list))
    text = ngettext(
        "%(n)s personne de la liste « %(name)s » le reçoit par courriel.",
        "%(n)s personnes de la liste « %(name)s » le reçoivent par courriel.",
        count,
    )
    return text % {"n": count, "name": message.mailing_list.name}


MESSAGE_STEPS = [
    send_step(
        label=_("Envoyer le message"),
        question=_("Envoyer ce message ?"),
        success_message=_("Le message est en cours d’envoi."),
        history_text=_("a envoyé le message"),
        guards=(LIST_IS_OPEN, HAS_SUBSCRIBERS),
        consequences=lambda message: [
            recipients_sentence(message),
            gettext("Qui se retire avant le départ ne le reçoit pas. Le texte ne change plus ensuite."),
        ],
        send_out=lambda message, by: mails.send_list_message(message, by=by),
    )
]
