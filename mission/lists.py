"""Lists of every register."""

from mission.parts import import_parts

import_parts("register")
