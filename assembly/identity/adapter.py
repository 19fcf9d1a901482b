"""How allauth behaves here: nobody signs up, mails are French, secrets are encrypted, passkeys belong to this host."""

import base64
import hashlib
import logging
import secrets
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from assembly.identity.reauthentication import SECOND_FACTORS, holds_second_factor, is_recent
from assembly.identity.senders import from_address
from assembly.identity.standing import must_be_strong

log = logging.getLogger("assembly.identity")


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are born of invitations and of `manage.py create_lead` only."""
        return False

    def is_reauthentication_required(self, *, app: str = "") -> bool:
        """A sign-in of a few minutes ago is proof enough; allauth alone would ask again at once."""
        return not is_recent(self.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Whoever holds a second factor confirms by it (or by a recovery code); allauth turns the other pages away."""
        methods = super().get_reauthentication_methods(user)
        if user.is_authenticated and holds_second_factor(user):
            return [method for method in methods if method["id"] != "reauthenticate"]
        return methods

    def pre_login(self, request: HttpRequest, user: Any, *, email: str | None = None, **facts: Any) -> Any:
        """A code that was sent to an address the person no longer signs in with opens nothing."""
        if email and email.lower() != user.email:
            messages.error(request, _("Ce code ne vaut plus : votre adresse de connexion a changé."))
            raise ImmediateHttpResponse(redirect("account_login"))
        return super().pre_login(request, user, email=email, **facts)

    def get_from_email(self) -> str:
        return from_address()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send at once: a code does not wait in the outbox. A relay that is down is said, and is no error page."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:  # smtplib's errors are OSError
            log.error("sign-in mail not sent", exc_info=error)
            messages.error(
                self.request,
                _("Le courriel n’a pas pu partir. Réessayez dans quelques minutes, ou téléphonez à l’équipe."),
            )
            raise ImmediateHttpResponse(redirect(self.request.get_full_path())) from error

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """News of the account's own protection; a mail that does not leave must not undo the change it tells."""
        try:
            super().send_notification_mail(*args, **kwargs)
        except ImmediateHttpResponse:
            log.warning("account notice not sent")

    def generate_login_code(self) -> str:
        """Six figures: they are read aloud on the telephone, and five tries in ten minutes cannot guess them."""
        return f"{secrets.randbelow(1_000_000):06}"


def _locks() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"mfa:{key}".encode()).digest())) for key in keys]
    )


class MFAAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        """Seeds of code generators are not readable in a copy of the database."""
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
        """Who must hold a second factor keeps at least one."""
        if authenticator.type not in SECOND_FACTORS or not must_be_strong(authenticator.user):
            return True
        held = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=SECOND_FACTORS)
        return held.exclude(pk=authenticator.pk).exists()
