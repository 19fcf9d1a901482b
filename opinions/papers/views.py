"""Documents of one opinion: drafts, versions, visas and seal in the back office; downloads for all readers."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.collab.models import SharedText
from assembly.collab.queries.texts import readable_text_or_404
from assembly.documents.views.responses import bytes_response
from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated
from assembly.web.confirmation import Question, confirm_first
from assembly.web.errors import StateConflict
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.web.request_bodies import takes_files
from assembly.web.versioned import differences
from opinions.actions import visas
from opinions.amendments.queries import base_version
from opinions.documents import manuscripts
from opinions.enums import OpinionState, OpinionVisaCapacity
from opinions.exchange.manuscript import Manuscript
from opinions.models import Opinion
from opinions.papers import actions, rules
from opinions.papers.forms import ChaptersForm, EasyReadFileForm, PaperVisaForm
from opinions.papers.queries import chapters_of
from opinions.queries import papers as queries
from opinions.queries.opinions import visible_opinion
from opinions.views import dossier
from opinions.views.fetch import desk_opinion, team_opinion

KINDS = {"projet": actions.DRAFT_KIND, "texte-numerote": actions.TEXT_KIND, "liasse": actions.BOOKLET_KIND}


def readable_opinion(request: UserRequest, pk: int) -> Opinion:
    """Return an opinion whose documents this reader may read; raise Http404 when it is not visible."""
    opinion = visible_opinion(request.user, pk)
    if not rules.can_read_papers(request.user, opinion):
        raise PermissionDenied
    return opinion


@require_safe
def papers(request: UserRequest, pk: int) -> HttpResponse:
    """Show everything that can be printed, and the steps to the seal."""
    opinion = desk_opinion(request, pk)
    document = queries.sealed_document(opinion)
    waits = document is not None and opinion.state == OpinionState.ADOPTED
    more: dict[str, Any] = {
        "texts": [] if opinion.is_tabled else queries.texts_of(opinion),
        "tabled": base_version(opinion),
        "visas": queries.visas_of(opinion) if opinion.is_adopted else [],
        "missing": actions.missing_visas(opinion) if opinion.is_adopted else [],
        "my_visa": queries.my_due_capacity(request.user, opinion) if opinion.is_adopted else None,
        "sealing": queries.sealing_of(opinion, queries.SEALED_KIND),
        "document": document,
        "outdated": waits and queries.is_seal_outdated(opinion),
        "visa_form": PaperVisaForm(),
        "chapters": chapters_of(opinion),
        "may": {
            "chapters": rules.can_write_chapters(request.user, opinion),
            "seal": rules.can_seal(request.user, opinion),
        }
        | {"easy_read": rules.can_save_easy_read(request.user, opinion)},
    }
    return render(request, "opinions/papers/list.html", dossier.context(request, opinion, "papers", **more))


@require_http_methods(["GET", "HEAD", "POST"])
def chapters(request: UserRequest, pk: int) -> HttpResponse:
    """Edit the chapters around the text; two officers at the same time lose nothing."""
    opinion = team_opinion(request, pk)
    if not rules.can_write_chapters(request.user, opinion):
        raise PermissionDenied
    form = ChaptersForm(posted(request), chapters=chapters_of(opinion))
    return form_page(
        request,
        form,
        lambda data: actions.write_chapters(opinion, form.chapters(), version=data["version"], by=request.user),
        compare=lambda late: differences(ChaptersForm(chapters=late.current), form),
        template="opinions/papers/chapters.html",
        context={"opinion": opinion},
        success_message=_("Les chapitres sont gardés."),
        to=reverse("opinions:papers", args=[opinion.pk]),
    )


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def easy_read(request: UserRequest, pk: int) -> HttpResponse:
    """Upload the easy-read summary as a file."""
    opinion = team_opinion(request, pk)
    if not rules.can_save_easy_read(request.user, opinion):
        raise PermissionDenied
    return form_page(
        request,
        EasyReadFileForm(posted(request), request.FILES or None),
        lambda data: actions.save_easy_read_file(opinion, data["file"], by=request.user),
        field="file",
        template="opinions/papers/easy_read.html",
        context={"opinion": opinion},
        success_message=_("Le résumé facile à lire est gardé."),
        to=reverse("opinions:papers", args=[opinion.pk]),
    )


@require_POST
@recently_authenticated
def visa_on_paper(request: UserRequest, pk: int) -> HttpResponse:
    """Record a visa that somebody signed on paper."""
    opinion = team_opinion(request, pk)
    form = PaperVisaForm(request.POST)
    if form.is_valid():
        try:
            visas.record_visa(opinion, OpinionVisaCapacity(form.cleaned_data["capacity"]), by=request.user)
        except ValidationError as refused:
            messages.warning(request, " ".join(refused.messages))
        else:
            messages.success(request, _("Le visa est noté, avec la mention « sur papier »."))
    return redirect("opinions:papers", opinion.pk)


def seal_question(request: UserRequest, pk: int) -> Question:
    opinion = team_opinion(request, pk)
    if not rules.can_seal(request.user, opinion):
        raise StateConflict(opinion, "seal") if rules.can_read_papers(request.user, opinion) else PermissionDenied
    lines = [_("Le PDF scellé a une référence, et se vérifie par tout le monde. Il ne change plus.")]
    if opinion.published_at:
        lines.append(
            _("L’avis est publié\u00a0: le nouveau fichier remplace aussitôt l’ancien, qui reste vérifiable.")
        )
    return Question(
        _("Sceller l’avis ?"), _("Sceller l’avis"), reverse("opinions:papers", args=[pk]), lines, about=opinion
    )


@confirm_first(seal_question)
@recently_authenticated
def seal(request: UserRequest, pk: int) -> HttpResponse:
    """Request the sealed file."""
    opinion = team_opinion(request, pk)
    try:
        job = actions.seal(opinion, by=request.user)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
        return redirect("opinions:papers", opinion.pk)
    return redirect("documents:rendition-progress", job.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def member_visa(request: UserRequest, pk: int) -> HttpResponse:
    """Give the visa of the chair or of the rapporteur, after a fresh proof of identity."""
    opinion = readable_opinion(request, pk)
    capacity = queries.my_due_capacity(request.user, opinion)
    back = rules.VISA_PAGES.page_for(opinion, request.user)
    if capacity is None:
        raise PermissionDenied
    if request.method == "POST":
        visas.give_visa(opinion, capacity, by=request.user)
        messages.success(request, _("Votre visa est donné."))
        return redirect(back)
    return render(request, "opinions/papers/visa.html", {"opinion": opinion, "capacity": capacity.label, "back": back})


@require_POST
def ask(request: UserRequest, pk: int, kind: str) -> HttpResponse:
    """Request a draft, the numbered text or the booklet, made by a worker."""
    opinion = readable_opinion(request, pk)
    version = base_version(opinion)
    if kind not in KINDS or (kind != "projet" and version is None):
        raise Http404
    if kind == "projet":
        job = actions.draft(opinion, by=request.user)
    else:
        assert version is not None  # noqa: S101 -- tested above; for the reader and the type checker
        job = actions.print_version(version, KINDS[kind], by=request.user)
    return redirect("documents:rendition-file" if job.is_ready else "documents:rendition-progress", job.public_id)


@require_safe
def opinion_file(request: UserRequest, pk: int, suffix: str) -> HttpResponse:
    """Download the whole present text for a word processor."""
    opinion = readable_opinion(request, pk)
    return written(request, manuscripts.of_opinion(opinion), suffix, name=opinion.reference or opinion.title)


@require_safe
def text_file(request: UserRequest, public_id: str, suffix: str) -> HttpResponse:
    """Download one text that people write, for those who may read it."""
    text = readable_text_or_404(request.user, public_id)
    return written(request, manuscripts.of_text(text, opinion_of(text)), suffix, name=text.title)


def opinion_of(text: SharedText) -> Opinion:
    """Return the opinion to which a text belongs; raise Http404 for a text of another kind."""
    rows = Opinion.objects.select_related("term__assembly")
    opinion = rows.filter(text=text).first() or rows.filter(sections__text=text).first()
    if opinion is None:
        raise Http404
    return opinion


def written(request: HttpRequest, manuscript: Manuscript, suffix: str, *, name: str) -> HttpResponse:
    """Return the manuscript as a file to download."""
    content, media_type = manuscripts.manuscript_file(manuscript, suffix)
    return bytes_response(request, content, name=f"{name}.{suffix}", media_type=media_type)
