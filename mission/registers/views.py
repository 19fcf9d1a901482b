"""Views of a register: list, board and acts upon many rows; pages of a row; lines, files and links below it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Model, ProtectedError, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.audit.actions import record
from assembly.correspondence.registry import list_group
from assembly.dossiers.pages import bulk_step
from assembly.files.fields import UploadField
from assembly.files.file_kinds import EVERYTHING, MEGABYTE
from assembly.identity.http import UserRequest, recently_authenticated
from assembly.identity.models import User
from assembly.institution.models import Term
from assembly.lists import label_of, model_field
from assembly.lists.selection import BulkAct, BulkPage, Selection
from assembly.saved_views.queries import views_of
from assembly.text.printable import check_text
from assembly.web.forms import Picker, StyledForm, posted, text_box, whole_number
from assembly.web.idempotency import repeatable
from assembly.web.pages import form_page
from assembly.web.request_bodies import takes_files
from assembly.web.templatetags.ui import nbsp
from assembly.web.values import format_value
from assembly.web.versioned import differences
from assembly.web.widgets import object_widgets
from assembly.workflow import Step
from consultations.referrals.forms import OfficerChoice
from mission.registers import actions, queries
from mission.registers.declaration import Lines, Register
from mission.registers.files import register_file
from mission.registers.forms import (
    RegisterForm,
    RowLineForm,
    choices_in,
    copied_values,
    form_for,
    line_form,
    prefill,
    proposed_values,
)
from mission.registers.models import RegisterLink, RegisterRow
from mission.registers.pages import page_address, row_of, row_page, step_pages, term_of, written_row
from mission.registers.queries import link_ends
from mission.registers.rules import term_of_row

BOARD = "tableau"
CARDS = 25  # at most, of one state; the list shows all rows


@dataclass(frozen=True)
class Lane:
    """State on the board: its first cards, and how many rows it has."""

    state: str
    label: str
    state_badge: str
    cards: list[Any]

    @property
    def count(self) -> int:
        return self.cards[0].lane_count if self.cards else 0


def lanes(register: Register, user: Any, rows: QuerySet[Any], ordering: Iterable[str]) -> list[Lane]:
    """Return all states in one statement; each card has the steps that the user may take."""
    placed = rows.annotate(
        lane_place=Window(RowNumber(), partition_by="state", order_by=[*ordering, "pk"]),
        lane_count=Window(Count("pk"), partition_by="state"),
    ).filter(lane_place__lte=CARDS)
    by_state: dict[str, list[Any]] = {state: [] for state in register.states}
    pages = step_pages(register.key)
    apart = [step.slug for step in register.steps if step.danger or not step.leads_on]
    for row in placed.for_screen():
        row.step_links = [
            (pages.url(row, slug), pages.pages[slug].label) for slug in pages.offered(user, row, without=apart)
        ]
        by_state[row.state].append(row)
    for cards in by_state.values():
        cards.sort(key=lambda row: row.lane_place)
    return [Lane(state.value, str(state.label), state.badge, by_state[state]) for state in register.states]


@require_safe
def row_list(request: UserRequest, register: Register) -> HttpResponse:
    """Show the list, or with `?vue=tableau` the board of the same rows."""
    term, user, listing = term_of(request, register), request.user, register.listing
    if request.GET.get("vue") == BOARD:
        form = listing.form(user, term, request.GET)
        rows = listing.filtered_rows(user, term, form)
        board = lanes(register, user, rows, listing.ordering(request).ordering)
        shown = listing.shown_table(user, term, request.GET)
        count = sum(lane.count for lane in board)
        context = listing.frame(request, term, form, shown, count) | {"lanes": board}
        context["hidden"].append(("vue", BOARD))
    else:
        context = listing.context(request, term)
        context["selection"] = selection_of(register, term, user)
        rows = listing.filtered_rows(user, term, context["form"])
    has_totals = register.totals and context["count"]
    context |= {
        "register": register,
        "can_add": True,
        "views": views_of(listing, user, term),
        "totals": register.totals(rows) if has_totals else None,  # type: ignore[misc]  # -- checked on the line above
    }
    return render(request, listing.template, context)


@require_safe
def row_export(request: UserRequest, register: Register) -> HttpResponse:
    """Export exactly the rows of the list, on all pages; with the columns chosen, else with all of them."""
    return register_file(request, register, term_of(request, register))


@repeatable("a reading: it makes nothing but its line in the journal")
@require_POST
@recently_authenticated
@transaction.atomic
def row_private_export(request: UserRequest, register: Register) -> HttpResponse:
    """Return the same workbook with personal data; the journal records it."""
    term = term_of(request, register)
    record(f"{register.noun}.exported", term, by=request.user, dossier=term)
    return register_file(request, register, term, with_private=True)


class WhyForm(StyledForm):
    reason = text_box(gettext_lazy("Pourquoi ?"), 1000, 3)


class DayForm(StyledForm):
    due_on = forms.DateField(label=gettext_lazy("Échéance"), required=False)


class InChargeForm(StyledForm):
    owner = OfficerChoice(label=gettext_lazy("Suivi par"), queryset=User.objects.none(), required=False)

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = choices  # type: ignore[attr-defined]  # -- a ModelChoiceField


def is_plain(step: Step[Any]) -> bool:
    """Return whether many rows may take the step at once, without a page of its own."""
    return step.leads_on and not (step.danger or step.fresh or step.action or step.form)


def selection_of(register: Register, term: Term, user: Any) -> Selection[Any]:
    """Return what a list offers to do with the rows ticked on it."""

    def success_message(n: int) -> str:
        return _("C’est fait\u00a0: %(rows)s.") % {"rows": register.count(n)}

    def written(row: Any, user: Any, data: dict[str, Any]) -> Any:
        return actions.edit(register, row, by=user, values=data, version=row.version)

    acts: dict[str, BulkAct[Any] | BulkPage] = {
        step.slug: bulk_step(
            register.workflow,
            step.name,
            step.label,
            success_message,
            WhyForm if step.needs_reason else None,
            step.consequences,
        )
        for step in register.steps
        if is_plain(step)
    }
    if "owner" in register.field_names:
        team = choices_in(User.objects.all(), term, user)
        acts["confier"] = BulkAct(
            gettext_lazy("Confier"),
            written,
            success_message,
            register.check_write,
            register.can_write,
            lambda data: InChargeForm(data, choices=team),
        )
    if "due_on" in register.field_names:
        acts["echeance"] = BulkAct(
            gettext_lazy("Changer l’échéance"),
            written,
            success_message,
            register.check_write,
            register.can_write,
            DayForm,
        )
    if list_group(register.key, user, term):
        acts["ecrire"] = BulkPage(gettext_lazy("Écrire"), "correspondence:write-to-list", [register.key])
    return Selection(
        f"mission:{register.key}-chosen", lambda n: _("Choix\u00a0: %(rows)s") % {"rows": register.count(n)}, acts
    )


@require_http_methods(["GET", "HEAD", "POST"])
def rows_chosen(request: UserRequest, register: Register) -> HttpResponse:
    """Apply an act to the rows ticked, of the assembly of the list; the right and the state of each are checked."""
    term = term_of(request, register)
    rows = register.visible_to(request.user).filter(assembly=term.assembly_id).select_related("owner__person")
    return selection_of(register, term, request.user).answer(request, rows, back=page_address(register))


@require_http_methods(["GET", "HEAD", "POST"])
def row_new(request: UserRequest, register: Register) -> HttpResponse:
    term = term_of(request, register)
    form = form_for(register, term, request.user, None, posted(request))
    rows = register.visible_to(request.user).filter(assembly=term.assembly_id)
    if "copie" in request.GET:
        source = get_object_or_404(rows, pk=whole_number(request.GET["copie"]))
        form.initial = {**form.initial, **copied_values(source, register.field_names)}
    else:
        proposed = proposed_values(rows, request.user, register.field_names)
        form.initial = {**form.initial, "owner": request.user.pk, **proposed}
    prefill(form, request.GET)
    return form_page(
        request,
        form,
        lambda data: actions.create(register, term, by=request.user, values=form.values()),
        template="mission/registers/row_form.html",
        context={"register": register, "title": register.new, "back": page_address(register)},
        success_message=lambda row: _("%(reference)s est créée.") % {"reference": row.reference},
        to=lambda row: request.path if "encore" in request.POST else page_address(register, "row", row.pk),
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
        context={
            "register": register,
            "title": _("Modifier"),
            "row": row,
            "back": page_address(register, "row", row.pk),
        },
        success_message=gettext_lazy("La fiche est enregistrée."),
        to=page_address(register, "row", row.pk),
    )


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
    back = page_address(register, tab, row.pk)
    context = {"register": register, "row": row, "title": title, "back": back, **more}
    template = "mission/registers/line_form.html"
    to = request.path if "encore" in request.POST else back
    return form_page(
        request, form, act, template=template, context=context, compare=compare, success_message=DONE, to=to
    )


@require_http_methods(["GET", "HEAD", "POST"])
def line_add(request: UserRequest, register: Register, pk: int, kind: str) -> HttpResponse:
    lines, row = kind_of(register, kind), written_row(request, register, pk)
    form = line_form(register.key, kind)(posted(request), row=row, term=term_of_row(row), user=request.user)
    # What a line is about is chosen anew each time: a sitting and a subject of one's own exclude each other.
    belongs = form.fields.keys() - {"operation", "sitting"}
    proposed = proposed_values(lines.model.objects.filter(row=row), request.user, belongs)
    form.initial = {**form.initial, **proposed}
    prefill(form, request.GET)

    def act(data: dict[str, Any]) -> Any:
        return actions.add_line(register, lines, row, by=request.user, data=form.values())

    return below_page(request, register, row, form, act, lines.add, again=_("Enregistrer et ajouter un autre"))


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
    remove = page_address(register, "line-remove", row.pk, kind, line)
    return below_page(request, register, row, form, act, lines.title, remove=remove, **more)


@require_http_methods(["GET", "HEAD", "POST"])
def line_remove(request: UserRequest, register: Register, pk: int, kind: str, line: int) -> HttpResponse:
    """Ask, then delete a line; one that something points at, or of a closed row, is refused (409)."""
    lines, row = kind_of(register, kind), written_row(request, register, pk)
    current, back, refusal = get_object_or_404(lines.of(row), pk=line), page_address(register, "row", row.pk), ""
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
    files, links = queries.files_of(register, row), queries.links_of(register, row, request.user)
    context = {"files": files, "links": links, "can_write": register.can_write(request.user, row)}
    return row_page(request, register, row, "files", "mission/registers/row_files.html", **context)


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def file_add(request: UserRequest, register: Register, pk: int) -> HttpResponse:
    row, by = written_row(request, register, pk), request.user
    form = FileForm(posted(request), request.FILES or None)

    def act(data: dict[str, Any]) -> Any:
        return actions.add_file(register, row, data["file"], title=data["title"], by=by)

    return below_page(request, register, row, form, act, _("Déposer un fichier"), tab="files")


@require_http_methods(["GET", "HEAD", "POST"])
def link_add(request: UserRequest, register: Register, pk: int) -> HttpResponse:
    row, by = written_row(request, register, pk), request.user
    form = LinkForm(posted(request), term=term_of_row(row), user=by)

    def act(data: dict[str, Any]) -> Any:
        return actions.add_link(register, row, *data["end"], by=by)

    return below_page(request, register, row, form, act, _("Ajouter un lien"), tab="files")


@require_POST
def attachment_remove(request: UserRequest, register: Register, pk: int, file: int = 0, link: int = 0) -> HttpResponse:
    """Remove a file of the row; or a link, from either of its two rows."""
    row = written_row(request, register, pk)
    either = Q(register=register.key, row=row.pk) | Q(other_register=register.key, other_row=row.pk)
    rows: Any = queries.files_of(register, row) if file else RegisterLink.objects.filter(either)
    actions.remove_attachment(register, row, get_object_or_404(rows, pk=file or link), by=request.user)
    return redirect(page_address(register, "files", row.pk))
