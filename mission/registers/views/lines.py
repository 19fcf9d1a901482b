"""Views of what is below a row: lines, files, links; added, corrected, removed."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.files.fields import UploadField
from assembly.files.file_kinds import EVERYTHING, MEGABYTE
from assembly.identity.http import UserRequest
from assembly.institution.models import Term
from assembly.text.printable import check_text
from assembly.web.form_page import form_page
from assembly.web.forms import StyledForm, posted
from assembly.web.pickers import Picker
from assembly.web.request_bodies import takes_files
from assembly.web.versioned import differences
from mission.registers import actions, attachments
from mission.registers.attachments import link_ends
from mission.registers.declaration import Lines, Register
from mission.registers.forms import RowLineForm, line_form
from mission.registers.models import RegisterLink
from mission.registers.pages import address, row_of, written_row
from mission.registers.rules import term_of_row
from mission.registers.views.rows import row_page

DONE = gettext_lazy("C’est enregistré.")


class FileForm(StyledForm):
    file = UploadField(label=gettext_lazy("Fichier"), kinds=EVERYTHING, max_size=25 * MEGABYTE)
    title = forms.CharField(label=gettext_lazy("Titre"), max_length=200, required=False, validators=[check_text])  # type: ignore[list-item]  # -- its return value is not used


class LinkPicker(Picker, forms.CharField):
    """Picker of one object of any kind: `sitting:12`."""

    empty_label = gettext_lazy("Choisissez")
    placeholder = gettext_lazy("référence ou mots du titre")
    term: Term
    user: Any

    def rows(self, *, key: Any = None, tokens: Any = (), most: int) -> list[Any]:
        choices: list[tuple[str, str]] = []
        for name, end in link_ends().items():
            rows = end.of(self.user, self.term, tokens)
            if key is not None:
                kind, _colon, pk = str(key).partition(":")
                rows = rows.filter(pk=pk) if kind == name else rows.none()
            choices += [
                (f"{name}:{row.pk}", f"{end.label}\u00a0: {end.format_row(row)}")
                for row in rows[: most - len(choices)]
            ]
            if len(choices) >= most:
                break
        return choices

    def is_key(self, value: Any) -> bool:
        kind, _colon, pk = str(value or "").partition(":")
        return kind in link_ends() and pk.isascii() and pk.isdecimal() and len(pk) < 19


class LinkForm(StyledForm):
    end = LinkPicker(label=gettext_lazy("Avec quoi ?"))

    def __init__(self, *args: Any, term: Term, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.picker: Any = self.fields["end"]
        self.picker.__dict__ |= {"term": term, "user": user}

    def clean_end(self) -> tuple[Any, Any]:
        """Return the kind of object, and the object."""
        value = self.cleaned_data["end"]
        kind, _colon, pk = value.partition(":")
        end = link_ends()[kind] if self.picker.is_key(value) else None
        thing = end.of(self.picker.user, self.picker.term).filter(pk=pk).first() if end else None
        if thing is None:
            raise forms.ValidationError(_("Ce choix n’existe plus."))
        return end, thing


def kind_of(register: Register, key: str) -> Lines:
    if (lines := register.line_kind(key)) is None:
        raise Http404
    return lines


def below_page(
    request: UserRequest,
    register: Register,
    row: Any,
    form: Any,
    act: Callable[[dict[str, Any]], Any],
    title: Any,
    *,
    tab: str = "row",
    compare: Any = None,
    **more: Any,
) -> HttpResponse:
    """Render the page of one form about something below a row, which leads back to the row."""
    back = address(register, tab, row.pk)
    context = {"register": register, "row": row, "title": title, "back": back, **more}
    template = "mission/registers/line_form.html"
    return form_page(
        request, form, act, template=template, context=context, compare=compare, success_message=DONE, to=back
    )


@require_http_methods(["GET", "HEAD", "POST"])
def line_add(request: UserRequest, register: Register, pk: int, kind: str) -> HttpResponse:
    lines, row = kind_of(register, kind), written_row(request, register, pk)
    form = line_form(register.key, kind)(posted(request), row=row, term=term_of_row(row), user=request.user)

    def act(data: dict[str, Any]) -> Any:
        return actions.add_line(register, lines, row, by=request.user, data=form.values())

    return below_page(request, register, row, form, act, lines.add)


@require_http_methods(["GET", "HEAD", "POST"])
def line_change(request: UserRequest, register: Register, pk: int, kind: str, line: int) -> HttpResponse:
    lines, row = kind_of(register, kind), written_row(request, register, pk)
    current, term = get_object_or_404(lines.of(row), pk=line), term_of_row(row)

    def form_of(instance: Any, data: Any = None) -> RowLineForm:
        return line_form(register.key, kind)(data, instance=instance, row=row, term=term, user=request.user)

    def act(data: dict[str, Any]) -> Any:
        version = data["version"] or 0
        return actions.change_line(register, lines, current, by=request.user, data=form.values(), version=version)

    form = form_of(lines.of(row).get(pk=line), posted(request))  # validation changes its own copy
    more: dict[str, Any] = {"compare": lambda late: differences(form_of(late.current), form)}
    remove = address(register, "line-remove", row.pk, kind, line)
    return below_page(request, register, row, form, act, lines.title, remove=remove, **more)


@require_http_methods(["GET", "HEAD", "POST"])
def line_remove(request: UserRequest, register: Register, pk: int, kind: str, line: int) -> HttpResponse:
    """Ask, then delete a line; one that something points at, or of a closed row, is refused (409)."""
    lines, row = kind_of(register, kind), written_row(request, register, pk)
    current, back, refusal = get_object_or_404(lines.of(row), pk=line), address(register, "row", row.pk), ""
    if request.method == "POST":
        try:
            actions.withdraw_line(register, lines, current, by=request.user)
        except ProtectedError:
            refusal = _("Autre chose s’appuie sur cette ligne : elle reste.")
        except ValidationError as closed:
            refusal = closed.messages[0]
        else:
            messages.success(request, _("La ligne est retirée."))
            return redirect(back)
    context = {"register": register, "row": row, "line": current, "lines": lines, "back": back, "refusal": refusal}
    return render(request, "mission/registers/line_remove.html", context, status=409 if refusal else 200)


@require_safe
def row_attachments(request: UserRequest, register: Register, pk: int) -> HttpResponse:
    """Show the files and the links of a row."""
    row = row_of(request, register, pk)
    files, links = attachments.files_of(register, row), attachments.links_of(register, row, request.user)
    context = {"files": files, "links": links, "can_write": register.can_write(request.user, row)}
    return row_page(request, register, row, "files", "mission/registers/row_files.html", **context)


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def file_add(request: UserRequest, register: Register, pk: int) -> HttpResponse:
    row, by = written_row(request, register, pk), request.user
    form = FileForm(posted(request), request.FILES or None)

    def act(data: dict[str, Any]) -> Any:
        return attachments.add_file(register, row, data["file"], title=data["title"], by=by)

    return below_page(request, register, row, form, act, _("Déposer un fichier"), tab="files")


@require_http_methods(["GET", "HEAD", "POST"])
def link_add(request: UserRequest, register: Register, pk: int) -> HttpResponse:
    row, by = written_row(request, register, pk), request.user
    form = LinkForm(posted(request), term=term_of_row(row), user=by)

    def act(data: dict[str, Any]) -> Any:
        return attachments.add_link(register, row, *data["end"], by=by)

    return below_page(request, register, row, form, act, _("Ajouter un lien"), tab="files")


@require_POST
def attachment_remove(request: UserRequest, register: Register, pk: int, file: int = 0, link: int = 0) -> HttpResponse:
    """Remove a file of the row; or a link, from either of its two rows."""
    row = written_row(request, register, pk)
    either = Q(register=register.key, row=row.pk) | Q(other_register=register.key, other_row=row.pk)
    rows: Any = attachments.files_of(register, row) if file else RegisterLink.objects.filter(either)
    attachments.withdraw(register, row, get_object_or_404(rows, pk=file or link), by=request.user)
    return redirect(address(register, "files", row.pk))
