"""Adapters of allauth: no sign-up, French mails, encrypted secrets, passkeys of this host."""

import base64
import hashlib
import logging
import secrets
from email.utils import make_msgid
from typing import Any
from urllib.parse import urlsplit

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from assembly.identity import attempts, sending
from assembly.identity.attempts import count_attempt, uncount_attempt
from assembly.identity.http import is_recent
from assembly.identity.second_factor import SECOND_FACTORS, holds_second_factor, needs_second_factor
from assembly.identity.sending import mailbox_of, signatory

log = logging.getLogger("assembly.identity")

LOGIN_CODE = "account/email/login_code"
KEY = "mfa_reauthenticate:webauthn"
UNKNOWN_ADDRESS = "account/email/unknown_account"


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: accounts are created by invitations and by `manage.py create_lead` only."""
        return False

    def is_reauthentication_required(self, *, app: str = "") -> bool:
        """Return whether the last proof is too old; allauth alone would not accept the sign-in itself."""
        return not is_recent(self.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return the methods with our labels; with a second factor only that one counts (or a recovery code).

        The passkey comes first for a person without code generator: recovery codes are for a lost device.
        """
        labels = {
            "reauthenticate": _("Avec votre mot de passe"),
            "mfa_reauthenticate": _("Avec un code de secours"),
            KEY: _("Avec votre clé d’accès"),
        }
        if user.is_authenticated and holds_second_factor(user):
            del labels["reauthenticate"]
        has_generator = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()
        if has_generator:
            labels["mfa_reauthenticate"] = _("Avec votre générateur de codes ou un code de secours")
        offered = [method for method in super().get_reauthentication_methods(user) if method["id"] in labels]
        methods = [{**method, "description": labels[method["id"]]} for method in offered]
        return methods if has_generator else sorted(methods, key=lambda method: method["id"] != KEY)

    def pre_login(self, request: HttpRequest, user: Any, *, email: str | None = None, **facts: Any) -> Any:
        """Refuse a code that was sent to an address with which the person no longer signs in."""
        if email and email.lower() != user.email:
            messages.error(request, _("Ce code n’est plus valable : votre adresse de connexion a changé."))
            raise ImmediateHttpResponse(redirect("account_login"))
        return super().pre_login(request, user, email=email, **facts)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Check a password after counting the attempt; sign-in and reauthentication both call this."""
        limits = attempts.guess_limits(request, "password", credentials.get("email", ""))
        count_attempt(limits)
        user = super().authenticate(request, **credentials)
        if user is not None:
            uncount_attempt(limits)
        return user

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> EmailMessage:
        """Add the assembly as signer and reply address, and mark the mail as written by a machine."""
        signer = signatory()
        message = super().render_mail(
            template_prefix,
            email,
            {**context, "assembly": signer},
            {
                "Message-ID": make_msgid(domain=urlsplit(settings.SITE_URL).hostname),
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "OOF, AutoReply",
                "Content-Language": "fr",
            },
        )
        if signer is not None:
            message.from_email, message.reply_to = mailbox_of(signer), [signer.reply_email]
        return message

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the mail now and send it after the response; a code does not go through the outbox.

        An unknown address costs the same work and gets nothing, but the relay is called as for a known one: neither
        the page nor its duration reveals which addresses have an account, nor does the state of the relay on the next
        page.
        """
        if not sending.has_free_slot():
            messages.error(
                self.request,
                _("Trop de courriels partent en même temps. Réessayez dans une minute, ou téléphonez à l’équipe."),
            )
            raise ImmediateHttpResponse(redirect(self.request.get_full_path()))
        if template_prefix == UNKNOWN_ADDRESS:
            message = self.render_mail(LOGIN_CODE, email, {**context, "code": self.generate_login_code()})
            message.to = []
        else:
            message = self.render_mail(template_prefix, email, context)
        sending.send_after_response(self.request, message)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send a notice about the account's protection; a failed mail must not undo the change it reports."""
        try:
            super().send_notification_mail(*args, **kwargs)
        except ImmediateHttpResponse:
            log.warning("account notice not sent")

    def generate_login_code(self) -> str:
        """Return six figures, to be read aloud on the telephone; `attempts.py` limits the guesses."""
        return f"{secrets.randbelow(1_000_000):06}"


def _locks() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"mfa:{key}".encode()).digest())) for key in keys]
    )


class MFAAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        """Encrypt the seeds of code generators, so that a copy of the database does not reveal them."""
        return _locks().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _locks().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        return segno.make(url, error="m").svg_inline(scale=5, border=4, dark="#1D1B22", light="#FFFFFF")

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return _("Clé d’accès nº %(number)s") % {
            "number": Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Return whether one may be removed: a person who must have a second factor keeps at least one."""
        if authenticator.type not in SECOND_FACTORS or not needs_second_factor(authenticator.user):
            return True
        factors = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=SECOND_FACTORS)
        return factors.exclude(pk=authenticator.pk).exists()
