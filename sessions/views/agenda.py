"""The agenda of a sitting and its papers."""

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
from assembly.ui.errors import EditConflict
from assembly.ui.form_page import form_page
from assembly.ui.forms import posted
from assembly.ui.outline import (
    LINE,
    OrderForm,
    PasteForm,
    PlaceForm,
    address_of_made,
    line_answer,
    outline_answer,
    paste_refused,
    wants_outline,
)
from assembly.ui.request_bodies import takes_files
from assembly.ui.versioned import Difference, differences, is_typing
from sessions import subjects
from sessions.actions import agenda as actions
from sessions.documents.sheets import agenda_pdf
from sessions.enums import AgendaKind
from sessions.forms.agenda import EditItemForm, Find, HoursForm, ItemForm, ItemLineForm, NewItemForm, PaperForm
from sessions.models import ActionItem, AgendaDocument, AgendaItem, Sitting
from sessions.queries.agenda import AgendaLine, agenda_of, end_time, open_actions, papers_of, removed_of
from sessions.queries.notices import last_notice
from sessions.rules import sittings as rules
from sessions.rules.agenda import DIRECTIONS, OrderedLine, kind_of
from sessions.views import dossier

PAGE = "sessions/agenda.html"
ACTIONS_SHOWN = 50


def agenda_context(request: UserRequest, sitting: Sitting, form: NewItemForm | None = None) -> dict:
    form = form or NewItemForm(sitting=sitting, find=finder(request, sitting))
    return dossier.context(request, sitting, "sitting", form=form, **lines_context(request, sitting))


def lines_context(request: UserRequest, sitting: Sitting) -> dict[str, Any]:
    """The agenda itself: its lines, each with its boxes for whoever writes it, and what was taken off."""
    lines = agenda_of(sitting, internal=True, reader=request.user)
    waiting = open_actions(sitting) if sitting.is_upcoming or sitting.is_running else ActionItem.objects.none()
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
    """The boxes of a point; one with sub-points lasts as long as they do, and says it."""
    initial = item_initial(line.item) | ({"minutes": line.minutes} if line.has_parts else {})
    form = ItemLineForm(initial=initial, auto_id=f"ligne-{line.item.pk}-%s")
    form.fields["minutes"].disabled = line.has_parts
    return form


@require_safe
def agenda_show(request: UserRequest, pk: int) -> HttpResponse:
    sitting = dossier.desk_sitting(request, pk)
    if wants_outline(request):
        return outline_answer(request, lambda: outline(request, sitting))
    return render(request, PAGE, agenda_context(request, sitting))


def outline(request: UserRequest, sitting: Sitting) -> str:
    """The agenda alone, as it now stands."""
    shown = {"sitting": sitting, "can": dossier.abilities(request.user, sitting), **lines_context(request, sitting)}
    return render_to_string(f"{PAGE}#outline", shown, request)


@require_POST
def item_add(request: UserRequest, pk: int) -> HttpResponse:
    sitting = dossier.desk_sitting(request, pk, rules.can_edit_agenda)
    if is_typing(request):
        return line_add(request, sitting)
    form = NewItemForm(posted(request), sitting=sitting, find=finder(request, sitting))
    return form_page(
        request,
        form,
        lambda data: actions.add(sitting, by=request.user, under=data["under"], **form.values()),
        template=PAGE,
        context=lambda: agenda_context(request, sitting, form),
        done=_("Point ajouté."),
        to=reverse("sittings:sitting", args=[sitting.pk]),
    )


def line_add(request: UserRequest, sitting: Sitting) -> HttpResponse:
    """A point typed as one line of the outline."""
    form, (after, depth) = ItemLineForm(request.POST), PlaceForm(request.POST).place

    def save(_version: str) -> AgendaItem:
        values = form.values()
        kind = kind_of(values["title"])
        return actions.add(sitting, by=request.user, after=after, depth=depth, kind=kind, **values)

    return line_answer(form, save, mark=actions.mark, outline=lambda: outline(request, sitting))


@require_POST
def items_paste(request: UserRequest, pk: int) -> HttpResponse:
    """A list from a mail or a text, all at once."""
    sitting = dossier.desk_sitting(request, pk, rules.can_edit_agenda)
    form = PasteForm(request.POST)
    address = reverse("sittings:sitting", args=[sitting.pk])
    if not form.is_valid():
        return paste_refused(form)
    after, depth = form.place
    made = actions.paste(sitting, form.cleaned_data["text"], by=request.user, after=after, depth=depth)
    messages.success(request, _("La liste est ajoutée à l’ordre du jour."))
    return redirect(address_of_made(address, made))


@require_POST
def item_duplicate(request: UserRequest, pk: int, item: int) -> HttpResponse:
    sitting = dossier.desk_sitting(request, pk)
    made = actions.duplicate(own_item(sitting, item), by=request.user)
    messages.success(request, _("Point dupliqué."))
    return redirect(address_of_made(reverse("sittings:sitting", args=[sitting.pk]), [made]))


@require_POST
def actions_item_add(request: UserRequest, pk: int) -> HttpResponse:
    sitting = dossier.desk_sitting(request, pk)
    actions.add_actions_item(sitting, by=request.user)
    return redirect("sittings:sitting", sitting.pk)


def own_item(sitting: Sitting, item: int) -> AgendaItem:
    return get_object_or_404(sitting.agenda, pk=item, removed_at=None)


@require_http_methods(["GET", "HEAD", "POST"])
def item_edit(request: UserRequest, pk: int, item: int) -> HttpResponse:
    """All there is to say of a point, or its line; what was typed for a point taken off meanwhile is not lost."""
    sitting = dossier.desk_sitting(request, pk, rules.can_edit_agenda)
    found = get_object_or_404(sitting.agenda, pk=item) if request.method == "POST" else own_item(sitting, item)
    make = ItemLineForm if LINE in request.POST else partial(EditItemForm, find=finder_for(request, found))
    form = make(posted(request), initial=item_initial(found))

    def save(version: str) -> AgendaItem:
        actions.change(found, by=request.user, seen=version, **form.values())
        return found

    def compare(late: EditConflict) -> list[Difference]:
        gone = [Difference(_("Point"), _("retiré de l’ordre du jour"), _("gardé"))] if late.current.removed_at else []
        return gone + differences(make(initial=item_initial(late.current)), form)

    if is_typing(request):
        return line_answer(form, save, mark=actions.mark, compare=compare, outline=lambda: outline(request, sitting))
    return form_page(
        request,
        form,
        lambda data: save(data["version"]),
        compare=compare,
        template="sessions/item_edit.html",
        context={"sitting": sitting, "item": found},
        done=_("Point enregistré."),
        to=reverse("sittings:sitting", args=[sitting.pk]),
    )


def finder(request: UserRequest, sitting: Sitting) -> Find | None:
    """What a point of this sitting may be said to be about."""
    if not rules.can_edit_agenda(request.user, sitting):
        return None
    return partial(subjects.offered, request.user, sitting.term_id)


def finder_for(request: UserRequest, item: AgendaItem) -> Find | None:
    """The same for a point; one that is about something else (an approval) keeps it, so nothing is offered."""
    find = finder(request, item.sitting)
    current = subjects.choice_value(item.subject_type, item.subject_id)
    return find if find and (not current or find(key=current, most=1)) else None


def item_initial(item: AgendaItem) -> dict[str, Any]:
    shown = {name: getattr(item, name) for name in ItemForm.base_fields if name != "subject"}
    about = {"subject": subjects.choice_value(item.subject_type, item.subject_id)}
    return shown | about | {"version": actions.mark(item)}


@require_POST
def item_move(request: UserRequest, pk: int, item: int) -> HttpResponse:
    """One step, by a button."""
    sitting = dossier.desk_sitting(request, pk)
    direction = request.POST.get("direction", "")
    if direction in DIRECTIONS:
        actions.move(own_item(sitting, item), direction=direction, by=request.user)
    return redirect("sittings:sitting", sitting.pk)


@require_POST
def item_remove(request: UserRequest, pk: int, item: int) -> HttpResponse:
    sitting = dossier.desk_sitting(request, pk)
    actions.remove(own_item(sitting, item), by=request.user)
    messages.success(request, _("Point retiré. Pour le remettre : en bas de cette page, « Points retirés »."))
    return redirect("sittings:sitting", sitting.pk)


@require_POST
def item_restore(request: UserRequest, pk: int, item: int) -> HttpResponse:
    """Undo a removal; sent twice, it is done once."""
    sitting = dossier.desk_sitting(request, pk)
    actions.restore(get_object_or_404(sitting.agenda, pk=item), by=request.user)
    messages.success(request, _("Le point est remis à l’ordre du jour."))
    return redirect("sittings:sitting", sitting.pk)


@require_POST
def item_open(request: UserRequest, pk: int, item: int) -> HttpResponse:
    sitting = dossier.desk_sitting(request, pk)
    actions.open_item(own_item(sitting, item), by=request.user)
    return redirect("sittings:sitting", sitting.pk)


@require_POST
def item_close(request: UserRequest, pk: int, item: int) -> HttpResponse:
    sitting = dossier.desk_sitting(request, pk)
    actions.close_item(own_item(sitting, item), by=request.user)
    return redirect("sittings:sitting", sitting.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def item_hours(request: UserRequest, pk: int, item: int) -> HttpResponse:
    """Hours of a point, corrected by hand."""
    sitting = dossier.desk_sitting(request, pk, rules.can_take_attendance)
    found = own_item(sitting, item)
    return form_page(
        request,
        HoursForm(posted(request), starts_at=sitting.starts_at, initial=hours_of(found)),
        lambda data: actions.set_hours(
            found, opened_at=data["opened_at"], closed_at=data["closed_at"], by=request.user
        ),
        template="sessions/item_hours.html",
        context={"sitting": sitting, "item": found},
        done=_("Heures enregistrées."),
        to=reverse("sittings:sitting", args=[sitting.pk]),
    )


def hours_of(item: AgendaItem) -> dict[str, Any]:
    moments = {"opened": item.opened_at, "closed": item.closed_at}
    return {name: timezone.localtime(value).time() for name, value in moments.items() if value}


@require_POST
def agenda_arrange(request: UserRequest, pk: int) -> HttpResponse:
    """The order after a drag."""
    sitting = dossier.desk_sitting(request, pk)
    form = OrderForm(request.POST)
    if form.is_valid():
        lines = [OrderedLine(key, depth) for key, depth in form.pairs()]
        actions.arrange(sitting, lines=lines, by=request.user)
    return redirect("sittings:sitting", sitting.pk)


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: UserRequest, pk: int) -> HttpResponse:
    sitting = dossier.desk_sitting(request, pk)
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
        template="sessions/papers.html",
        context=lambda: dossier.context(
            request, sitting, "papers", papers=papers_of(sitting, internal=True), notice=last_notice(sitting)
        ),
        done=_("Document ajouté."),
        to=reverse("sittings:papers", args=[sitting.pk]),
    )


@require_POST
def paper_remove(request: UserRequest, pk: int, paper: int) -> HttpResponse:
    sitting = dossier.desk_sitting(request, pk)
    found = get_object_or_404(AgendaDocument.objects.select_related("sitting"), pk=paper, sitting=sitting)
    actions.remove_paper(found, by=request.user)
    messages.success(request, _("Document retiré."))
    return redirect("sittings:papers", sitting.pk)


@require_safe
def agenda_file(request: UserRequest, pk: int) -> HttpResponse:
    """The agenda as it was convened."""
    sitting = dossier.desk_sitting(request, pk)
    notice = last_notice(sitting)
    if notice is None:
        messages.info(request, _("L’ordre du jour en PDF part avec la convocation."))
        return redirect("sittings:sitting", sitting.pk)
    return pdf_response(agenda_pdf(notice), f"{sitting.reference}-ordre-du-jour.pdf")


def pdf_response(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )
