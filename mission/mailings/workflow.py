"""Workflow of a list, and of a message, which is sent once. The README of the mission has the same tables."""

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from assembly.workflow import must_hold
from mission.letters.workflow import letter_leaves
from mission.mailings import actions
from mission.mailings.enums import ListState as S
from mission.mailings.models import ListMessage, MailingList
from mission.registers.moves import Move


def subscriber_lines(mailing_list: MailingList) -> list[str]:
    count = len(actions.reached_by(mailing_list))
    text = ngettext("%(n)s personne y est abonnée.", "%(n)s personnes y sont abonnées.", count)
    return [text % {"n": count}, gettext("Personne ne reçoit de courriel de ce changement.")]


LIST_MOVES = [
    Move("close", {S.OPEN}, S.CLOSED, needs_reason=True).page(
        "fermer",
        _("Fermer la liste"),
        _("a fermé la liste"),
        _("Fermer cette liste ?"),
        _("La liste est fermée : plus aucun message ne lui est envoyé."),
        lines=subscriber_lines,
    ),
    Move("reopen", {S.CLOSED}, S.OPEN, primary=True).page(
        "rouvrir", _("Rouvrir la liste"), _("a rouvert la liste"), _("Rouvrir cette liste ?"), lines=subscriber_lines
    ),
]


LIST_IS_OPEN = must_hold(lambda message: message.mailing_list.state == S.OPEN, _("La liste est fermée."), "closed")
HAS_SUBSCRIBERS = must_hold(
    lambda message: actions.reached_by(message.mailing_list),
    _("Personne n’est abonné à cette liste."),
    "subscribers",
)


def people_words(message: ListMessage) -> str:
    count = len(actions.reached_by(message.mailing_list))
    text = ngettext(
        "%(n)s personne de la liste « %(name)s » le reçoit par courriel.",
        "%(n)s personnes de la liste « %(name)s » le reçoivent par courriel.",
        count,
    )
    return text % {"n": count, "name": message.mailing_list.name}


def message_lines(message: ListMessage) -> list[str]:
    return [
        people_words(message),
        gettext("Qui se retire avant le départ ne le reçoit pas. Le texte ne change plus ensuite."),
    ]


MESSAGE_MOVES = [
    letter_leaves(
        label=_("Envoyer le message"),
        question=_("Envoyer ce message ?"),
        done=_("Le message est en cours d’envoi."),
        says=_("a envoyé le message"),
        guards=(LIST_IS_OPEN, HAS_SUBSCRIBERS),
        lines=message_lines,
        send_out=lambda message, by: actions.send_list_message(message, by=by),
    )
]
