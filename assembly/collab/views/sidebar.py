"""The sidebar of a text: its suggestions and its comments.

Each form works without a script; with one, the list alone is returned.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assembly.collab import registry, rules
from assembly.collab.actions import suggestions as suggestion_actions
from assembly.collab.actions import threads as thread_actions
from assembly.collab.forms import ReplyForm, SuggestionDecisionForm, ThreadForm
from assembly.collab.models import Comment, SharedText, Suggestion, Thread
from assembly.collab.queries.late_text import late_text_places
from assembly.collab.queries.sidebar import sidebar_of
from assembly.collab.queries.texts import readable_text_or_404, readers_of, tree_of
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.institution.models import Directorate

LIST = "collab/sidebar_list.html"


def sidebar_list(request: UserRequest, text: SharedText, problem: str = "") -> HttpResponse:
    """Return the list alone; a problem is its first line."""
    content = sidebar_of(text, request.user, tree_of(text), rules.granted_right(request.user, text))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return render(request, LIST, {"sidebar": content, "problem": problem}, status=status)


def run_action(request: UserRequest, text: SharedText, act: Callable[[], Any], success_message: str) -> HttpResponse:
    """Run `act`, and show the list again: alone, as the page of the text, or as a sentence for a script."""
    problem = ""
    try:
        act()
    except ValidationError as error:
        problem = " ".join(error.messages)
    text.refresh_from_db(fields=["state", "last_seq"])
    if request.headers.get("HX-Request") == "true":
        return sidebar_list(request, text, problem)
    if "application/json" in request.headers.get("Accept", ""):
        return (
            JsonResponse({"sentence": problem}, status=422) if problem else JsonResponse({"sentence": success_message})
        )
    messages.add_message(request, messages.ERROR if problem else messages.SUCCESS, problem or success_message)
    return redirect(f"{registry.address(text, request.user)}#a-cote")


def first_error(form: Any) -> ValidationError:
    return ValidationError([str(error) for errors in form.errors.values() for error in errors][:1])


@require_safe
def sidebar(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Show the list as it stands now."""
    return sidebar_list(request, readable_text_or_404(request.user, public_id))


@require_safe
def late_text(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Show the buttons for text that came too late, in the page that shows this text."""
    return render(
        request,
        "collab/late_text_options.html",
        {"options": late_text_places(readable_text_or_404(request.user, public_id), request.user)},
    )


@require_POST
def suggestions(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Accept, reject or withdraw suggestions."""
    text = readable_text_or_404(request.user, public_id)
    form = SuggestionDecisionForm(request.POST)
    return run_action(request, text, lambda: decide(text, form, request.user), _("C’est fait."))


def decide(text: SharedText, form: SuggestionDecisionForm, user: User) -> None:
    if not form.is_valid():
        raise first_error(form)
    step, mark_id, reason = (form.cleaned_data[name] for name in ("step", "id", "reason"))
    if step == "withdraw":
        suggestion_actions.relist(text)
        row = get_object_or_404(Suggestion.objects.select_related("text"), text=text, mark_id=mark_id, author=user)
        suggestion_actions.withdraw(row, by=user)
    elif step in {"accept_all", "reject_all"}:
        getattr(suggestion_actions, step)(text, by=user, reason=reason)
    else:
        getattr(suggestion_actions, step)(text, [mark_id], by=user, reason=reason)


@require_POST
def threads(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Open a thread."""
    text = readable_text_or_404(request.user, public_id)
    form = ThreadForm(request.POST, readers=readers_of(text))
    return run_action(
        request, text, lambda: open_thread(text, form, request.user), _("Votre commentaire est enregistré.")
    )


def open_thread(text: SharedText, form: ThreadForm, user: User) -> None:
    if not form.is_valid():
        raise first_error(form)
    data = dict(form.cleaned_data)
    node_id = str(data.pop("node_id") or "")
    thread_actions.open_thread(text, **data, node_id=node_id, by=user)


@require_POST
def thread(request: UserRequest, public_id: UUID, thread_id: UUID) -> HttpResponse:
    """Reply to, assign, resolve or reopen a thread."""
    text = readable_text_or_404(request.user, public_id)
    row = get_object_or_404(
        Thread.objects.select_related("text", "opened_by__person", "assigned_to", "directorate"),
        text=text,
        public_id=thread_id,
    )
    form = ReplyForm(request.POST)
    return run_action(request, text, lambda: take_thread_step(row, form, request.user), _("C’est fait."))


def take_thread_step(thread: Thread, form: ReplyForm, user: User) -> None:
    if not form.is_valid():
        raise first_error(form)
    step = form.cleaned_data["step"]
    if step == "reply":
        thread_actions.reply(thread, body=form.cleaned_data["body"], by=user)
    elif step == "assign":
        thread_actions.assign(thread, assignee(form.cleaned_data["to"]), by=user)
    else:
        getattr(thread_actions, step)(thread, by=user)


def assignee(chosen: str) -> User | Directorate:
    """Return the person or the directorate that a line of « Confier à… » names."""
    if not chosen:
        raise ValidationError(_("Choisissez à qui confier ce commentaire."), code="to")
    if chosen[0] == "d":
        return get_object_or_404(Directorate, pk=chosen[1:])
    return get_object_or_404(User.objects.select_related("person"), pk=chosen[1:])


@require_POST
def comment_withdraw(request: UserRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Withdraw one's own comment."""
    text = readable_text_or_404(request.user, public_id)
    rows = Comment.objects.filter(thread__text=text, author=request.user).select_related("thread__text")
    comment = get_object_or_404(rows, pk=pk)
    message = _("Votre commentaire est retiré.")
    return run_action(request, text, lambda: thread_actions.withdraw_comment(comment, by=request.user), message)
