"""Workflow of a message: it is read again, then sent once, or given up."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _, ngettext

from assembly.correspondence.forms import SendForm, SendToManyForm
from assembly.correspondence.models import MessageState as S, SavedText, SavedTextState, TeamMessage
from assembly.correspondence.queries import ways_of
from assembly.correspondence.registry import group_of
from assembly.correspondence.rules import ASK_PROOF_ABOVE
from assembly.institution.models import TEAM_ROLES
from assembly.institution.rules import has_role, is_team
from assembly.text.french import format_moment, format_number, format_time, local_day
from assembly.workflow import Permission, Step, StepPage, Workflow, make_guard

TEAM: Permission[TeamMessage] = Permission(lambda user, message: is_team(user, message.term_id), _("équipe"))
SOMEBODY = make_guard(
    lambda message: message.count, _("Personne ne recevrait ce message : changez ses destinataires.")
)


def people_sentence(message: TeamMessage) -> str:
    """Return « 54 personnes »."""
    text = ngettext("%(n)s personne", "%(n)s personnes", message.count)
    return text % {"n": format_number(message.count)}


def frozen_sentence(message: TeamMessage) -> str:
    """Return « 54 personnes, figées à 10 h 12. », with the day where that was not today."""
    if local_day(message.frozen_at) == timezone.localdate():
        text = ngettext("%(people)s, figée à %(hour)s.", "%(people)s, figées à %(hour)s.", message.count)
    else:
        text = ngettext("%(people)s, figée %(moment)s.", "%(people)s, figées %(moment)s.", message.count)
    moment = format_moment(message.frozen_at)
    return text % {"people": people_sentence(message), "hour": format_time(message.frozen_at), "moment": moment}


def send_title(message: TeamMessage) -> str:
    return gettext("Envoyer à %(people)s ?") % {"people": people_sentence(message)}


def send_lines(message: TeamMessage) -> Iterable[str]:
    yield frozen_sentence(message)
    yield gettext("Qui n’est plus concerné quand le message part n’en reçoit pas\u00a0: le suivi le dira.")
    if not group_of(message.group).is_own_dossier:
        yield gettext("Chaque courriel a un lien pour ne plus en recevoir.")


def sent_message(message: TeamMessage) -> str:
    distribution = message.distribution
    if distribution and distribution.is_waiting:
        return gettext("Les courriels partent %(moment)s.") % {"moment": format_moment(distribution.send_at)}
    return gettext("Le message part. Son suivi est ci-dessous.")


PAGE: dict[str, Any] = {
    "label": _("Envoyer"),
    "question": send_title,
    "success_message": sent_message,
    "consequences": send_lines,
    "template": "correspondence/send.html",
    "context": lambda message: {"ways": ways_of(message)},
}


def send_slug(message: TeamMessage) -> str:
    """Return the page that sends: to many, with a recent proof of identity."""
    return "envoyer-en-nombre" if message.count > ASK_PROOF_ABOVE else "envoyer"


MESSAGE: Workflow[TeamMessage] = Workflow(
    [
        Step(
            "send",
            {S.DRAFT},
            S.SENT,
            TEAM,
            event_type="sent",
            history_text=_("a envoyé le message"),
            guards=(SOMEBODY,),
            when_column="sent_at",
            by_column="sent_by",
            primary=True,
            slug="envoyer",
            form=SendForm,
            offered=lambda user, message: send_slug(message) == "envoyer",
            pages=(
                StepPage(
                    slug="envoyer-en-nombre",
                    form=SendToManyForm,
                    fresh=True,
                    offered=lambda user, message: send_slug(message) == "envoyer-en-nombre",
                    **PAGE,
                ),
            ),
            **PAGE,
        ),
        Step(
            "cancel",
            {S.DRAFT},
            S.CANCELLED,
            TEAM,
            history_text=_("a abandonné le message"),
            slug="abandonner",
            label=_("Abandonner ce message"),
            undo="resume",
        ),
        Step(
            "resume",
            {S.CANCELLED},
            S.DRAFT,
            TEAM,
            history_text=_("a repris le message"),
            slug="reprendre",
            label=_("Reprendre ce message"),
        ),
    ],
    dossier=lambda message: message.subject,
    noun="team_message",
    noun_with_article=_("le message"),
)

OWNERS: Permission[SavedText] = Permission(
    lambda user, text: has_role(user, TEAM_ROLES, assembly=text.assembly_id), _("équipe")
)
SAVED_TEXT: Workflow[SavedText] = Workflow(
    [
        Step(
            "remove",
            {SavedTextState.OFFERED},
            SavedTextState.REMOVED,
            OWNERS,
            history_text=_("a retiré le modèle de texte"),
            slug="retirer",
            label=_("Retirer"),
            undo="restore",
        ),
        Step(
            "restore",
            {SavedTextState.REMOVED},
            SavedTextState.OFFERED,
            OWNERS,
            history_text=_("a remis le modèle de texte"),
            slug="remettre",
            label=_("Remettre"),
        ),
    ],
    noun="saved_text",
    noun_with_article=_("le modèle"),
)
