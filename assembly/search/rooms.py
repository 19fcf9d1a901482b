"""The area in which the results are shown: the reader's own, else the public one."""

from typing import Any

from assembly.institution import menu

ROOMS = ("desk", "directorate", "member")


def room_of(user: Any) -> str:
    """Return the first area that has a menu for this reader."""
    return next((room for room in ROOMS if menu.menu_for(user, room, "")), "public")
