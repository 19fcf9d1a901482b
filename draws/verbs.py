"""Verbs of the journal about the call and the draw."""

from assembly.audit.registry import declare

declare({})
