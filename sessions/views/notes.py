"""Notes taken during a sitting: one page for the whole agenda, each item with a field saved while typing."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from assembly.identity.http import UserRequest
from assembly.web.versioned import attempt, autosave_response, is_autosave
from sessions import pages
from sessions.actions import notes as actions
from sessions.forms.notes import NoteForm
from sessions.models import Sitting
from sessions.queries.notes import items_with_notes
from sessions.rules.notes import erased_on
from sessions.sittings import rules
from sessions.views.decisions import origin_page

MERGED_MESSAGE = gettext_lazy(
    "Ces notes ont changé dans une autre fenêtre. Les deux textes sont réunis : relisez, puis enregistrez."
)


@require_safe
def notes_board(request: UserRequest, pk: int) -> HttpResponse:
    """Show every item with the reader's own notes."""
    return board(request, pages.desk_sitting(request, pk, rules.can_take_notes))


def board(request: UserRequest, sitting: Sitting, refused: NoteForm | None = None, status: int = 200) -> HttpResponse:
    context = {
        "sitting": sitting,
        "rows": items_with_notes(sitting, request.user),
        "erased_on": erased_on(sitting.starts_at, sitting.term.notes_retention_months),
        "refused": refused,
        "joined": MERGED_MESSAGE,
    }
    return render(request, "sessions/minutes/notes.html", context, status=status)


@require_POST
def note_take(request: UserRequest, pk: int, item: int) -> HttpResponse:
    """Save one note; the script gets JSON, a plain form the page.

    A text saved in another window is merged, without a choice.
    """
    sitting = pages.desk_sitting(request, pk, rules.can_take_notes)
    agenda_item = get_object_or_404(sitting.agenda, pk=item, removed_at=None, is_internal=False)
    form = NoteForm(request.POST, item=agenda_item)
    tried = attempt(
        form,
        lambda version: actions.save_note(agenda_item, form.cleaned_data["text"], revision=version, by=request.user),
        compare=lambda conflict: form.merge_with(conflict.current.text),
        field="text",
    )
    if is_autosave(request):
        if (note := tried.saved) is not None:
            return autosave_response(form, tried, note.revision, note.updated_at)
        return autosave_response(form, tried, 0, None, merged={"text": form["text"].value()}, sentence=MERGED_MESSAGE)
    if not tried.is_saved:
        return board(request, sitting, form, tried.status)
    messages.success(request, _("Vos notes sont enregistrées."))
    page = origin_page(request) or reverse("sittings:notes", args=[sitting.pk])
    return redirect(f"{page}#point-{agenda_item.pk}")
