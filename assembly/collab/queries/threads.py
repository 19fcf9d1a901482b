"""Comment threads of a text, and the people that a comment may mention."""

from collections.abc import Collection

from django.db.models import Prefetch, QuerySet

from assembly.collab import registry
from assembly.collab.enums import TextRight
from assembly.collab.models import Comment, SharedText, Thread
from assembly.collab.queries.texts import readers_of
from assembly.identity.models import User
from assembly.institution.enums import DIRECTORATE_ROLES
from assembly.institution.models import Directorate, RoleAssignment


def threads_of(text: SharedText, granted_right: TextRight) -> QuerySet[Thread]:
    """Return the threads of a text with their comments, the oldest first; none without the right to read it."""
    if granted_right < TextRight.READ:
        return Thread.objects.none()
    comments = Comment.objects.select_related("author__person").for_screen()
    return (
        Thread.objects.filter(text=text)
        .select_related("opened_by__person", "assigned_to__person", "resolved_by__person", "directorate")
        .prefetch_related(Prefetch("comments", comments))
        .for_screen()
    )


def mentioned(text: SharedText, body: str, chosen: Collection[int] = ()) -> list[User]:
    """Return the readers of the text who were chosen, or whose name follows an « @ » in the comment."""
    folded = body.casefold()
    return [user for user in readers_of(text) if user.pk in chosen or f"@{user.get_full_name().casefold()}" in folded]


def agents_of(directorate: Directorate) -> list[User]:
    """Return the users who answer for a directorate today."""
    roles = RoleAssignment.objects.filter(directorate=directorate, role__in=DIRECTORATE_ROLES, ended_at=None)
    return list(User.objects.filter(pk__in=roles.values("user_id"), is_active=True).select_related("person"))


def readers_among(people: list[User], text: SharedText) -> list[User]:
    """Return those of these users who may read the text."""
    rights = registry.rights([text], [user.pk for user in people])
    return [user for user in people if rights[text.pk, user.pk] >= TextRight.READ]
