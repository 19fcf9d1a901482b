"""What may still become of words that came too late for a text."""

from dataclasses import dataclass
from typing import Any

from assembly.collab import registry, rules
from assembly.collab.models import SharedText
from assembly.collab.registry import Later


@dataclass(frozen=True)
class Ways:
    """`comment_in` is the text where they may be said as a comment: this one, or the one that took its place."""

    text: SharedText
    comment_in: SharedText | None
    later: Later

    @property
    def is_elsewhere(self) -> bool:
        return self.comment_in is not None and self.comment_in.pk != self.text.pk


def ways(text: SharedText, user: Any) -> Ways:
    """The ways open to `user` now. The caller has checked that the text may be read."""
    later = registry.later(text, user)
    places = [text, later.text] if later.text is not None else [text]
    return Ways(text, next((place for place in places if rules.can_comment(user, place)), None), later)
