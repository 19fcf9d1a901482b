"""Contribution of the means of a sitting: the widget of its page."""

from typing import Any

from assembly.web.widgets import Widget, add_widget
from mission.means.queries import bookings_of, cost_of, expected_at, missing_means, order_links, orders_of, trips_of
from mission.registers.declaration import registers
from sessions.expenses.rules import euros
from sessions.models import Sitting


def means_widget(user: Any, subject: Sitting) -> Widget | None:
    """Return bookings, orders, trips, cost and what is missing_means, for the team."""
    if not registers["bookings"].can_enter(user, subject.term):
        return None
    bookings, orders, expected = bookings_of(user, subject), orders_of(user, subject), expected_at(subject)
    context = {
        "sitting": subject,
        "bookings": bookings,
        "orders": [(order, euros(order.amount)) for order in orders],
        "trips": trips_of(user, subject),
        "cost": euros(cost_of(subject)),
        "expected": expected,
        "missing": missing_means(subject, bookings, orders, expected),
        "order_links": order_links(user, subject, expected) if subject.is_upcoming else [],
    }
    return Widget("mission/means/_means.html", context, order=20)


add_widget("desk-sitting", means_widget)
