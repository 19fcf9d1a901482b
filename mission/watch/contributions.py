"""Contributions of the watch: the widget of an item."""

from typing import Any

from assembly.portal.registry import Widget, add_widget
from mission.registers.attachments import links_of
from mission.watch import rules
from mission.watch.models import WatchItem
from mission.watch.register import ITEMS

SHOWN = 5


def item_widget(user: Any, subject: WatchItem) -> Widget:
    context = {
        "item": subject,
        "links": links_of(ITEMS, subject, user),
        "alike": rules.titled_alike(subject)[:SHOWN],
        "can_write": ITEMS.can_write(user, subject),
    }
    return Widget("mission/watch/_item.html", context)


add_widget("register-watch", item_widget)
