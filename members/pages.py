"""Look-ups of the mandate and of the member of a page, which the views of all features share."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from assembly.identity.http import UserRequest
from assembly.institution.models import Term
from assembly.institution.pages import working_term
from members import rules
from members.members.queries import member_of, with_pending_name
from members.models import Mandate, Member


def mandate_for(request: UserRequest, pk: int) -> Mandate:
    """Return the mandate, for the team of its term; for others it is 404."""
    rows = with_pending_name(Mandate.objects.visible_to(request.user))
    rows = rows.select_related("member__person", "member__canton", "seat", "term", "alumni_consent")
    mandate = get_object_or_404(rows, pk=pk)
    if not rules.can_see_private(request.user, mandate.term):
        raise PermissionDenied
    return mandate


def page_of(mandate: Mandate) -> str:
    return reverse("members:member-page", args=[mandate.pk])


def my_membership(request: UserRequest) -> tuple[Term, Member]:
    """Return the term and the member row of the reader. Raise Http404 without one."""
    term = working_term(request, rules.can_see_public_directory)
    member = member_of(request.user)
    if member is None:
        raise Http404
    return term, member
