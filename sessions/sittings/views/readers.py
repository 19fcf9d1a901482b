"""Views of the personal link: an answer without signing in. A GET writes nothing."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from allauth.core.internal.ratelimit import get_ip
from django.contrib.auth.decorators import login_not_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from assembly.identity.actions.attempts import TooManyAttempts
from assembly.identity.models import Person, User
from assembly.identity.views.ended_links import ended_page
from assembly.web.errors import too_many
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.web.idempotency import repeatable
from sessions.actions import answers as actions
from sessions.enums import Reply, Via
from sessions.forms.answers import MY_REPLIES, AnswerForm, MyReplyForm
from sessions.models import Invitee
from sessions.pages import is_htmx
from sessions.queries.notices import last_notice
from sessions.rules import links
from sessions.sittings.actions import convening

NOTED = "note"  # query parameter: what was just saved, the answer (« oui ») or the rest with it (« tout »)
REST = "rest"  # form field: this POST has the other questions too, it is not a tap


def invitee_of_token(token: str) -> Invitee | None:
    """Return the invitee of a valid link, if the person is still invited."""
    try:
        public_id, version, sent = links.read_reply(token)
    except links.BadLink:
        return None
    invitee = Invitee.objects.select_related("person", "sitting__term__assembly").filter(public_id=public_id).first()
    return invitee if invitee and links.is_alive(invitee, version) and sent.opens(invitee.person.email) else None


def answer_page(
    request: HttpRequest,
    invitee: Invitee,
    *,
    via: str,
    by: User | Person,
    template: str,
    context: Callable[[], dict[str, Any]],
    asked: str = "",
) -> HttpResponse:
    """Record by one tap whether the person comes, then show the other questions in a form with the answer.

    `asked`: the answer chosen by a button of the mail, to be confirmed. The last answer counts.
    """
    has_rest = REST in request.POST
    form: BaseForm
    if request.method == "POST" and not has_rest:
        form = MyReplyForm(posted(request))
    else:
        reply = request.POST.get("reply", invitee.reply)
        initial = {name: getattr(invitee, name) for name in ("reply", *actions.LOGISTICS)}
        form = AnswerForm(
            posted(request), sitting=invitee.sitting, reply=reply, initial=initial, auto_id=f"id_{invitee.pk}_%s"
        )
    asks_reply = not has_rest and (invitee.reply == Reply.INVITED or asked not in ("", invitee.reply))
    shown = {
        "invitee": invitee,
        "sitting": invitee.sitting,
        "asks_reply": asks_reply,
        "asked": asked,
        "choices": sorted(MY_REPLIES, key=lambda choice: choice[0] != asked),
        "noted": request.GET.get(NOTED, ""),
        "in_place": is_htmx(request),
        "url": request.path,
    }
    return form_page(
        request,
        form,
        lambda data: actions.reply(invitee, via=via, by=by, **data),
        template=template,
        context=lambda: shown | context(),
        to=f"{request.path}?{NOTED}={'tout' if has_rest else 'oui'}",
    )


def refuse_link(request: HttpRequest, token: str) -> HttpResponse:
    """Return 404 for a link that was made up, 410 with the offer of a new one for an ended link."""
    try:
        links.read_reply(token)
    except links.BadLink:
        return render(request, "sessions/sittings/reply_invalid.html", status=HTTPStatus.NOT_FOUND)
    return ended_page(request, reverse("sittings:reply-renew", args=[token]))


@repeatable("asking twice on one day sends one message, and each is counted")
@never_cache
@login_not_required
@require_POST
def reply_renew(request: HttpRequest, token: str) -> HttpResponse:
    """Send a new link to the address on file, for somebody who opened an ended one."""
    try:
        convening.renew_reply_link(token, ip=get_ip(request))
    except links.BadLink:
        return refuse_link(request, token)
    except TooManyAttempts:
        return too_many(request)
    return ended_page(request, "", is_sent=True)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, token: str) -> HttpResponse:
    invitee = invitee_of_token(token)
    if invitee is None:
        return refuse_link(request, token)
    sitting = invitee.sitting
    if not sitting.awaits_replies:
        late = {"invitee": invitee, "sitting": sitting}
        return render(
            request, "sessions/sittings/reply_late.html", late, status=409 if request.method == "POST" else 200
        )
    asked = request.GET.get("reponse", "")
    if asked not in dict(MY_REPLIES):
        asked = Reply.WILL_ATTEND if invitee.reply == Reply.INVITED else ""
    return answer_page(
        request,
        invitee,
        via=Via.LINK,
        by=invitee.person,
        template="sessions/sittings/reply.html",
        context=lambda: {"notice": last_notice(sitting)},
        asked=asked,
    )
