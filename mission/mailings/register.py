"""Registers of lists and of the messages to them."""

from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly.lists import Column, column
from assembly.lists.filters import by_related
from assembly.text.french import format_date
from mission.letters.models import LetterState
from mission.letters.workflow import BODY_HELP, LetterForm
from mission.mailings.actions import write_subscriber
from mission.mailings.forms import SubscriberForm
from mission.mailings.models import ListMessage, ListState, ListSubscriber, MailingList
from mission.mailings.workflow import LIST_STEPS, MESSAGE_STEPS, recipients_sentence
from mission.registers.declaration import Lines, Register, Section, register


def with_subscribers(rows: Any) -> Any:
    """Annotate each list with the number of subscribers who agreed."""
    subscribers = ListSubscriber.objects.agreed().filter(row=OuterRef("pk")).order_by().values("row")
    return rows.annotate(agreed=Subquery(subscribers.annotate(n=Count("pk")).values("n")))


def consent_label(line: Any) -> str:
    return line.get_means_display() if line.confirmed_at else gettext("demandé par courriel, sans réponse")


def message_sentence(message: ListMessage) -> str:
    """Return whom the message will reach or, once sent, its list and day."""
    if message.state == LetterState.DRAFT:
        return recipients_sentence(message)
    params = {"name": message.mailing_list.name, "day": format_date(message.sent_at, weekday=False)}
    return gettext("Envoyé à la liste « %(name)s » le %(day)s.") % params


LISTS = register(
    Register(
        key="lists",
        slug="listes-de-diffusion",
        model=MailingList,
        prefix="LD",
        title=_("Listes de diffusion"),
        new=_("Ajouter une liste"),
        noun_with_article=_("la liste"),
        counted=ngettext_lazy("%(n)s liste", "%(n)s listes", "n"),
        empty=_("Une liste par sujet. N’y sont que les contacts de partenaires qui ont donné leur accord."),
        icon="people",
        order=22,
        sections=[Section(_("La liste"), ["name", "purpose"])],
        helps={"purpose": _("Ce qu’ils lisent quand on leur demande leur accord : de quoi, à quel rythme.")},
        columns=[Column(_("Abonnés"), lambda row: row.agreed or 0, "abonnes", number=True)],
        rows=with_subscribers,
        audit_events={
            "joined": _("a accepté par son lien d’être sur la liste"),
            "left": _("s’est retiré de la liste"),
        },
        steps=LIST_STEPS,
        path=[ListState.OPEN, ListState.CLOSED],
        lines=[
            Lines(
                "abonnes",
                ListSubscriber,
                _("Abonnés"),
                _("Noter un accord"),
                ["means", "consent_on", "proof"],
                [
                    Column(_("Nom"), "person.full_name"),
                    "partner",
                    Column(_("Accord"), consent_label),
                    Column(_("Le"), "consent_on"),
                    Column(_("Noté par"), "created_by.get_full_name"),
                ],
                helps={
                    "means": _("Par le lien : nous le lui demandons par courriel, et rien ne part avant sa réponse."),
                    "consent_on": _("Vide si l’accord est demandé par le lien."),
                    "proof": _("Le courriel, le bulletin signé, la feuille d’émargement."),
                },
                form=SubscriberForm,
                load=["person", "partner", "created_by__person"],
                order=["person__sort_name", "pk"],
                write=write_subscriber,
            ),
        ],
    )
)
MESSAGES = register(
    Register(
        key="messages",
        slug="messages",
        model=ListMessage,
        prefix="ME",
        title=_("Messages aux listes"),
        new=_("Écrire un message"),
        noun_with_article=_("le message"),
        counted=ngettext_lazy("%(n)s message", "%(n)s messages", "n"),
        empty=_("Un message part à une liste, une fois, quand quelqu’un le décide."),
        icon="envelope",
        order=24,
        sections=[
            Section(_("Le message"), ["mailing_list", "name", "body"]),
        ],
        helps={"name": _("L’objet du courriel."), "body": BODY_HELP},
        form=LetterForm,
        limits={"mailing_list": Q(state=ListState.OPEN)},
        columns=[column(ListMessage, "mailing_list", "liste"), column(ListMessage, "sent_at", "envoi")],
        filters=[by_related(ListMessage, "mailing_list", "liste")],
        default="-reference",
        template="mission/letters/show.html",
        sentence=message_sentence,
        steps=MESSAGE_STEPS,
        path=[LetterState.DRAFT, LetterState.SENT],
        locked_states=[LetterState.SENT],
    )
)
