"""The page of the call says what one would do before what one must be, and promises nothing that is not recorded."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from draws.draws.queries.announced import LastChances
from sessions.models import ExpenseKind
from tests.factories.candidates import CallFactory
from tests.factories.life import ExpenseRateFactory
from tests.factories.sessions import SittingFactory

pytestmark = pytest.mark.django_db


def at(days, hour):
    return timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=days), time(hour)))


def page(client):
    return " ".join(strip_tags(client.get(reverse("draws:apply")).text).replace("\u00a0", " ").split())


def test_what_one_would_do_stands_before_what_one_must_be(client):
    CallFactory()
    order = ["Et si c’était vous", "Ce que vous y feriez", "Ce qu’il faut être", "On commence", "Vos données"]
    shown = page(client)
    assert order == sorted(order, key=shown.index)


def test_nothing_is_promised_that_nobody_recorded(client):
    CallFactory()
    shown = page(client)
    for promise in ("séances plénières", "pris en charge", "Au dernier tirage", "n’est pas payé"):
        assert promise not in shown, promise


def test_the_plenaries_of_a_year_show_a_day_until_those_of_the_term_are_dated(client):
    call = CallFactory()
    for days in (-400, -200, -20):
        SittingFactory(
            term__assembly=call.term.assembly, held=True, is_public=True, starts_at=at(days, 9), ends_at=at(days, 16)
        )
    assert "2 séances plénières en un an" in page(client)
    assert "de 9 h à 16 h" in page(client)
    for days in (40, 80, 120):
        SittingFactory(term=call.term, is_public=True, starts_at=at(days, 10), ends_at=at(days, 17))
    assert "3 séances plénières sont déjà datées" in page(client)
    assert "de 10 h à 17 h" in page(client)


def test_what_is_paid_back_follows_the_rates_in_force(client):
    call = CallFactory()
    ExpenseRateFactory(term=call.term, kind=ExpenseKind.KM)
    ExpenseRateFactory(term=call.term, kind=ExpenseKind.LODGING, valid_to=timezone.localdate() - timedelta(days=1))
    shown = page(client)
    assert "Trajet en voiture" in shown
    assert "Nuit d’hôtel" not in shown


@pytest.mark.parametrize(("people", "tenths"), [(270, 4), (1055, 1), (5000, 1), (60, 10)])
def test_chances_are_told_in_tenths(people, tenths):
    assert LastChances("AC2-TIRAGE-1", people, 108).tenths == tenths
