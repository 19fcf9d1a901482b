"""Import of a Word file into a text: choose it, see what is retained and lost, confirm."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from assembly.collab import registry, rules
from assembly.collab.document.html import to_page
from assembly.collab.queries.texts import readable_text_or_404
from assembly.identity.http import UserRequest
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.web.request_bodies import takes_files
from opinions.actions import imports as actions
from opinions.enums import ImportState
from opinions.models import TextImport
from opinions.papers.forms import WordImportForm


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: UserRequest, public_id: str) -> HttpResponse:
    """Choose the file; a refusal explains why and what to do."""
    text = readable_text_or_404(request.user, public_id)
    if not rules.can_write(request.user, text):
        raise PermissionDenied
    return form_page(
        request,
        WordImportForm(posted(request), request.FILES or None),
        lambda data: actions.preview(text, data["file"], by=request.user),
        field="file",
        template="opinions/papers/import_file.html",
        context={"text": text, "back": registry.address(text, request.user)},
        to=lambda row: reverse("opinions:import-shown", args=[row.public_id]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def import_shown(request: UserRequest, public_id: str) -> HttpResponse:
    """Show what is retained, what is lost and the text as it would read, with two buttons."""
    rows = TextImport.objects.filter(created_by=request.user, state=ImportState.SHOWN)
    row = get_object_or_404(rows.select_related("text__assembly"), public_id=public_id)
    back = registry.address(row.text, request.user)
    if request.method == "POST":
        return end(request, row, back)
    context = {
        "row": row,
        "text": row.text,
        "back": back,
        "counts": format_counts(row.counts),
        "html": to_page(row.tree or {}),
    }
    return render(request, "opinions/papers/import_shown.html", context)


def end(request: UserRequest, row: TextImport, back: str) -> HttpResponse:
    """Write the file at the end of the text, or leave it out."""
    if request.POST.get("do") == "write":
        actions.write(row, by=request.user)
        messages.success(request, _("Le fichier est repris à la fin du texte."))
    else:
        actions.discard(row, by=request.user)
        messages.success(request, _("Le fichier est laissé de côté : rien n’a changé."))
    return redirect(back)


def format_counts(counts: dict[str, Any]) -> list[str]:
    """Return « 1 128 mots », « 3 titres », « 10 préconisations »."""
    forms = {
        "words": ("%(n)s mot", "%(n)s mots"),
        "headings": ("%(n)s titre", "%(n)s titres"),
        "paragraphs": ("%(n)s paragraphe", "%(n)s paragraphes"),
        "lists": ("%(n)s liste", "%(n)s listes"),
        "tables": ("%(n)s tableau", "%(n)s tableaux"),
        "links": ("%(n)s lien", "%(n)s liens"),
        "notes": ("%(n)s note", "%(n)s notes"),
        "recommendations": ("%(n)s préconisation", "%(n)s préconisations"),
    }
    return [
        ngettext(*plural_forms, counts[name]) % {"n": counts[name]}
        for name, plural_forms in forms.items()
        if counts.get(name)
    ]
