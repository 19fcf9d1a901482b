"""Imports the module `receivers` of each package of the mission."""

from mission.parts import import_parts

import_parts("receivers")
