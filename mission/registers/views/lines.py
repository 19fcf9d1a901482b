"""Lines below a row: added, corrected, taken away."""

from typing import Any

from django.contrib import messages
from django.db.models import ProtectedError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from assembly.identity.http import UserRequest
from assembly.ui.form_page import form_page
from assembly.ui.forms import posted
from assembly.ui.versioned import differences
from mission.registers import actions
from mission.registers.declaration import Lines, Register
from mission.registers.forms import RowLineForm, line_form
from mission.registers.queries import term_of_row
from mission.registers.views.access import address, written_row


def kind_of(register: Register, key: str) -> Lines:
    if (lines := register.line_kind(key)) is None:
        raise Http404
    return lines


@require_http_methods(["GET", "HEAD", "POST"])
def line_add(request: UserRequest, register: Register, pk: int, kind: str) -> HttpResponse:
    lines = kind_of(register, kind)
    row = written_row(request, register, pk)
    form = line_form(register.key, kind)(posted(request), row=row, term=term_of_row(row), user=request.user)
    return form_page(
        request,
        form,
        lambda data: actions.add_line(register, lines, row, by=request.user, data=form.values()),
        template="mission/line_form.html",
        context={"register": register, "row": row, "title": lines.add, "back": address(register, "row", row.pk)},
        done=gettext_lazy("La ligne est ajoutée."),
        to=f"{address(register, 'row', row.pk)}#{kind}",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def line_change(request: UserRequest, register: Register, pk: int, kind: str, line: int) -> HttpResponse:
    lines = kind_of(register, kind)
    row = written_row(request, register, pk)
    found = get_object_or_404(lines.of(row), pk=line)
    term = term_of_row(row)

    def form_of(instance: Any, data: Any = None) -> RowLineForm:
        return line_form(register.key, kind)(data, instance=instance, row=row, term=term, user=request.user)

    form = form_of(lines.of(row).get(pk=line), posted(request))
    return form_page(
        request,
        form,
        lambda data: actions.change_line(
            register, lines, found, by=request.user, data=form.values(), version=data["version"] or 0
        ),
        compare=lambda late: differences(form_of(late.current), form),
        template="mission/line_form.html",
        context={
            "register": register,
            "row": row,
            "title": lines.title,
            "back": address(register, "row", row.pk),
            "remove": address(register, "line-remove", row.pk, kind, line),
        },
        done=gettext_lazy("La ligne est enregistrée."),
        to=f"{address(register, 'row', row.pk)}#{kind}",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def line_remove(request: UserRequest, register: Register, pk: int, kind: str, line: int) -> HttpResponse:
    """A question, then the line is gone; one that something points at stays (409)."""
    lines = kind_of(register, kind)
    row = written_row(request, register, pk)
    found = get_object_or_404(lines.of(row), pk=line)
    back = f"{address(register, 'row', row.pk)}#{kind}"
    refusal = ""
    if request.method == "POST":
        try:
            actions.withdraw_line(register, lines, found, by=request.user)
        except ProtectedError:
            refusal = _("Autre chose s’appuie sur cette ligne : elle reste.")
        else:
            messages.success(request, _("La ligne est retirée."))
            return redirect(back)
    context = {"register": register, "row": row, "line": found, "lines": lines, "back": back, "refusal": refusal}
    return render(request, "mission/line_remove.html", context, status=409 if refusal else 200)
