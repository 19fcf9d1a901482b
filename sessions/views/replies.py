"""The personal link: an answer without signing in. Reading it writes nothing."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assembly.identity.models import Person, User
from assembly.ui.form_page import form_page
from assembly.ui.forms import posted
from sessions.actions import answers as actions
from sessions.enums import Reply, Via
from sessions.forms.answers import OWN_REPLIES, AnswerForm, OwnReplyForm
from sessions.models import Invitee
from sessions.queries.notices import last_notice
from sessions.rules import links
from sessions.views.dossier import is_htmx

NOTED = "note"  # in the address: what has just been noted, the answer (« oui ») or the rest with it (« tout »)
REST = "rest"  # in what is sent: this is the form of the rest, not a tap


def invitee_behind(token: str) -> Invitee | None:
    """The invitee of a link that is ours, still alive, for a person still asked to come."""
    try:
        public_id, version = links.read_reply(token)
    except links.BadLink:
        return None
    found = Invitee.objects.select_related("person", "sitting__term__assembly").filter(public_id=public_id).first()
    return found if found and links.is_alive(found, version) else None


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
    """One tap records whether the person comes; then the rest is asked, in a form that carries the answer.

    `asked`: the answer that a button of the mail chose, which waits to be confirmed. The last answer counts.
    """
    has_rest = REST in request.POST
    form: BaseForm
    if request.method == "POST" and not has_rest:
        form = OwnReplyForm(posted(request))
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
        "choices": sorted(OWN_REPLIES, key=lambda choice: choice[0] != asked),
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


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, token: str) -> HttpResponse:
    invitee = invitee_behind(token)
    if invitee is None:
        return render(request, "sessions/reply_dead.html", status=404)
    sitting = invitee.sitting
    if not sitting.takes_answers:
        late = {"invitee": invitee, "sitting": sitting}
        return render(request, "sessions/reply_late.html", late, status=409 if request.method == "POST" else 200)
    asked = request.GET.get("reponse", "")
    if asked not in dict(OWN_REPLIES):
        asked = Reply.WILL_ATTEND if invitee.reply == Reply.INVITED else ""
    return answer_page(
        request,
        invitee,
        via=Via.LINK,
        by=invitee.person,
        template="sessions/reply.html",
        context=lambda: {"notice": last_notice(sitting)},
        asked=asked,
    )
