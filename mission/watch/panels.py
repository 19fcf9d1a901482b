"""On the page of an item: what it has to do with, and what tells the same."""

from typing import Any

from assembly.portal.registry import Panel, register_panel
from mission.registers.attachments import links_of
from mission.watch import rules
from mission.watch.models import WatchItem
from mission.watch.register import ITEMS

SHOWN = 5


def item_panel(user: Any, subject: WatchItem) -> Panel:
    told = {
        "item": subject,
        "links": links_of(ITEMS, subject, user),
        "alike": rules.titled_alike(subject)[:SHOWN],
        "can_write": ITEMS.can_write(user, subject),
    }
    return Panel("mission/_watch_item.html", told)


register_panel("register-watch", item_panel)
