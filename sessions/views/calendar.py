"""Calendars for other programs: public, or secret and personal."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from assembly.identity.http import UserRequest
from assembly.institution.queries import main_assembly
from sessions.actions import calendar as actions
from sessions.models import CalendarFeed, Sitting
from sessions.rules import links
from sessions.sittings.queries.calendar import more_events, my_feed, public_feed, recent
from sessions.sittings.queries.sittings import my_sittings


def ics(content: bytes) -> HttpResponse:
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


@login_not_required
@require_safe
@cache_control(public=True, max_age=600)
def public_calendar(request: HttpRequest) -> HttpResponse:
    """Return the sittings announced to the public: day, hours, place."""
    assembly = main_assembly()
    rows = recent(Sitting.objects.public().filter(term__assembly=assembly).select_related("term__assembly"))
    return ics(public_feed(rows.for_screen(), assembly.name if assembly else _("Assemblée citoyenne")))


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
def my_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Return the sittings of the account of a secret address, by its present rights."""
    try:
        pk, version = links.read_calendar(token)
    except links.BadLink as error:
        raise Http404 from error
    feeds = CalendarFeed.objects.select_related("user__person").filter(is_open=True, user__is_active=True)
    feed = feeds.filter(pk=pk, version=version).first()
    if feed is None:
        raise Http404
    rows = recent(my_sittings(feed.user))
    return ics(my_feed(rows.for_screen(), _("Mes séances"), more_events(feed.user)))


@require_http_methods(["GET", "HEAD", "POST"])
def feed_settings(request: UserRequest) -> HttpResponse:
    """Open, renew or close one's own address."""
    if request.method == "POST":
        if request.POST.get("step") == "close":
            actions.close_feed(by=request.user)
            messages.success(request, _("L’adresse est fermée."))
        else:
            actions.open_feed(by=request.user)
            messages.success(request, _("Votre adresse est prête."))
        return redirect("sittings:feed")
    feed = CalendarFeed.objects.filter(user=request.user, is_open=True).first()
    address = reverse("sittings:my-calendar", args=[links.calendar_token(feed)]) if feed else ""
    return render(request, "sessions/sittings/feed.html", {"address": settings.SITE_URL + address if feed else ""})
