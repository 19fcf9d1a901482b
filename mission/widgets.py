"""Imports the module `widgets` of each package of the mission, where its parts of pages are."""

from mission.parts import import_parts

import_parts("widgets")
