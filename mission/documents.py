"""Imports the module `documents` of each package of the mission: printed files, and who reads its uploads."""

from mission.parts import import_parts

import_parts("documents")
