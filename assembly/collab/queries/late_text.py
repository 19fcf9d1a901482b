"""Places for text that came too late for its document."""

from dataclasses import dataclass
from typing import Any

from assembly.collab import registry, rules
from assembly.collab.models import SharedText
from assembly.collab.registry import LateTextOptions


@dataclass(frozen=True)
class LateTextPlaces:
    """The places for late text. `comment_in` takes it as a comment: this text, or the one that replaced it."""

    text: SharedText
    comment_in: SharedText | None
    later: LateTextOptions

    @property
    def is_elsewhere(self) -> bool:
        return self.comment_in is not None and self.comment_in.pk != self.text.pk


def late_text_places(text: SharedText, user: Any) -> LateTextPlaces:
    """Return the places open to `user` now; the caller has checked that the text may be read."""
    later = registry.late_text_options(text, user)
    texts = [text, later.text] if later.text is not None else [text]
    return LateTextPlaces(
        text, next((candidate for candidate in texts if rules.can_comment(user, candidate)), None), later
    )
