"""What indicators read: requests by EPCI, sessions, people present."""

from datetime import date

import pytest

from mission.support import queries
from tests.factories.institution import AssemblyFactory
from tests.factories.support import EpciFactory, SupportRequestFactory, TrainingFactory

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
pytestmark = pytest.mark.django_db


def test_communes_count_with_their_epci_and_a_double_with_the_one_kept():
    assembly = AssemblyFactory()
    revel, muret = (EpciFactory(assembly=assembly, name=name) for name in ("CC de Revel", "Muretain"))
    double = EpciFactory(assembly=assembly, state="merged", merged_into=muret)
    for epci, day in (
        (revel, date(2026, 1, 1)),
        (muret, date(2026, 12, 31)),
        (double, date(2026, 5, 4)),
        (revel, date(2025, 12, 31)),
        (revel, date(2027, 1, 1)),
    ):
        SupportRequestFactory(assembly=assembly, epci=epci, commune="Une commune", received_on=day)
    SupportRequestFactory(assembly=assembly, received_on=date(2026, 5, 4))  # of a directorate
    other = AssemblyFactory(second=True)
    SupportRequestFactory(assembly=other, epci=EpciFactory(assembly=other))
    assert queries.count_by_epci(assembly.pk, *YEAR) == [("Muretain", 2), ("CC de Revel", 1)]
    assert queries.of_local_authorities(assembly.pk, *YEAR).count() == 3


def test_each_answer_counts_once_and_what_is_not_held_not_at_all():
    row = SupportRequestFactory()
    TrainingFactory(row=row, registered=12, attended=9, answers=6, satisfaction=4)
    TrainingFactory(row=row, registered=8, attended=3, answers=2, satisfaction=2)
    TrainingFactory(row=row, registered=5, attended=2, answers=0, satisfaction=None)
    TrainingFactory(row=row, registered=30, attended=None, answers=0, satisfaction=None)
    TrainingFactory(row=row, held_on=date(2027, 1, 1))
    found = queries.training_figures(row.assembly_id, *YEAR)
    assert (found.sessions, found.registered, found.attended, found.answers) == (3, 25, 14, 8)
    assert found.satisfaction == pytest.approx(3.5)  # (6 × 4 + 2 × 2) / 8
    assert found.rate == pytest.approx(0.56)


def test_of_nothing_there_is_no_rate():
    found = queries.training_figures(AssemblyFactory().pk, *YEAR)
    assert (found.sessions, found.attended, found.rate, found.satisfaction) == (0, 0, None, None)
