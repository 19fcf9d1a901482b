"""Paper sheets for a sitting."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Rendition
from assembly.identity.models import User
from sessions.models import Sitting
from sessions.sittings import rules

SIGN_IN_KIND, BADGES_KIND = "sign-in-sheet", "badges"


@transaction.atomic
def request_sheet(sitting: Sitting, kind: str, *, by: User) -> Rendition:
    """Request the PDF of the sign-in sheet for the entrance, or of the badges."""
    if not rules.can_see_desk(by, sitting):
        raise PermissionDenied
    return request_rendition(sitting, kind, by=by)
