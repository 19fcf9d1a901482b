"""Pages of the pack: the tab « Dossier », the opening, the members' page, the archive and the PDF."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.documents.responses import zip_response
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.text.french import Label, format_moment
from assembly.web.forms import attach_refusal, posted
from assembly.web.pages import form_page
from assembly.web.request_bodies import takes_files
from assembly.web.versioned import UNPROCESSABLE, attempt
from assembly.workflow import StateConflict
from consultations.briefing import actions, forms, queries, rules
from consultations.briefing.actions import DepositedFile, ask_for_pdf, read_batch
from consultations.briefing.documents import archive_name, files_of
from consultations.briefing.forms import ReleaseForm
from consultations.briefing.queries import progress_sentence, reading_lines
from consultations.models import BriefingDocument, BriefingPack, Referral
from consultations.pages import briefed_referral, desk_referral, dossier_context

UPDATED = gettext_lazy("Le dossier est à jour.")


def desk_document(request: UserRequest, pk: int) -> BriefingDocument:
    """Return a paper of a pack for the team; another assembly's is 404, one removed or replaced too."""
    rows = BriefingDocument.objects.readable_by(request.user).select_related("upload__blob", "hearing", "pack")
    document = get_object_or_404(rows, pk=pk)
    document.pack = queries.pack_of(briefed_referral(request, document.pack.referral_id))
    return document


@require_safe
def briefing(request: UserRequest, pk: int) -> HttpResponse:
    """Show the tab."""
    referral = desk_referral(request, pk)
    pack = queries.pack_of(referral)
    documents = queries.documents_of(pack)
    former = queries.former_versions(pack)
    waiting = list(pack.deposits.all()) if pack.pk else []
    context = dossier_context(
        request,
        referral,
        "briefing",
        pack=pack,
        lines=[{"document": document, "former": former.get(document.pk, [])} for document in documents],
        removed=list(queries.removed_documents(pack)),
        waiting=waiting,
        missing=rules.missing(documents, len(waiting)),
        can_open=rules.can_open(request.user, pack),
        reaches_members=rules.reaches_members(referral),
        note=queries.note_to_add(referral, documents),
        size=queries.total_size(documents),
    )
    return render(request, "consultations/briefing/tab.html", context)


def pack_page(
    request: UserRequest,
    referral: Referral,
    form: BaseForm,
    act: Callable[[dict[str, Any]], Any],
    *,
    success_message: Label | Callable[[Any], str] = UPDATED,
    template: str = "consultations/briefing/form.html",
    **more: Any,
) -> HttpResponse:
    """Show or process one form of the pack on its own page, which leads back to the tab."""
    back = back_to(referral)
    context = {"referral": referral, "back": back, **more}
    return form_page(request, form, act, template=template, context=context, success_message=success_message, to=back)


def back_to(referral: Referral) -> str:
    return reverse("consultations:briefing", args=[referral.pk])


@require_http_methods(["GET", "HEAD", "POST"])
def briefing_introduction(request: UserRequest, pk: int) -> HttpResponse:
    referral = briefed_referral(request, pk)
    pack = queries.pack_of(referral)
    return pack_page(
        request,
        referral,
        forms.IntroductionForm(posted(request), initial={"introduction": pack.introduction}),
        lambda data: actions.introduce(referral, data["introduction"], by=request.user),
        success_message=_("La présentation est enregistrée."),
        title=_("Présentation du dossier"),
        label=_("Enregistrer"),
    )


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def briefing_add(request: UserRequest, pk: int) -> HttpResponse:
    """Add one paper."""
    referral = briefed_referral(request, pk)
    hearing = request.GET.get("audition", "")
    form = forms.AddForm(posted(request), request.FILES or None, referral=referral, initial={"hearing": hearing})
    return pack_page(
        request,
        referral,
        form,
        lambda data: actions.add(referral, by=request.user, file=data["file"], link=data["link"], **form.facts()),
        success_message=lambda document: _("« %(title)s » est dans le dossier.") % {"title": document.title},
        title=_("Ajouter un document"),
        label=_("Ajouter ce document"),
    )


@require_POST
def briefing_note(request: UserRequest, pk: int) -> HttpResponse:
    """Add the scoping note as a paper of the pack."""
    referral = briefed_referral(request, pk)
    try:
        document = actions.add_scoping_note(referral, by=request.user)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    else:
        messages.success(request, _("La note de cadrage est dans le dossier, version %(n)s.") % {"n": document.number})
    return redirect(back_to(referral))


@require_http_methods(["GET", "HEAD", "POST"])
def document_edit(request: UserRequest, pk: int) -> HttpResponse:
    document = desk_document(request, pk)
    names = ("title", "summary", "kind", "source", "dated_on", "level", "is_public", "link", "hearing")
    initial = {name: getattr(document, name) for name in names} | {"checks": list(document.checks)}
    form = forms.BriefingChangeForm(posted(request), document=document, initial=initial)
    return pack_page(
        request,
        document.pack.referral,
        form,
        lambda data: actions.change(document, by=request.user, **form.facts()),
        title=document.title,
        label=_("Enregistrer"),
    )


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def document_version(request: UserRequest, pk: int) -> HttpResponse:
    """Replace the file of a paper by a newer one; the former one stays stored."""
    document = desk_document(request, pk)
    return pack_page(
        request,
        document.pack.referral,
        forms.BriefingVersionForm(posted(request), request.FILES or None),
        lambda data: actions.replace(document, by=request.user, file=data["file"], link=data["link"]),
        title=_("Nouvelle version de « %(title)s »") % {"title": document.title},
        label=_("Remplacer"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def document_remove(request: UserRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then remove the paper; its row stays below the list."""
    document = desk_document(request, pk)
    return pack_page(
        request,
        document.pack.referral,
        forms.RemoveForm(posted(request)),
        lambda data: actions.remove(document, reason=data["reason"], by=request.user),
        template="consultations/briefing/question.html",
        title=_("Retirer « %(title)s » du dossier ?") % {"title": document.title},
        lines=[_("Les membres ne le liront plus. Le fichier et la trace de son retrait sont gardés.")],
        label=_("Retirer ce document"),
        danger=True,
    )


@require_POST
def document_move(request: UserRequest, pk: int) -> HttpResponse:
    """Move a paper up or down by one position."""
    document = desk_document(request, pk)
    direction = "up" if request.POST.get("direction") == "up" else "down"
    try:
        actions.reorder(document, direction, by=request.user)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    return redirect(f"{back_to(document.pack.referral)}#document-{document.pk}")


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def briefing_drop(request: UserRequest, pk: int) -> HttpResponse:
    """Deposit several files, or an archive; each is accepted or refused on its own row."""
    referral = briefed_referral(request, pk)
    form = forms.BatchForm(posted(request), request.FILES or None)
    tried = attempt(form, lambda _version: deposit_all(referral, form.cleaned_data["papers"], by=request.user))
    if not tried.saved:
        labels = {"title": _("Ajouter plusieurs documents"), "label": _("Déposer ces fichiers")}
        context = {"referral": referral, "form": form, "back": back_to(referral), **labels}
        return render(request, "consultations/briefing/form.html", context, status=tried.status)
    rows = tried.saved
    if refused := [row for row in rows if row.refusal]:
        context = {"referral": referral, "rows": rows, "refused": refused, "accepted_count": len(rows) - len(refused)}
        return render(request, "consultations/briefing/refused.html", context, status=UNPROCESSABLE)
    return redirect("consultations:briefing-describe", referral.pk)


def deposit_all(referral: Referral, papers: list[Any], *, by: User) -> list[DepositedFile]:
    rows = read_batch(papers)
    actions.deposit(referral, rows, by=by)
    return rows


@require_http_methods(["GET", "HEAD", "POST"])
def briefing_describe(request: UserRequest, pk: int) -> HttpResponse:
    """Describe each deposited file; then all enter the pack together."""
    referral = briefed_referral(request, pk)
    pack = queries.pack_of(referral)
    deposits = list(pack.deposits.select_related("upload__blob").order_by("pk")) if pack.pk else []
    back = back_to(referral)
    if not deposits:
        return redirect(back)
    data = posted(request)
    common = forms.CommonForm(data)
    lines = [forms.DepositForm(data, deposit=deposit) for deposit in deposits]
    if all([common.is_valid(), *(line.is_valid() for line in lines)]):
        descriptions = {line.deposit: line.facts(common.cleaned_data) for line in lines}
        try:
            papers = actions.describe(referral, descriptions, by=request.user)
        except ValidationError as refused:
            attach_refusal(common, refused)
        else:
            text = ngettext(
                "%(n)s document est dans le dossier.", "%(n)s documents sont dans le dossier.", len(papers)
            )
            messages.success(request, text % {"n": len(papers)})
            return redirect(back)
    context = {"referral": referral, "common": common, "lines": lines, "back": back}
    status = UNPROCESSABLE if common.is_bound else 200
    return render(request, "consultations/briefing/describe.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def briefing_release(request: UserRequest, pk: int) -> HttpResponse:
    """Show what will happen, then open the pack."""
    referral = briefed_referral(request, pk)
    pack = queries.pack_of(referral)
    if not rules.can_open(request.user, pack):
        raise StateConflict(pack.referral, "release")
    return form_page(
        request,
        ReleaseForm(posted(request), initial={"when": "later" if pack.release_at else "now"}),
        lambda data: open_pack(referral, data, by=request.user),
        template="consultations/briefing/release.html",
        context=lambda: {"referral": referral, "back": back_to(referral), **facts(pack)},
        success_message=str,
        to=back_to(referral),
    )


def facts(pack: BriefingPack) -> dict[str, Any]:
    """Return what is missing, what opens, who is notified."""
    documents = queries.documents_of(pack)
    waiting = pack.deposits.count() if pack.pk else 0
    people = queries.members_to_notify(pack)
    letters = sum(person.is_paper for person in people)
    missing = rules.missing(documents, waiting)
    return {
        "pack": pack,
        "documents": queries.for_members(documents),
        "missing": missing,
        "is_blocked": any(line.blocks for line in missing),
        "people": len(people),
        "mails": len(people) - letters,
        "letters": letters,
    }


def open_pack(referral: Referral, data: dict[str, Any], *, by: User) -> str:
    """Open it now, or at the chosen moment; return the success message."""
    if data["when"] == "later":
        actions.schedule(referral, data["moment"], by=by)
        return _("Le dossier s’ouvrira aux membres le %(moment)s.") % {"moment": format_moment(data["moment"])}
    pack = actions.release(referral, by=by)
    count = len(queries.members_to_notify(pack))
    sentence = ngettext("%(n)s membre est prévenu.", "%(n)s membres sont prévenus.", count) % {"n": count}
    return f"{_('Le dossier est ouvert.')} {sentence}"


@require_POST
def briefing_unschedule(request: UserRequest, pk: int) -> HttpResponse:
    referral = briefed_referral(request, pk)
    actions.unschedule(referral, by=request.user)
    messages.success(request, _("Le dossier ne s’ouvrira pas tout seul."))
    return redirect(back_to(referral))


def open_referral(request: UserRequest, pk: int) -> Referral:
    """Return a referral whose pack is open to this reader; before the opening it is 404."""
    return get_object_or_404(queries.readers_referral(request.user), pk=pk)


@require_safe
def member_briefing(request: UserRequest, pk: int) -> HttpResponse:
    """Show the papers, easy-read first; the page is laid out for telephones too."""
    referral = open_referral(request, pk)
    pack = queries.pack_of(referral)
    documents = queries.for_members(queries.documents_of(pack))
    news = [document for document in documents if document.new_since]
    lines = reading_lines(documents, request.user)
    context: dict[str, Any] = {
        "referral": referral,
        "pack": pack,
        "easy": [line for line in lines if line.document.is_easy_read],
        "others": [line for line in lines if not line.document.is_easy_read],
        "progress": progress_sentence(lines),
        "news": news,
        "size": queries.total_size(documents),
        "has_files": any(document.upload for document in documents),
    }
    return render(request, "consultations/briefing/member.html", context)


@require_POST
def member_briefing_mark(request: UserRequest, pk: int, document_pk: int) -> HttpResponse:
    """Set or remove « Lu » on one paper of an open pack, for its reader alone."""
    referral = open_referral(request, pk)
    documents = queries.for_members(queries.documents_of(queries.pack_of(referral)))
    document = next((document for document in documents if document.pk == document_pk), None)
    if document is None:
        raise Http404
    actions.mark_as_read(document, is_read=request.POST.get("read") == "1", by=request.user)
    if not request.headers.get("HX-Request"):
        return redirect(f"{reverse('consultations:my-briefing', args=[pk])}#document-{document_pk}")
    lines = reading_lines(documents, request.user)
    line = next(line for line in lines if line.document.pk == document_pk)
    context = {"line": line, "referral": referral, "progress": progress_sentence(lines)}
    return render(request, "consultations/briefing/member_mark.html", context)


@require_safe
def member_briefing_zip(request: UserRequest, pk: int) -> HttpResponseBase:
    return archive(queries.pack_of(open_referral(request, pk)))


@require_safe
def briefing_zip(request: UserRequest, pk: int) -> HttpResponseBase:
    """Send the same to the back office, before the opening too."""
    return archive(queries.pack_of(desk_referral(request, pk)))


def archive(pack: BriefingPack) -> HttpResponseBase:
    """Send every file, in order, after an index that describes each; links are in the index."""
    documents = queries.for_members(queries.documents_of(pack))
    return zip_response(files_of(pack, documents), name=archive_name(pack))


@require_POST
def member_briefing_pdf(request: UserRequest, pk: int) -> HttpResponse:
    return redirect_to_pdf(request, queries.pack_of(open_referral(request, pk)), "consultations:my-briefing")


@require_POST
def briefing_pdf(request: UserRequest, pk: int) -> HttpResponse:
    return redirect_to_pdf(request, queries.pack_of(desk_referral(request, pk)), "consultations:briefing")


def redirect_to_pdf(request: UserRequest, pack: BriefingPack, back: str) -> HttpResponse:
    """Redirect to the last PDF when nothing changed since, else to the page that shows its progress."""
    try:
        job = ask_for_pdf(pack, by=request.user)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
        return redirect(back, pack.referral_id)
    return redirect("documents:rendition-file" if job.is_ready else "documents:rendition-progress", job.public_id)
