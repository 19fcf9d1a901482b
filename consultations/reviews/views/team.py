"""Reviews in the back office: who was asked, who is late, the comparison of answers, the scoping note."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.dossiers import StepPages
from assembly.dossiers.pages import mail_consequences
from assembly.identity.http import UserRequest
from assembly.lists import Column, Table
from assembly.web.forms import posted
from assembly.web.pages import form_page
from assembly.workflow import StateConflict
from consultations.models import DirectorateReview, Referral, ScopingNote
from consultations.pages import desk_referral, dossier_context
from consultations.referrals.workflow.by_origin import REFERRAL
from consultations.reviews import forms, queries, rules
from consultations.reviews.actions import asking
from consultations.reviews.queries import compose_note, contacts_of, review_answers
from consultations.reviews.workflow import REVIEW
from sessions.minutes.forms import RichTextForm


def followed_referral(request: UserRequest, pk: int) -> Referral:
    """Return the referral for its team; a facilitator sees the dossier and not the directorates' answers."""
    referral = desk_referral(request, pk)
    if not rules.can_follow(request.user, referral):
        raise PermissionDenied
    return referral


def followed_review(request: UserRequest, pk: int) -> DirectorateReview:
    """Return a review for the team that asked it; unseen is 404."""
    return get_object_or_404(queries.desk_reviews(request.user), pk=pk)


@require_safe
def reviews(request: UserRequest, pk: int) -> HttpResponse:
    """Show the tab: progress, who is late, what may be done about each."""
    referral = followed_referral(request, pk)
    rows = queries.team_reviews(referral)
    answered, asked = queries.progress(rows)
    lines = [
        {"review": review, "can": REVIEW.abilities(request.user, review), "given": queries.is_given(review)}
        for review in rows
    ]
    late = [review for review in rows if review.is_late]
    context = dossier_context(request, referral, "reviews", lines=lines, given=answered, asked=asked, late=late)
    return render(request, "consultations/reviews/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def review_ask(request: UserRequest, pk: int) -> HttpResponse:
    """Ask several directorates at once."""
    referral = followed_referral(request, pk)
    if not REFERRAL.can_take(request.user, referral, "ask_reviews"):
        raise StateConflict(referral, "ask_reviews")
    back = reverse("consultations:reviews", args=[pk])
    return form_page(
        request,
        forms.AskForm(posted(request), referral=referral),
        lambda data: ask(request, referral, data),
        template="consultations/reviews/ask.html",
        context={"referral": referral, "back": back},
        to=back,
    )


def ask(request: UserRequest, referral: Referral, data: dict[str, Any]) -> None:
    """Ask the directorates, then report how many, and those that have nobody yet to answer."""
    new_reviews = asking.ask(referral, by=request.user, **data)
    template = ngettext("%(n)s direction est consultée.", "%(n)s directions sont consultées.", len(new_reviews))
    messages.success(request, template % {"n": len(new_reviews)})
    for review in new_reviews:
        if not contacts_of(review.directorate_id):
            sentence = _("%(name)s n’a encore personne pour recevoir la demande : invitez son référent.")
            messages.warning(request, sentence % {"name": review.directorate.name})


@require_safe
def review(request: UserRequest, pk: int) -> HttpResponse:
    """Show the request of one directorate as the team reads it."""
    row = followed_review(request, pk)
    context = {
        "review": row,
        "referral": row.referral,
        "can": REVIEW.abilities(request.user, row),
        "given": queries.is_given(row),
        "cells": queries.cells_of(queries.content_of(row)),
        "editions": [(edition, queries.cells_of(edition.content)) for edition in queries.editions_of(row)],
        "files": queries.files_of(row),
        "contacts": contacts_of(row.directorate_id),
    }
    return render(request, "consultations/reviews/detail.html", context)


def name_of(review: DirectorateReview) -> str:
    return f"{review.directorate.name}, {review.referral.title}"


def contact_lines(review: DirectorateReview) -> list[str]:
    """Name who gets the mail: what concerns a contribution leaves with the mail of the next morning."""
    names = [user.get_full_name() for user in contacts_of(review.directorate_id)]
    return (
        [*mail_consequences(names), _("Il part à huit heures, le prochain jour travaillé.")]
        if names
        else mail_consequences(names)
    )


STEPS = StepPages(
    REVIEW,
    name="consultations:review-step",
    fetch=followed_review,
    back=lambda request, review: reverse("consultations:reviews", args=[review.referral_id]),
    eyebrow=name_of,
)
STEPS.bind("consequences", {"change_due": contact_lines, "ask_supplement": contact_lines, "ask_again": contact_lines})


@require_safe
def compare(request: UserRequest, pk: int) -> HttpResponse:
    """Show the comparison of answers: criteria down, directorates across."""
    referral = followed_referral(request, pk)
    answers = queries.review_answers(referral)
    criteria = [
        {"label": label, "cells": [(answer.directorate.name, answer.cells[at]) for answer in answers]}
        for at, (label, *_rest) in enumerate(queries.CRITERIA)
    ]
    awaited = [review for review in queries.team_reviews(referral) if review.is_open and not queries.is_given(review)]
    context = {"referral": referral, "answers": answers, "criteria": criteria, "awaited": awaited}
    return render(request, "consultations/reviews/compare.html", context)


@require_safe
def compare_csv(request: UserRequest, pk: int) -> HttpResponse:
    referral = followed_referral(request, pk)
    answers = queries.review_answers(referral)
    columns = [
        Column(_("Direction"), "directorate.name"),
        Column(_("Rendu le"), "given_at"),
        Column(_("En retard"), "review.was_late"),
        *(Column(label, cell_text(at)) for at, (label, *_rest) in enumerate(queries.CRITERIA)),
    ]
    return Table(_("Contributions des directions %(ref)s") % {"ref": referral.reference}, columns).described_file(
        request, answers
    )


def cell_text(at: int) -> Callable[[queries.ReviewAnswer], str]:
    """Build the function that returns the text of an answer to one criterion."""
    return lambda answer: answer.cells[at].full_text


NOTE = gettext_lazy("Note de cadrage")


@require_http_methods(["GET", "HEAD", "POST"])
def scoping_note(request: UserRequest, pk: int) -> HttpResponse:
    """Show the note, its editor, and next to it (`?proposition=1`) the note that today's answers would give."""
    referral = followed_referral(request, pk)
    rows = ScopingNote.objects.filter(referral=referral).select_related("edited_by__person", "referral")
    note = get_object_or_404(rows) if request.method == "POST" else rows.first()
    form = RichTextForm.of(*((note.body, note.version) if note else ("", 0)), label=NOTE, data=posted(request))
    return form_page(
        request,
        form,
        lambda data: note and asking.edit_note(note, form.html, version=data["version"], by=request.user),
        compare=lambda late: form.compare_with(late.current.body, late.typed["body"]),
        template="consultations/reviews/scoping_note.html",
        context=lambda: {
            "referral": referral,
            "note": note,
            "given": len(review_answers(referral)),
            "may_write": rules.can_write_note(request.user, referral),
            "proposal": compose_note(referral) if "proposition" in request.GET and note else "",
        },
        success_message=_("La note de cadrage est enregistrée."),
        to=reverse("consultations:scoping-note", args=[pk]),
        field="text",
    )


@require_POST
def scoping_note_generate(request: UserRequest, pk: int) -> HttpResponse:
    """Compose the note in one click. A note that exists stays; the new composition is shown next to it."""
    referral = followed_referral(request, pk)
    existed = ScopingNote.objects.filter(referral=referral).exists()
    try:
        asking.generate_note(referral, by=request.user)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
        return redirect("consultations:reviews", pk)
    page_of_note = redirect("consultations:scoping-note", pk)
    if existed:
        page_of_note["Location"] += "?proposition=1#proposition"
    else:
        messages.success(request, _("La note est composée. Relisez-la, puis modifiez-la."))
    return page_of_note
