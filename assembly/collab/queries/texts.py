"""The content of a text, now or after any of its rows."""

from typing import Any
from uuid import UUID

from django.http import Http404
from pycrdt import Doc

from assembly.collab import registry, rules
from assembly.collab.document import reading
from assembly.collab.engine.copy import load
from assembly.collab.enums import TextRight
from assembly.collab.models import SharedText
from assembly.identity.models import User
from assembly.institution.models import RoleAssignment


def document_at(text: SharedText, seq: int | None = None) -> Doc[Any]:
    """Return the document after row `seq` (the newest without one), as a new copy."""
    return load(text.pk, seq=seq).doc


def tree_of(text: SharedText, seq: int | None = None) -> dict[str, Any]:
    """Return the tree of the document after row `seq`."""
    return reading.tree(document_at(text, seq))


def readable_text_or_404(user: Any, public_id: UUID | str) -> SharedText:
    """Return the text of that address; raises Http404 when the user may not read it, as if there were none."""
    text = (
        SharedText.objects.select_related("assembly").defer("assembly__logo_png").filter(public_id=public_id).first()
    )
    if text is None or not rules.can_read(user, text):
        raise Http404
    return text


def readers_of(text: SharedText, at_least: TextRight = TextRight.READ) -> list[User]:
    """Return the users of the assembly with at least this right in the text, by name."""
    roles = RoleAssignment.objects.filter(assembly_id=text.assembly_id, ended_at=None)
    people = list(
        User.objects.filter(pk__in=roles.values("user_id"), is_active=True)
        .select_related("person")
        .order_by("person__sort_name", "pk")
    )
    rights = registry.rights([text], [user.pk for user in people])
    return [user for user in people if rights[text.pk, user.pk] >= at_least]
