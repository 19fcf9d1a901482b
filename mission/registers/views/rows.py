"""Views of a row: a new one, its page, its correction, its history."""

from typing import Any

from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from assembly.dossiers.awaited import awaited_for
from assembly.dossiers.frame import DossierFrame, Status, tabs_of
from assembly.identity.http import UserRequest
from assembly.lists import label_of, model_field
from assembly.portal.registry import object_widgets
from assembly.text.french import due, format_date, format_moment
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.web.path import PathStep, path_of
from assembly.web.templatetags.ui import nbsp
from assembly.web.values import format_value
from assembly.web.versioned import differences
from mission.registers import actions
from mission.registers.declaration import Register
from mission.registers.forms import RegisterForm, form_for
from mission.registers.models import RegisterRow
from mission.registers.pages import address, row_of, step_pages, term_of, written_row
from mission.registers.rules import term_of_row


@require_http_methods(["GET", "HEAD", "POST"])
def row_new(request: UserRequest, register: Register) -> HttpResponse:
    term = term_of(request, register)
    form = form_for(register, term, request.user, None, posted(request))
    form.initial.setdefault("owner", request.user.pk)
    return form_page(
        request,
        form,
        lambda data: actions.create(register, term, by=request.user, values=form.values()),
        template="mission/registers/row_form.html",
        context={"register": register, "title": register.new, "back": address(register)},
        success_message=lambda row: _("%(reference)s est créée.") % {"reference": row.reference},
        to=lambda row: address(register, "row", row.pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def row_edit(request: UserRequest, register: Register, pk: int) -> HttpResponse:
    row = written_row(request, register, pk)
    term = term_of_row(row)

    def form_of(instance: Any, data: Any = None) -> RegisterForm:
        return form_for(register, term, request.user, instance, data)

    form = form_of(register.model.objects.get(pk=row.pk), posted(request))  # validation changes its own copy
    return form_page(
        request,
        form,
        lambda data: actions.edit(register, row, by=request.user, values=form.values(), version=data["version"] or 0),
        compare=lambda late: differences(form_of(late.current), form),
        template="mission/registers/row_form.html",
        context={"register": register, "title": _("Modifier"), "row": row, "back": address(register, "row", row.pk)},
        success_message=gettext_lazy("La fiche est enregistrée."),
        to=address(register, "row", row.pk),
    )


def frame_of(request: UserRequest, register: Register, row: Any, tab: str) -> DossierFrame:
    """Return the frame around each page of a row."""
    pages = step_pages(register.key)
    slug = pages.first_ready(request.user, row, register.primary)
    status = Status(
        sentence=register.sentence(row) or row.get_state_display().capitalize(),
        consequence=_("Échéance\u00a0: %(day)s") % {"day": due(row.due_on)} if row.due_on and not row.is_over else "",
        label=str(pages.pages[slug].label) if slug else "",
        url=pages.url(row, slug) if slug else "",
    )
    return DossierFrame(
        title=row.name,
        name=row.reference,
        above=(str(register.title), address(register)),
        status=status,
        path_name=_("Étapes"),
        path=path_to(register, row),
        tabs_name=_("Onglets de la fiche"),
        tabs=tabs_of(
            "mission",
            row.pk,
            f"{register.key}-{tab}",
            [
                (f"{register.key}-row", _("La fiche"), None, ""),
                (f"{register.key}-files", _("Fichiers et liens"), None, ""),
                (f"{register.key}-history", _("Historique"), None, ""),
            ],
        ),
        facts=facts_of(row),
        links=pages.links(request, row, without=[slug] if slug else []),
        edit=address(register, "edit", row.pk) if register.can_write(request.user, row) else "",
        awaited=awaited_for(status, request.user, row),
    )


def path_to(register: Register, row: RegisterRow) -> list[PathStep]:
    """Return the path of the declaration; for a row outside of it, the first state and the current one."""
    labels = {str(state): str(label).capitalize() for state, label in register.states.choices}
    states = [str(state) for state in register.path] or list(labels)[:1]
    if row.state not in states:
        states = [states[0], row.state]
    return path_of([(labels[state], "") for state in states], states.index(row.state))


def facts_of(row: Any) -> list[tuple[str, Any]]:
    author = row.created_by.get_full_name() if row.created_by else _("par le formulaire public")
    rows = [
        (_("Référence"), row.reference),
        (_("Suivi par"), row.owner.get_full_name() if row.owner else _("à désigner")),
        (_("Échéance"), format_date(row.due_on)),
        (_("Créée"), f"{format_moment(row.created_at)}, {author}"),
    ]
    return [(label, value) for label, value in rows if value]


def format_field(row: Model, name: str) -> Any:
    """Return a field of a row as its page shows it; empty if nothing is filled in."""
    field, value = model_field(type(row), name), getattr(row, name)
    if value in (None, "", []):
        return ""
    if field.choices:
        return getattr(row, f"get_{name}_display")()
    if field.get_internal_type() == "TextField":
        return mark_safe(linebreaks(nbsp(value), autoescape=True))  # noqa: S308 -- escaped by `linebreaks`
    return format_value(value)


def parts_of(register: Register, row: RegisterRow) -> list[tuple[Any, list[tuple[str, Any]]]]:
    """Return the sections of a row with what is filled in, without what the page shows elsewhere."""
    elsewhere = {"name", "owner", "due_on"}
    sections = [
        (
            part.title,
            [(label_of(type(row), name), format_field(row, name)) for name in part.fields if name not in elsewhere],
        )
        for part in register.sections
    ]
    filled = [(title, [(label, text) for label, text in rows if text]) for title, rows in sections]
    return [(title, rows) for title, rows in filled if rows]


@require_safe
def row_show(request: UserRequest, register: Register, pk: int) -> HttpResponse:
    """Show what is filled in, section by section, and the lines."""
    row = row_of(request, register, pk)
    can_write = register.can_write(request.user, row)
    kinds = [
        (
            lines,
            [(line, [(column, format_value(column.value_of(line))) for column in lines.shown]) for line in rows],
            can_write and lines.are_open(row),
            lines.offered(row),
        )
        for lines, rows in ((lines, list(lines.of(row).for_screen())) for lines in register.lines)
    ]
    widgets = object_widgets(f"register-{register.key}", request.user, row)
    more = {"parts": parts_of(register, row), "kinds": kinds, "widgets": widgets, "can_write": can_write}
    return row_page(request, register, row, "row", register.template, **more)


@require_safe
def row_history(request: UserRequest, register: Register, pk: int) -> HttpResponse:
    return row_page(request, register, row_of(request, register, pk), "history", "mission/registers/row_history.html")


def row_page(request: UserRequest, register: Register, row: Any, tab: str, template: str, **more: Any) -> HttpResponse:
    """Render one of the tabs of a row."""
    frame = frame_of(request, register, row, tab)
    return render(request, template, {"register": register, "row": row, "frame": frame, **more})
