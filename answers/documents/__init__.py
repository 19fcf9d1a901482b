"""Files of the answers."""
