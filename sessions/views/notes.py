"""Taking notes while people speak: one page for the whole agenda, each item in a box that saves as one types."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assembly.identity.http import UserRequest
from assembly.ui.untrusted_input import whole_number
from assembly.ui.words import time_words
from sessions.actions import notes as actions
from sessions.models import AgendaItem, Sitting
from sessions.queries.notes import noted_items
from sessions.rules import sittings as rules
from sessions.rules.notes import erased_on
from sessions.views import dossier

CONFLICT, REFUSED = 409, 422


@require_safe
def notes_board(request: UserRequest, pk: int) -> HttpResponse:
    """Every item with the reader's own notes."""
    return board(request, notes_sitting(request, pk))


def notes_sitting(request: UserRequest, pk: int) -> Sitting:
    sitting = dossier.desk_sitting(request, pk)
    if not rules.can_take_notes(request.user, sitting):
        raise PermissionDenied
    return sitting


def board(request: UserRequest, sitting: Sitting, refused: dict[str, object] | None = None) -> HttpResponse:
    context = {
        "sitting": sitting,
        "rows": noted_items(sitting, request.user),
        "erased_on": erased_on(sitting.starts_at, sitting.term.notes_kept_months),
        "refused": refused,
    }
    return render(request, "sessions/notes.html", context, status=CONFLICT if refused else 200)


@require_POST
def note_take(request: UserRequest, pk: int, item: int) -> HttpResponse:
    """Save one box: the script gets JSON, a plain form the page."""
    sitting = notes_sitting(request, pk)
    found = get_object_or_404(AgendaItem, pk=item, sitting=sitting, removed_at=None, is_internal=False)
    found.sitting = sitting
    text, revision = request.POST.get("text", ""), whole_number(request.POST.get("revision", ""), otherwise=0)
    if request.headers.get("Accept") == "application/json":
        return take_as_typed(request, found, text, revision)
    try:
        actions.take(found, text, revision=revision, by=request.user)
    except ValidationError as error:
        typed = getattr(error, "text", text), getattr(error, "revision", revision)
        sentence = " ".join(error.messages)
        return board(request, sitting, {"item": found.pk, "text": typed[0], "revision": typed[1], "words": sentence})
    messages.success(request, _("Vos notes sont enregistrées."))
    return redirect(f"{reverse('sittings:notes', args=[sitting.pk])}#point-{found.pk}")


def take_as_typed(request: UserRequest, item: AgendaItem, text: str, revision: int) -> JsonResponse:
    try:
        note = actions.take(item, text, revision=revision, by=request.user)
    except actions.Overtaken as kept:
        sentence = " ".join(kept.messages)
        return JsonResponse({"sentence": sentence, "text": kept.text, "revision": kept.revision}, status=CONFLICT)
    except ValidationError as refused:
        return JsonResponse({"sentence": " ".join(refused.messages)}, status=REFUSED)
    return JsonResponse({"revision": note.revision, "at": time_words(note.updated_at)})
