"""Registers of lists, of their subscribers and of the messages to them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _, ngettext_lazy

from assembly.institution.menu import MenuHeading
from assembly.lists import Column, column
from assembly.lists.filters import by_related
from assembly.text.french import format_date, local_day
from mission.letters.models import LetterState
from mission.letters.workflow import BODY_HELP, LetterForm
from mission.mailings.actions import write_subscriber
from mission.mailings.models import ConsentMeans, ListMessage, ListState, ListSubscriber, ListWithdrawal, MailingList
from mission.mailings.rules import address_digest
from mission.mailings.workflow import LIST_STEPS, MESSAGE_STEPS, recipients_sentence
from mission.partners.models import PartnerContact
from mission.registers.declaration import Lines, Register, Section, register
from mission.registers.forms import RowLineForm


class ContactChoice(forms.ModelChoiceField):
    def label_from_instance(self, contact: PartnerContact) -> str:
        return f"{contact.person.full_name}, {contact.row.name}"


class SubscriberForm(RowLineForm):
    """Form of a subscriber: the contact is chosen once; the agreement may be corrected."""

    contact = ContactChoice(
        label=_("Contact"),
        queryset=PartnerContact.objects.none(),
        help_text=_("Les contacts des partenaires qui ont un courriel."),
    )
    field_order = ["contact", "means", "consent_on", "proof"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["contact"]
            return
        rows = PartnerContact.objects.filter(row__assembly=self.row.assembly_id, row__merged_into=None)
        rows = rows.exclude(person__email="").select_related("person", "row")
        self.fields["contact"].queryset = rows.order_by("person__sort_name", "pk")  # type: ignore[attr-defined]  # -- a ModelChoiceField

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        means, on = data.get("means"), data.get("consent_on")
        if on and on > timezone.localdate():
            self.add_error("consent_on", ValidationError(gettext("Ce jour n’est pas encore venu."), code="future"))
        if self.instance.pk:
            self.check_means(means)
            return data
        if means == ConsentMeans.LINK:
            data["consent_on"] = None
        elif means and not on and "consent_on" not in self.errors:
            text = gettext("Dites quel jour l’accord a été donné.")
            self.add_error("consent_on", ValidationError(text, code="required"))
        if contact := data.get("contact"):
            self.check_person(contact, means, on)
        return data

    def check_means(self, means: str | None) -> None:
        """Add an error if the means changes to or from the link: the line must be removed and noted again."""
        if means and (means == ConsentMeans.LINK) != (self.instance.means == ConsentMeans.LINK):
            text = gettext("Pour un accord donné autrement, retirez cet abonnement et notez-le de nouveau.")
            self.add_error("means", ValidationError(text, code="means"))

    def check_person(self, contact: PartnerContact, means: str | None, on: Any) -> None:
        if ListSubscriber.objects.filter(row=self.row, person=contact.person).exists():
            self.add_error("contact", ValidationError(gettext("Cette personne y est déjà."), code="twice"))
        left = ListWithdrawal.objects.filter(row=self.row, digest=address_digest(contact.person.email)).first()
        if left and contact.person.email and means != ConsentMeans.LINK and on and on <= local_day(left.withdrawn_at):
            text = gettext("Cette adresse s’est retirée le %(day)s : il faut un accord donné depuis.")
            params = {"day": format_date(left.withdrawn_at, weekday=False)}
            self.add_error("consent_on", ValidationError(text % params, code="withdrawn"))


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
        heading=MenuHeading.WRITING,
        order=22,
        tab_of="messages",
        sections=[Section(_("La liste"), ["name", "purpose"])],
        private=["abonnes"],
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
                in_file={"contact": lambda line: f"{line.person.full_name}, {line.partner.name}"},
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
        new=_("Écrire aux abonnés"),
        noun_with_article=_("le message"),
        counted=ngettext_lazy("%(n)s message", "%(n)s messages", "n"),
        empty=_("Un message part à une liste, une fois, quand quelqu’un le décide."),
        heading=MenuHeading.WRITING,
        order=21,
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
