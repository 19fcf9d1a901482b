"""The request of a view that is behind the sign-in."""

from django.http import HttpRequest

from assembly.identity.models import User


class UserRequest(HttpRequest):
    """`LoginRequiredMiddleware` has already let this one in: `user` is a real account."""

    user: User
