"""Printed files of every part of the mission, and who reads its uploads: each package has its `documents`."""

from mission.parts import import_parts

import_parts("documents")
