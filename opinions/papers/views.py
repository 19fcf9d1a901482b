"""Documents of one opinion in the back office, downloads for all readers, Word imports, the public pages."""

from collections.abc import Callable
from itertools import groupby
from operator import itemgetter
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, gettext_lazy as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.collab import registry, rules as collab_rules
from assembly.collab.document.grammar import PROMPTS
from assembly.collab.document.html import to_page
from assembly.collab.models import SharedText
from assembly.collab.queries import readable_text_or_404
from assembly.documents.pdf.source import canonical_json
from assembly.documents.responses import PDF, bytes_response
from assembly.files.fields import UploadField
from assembly.files.file_kinds import MEGABYTE
from assembly.identity.http import UserRequest, recently_authenticated
from assembly.lists import Column, Table
from assembly.portal.registry import page_widgets
from assembly.portal.share import share_card
from assembly.speed.page_cache import public_page
from assembly.web.errors import StateConflict
from assembly.web.forms import posted
from assembly.web.pages import Question, confirm_first, form_page
from assembly.web.pagination import keyset_page
from assembly.web.request_bodies import takes_files
from assembly.web.versioned import differences
from opinions import pages
from opinions.amendments.queries import base_version
from opinions.exchange.manuscript import Manuscript
from opinions.models import ImportState, Opinion, OpinionState, OpinionVisaCapacity, PrintedChapters, TextImport
from opinions.opinions.queries import public_dossier, published_opinions, visible_opinion
from opinions.pages import desk_opinion, team_opinion
from opinions.papers import actions, queries, rules
from opinions.papers.documents import files
from opinions.papers.queries import chapters_of, label_of, paragraphs, sitting_members
from opinions.versions.queries import recommendations_data, vote_data

BLANK_LINE = _("Laissez une ligne vide entre deux paragraphes.")


class ChaptersForm(forms.Form):
    """Form for the chapters, each optional; `version` is the one that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    foreword = forms.CharField(label=_("Avant-propos"), required=False, widget=forms.Textarea({"rows": 8}))
    foreword_by = forms.CharField(label=_("Signature de l’avant-propos"), required=False, max_length=200)
    genesis = forms.CharField(label=_("Naissance de l’Assemblée"), required=False, widget=forms.Textarea({"rows": 6}))
    method = forms.CharField(label=_("Méthode"), required=False, widget=forms.Textarea({"rows": 6}))
    thanks = forms.CharField(label=_("Remerciements"), required=False, widget=forms.Textarea({"rows": 4}))

    def __init__(self, data: Any = None, *, chapters: PrintedChapters) -> None:
        initial = {name: getattr(chapters, name) for name in self.base_fields if name != "version"}
        version = chapters.version if chapters.pk else 0
        super().__init__(data, initial=initial | {"version": version})
        for name in ("foreword", "genesis", "method", "thanks"):
            self.fields[name].help_text = BLANK_LINE

    def chapters(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class PaperVisaForm(forms.Form):
    """Form for the capacity of the person whose signed paper the team has."""

    capacity = forms.ChoiceField(label=_("Qui a signé"), choices=OpinionVisaCapacity)


class WordImportForm(forms.Form):
    """Form for one Word file."""

    file = UploadField(
        label=_("Fichier Word"),
        kinds=("word",),
        max_size=20 * MEGABYTE,
        help_text=_("Un fichier .docx sans macros, 20 Mo au plus. Rien n’est écrit avant votre accord."),
    )


class EasyReadFileForm(forms.Form):
    """Form for the summary as a workshop laid it out, with its pictures."""

    file = UploadField(
        label=_("Résumé facile à lire, mis en page"),
        kinds=("pdf",),
        max_size=20 * MEGABYTE,
        help_text=_("Un PDF, 20 Mo au plus. Le résumé écrit reste à côté, pour celles et ceux qui écoutent."),
    )


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
    return render(request, "opinions/papers/list.html", pages.context(request, opinion, "papers", **more))


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
        success_message=gettext("Les chapitres sont gardés."),
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
        success_message=gettext("Le résumé facile à lire est gardé."),
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
            actions.record_visa(opinion, OpinionVisaCapacity(form.cleaned_data["capacity"]), by=request.user)
        except ValidationError as refused:
            messages.warning(request, " ".join(refused.messages))
        else:
            messages.success(request, gettext("Le visa est noté, avec la mention « sur papier »."))
    return redirect("opinions:papers", opinion.pk)


def seal_question(request: UserRequest, pk: int) -> Question:
    opinion = team_opinion(request, pk)
    if not rules.can_seal(request.user, opinion):
        raise StateConflict(opinion, "seal") if rules.can_read_papers(request.user, opinion) else PermissionDenied
    lines = [gettext("Le PDF scellé a une référence, et se vérifie par tout le monde. Il ne change plus.")]
    if opinion.published_at:
        lines.append(
            gettext("L’avis est publié\u00a0: le nouveau fichier remplace aussitôt l’ancien, qui reste vérifiable.")
        )
    return Question(
        gettext("Sceller l’avis ?"),
        gettext("Sceller l’avis"),
        reverse("opinions:papers", args=[pk]),
        lines,
        about=opinion,
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
        actions.give_visa(opinion, capacity, by=request.user)
        messages.success(request, gettext("Votre visa est donné."))
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
    return written(request, files.of_opinion(opinion), suffix, name=opinion.reference or opinion.title)


@require_safe
def text_file(request: UserRequest, public_id: str, suffix: str) -> HttpResponse:
    """Download one text that people write, for those who may read it."""
    text = readable_text_or_404(request.user, public_id)
    return written(request, files.of_text(text, opinion_of(text)), suffix, name=text.title)


def opinion_of(text: SharedText) -> Opinion:
    """Return the opinion to which a text belongs; raise Http404 for a text of another kind."""
    rows = Opinion.objects.select_related("term__assembly")
    opinion = rows.filter(text=text).first() or rows.filter(sections__text=text).first()
    if opinion is None:
        raise Http404
    return opinion


def written(request: HttpRequest, manuscript: Manuscript, suffix: str, *, name: str) -> HttpResponse:
    """Return the manuscript as a file to download."""
    content, media_type = files.manuscript_file(manuscript, suffix)
    return bytes_response(request, content, name=f"{name}.{suffix}", media_type=media_type)


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: UserRequest, public_id: str) -> HttpResponse:
    """Choose the file; a refusal explains why and what to do."""
    text = readable_text_or_404(request.user, public_id)
    if not collab_rules.can_write(request.user, text):
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
        messages.success(request, gettext("Le fichier est repris à la fin du texte."))
    else:
        actions.discard(row, by=request.user)
        messages.success(request, gettext("Le fichier est laissé de côté : rien n’a changé."))
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


@login_not_required
@require_safe
@public_page
def public_list(request: HttpRequest) -> HttpResponse:
    """Show the published opinions of the assembly, the latest first."""
    rows = published_opinions().select_related("term")
    page = keyset_page(rows.for_screen(), request, ordering=("-adopted_on", "-pk"))
    context = {"page": page, "count": rows.count(), "widgets": page_widgets("public-opinion-list", None, None)["main"]}
    return render(request, "opinions/papers/public_list.html", context)


@login_not_required
@require_safe
@public_page
def public_card(request: HttpRequest, reference: str) -> HttpResponse:
    """Return the picture of that page for sharing: its vote fills the seats."""
    rows = published_opinions().filter(reference=reference).select_related("term", "ballot")
    opinion = get_object_or_404(rows)
    vote = vote_data(opinion.ballot) if opinion.ballot else {}
    return share_card(
        title=opinion.title,
        reference=f"{label_of(opinion)} {opinion.reference}",
        line=vote.get("sentence", ""),
        seats=opinion.term.seats,
        votes=(vote.get("for", 0), vote.get("against", 0), vote.get("abstentions", 0)),
    )


JSON_TYPE = "application/json; charset=utf-8"


def answer_to(prompt: str) -> Callable[[Any], object]:
    return lambda row: row["fields"][prompt]["text"]


COLUMNS = [
    Column(gettext_lazy("Référence"), itemgetter("reference")),
    Column(gettext_lazy("Rang"), itemgetter("number")),
    Column(gettext_lazy("Titre"), itemgetter("title")),
    Column(gettext_lazy("Thème"), itemgetter("theme")),
    Column(gettext_lazy("Partie"), itemgetter("section")),
    Column(gettext_lazy("Prioritaire"), itemgetter("priority")),
    *(Column(question, answer_to(prompt)) for prompt, question in PROMPTS.items()),
    Column(gettext_lazy("Vote"), lambda row: row["vote"]["sentence"] if row["vote"] else ""),
    Column(gettext_lazy("Réunit"), lambda row: " ".join(row["merged_from"])),
    Column(gettext_lazy("Adresse"), itemgetter("address")),
]


def published(reference: str) -> Opinion:
    return get_object_or_404(public_dossier(), reference=reference)


@login_not_required
@require_safe
@public_page
def recommendations_json(request: HttpRequest, reference: str) -> HttpResponse:
    """Return the recommendations in the schema `hemicycle/recommendations/1`."""
    return HttpResponse(canonical_json(recommendations_data(published(reference))), content_type=JSON_TYPE)


@login_not_required
@require_safe
@public_page
def recommendations_csv(request: HttpRequest, reference: str) -> HttpResponse:
    """Return the recommendations for a spreadsheet, one line each."""
    rows = recommendations_data(published(reference))["recommendations"]
    return Table(f"preconisations-{reference}", COLUMNS).data(rows)


@login_not_required
@require_safe
@public_page
def members(request: HttpRequest, reference: str) -> HttpResponse:
    """Show who sat on the day of the adoption, on a page of its own because their number grows with the assembly."""
    opinion = published(reference)
    rows = sitting_members(opinion).order_by("member__canton__name__alphabetical", "member__person__sort_name", "pk")
    cantons = [(canton, list(seated)) for canton, seated in groupby(rows, key=lambda row: row.member.canton)]
    return render(request, "opinions/papers/public_members.html", {"opinion": opinion, "cantons": cantons})


@login_not_required
@require_safe
@public_page
def public_easy_read(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the summary alone, large, on a page that prints well."""
    opinion = published(reference)
    if not opinion.easy_read:
        raise Http404
    context = {"opinion": opinion, "parts": paragraphs(opinion.easy_read)}
    return render(request, "opinions/papers/public_easy_read.html", context)


@login_not_required
@require_safe
def easy_read_file(request: HttpRequest, reference: str) -> HttpResponse:
    """Return the summary as a workshop laid it out, once the antivirus has passed it."""
    upload = chapters_of(published(reference)).easy_read_file
    if upload is None or not upload.is_available:
        raise Http404
    name = f"{reference}-facile-a-lire.pdf"
    return bytes_response(request, upload.blob.open(), name=name, media_type=PDF, etag=upload.blob_id)


@login_not_required
@require_safe
def adopted_file(request: HttpRequest, reference: str, suffix: str) -> HttpResponse:
    """Return the adopted text for a word processor; only the sealed PDF is the legal act."""
    opinion = published(reference)
    return written(request, files.of_opinion(opinion), suffix, name=opinion.reference)
