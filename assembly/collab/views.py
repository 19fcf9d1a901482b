"""Views of the sidebar and of the versions of a text, and the exchange of frames over HTTP.

Each form of the sidebar works without a script; with one, the list alone is returned.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, JsonResponse, RawPostDataException
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.collab import queries, registry, rules
from assembly.collab.actions import suggestions as suggestion_actions, texts, threads as thread_actions
from assembly.collab.document import comparing
from assembly.collab.engine import exchange as engine
from assembly.collab.engine.admission import knows_schema
from assembly.collab.engine.frames import Malformed
from assembly.collab.forms import CompareForm, ReplyForm, SuggestionDecisionForm, ThreadForm, VersionNameForm
from assembly.collab.models import Comment, SharedText, Suggestion, TextVersion, Thread, VersionReason
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.institution.models import Directorate
from assembly.web.forms import posted
from assembly.web.idempotency import repeatable
from assembly.web.pages import form_page
from assembly.web.request_bodies import MEGABYTE, takes_up_to

LIST = "collab/sidebar_list.html"


def sidebar_list(request: UserRequest, text: SharedText, problem: str = "") -> HttpResponse:
    """Return the list alone; a problem is its first line."""
    content = queries.sidebar_of(text, request.user, queries.tree_of(text), rules.granted_right(request.user, text))
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
    return sidebar_list(request, queries.readable_text_or_404(request.user, public_id))


@require_safe
def late_text(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Show the buttons for text that came too late, in the page that shows this text."""
    return render(
        request,
        "collab/late_text_options.html",
        {"options": queries.late_text_places(queries.readable_text_or_404(request.user, public_id), request.user)},
    )


@require_POST
def suggestions(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Accept, reject or withdraw suggestions."""
    text = queries.readable_text_or_404(request.user, public_id)
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
    text = queries.readable_text_or_404(request.user, public_id)
    form = ThreadForm(request.POST, readers=queries.readers_of(text))
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
    text = queries.readable_text_or_404(request.user, public_id)
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
    text = queries.readable_text_or_404(request.user, public_id)
    rows = Comment.objects.filter(thread__text=text, author=request.user).select_related("thread__text")
    comment = get_object_or_404(rows, pk=pk)
    message = _("Votre commentaire est retiré.")
    return run_action(request, text, lambda: thread_actions.withdraw_comment(comment, by=request.user), message)


def versions_context(request: UserRequest, text: SharedText, **more: Any) -> dict[str, Any]:
    """Return the context of every page about versions: the text, the address of its page, the reader's abilities."""
    back = registry.address(text, request.user)
    return {"text": text, "back": back, "can": rules.abilities(request.user, text), **more}


@require_http_methods(["GET", "HEAD", "POST"])
def versions(request: UserRequest, public_id: UUID) -> HttpResponse:
    """List the versions, and save the text as it is now under a name."""
    text = queries.readable_text_or_404(request.user, public_id)
    if request.method == "POST" and not rules.can_take_version(request.user, text):
        raise PermissionDenied
    return form_page(
        request,
        VersionNameForm(posted(request)),
        lambda data: texts.take_version(text, **data, reason=VersionReason.NAMED, by=request.user),
        template="collab/versions.html",
        context=lambda: list_context(request, text),
        success_message=_("La version est gardée."),
        to=reverse("collab:versions", args=[text.public_id]),
    )


def list_context(request: UserRequest, text: SharedText) -> dict[str, Any]:
    rows = queries.versions_of(text)
    compare = (
        CompareForm(versions=rows, initial={"old": rows[1].number, "new": rows[0].number}) if len(rows) > 1 else None
    )
    return versions_context(request, text, versions=rows, compare=compare)


@require_safe
def version(request: UserRequest, public_id: UUID, number: int) -> HttpResponse:
    text = queries.readable_text_or_404(request.user, public_id)
    row = get_object_or_404(queries.versions_of(text), number=number)
    return render(request, "collab/version.html", versions_context(request, text, version=row))


@require_safe
def version_compare(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Show what changed from one version to another."""
    text = queries.readable_text_or_404(request.user, public_id)
    form = CompareForm(request.GET or None, versions=queries.versions_of(text))
    changes = None
    if form.is_valid():
        changes = comparing.compare(form.cleaned_data["old"].tree, form.cleaned_data["new"].tree)
    context = versions_context(request, text, form=form, has_result=changes is not None)
    if changes is not None:
        context |= {"html": comparing.to_html(changes), "same": comparing.is_same(changes), **form.cleaned_data}
    return render(request, "collab/version_compare.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def version_restore(request: UserRequest, public_id: UUID, number: int) -> HttpResponse:
    """Ask for confirmation, then restore the text of that version."""
    text = queries.readable_text_or_404(request.user, public_id)
    if not rules.can_restore(request.user, text):
        raise PermissionDenied
    row = get_object_or_404(TextVersion.objects.filter(text=text).select_related("text"), number=number)
    if request.method != "POST":
        return render(request, "collab/version_restore.html", versions_context(request, text, version=row))
    texts.restore(row, by=request.user)
    messages.success(request, _("Le texte de la version %(number)s est rétabli.") % {"number": row.number})
    return redirect(registry.address(text, request.user))


@require_safe
def authors(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Show who wrote what in the newest version with known authorship; for those who take part only."""
    text = queries.readable_text_or_404(request.user, public_id)
    if not rules.can_see_authors(request.user, text):
        raise PermissionDenied
    row: TextVersion | None = TextVersion.objects.filter(text=text, passages__isnull=False).order_by("-number").first()
    blocks, people = queries.written_by(row) if row else ([], [])
    return render(
        request, "collab/authors.html", versions_context(request, text, version=row, blocks=blocks, people=people)
    )


A_MINUTE, MOST_A_MINUTE = 60, 240


@takes_up_to(5 * MEGABYTE)
@repeatable("frames are merged: the same edit twice is one")
@require_POST
def exchange(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Take frames and return frames: 426 for an editor too old to write, 413 and 400 for a refused body."""
    text = queries.readable_text_or_404(request.user, public_id)
    if exceeds_rate(request.user.pk):
        return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": "10"})
    try:
        received = engine.read_frames(request.body)
        if any(frame.carries_data for frame in received) and not knows_schema(request.META["QUERY_STRING"].encode()):
            return HttpResponse(status=HTTPStatus.UPGRADE_REQUIRED, headers={"Upgrade": "websocket"})
        body = engine.exchange_reply(text, request.user, received)
    except (Malformed, RawPostDataException):  # The second one: a form whose fields were read before its bytes.
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    except engine.TooLarge:
        return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return HttpResponse(body, content_type="application/octet-stream")


def exceeds_rate(user_id: int) -> bool:
    """Return whether one account, all its tabs together, sends more than four requests a second."""
    key = f"collab:exchange:{user_id}"
    cache.add(key, 0, A_MINUTE)
    try:
        return cache.incr(key) > MOST_A_MINUTE
    except ValueError:  # The key expired in between, or the cache is unreachable.
        return False
