"""What a night writes, when it writes nothing, and that nobody changes it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from assembly.indicators.registry import indicators
from assembly.institution.models import Term, TermState
from mission.indicators import actions as nightly
from mission.indicators.models import IndicatorSheet, IndicatorValue, ManualValue
from mission.tasks import count_indicators
from tests.factories.institution import TermFactory
from tests.factories.members import MandateFactory
from tests.mission.indicators.nights import counted_night, made_sheet, yesterday
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db):
    return People()


def test_a_night_counts_yesterday_once(people):
    term = people.term
    Term.objects.filter(pk=term.pk).update(state=TermState.ACTIVE)
    MandateFactory(term=term, accepted_on=date(2025, 11, 1), activated_on=date(2025, 11, 29))
    count_indicators()
    first = IndicatorValue.objects.count()
    assert nightly.count_night() == 0
    assert IndicatorValue.objects.count() == first > 0
    assert set(IndicatorValue.objects.values_list("day", flat=True)) == {yesterday()}
    told = {one.key for one in indicators() if not one.is_manual}
    assert set(IndicatorValue.objects.whole().values_list("key", flat=True)) == told
    held = IndicatorValue.objects.whole().get(key="sieges-pourvus")
    assert (held.value, held.numerator, held.denominator) == (Decimal(100), 1, 1)


def test_a_term_that_sleeps_is_not_counted():
    for number, state in enumerate(TermState.values, start=1):
        TermFactory(number=number, name=f"Mandature {number}", state=state)
    counted = {term.state for term in nightly.terms_counted()}
    assert counted == set(TermState.values) - {TermState.PLANNED, TermState.ARCHIVED}


def test_a_day_that_is_not_over_is_not_counted(people):
    with pytest.raises(ValueError, match="over"):
        nightly.count_day(people.term, timezone.localdate())
    with pytest.raises(CommandError):
        call_command("count_indicators", timezone.localdate().isoformat())


def written(people):
    sheet = made_sheet(people)
    ManualValue.objects.create(
        term=people.term, key="satisfaction", day=yesterday(), value=80, source="Enquête", entered_by=people["officer"]
    )
    return sheet


@pytest.mark.parametrize("model", [IndicatorValue, ManualValue, IndicatorSheet])
@pytest.mark.parametrize("act", ["UPDATE", "DELETE FROM", "TRUNCATE"])
def test_the_database_refuses_every_change(people, model, act):
    written(people)
    table = model._meta.db_table
    rows = model.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # TRUNCATE waits for no pending check
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(f"{act} {table}{' SET day = day - 1' * (act == 'UPDATE')}")
    assert model.objects.count() == rows > 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"denominator": 0, "value": 5},
        {"denominator": -1},
        {"breakdown": "", "cell": "4"},
        {"day": date(2999, 1, 1)},
    ],
)
def test_the_database_refuses_values_that_cannot_be(people, wrong):
    told = {"term": people.term, "key": "assiduite", "day": yesterday()} | wrong
    with pytest.raises(IntegrityError), transaction.atomic():
        IndicatorValue.objects.create(**told)


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": -1},
        {"source": ""},
        {"people": 0},
        {"breakdown": "niveau"},
        {"cell": "inform"},
        {"day": date(2999, 1, 1)},
    ],
)
def test_the_database_refuses_entries_that_cannot_be(people, wrong):
    told = {
        "term": people.term,
        "key": "satisfaction",
        "day": yesterday(),
        "value": 80,
        "source": "Enquête",
        "entered_by": people["officer"],
    } | wrong
    with pytest.raises(IntegrityError), transaction.atomic():
        ManualValue.objects.create(**told)


def test_a_value_divided_by_nothing_has_none_and_a_reason(people):
    counted_night(people.term)
    row = IndicatorValue.objects.whole().get(key="assiduite")
    assert (row.numerator, row.denominator, row.value) == (0, 0, None)


def test_a_past_day_gets_only_what_keeps_its_moments(people, capsys):
    Term.objects.filter(pk=people.term.pk).update(state=TermState.ACTIVE)
    day = yesterday() - timedelta(days=40)
    call_command("count_indicators", day.isoformat())
    kept = {"plenieres", "reunions", "assiduite", "heures-de-travail", "frais-rembourses", "reponses-publiees"}
    kept |= {"appuis-demandes", "appuis-rendus"}
    assert set(IndicatorValue.objects.filter(day=day).values_list("key", flat=True)) == kept
    call_command("count_indicators", day.isoformat(), "--verifier")
    assert "Aucune différence" in capsys.readouterr().out
