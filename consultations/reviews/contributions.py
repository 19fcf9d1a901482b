"""Contributions of reviews: menus, to-do lines and widgets of directorates, files, mails, audit events, a receiver."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, When, Window
from django.db.models.functions import RowNumber
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.calendar.models import CalendarKind
from assembly.calendar.registry import CalendarItem, add_calendar_source, deadline
from assembly.documents.models import Upload
from assembly.documents.registry import add_upload_rules
from assembly.institution import todo
from assembly.institution.menu import add_menu_entry, anywhere, open_area
from assembly.institution.models import DIRECTORATE_ROLES, TEAM_ROLES, Term
from assembly.institution.queries import ReaderQuery
from assembly.institution.rules import directorates_of, is_team
from assembly.institution.signals import directorate_closed
from assembly.institution.todo import add_to_do
from assembly.notifications.registry import add_messages
from assembly.text.french import format_date
from assembly.web.widgets import Widget, add_widget
from consultations.models import DirectorateReview, ReviewKind, ReviewState
from consultations.reviews import queries
from consultations.reviews.actions import answering
from consultations.reviews.mails import ReviewMoreAsked, ReviewSentBack, ReviewToSign
from consultations.reviews.queries import waits_for_visa_of
from consultations.reviews.rules import is_agent

SHOWN = 20
NEXT, AT_VISA, GIVEN, OTHER, COPIED = range(5)


def waits_for(user: Any) -> Q:
    """Return the filter of open requests whose text is due, or that need a visa that the reader may give."""
    return Q(state__in=ReviewState.tagged("editable")) | Q(state=ReviewState.SUBMITTED) & waits_for_visa_of(user)


def line(review: dict[str, Any]) -> todo.ToDo:
    title, page = review["title"], "consultations:instruction"
    if review["state"] == ReviewState.SUBMITTED:
        title, page = gettext("À viser : %(title)s") % {"title": title}, "consultations:instruction-visa"
    url = reverse(page, args=[review["pk"]])
    return todo.ToDo(title, url, detail(review))


def detail(review: dict[str, Any]) -> str:
    """Return « S-2026-02, cadrage, brouillon du 9 avril »."""
    parts = [review["reference"], str(ReviewKind(review["kind"]).label)]
    if review["state"] == ReviewState.RETURNED:
        parts.append(gettext("à reprendre"))
    elif review["state"] == ReviewState.SUPPLEMENT:
        parts.append(gettext("complément demandé"))
    elif review["saved_at"]:
        parts.append(
            gettext("brouillon du %(day)s") % {"day": format_date(todo.day_of(review["saved_at"]), weekday=False)}
        )
    return ", ".join(part for part in parts if part)


def awaited(user: Any, term: Term | int) -> QuerySet[DirectorateReview]:
    return queries.my_reviews(user).filter(waits_for(user), referral__term=term)


def reviews_due(user: Any, term: Term, first: date, last: date) -> Iterator[CalendarItem]:
    """Yield the day on which each request is due: for the team, and for the directorate that owes it."""
    is_of_team, own = is_team(user, term), directorates_of(user)
    rows = DirectorateReview.objects.visible_to(user).open().filter(referral__term=term, due_on__range=(first, last))
    for review in rows.select_related("referral", "directorate").for_screen():
        params = {"directorate": review.directorate, "title": review.referral.title}
        page = reverse("consultations:review" if is_of_team else "consultations:instruction", args=[review.pk])
        users = [review.referral.officer_id, user.pk if review.directorate_id in own else None]
        title = gettext("%(title)s : instruction, %(directorate)s") % params
        yield deadline(f"review-{review.pk}", title, page, review.due_on, users)


FIELDS = {name: name for name in ("pk", "state", "kind", "saved_at")} | {
    "title": "referral__title",
    "reference": "referral__reference",
}

LISTS = todo.PendingLists(todo.PendingRows(awaited, FIELDS, line, due="due_on", sort_field="title"))


def directorate_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    """Return « À rendre »: what the reader's directorates owe in this term."""
    return [LISTS]


def directorate_widgets(user: Any, term: Term) -> list[Widget]:
    """Return the widgets, from one statement that counts all requests and loads only those that are shown.

    How many are given, the next one, those at the visa, the answers given, and requests of others read in copy.
    """
    rows: list[Any] = list(SHOWN_FILES(user, term, SHOWN))
    copied = [row for row in rows if row.part == COPIED]
    own = rows[: len(rows) - len(copied)]
    return [*progress(own), *at_visa(own), *given_answers(own), *copied_files(copied)]


def shown_files(user: Any, term: int, most: int) -> QuerySet[DirectorateReview]:
    """Return the first request of each `part`, the first ones of the lists; each with the counts of all."""
    validated, sent = Q(state=ReviewState.VALIDATED), Q(state=ReviewState.SUBMITTED)
    own = Q(directorate__in=directorates_of(user))
    rows: Any = queries.readable_reviews(user).filter(
        ~own | ~Q(state__in=ReviewState.tagged("inactive")), referral__term=term
    )
    rows = rows.select_related(None).select_related(
        "referral", "directorate", "submitted_by__person", "validated_by__person", "validated_for__person"
    )
    rows = rows.annotate(
        part=Case(
            When(~own, then=COPIED),
            When(waits_for(user), then=NEXT),
            When(sent, then=AT_VISA),
            When(validated, then=GIVEN),
            default=OTHER,
        )
    ).annotate(
        place=Window(
            RowNumber(),
            partition_by="part",
            order_by=[
                Case(When(~own, then="asked_at")).desc(),
                Case(When(validated, then="validated_at")).desc(),
                "due_on",
                "pk",
            ],
        ),
        in_part=Window(Count("pk"), partition_by="part"),
        asked=Window(Count("pk", filter=own)),
        given=Window(Count("pk", filter=own & validated)),
        at_visa=Window(Count("pk", filter=own & sent)),
    )
    shown = rows.filter(Q(place=1) | Q(place__lte=most, part__in=[AT_VISA, GIVEN, COPIED]))
    return shown.order_by("part", "place").for_screen()


SHOWN_FILES = ReaderQuery(shown_files)


def progress(rows: list[Any]) -> list[Widget]:
    """Return how many are given, and the next one."""
    if not rows:
        return []
    first = rows[0]
    context = {"given": first.given, "asked": first.asked, "at_visa": first.at_visa}
    context["next"] = first if first.part == NEXT else None
    return [Widget("consultations/reviews/_instruction_progress.html", context, order=10, position="wide")]


def at_visa(rows: list[Any]) -> list[Widget]:
    """Return the answers that wait for a visa that the reader does not give, the most pressing first."""
    waiting = [row for row in rows if row.part == AT_VISA]
    if not waiting:
        return []
    context = {"reviews": waiting, "hidden": waiting[0].in_part - len(waiting)}
    return [Widget("consultations/reviews/_instruction_at_visa.html", context, order=15)]


def given_answers(rows: list[Any]) -> list[Widget]:
    """Return the answers given, the latest first."""
    latest = [row for row in rows if row.part == GIVEN]
    return [Widget("consultations/reviews/_instruction_given.html", {"reviews": latest}, order=20)] if latest else []


def copied_files(rows: list[Any]) -> list[Widget]:
    """Return the requests of other directorates that the reader follows in copy, the last asked first."""
    return [Widget("consultations/reviews/_instruction_copied.html", {"reviews": rows}, order=30)] if rows else []


def review_file_is_visible(user: Any, upload: Upload) -> bool:
    """Return whether the user may open it: its directorate, the successors, those in copy, the team of the term."""
    rows = DirectorateReview.objects.filter(attachments__upload=upload, attachments__removed_at=None)
    if any(is_team(user, term) for term in rows.values_list("referral__term", flat=True)):
        return True
    return rows.filter(pk__in=queries.readable_reviews(user).values("pk")).exists()


add_calendar_source(CalendarKind.DEADLINE, reviews_due)
open_area(r"/instructions/avis/", DIRECTORATE_ROLES)
add_menu_entry(
    "directorate", _("Délégations"), "consultations:delegations", anywhere(is_agent), order=41, icon="person-check"
)
add_menu_entry("directorate", _("Visas"), "consultations:visa-levels", anywhere(is_agent), order=45, icon="check2-all")
add_to_do("directorate", directorate_lines)
add_widget("directorate", directorate_widgets)
add_messages(ReviewSentBack, ReviewMoreAsked, ReviewToSign)
add_upload_rules(review_file_is_visible)
add_audit_events(
    {
        "review.asked": _("a demandé une contribution à une direction"),
        "review.saved": _("a enregistré une contribution en cours"),
        "review.file_added": _("a joint un fichier à une contribution"),
        "review.file_removed": _("a retiré un fichier d’une contribution"),
        "delegation.given": _("a délégué son visa"),
        "delegation.ended": _("a mis fin à une délégation de visa"),
        "review.discussed": _("a écrit dans le fil de la direction"),
        "review.reader_added": _("a mis quelqu’un en copie d’une contribution"),
        "review.reader_removed": _("a retiré quelqu’un de la copie d’une contribution"),
        "visa_level.added": _("a ajouté un visa intermédiaire"),
        "visa_level.moved": _("a changé l’ordre des visas"),
        "visa_level.removed": _("a retiré un visa intermédiaire"),
        "scoping_note.generated": _("a composé la note de cadrage"),
        "scoping_note.edited": _("a modifié la note de cadrage"),
    }
)

open_area(r"/instructions/fil/", DIRECTORATE_ROLES | TEAM_ROLES)  # both write in the thread and delete their messages
add_audit_events(
    {"thread.posted": _("a écrit dans le fil de la saisine"), "thread.withdrawn": _("a retiré un message du fil")}
)


@receiver(directorate_closed)
def pass_to_successor(sender: Any, *, directorate: Any, by: Any, **_: Any) -> None:
    """Give the open requests of a closed directorate to its successor."""
    answering.pass_reviews_to_successor(directorate, by=by)
