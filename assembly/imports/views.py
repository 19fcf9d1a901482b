"""Views of a file that fills a list: upload, preview, confirmation. Each kind of file has these (`ImportPages`)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.files.fields import read_whole
from assembly.files.spreadsheets import XLSX, csv_response
from assembly.identity.http import UserRequest, recently_authenticated
from assembly.imports import actions
from assembly.imports.former import take_over
from assembly.imports.forms import ColumnsForm, CorrectionsForm
from assembly.imports.model_files import model_workbook
from assembly.imports.models import ENDED, WRITTEN, BatchState, ImportBatch, ImportLine, ImportSource, LinePlan
from assembly.imports.plan import ImportColumn, ImportedRows, ImportKind, kinds
from assembly.imports.planning import sheet_columns
from assembly.imports.tables import ABOVE_HEADER, MOST_BYTES, MOST_ROWS
from assembly.imports.undo import undo_progress
from assembly.imports.workflow import IMPORT_BATCH, UNDO_FOR, undo_until
from assembly.institution.models import TEAM_ROLES, Term
from assembly.institution.pages import working_term
from assembly.institution.rules import term_ids
from assembly.text.french import Label, format_number, french_enumeration
from assembly.web.forms import StyledForm, posted, whole_number
from assembly.web.pages import form_page
from assembly.web.pagination import keyset_page
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
AT_WORK = (BatchState.READING, BatchState.RUNNING, BatchState.STOPPED, BatchState.UNDOING)
STEPS = {"arreter": "stop", "reprendre": "resume", "annuler": "undo"}


@dataclass(frozen=True, kw_only=True)
class ImportPages:
    """Pages of one kind of file.

    `app`: owner of the routes (`import-…`). `rows`: what it reads and writes, else `columns`. `example`: texts of the
    example of a line; without it, one for the column `example_in`. `above`, `list_route`: label and route of the list
    that the file fills. `added`: label of the counter of new rows. `count`: label of the button. `file_label`: of the
    field, whose help says how much a file may hold, then `file_note`. `start_template`, `preview_template`: extend
    those of `imports`, where the words or columns are others. `prefix`: before `import-…`, where an app has several
    kinds. `more`: label and route of the imports of what belongs to this list. `export`: route of the file of the
    list, which comes in again.
    """

    app: str
    kind: str
    rule: Callable[[Any, Term], bool]
    rows: ImportedRows | None = None
    columns: Sequence[ImportColumn] = ()
    example: Sequence[str] = ()
    example_in: str = "name"
    title: Label
    above: Label
    list_route: str
    added: Label
    model: Label
    count: Callable[[int], str]
    confirm_form: type[StyledForm] = StyledForm
    file_label: Label = gettext_lazy("Fichier")
    most_rows: int = MOST_ROWS
    file_note: Label = ""
    start_template: str = "imports/entries.html"
    preview_template: str = "imports/page.html"
    prefix: str = ""
    more: Sequence[tuple[Label, str]] = ()
    export: str = ""

    def __post_init__(self) -> None:
        if self.rows:
            columns = self.rows.columns()
            object.__setattr__(self, "columns", columns)
            object.__setattr__(self, "example", ["Exemple" if each.key == self.example_in else "" for each in columns])

    @property
    def file_help(self) -> str:
        most = gettext("CSV ou XLSX, %(rows)s lignes et 5 Mo au plus.") % {"rows": format_number(self.most_rows)}
        return f"{most} {self.file_note}".strip()

    def import_kind(self, **more: Any) -> ImportKind:
        """Return the kind of its `rows`. `more`: other fields of `ImportKind`."""
        rows: Any = self.rows
        return ImportKind(self.kind, rows.columns_in, rows.plan, rows.write, self.most_rows, self.rule, **more)

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
            "undo": self.url("step", pk, "annuler"),
        }


def asks_columns(batch: ImportBatch) -> bool:
    """Return whether somebody is to say first what the columns of a file hold."""
    return batch.state == BatchState.PREVIEWED and readable_source(batch).filter(are_columns_known=False).exists()


def readable_source(batch: ImportBatch) -> QuerySet[ImportSource]:
    """Return what the file of a batch holds; nothing once it is erased, or where it could not be read."""
    return ImportSource.objects.filter(batch=batch).exclude(sheets=[])


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
            "recent": recent_imports(term, pages),
            "more": [(label, reverse(route)) for label, route in pages.more],
            "export": pages.export and reverse(pages.export),
        },
        field="file",
        to=lambda batch: pages.url("columns" if asks_columns(batch) else "page", batch.public_id),
    )


@require_safe
def import_model(request: UserRequest, pages: ImportPages) -> HttpResponse:
    """Return an empty workbook that says how to fill it in; without `?format=xlsx` a CSV with one example."""
    term = working_term(request, pages.rule)
    if request.GET.get("format") == XLSX:
        columns = {column.key: column for column in kinds[pages.kind].columns(term)}
        shown = [columns.get(column.key, column) for column in pages.columns]
        return model_workbook(str(pages.model), shown, pages.example)
    return csv_response(str(pages.model), [str(column.title) for column in pages.columns], [pages.example])


def batch_for(request: UserRequest, public_id: UUID, pages: ImportPages) -> ImportBatch:
    """Return an import of a term where the reader is in the team and may send such files, until it expires.

    One that can be undone is there as long.
    """
    now = timezone.now()
    in_time = Q(expires_at__gt=now) | Q(confirmed_at__gt=now - UNDO_FOR)
    own = term_ids(request.user, TEAM_ROLES)
    batches = ImportBatch.objects.filter(in_time, term__in=own, public_id=public_id, kind=pages.kind)
    batch = batches.select_related("term").first()
    terms = [batch.term] if batch else Term.objects.filter(pk__in=own)
    if terms and not any(pages.rule(request.user, term) for term in terms):
        raise PermissionDenied  # whether there is such a file or not
    if batch is None:
        raise Http404
    take_over(batch)
    return batch


@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: UserRequest, public_id: UUID, pages: ImportPages) -> HttpResponse:
    """Show which column of the file holds which field, and for which sheet; plan the lines with what is chosen."""
    batch = batch_for(request, public_id, pages)
    source = readable_source(batch).first()
    if source is None or batch.state != BatchState.PREVIEWED:
        return redirect(pages.url("page", public_id))
    place = whole_number(request.POST.get("sheet") or request.GET.get("feuille") or "", otherwise=source.sheet)
    if place >= len(source.sheets):
        raise Http404
    header = whole_number(request.POST.get("header") or request.GET.get("entete") or "", otherwise=0)
    layout, known = sheet_columns(batch, place, header), kinds[batch.kind].columns(batch.term)
    initial = {"sheet": place, "header": layout.header_line}
    form = ColumnsForm(posted(request), layout=layout, known=known, for_all=source.for_all, initial=initial)
    return form_page(
        request,
        form,
        lambda data: actions.choose_columns(
            batch,
            by=request.user,
            sheet=place,
            columns=data["columns"],
            header=layout.header_line,
            for_all=data["for_all"],
        ),
        template="imports/columns.html",
        context=lambda: {
            "batch": batch,
            "pages": pages,
            "urls": pages.addresses(batch),
            "sheets": [(index, sheet["title"]) for index, sheet in enumerate(source.sheets)],
            "sheet": place,
            "notes": source.notes,
            "header_line": layout.header_line,
            "first_lines": [(line, list(filter(None, cells))[:6]) for line, cells in layout.sheet.rows[:ABOVE_HEADER]],
            "refusals": {} if form.is_bound else form.refusals(layout.chosen(), source.for_all),
        },
        to=pages.url("page", public_id),
    )


@require_safe
def import_page(request: UserRequest, public_id: UUID, pages: ImportPages) -> HttpResponse:
    """Show the preview before the confirmation, then the progress, then the result."""
    batch = batch_for(request, public_id, pages)
    if is_part(request) and (batch.state not in (*AT_WORK, BatchState.CONFIRMED) or "kept" in batch.counters):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})  # the page itself goes on
    if asks_columns(batch):
        return redirect(pages.url("columns", public_id))
    return show(request, batch, pages, pages.confirm_form())


def corrections_form(batch: ImportBatch, data: Any = None) -> CorrectionsForm | None:
    """Return the form of the first wrong cells; None where the file is no longer there."""
    source = readable_source(batch).only("columns", "for_all").first()
    if batch.state != BatchState.PREVIEWED or source is None:
        return None
    chosen = {*source.columns.values(), *source.for_all}
    known, wrong = kinds[batch.kind].columns(batch.term), list(batch.refused[:SHOWN])
    errors = [problem for line in wrong for problem in line.numbered_problems()]
    texts = actions.file_texts(batch, wrong)
    return CorrectionsForm(data, errors=errors, texts=texts, known=known, chosen=chosen)


@require_POST
def import_correct(request: UserRequest, public_id: UUID, pages: ImportPages) -> HttpResponse:
    """Plan the lines anew with what was typed in their wrong cells."""
    batch = batch_for(request, public_id, pages)
    form = corrections_form(batch, request.POST)
    if form is None:
        return redirect(pages.url("page", public_id))
    tried = attempt(form, lambda version: actions.correct_lines(batch, by=request.user, texts=form.typed()))
    if tried.is_saved:
        return redirect(f"{pages.url('page', public_id)}{'#errors' if batch.refused.exists() else ''}")
    return show(request, batch, pages, pages.confirm_form(), tried.status, corrections=form)


def show(
    request: UserRequest,
    batch: ImportBatch,
    pages: ImportPages,
    form: StyledForm,
    status: int = 200,
    corrections: CorrectionsForm | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {"batch": batch, "pages": pages, "urls": pages.addresses(batch)}
    context["undone"] = undo_progress(batch) if batch.state == BatchState.UNDOING else 0
    if is_part(request) or batch.state in AT_WORK:
        return render(request, f"imports/progress.html{'#progress' if is_part(request) else ''}", context)
    todo = batch.counters.get("create", 0) + batch.counters.get("update", 0)
    context |= {"form": form, "counters": batch.counters, "todo": todo, "label": pages.count(todo)}
    context |= {"corrections": corrections or corrections_form(batch), "has_errors": batch.refused.exists()}
    context |= {"shown": SHOWN, **chosen_lines(request, batch)}
    is_done = batch.state in ENDED
    context |= {"undo_until": undo_until(batch), "stays": kinds[batch.kind].stays}
    template = "imports/done.html" if is_done else pages.preview_template
    return render(request, template, context, status=status)


def recent_imports(term: Term, pages: ImportPages) -> list[tuple[ImportBatch, str]]:
    """Return the imports of this list that have a page still, the last first, with its address."""
    since = timezone.now() - UNDO_FOR
    rows = ImportBatch.objects.filter(term=term, kind=pages.kind, confirmed_at__gt=since).select_related("started_by")
    return [(row, pages.url("page", row.public_id)) for row in rows.order_by("-confirmed_at")[:5]]


def is_part(request: UserRequest) -> bool:
    """Return whether a page asks again for its progress."""
    return request.headers.get("HX-Request") == "true"


def chosen_lines(request: UserRequest, batch: ImportBatch) -> dict[str, Any]:
    """Return a page of the planned lines: all, or those of one effect; and what may be chosen."""
    effect = request.GET.get("effet", "")
    effects = [(kind, label) for kind, label in LinePlan.choices if kind in WRITTEN and batch.counters.get(kind)]
    lines = batch.planned.filter(plan=effect) if effect in dict(effects) else batch.planned
    chips = [
        {
            "label": label,
            "url": f"?effet={kind}#rows",
            "current": kind == effect,
            "count": batch.counters.get(kind),
        }
        for kind, label in [("", gettext("Toutes")), *effects]
    ]
    page = keyset_page(lines, request, ordering=("line",), size=SHOWN)
    return {"lines": page, "count": lines.count(), "chips": chips if len(effects) > 1 else []}


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
    """Stop a running import, resume a stopped one, or undo one."""
    if action not in STEPS:
        raise Http404
    batch = batch_for(request, public_id, pages)
    try:
        IMPORT_BATCH.transition(batch, STEPS[action], by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect(pages.url("page", public_id))


@require_safe
@recently_authenticated
def import_errors(request: UserRequest, public_id: UUID, pages: ImportPages) -> HttpResponse:
    """Return the lines that are left out as they came, each with what is wrong: corrected, the file comes in again."""
    batch = batch_for(request, public_id, pages)
    rows = ([line.line, " ".join(sentences(line)), *line.cells] for line in batch.refused.iterator(SHOWN))
    header = [gettext("Ligne"), gettext("Problème"), *actions.file_titles(batch)]
    return csv_response(gettext("lignes a revoir"), header, rows)


def sentences(line: ImportLine) -> list[str]:
    return [f"{each['column']} : {each['message']}" if each["column"] else each["message"] for each in line.problems]


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
