"""Amendments outside the back office: booklet and amended text for members, results for everybody."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assembly.identity.http import UserRequest
from assembly.speed.page_cache import public_page
from opinions.amendments import queries
from opinions.amendments.views.desk import booklet_page, next_text_page
from opinions.models import Opinion
from opinions.queries.opinions import everybody
from opinions.views.amendments.member import member_opinion


@require_safe
def member_booklet(request: UserRequest, pk: int) -> HttpResponse:
    """Show the booklet to print, for a member."""
    return booklet_page(request, member_opinion(request, pk), reverse("opinions:my-amendments", args=[pk]))


@require_safe
def member_next_text(request: UserRequest, pk: int) -> HttpResponse:
    """Show the text with the adopted amendments, for a member."""
    return next_text_page(request, member_opinion(request, pk), "opinions/amendments/member_amended_text.html")


@login_not_required
@require_safe
@public_page
def public_list(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what was proposed and what became of it, without the names of members."""
    opinion = get_object_or_404(Opinion.objects.public(), reference=reference)
    version = queries.base_version(opinion)
    rows = queries.without_names(queries.booklet(version), everybody(opinion)) if version else []
    return render(request, "opinions/amendments/public_list.html", {"opinion": opinion, "rows": rows})
