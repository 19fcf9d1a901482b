"""One address, two bytes."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def bare(request: HttpRequest) -> HttpResponse:
    """Answer « ok »."""
    return HttpResponse(b"ok")


urlpatterns = [path("", bare)]
