"""Views of « Mes données »: show what is stored, export it, request its erasure."""

import json
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assembly.audit.actions import record
from assembly.identity.actions import personal_data as actions
from assembly.identity.forms import ErasureForm
from assembly.identity.http import UserRequest
from assembly.identity.models import ErasureRequest, Person
from assembly.identity.queries import stored_about
from assembly.identity.reauthentication import recently_authenticated
from assembly.identity.workflow import ERASURE
from assembly.web.form_page import form_page
from assembly.web.idempotency import repeatable


@require_safe
def my_data(request: UserRequest) -> HttpResponse:
    return render(request, "identity/my_data.html", {"form": ErasureForm(), **_data_context(request.user.person)})


def _data_context(person: Person) -> dict[str, Any]:
    return {"kinds": stored_about(person), "asked": ErasureRequest.objects.filter(person=person).first()}


@repeatable("a reading: it makes nothing but its line in the journal")
@require_POST
@recently_authenticated
@transaction.atomic
def my_data_export(request: UserRequest) -> HttpResponse:
    """Export everything as one JSON file."""
    body = json.dumps(actions.export(request.user.person), ensure_ascii=False, indent=2)
    record("personal_data.exported", request.user.person, by=request.user)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="mes-donnees-{timezone.localdate():%Y-%m-%d}.json"'
    return response


@require_POST
@recently_authenticated
def erasure_ask(request: UserRequest) -> HttpResponse:
    person = request.user.person
    return form_page(
        request,
        ErasureForm(request.POST),
        lambda data: actions.ask_erasure(person, by=request.user, **data),
        template="identity/my_data.html",
        context=lambda: _data_context(person),
        success_message=_("Votre demande est notée. Vous aurez une réponse dans le mois."),
        to=reverse("identity:my-data"),
    )


@require_POST
def erasure_withdraw(request: UserRequest, pk: int) -> HttpResponse:
    asked = get_object_or_404(ErasureRequest.objects.filter(person=request.user.person), pk=pk)
    ERASURE.transition(asked, "withdraw", by=request.user)
    messages.success(request, _("Votre demande est retirée."))
    return redirect("identity:my-data")
