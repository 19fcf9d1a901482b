"""Views of « Sauvegardes »: request one, see the outcome of the requests. None can be downloaded here."""

from datetime import timedelta
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated
from assembly.portal import queries
from assembly.portal.actions import backups as actions
from assembly.portal.rules import can_run_service
from assembly.web.errors import StateConflict

OLD_AFTER = timedelta(days=7)  # a week of work can still be redone from papers and mails


@require_safe
def backup_list(request: UserRequest) -> HttpResponse:
    if not can_run_service(request.user):
        raise PermissionDenied
    if request.headers.get("HX-Request") != "true":
        return _page(request)
    if queries.backup_under_way():
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return _page(request, part="#living")


@require_POST
@recently_authenticated
def backup_ask(request: UserRequest) -> HttpResponse:
    try:
        actions.ask(by=request.user)
    except StateConflict:
        return _page(request, status=HTTPStatus.CONFLICT)
    messages.success(request, _("La sauvegarde est demandée. Vous pouvez quitter cette page."))
    return redirect("portal:backups")


def _page(request: UserRequest, status: int = HTTPStatus.OK, part: str = "") -> HttpResponse:
    last = queries.last_good_backup()
    context = {
        "backups": list(queries.latest_backups(request.user)),
        "under_way": queries.backup_under_way(),
        "last": last,
        "is_old": last is None or timezone.now() - last > OLD_AFTER,
        "old_after": OLD_AFTER.days,
        "most_backups": actions.MOST_BACKUPS,
        "retention_days": actions.RETENTION.days,
        "folder": settings.BACKUP_DIR,
        "refused": status == HTTPStatus.CONFLICT,
    }
    return render(request, f"portal/backup_list.html{part}", context, status=status)
