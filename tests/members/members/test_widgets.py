"""The desk's chart of ages: true shares, the population beside them only where it is known."""

import pytest
import time_machine
from django.urls import reverse

from members.members import queries
from members.members.contributions import ages
from tests.factories.institution import CantonFactory
from tests.factories.members import MandateFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sitting(people):
    canton = CantonFactory(assembly=people.assembly, insee_code="31033")
    for year in (2000, 1990, 1960, 1960, None):
        MandateFactory(term=people.term, member__birth_year=year, member__canton=canton)
    MandateFactory(term=people.term, member__birth_year=1940, ended=True)
    return canton


@time_machine.travel("2026-06-01")
def test_shares_of_those_who_sit(people, sitting, django_assert_num_queries):
    user, term = people["officer"], people.term
    ages(user, term)
    with django_assert_num_queries(1):
        panel = ages(user, term)
    assert [row[1] for row in panel.context["table"]] == [1, 1, 0, 2, 0]
    assert [bar["value"] for bar in panel.context["bars"]] == [0.25, 0.25, 0, 0.5, 0]
    assert panel.context["bars"][0]["reference_text"] == "26\u00a0%"


@pytest.mark.parametrize("many", [1, 5])
def test_years_are_counted_not_listed(people, sitting, many):
    for _ in range(many):
        MandateFactory(term=people.term, member__birth_year=1960)
    ((years, _codes),) = queries.years_and_places(people.term.pk, people.assembly.pk)
    assert sorted((row["year"], row["n"]) for row in years) == [(1960, 2 + many), (1990, 1), (2000, 1)]


def test_no_reference_for_an_unknown_territory(people, sitting):
    CantonFactory(assembly=people.assembly, insee_code="09001")
    panel = ages(people["officer"], people.term)
    assert not panel.context["has_population"]
    assert "reference" not in panel.context["bars"][0]


def test_the_team_only_and_nothing_when_nobody_sits(people, sitting):
    assert ages(people["facilitator"], people.term) is None
    assert ages(people.elsewhere("lead"), people.elsewhere("lead").roles.get().term) is None


def test_the_panel_is_on_the_page_of_indicators(people, sitting, signed_in):
    html = signed_in("officer").get(reverse("mission:indicators")).text
    assert "Âge des membres" in html
    assert "75 ans et plus" in html
