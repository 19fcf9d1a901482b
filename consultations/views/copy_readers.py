"""Readers in copy of a directorate's request."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assembly.identity.http import UserRequest
from assembly.web.confirmation import Question, confirm_first
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from consultations.actions import copy_readers as actions
from consultations.models import DirectorateReview
from consultations.queries.desk import possible_readers, readers_in_copy
from consultations.reviews import rules
from consultations.reviews.forms import ReaderForm
from consultations.reviews.queries import readable_reviews


def review_of_reader_list(request: UserRequest, pk: int) -> DirectorateReview:
    """Return a request whose copy readers this user names; unseen is 404, read in copy only is 403."""
    review = get_object_or_404(readable_reviews(request.user), pk=pk)
    if not rules.can_name_readers(request.user, review):
        raise PermissionDenied
    return review


@require_http_methods(["GET", "HEAD", "POST"])
def instruction_readers(request: UserRequest, pk: int) -> HttpResponse:
    review = review_of_reader_list(request, pk)
    return form_page(
        request,
        ReaderForm(posted(request), people=possible_readers(review)),
        lambda data: actions.add(review, data["reader"], by=request.user),
        template="consultations/reviews/instruction_readers.html",
        context=lambda: {
            "review": review,
            "readers": readers_in_copy(review),
            "back": reverse("consultations:instruction", args=[pk]),
        },
        success_message=_(
            "Cette personne lit la contribution en copie ; elle en est prévenue dans le courriel du matin."
        ),
        to=request.path,
    )


def removal_question(request: UserRequest, pk: int, user_pk: int) -> Question:
    review = review_of_reader_list(request, pk)
    reader = get_object_or_404(review.copy_readers.all(), pk=user_pk)
    title = _("Retirer %(name)s des personnes en copie ?") % {"name": reader.get_full_name()}
    lines = [_("Elle ne lit plus la contribution. Personne ne reçoit de courriel.")]
    return Question(title, _("Retirer"), reverse("consultations:instruction-readers", args=[pk]), lines, about=review)


@confirm_first(removal_question)
def instruction_reader_remove(request: UserRequest, pk: int, user_pk: int) -> HttpResponse:
    review = review_of_reader_list(request, pk)
    actions.remove(review, get_object_or_404(review.copy_readers.all(), pk=user_pk), by=request.user)
    messages.success(request, _("Cette personne ne lit plus la contribution."))
    return redirect("consultations:instruction-readers", pk)
