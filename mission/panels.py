"""On the pages of apps below: the rows of registers that point at them."""

from collections.abc import Callable
from typing import Any

from assembly.portal.registry import Panel, register_panel
from mission.registers.attachments import links_to


def pointing_at(name: str) -> Callable[[Any, Any], Panel | None]:
    """Rows that the reader sees; nothing where there are none."""

    def provider(user: Any, subject: Any) -> Panel | None:
        found = links_to(name, subject, user)
        return Panel("mission/_links.html", {"links": found}) if found else None

    return provider


for each in ("sitting", "referral", "opinion", "committee"):
    register_panel(f"desk-{each}", pointing_at(each))
