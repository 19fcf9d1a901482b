"""The opinion of an address for the reader of each area: 404 if not visible, 403 if visible in another area only."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from assembly.identity.http import UserRequest
from assembly.institution.rules import is_team
from opinions.amendments.queries import dossier
from opinions.models import Amendment, Opinion
from opinions.queries.opinions import visible_opinion
from opinions.rules import opinions as rules


def desk_opinion(request: UserRequest, pk: int) -> Opinion:
    """Return the opinion for the back office; raise PermissionDenied if it is visible in another area only."""
    opinion = visible_opinion(request.user, pk)
    if not rules.can_see_desk(request.user, opinion.term_id):
        raise PermissionDenied
    return opinion


def team_opinion(request: UserRequest, pk: int) -> Opinion:
    """Return the opinion for the back office, for the team only."""
    opinion = desk_opinion(request, pk)
    if not is_team(request.user, opinion.term_id):
        raise PermissionDenied
    return opinion


def desk_amendment(request: UserRequest, pk: int) -> Amendment:
    """Return one amendment for the back office."""
    amendment = get_object_or_404(dossier(request.user), pk=pk)
    if not rules.can_see_desk(request.user, amendment.opinion.term_id):
        raise PermissionDenied
    return amendment
