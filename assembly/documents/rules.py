"""Rules on reading and publishing files: domain apps decide about their documents, nothing is granted by default."""

from typing import Any

from assembly.documents.models import Audience, Document, Rendition, Upload
from assembly.documents.registry import may_see_upload, renderers
from assembly.institution.models import TEAM_ROLES
from assembly.institution.rules import has_role, held_roles, is_team


def can_publish(user: Any, document: Document) -> bool:
    """Return whether the user is in the team of the document's term, for a public version."""
    if document.audience != Audience.PUBLIC:
        return False
    return is_team(user, document.term) if document.term else has_role(user, TEAM_ROLES)


def can_read_document(user: Any, document: Document) -> bool:
    """Return whether the document is published, or the owning app grants it to the user."""
    if document.published_revision_id is not None:
        return True
    renderer = renderers.get(document.kind)
    return renderer is not None and renderer.can_read(user, renderer.load(document.subject_id))


def can_read_rendition(user: Any, rendition: Rendition) -> bool:
    """Return whether the user requested it and still holds a role, or the owning app grants it."""
    if rendition.requested_by_id is not None and rendition.requested_by_id == user.pk and held_roles(user):
        return True
    renderer = renderers.get(rendition.kind)
    return renderer is not None and renderer.can_read(user, renderer.load(rendition.subject_id))


def can_read_upload(user: Any, upload: Upload) -> bool:
    """Return whether an app grants the file and it is neither withdrawn, in quarantine nor condemned."""
    return upload.is_available and may_see_upload(user, upload)


def can_await_upload(user: Any, upload: Upload) -> bool:
    """Return whether the user will read the file once the antivirus has judged it."""
    return upload.is_waiting and not upload.is_withdrawn and may_see_upload(user, upload)
