"""View of allauth for the code of a sign-in, with our rate limits."""

from typing import Any

from allauth.account.views import ConfirmLoginCodeView
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from assembly.identity import attempts
from assembly.identity.actions.attempts import TooManyAttempts, count_attempt
from assembly.identity.models import User


class CountedLoginCodeView(ConfirmLoginCodeView):
    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if self._process.user is None:
            User.objects.filter(pk=0).first()  # allauth has read the account of a known address: equal time for both
        return kwargs if self._action == "resend" else {**kwargs, "challenge": self._process.state}

    def _resend_form_valid(self, form: Any) -> HttpResponse:
        """Send another mail to the same address, under the same limits, known or unknown."""
        try:
            count_attempt(attempts.mail_limits(self.request, "login-code", self._process.state["email"]))
        except TooManyAttempts as refused:
            messages.error(self.request, refused.message)
            return redirect(self.request.get_full_path())
        return super()._resend_form_valid(form)


confirm_login_code = CountedLoginCodeView.as_view()
