"""What the directorates' room shows: files by days left, progress, those already given; delegations in the menu."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.documents.models import Upload
from assembly.documents.registry import uploads_visible_to
from assembly.institution import menu, todo
from assembly.institution.enums import DIRECTORATE_ROLES
from assembly.institution.models import Term
from assembly.institution.rules import is_team
from assembly.portal.registry import Panel, register_panel
from assembly.ui.words import date_words
from consultations.enums import ReviewState
from consultations.models import DirectorateReview
from consultations.queries import reviews as queries
from consultations.queries.desk import approves_in
from consultations.rules.reviews import is_waiting_for_text

GIVEN_SHOWN = 20
menu.add("directorate", "", gettext_lazy("Délégations"), "consultations:delegations", DIRECTORATE_ROLES, order=40)


def waiting(user: Any, term: Term) -> list[DirectorateReview]:
    """Open files of the reader's directorates in this term; at the visa, only for those who may give it."""
    rows = queries.own_reviews(user).filter(referral__term=term).open().order_by("due_on", "pk").for_screen()
    visas = approves_in(user)
    return [row for row in rows if is_waiting_for_text(row) or row.directorate_id in visas]


def directorate_lines(user: Any, term: Term) -> Iterable[todo.ToDo]:
    """« À rendre »: the most pressing first."""
    for review in waiting(user, term):
        title = review.referral.title
        if review.state == ReviewState.SUBMITTED:
            title = _("À viser : %(title)s") % {"title": title}
        yield todo.ToDo(
            title, reverse("consultations:instruction", args=[review.pk]), detail(review), due_on=review.due_on
        )


def detail(review: DirectorateReview) -> str:
    """« S-2026-02. Brouillon commencé le 9 avril. »"""
    parts = [review.referral.reference, str(review.get_kind_display())]
    if review.state == ReviewState.RETURNED:
        parts.append(_("à reprendre"))
    elif review.state == ReviewState.SUPPLEMENT:
        parts.append(_("complément demandé"))
    elif review.saved_at:
        parts.append(_("brouillon du %(day)s") % {"day": date_words(review.saved_at, weekday=False)})
    return ", ".join(part for part in parts if part)


def progress(user: Any, term: Term) -> Panel | None:
    """How many are given, and the way to the next one."""
    rows = list(queries.own_reviews(user).filter(referral__term=term).order_by("due_on", "pk").for_screen())
    given, asked = queries.progress(rows)
    if not asked:
        return None
    visas = approves_in(user)
    todo_rows = [row for row in rows if row.is_open and (is_waiting_for_text(row) or row.directorate_id in visas)]
    context = {"given": given, "asked": asked, "next": todo_rows[0] if todo_rows else None}
    return Panel("consultations/_instruction_progress.html", context, order=10, place="wide")


def given(user: Any, term: Term) -> Panel | None:
    """The answers that left, the latest first."""
    rows = queries.own_reviews(user).filter(referral__term=term, state=ReviewState.VALIDATED)
    reviews = list(rows.order_by("-validated_at", "-pk").for_screen()[:GIVEN_SHOWN])
    return Panel("consultations/_instruction_given.html", {"reviews": reviews}, order=20) if reviews else None


@uploads_visible_to
def review_file_is_visible(user: Any, upload: Upload) -> bool:
    """The directorate that joined it, its heirs, and the team of the term."""
    rows = DirectorateReview.objects.filter(attachments__upload=upload, attachments__removed_at=None)
    if any(is_team(user, term) for term in rows.values_list("referral__term", flat=True)):
        return True
    return rows.filter(pk__in=queries.own_reviews(user).values("pk")).exists()


todo.register("directorate", directorate_lines)
register_panel("directorate", progress)
register_panel("directorate", given)
