"""Imports the registers of the mission, then the module `contributions` of each of its packages."""

from mission.parts import import_parts

import_parts("register")
import_parts("contributions")
