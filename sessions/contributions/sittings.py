"""Contributions of sittings: menus, to-do lines, widgets, mails, search, audit events."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.identity.attempts import add_ceiling
from assembly.identity.models import User
from assembly.institution import todo
from assembly.institution.areas import open_area
from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.handover import OpenDossiers, add_open_dossiers
from assembly.institution.menu import FOR_MEMBERS, add_menu_entry
from assembly.institution.models import Term
from assembly.institution.queries import main_assembly_key
from assembly.institution.reader_query import ReaderQuery
from assembly.institution.rules import is_team, term_ids
from assembly.institution.todo import add_to_do
from assembly.lists import add_list
from assembly.notifications.registry import add_messages
from assembly.portal.registry import Widget, add_widget
from assembly.portal.sitemap import Page, add_pages
from assembly.search.models import SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source
from assembly.speed.compiled_query import CompiledQuery
from assembly.text.french import format_date
from sessions.agenda.queries import items_of
from sessions.contributions import absences
from sessions.decisions import contributions as decisions
from sessions.enums import MY_REPLY_LABELS, REPLY_BADGES, Reply
from sessions.expenses import contributions as expenses
from sessions.minutes import contributions as minutes
from sessions.models import Invitee, Notice, Sitting
from sessions.notifications.corrections import SittingMessage
from sessions.queries.public import announced
from sessions.sittings.actions import planning as actions
from sessions.sittings.actions.convening import REPLY_LINK
from sessions.sittings.lists import SITTINGS
from sessions.sittings.mails import (
    CancelledNotice,
    ChangedNotice,
    FirstNotice,
    PostponedNotice,
    Reminder,
    SecondNotice,
)
from sessions.sittings.models import SittingQuerySet
from sessions.sittings.queries import sittings as queries
from sessions.sittings.queries.sittings import coming_sittings, followed_by, my_sittings


def convene_line(sitting: dict[str, Any]) -> todo.ToDo:
    return todo.ToDo(
        gettext("Convoquer : %(title)s") % sitting,
        reverse("sittings:sitting", args=[sitting["pk"]]),
        gettext("Séance du %(day)s") % {"day": format_day(sitting["starts_at"])},
        acts=(todo.LineButton(gettext("Préparer la convocation"), reverse("sittings:notify", args=[sitting["pk"]])),),
    )


def papers_line(sitting: dict[str, Any]) -> todo.ToDo:
    return todo.ToDo(
        gettext("Joindre les documents : %(title)s") % sitting,
        reverse("sittings:papers", args=[sitting["pk"]]),
        gettext("Séance du %(day)s") % {"day": format_day(sitting["starts_at"])},
    )


def never_opened_line(sitting: dict[str, Any]) -> todo.ToDo:
    return todo.ToDo(
        gettext("Dire si la séance s’est tenue : %(title)s") % sitting,
        reverse("sittings:hold", args=[sitting["pk"]]),
        gettext("Elle était prévue le %(day)s") % {"day": format_day(sitting["starts_at"])},
    )


def answer_line(convened: dict[str, Any]) -> todo.ToDo:
    """Return the line of a convocation, with buttons to answer it."""
    url = reverse("sittings:my-sitting", args=[convened["sitting"]])
    return todo.ToDo(
        gettext("Serez-vous là le %(day)s ?") % {"day": format_day(convened["starts_at"])},
        url,
        convened["title"],
        acts=(
            todo.LineButton(gettext("Je viens"), url, ("reply", "will_attend")),
            todo.LineButton(gettext("Je ne viens pas"), url, ("reply", "will_not")),
        ),
    )


def format_day(moment: str) -> str:
    return format_date(todo.day_of(moment))


def last_day_to_convene() -> todo.DaysFrom:
    return todo.DaysFrom(TruncDate("starts_at"), "term__notice_days", sign="-")


def last_day_of_papers() -> todo.DaysFrom:
    return todo.DaysFrom(TruncDate("starts_at"), "term__papers_days", sign="-")


SITTING = {name: name for name in ("pk", "title", "starts_at")}
CONVENED = {"sitting": "sitting_id", "title": "sitting__title", "starts_at": "sitting__starts_at"}
DESK = todo.PendingLists(
    todo.PendingRows(queries.to_convene, SITTING, convene_line, due=last_day_to_convene, sort_field="title"),
    todo.PendingRows(queries.without_papers, SITTING, papers_line, due=last_day_of_papers, sort_field="title"),
    *absences.DESK,
    *expenses.DESK,
    todo.PendingRows(
        queries.never_opened, SITTING, never_opened_line, due=lambda: TruncDate("ends_at"), sort_field="title"
    ),
    *minutes.DESK,
    decisions.LATE,
)
MEMBER = todo.PendingLists(
    todo.PendingRows(queries.waiting_answers, CONVENED, answer_line, due=lambda: TruncDate("sitting__starts_at")),
    expenses.TO_COMPLETE,
    *minutes.MEMBER,
    decisions.MINE,
)


def desk_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    """List the notices to send, sittings that nobody opened or closed, open minutes, late actions."""
    return [DESK] if is_team(user, term) else []


def member_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    """List the convocations without an answer, minutes to read or to sign, and the reader's own actions."""
    return [MEMBER]


def count_files(user: User, term: Term) -> int:
    return followed_by(user, term).count()


def move_files(user: User, to: User, term: Term, by: User) -> int:
    return actions.hand_over(followed_by(user, term), to=to, by=by)


NEXT = 3
NEXT_PUBLIC = CompiledQuery(
    lambda term: coming_sittings(Sitting.objects.public().filter(term=term)).for_screen()[:NEXT]
)


def public_sittings(user: Any, term: Term) -> Widget:
    """Return the widget of the next sittings announced to the public."""
    return Widget(
        "sessions/sittings/_next_public.html", {"sittings": list(NEXT_PUBLIC(term.pk))}, order=10, position="sidebar"
    )


def next_sittings(user: Any, term: Term) -> SittingQuerySet:
    """Return the reader's next sittings, annotated with their own answer (`my_reply`)."""
    own = Invitee.objects.expected().filter(sitting=OuterRef("pk"), person=user.person_id).values("reply")
    return coming_sittings(my_sittings(user).filter(term=term)).annotate(my_reply=Subquery(own)).for_screen()[:NEXT]


MY_NEXT_SITTINGS = ReaderQuery(next_sittings)


def my_next_sittings(user: Any, term: Term) -> Widget:
    """Return the widget of the reader's next sittings, with the address of their calendar."""
    rows = [(row, my_reply_badge(row)) for row in MY_NEXT_SITTINGS(user, term)]
    return Widget("sessions/sittings/_my_next.html", {"rows": rows}, order=10, position="sidebar")


def my_reply_badge(sitting: Sitting) -> tuple[str, str] | None:
    """Return the badge and the label of the reader's own answer, or None before they answered."""
    reply: str | None = sitting.my_reply  # type: ignore[attr-defined]  # -- annotated above
    if not sitting.takes_answers or reply in (None, Reply.INVITED):
        return None
    return REPLY_BADGES[Reply(reply)], str(MY_REPLY_LABELS[Reply(reply)])


def pages() -> Iterator[Page]:
    """Yield the list and each sitting announced to the public."""
    yield reverse("sittings:public-list"), None
    for reference in announced().order_by("starts_at", "pk").values_list("reference", flat=True):
        yield reverse("sittings:public", args=[reference]), None


DESK_AUDIENCE, MEMBER_AREA, PUBLIC = "desk", "member_area", "public"
DESK_ROLES = TEAM_ROLES | {Role.FACILITATOR}
YEAR = timedelta(days=366)


class Sittings(SearchSource):
    """Index of sittings: titles, days and places for the public.

    Those convened also find the agenda that they received; the back office finds all of it.
    """

    kind, order = "sitting", 10
    name, label = _("Séance"), _("Séances")

    def objects(self) -> QuerySet[Sitting]:
        was_convened = Notice.objects.filter(sitting=OuterRef("pk"))
        return Sitting.objects.select_related("committee").annotate(was_convened=Exists(was_convened))

    def entries(self, subject: Any) -> Iterable[IndexEntry]:
        fields = [subject.place_name, subject.place_address]
        yield self._entry(subject, PUBLIC, fields[:1])
        fields.append(subject.committee.name if subject.committee else "")
        agenda = agenda_texts(subject, internal=False) if subject.was_convened else []
        yield self._entry(subject, MEMBER_AREA, [*fields, *agenda])
        yield self._entry(subject, DESK_AUDIENCE, [*fields, subject.message, *agenda_texts(subject, internal=True)])

    def _entry(self, sitting: Sitting, audience: str, texts: Iterable[str]) -> IndexEntry:
        return IndexEntry(
            title=sitting.title,
            body="\n".join(filter(None, texts)),
            audience=audience,
            reference=sitting.reference,
            dated_on=timezone.localdate(sitting.starts_at),
            term_id=sitting.term_id,
        )

    def visible_to(self, user: Any) -> Mapping[str, QuerySet[Sitting]]:
        announced = Sitting.objects.public().filter(
            term__assembly=main_assembly_key(), ends_at__gte=timezone.now() - YEAR
        )
        if not user.is_authenticated:
            return {PUBLIC: announced}
        at_desk, own = term_ids(user, DESK_ROLES), Sitting.objects.visible_to(user)
        return {
            DESK_AUDIENCE: own.filter(term__in=at_desk),
            MEMBER_AREA: own.exclude(term__in=at_desk),
            PUBLIC: announced.exclude(pk__in=own.values("pk")),
        }

    def address(self, user: Any, entry: SearchEntry) -> str:
        if entry.audience == PUBLIC:
            if not entry.reference:  # The entry was indexed before sittings had a public page.
                return reverse("sittings:public-list")
            return reverse("sittings:public", args=[entry.reference])
        return reverse(
            "sittings:sitting" if entry.audience == DESK_AUDIENCE else "sittings:my-sitting", args=[entry.object_id]
        )

    def touched_by(self, label: str, ids: Collection[Any]) -> Iterable[Any]:
        if label == "institution.Committee":
            return Sitting.objects.filter(committee__in=ids).values_list("pk", flat=True)
        return super().touched_by(label, ids)


def agenda_texts(sitting: Sitting, *, internal: bool) -> list[str]:
    """Return the titles, speakers and presentations of the agenda."""
    rows = items_of(sitting, internal=internal).values_list("title", "speaker", "note")
    return [text for row in rows for text in row]


open_area(r"/bureau/(corrections|decisions|points|votes)/", TEAM_ROLES)
add_menu_entry("desk", _("Travaux"), _("Séances"), "sittings:list", SITTINGS.can_open, order=30, icon="calendar-event")
add_menu_entry(
    "member",
    "",
    _("Mes séances"),
    "sittings:my-list",
    FOR_MEMBERS,
    order=20,
    icon="calendar-event",
    bar_label=_("Séances"),
)
add_to_do("desk", desk_lines)
add_to_do("member", member_lines)
add_open_dossiers(OpenDossiers("sittings", _("séances à suivre"), count_files, move_files))
add_widget("public", public_sittings)
add_widget("member", my_next_sittings)
add_pages("sittings", pages)
add_messages(FirstNotice, ChangedNotice, SecondNotice, PostponedNotice, CancelledNotice, Reminder)
add_messages(SittingMessage)
add_search_source(Sittings)
add_ceiling(REPLY_LINK, _("Liens de réponse aux convocations"), near=500)
add_audit_events(
    {
        "sitting.created": _("a créé la séance"),
        "sitting.corrected": _("a modifié la séance"),
        "sitting.handed_over": _("a passé le suivi de la séance"),
        "notice.tested": _("s’est envoyé un essai de la convocation"),
        "template.saved": _("a enregistré un modèle de séance"),
        "calendar.opened": _("a ouvert son agenda personnel"),
        "calendar.closed": _("a fermé l’adresse d’un agenda personnel"),
    }
)
add_list(SITTINGS)
