"""Actions on the journal; nothing else writes to it."""

from assembly.audit.actions.entries import erase_details, record
from assembly.audit.actions.heads import publish_head

__all__ = ["erase_details", "publish_head", "record"]
