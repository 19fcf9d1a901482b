"""Webhook of the mail provider: django-anymail checks the shared secret and the signature, and parses the events."""

from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from anymail.webhooks.mailjet import MailjetTrackingWebhookView
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from assembly.web.idempotency import repeatable

PROVIDERS = {
    "brevo": BrevoTrackingWebhookView,
    "mailgun": MailgunTrackingWebhookView,
    "mailjet": MailjetTrackingWebhookView,
    "postmark": PostmarkTrackingWebhookView,
}


@repeatable("the provider has no key; each event is told apart by its own identity")
@csrf_exempt
@login_not_required
@require_POST
def mail_webhook(request: HttpRequest, provider: str) -> HttpResponse:
    """Pass events to the provider in the settings; 404 for any other one, 403 without a secret."""
    if provider != settings.MAIL_PROVIDER:
        raise Http404
    if not settings.ANYMAIL.get("WEBHOOK_SECRET"):  # anymail would then accept any client
        raise PermissionDenied
    return PROVIDERS[provider].as_view()(request)
