"""The one view of the bare project, which returns two bytes."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def bare(request: HttpRequest) -> HttpResponse:
    """Return « ok »."""
    return HttpResponse(b"ok")


urlpatterns = [path("", bare)]
