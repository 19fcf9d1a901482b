"""Bulk actions of the board of answers."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from answers.cases.rules import can_see_desk
from answers.lists import selection_of
from answers.models import AnswerCase
from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated_to_write
from assembly.institution.current_term import working_term

PROVED = frozenset({"publier", "deliberation"})  # bulk actions that need a recent proof of identity


@require_http_methods(["GET", "HEAD", "POST"])
def chosen(request: UserRequest) -> HttpResponse:
    """Take one bulk action; those that decide or publish need a recent proof of identity."""
    view = PROVED_CHOSEN if request.POST.get("acte") in PROVED else answer_chosen
    return view(request)


def answer_chosen(request: UserRequest) -> HttpResponse:
    term = working_term(request, can_see_desk)
    rows = AnswerCase.objects.visible_to(request.user).of_terms([term.pk]).with_dossier()
    return selection_of(term).answer(request, rows, back=reverse("answers:desk"))


PROVED_CHOSEN = recently_authenticated_to_write(answer_chosen)
