"""The scoping note: composed in one click from the answers, then edited; a second composition stands beside."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from assembly.identity.http import UserRequest
from assembly.ui.forms import posted
from assembly.ui.versioned import attempt
from consultations.actions import scoping_note as actions
from consultations.models import ScopingNote
from consultations.queries.reviews import composed, review_answers
from consultations.rules import reviews as rules
from consultations.views.reviews import followed_referral
from sessions.forms.rich_text import RichTextForm

NOTE = gettext_lazy("Note de cadrage")


@require_http_methods(["GET", "HEAD", "POST"])
def scoping_note(request: UserRequest, pk: int) -> HttpResponse:
    """The note, its editor, and beside it (`?proposition=1`) what today's answers would make."""
    referral = followed_referral(request, pk)
    rows = ScopingNote.objects.filter(referral=referral).select_related("edited_by__person", "referral")
    note = get_object_or_404(rows) if request.method == "POST" else rows.first()
    form = RichTextForm.of(*((note.body, note.version) if note else ("", 0)), label=NOTE, data=posted(request))
    tried = attempt(
        form,
        lambda version: note and actions.edit(note, form.html, version=version, by=request.user),
        compare=lambda conflict: form.beside(conflict.current.body, conflict.typed["body"]),
        field="text",
    )
    if tried.is_saved:
        messages.success(request, _("La note de cadrage est enregistrée."))
        return redirect("consultations:scoping-note", referral.pk)
    context = {"referral": referral, "note": note, "form": form, "given": len(review_answers(referral))} | {
        "may_write": rules.can_write_note(request.user, referral),
        "proposal": composed(referral) if "proposition" in request.GET and note else "",
    }
    return render(request, "consultations/scoping_note.html", context, status=tried.status)


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
