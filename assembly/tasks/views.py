"""Views of tasks (the line on any page, « À faire », the page of a task, its steps), of notes and of pins."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.calendar.rules import day_named
from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest
from assembly.institution import todo
from assembly.institution.menu import anywhere
from assembly.institution.pages import allowed_term, term_key_of, working_term
from assembly.institution.todo import Backlog, tray_of
from assembly.tasks import actions
from assembly.tasks.forms import TaskForm, TaskLineForm, TeamNoteForm
from assembly.tasks.line import read_line
from assembly.tasks.lists import SELECTION, page_cell
from assembly.tasks.models import Pin, Task, TaskSwitch, TeamNote
from assembly.tasks.queries import PageReference, page_reference, pins_of, readable_tasks, visible_notes
from assembly.tasks.rules import can_use_tasks, task_terms
from assembly.tasks.waiting import waiting_for
from assembly.tasks.workflow import NOTE, TASK
from assembly.text.french import due, format_date, format_moment
from assembly.web.forms import local_address, posted
from assembly.web.pages import form_page
from assembly.web.versioned import differences
from assembly.workflow import StateConflict, StepPage

HOME = "tasks:home"


def day_text(task_day: Any) -> str:
    return _("pour le %(day)s") % {"day": format_date(task_day)} if task_day else _("sans date")


@require_safe
def line_day(request: UserRequest) -> HttpResponse:
    """Return the day that is read at the end of a line, for the hint below the field."""
    line = request.GET.get("line", "")[:400]
    text, day = read_line(line, timezone.localdate())
    hint = f"{text}, {day_text(day)}" if line.strip() else ""
    return render(request, "tasks/_hint.html", {"hint": hint})


@require_POST
def task_add(request: UserRequest) -> HttpResponse:
    """Note the task of one line, about the page on which it was written, and return there."""
    form = TaskLineForm(request.POST)
    page = local_address(request, request.POST.get("page", ""))
    if not form.is_valid():
        refusals = form.errors.get("line", [_("Rechargez la page, puis réessayez.")])
        return refuse_line(request, page, str(refusals[0]))
    reference = page_reference(request.user, form.cleaned_data["subject"], page)
    term = term_of_page(request, reference)
    text, day = read_line(form.cleaned_data["line"], timezone.localdate())
    return confirm_line(request, page, actions.add_task(term, text, day, reference, by=request.user))


def term_of_page(request: UserRequest, reference: PageReference) -> int:
    """Return the term of the object of a page, else that in which the reader works."""
    term = term_key_of(reference.subject) if reference.subject else None
    return term if term is not None and term in task_terms(request.user) else allowed_term(request, can_use_tasks).pk


def refuse_line(request: UserRequest, page: str, refusal: str) -> HttpResponse:
    """Return the field again with what was typed; without script, in a page."""
    typed = {name: request.POST.get(name, "") for name in ("line", "subject")}
    is_part = request.headers.get("HX-Request") == "true"
    context = {**typed, "path": page, "refusal": refusal, "noted": "", "undo": ""}
    if is_part:
        return render(request, "tasks/_line.html", context, status=422)
    return render(request, "tasks/refused.html", {"task_line": context}, status=422)


def confirm_line(request: UserRequest, page: str, task: Task) -> HttpResponse:
    """Return the empty field with what was noted; without script, the page where it stands. Both offer « Annuler »."""
    noted, undo = f"{task.text}, {day_text(task.due_on)}", reverse("tasks:step", args=[task.pk, "abandonner"])
    if request.headers.get("HX-Request") == "true":
        subject = request.POST.get("subject", "")
        context = {"line": "", "subject": subject, "path": page, "refusal": "", "noted": noted, "undo": undo}
        return render(request, "tasks/_line.html", context)
    messages.success(request, _("C’est noté : %(task)s.") % {"task": noted}, extra_tags=undo)
    return redirect(page or HOME)


@require_safe
def home(request: UserRequest) -> HttpResponse:
    """Show what waits and the tasks: the reader’s own, or those of the whole team; `?bac=`: those of one tray."""
    term = working_term(request, can_use_tasks)
    lines, today = waiting_for(request.user, term), timezone.localdate()
    tray = next((each for each in todo.Tray if each.slug == request.GET.get("bac")), None)
    waiting = lines.backlog
    if tray:
        late, coming = (
            [one for one in part if tray_of(one, today) is tray] for part in (waiting.late, waiting.coming)
        )
        waiting = Backlog(late, coming, len(late), len(coming))
    context = {"term": term, "lines": lines, "waiting": waiting, "tray": tray and tray.count_label(waiting.count)}
    if day := day_named(request.GET.get("pour", "")):
        context["task_line"] = {"line": f" {day:%d/%m/%Y}"}
    return render(request, "tasks/home.html", context)


@require_POST
def switch(request: UserRequest) -> HttpResponse:
    """Keep for this reader whose tasks « À faire » and the first screen show; `?retour=`: the page to return to."""
    working_term(request, can_use_tasks)
    shows_team = request.POST.get("qui") == "equipe"
    TaskSwitch.objects.update_or_create(user=request.user, defaults={"shows_team": shows_team})
    return redirect(local_address(request, request.GET.get("retour", "")) or HOME)


def fetch_task(request: UserRequest, pk: int) -> Task:
    rows = readable_tasks(request.user).select_related("term", "owner", "created_by__person", "closed_by__person")
    return get_object_or_404(rows, pk=pk)


def back_to(request: UserRequest, task: Task) -> str:
    """Return the page from which a step was taken, else that of all tasks."""
    asked = request.POST.get("retour") or request.GET.get("retour") or ""
    return local_address(request, asked) or reverse(HOME)


class TaskSteps(StepPages[Task]):
    """Steps of a task; one step has two pages, each for its own kind of task, and no other."""

    def process(self, request: UserRequest, row: Task, page: StepPage[Task]) -> HttpResponse:
        if page.offered and not page.offered(request.user, row):
            raise StateConflict(row, page.name)
        return super().process(request, row, page)


TASK_STEPS = TaskSteps(TASK, name="tasks:step", fetch=fetch_task, back=back_to)


@require_safe
def task_page(request: UserRequest, pk: int) -> HttpResponse:
    """Show a task with its acts; to facilitators without acts, and without who of the team did what."""
    task = fetch_task(request, pk)
    can_act = can_use_tasks(request.user, task.term_id)
    slugs = TASK_STEPS.offered(request.user, task)
    facts = [
        (_("Qui"), task.owner_name),
        (_("Pour le"), due(task.due_on) if task.is_open else format_date(task.due_on)),
        (_("Se répète"), "" if task.is_decided else task.get_repeat_display() or _("non")),
        (_("Décidée à") if task.is_decided else _("Sur"), page_cell(task)),
        (_("Précisions"), task.note),
        (_("Suite donnée"), task.outcome),
        (_("Notée par"), can_act and task.created_by and task.created_by.get_full_name()),
        (_("Close le"), format_moment(task.closed_at)),
    ]
    links = [TASK_STEPS.link(request, task, slug) for slug in slugs]
    shown = [(label, value) for label, value in facts if value]
    context = {"task": task, "facts": shown, "links": links, "can_act": can_act}
    return render(request, "tasks/task.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def task_change(request: UserRequest, pk: int) -> HttpResponse:
    """Correct an open task."""
    task = fetch_task(request, pk)
    TASK.check(request.user, task, "put_off")  # 409 for a closed one
    form = TaskForm(posted(request), instance=Task.objects.get(pk=pk))  # validation changes its own copy

    def save(data: dict[str, Any]) -> None:
        version = data.pop("version")
        actions.change_task(task, data, version=version, by=request.user)

    return form_page(
        request,
        form,
        save,
        compare=lambda late: differences(TaskForm(instance=late.current), form),
        template="tasks/task_form.html",
        context={"task": task},
        success_message=gettext_lazy("La tâche est modifiée."),
        to=reverse("tasks:task", args=[pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def chosen(request: UserRequest) -> HttpResponse:
    """Take one step of several tasks; the right and the state of each one are checked."""
    if not task_terms(request.user):
        raise PermissionDenied
    return SELECTION.answer(request, readable_tasks(request.user).select_related("owner"), back=reverse("tasks:list"))


@require_POST
def note_add(request: UserRequest) -> HttpResponse:
    """Write a note about the object of the page on which it was written, and return there."""
    form = TeamNoteForm(request.POST)
    page = local_address(request, request.POST.get("page", ""))
    if not form.is_valid():
        return render(request, "tasks/note_form.html", {"form": form, "back": page}, status=422)
    reference = page_reference(request.user, form.cleaned_data["subject"], page)
    if reference.subject is None:
        raise Http404
    actions.add_note(term_of_page(request, reference), form.cleaned_data["text"], reference, by=request.user)
    messages.success(request, _("La note est écrite."))
    return redirect(page or HOME)


def fetch_note(request: UserRequest, pk: int) -> TeamNote:
    return get_object_or_404(visible_notes(request.user).select_related("author__person"), pk=pk)


NOTE_STEPS: StepPages[TeamNote] = StepPages(
    NOTE,
    name="tasks:note-step",
    fetch=fetch_note,
    back=lambda request, note: note.path or reverse(HOME),
    eyebrow=lambda note: note.page_title,
)


@require_safe
def pins(request: UserRequest) -> HttpResponse:
    """Show the pages that the reader has pinned, each with its removal: a pinned page may be closed since."""
    return render(request, "tasks/pins.html", {"pins": pins_of(request.user)})


@require_POST
def pin_add(request: UserRequest) -> HttpResponse:
    """Pin the page on which the button stands and return there; a sixth one shows which could go."""
    page, subject = local_address(request, request.POST.get("page", "")), request.POST.get("subject", "")
    reference = page_reference(request.user, subject, page.partition("?")[0])
    if not reference.path or not reference.page_title or (subject and reference.subject is None):
        raise Http404
    term = term_key_of(reference.subject) if reference.subject else None
    try:
        actions.pin_page(term or allowed_term(request, anywhere(bool)).pk, reference, by=request.user)
    except ValidationError as refusal:
        context = {"pins": pins_of(request.user), "refusal": refusal.messages[0], "back": page}
        return render(request, "tasks/pins.html", context, status=422)
    return redirect(page)


@require_POST
def pin_remove(request: UserRequest, pk: int) -> HttpResponse:
    """Remove one of the reader’s own pins; « retour »: the page to return to."""
    actions.remove_pin(get_object_or_404(Pin.objects.select_related("user"), pk=pk, user=request.user))
    return redirect(local_address(request, request.POST.get("retour", "")) or "tasks:pins")
