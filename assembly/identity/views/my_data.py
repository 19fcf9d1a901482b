"""« Mes données »: see what the house holds, take it away, ask that it be erased."""

import json

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assembly.audit.actions import record
from assembly.identity.actions import personal_data as actions
from assembly.identity.forms import ErasureForm
from assembly.identity.http import UserRequest
from assembly.identity.models import ErasureRequest
from assembly.identity.queries import held_about
from assembly.identity.reauthentication import recently_authenticated
from assembly.identity.workflows import ERASURE
from assembly.ui.idempotency import repeatable


@require_safe
def my_data(request: UserRequest) -> HttpResponse:
    person = request.user.person
    context = {
        "kinds": held_about(person),
        "asked": ErasureRequest.objects.filter(person=person).first(),
        "form": ErasureForm(),
    }
    return render(request, "identity/my_data.html", context)


@repeatable("a reading: it makes nothing but its line in the journal")
@require_POST
@recently_authenticated
@transaction.atomic
def my_data_export(request: UserRequest) -> HttpResponse:
    """Everything, as one JSON file."""
    body = json.dumps(actions.export(request.user.person), ensure_ascii=False, indent=2)
    record("personal_data.exported", request.user.person, by=request.user)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="mes-donnees-{timezone.localdate():%Y-%m-%d}.json"'
    return response


@require_POST
@recently_authenticated
def erasure_ask(request: UserRequest) -> HttpResponse:
    form = ErasureForm(request.POST)
    if form.is_valid():
        actions.ask_erasure(request.user.person, by=request.user, words=form.cleaned_data["words"])
        messages.success(request, _("Votre demande est notée. Vous aurez une réponse dans le mois."))
    return redirect("identity:my-data")


@require_POST
def erasure_withdraw(request: UserRequest, pk: int) -> HttpResponse:
    asked = get_object_or_404(ErasureRequest.objects.filter(person=request.user.person), pk=pk)
    ERASURE.transition(asked, "withdraw", by=request.user)
    messages.success(request, _("Votre demande est retirée."))
    return redirect("identity:my-data")
