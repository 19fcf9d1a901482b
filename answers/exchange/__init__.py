"""The answers in the directorates' own tools: out, and in again."""
