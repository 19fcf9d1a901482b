from assembly.collab.queries.suggestions import OpenSuggestion, decided_suggestions, open_suggestions
from assembly.collab.queries.texts import document_at, readable_text_or_404, readers_of, tree_of
from assembly.collab.queries.threads import mentioned, threads_of

__all__ = [
    "OpenSuggestion",
    "decided_suggestions",
    "document_at",
    "mentioned",
    "open_suggestions",
    "readable_text_or_404",
    "readers_of",
    "threads_of",
    "tree_of",
]
