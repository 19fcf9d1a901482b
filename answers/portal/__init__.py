"""Menu entries and pending lines of the answers in the areas of their users."""

from answers.portal import desk, directorate
from assembly.institution.areas import open_area
from assembly.institution.enums import TEAM_ROLES, Role

open_area(r"/bureau/(reponses|suites)/", TEAM_ROLES)
open_area(r"/espace/(reponses|suites)/", {Role.MEMBER})

__all__ = ["desk", "directorate"]
