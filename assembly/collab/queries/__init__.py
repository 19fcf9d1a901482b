from assembly.collab.queries.suggestions import OpenSuggestion, decided_suggestions, open_suggestions
from assembly.collab.queries.texts import document_at, readable, readers_of, tree_of
from assembly.collab.queries.threads import mentioned, threads_of

__all__ = [
    "OpenSuggestion",
    "decided_suggestions",
    "document_at",
    "mentioned",
    "open_suggestions",
    "readable",
    "readers_of",
    "threads_of",
    "tree_of",
]
