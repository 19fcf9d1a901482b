"""Back-office views of corrections: accepted as asked or by hand, refused, recorded from a letter."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assembly.identity.http import UserRequest
from assembly.institution.rules import is_team
from assembly.web.confirmation import Question, confirm_first
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.workflow import StateConflict
from sessions.forms.rich_text import RichTextForm
from sessions.minutes.actions import corrections as actions
from sessions.minutes.forms import NoteCorrectionForm, RefuseForm
from sessions.minutes.queries.writing import corrections_with_facts
from sessions.minutes.views.steps import desk_minutes
from sessions.minutes.views.writing import SUMMARY
from sessions.models import Correction, Minutes
from sessions.rules import minutes as rules
from sessions.workflows.corrections import CORRECTION


def desk_correction(request: UserRequest, pk: int) -> Correction:
    correction = get_object_or_404(
        corrections_with_facts().filter(minutes__in=Minutes.objects.visible_to(request.user)), pk=pk
    )
    if not is_team(request.user, correction.minutes.sitting.term_id):
        raise PermissionDenied
    return correction


def page_of(correction: Correction) -> str:
    return f"{reverse('sittings:minutes', args=[correction.minutes.sitting_id])}#corrections"


def accept_question(request: UserRequest, pk: int) -> Question:
    correction = desk_correction(request, pk)
    CORRECTION.check(request.user, correction, "accept")
    passages = {"old": correction.passage, "new": correction.proposal}
    changed = _("Dans le compte rendu, « %(old)s » devient « %(new)s ».") if correction.passage else _("« %(new)s »")
    sentence = _("Son auteur ou autrice lira que la demande est acceptée. Cela ne se reprend pas.")
    lines = [changed % passages, sentence]
    return Question(_("Accepter la correction ?"), _("Accepter"), page_of(correction), lines, about=correction.minutes)


@confirm_first(accept_question)
def correction_accept(request: UserRequest, pk: int) -> HttpResponse:
    """Accept and replace the passage, or open the page where it is done by hand."""
    correction = desk_correction(request, pk)
    try:
        actions.accept(correction, by=request.user)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
        return redirect("sittings:correction-edit", correction.pk)
    messages.success(request, _("La correction est acceptée, le texte est changé."))
    return redirect(page_of(correction))


@require_http_methods(["GET", "HEAD", "POST"])
def correction_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Accept by hand, with the whole summary of the item in the form."""
    correction = desk_correction(request, pk)
    section = correction.section
    form = RichTextForm.of(section.summary_html, section.revision, label=SUMMARY, data=posted(request))
    return form_page(
        request,
        form,
        lambda data: actions.accept(correction, by=request.user, html=form.html, revision=data["version"]),
        compare=lambda late: form.compare_with(late.current.summary_html, late.typed["summary_html"]),
        field="text",
        template="sessions/minutes/correction_edit.html",
        context={"correction": correction, "back": page_of(correction)},
        success_message=_("La correction est acceptée, le texte est changé."),
        to=page_of(correction),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def correction_refuse(request: UserRequest, pk: int) -> HttpResponse:
    correction = desk_correction(request, pk)
    return form_page(
        request,
        RefuseForm(posted(request)),
        lambda data: actions.refuse(correction, by=request.user, answer=data["answer"]),
        template="sessions/minutes/correction_refuse.html",
        context={"correction": correction, "back": page_of(correction)},
        success_message=_("La correction est refusée ; son auteur ou autrice lira pourquoi."),
        to=page_of(correction),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def correction_note(request: UserRequest, pk: int) -> HttpResponse:
    """Record a request received by letter or telephone, in the name of its author."""
    minutes = desk_minutes(request, pk)
    if not is_team(request.user, minutes.sitting.term_id):
        raise PermissionDenied
    if not rules.takes_changes(minutes):
        raise StateConflict(minutes, "note")
    tab = reverse("sittings:minutes", args=[minutes.sitting_id])
    return form_page(
        request,
        NoteCorrectionForm(posted(request), minutes=minutes),
        lambda data: actions.note(minutes, by=request.user, **data),
        template="sessions/minutes/correction_note.html",
        context={"minutes": minutes, "back": tab},
        success_message=_("La demande est notée."),
        to=tab,
    )
