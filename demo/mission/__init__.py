"""One year of the mission, 2026, register after register."""
