"""Views of the agenda of a sitting and of its documents."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.documents.actions.uploads import accept_upload
from assembly.identity.http import UserRequest
from assembly.tasks.models import Task
from assembly.web.errors import EditConflict
from assembly.web.forms import posted
from assembly.web.outline import (
    LINE,
    LinePositionForm,
    OrderForm,
    PasteForm,
    address_with_new_rows,
    is_outline_request,
    line_response,
    outline_response,
    paste_refusal,
)
from assembly.web.pages import form_page
from assembly.web.request_bodies import takes_files
from assembly.web.versioned import Difference, differences, is_autosave
from sessions import pages
from sessions.agenda import actions, topics
from sessions.agenda.forms import EditItemForm, Find, HoursForm, ItemForm, ItemLineForm, NewItemForm, PaperForm
from sessions.agenda.queries import AgendaLine, agenda_of, end_time, open_actions, papers_of, removed_of
from sessions.agenda.rules import DIRECTIONS, OrderedLine, kind_of
from sessions.models import AgendaDocument, AgendaItem, AgendaKind, Sitting
from sessions.pages import item_of_sitting, pdf_response
from sessions.sittings import rules
from sessions.sittings.queries.convening import agenda_pdf, last_notice

PAGE = "sessions/agenda/show.html"
ACTIONS_SHOWN = 50


def agenda_context(request: UserRequest, sitting: Sitting, form: NewItemForm | None = None) -> dict:
    form = form or NewItemForm(sitting=sitting, find=finder(request, sitting))
    return pages.context(request, sitting, "sitting", form=form, **lines_context(request, sitting))


def lines_context(request: UserRequest, sitting: Sitting) -> dict[str, Any]:
    """Return the context of the agenda: its lines, each with a form for those who may edit, and removed items."""
    lines = agenda_of(sitting, internal=True, reader=request.user)
    waiting = open_actions(sitting) if sitting.is_upcoming or sitting.is_running else Task.objects.none()
    shown = list(waiting[: ACTIONS_SHOWN + 1])
    count = waiting.count() if len(shown) > ACTIONS_SHOWN else len(shown)
    has_point = any(line.item.kind == AgendaKind.ACTIONS for line in lines)
    is_writing = rules.can_edit_agenda(request.user, sitting)
    return {
        "lines": lines,
        "rows": [(line, line_form(line)) for line in lines] if is_writing else [],
        "new_row": ItemLineForm(auto_id="ligne-nouvelle-%s"),
        "removed": removed_of(sitting) if is_writing else [],
        "end": end_time(lines),
        "open_actions": shown[:ACTIONS_SHOWN],
        "actions_count": count,
        "actions_hidden": max(0, count - ACTIONS_SHOWN),
        "proposes_actions": bool(shown) and not has_point,
    }


def line_form(line: AgendaLine) -> ItemLineForm:
    """Build the form of one line; the duration of an item with sub-items is their sum, and read-only."""
    initial = item_initial(line.item) | ({"minutes": line.minutes} if line.has_parts else {})
    form = ItemLineForm(initial=initial, auto_id=f"ligne-{line.item.pk}-%s")
    form.fields["minutes"].disabled = line.has_parts
    return form


@require_safe
def agenda_show(request: UserRequest, pk: int) -> HttpResponse:
    sitting = pages.desk_sitting(request, pk)
    if is_outline_request(request):
        return outline_response(request, lambda: outline(request, sitting))
    return render(request, PAGE, agenda_context(request, sitting))


def outline(request: UserRequest, sitting: Sitting) -> str:
    """Render the present agenda alone."""
    shown = {"sitting": sitting, "can": pages.abilities(request.user, sitting), **lines_context(request, sitting)}
    return render_to_string(f"{PAGE}#outline", shown, request)


@require_POST
def item_add(request: UserRequest, pk: int) -> HttpResponse:
    sitting = pages.desk_sitting(request, pk, rules.can_edit_agenda)
    if is_autosave(request):
        return line_add(request, sitting)
    form = NewItemForm(posted(request), sitting=sitting, find=finder(request, sitting))
    return form_page(
        request,
        form,
        lambda data: actions.add(sitting, by=request.user, under=data["under"], **form.values()),
        template=PAGE,
        context=lambda: agenda_context(request, sitting, form),
        success_message=_("Point ajouté."),
        to=reverse("sittings:sitting", args=[sitting.pk]),
    )


def line_add(request: UserRequest, sitting: Sitting) -> HttpResponse:
    """Add an item typed as one line of the outline."""
    form, (after, depth) = ItemLineForm(request.POST), LinePositionForm(request.POST).position

    def save(_version: str) -> AgendaItem:
        values = form.values()
        kind = kind_of(values["title"])
        return actions.add(sitting, by=request.user, after=after, depth=depth, kind=kind, **values)

    return line_response(form, save, mark=actions.item_fingerprint, outline=lambda: outline(request, sitting))


@require_POST
def items_paste(request: UserRequest, pk: int) -> HttpResponse:
    """Add a list pasted from a mail or a text, all at once."""
    sitting = pages.desk_sitting(request, pk, rules.can_edit_agenda)
    form = PasteForm(request.POST)
    address = reverse("sittings:sitting", args=[sitting.pk])
    if not form.is_valid():
        return paste_refusal(form)
    after, depth = form.position
    items = actions.paste(sitting, form.cleaned_data["text"], by=request.user, after=after, depth=depth)
    messages.success(request, _("La liste est ajoutée à l’ordre du jour."))
    return redirect(address_with_new_rows(address, items))


@require_POST
def item_duplicate(request: UserRequest, pk: int, item: int) -> HttpResponse:
    sitting = pages.desk_sitting(request, pk)
    copy = actions.duplicate(item_of_sitting(sitting, item), by=request.user)
    messages.success(request, _("Point dupliqué."))
    return redirect(address_with_new_rows(reverse("sittings:sitting", args=[sitting.pk]), [copy]))


@require_POST
def actions_item_add(request: UserRequest, pk: int) -> HttpResponse:
    sitting = pages.desk_sitting(request, pk)
    actions.add_actions_item(sitting, by=request.user)
    return redirect("sittings:sitting", sitting.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def item_edit(request: UserRequest, pk: int, item: int) -> HttpResponse:
    """Edit all fields of an item, or its line; text typed for an item removed meanwhile is not lost."""
    sitting = pages.desk_sitting(request, pk, rules.can_edit_agenda)
    agenda_item = (
        get_object_or_404(sitting.agenda, pk=item) if request.method == "POST" else item_of_sitting(sitting, item)
    )
    make = ItemLineForm if LINE in request.POST else partial(EditItemForm, find=finder_for(request, agenda_item))
    form = make(posted(request), initial=item_initial(agenda_item))

    def save(version: str) -> AgendaItem:
        actions.change(agenda_item, by=request.user, seen=version, **form.values())
        return agenda_item

    def compare(late: EditConflict) -> list[Difference]:
        gone = [Difference(_("Point"), _("retiré de l’ordre du jour"), _("gardé"))] if late.current.removed_at else []
        return gone + differences(make(initial=item_initial(late.current)), form)

    if is_autosave(request):
        return line_response(
            form, save, mark=actions.item_fingerprint, compare=compare, outline=lambda: outline(request, sitting)
        )
    return form_page(
        request,
        form,
        lambda data: save(data["version"]),
        compare=compare,
        template="sessions/agenda/item_edit.html",
        context={"sitting": sitting, "item": agenda_item},
        success_message=_("Point enregistré."),
        to=reverse("sittings:sitting", args=[sitting.pk]),
    )


def finder(request: UserRequest, sitting: Sitting) -> Find | None:
    """Return the function that finds topics for an item of this sitting, if the reader may edit the agenda."""
    if not rules.can_edit_agenda(request.user, sitting):
        return None
    return partial(topics.offered, request.user, sitting.term_id)


def finder_for(request: UserRequest, item: AgendaItem) -> Find | None:
    """Return the same for an item; None if its topic is of another kind (an approval), so it stays."""
    find = finder(request, item.sitting)
    current = topics.choice_value(item.topic_type, item.topic_id)
    return find if find and (not current or find(key=current, most=1)) else None


def item_initial(item: AgendaItem) -> dict[str, Any]:
    shown = {name: getattr(item, name) for name in ItemForm.base_fields if name != "topic"}
    about = {"topic": topics.choice_value(item.topic_type, item.topic_id)}
    return shown | about | {"version": actions.item_fingerprint(item)}


@require_POST
def item_move(request: UserRequest, pk: int, item: int) -> HttpResponse:
    """Move an item one step, by a button."""
    sitting = pages.desk_sitting(request, pk)
    direction = request.POST.get("direction", "")
    if direction in DIRECTIONS:
        actions.move_item(item_of_sitting(sitting, item), direction=direction, by=request.user)
    return redirect("sittings:sitting", sitting.pk)


@require_POST
def item_remove(request: UserRequest, pk: int, item: int) -> HttpResponse:
    sitting = pages.desk_sitting(request, pk)
    actions.remove(item_of_sitting(sitting, item), by=request.user)
    messages.success(request, _("Point retiré. Pour le remettre : en bas de cette page, « Points retirés »."))
    return redirect("sittings:sitting", sitting.pk)


@require_POST
def item_restore(request: UserRequest, pk: int, item: int) -> HttpResponse:
    """Undo a removal; a second submission changes nothing."""
    sitting = pages.desk_sitting(request, pk)
    actions.restore(get_object_or_404(sitting.agenda, pk=item), by=request.user)
    messages.success(request, _("Le point est remis à l’ordre du jour."))
    return redirect("sittings:sitting", sitting.pk)


@require_POST
def item_open(request: UserRequest, pk: int, item: int) -> HttpResponse:
    sitting = pages.desk_sitting(request, pk)
    actions.open_item(item_of_sitting(sitting, item), by=request.user)
    return redirect("sittings:sitting", sitting.pk)


@require_POST
def item_close(request: UserRequest, pk: int, item: int) -> HttpResponse:
    sitting = pages.desk_sitting(request, pk)
    actions.close_item(item_of_sitting(sitting, item), by=request.user)
    return redirect("sittings:sitting", sitting.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def item_hours(request: UserRequest, pk: int, item: int) -> HttpResponse:
    """Correct the hours of an item by hand."""
    sitting = pages.desk_sitting(request, pk, rules.can_take_attendance)
    agenda_item = item_of_sitting(sitting, item)
    return form_page(
        request,
        HoursForm(posted(request), starts_at=sitting.starts_at, initial=hours_of(agenda_item)),
        lambda data: actions.set_hours(
            agenda_item, opened_at=data["opened_at"], closed_at=data["closed_at"], by=request.user
        ),
        template="sessions/agenda/item_hours.html",
        context={"sitting": sitting, "item": agenda_item},
        success_message=_("Heures enregistrées."),
        to=reverse("sittings:sitting", args=[sitting.pk]),
    )


def hours_of(item: AgendaItem) -> dict[str, Any]:
    moments = {"opened": item.opened_at, "closed": item.closed_at}
    return {name: timezone.localtime(value).time() for name, value in moments.items() if value}


@require_POST
def agenda_arrange(request: UserRequest, pk: int) -> HttpResponse:
    """Save the order after a drag and drop."""
    sitting = pages.desk_sitting(request, pk)
    form = OrderForm(request.POST)
    if form.is_valid():
        lines = [OrderedLine(key, depth) for key, depth in form.pairs()]
        actions.arrange(sitting, lines=lines, by=request.user)
    return redirect("sittings:sitting", sitting.pk)


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: UserRequest, pk: int) -> HttpResponse:
    sitting = pages.desk_sitting(request, pk)
    if request.method == "POST" and not rules.can_add_papers(request.user, sitting):
        raise PermissionDenied
    return form_page(
        request,
        PaperForm(posted(request), request.FILES or None, sitting=sitting),
        lambda data: actions.add_paper(
            sitting,
            upload=accept_upload(data["file"], by=request.user, purpose="paper"),
            title=data["title"] or data["file"].name,
            item=data["item"],
            is_internal=data["is_internal"],
            by=request.user,
        ),
        template="sessions/agenda/papers.html",
        context=lambda: pages.context(
            request, sitting, "papers", papers=papers_of(sitting, internal=True), notice=last_notice(sitting)
        ),
        success_message=_("Document ajouté."),
        to=reverse("sittings:papers", args=[sitting.pk]),
    )


@require_POST
def paper_remove(request: UserRequest, pk: int, paper: int) -> HttpResponse:
    sitting = pages.desk_sitting(request, pk)
    document = get_object_or_404(AgendaDocument.objects.select_related("sitting"), pk=paper, sitting=sitting)
    actions.remove_paper(document, by=request.user)
    messages.success(request, _("Document retiré."))
    return redirect("sittings:papers", sitting.pk)


@require_safe
def agenda_file(request: UserRequest, pk: int) -> HttpResponse:
    """Return the agenda of the last notice as PDF."""
    sitting = pages.desk_sitting(request, pk)
    notice = last_notice(sitting)
    if notice is None:
        messages.info(request, _("L’ordre du jour en PDF part avec la convocation."))
        return redirect("sittings:sitting", sitting.pk)
    return pdf_response(agenda_pdf(notice), f"{sitting.reference}-ordre-du-jour.pdf")
