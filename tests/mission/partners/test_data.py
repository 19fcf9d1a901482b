"""Data of partners past their freshness, and acts that ask for notice, among what is to be done."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from assembly.institution.todo import todo_for
from tests.factories.mission import LegalItemFactory, PartnerFactory

pytestmark = pytest.mark.django_db


def told(people, name):
    """Return the days of the lines of « À faire » about this row."""
    return [line.due_on for line in todo_for(people["officer"], "desk", people.term).lines if name in str(line.title)]


def data_of(people, name, **facts):
    by = people["officer"]
    row = PartnerFactory(assembly=people.assembly, name=name, state="active")
    return row.datasets.create(title="Places", licence="Licence ouverte", created_by=by, changed_by=by, **facts)


def test_data_past_their_freshness_are_asked_for(people):
    today = timezone.localdate()
    old = data_of(people, "Observatoire", updated_on=date(2025, 1, 31), renewed_every=1)
    data_of(people, "Insee", updated_on=today, renewed_every=1)
    data_of(people, "Cerema", updated_on=date(2020, 1, 1))  # no rhythm was promised
    old.refresh_from_db()
    assert old.fresh_until == date(2025, 2, 28)
    assert told(people, "Observatoire") == [old.fresh_until]
    assert told(people, "Insee") == told(people, "Cerema") == []


def test_the_notice_of_an_act_moves_its_reminder(people):
    """A month is left to decide before the notice must be given; without one, three months before the end."""
    today = timezone.localdate()
    for name, notice, days in (
        ("Bail long", 180, 209),
        ("Bail court", 10, 60),
        ("Bail proche", 10, 39),
        ("Sans préavis", None, 90),
        ("Sans préavis, plus tard", None, 91),
    ):
        LegalItemFactory(
            assembly=people.assembly,
            name=name,
            notice_days=notice,
            due_on=today + timedelta(days=days),
            state="prepared",
        )
    lines = todo_for(people["officer"], "desk", people.term).lines
    words = " ".join(str(line.title) for line in lines)
    assert [name in words for name in ("Bail long", "Bail court", "Bail proche", "plus tard")] == [
        True,
        False,
        True,
        False,
    ]
    assert "Sans préavis" in words
