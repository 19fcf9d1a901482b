"""The personal link: an answer without signing in. Reading it writes nothing."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assembly.ui.form_page import form_page
from assembly.ui.forms import posted
from sessions.actions import answers as actions
from sessions.enums import Reply, Via
from sessions.forms.answers import AnswerForm
from sessions.models import Invitee
from sessions.queries.notices import last_notice
from sessions.rules import links

DONE = "repondu"


def invitee_behind(token: str) -> Invitee | None:
    """The invitee of a link that is ours, still alive, for a person still asked to come."""
    try:
        public_id, version = links.read_reply(token)
    except links.BadLink:
        return None
    found = Invitee.objects.select_related("person", "sitting__term__assembly").filter(public_id=public_id).first()
    return found if found and links.is_alive(found, version) else None


def initial_of(invitee: Invitee, asked: str) -> dict[str, object]:
    """What was answered before; a button of the mail chooses beforehand, and nothing more."""
    values = {name: getattr(invitee, name) for name in actions.LOGISTICS}
    known = "" if invitee.reply == Reply.INVITED else invitee.reply
    choices = (Reply.WILL_ATTEND, Reply.WILL_NOT, Reply.MAYBE)
    return values | {"reply": asked if asked in choices else known}


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
    initial = initial_of(invitee, request.GET.get("reponse", ""))
    return form_page(
        request,
        AnswerForm(posted(request), sitting=sitting, initial=initial),
        lambda data: actions.reply(invitee, via=Via.LINK, by=invitee.person, **data),
        template="sessions/reply.html",
        context=lambda: {
            "invitee": invitee,
            "sitting": sitting,
            "notice": last_notice(sitting),
            "is_done": DONE in request.GET,
        },
        to=f"{request.path}?{DONE}=1",
    )
