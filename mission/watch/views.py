"""Views of a watch letter as a file, and of the recipients."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assembly.documents.responses import bytes_response
from assembly.identity.http import UserRequest
from assembly.text.french import of_name
from assembly.web.forms import posted
from assembly.web.pages import Question, confirm_first, form_page
from mission.letters.text import html_letter, word_letter
from mission.registers.pages import row_of, term_of
from mission.watch import actions, mails
from mission.watch.forms import DigestReaderForm
from mission.watch.models import DigestReader
from mission.watch.register import DIGESTS
from opinions.exchange.word import WORD

# The HTML file is downloaded, never displayed here: its style is inline, which the CSP forbids in our own pages.
FILES = {"html": (html_letter, "application/octet-stream"), "docx": (word_letter, WORD)}


@require_safe
def digest_file(request: UserRequest, pk: int, kind: str) -> HttpResponse:
    """Return the letter as a file to download; 404 for another format."""
    digest = row_of(request, DIGESTS, pk)
    if kind not in FILES:
        raise Http404
    render, media_type = FILES[kind]
    return bytes_response(request, render(digest), name=f"{digest.reference}.{kind}", media_type=media_type)


@require_http_methods(["GET", "HEAD", "POST"])
def digest_readers(request: UserRequest) -> HttpResponse:
    """Show the recipients of the letters; add a colleague, or the agents of a directorate."""
    term = term_of(request, DIGESTS)
    if not DIGESTS.can_enter(request.user, term):
        raise PermissionDenied
    rows = DigestReader.objects.filter(assembly=term.assembly_id).select_related("user__person", "directorate")
    return form_page(
        request,
        DigestReaderForm(posted(request), term=term),
        lambda data: actions.add_reader(term.assembly_id, by=request.user, **data),
        template="mission/watch/digest_readers.html",
        context=lambda: {
            "rows": rows.order_by("directorate__name__alphabetical", "user__person__sort_name", "pk").for_screen(),
            "count": len(mails.readers_of(term.assembly_id)),
            "back": reverse("mission:digests"),
        },
        to=reverse("mission:digest-readers"),
        success_message=_("La lettre aura un destinataire de plus."),
    )


def reader_of_assembly(request: UserRequest, pk: int) -> DigestReader:
    term = term_of(request, DIGESTS)
    if not DIGESTS.can_enter(request.user, term):
        raise PermissionDenied
    return get_object_or_404(DigestReader, pk=pk, assembly=term.assembly_id)


def removal_question(request: UserRequest, pk: int) -> Question:
    row = reader_of_assembly(request, pk)
    name = row.user.get_full_name() if row.user else str(row.directorate)
    title = _("Retirer l’abonnement %(of_name)s ?") % {"of_name": of_name(name)}
    lines = [_("La prochaine lettre ne lui est pas envoyée. Personne ne reçoit de courriel.")]
    return Question(title, _("Retirer l’abonnement"), reverse("mission:digest-readers"), lines)


@confirm_first(removal_question)
def digest_reader_remove(request: UserRequest, pk: int) -> HttpResponse:
    """Remove a recipient of the letters."""
    actions.remove_reader(reader_of_assembly(request, pk), by=request.user)
    messages.success(request, _("L’abonnement est retiré."))
    return redirect("mission:digest-readers")
