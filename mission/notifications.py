"""Imports the module `notifications` of each package of the mission, where its messages are."""

from mission.parts import import_parts

import_parts("notifications")
