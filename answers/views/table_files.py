"""Answers to an opinion in the directorates’ own tools: exported, imported, shown, saved as drafts."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from answers.cases import files
from answers.cases.actions import writing
from answers.cases.queries import cases_in_area
from answers.forms.table import ImportComparison, TableFileForm, compare_rows
from answers.models import Answer
from answers.workflows import ANSWER
from assembly.documents.views.responses import bytes_response
from assembly.files.file_kinds import OPEN_DOCUMENT, WORD
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.web.errors import EditConflict
from assembly.web.forms import attach_refusal, posted
from assembly.web.request_bodies import takes_files

SUFFIXES = {"docx": WORD, "ods": f"{OPEN_DOCUMENT}spreadsheet", "csv": "text/csv; charset=utf-8"}
SALT = "answers.table"
LIFETIME_SECONDS = 24 * 3600


def cases_or_404(request: UserRequest, pk: int) -> list[Any]:
    """Return the cases of one opinion that the reader sees, each with its versions; raise 404 without any."""
    rows = cases_in_area(request.user).of_opinion(pk).order_by("recommendation__number", "pk")
    cases: list[Any] = list(rows.for_screen())
    if not cases:
        raise Http404
    for case in cases:
        case.versions = case.versions or [Answer(case=case, number=1)]
    return cases


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def directorate_table(request: UserRequest, pk: int) -> HttpResponse:
    """Export or import a file; an imported one is read and shown, nothing is written here."""
    cases = cases_or_404(request, pk)
    may_write = any(ANSWER.can_take(request.user, case, "draft") for case in cases)
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    form = TableFileForm(posted(request), request.FILES or None)
    context = {"opinion": cases[0].opinion, "cases": cases, "form": form, "may_write": may_write}
    if form.is_bound and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            rows = files.answers_in(upload.content, upload.content_type)
            answers = list(compare_rows(rows, cases, lambda case: ANSWER.can_take(request.user, case, "draft")))
        except ValidationError as refused:
            attach_refusal(form, refused, "file")
        else:
            return show_import(request, context, answers)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "answers/cases/table.html", context, status=status)


def show_import(request: UserRequest, context: dict[str, Any], rows: list[ImportComparison]) -> HttpResponse:
    """Show what changes, what is refused and why, and which cases the file does not contain."""
    drafts = [row for row in rows if row.changes and not row.refusals]
    keys = {row.case.pk for row in rows if row.case}
    packed = [[row.case.pk, row.version, row.values, row.bases] for row in drafts if row.case]
    more = {
        "drafts": drafts,
        "refused": [row for row in rows if row.refusals],
        "same": [row for row in rows if not row.changes and not row.refusals],
        "absent": [case for case in context["cases"] if case.pk not in keys],
        "content": signing.dumps(packed, salt=salt_of(request.user), compress=True),
    }
    return render(request, "answers/cases/table_shown.html", context | more)


def salt_of(user: User) -> str:
    """Return a salt per person: what one person was shown can be confirmed by nobody else."""
    return f"{SALT}.{user.pk}"


@require_safe
def directorate_table_file(request: UserRequest, pk: int, suffix: str) -> HttpResponse:
    """Return the answers as they stand now, drafts included."""
    cases = cases_or_404(request, pk)
    opinion = cases[0].opinion
    rows = [files.ExportedAnswer(case.reference, case.title, case.versions[0]) for case in cases]
    title = _("Réponses à %(reference)s, %(title)s") % {"reference": opinion.reference, "title": opinion.title}
    makers = {
        "docx": lambda: files.word_answers(title, rows),
        "ods": lambda: files.ods_answers(title, rows),
        "csv": lambda: files.csv_answers(rows),
    }
    name = f"reponses-{opinion.reference}.{suffix}"
    return bytes_response(request, makers[suffix](), name=name, media_type=SUFFIXES[suffix])


@require_POST
def directorate_table_keep(request: UserRequest, pk: int) -> HttpResponse:
    """Save what was shown as drafts, with the edit-conflict check of the grid: no text is overwritten."""
    cases = {case.pk: case for case in cases_or_404(request, pk)}
    back = redirect("answers:directorate-table", pk)
    try:
        packed = signing.loads(request.POST.get("content", ""), salt=salt_of(request.user), max_age=LIFETIME_SECONDS)
    except signing.BadSignature:
        messages.warning(request, _("Ce qui était à garder n’est plus là : déposez le fichier de nouveau."))
        return back
    saved = 0
    for key, version, values, bases in packed:
        case = cases.get(key)
        try:
            if case is None:
                raise PermissionDenied
            writing.save(case, as_values(values), bases=as_values(bases), version=version, by=request.user)
        except PermissionDenied:
            messages.warning(request, _("Une réponse n’est plus à vous : elle n’est pas changée."))
        except EditConflict as late:
            messages.warning(request, f"{cases[key].reference} : {late.sentence}")
        else:
            saved += 1
    template = ngettext("%(n)s réponse est gardée en brouillon.", "%(n)s réponses sont gardées en brouillon.", saved)
    (messages.success if saved else messages.info)(request, template % {"n": saved})
    return back


def as_values(texts: dict[str, str]) -> dict[str, Any]:
    """Return texts as values of the columns."""
    values = {}
    for name, text in texts.items():
        field: Any = Answer._meta.get_field(name)
        values[name] = field.to_python(text or None) if field.null else text
    return values
