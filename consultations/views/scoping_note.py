"""The scoping note: composed in one click from the answers, then edited; a second composition is shown next to it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from assembly.identity.http import UserRequest
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from consultations.actions import scoping_note as actions
from consultations.models import ScopingNote
from consultations.reviews import rules
from consultations.reviews.queries import compose_note, review_answers
from consultations.reviews.views.team import followed_referral
from sessions.forms.rich_text import RichTextForm

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
        lambda data: note and actions.edit(note, form.html, version=data["version"], by=request.user),
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
