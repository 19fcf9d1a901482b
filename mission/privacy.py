"""Retention periods of the parts of the mission: each declares its own in its `privacy.py`."""

from mission.parts import import_parts

import_parts("privacy")
