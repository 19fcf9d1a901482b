from assembly.collab.models.suggestion import Suggestion
from assembly.collab.models.text import SharedText, Snapshot, Update
from assembly.collab.models.thread import Comment, TextEvent, Thread
from assembly.collab.models.version import TextVersion

__all__ = ["Comment", "SharedText", "Snapshot", "Suggestion", "TextEvent", "TextVersion", "Thread", "Update"]
