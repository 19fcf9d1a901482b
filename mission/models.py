"""Imports the module `models` of each package of the mission, where its models are."""

from mission.parts import import_parts

import_parts("models")
