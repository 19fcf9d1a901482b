"""The scoping note: composed in one click from the answers, then edited; a second composition stands beside."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assembly.identity.http import UserRequest
from consultations.actions import scoping_note as actions
from consultations.forms.thread import ScopingNoteForm
from consultations.models import Referral, ScopingNote
from consultations.queries.reviews import answers, composed
from consultations.rules import reviews as rules
from consultations.views.reviews import UNPROCESSABLE, followed_referral
from sessions.rules.rich_text import from_plain, to_plain

CONFLICT = 409


@require_http_methods(["GET", "HEAD", "POST"])
def scoping_note(request: UserRequest, pk: int) -> HttpResponse:
    """The note, its editor, and beside it (`?proposition=1`) what today's answers would make."""
    referral = followed_referral(request, pk)
    note = ScopingNote.objects.filter(referral=referral).select_related("edited_by__person", "referral").first()
    if request.method == "POST":
        return save(request, referral, get_object_or_404(ScopingNote.objects.select_related("referral"), referral=pk))
    proposal = composed(referral) if "proposition" in request.GET and note else ""
    return page(request, referral, note, proposal=proposal)


def page(
    request: UserRequest, referral: Referral, note: ScopingNote | None, *, status: int = 200, **more: Any
) -> HttpResponse:
    html = note.body if note else ""
    context = {
        "referral": referral,
        "note": note,
        "form": ScopingNoteForm(initial={**typed(html), "revision": note.version if note else 0}),
        "note_html": html,
        "may_write": rules.can_write_note(request.user, referral),
        "given": len(answers(referral)),
        "proposal": "",
        "theirs": None,
    }
    return render(request, "consultations/scoping_note.html", context | more, status=status)


def typed(html: str) -> dict[str, str]:
    plain = to_plain(html)
    return {"text": html, "format": "html"} if plain is None else {"text": plain, "format": "text"}


def save(request: UserRequest, referral: Referral, note: ScopingNote) -> HttpResponse:
    form = ScopingNoteForm(request.POST)
    if not form.is_valid():
        return page(request, referral, note, form=form, status=UNPROCESSABLE)
    data = form.cleaned_data
    html = data["text"] if data["format"] == "html" else from_plain(data["text"])
    try:
        actions.edit(note, html, version=data["revision"], by=request.user)
    except actions.StaleNote as stale:
        shown = ScopingNoteForm({**data, "revision": stale.current.version})
        shown.add_error(None, _("Quelqu’un d’autre a enregistré cette note pendant que vous écriviez."))
        return page(request, referral, note, form=shown, note_html=html, theirs=stale.current, status=CONFLICT)
    except ValidationError as refused:
        form.add_error("text", refused.messages)
        return page(request, referral, note, form=form, note_html=html, status=UNPROCESSABLE)
    messages.success(request, _("La note de cadrage est enregistrée."))
    return redirect("consultations:scoping-note", referral.pk)


@require_POST
def scoping_note_generate(request: UserRequest, pk: int) -> HttpResponse:
    """One click. A note that exists stays; the new composition is shown beside it."""
    referral = followed_referral(request, pk)
    existed = ScopingNote.objects.filter(referral=referral).exists()
    try:
        actions.generate(referral, by=request.user)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
        return redirect("consultations:reviews", pk)
    page_of_note = redirect("consultations:scoping-note", pk)
    if existed:
        page_of_note["Location"] += "?proposition=1#proposition"
    else:
        messages.success(request, _("La note est composée. Relisez-la, puis modifiez-la."))
    return page_of_note
