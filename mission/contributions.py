"""Imports the registers of the mission."""

from mission.models import import_parts

import_parts("register")
