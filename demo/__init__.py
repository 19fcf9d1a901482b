"""The demonstration: an assembly with fictitious people, made through the same actions as a real one."""
