"""Lists of the back office."""
