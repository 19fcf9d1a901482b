"""« Lu » on a paper of an open pack: put and taken away by its reader, told to nobody, in no journal."""

from assembly.identity.models import User
from consultations.models import BriefingDocument, BriefingReadMark


def mark(document: BriefingDocument, *, is_read: bool, by: User) -> None:
    """Leave the mark, or none; asked twice, it is there once. The view has found the paper among those they read."""
    if is_read:
        BriefingReadMark.objects.get_or_create(document=document, user=by)
    else:
        BriefingReadMark.objects.filter(document=document, user=by).delete()
