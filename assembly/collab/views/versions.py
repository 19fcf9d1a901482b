"""Views of the versions of a text: list, read, compare, restore; who wrote what."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assembly.collab import registry, rules
from assembly.collab.actions import versions as actions
from assembly.collab.document import comparing
from assembly.collab.enums import VersionReason
from assembly.collab.forms import CompareForm, VersionNameForm
from assembly.collab.models import SharedText, TextVersion
from assembly.collab.queries.texts import readable_text_or_404
from assembly.collab.queries.versions import versions_of, written_by
from assembly.identity.http import UserRequest
from assembly.web.form_page import form_page
from assembly.web.forms import posted


def versions_context(request: UserRequest, text: SharedText, **more: Any) -> dict[str, Any]:
    """Return the context of every page about versions: the text, the address of its page, the reader's abilities."""
    back = registry.address(text, request.user)
    return {"text": text, "back": back, "can": rules.abilities(request.user, text), **more}


@require_http_methods(["GET", "HEAD", "POST"])
def versions(request: UserRequest, public_id: UUID) -> HttpResponse:
    """List the versions, and save the text as it is now under a name."""
    text = readable_text_or_404(request.user, public_id)
    if request.method == "POST" and not rules.can_take_version(request.user, text):
        raise PermissionDenied
    return form_page(
        request,
        VersionNameForm(posted(request)),
        lambda data: actions.take_version(text, **data, reason=VersionReason.NAMED, by=request.user),
        template="collab/versions.html",
        context=lambda: list_context(request, text),
        success_message=_("La version est gardée."),
        to=reverse("collab:versions", args=[text.public_id]),
    )


def list_context(request: UserRequest, text: SharedText) -> dict[str, Any]:
    rows = versions_of(text)
    compare = (
        CompareForm(versions=rows, initial={"old": rows[1].number, "new": rows[0].number}) if len(rows) > 1 else None
    )
    return versions_context(request, text, versions=rows, compare=compare)


@require_safe
def version(request: UserRequest, public_id: UUID, number: int) -> HttpResponse:
    text = readable_text_or_404(request.user, public_id)
    row = get_object_or_404(versions_of(text), number=number)
    return render(request, "collab/version.html", versions_context(request, text, version=row))


@require_safe
def version_compare(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Show what changed from one version to another."""
    text = readable_text_or_404(request.user, public_id)
    form = CompareForm(request.GET or None, versions=versions_of(text))
    changes = None
    if form.is_valid():
        changes = comparing.compare(form.cleaned_data["old"].tree, form.cleaned_data["new"].tree)
    context = versions_context(request, text, form=form, has_result=changes is not None)
    if changes is not None:
        context |= {"html": comparing.to_html(changes), "same": comparing.is_same(changes), **form.cleaned_data}
    return render(request, "collab/version_compare.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def version_restore(request: UserRequest, public_id: UUID, number: int) -> HttpResponse:
    """Ask for confirmation, then restore the text of that version."""
    text = readable_text_or_404(request.user, public_id)
    if not rules.can_restore(request.user, text):
        raise PermissionDenied
    row = get_object_or_404(TextVersion.objects.filter(text=text).select_related("text"), number=number)
    if request.method != "POST":
        return render(request, "collab/version_restore.html", versions_context(request, text, version=row))
    actions.restore(row, by=request.user)
    messages.success(request, _("Le texte de la version %(number)s est rétabli.") % {"number": row.number})
    return redirect(registry.address(text, request.user))


@require_safe
def authors(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Show who wrote what in the newest version with known authorship; for those who take part only."""
    text = readable_text_or_404(request.user, public_id)
    if not rules.can_see_authors(request.user, text):
        raise PermissionDenied
    row: TextVersion | None = TextVersion.objects.filter(text=text, passages__isnull=False).order_by("-number").first()
    blocks, people = written_by(row) if row else ([], [])
    return render(
        request, "collab/authors.html", versions_context(request, text, version=row, blocks=blocks, people=people)
    )
