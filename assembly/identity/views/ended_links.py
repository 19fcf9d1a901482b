"""Page of an expired personal link: it offers a new one, by mail, and does not reveal whether one was sent."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def ended_page(request: HttpRequest, renew_url: str, *, is_sent: bool = False) -> HttpResponse:
    """Offer a new link at `renew_url`, or name the contact without one. `is_sent`: the link was requested."""
    context = {"renew_url": renew_url, "is_sent": is_sent}
    status = HTTPStatus.OK if is_sent else HTTPStatus.GONE
    return render(request, "identity/link_ended.html", context, status=status)
