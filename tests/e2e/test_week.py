"""The week in a browser: keys in the table, a room in three clicks from a sitting, a phone, axe."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mission.rooms.models import Booking
from tests.e2e.accessibility import assert_usable
from tests.factories.mission import BookingFactory, ResourceFactory
from tests.factories.sessions import SittingFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CELL = "[document.activeElement.parentNode.rowIndex, document.activeElement.cellIndex]"


def test_the_week_by_keys_and_by_hand(page, sign_in, site, people):
    room = ResourceFactory(assembly=people.assembly, name="Salle Garonne", kind="room", capacity=140)
    ResourceFactory(assembly=people.assembly, name="Salle de Muret", kind="room", capacity=60)
    monday = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    monday -= timedelta(days=monday.weekday())
    booking = BookingFactory(
        assembly=people.assembly,
        name="Atelier",
        owner=people["officer"],
        resource=room,
        starts_at=monday + timedelta(days=1),
        ends_at=monday + timedelta(days=1, hours=2),
    )
    sitting = SittingFactory(term=people.term, title="Plénière", notified=True)
    sign_in(page.context, people["officer"])
    page.goto(f"{site}/bureau/semaine/")
    assert_usable(page)
    page.goto(f"{site}/bureau/semaine/?par=salle")
    page.locator("td[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(CELL) == [1, 2]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/reservations/{booking.pk}/")
    page.go_back()
    page.locator("td[tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("n")
    page.wait_for_url("**/reservations/nouveau/?*")
    page.goto(f"{site}/bureau/seances/{sitting.pk}/")
    page.get_by_role("link", name="Réserver une salle ou du matériel").click()
    page.get_by_text("Salle Garonne").click()
    page.get_by_role("button", name="Réserver", exact=True).click()
    page.wait_for_url(f"**/bureau/seances/{sitting.pk}/*")
    assert Booking.objects.filter(resource=room, starts_at=sitting.starts_at).exists()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site}/bureau/semaine/?periode=jour&du={monday.date() + timedelta(days=1)}")
    assert page.get_by_role("table").count() == 0
    assert page.locator(".calendar-list").get_by_role("link", name="Atelier").is_visible()
