"""Views of a file that fills a list: upload, preview, confirmation. Each kind of file has these (`ImportPages`)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.files.fields import read_whole
from assembly.files.spreadsheets import XLSX, csv_response
from assembly.identity.http import UserRequest, recently_authenticated
from assembly.imports import actions
from assembly.imports.forms import ColumnsForm, CorrectionsForm
from assembly.imports.model_files import model_workbook
from assembly.imports.models import BatchState, ImportBatch, ImportSource
from assembly.imports.plan import ImportColumn, kinds
from assembly.imports.tables import MOST_BYTES
from assembly.imports.workflow import IMPORT_BATCH
from assembly.institution.models import TEAM_ROLES, Term
from assembly.institution.pages import working_term
from assembly.institution.rules import term_ids
from assembly.text.french import Label, french_enumeration
from assembly.web.forms import StyledForm, posted, whole_number
from assembly.web.pages import form_page
from assembly.web.request_bodies import takes_files
from assembly.web.versioned import attempt


class ImportForm(StyledForm):
    """Form for the file as it came: `tables.read_sheets` checks its content."""

    file = forms.FileField(
        error_messages={
            "required": gettext_lazy("Choisissez un fichier."),
            "empty": gettext_lazy("Ce fichier est vide. Choisissez-en un autre."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def __init__(self, *args: Any, label: Label, help_text: Label, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["file"]
        field.label, field.help_text = label, help_text

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise ValidationError(gettext("Ce fichier est trop lourd. Il doit peser au plus 5 Mo."))
        return upload


SHOWN = 200
STEPS = {"arreter": "stop", "reprendre": "resume"}


@dataclass(frozen=True)
class ImportPages:
    """Pages of one kind of file.
    `app`: owner of the routes (`import-…`). `above`, `list_route`: label and route of the list that the file fills.
    `added`: label of the counter of new rows. `count`: label of the button. `file_label`, `file_help`: of the field.
    `start_template`, `preview_template`: extend those of `imports`, where the words or columns are others.
    `prefix`: before `import-…`, where an app has several kinds. `more`: label and route of the imports of what belongs
    to this list. `form(term, user)`: whose choices the model offers. `export`: route of the file of the list, which
    comes in again.
    """

    app: str
    kind: str
    rule: Callable[[Any, Term], bool]
    columns: Sequence[ImportColumn]
    example: Sequence[str]
    confirm_form: type[StyledForm]
    title: Label
    above: Label
    list_route: str
    added: Label
    model: Label
    count: Callable[[int], str]
    file_label: Label = gettext_lazy("Fichier")
    file_help: Label = gettext_lazy("CSV ou XLSX, 2 000 lignes et 5 Mo au plus.")
    start_template: str = "imports/start.html"
    preview_template: str = "imports/page.html"
    prefix: str = ""
    more: Sequence[tuple[Label, str]] = ()
    form: Callable[..., Any] | None = None
    export: str = ""

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"{self.app}:{self.prefix}import-{name}", args=args)

    @property
    def identified_by(self) -> str:
        """Return the columns that identify a line without reference, such as « Nom » et « Année »."""
        return french_enumeration([f"« {column.title} »" for column in self.columns if column.identifies], most=9)

    def start_addresses(self) -> dict[str, str]:
        """Return the addresses that exist before there is a file."""
        return {"list": reverse(self.list_route), "start": self.url("start"), "model": self.url("model")}

    def addresses(self, batch: ImportBatch) -> dict[str, str]:
        pk = batch.public_id
        return {
            **self.start_addresses(),
            "page": self.url("page", pk),
            "columns": self.url("columns", pk),
            "correct": self.url("correct", pk),
            "confirm": self.url("confirm", pk),
            "errors": self.url("errors", pk),
            "stop": self.url("step", pk, "arreter"),
            "again": self.url("step", pk, "reprendre"),
        }


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def import_start(request: UserRequest, pages: ImportPages) -> HttpResponse:
    term = working_term(request, pages.rule)
    return form_page(
        request,
        ImportForm(posted(request), request.FILES or None, label=pages.file_label, help_text=pages.file_help),
        lambda data: actions.preview(
            term, read_whole(data["file"]), data["file"].name, by=request.user, kind=pages.kind
        ),
        template=pages.start_template,
        context={
            "term": term,
            "columns": pages.columns,
            "pages": pages,
            "urls": pages.start_addresses(),
            "more": [(label, reverse(route)) for label, route in pages.more],
            "export": pages.export and reverse(pages.export),
        },
        field="file",
        to=lambda batch: pages.url("page" if batch.source.are_columns_known else "columns", batch.public_id),
    )


@require_safe
def import_model(request: UserRequest, pages: ImportPages) -> HttpResponse:
    """Return an empty workbook that says how to fill it in; without `?format=xlsx` a CSV with one example."""
    term = working_term(request, pages.rule)
    if request.GET.get("format") == XLSX:
        form = pages.form(term, request.user) if pages.form else None
        return model_workbook(str(pages.model), pages.columns, pages.example, form)
    return csv_response(str(pages.model), [str(column.title) for column in pages.columns], [pages.example])


def batch_for(request: UserRequest, public_id: UUID, pages: ImportPages) -> ImportBatch:
    """Return a preview, until it expires, of a term where the reader is in the team and may send such files."""
    batches = ImportBatch.objects.filter(term__in=term_ids(request.user, TEAM_ROLES), expires_at__gt=timezone.now())
    batch = get_object_or_404(batches.select_related("term"), public_id=public_id, kind=pages.kind)
    if not pages.rule(request.user, batch.term):
        raise PermissionDenied
    return batch


@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: UserRequest, public_id: UUID, pages: ImportPages) -> HttpResponse:
    """Show which column of the file holds which field, and for which sheet; plan the lines with what is chosen."""
    batch = batch_for(request, public_id, pages)
    source = ImportSource.objects.filter(batch=batch).first()
    if source is None or batch.state != BatchState.PREVIEWED:
        return redirect(pages.url("page", public_id))
    place = whole_number(request.POST.get("sheet") or request.GET.get("feuille") or "", otherwise=source.sheet)
    if place >= len(source.sheets):
        raise Http404
    layout, known = actions.sheet_columns(batch, place), kinds[batch.kind].columns(batch.term)
    form = ColumnsForm(posted(request), layout=layout, known=known, initial={"sheet": place})
    return form_page(
        request,
        form,
        lambda data: actions.choose_columns(batch, by=request.user, sheet=place, columns=data["columns"]),
        template="imports/columns.html",
        context=lambda: {
            "batch": batch,
            "pages": pages,
            "urls": pages.addresses(batch),
            "sheets": [(index, sheet["title"]) for index, sheet in enumerate(source.sheets)],
            "sheet": place,
            "notes": source.notes,
            "header_line": layout.header_line,
            "refusals": {} if form.is_bound else form.refusals(layout.chosen()),
        },
        to=pages.url("page", public_id),
    )


@require_safe
def import_page(request: UserRequest, public_id: UUID, pages: ImportPages) -> HttpResponse:
    """Show the preview before the confirmation, then the progress, then the result."""
    batch = batch_for(request, public_id, pages)
    source = ImportSource.objects.filter(batch=batch).only("are_columns_known").first()
    if batch.state == BatchState.PREVIEWED and source is not None and not source.are_columns_known:
        return redirect(pages.url("columns", public_id))
    return show(request, batch, pages, pages.confirm_form())


def corrections_form(batch: ImportBatch, data: Any = None) -> CorrectionsForm | None:
    """Return the form of the wrong cells; None where the file is no longer there."""
    if batch.state != BatchState.PREVIEWED or not ImportSource.objects.filter(batch=batch).exists():
        return None
    known = kinds[batch.kind].columns(batch.term)
    return CorrectionsForm(data, errors=batch.errors[:SHOWN], texts=actions.file_texts(batch), known=known)


@require_POST
def import_correct(request: UserRequest, public_id: UUID, pages: ImportPages) -> HttpResponse:
    """Plan the lines anew with what was typed in their wrong cells."""
    batch = batch_for(request, public_id, pages)
    form = corrections_form(batch, request.POST)
    if form is None:
        return redirect(pages.url("page", public_id))
    tried = attempt(form, lambda version: actions.correct_lines(batch, by=request.user, texts=form.typed()))
    if tried.is_saved:
        return redirect(f"{pages.url('page', public_id)}#errors" if batch.errors else pages.url("page", public_id))
    return show(request, batch, pages, pages.confirm_form(), tried.status, corrections=form)


def show(
    request: UserRequest,
    batch: ImportBatch,
    pages: ImportPages,
    form: StyledForm,
    status: int = 200,
    corrections: CorrectionsForm | None = None,
) -> HttpResponse:
    is_part = request.headers.get("HX-Request") == "true"
    context: dict[str, Any] = {"batch": batch, "pages": pages, "urls": pages.addresses(batch)}
    if is_part or batch.state in (BatchState.RUNNING, BatchState.STOPPED):
        return render(request, f"imports/progress.html{'#progress' if is_part else ''}", context)
    todo = batch.counters.get("create", 0) + batch.counters.get("update", 0)
    context |= {"form": form, "counters": batch.counters, "todo": todo, "label": pages.count(todo)}
    context["corrections"] = corrections or corrections_form(batch)
    context |= {"errors": batch.errors[:SHOWN], "rows": batch.rows[:SHOWN], "shown": SHOWN}
    is_done = batch.state == BatchState.CONFIRMED
    template = "imports/done.html" if is_done else pages.preview_template
    return render(request, template, context, status=status)


@require_POST
@recently_authenticated
def import_confirm(request: UserRequest, public_id: UUID, pages: ImportPages) -> HttpResponse:
    batch = batch_for(request, public_id, pages)
    here = pages.url("page", public_id)
    if batch.state != BatchState.PREVIEWED:
        return redirect(here)
    form = pages.confirm_form(request.POST)
    tried = attempt(form, lambda version: actions.start(batch, by=request.user, **form.cleaned_data))
    return redirect(here) if tried.is_saved else show(request, batch, pages, form, tried.status)


@require_POST
def import_step(request: UserRequest, public_id: UUID, action: str, pages: ImportPages) -> HttpResponse:
    """Stop a running import, or resume a stopped one."""
    if action not in STEPS:
        raise Http404
    batch = batch_for(request, public_id, pages)
    IMPORT_BATCH.transition(batch, STEPS[action], by=request.user)
    return redirect(pages.url("page", public_id))


@require_safe
@recently_authenticated
def import_errors(request: UserRequest, public_id: UUID, pages: ImportPages) -> HttpResponse:
    """Return the lines that are left out as they came, each with what is wrong: corrected, the file comes in again."""
    batch = batch_for(request, public_id, pages)
    header, lines = actions.wrong_lines(batch)
    problems: dict[int, list[str]] = {}
    for error in batch.errors:
        sentence = f"{error['column']} : {error['message']}" if error["column"] else error["message"]
        problems.setdefault(error["line"], []).append(sentence)
    rows = [[line, " ".join(texts), *lines.get(line, [])] for line, texts in problems.items()]
    return csv_response(gettext("lignes a revoir"), [gettext("Ligne"), gettext("Problème"), *header], rows)


def import_routes(prefix: str, pages: ImportPages) -> list[URLPattern]:
    """Return the addresses of one kind of file."""
    extra = {"pages": pages}
    one, name = f"{prefix}<uuid:public_id>/", f"{pages.prefix}import-"
    return [
        path(prefix, import_start, extra, name=f"{name}start"),
        path(f"{prefix}modele.csv", import_model, extra, name=f"{name}model"),
        path(one, import_page, extra, name=f"{name}page"),
        path(f"{one}colonnes/", import_columns, extra, name=f"{name}columns"),
        path(f"{one}corriger/", import_correct, extra, name=f"{name}correct"),
        path(f"{one}confirmer/", import_confirm, extra, name=f"{name}confirm"),
        path(f"{one}erreurs.csv", import_errors, extra, name=f"{name}errors"),
        path(f"{one}<str:action>/", import_step, extra, name=f"{name}step"),
    ]
