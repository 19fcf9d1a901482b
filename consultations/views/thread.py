"""The private thread of a referral, in the bureau and in the directorates' room."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.institution.rules import is_team
from consultations.actions import thread as actions
from consultations.forms.thread import MessageForm
from consultations.models import DirectorateReview, Referral, ThreadMessage
from consultations.models.referral import directorates_of
from consultations.queries.thread import messages_of, readers_of
from consultations.rules import thread as rules
from consultations.views.frame import frame
from consultations.views.reviews import UNPROCESSABLE, followed_referral


def parts(user: User, referral: Referral, form: MessageForm | None = None) -> dict[str, Any]:
    """What `consultations/thread_messages.html` shows."""
    may_post = rules.can_post(user, referral)
    readers = readers_of(referral)
    team = is_team(user, referral.term_id)
    lines = [
        {"message": message, "is_mine": message.author_id == user.pk, "may_withdraw": may_post}
        for message in messages_of(referral)
    ]
    return {
        "lines": lines,
        "readers": readers,
        "form": form or (MessageForm(readers=readers) if may_post else None),
        "thread_url": reverse(f"consultations:{'thread' if team else 'instruction-thread'}", args=[referral.pk]),
    }


def post(request: UserRequest, referral: Referral, back: str) -> MessageForm | HttpResponse:
    """Write a message, or give the form back with what is wrong."""
    form = MessageForm(request.POST, readers=readers_of(referral))
    if not form.is_valid():
        return form
    data = form.cleaned_data
    try:
        actions.post(referral, data["body"], mentions=data["mentions"], by=request.user)
    except ValidationError as refused:
        form.add_error("body", refused.messages)
        return form
    messages.success(request, _("Votre message est dans le fil."))
    return redirect(f"{back}#fil")


@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: UserRequest, pk: int) -> HttpResponse:
    """The tab of the bureau."""
    referral = followed_referral(request, pk)
    answer = post(request, referral, request.path) if request.method == "POST" else None
    if isinstance(answer, HttpResponse):
        return answer
    context = {**frame(request, referral, "thread"), "thread": parts(request.user, referral, answer)}
    return render(request, "consultations/thread.html", context, status=UNPROCESSABLE if answer else 200)


def own_referral(request: UserRequest, pk: int) -> Referral:
    """A referral in which the reader's directorate is named; anybody else's is 404."""
    referral = get_object_or_404(Referral.objects.visible_to(request.user).select_related("term"), pk=pk)
    if rules.own_directorate(request.user, referral) is None:
        raise PermissionDenied
    return referral


@require_http_methods(["GET", "HEAD", "POST"])
def instruction_thread(request: UserRequest, pk: int) -> HttpResponse:
    """The same words in the directorates' room."""
    referral = own_referral(request, pk)
    mine = DirectorateReview.objects.filter(referral=referral, directorate__in=directorates_of(request.user))
    latest = mine.order_by("-pk").first()
    page = reverse("consultations:instruction", args=[latest.pk]) if latest else request.path
    answer = post(request, referral, page) if request.method == "POST" else None
    if isinstance(answer, HttpResponse):
        return answer
    context = {"referral": referral, "review": latest, "thread": parts(request.user, referral, answer)}
    return render(request, "consultations/instruction_thread.html", context, status=UNPROCESSABLE if answer else 200)


@require_POST
def thread_withdraw(request: UserRequest, pk: int) -> HttpResponse:
    """Take back one's own message."""
    rows = ThreadMessage.objects.filter(author=request.user).select_related("referral")
    message = get_object_or_404(rows, pk=pk)
    actions.withdraw(message, by=request.user)
    messages.success(request, _("Votre message est retiré du fil."))
    team = is_team(request.user, message.referral.term_id)
    return redirect(f"consultations:{'thread' if team else 'instruction-thread'}", message.referral_id)
