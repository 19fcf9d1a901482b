"""What sittings show on the page of a member."""

import pytest
from django.urls import reverse

from sessions.models import Absence
from tests.factories.members import MandateFactory
from tests.factories.sessions import AttendanceFactory, InviteeFactory, SittingFactory

pytestmark = pytest.mark.django_db


def convened(mandate, title, *, came=False, state="held", **invitee):
    sitting = SittingFactory(term=mandate.term, title=title, **{state: True})
    row = InviteeFactory(sitting=sitting, person=mandate.member.person, **invitee)
    if came:
        AttendanceFactory(invitee=row, left_at=sitting.ends_at)
    return sitting


def section(html):
    return html.split('aria-labelledby="attendance"')[1].split("</section>")[0]


def test_the_page_of_a_member_says_which_sittings_they_came_to(people, signed_in):
    mandate, desk = MandateFactory(), signed_in("officer")
    address = reverse("members:member-page", args=[mandate.pk])
    assert "Aucune séance tenue" in section(desk.get(address).content.decode())
    convened(mandate, "Une", came=True)
    convened(mandate, "Deux", absence=Absence.EXCUSED, absence_reason="un deuil")
    sitting = convened(mandate, "Trois")
    convened(mandate, "À venir", state="notified")
    convened(mandate, "Comme experte", guest=True, came=True)
    AttendanceFactory(invitee=InviteeFactory(sitting=sitting), left_at=sitting.ends_at)
    html = section(desk.get(address).content.decode())
    assert "1 séance sur 3" in html
    assert [words in html for words in ("Présent·e", "Excusé·e", "Absent·e")] == [True] * 3
    assert "À venir" not in html
    assert "Comme experte" not in html
    assert "un deuil" not in html
    assert reverse("sittings:attendance", args=[sitting.pk]) in html
    assert signed_in("facilitator").get(address).status_code == 403
    assert signed_in(people.elsewhere("lead")).get(address).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_statements(count, signed_in, people, django_assert_num_queries):
    mandate, desk = MandateFactory(), signed_in("officer")
    for number in range(count):
        convened(mandate, f"Séance {number}", came=True)
    address = reverse("members:member-page", args=[mandate.pk])
    desk.get(address)
    with django_assert_num_queries(13):
        desk.get(address)
