"""The agenda of a sitting and its papers."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.documents.actions.uploads import accept_upload
from assembly.identity.http import UserRequest
from assembly.ui.form_page import form_page
from assembly.ui.forms import posted
from assembly.ui.versioned import differences
from sessions import subjects
from sessions.actions import agenda as actions
from sessions.documents.sheets import agenda_pdf
from sessions.enums import AgendaKind
from sessions.forms.agenda import EditItemForm, Find, HoursForm, ItemForm, NewItemForm, OrderForm, PaperForm
from sessions.models import ActionItem, AgendaDocument, AgendaItem, Sitting
from sessions.queries.agenda import agenda_of, end_time, open_actions, papers_of, removed_of
from sessions.queries.notices import last_notice
from sessions.rules import sittings as rules
from sessions.views import dossier

PAGE = "sessions/agenda.html"
ACTIONS_SHOWN = 50


def agenda_context(request: UserRequest, sitting: Sitting, form: NewItemForm | None = None) -> dict:
    lines = agenda_of(sitting, internal=True, reader=request.user)
    waiting = open_actions(sitting) if sitting.is_upcoming or sitting.is_running else ActionItem.objects.none()
    shown = list(waiting[: ACTIONS_SHOWN + 1])
    count = waiting.count() if len(shown) > ACTIONS_SHOWN else len(shown)
    has_point = any(line.item.kind == AgendaKind.ACTIONS for line in lines)
    return dossier.context(
        request,
        sitting,
        "sitting",
        lines=lines,
        removed=removed_of(sitting) if rules.can_edit_agenda(request.user, sitting) else [],
        end=end_time(lines),
        form=form or NewItemForm(sitting=sitting, find=finder(request, sitting)),
        open_actions=shown[:ACTIONS_SHOWN],
        actions_count=count,
        actions_hidden=max(0, count - ACTIONS_SHOWN),
        proposes_actions=bool(shown) and not has_point,
    )


@require_safe
def agenda_show(request: UserRequest, pk: int) -> HttpResponse:
    sitting = dossier.desk_sitting(request, pk)
    return render(request, PAGE, agenda_context(request, sitting))


@require_POST
def item_add(request: UserRequest, pk: int) -> HttpResponse:
    sitting = dossier.desk_sitting(request, pk, rules.can_edit_agenda)
    form = NewItemForm(posted(request), sitting=sitting, find=finder(request, sitting))
    return form_page(
        request,
        form,
        lambda data: actions.add(sitting, by=request.user, after=data["under"], **form.values()),
        template=PAGE,
        context=lambda: agenda_context(request, sitting, form),
        done=_("Point ajouté."),
        to=reverse("sittings:sitting", args=[sitting.pk]),
    )


@require_POST
def actions_item_add(request: UserRequest, pk: int) -> HttpResponse:
    sitting = dossier.desk_sitting(request, pk)
    actions.add_actions_item(sitting, by=request.user)
    return redirect("sittings:sitting", sitting.pk)


def own_item(sitting: Sitting, item: int) -> AgendaItem:
    return get_object_or_404(sitting.agenda, pk=item, removed_at=None)


@require_http_methods(["GET", "HEAD", "POST"])
def item_edit(request: UserRequest, pk: int, item: int) -> HttpResponse:
    sitting = dossier.desk_sitting(request, pk, rules.can_edit_agenda)
    found = own_item(sitting, item)
    find = finder_for(request, found)
    form = EditItemForm(posted(request), initial=item_initial(found), find=find)
    return form_page(
        request,
        form,
        lambda data: actions.change(found, by=request.user, seen=data["version"], **form.values()),
        compare=lambda late: differences(EditItemForm(initial=item_initial(late.current), find=find), form),
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
    """One step, by a button: the same page without script, the list alone with it."""
    sitting = dossier.desk_sitting(request, pk)
    direction = request.POST.get("direction", "")
    if direction not in ("up", "down", "in", "out"):
        return redirect("sittings:sitting", sitting.pk)
    actions.move(own_item(sitting, item), direction=direction, by=request.user)
    return after_tap(request, sitting)


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
    return after_tap(request, sitting)


@require_POST
def item_close(request: UserRequest, pk: int, item: int) -> HttpResponse:
    sitting = dossier.desk_sitting(request, pk)
    actions.close_item(own_item(sitting, item), by=request.user)
    return after_tap(request, sitting)


def after_tap(request: UserRequest, sitting: Sitting) -> HttpResponse:
    if dossier.is_htmx(request):
        return render(request, f"{PAGE}#lines", agenda_context(request, sitting))
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
        actions.arrange(sitting, lines=form.lines(), by=request.user)
    return after_tap(request, sitting)


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
