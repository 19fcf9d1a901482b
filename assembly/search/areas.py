"""The area in which the results are shown: the reader's own, else the public one."""

from typing import Any

from assembly.institution import menu

AREAS = ("desk", "directorate", "member")


def area_of(user: Any) -> str:
    """Return the first area that has a menu for this reader."""
    return next((area for area in AREAS if menu.menu_for(user, area, "")), "public")
