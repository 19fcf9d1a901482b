"""The demonstration: an assembly with fictitious people, created through the same actions as a real one."""
