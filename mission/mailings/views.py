"""Views of the links in mails: agree to be on a list, leave it. GET writes nothing, because programs open links."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from assembly.web.idempotency import repeatable
from mission.mailings import actions
from mission.mailings.models import ListSubscriber
from mission.mailings.rules import JOIN, LEAVE, may_still_join, named_by


@repeatable("agreeing twice is agreeing")
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def list_join(request: HttpRequest, token: str) -> HttpResponse:
    public_id = named_by(JOIN, token)
    row = ListSubscriber.objects.select_related("row").filter(public_id=public_id).first() if public_id else None
    if public_id is None or row is None or not may_still_join(row, timezone.now()):
        return render(request, "mission/mailings/join.html", {"is_dead": True}, status=404)
    if request.method == "POST":
        actions.join_list(public_id)
    context = {"list": row.row, "is_done": request.method == "POST" or row.confirmed_at is not None}
    return render(request, "mission/mailings/join.html", context)


@repeatable("RFC 8058: a mail program posts it without a page; leaving twice is leaving")
@csrf_exempt  # RFC 8058: the mail program posts without having opened the page; the token alone gives the right
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def list_leave(request: HttpRequest, token: str) -> HttpResponse:
    """Leave this list by one click in the mail program; the page also offers to leave all lists."""
    public_id = named_by(LEAVE, token)
    if public_id is None:
        return render(request, "mission/mailings/leave.html", {"is_dead": True}, status=404)
    if request.method == "POST":
        actions.leave_list(public_id, every=bool(request.POST.get("toutes")))
        return render(request, "mission/mailings/leave.html", {"is_done": True})
    subscriber = ListSubscriber.objects.select_related("person", "row").filter(public_id=public_id).first()
    return render(request, "mission/mailings/leave.html", still_on(subscriber))


def still_on(subscriber: ListSubscriber | None) -> dict[str, Any]:
    """Return this list and the number of others with the same address; only `is_done` after a withdrawal."""
    if subscriber is None:
        return {"is_done": True}
    same = {"person__email__iexact": subscriber.person.email, "row__assembly": subscriber.row.assembly_id}
    return {
        "list": subscriber.row,
        "others": ListSubscriber.objects.filter(**same).exclude(row=subscriber.row_id).count(),
    }
