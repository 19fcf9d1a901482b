"""Imports the registers of the mission."""

from mission.parts import import_parts

import_parts("register")
