"""The tab « Dossier » of the back office: papers in order, what each lacks, several at once, opening to members."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.text.french import Label
from assembly.web.form_page import form_page
from assembly.web.forms import attach_refusal, posted
from assembly.web.request_bodies import takes_files
from assembly.web.versioned import UNPROCESSABLE, attempt
from consultations.actions.briefing_files import DepositedFile, read_batch
from consultations.briefing import actions, forms
from consultations.models import BriefingDocument, Referral
from consultations.queries import briefing as queries
from consultations.rules import briefing as rules
from consultations.views.frame import dossier_context
from consultations.views.steps import desk_referral

UPDATED = gettext_lazy("Le dossier est à jour.")


def briefed_referral(request: UserRequest, pk: int) -> Referral:
    """Return the referral for a user who prepares its pack; raise PermissionDenied otherwise."""
    referral = desk_referral(request, pk)
    if not rules.can_brief(request.user, referral):
        raise PermissionDenied
    return referral


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
