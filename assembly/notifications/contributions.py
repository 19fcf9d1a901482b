"""Contributions of mail: area, menus, to-do lines, messages, files, names in the journal, audit events."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _, ngettext_lazy

from assembly.audit.registry import add_audit_events, add_namer
from assembly.documents.actions.renditions import delete_renditions_about, request_rendition
from assembly.documents.registry import add_documents
from assembly.identity.personal_data import at_erasure
from assembly.institution import todo
from assembly.institution.menu import FOR_MEMBERS, MenuHeading, add_desk_line, add_menu_entry, anywhere
from assembly.institution.models import Term
from assembly.institution.rules import is_team
from assembly.institution.todo import add_to_do
from assembly.notifications import queries
from assembly.notifications.actions.distributions import LETTERS
from assembly.notifications.documents import Letters, ProofList
from assembly.notifications.mails import InvitationMessage, OptionalMessage, PlainMessage, ReminderMessage
from assembly.notifications.models import Delivery, DeliveryState as S, LetterBatch, LocalMessage, Way
from assembly.notifications.registry import add_messages
from assembly.notifications.rules import can_see_list
from assembly.notifications.workflow import DELIVERY

TO_CHECK = ngettext_lazy("%(n)s message est à vérifier", "%(n)s messages sont à vérifier", "n")
FAILED = ngettext_lazy("%(n)s message n’est pas parti", "%(n)s messages ne sont pas partis", "n")
TO_PRINT = ngettext_lazy("Imprimer %(n)s lettre", "Imprimer %(n)s lettres", "n")
TO_HAND_OVER = ngettext_lazy("Remettre %(n)s lettre imprimée", "Remettre %(n)s lettres imprimées", "n")


def call_line(delivery: dict[str, Any]) -> todo.ToDo:
    title = gettext("Appeler %(name)s : son courriel est revenu") % delivery
    detail = " · ".join(part for part in (delivery["title"], delivery["phone"].replace(" ", "\u00a0")) if part)
    return todo.ToDo(title, page_of(delivery["distribution"], "a-traiter"), detail, tray=todo.Tray.RETURNED)


def state_lines(label: Any, tab: str, state: str, *ways: str) -> todo.PendingRows:
    """Build the to-do lines of distributions with deliveries in this state, one line for each."""
    tray = todo.Tray.LETTERS if tab == "lettres" else None

    def line(row: dict[str, Any]) -> todo.ToDo:
        return todo.ToDo(label % {"n": row["n"]}, page_of(row["pk"], tab), row["title"], tray=tray, items=row["n"])

    fields = {name: name for name in ("pk", "title", "n")}
    return todo.PendingRows(lambda user, term: queries.distributions_with(term, state, *ways), fields, line)


def page_of(pk: int, tab: str) -> str:
    return f"{reverse('notifications:distribution-page', args=[pk])}?etat={tab}"


CALL = {
    "name": "recipient_name",
    "phone": "person__phone",
    "distribution": "distribution_id",
    "title": "distribution__title",
}
DESK = todo.PendingLists(
    todo.PendingRows(lambda user, term: queries.people_to_call(term), CALL, call_line, sort_field="name"),
    state_lines(TO_CHECK, "a-traiter", S.TO_CHECK),
    state_lines(FAILED, "a-traiter", S.FAILED),
    state_lines(TO_PRINT, "lettres", S.QUEUED, Way.PAPER),
    state_lines(TO_HAND_OVER, "lettres", S.PRINTED),
)


def desk_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    """Return the lines of the team: people to call, messages to check, letters for the printer."""
    return [DESK] if is_team(user, term) else []


add_desk_line(
    MenuHeading.WRITING,
    _("Envois"),
    "notifications:distribution-list",
    anywhere(can_see_list),
    order=60,
)
add_menu_entry("member", _("Mes messages"), "notifications:message-list", FOR_MEMBERS, order=80, icon="envelope")
add_to_do("desk", desk_lines)
add_messages(PlainMessage, OptionalMessage, ReminderMessage, InvitationMessage)
add_documents(Letters, ProofList)
add_namer(queries.named_distributions)
add_audit_events(
    {
        "distribution.requested": _("a demandé l’envoi"),
        "distribution.stopped": _("a arrêté l’envoi"),
        "distribution.retried": _("a relancé les envois qui n’étaient pas partis"),
        "distribution.proof_read": _("a lu la preuve de l’envoi, adresses comprises"),
        "letters.printed": _("a imprimé les lettres"),
        "letters.handed_over": _("a remis les lettres"),
        "delivery.replaced_by_letter": _("a remplacé un courriel refusé par une lettre"),
        "outbox.suspended": _("a retenu les envois en attente après une restauration"),
        "preference.changed": _("a changé ses choix de courriels"),
        "preference.complained": _("a signalé un message comme indésirable\u00a0: plus de courriels facultatifs"),
    }
)


def empty_local_mailbox(person: Any, by: Any) -> None:
    """Delete the person's messages in the developer's mailbox, also those to earlier addresses."""
    addresses = Delivery.objects.filter(person=person, way=Way.EMAIL).values_list("address", flat=True)
    for address in {person.email, *addresses} - {""}:
        LocalMessage.objects.filter(recipients__icontains=address).delete()


def erase_printed_files(person: Any, by: Any) -> None:
    """Erase files of letters and proof lists, which name the person; request those still to post for others again."""
    own = Delivery.objects.filter(person=person)
    batches = list(LetterBatch.objects.filter(letters__in=own).distinct())
    delete_renditions_about(
        {
            "notifications.LetterBatch": [batch.pk for batch in batches],
            "notifications.Distribution": own.values_list("distribution", flat=True),
        }
    )
    for batch in batches:
        if batch.letters.filter(state=S.PRINTED).exclude(person=person).exists():
            request_rendition(batch, LETTERS, by=None)


def stop_waiting_mail(person: Any, by: Any) -> None:
    """Stop all mail to a person who was erased."""
    for delivery in Delivery.objects.filter(person=person, state__in=S.tagged("stoppable")):
        DELIVERY.set_state(delivery, "stop", next_attempt_at=None)


at_erasure("notifications.mailbox", empty_local_mailbox)
at_erasure("notifications.outbox", stop_waiting_mail)
at_erasure("notifications.files", erase_printed_files)
