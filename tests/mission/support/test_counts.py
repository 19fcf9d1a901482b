"""What pages and indicators read: requests by EPCI, sessions, people present."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from assembly.indicators.counting import counts_of
from assembly.indicators.registry import indicator
from mission.support import queries
from tests.factories.institution import AssemblyFactory, TermFactory
from tests.factories.mission import GrantApplicationFactory
from tests.factories.support import EpciFactory, SupportRequestFactory, TrainingFactory

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
    assert [(line.name, line.requests) for line in queries.by_epci(assembly.pk, 2026)] == [
        ("Muretain", 2),
        ("CC de Revel", 1),
    ]
    assert queries.years_asked(assembly.pk) == [2027, 2026, 2025]


def test_each_number_of_an_epci_opens_as_many_rows(client, people):
    """Sessions are not counted twice where a request has two, and those of a double stand with the one kept."""
    muret = EpciFactory(assembly=people.assembly, name="Muretain")
    double = EpciFactory(assembly=people.assembly, state="merged", merged_into=muret)
    one = SupportRequestFactory(assembly=people.assembly, epci=muret, state="delivered")
    TrainingFactory(row=one, attended=9)
    TrainingFactory(row=one, attended=4, answers=0, satisfaction=None)
    TrainingFactory(row=one, attended=None, answers=0, satisfaction=None)
    TrainingFactory(row=SupportRequestFactory(assembly=people.assembly, epci=double, commune="Eaunes"), attended=7)
    SupportRequestFactory(assembly=people.assembly, epci=muret, received_on=date(2025, 5, 4))
    client.enter(people.ready(people["officer"]))
    answer = client.get(reverse("mission:support-territories"), {"annee": "2026"})
    (line,) = answer.context["lines"]
    assert (line.requests, line.delivered, line.sessions, line.attended) == (2, 1, 3, 20)
    listed = client.get(reverse("mission:support"), {"epci": line.epci, "annee": 2026})
    assert listed.context["count"] == line.requests
    for odd in ("", "x", "1999", str(2**63)):
        assert client.get(reverse("mission:support-territories"), {"annee": odd}).context["year"] == 2026


def value(key, term, day):
    return counts_of(indicator(key), term, day, with_breakdowns=False)[0].value


@pytest.fixture
def two_terms():
    """Make two consecutive terms: nothing of the assembly counts in both."""
    first = TermFactory(number=1, name="Première", starts_on=date(2024, 1, 1), ends_on=date(2025, 12, 31))
    return first, TermFactory(assembly=first.assembly, number=2, name="Deuxième", starts_on=date(2026, 1, 1))


def test_local_authorities_count_once_each_in_the_term_of_the_delivery(two_terms):
    first, second = two_terms
    epci = EpciFactory(assembly=first.assembly)
    double = EpciFactory(assembly=first.assembly, state="merged", merged_into=epci)
    told = [
        ("2025-06-01", {"epci": epci}),
        ("2026-02-01", {"epci": epci}),
        ("2026-02-02", {"epci": double}),
        ("2026-02-03", {"epci": epci, "commune": "Revel"}),
        ("2026-02-04", {"epci": epci, "commune": "REVEL"}),
        ("2026-02-05", {}),  # of a directorate
    ]
    for day, asker in told:
        with time_machine.travel(datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=ZoneInfo("Europe/Paris"))):
            SupportRequestFactory(assembly=first.assembly, state="delivered", **asker)
    last = date(2026, 3, 1)
    keys = ("collectivites-appuyees", "appuis-rendus", "appuis-demandes")
    assert [value(key, first, last) for key in keys] == [1, 1, 1]
    assert [value(key, second, last) for key in keys] == [2, 5, 5]
    assert value("collectivites-appuyees", second, date(2026, 2, 2)) == 1
    cells = {one.cell: one.value for one in counts_of(indicator("appuis-rendus"), second, last) if one.breakdown}
    assert cells == {str(epci.pk): 4, "": 1}


def test_trainings_by_hand(two_terms):
    _first, second = two_terms
    row = SupportRequestFactory(assembly=second.assembly)
    for held_on, attended, answers, note in [
        (date(2026, 2, 1), 9, 6, 4),
        (date(2026, 2, 2), 3, 2, 2),
        (date(2026, 2, 3), 2, 0, None),
        (date(2026, 2, 4), None, 0, None),
        (date(2025, 2, 4), 5, 5, 5),
        (date(2026, 4, 1), 5, 5, 5),
    ]:
        TrainingFactory(row=row, held_on=held_on, attended=attended, answers=answers, satisfaction=note)
    last = date(2026, 3, 1)
    assert (value("formations", second, last), value("personnes-formees", second, last)) == (3, 14)
    assert value("satisfaction-formations", second, last) == Decimal("3.5")  # (6 × 4 + 2 × 2) / 8
    assert value("satisfaction-formations", second, date(2026, 1, 5)) is None


def test_grants_decided_and_how_long_it_took(two_terms):
    first, second = two_terms
    for received_on, decided_on, state in [
        (date(2025, 11, 1), date(2025, 12, 31), "voted"),
        (date(2025, 12, 20), date(2026, 1, 9), "voted"),  # 20 days
        (date(2026, 1, 1), date(2026, 2, 10), "rejected"),  # 40 days
        (date(2026, 1, 1), date(2026, 1, 31), "voted"),  # 30 days
        (date(2026, 1, 1), None, "withdrawn"),
        (date(2026, 1, 1), date(2026, 3, 2), "voted"),
    ]:
        GrantApplicationFactory(assembly=first.assembly, received_on=received_on, decided_on=decided_on, state=state)
    last = date(2026, 3, 1)
    assert (value("subventions-instruites", second, last), value("delai-subventions", second, last)) == (3, 30)
    assert (value("subventions-instruites", first, last), value("delai-subventions", first, last)) == (1, 60)
