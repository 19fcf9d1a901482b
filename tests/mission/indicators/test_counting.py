"""What a night writes, and that it never changes."""
