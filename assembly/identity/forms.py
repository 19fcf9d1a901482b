"""Forms of the account pages: allauth's own, with our labels and without placeholders."""

from typing import Any

from allauth.account import forms as account
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from assembly.identity import attempts
from assembly.identity.attempts import Limit, TooManyAttempts, count_attempt, uncount_attempt
from assembly.identity.models import User
from assembly.web.forms import StyledForm

LABELS = {
    "login": _("Adresse électronique"),
    "email": _("Adresse électronique"),
    "password": _("Mot de passe"),
    "oldpassword": _("Mot de passe actuel"),
    "password1": _("Nouveau mot de passe"),
    "password2": _("Le même, encore une fois"),
    "code": _("Code à six chiffres"),
    "name": _("Nom de cette clé"),
}


class PlainLabels:
    """Mixin with labels above the fields; placeholders vanish while one types, so there are none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]  # -- provided by Form
            field.label = LABELS.get(name, field.label)
            field.help_text = ""
            field.widget.attrs.pop("placeholder", None)
            if name == "code":
                field.widget.attrs["inputmode"] = "numeric"


class LoginForm(PlainLabels, account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)


class RequestLoginCodeForm(PlainLabels, account.RequestLoginCodeForm):
    def clean_email(self) -> str:
        """Check the network's limit first (allauth's), then the limit of the address, known or not."""
        email = super().clean_email()
        count_attempt(attempts.mail_limits(context.request, "login-code", email))
        return email


class CountedCode(PlainLabels):
    """Form for a code that proves an identity: the attempt is counted in the database, then checked."""

    def limits(self) -> list[Limit]:
        raise NotImplementedError

    def clean_code(self) -> str:
        limits = self.limits()
        count_attempt(limits)
        code = super().clean_code()  # type: ignore[misc]  # -- provided by allauth's form
        uncount_attempt(limits)
        return code


class ConfirmLoginCodeForm(CountedCode, account.ConfirmLoginCodeForm):
    """Form for the code of a sign-in. `challenge`: what the session stores of the code sent (`email`, `at`)."""

    def __init__(self, *args: Any, challenge: dict[str, Any], **kwargs: Any) -> None:
        self.challenge = challenge
        super().__init__(*args, **kwargs)

    def limits(self) -> list[Limit]:
        email, sent_at = self.challenge["email"], str(self.challenge["at"])
        return attempts.guess_limits(context.request, "login-code", email, sent_at)


class ReauthenticateForm(PlainLabels, account.ReauthenticateForm):
    pass


class ChangePasswordForm(PlainLabels, account.ChangePasswordForm):
    def clean_oldpassword(self) -> str:
        """Count the attempt, so that a person at an open session cannot try passwords here without limit."""
        limits = attempts.guess_limits(context.request, "password", self.user.email)
        count_attempt(limits)
        password = super().clean_oldpassword()
        uncount_attempt(limits)
        return password


class SetPasswordForm(PlainLabels, account.SetPasswordForm):
    pass


class ResetPasswordForm(PlainLabels, account.ResetPasswordForm):
    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Check the limit of the address, known or not; allauth's view has checked that of the network."""
        try:
            count_attempt(attempts.mail_limits(request, "password-reset", self.cleaned_data["email"]))
        except TooManyAttempts as refused:
            messages.error(request, refused.message)
            raise ImmediateHttpResponse(redirect(request.get_full_path())) from refused
        return super().save(request, **kwargs)


class ResetPasswordKeyForm(PlainLabels, account.ResetPasswordKeyForm):
    pass


class CountedProof(CountedCode):
    """Form for a code of a generator or a recovery code, at sign-in and at a reauthentication: one count for both."""

    user: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = set(Authenticator.objects.filter(user=self.user).values_list("type", flat=True))
        self.has_generator = Authenticator.Type.TOTP in kinds
        self.has_passkey = Authenticator.Type.WEBAUTHN in kinds
        if not self.has_generator:
            self.fields["code"].label = _("Code de secours")  # type: ignore[attr-defined]  # -- provided by Form

    def limits(self) -> list[Limit]:
        return attempts.guess_limits(context.request, "second-proof", self.user.email)


class SecondProofForm(CountedProof, mfa.AuthenticateForm):
    pass


class SecondProofAgainForm(CountedProof, mfa.ReauthenticateForm):
    pass


class CodeGeneratorForm(PlainLabels, ActivateTOTPForm):
    pass


class CredentialField(forms.JSONField):
    """Field for the browser's answer of a passkey; Python's limits of numbers and depth raise ValidationError too."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as error:  # a number of 10,000 digits is no JSONDecodeError
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return the initial value: an answer is valid once and is never shown again."""
        return initial


class PasskeyAnswer(forms.Form):
    """Form for the answer of a passkey; allauth accepts any shape, and an exception from it means a wrong answer."""

    credential = CredentialField(widget=forms.HiddenInput)

    def full_clean(self) -> None:
        try:
            super().full_clean()
        except (ValueError, TypeError, LookupError, AttributeError):
            self.add_error(None, _("Cette clé n’a pas été reconnue. Recommencez."))


class PasskeyLoginForm(PasskeyAnswer, LoginWebAuthnForm):
    pass


class PasskeyProofForm(PasskeyAnswer, AuthenticateWebAuthnForm):
    pass


class PasskeyAgainForm(PasskeyAnswer, ReauthenticateWebAuthnForm):
    pass


class PasskeyForm(PlainLabels, PasskeyAnswer, AddWebAuthnForm):
    """Form for a new key: always a passkey with user verification, so allauth's choice is fixed here."""

    # allauth's script reads `checked`: so an invisible checkbox, not a hidden input.
    passwordless = forms.BooleanField(initial=True, widget=forms.CheckboxInput(attrs={"hidden": True}))


class MailCodeForm(StyledForm):
    """Form for the six figures received by mail."""

    code = forms.CharField(
        label=_("Code reçu par courriel"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split())


class ErasureForm(StyledForm):
    """Form for a comment of the person on the erasure request."""

    statement = forms.CharField(
        label=_("Voulez-vous préciser quelque chose ?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
