"""Entries of the mission in menus and in « À faire »."""

from assembly.institution.areas import open_area
from assembly.institution.enums import DIRECTORATE_ROLES, TEAM_ROLES
from mission.portal import desk, figures, support

open_area(r"/bureau/mission/indicateurs/", TEAM_ROLES)
open_area(r"/instructions/appui/", DIRECTORATE_ROLES)

__all__ = ["desk", "figures", "support"]
