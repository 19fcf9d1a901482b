"""Request of a seal that also publishes the document: the response to the click of the lead."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise

from assembly.documents.models import Rendition
from assembly.identity.http import UserRequest


def ask_for_seal(
    request: UserRequest, ask: Callable[[], Rendition], *, page: str, success_message: str | Promise
) -> HttpResponse:
    """Request the seal with `ask`, and show the reason on `page` if it is refused.

    A document that has its seal already is published at once, with the message `done`.
    """
    try:
        job = ask()
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
        return redirect(page)
    if not job.is_ready:
        return redirect("documents:rendition-progress", job.public_id)
    messages.success(request, str(success_message))
    return redirect(page)
