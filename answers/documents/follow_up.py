"""Access to the documents and photos of updates."""

from typing import Any

from django.db.models import Q

from answers.models import FollowUp, ProgressUpdate
from assembly.documents.models import Upload


def proof_is_visible(user: Any, upload: Upload) -> bool:
    """Return whether the user may read a document or a photo of an update.

    Anybody may, next to the published opinion, while the update is not withdrawn; whoever works on the case always
    may.
    """
    rows = ProgressUpdate.objects.filter(Q(document=upload) | Q(photo=upload))
    published = Q(follow_up__case__recommendation__opinion__published_at__isnull=False) | Q(
        follow_up__case__whole_of__published_at__isnull=False
    )
    return (
        rows.not_withdrawn().filter(published).exists()
        or rows.filter(follow_up__in=FollowUp.objects.visible_to(user).values("pk")).exists()
    )
