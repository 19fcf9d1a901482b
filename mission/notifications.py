"""Messages of every part of the mission: each package keeps its own in its `notifications.py`."""

from mission.parts import import_parts

import_parts("notifications")
