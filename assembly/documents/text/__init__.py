"""The words of a file, for search: read by a process of its own, without models nor settings."""
