"""Mailbox of a developer's machine: a backend that stores every message, none is sent, and the pages /boite-mail/.

They show unsent mail as its reader would see it, and exist nowhere else.
"""

from collections.abc import Callable, Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage as PythonMessage
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from assembly.notifications.models import LocalMessage
from assembly.web.forms import ListFilter
from assembly.web.pagination import keyset_page


class MailboxBackend(BaseEmailBackend):
    """Backend that stores the bytes that a mail server would have taken."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        rows = [self._row_of(message) for message in email_messages if message.recipients()]
        LocalMessage.objects.bulk_create(rows)
        return len(rows)

    def _row_of(self, email_message: EmailMessage) -> LocalMessage:
        message = email_message.message(policy=policy.SMTP)
        return LocalMessage(
            message_id=message["Message-ID"],
            sender=str(message["From"]),
            recipients=", ".join(email_message.recipients()),
            subject=str(message["Subject"]),
            raw=message.as_bytes(),
        )


class RecipientFilter(ListFilter):
    """Filter by a name or an address, in the mailbox of a developer's machine."""

    a = forms.CharField(label=_("Destinataire ou objet"), required=False, max_length=100)


SANDBOX = "allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
AS_A_MAIL_PROGRAM: dict[str, list[str]] = {
    "sandbox": SANDBOX.split(),
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "img-src": ["data:"],
    "frame-ancestors": [CSP.SELF],
    "base-uri": [CSP.SELF],
}


def local_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Raise Http404 on a server, where this page does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.LOCAL:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@login_not_required
@require_safe
@local_only
def mailbox_list(request: HttpRequest) -> HttpResponse:
    form = RecipientFilter(request.GET)
    rows = LocalMessage.objects.defer("raw")
    if form.is_valid() and (asked := form.cleaned_data["a"]):
        rows = rows.filter(Q(recipients__icontains=asked) | Q(subject__icontains=asked))
    page = keyset_page(rows, request, ordering=("-pk",))
    context = {"form": form, "page": page, "count": rows.count()}
    return render(request, "notifications/mailbox_list.html", context)


@login_not_required
@require_safe
@local_only
def mailbox_message(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(LocalMessage, pk=pk)
    message = parse_message(row)
    text = message.get_body(("plain",))
    context = {
        "message": row,
        "text": text.get_content() if text else "",
        "has_html": message.get_body(("html",)) is not None,
        "files": [part.get_filename() for part in message.iter_attachments()],
    }
    return render(request, "notifications/mailbox_message.html", context)


@login_not_required
@require_safe
@local_only
@csp_override(AS_A_MAIL_PROGRAM)
@xframe_options_sameorigin
def mailbox_html(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the HTML alone, in a sandbox; its links open in the whole window, as from a mail program."""
    body = parse_message(get_object_or_404(LocalMessage, pk=pk)).get_body(("html",))
    if body is None:
        raise Http404
    return HttpResponse(body.get_content().replace("<head>", '<head><base target="_top">', 1))


@login_not_required
@require_safe
@local_only
def mailbox_file(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    parts = list(parse_message(get_object_or_404(LocalMessage, pk=pk)).iter_attachments())
    if number >= len(parts):
        raise Http404
    content = parts[number].get_content()
    response = HttpResponse(
        content if isinstance(content, bytes) else str(content).encode(), content_type="application/octet-stream"
    )
    name = "".join(sign for sign in parts[number].get_filename() or "piece" if sign.isalnum() or sign in "-_.")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


def parse_message(message: LocalMessage) -> PythonMessage:
    return message_from_bytes(bytes(message.raw), policy=policy.default)
