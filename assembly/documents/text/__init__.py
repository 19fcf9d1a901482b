"""The text of a file, for search: extracted by a process of its own, without models or settings."""
