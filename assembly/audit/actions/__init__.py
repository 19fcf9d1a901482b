"""The one door to the journal."""

from assembly.audit.actions.entries import erase_details, record

__all__ = ["erase_details", "record"]
