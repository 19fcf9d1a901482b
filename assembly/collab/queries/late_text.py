"""What may still become of words that came too late for a text."""

from dataclasses import dataclass
from typing import Any

from assembly.collab import registry, rules
from assembly.collab.models import SharedText
from assembly.collab.registry import LateTextOptions


@dataclass(frozen=True)
class LateTextPlaces:
    """`comment_in` is the text where they may be said as a comment: this one, or the one that took its place."""

    text: SharedText
    comment_in: SharedText | None
    later: LateTextOptions

    @property
    def is_elsewhere(self) -> bool:
        return self.comment_in is not None and self.comment_in.pk != self.text.pk


def late_text_places(text: SharedText, user: Any) -> LateTextPlaces:
    """The ways open to `user` now. The caller has checked that the text may be read."""
    later = registry.late_text_options(text, user)
    places = [text, later.text] if later.text is not None else [text]
    return LateTextPlaces(text, next((place for place in places if rules.can_comment(user, place)), None), later)
