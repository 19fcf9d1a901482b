"""The grid in Word: download, upload; what the file changes is shown, and saved as a draft on a click."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assembly.documents.views.responses import bytes_response
from assembly.files.file_kinds import WORD
from assembly.identity.http import UserRequest
from assembly.web.forms import attach_refusal, posted
from assembly.web.request_bodies import takes_files
from assembly.web.versioned import differences
from consultations.exchange import grid
from consultations.models import DirectorateReview
from consultations.reviews import forms, queries
from consultations.reviews.views.directorate import my_review, require_step


@require_safe
def instruction_word(request: UserRequest, pk: int) -> HttpResponse:
    """Send the file to fill in, with the present answer."""
    review = my_review(request, pk)
    name = review.referral.reference or _("sujet-%(n)s") % {"n": review.referral_id}
    title = f"{review.referral.title}, {review.directorate.name}"
    help_text = _("Écrivez dans la dernière colonne, puis déposez ce fichier sur la page de la contribution.")
    shown = grid.WordGrid(forms.GridForm(instance=review).questions(), queries.content_of(review))
    content = grid.word_file(title, help_text, shown)
    name = f"avis-{name}-{review.directorate.code}.docx"
    return bytes_response(request, content, name=name, media_type=WORD)


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def instruction_word_in(request: UserRequest, pk: int) -> HttpResponse:
    """Read the uploaded file and show it; nothing is written here."""
    review = my_review(request, pk)
    require_step(request, review, "draft")
    form = forms.WordForm(posted(request), request.FILES or None)
    context: dict[str, Any] = {
        "review": review,
        "form": form,
        "back": reverse("consultations:instruction", args=[pk]),
    }
    if form.is_bound and form.is_valid():
        try:
            grid_form = grid_form_of(review, form.cleaned_data["file"].content)
        except ValidationError as refused:
            attach_refusal(form, refused, "file")
        else:
            shown = {"grid_form": grid_form, "changes": differences(forms.GridForm(instance=review), grid_form)}
            return render(request, "consultations/reviews/instruction_word_shown.html", context | shown)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "consultations/reviews/instruction_word.html", context, status=status)


def grid_form_of(review: DirectorateReview, content: bytes) -> forms.GridForm:
    """Return the grid with the answers of the file, ready to be sent; raise ValidationError, a sentence a row."""
    rows = grid.rows_in(content, forms.GridForm(instance=review).questions())
    stored = queries.content_of(review)
    answers = {row.name: row.text for row in rows}
    bases = {f"initial-{name}": text for name, text in stored.items()}
    form = forms.GridForm({**stored, **answers, **bases, "version": review.version}, instance=review)
    if not form.is_valid():
        numbers = {row.name: row.number for row in rows}
        raise ValidationError(
            [
                _("Ligne %(n)s : %(error)s") % {"n": numbers.get(name, "–"), "error": error}
                for name, errors in form.errors.items()
                for error in errors
            ]
        )
    return form
