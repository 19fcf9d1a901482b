"""Audiences of the search, and pages of links that open nothing any more."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from assembly.identity.views import ended_page

DESK, PUBLIC = "desk", "public"


def dead_link(request: HttpRequest) -> HttpResponse:
    return render(request, "draws/candidates/dead_link.html", status=HTTPStatus.NOT_FOUND)


def ended_link(request: HttpRequest, token: str) -> HttpResponse:
    """Return the same page for an erased candidature, for another address, and for an expired link."""
    return ended_page(request, reverse("draws:link-renew", args=[token]))
