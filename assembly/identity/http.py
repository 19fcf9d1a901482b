"""Request type of a view behind the sign-in."""

from django.http import HttpRequest

from assembly.identity.models import User


class UserRequest(HttpRequest):
    """Request that `LoginRequiredMiddleware` has accepted: `user` is a real account."""

    user: User
