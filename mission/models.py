"""The models of every part of the mission: each package keeps its own in its `models.py`, found here by itself."""

from mission.parts import import_parts

import_parts("models")
