"""« Lu » mark on a paper of an open pack: set and removed by its reader, shown to nobody else, not in any log."""

from assembly.identity.models import User
from consultations.models import BriefingDocument, BriefingReadMark


def mark(document: BriefingDocument, *, is_read: bool, by: User) -> None:
    """Set the mark of `by`, or remove it; idempotent. The view has checked that the paper is among those they read."""
    if is_read:
        BriefingReadMark.objects.get_or_create(document=document, user=by)
    else:
        BriefingReadMark.objects.filter(document=document, user=by).delete()
