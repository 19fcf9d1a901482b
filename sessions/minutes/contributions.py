"""Contributions of minutes: menu, to-do lines, mails, files, search, an agenda topic, audit events, retention."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _, ngettext

from assembly.audit.registry import add_audit_events
from assembly.documents.registry import add_documents
from assembly.identity.models import User
from assembly.identity.personal_data import delete_row, retention
from assembly.institution import todo
from assembly.institution.menu import FOR_MEMBERS, add_menu_entry
from assembly.institution.models import Term
from assembly.institution.registry import OpenDossiers, add_open_dossiers
from assembly.notifications.registry import add_messages
from assembly.search.models import SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source
from assembly.search.text import text_of_html
from assembly.text.french import format_date
from sessions.agenda.topics import Topic, add_agenda_topic
from sessions.minutes.actions import writing
from sessions.minutes.documents import DecisionsRecord, DraftMinutes, InternalMinutes, PublicMinutes
from sessions.minutes.mails import CorrectionsAnswered, DecisionsRecordSent, MinutesCirculated, MinutesSealed
from sessions.minutes.queries import minutes as waiting
from sessions.minutes.queries.facts import INTERNAL, document_reference, minutes_facts, title_of
from sessions.minutes.rules import MINUTES_PAGES, erased_on
from sessions.models import ItemNote, Minutes, MinutesKind, MinutesState, Sitting


def about(row: dict[str, Any]) -> str:
    """Return « Plénière du 3 mars »."""
    return gettext("%(title)s du %(day)s") % {
        "title": row["title"],
        "day": format_date(todo.day_of(row["starts_at"]), weekday=False),
    }


def tab(row: dict[str, Any]) -> str:
    return reverse("sittings:minutes", args=[row["sitting"]])


def begin_line(sitting: dict[str, Any]) -> todo.ToDo:
    return todo.ToDo(gettext("Commencer le compte rendu"), tab(sitting), about(sitting))


def writing_line(minutes: dict[str, Any]) -> todo.ToDo:
    return todo.ToDo(writing_sentence(minutes), tab(minutes), about(minutes))


def writing_sentence(minutes: dict[str, Any]) -> str:
    """Return the next step for minutes that were not circulated yet."""
    if minutes["state"] in MinutesState.tagged("ready"):
        return gettext("Faire relire le compte rendu")
    if not minutes["is_written"]:
        return gettext("Finir le compte rendu")
    if minutes["kind"] == MinutesKind.FORMAL:
        return gettext("Faire contrôler le procès-verbal")
    return gettext("Valider le compte rendu")


def seal_line(minutes: dict[str, Any]) -> todo.ToDo:
    return todo.ToDo(gettext("Recueillir les visas, puis sceller"), tab(minutes), about(minutes))


def correct_line(minutes: dict[str, Any]) -> todo.ToDo:
    label = ngettext("Traiter %(n)s correction", "Traiter %(n)s corrections", minutes["asked"])
    return todo.ToDo(label % {"n": minutes["asked"]}, f"{tab(minutes)}#corrections", about(minutes))


def visa_line(minutes: dict[str, Any]) -> todo.ToDo:
    act = todo.LineButton(gettext("Donner mon visa"), reverse("sittings:minutes-visa", args=[minutes["pk"]]))
    return todo.ToDo(gettext("Donner votre visa"), minutes_address(minutes), about(minutes), acts=(act,))


def read_line(minutes: dict[str, Any]) -> todo.ToDo:
    label, url = gettext("Relire le compte rendu"), minutes_address(minutes)
    return todo.ToDo(label, url, about(minutes), acts=(todo.LineButton(label, url),))


def minutes_address(minutes: dict[str, Any]) -> str:
    return reverse("sittings:minutes-read", args=[minutes["pk"]])


def last_day_to_begin() -> todo.DaysFrom:
    return todo.DaysFrom(TruncDate("starts_at"), "term__minutes_days")


def last_day_to_correct() -> TruncDate:
    return TruncDate("corrections_until")


OVER = {"sitting": "pk", "title": "title", "starts_at": "starts_at"}
MINUTES = {"pk": "pk", "sitting": "sitting_id", "title": "sitting__title", "starts_at": "sitting__starts_at"}
WRITTEN = MINUTES | {name: name for name in ("state", "kind", "is_written")}
DESK = (
    todo.PendingRows(waiting.to_begin, OVER, begin_line, due=last_day_to_begin),
    todo.PendingRows(waiting.being_written, WRITTEN, writing_line, due="due_on"),
    todo.PendingRows(waiting.to_seal, MINUTES, seal_line),
    todo.PendingRows(waiting.minutes_to_sign, MINUTES, visa_line),
    todo.PendingRows(waiting.to_correct, MINUTES | {"asked": "asked"}, correct_line, due=last_day_to_correct),
)
MEMBER = (
    todo.PendingRows(waiting.to_read, MINUTES, read_line, due=last_day_to_correct),
    todo.PendingRows(waiting.minutes_to_sign, MINUTES, visa_line),
)


def count_files(user: User, term: Term) -> int:
    return waiting.written_by(user, term).count()


def move_files(user: User, to: User, term: Term, by: User) -> int:
    files = list(waiting.written_by(user, term).select_related("sitting"))
    for minutes in files:
        writing.hand_over(minutes, to, by=by)
    return len(files)


class MinutesTexts(SearchSource):
    """Index of the internal text, which those who see minutes read whole; the public version is a publication."""

    kind, order = "minutes", 20
    name, label = _("Compte rendu"), _("Comptes rendus")

    def objects(self) -> QuerySet[Minutes]:
        return Minutes.objects.select_related(
            "sitting__term__assembly", "sitting__committee", "sitting__chair", "sitting__secretary"
        )

    def entries(self, subject: Minutes) -> Iterable[IndexEntry]:
        facts = minutes_facts(subject, INTERNAL)
        yield IndexEntry(
            title=title_of(subject),
            body="\n".join(line for item in facts["items"] for line in item_texts(item) if line),
            reference=document_reference(subject, INTERNAL),
            dated_on=timezone.localdate(subject.sitting.starts_at),
            term_id=subject.sitting.term_id,
            address_key=str(subject.sitting_id),
        )

    def visible_to(self, user: Any) -> Mapping[str, QuerySet[Minutes]]:
        return {"": Minutes.objects.visible_to(user)}

    def address(self, user: Any, entry: SearchEntry) -> str:
        sitting = Sitting(pk=int(entry.address_key), term_id=entry.term_key)
        return MINUTES_PAGES.page_for(Minutes(pk=int(entry.object_id), sitting=sitting), user)

    def touched_by(self, label: str, ids: Collection[Any]) -> Iterable[Any]:
        if label == "sittings.Sitting":
            return Minutes.objects.filter(sitting__in=ids).values_list("pk", flat=True)
        return super().touched_by(label, ids)


def item_texts(item: dict[str, Any]) -> Iterable[str]:
    """Yield the texts of one item in the minutes: title, summary, decisions, votes and actions."""
    yield item["title"]
    yield text_of_html(item["summary_html"])
    for decision in item["decisions"]:
        yield f"{decision['reference']} {decision['text']}"
    for ballot in [*item["ballots"], *(decision["ballot"] for decision in item["decisions"] if decision["ballot"])]:
        yield ballot["question"]
    for action in item["actions"]:
        yield action["text"]


def describe(keys: Iterable[str], reader: Any) -> Mapping[str, Topic]:
    """Return the titles and links of the minutes that this reader may see, by key; nothing for the others."""
    if reader is None:
        return {}
    rows = Minutes.objects.visible_to(reader).filter(pk__in=[key for key in keys if key.isdecimal()])
    return {
        str(minutes.pk): Topic(
            kind=_("Compte rendu"),
            reference=minutes.sitting.reference,
            title=title_of(minutes),
            url=reverse("sittings:minutes-read", args=[minutes.pk]),
        )
        for minutes in rows.select_related("sitting__committee")
    }


add_menu_entry("member", _("Comptes rendus"), "sittings:minutes-list", FOR_MEMBERS, order=30, icon="file-text")
add_open_dossiers(OpenDossiers("minutes", _("comptes rendus à finir"), count_files, move_files))
add_messages(MinutesCirculated, CorrectionsAnswered, MinutesSealed, DecisionsRecordSent)
add_documents(InternalMinutes, PublicMinutes, DraftMinutes, DecisionsRecord)
add_search_source(MinutesTexts)
add_agenda_topic("sittings.Minutes", describe)
add_audit_events(
    {
        "minutes.started": _("a commencé le compte rendu"),
        "section.saved": _("a écrit le résumé d’un point"),
        "section.restored": _("a repris une version antérieure d’un résumé"),
        "section.refused": _("a gardé en brouillon un résumé qui ne peut pas être imprimé"),
        "section.conflicted": _("a gardé à part un résumé écrit en même temps qu’un autre"),
        "correction.asked": _("a demandé une correction"),
        "correction.recorded": _("a noté une demande de correction"),
    }
)


def old_notes(now: datetime) -> QuerySet[ItemNote]:
    """Return the notes of sittings past the retention period of their term."""
    sittings = Sitting.objects.order_by().filter(agenda__notes__isnull=False).distinct()
    rows = sittings.values_list("pk", "starts_at", "term__notes_retention_months")
    today = timezone.localdate(now)
    due = [pk for pk, starts_at, months in rows if erased_on(starts_at, months) <= today]
    return ItemNote.objects.filter(item__sitting__in=due)


retention("sittings.notes", _("Notes prises en séance"), find=old_notes, apply=delete_row)
