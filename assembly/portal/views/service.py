"""Views of the health: /sante/ for machines, « État du service » for people."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from kombu.exceptions import OperationalError as BrokerError

from assembly.identity.http import UserRequest
from assembly.jobs.models import FailedJob
from assembly.portal import health
from assembly.portal.actions import jobs as actions
from assembly.portal.rules import can_run_service
from assembly.portal.service_lines import service_lines


@require_safe
@login_not_required
@never_cache
def health_json(request: HttpRequest) -> JsonResponse:
    answers = health.probe_services()
    alive = all(answers.values())
    return JsonResponse({"status": "ok" if alive else "down", **answers}, status=200 if alive else 503)


@require_safe
def state(request: UserRequest) -> HttpResponse:
    if not can_run_service(request.user):
        raise PermissionDenied
    context = {"lines": service_lines(), "queues": health.queues(), "failed": health.failed_jobs()}
    return render(request, "portal/service_state.html", context)


@require_POST
def job_retry(request: UserRequest, pk: int) -> HttpResponse:
    if not can_run_service(request.user):
        raise PermissionDenied
    try:
        actions.retry_job(get_object_or_404(FailedJob, pk=pk), by=request.user)
    except BrokerError:
        messages.error(request, _("La file des travaux ne répond pas : rien n’est relancé. Réessayez dans un moment."))
    else:
        messages.success(request, _("Le travail est relancé. Son résultat se voit ici dans une minute."))
    return redirect("portal:service-state")
