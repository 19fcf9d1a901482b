"""What the directorates' room shows: files by days left, progress, those already given; delegations in the menu."""

from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q
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
from consultations.models.review import WRITING_STATES
from consultations.queries import reviews as queries
from consultations.queries.desk import gives_visa

GIVEN_SHOWN = 20
menu.add("directorate", "", gettext_lazy("Délégations"), "consultations:delegations", DIRECTORATE_ROLES, order=40)


def waits_for(user: Any) -> Q:
    """Open files whose text is awaited; at the visa, only those that the reader may give."""
    return Q(state__in=WRITING_STATES) | Q(state=ReviewState.SUBMITTED) & gives_visa(user)


def owed_reviews(user: Any, term: Term) -> Iterable[DirectorateReview]:
    """What the reader's directorates owe in this term."""
    rows = queries.own_reviews(user).filter(waits_for(user), referral__term=term)
    return rows.order_by("due_on", "pk").for_screen()


def directorate_lines(user: Any, term: Term) -> Iterable[todo.ToDo]:
    """« À rendre »: the most pressing first."""
    for review in owed_reviews(user, term):
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


def own_files(user: Any, term: Term) -> list[Panel]:
    """How many are given, the way to the next one, and the answers that left: one reading of all the files."""
    found = (
        queries.own_reviews(user)
        .filter(referral__term=term)
        .annotate(is_next=ExpressionWrapper(waits_for(user), BooleanField()))
    )
    rows: list[Any] = list(found.order_by("due_on", "pk").for_screen())
    return progress(rows) + at_visa(rows) + given_answers(rows)


def progress(rows: list[Any]) -> list[Panel]:
    """How many are given, and the next one."""
    given, asked = queries.progress(rows)
    at_visa = sum(row.state == ReviewState.SUBMITTED for row in rows)
    upcoming = next((row for row in rows if row.is_next), None)
    context = {"given": given, "asked": asked, "at_visa": at_visa, "next": upcoming}
    return [Panel("consultations/_instruction_progress.html", context, order=10, place="wide")] if asked else []


def at_visa(rows: list[Any]) -> list[Panel]:
    """The answers that wait for a visa that the reader does not give, the most pressing first."""
    waiting = [row for row in rows if row.state == ReviewState.SUBMITTED and not row.is_next]
    return [Panel("consultations/_instruction_at_visa.html", {"reviews": waiting}, order=15)] if waiting else []


def given_answers(rows: list[Any]) -> list[Panel]:
    """The answers that left, the latest first."""
    validated = [row for row in rows if row.state == ReviewState.VALIDATED]
    latest = sorted(validated, key=lambda row: (row.validated_at, row.pk), reverse=True)[:GIVEN_SHOWN]
    return [Panel("consultations/_instruction_given.html", {"reviews": latest}, order=20)] if latest else []


@uploads_visible_to
def review_file_is_visible(user: Any, upload: Upload) -> bool:
    """The directorate that joined it, its heirs, and the team of the term."""
    rows = DirectorateReview.objects.filter(attachments__upload=upload, attachments__removed_at=None)
    if any(is_team(user, term) for term in rows.values_list("referral__term", flat=True)):
        return True
    return rows.filter(pk__in=queries.own_reviews(user).values("pk")).exists()


todo.register("directorate", directorate_lines)
register_panel("directorate", own_files)
