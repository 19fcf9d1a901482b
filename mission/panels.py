"""Parts of pages that the mission adds: each package keeps its own in its `panels.py`."""

from mission.parts import import_parts

import_parts("panels")
