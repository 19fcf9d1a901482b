"""The page of the sittings announced to the public."""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assembly.institution.queries import main_assembly
from assembly.ui.page_cache import public_page
from assembly.ui.pagination import keyset_page
from sessions.models import Sitting
from sessions.queries.sittings import NEAREST, coming, over

YEAR = timedelta(days=366)


@login_not_required
@require_safe
@public_page
def public_list(request: HttpRequest) -> HttpResponse:
    """What is to come, then a year back: titles, days and places only."""
    announced = Sitting.objects.public().filter(term__assembly=main_assembly())
    past = over(announced).filter(ends_at__gte=timezone.now() - YEAR, starts_at__lte=timezone.now())
    upcoming = list(coming(announced).for_screen()[: NEAREST + 1])
    page = keyset_page(past.for_screen(), request, ordering=("-starts_at",))
    context = {"upcoming": upcoming[:NEAREST], "has_more": len(upcoming) > NEAREST}
    context |= {"page": page, "count": past.count()}
    return render(request, "sessions/public_list.html", context)
