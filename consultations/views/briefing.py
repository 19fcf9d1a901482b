"""The tab « Dossier » of the bureau: papers in their order, what each lacks, several at once, opening to members."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.identity.http import UserRequest
from assembly.ui.forms import posted
from consultations.actions import briefing as actions
from consultations.actions.briefing_files import read_batch
from consultations.forms import briefing as forms
from consultations.models import BriefingDocument, Referral
from consultations.queries import briefing as queries
from consultations.rules import briefing as rules
from consultations.views.frame import frame
from consultations.views.steps import desk_referral

UNPROCESSABLE = 422


def briefed_referral(request: UserRequest, pk: int) -> Referral:
    """The referral for whom prepares its pack."""
    referral = desk_referral(request, pk)
    if not rules.can_brief(request.user, referral):
        raise PermissionDenied
    return referral


def desk_document(request: UserRequest, pk: int) -> BriefingDocument:
    """A paper of a pack for the team; one of another house is 404, one removed or replaced too."""
    rows = BriefingDocument.objects.readable_by(request.user).select_related("upload__blob", "hearing", "pack")
    document = get_object_or_404(rows, pk=pk)
    document.pack = queries.pack_of(briefed_referral(request, document.pack.referral_id))
    return document


@require_safe
def briefing(request: UserRequest, pk: int) -> HttpResponse:
    """The tab."""
    referral = desk_referral(request, pk)
    pack = queries.pack_of(referral)
    documents = queries.documents_of(pack)
    former = queries.former_versions(pack)
    waiting = list(pack.deposits.all()) if pack.pk else []
    context = {
        "pack": pack,
        "lines": [{"document": document, "former": former.get(document.pk, [])} for document in documents],
        "removed": list(queries.removed_documents(pack)),
        "waiting": waiting,
        "missing": rules.missing(documents, len(waiting)),
        "can_open": rules.can_open(request.user, pack),
        "reaches_members": rules.reaches_members(referral),
        "note": queries.note_to_add(referral, documents),
        "size": queries.total_size(documents),
    }
    return render(request, "consultations/briefing_tab.html", {**frame(request, referral, "briefing"), **context})


def page(request: UserRequest, referral: Referral, form: Any, **words: Any) -> HttpResponse:
    """One form of the pack on its own page."""
    context = {"referral": referral, "form": form, "back": back_to(referral), **words}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "consultations/briefing_form.html", context, status=status)


def back_to(referral: Referral) -> str:
    return reverse("consultations:briefing", args=[referral.pk])


@require_http_methods(["GET", "HEAD", "POST"])
def briefing_introduction(request: UserRequest, pk: int) -> HttpResponse:
    referral = briefed_referral(request, pk)
    pack = queries.pack_of(referral)
    form = forms.IntroductionForm(posted(request), initial={"introduction": pack.introduction})
    if form.is_valid():
        actions.introduce(referral, form.cleaned_data["introduction"], by=request.user)
        messages.success(request, _("La présentation est enregistrée."))
        return redirect(back_to(referral))
    return page(request, referral, form, title=_("Présentation du dossier"), label=_("Enregistrer"))


@require_http_methods(["GET", "HEAD", "POST"])
def briefing_add(request: UserRequest, pk: int) -> HttpResponse:
    """One paper."""
    referral = briefed_referral(request, pk)
    files = request.FILES if request.method == "POST" else None
    form = forms.AddForm(
        posted(request), files, referral=referral, initial={"hearing": request.GET.get("audition", "")}
    )
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.add(referral, by=request.user, file=data["file"], link=data["link"], **form.facts())
        except ValidationError as refused:
            form.add_error(None, refused.messages)
        else:
            messages.success(request, _("« %(title)s » est dans le dossier.") % {"title": data["title"]})
            return redirect(back_to(referral))
    return page(request, referral, form, title=_("Ajouter un document"), label=_("Ajouter ce document"))


@require_POST
def briefing_note(request: UserRequest, pk: int) -> HttpResponse:
    """The scoping note as a paper of the pack."""
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
    referral = document.pack.referral
    names = ("title", "summary", "kind", "source", "dated_on", "level", "is_public", "link", "hearing")
    initial = {name: getattr(document, name) for name in names} | {"checks": list(document.checks)}
    form = forms.BriefingChangeForm(posted(request), document=document, initial=initial)
    if form.is_valid():
        return acted(request, referral, form, lambda: actions.change(document, by=request.user, **form.facts()))
    return page(request, referral, form, title=document.title, label=_("Enregistrer"))


@require_http_methods(["GET", "HEAD", "POST"])
def document_version(request: UserRequest, pk: int) -> HttpResponse:
    """A newer file in the place of the former one, which is kept."""
    document = desk_document(request, pk)
    referral = document.pack.referral
    files = request.FILES if request.method == "POST" else None
    form = forms.BriefingVersionForm(posted(request), files)
    if form.is_valid():
        data = form.cleaned_data
        return acted(
            request,
            referral,
            form,
            lambda: actions.replace(document, by=request.user, file=data["file"], link=data["link"]),
        )
    title = _("Nouvelle version de « %(title)s »") % {"title": document.title}
    return page(request, referral, form, title=title, label=_("Remplacer"))


def acted(request: UserRequest, referral: Referral, form: Any, act: Any) -> HttpResponse:
    """Do it; what was removed meanwhile is said."""
    try:
        act()
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
        return redirect(back_to(referral))
    messages.success(request, _("Le dossier est à jour."))
    return redirect(back_to(referral))


@require_http_methods(["GET", "HEAD", "POST"])
def document_remove(request: UserRequest, pk: int) -> HttpResponse:
    """Asks why first; the line stays below the list."""
    document = desk_document(request, pk)
    referral = document.pack.referral
    form = forms.RemoveForm(posted(request))
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        return acted(request, referral, form, lambda: actions.remove(document, reason=reason, by=request.user))
    lines = [_("Les membres ne le liront plus. Le fichier et la trace de son retrait sont gardés.")]
    title = _("Retirer « %(title)s » du dossier ?") % {"title": document.title}
    context = {
        "title": title,
        "lines": lines,
        "label": _("Retirer ce document"),
        "form": form,
        "back": back_to(referral),
        "danger": True,
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "consultations/briefing_question.html", context, status=status)


@require_POST
def document_move(request: UserRequest, pk: int) -> HttpResponse:
    """One place up or down."""
    document = desk_document(request, pk)
    direction = "up" if request.POST.get("direction") == "up" else "down"
    try:
        actions.move(document, direction, by=request.user)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    return redirect(f"{back_to(document.pack.referral)}#document-{document.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def briefing_drop(request: UserRequest, pk: int) -> HttpResponse:
    """Several files, or an archive: each is kept or refused on its own line."""
    referral = briefed_referral(request, pk)
    files = request.FILES if request.method == "POST" else None
    form = forms.BatchForm(posted(request), files)
    if not form.is_valid():
        title, label = _("Ajouter plusieurs documents"), _("Déposer ces fichiers")
        return page(request, referral, form, title=title, label=label)
    rows = read_batch(form.cleaned_data["papers"])
    actions.deposit(referral, rows, by=request.user)
    refused = [row for row in rows if row.refusal]
    if refused:
        context = {"referral": referral, "rows": rows, "refused": refused, "kept": len(rows) - len(refused)}
        return render(request, "consultations/briefing_refused.html", context, status=UNPROCESSABLE)
    return redirect("consultations:briefing-describe", referral.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def briefing_describe(request: UserRequest, pk: int) -> HttpResponse:
    """What each deposited file is, then all enter the pack together."""
    referral = briefed_referral(request, pk)
    pack = queries.pack_of(referral)
    deposits = list(pack.deposits.select_related("upload__blob").order_by("pk")) if pack.pk else []
    if not deposits:
        return redirect(back_to(referral))
    data = posted(request)
    common = forms.CommonForm(data)
    lines = [forms.DepositForm(data, deposit=deposit) for deposit in deposits]
    if data is not None and all([common.is_valid(), *(line.is_valid() for line in lines)]):
        return describe(request, referral, common, lines)
    context = {"referral": referral, "common": common, "lines": lines, "back": back_to(referral)}
    return render(request, "consultations/briefing_describe.html", context, status=UNPROCESSABLE if data else 200)


def describe(request: UserRequest, referral: Referral, common: Any, lines: list[forms.DepositForm]) -> HttpResponse:
    told = {line.deposit: line.facts(common.cleaned_data) for line in lines}
    try:
        made = actions.describe(referral, told, by=request.user)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
        return redirect(back_to(referral))
    words = ngettext("%(n)s document est dans le dossier.", "%(n)s documents sont dans le dossier.", len(made))
    messages.success(request, words % {"n": len(made)})
    return redirect(back_to(referral))
