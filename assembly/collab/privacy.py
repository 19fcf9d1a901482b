"""What texts written together hold about people: who wrote, proposed, commented."""

from django.utils.translation import gettext_lazy as _

from assembly.collab.models import Comment, SharedText, Snapshot, Suggestion, TextEvent, TextVersion, Thread, Update
from assembly.identity.privacy import impersonal, keep, personal

COLLECTIVE = _("texte collectif de l’assemblée, gardé sans votre nom")

personal(
    Update,
    name=_("Ce que vous avez écrit dans les textes communs"),
    owner="author__person",
    fields={
        "text": keep(COLLECTIVE),
        "seq": keep(COLLECTIVE),
        "data": keep(COLLECTIVE, exported=False),
        "at": keep(COLLECTIVE),
        "kind": keep(COLLECTIVE),
    },
)
personal(
    Suggestion,
    name=_("Vos propositions dans les textes communs"),
    owner="author__person",
    fields={
        "text": keep(COLLECTIVE),
        "mark_id": keep(COLLECTIVE, exported=False),
        "kind": keep(COLLECTIVE),
        "at": keep(COLLECTIVE),
        "state": keep(COLLECTIVE),
        "quote": keep(COLLECTIVE),
        "decided_by": keep(COLLECTIVE, exported=False),
        "decided_at": keep(COLLECTIVE),
        "reason": keep(COLLECTIVE),
    },
)
personal(
    Comment,
    name=_("Vos commentaires sur les textes communs"),
    owner="author__person",
    fields={"thread": keep(COLLECTIVE), "body": keep(COLLECTIVE), "at": keep(), "withdrawn_at": keep()},
)
personal(
    TextEvent,
    name=_("Ce qui vous a été annoncé sur les textes communs"),
    owner="user__person",
    rows_go=True,
    fields={
        "text": keep(),
        "kind": keep(),
        "suggestion": keep(exported=False),
        "comment": keep(exported=False),
        "key": keep(exported=False),
        "happened_at": keep(),
        "told_at": keep(),
        "dropped_at": keep(),
    },
)
# The others name people by key only, as acts of the institution: who opened a thread, who took a version.
impersonal(SharedText, Snapshot, TextVersion, Thread)
