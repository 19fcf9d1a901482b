"""The demonstration: a believable assembly that lived its story through the same actions as any real one."""
