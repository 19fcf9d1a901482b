"""The opinion of an address, for the reader of each room: unseen is 404, seen in another room only is 403."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from assembly.identity.http import UserRequest
from assembly.institution.rules import is_team
from opinions.models import Amendment, Opinion
from opinions.queries.amendments import dossier as dossier_of_amendment
from opinions.queries.opinions import dossier
from opinions.rules import opinions as rules


def seen_opinion(request: UserRequest, pk: int) -> Opinion:
    """The opinion, for any room: unseen is 404."""
    try:
        return dossier(request.user, pk)
    except Opinion.DoesNotExist:
        raise Http404 from None


def desk_opinion(request: UserRequest, pk: int) -> Opinion:
    """The opinion, for the bureau: unseen is 404, seen in another room only is 403."""
    opinion = seen_opinion(request, pk)
    if not rules.can_see_desk(request.user, opinion.term_id):
        raise PermissionDenied
    return opinion


def team_opinion(request: UserRequest, pk: int) -> Opinion:
    """The same, for the team only."""
    opinion = desk_opinion(request, pk)
    if not is_team(request.user, opinion.term_id):
        raise PermissionDenied
    return opinion


def desk_amendment(request: UserRequest, pk: int) -> Amendment:
    """One amendment, for the bureau."""
    amendment = get_object_or_404(dossier_of_amendment(request.user), pk=pk)
    if not rules.can_see_desk(request.user, amendment.opinion.term_id):
        raise PermissionDenied
    return amendment
