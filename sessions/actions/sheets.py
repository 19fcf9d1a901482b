"""Sheets of paper for a sitting."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Rendition
from assembly.identity.models import User
from sessions.models import Sitting
from sessions.rules import sittings as rules

SIGN_IN_KIND = "sign-in-sheet"


@transaction.atomic
def ask_sign_in_sheet(sitting: Sitting, *, by: User) -> Rendition:
    """Ask for the sheet that lies on the table at the entrance."""
    if not rules.can_see_desk(by, sitting):
        raise PermissionDenied
    return request_rendition(sitting, SIGN_IN_KIND, by=by)
