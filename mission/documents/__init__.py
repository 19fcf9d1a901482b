"""Files of the mission’s desk."""
