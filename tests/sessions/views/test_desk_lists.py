"""Lists of the back office without a file: batches, rates, absences."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from sessions.models import ExpenseBatch
from tests.factories.life import AbsenceCaseFactory, ExpenseRateFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_at_one_and_three_rows(count, people, signed_in, django_assert_num_queries):
    for rank in range(count):
        ExpenseBatch.objects.create(
            term=people.term,
            reference=f"LR-{rank}",
            made_at=timezone.now(),
            made_by=people["lead"],
            count=2,
            total=Decimal("12.5"),
        )
        ExpenseRateFactory(term=people.term, valid_from=date(2020 + rank, 1, 1), valid_to=date(2020 + rank, 12, 31))
        AbsenceCaseFactory(mandate__term=people.term)
    browser = signed_in("lead")
    for name, statements in (("expense-batches", 6), ("expense-rates", 4), ("absences", 4)):
        url = reverse(f"sittings:{name}")
        browser.get(url)
        with django_assert_num_queries(statements, info=name):
            page = browser.get(url)
        assert len(page.context["list"].page) == count


def test_a_rate_is_opened_by_who_sets_it(people, signed_in):
    rate = ExpenseRateFactory(term=people.term)
    page = reverse("sittings:expense-rate", args=[rate.pk])
    lead, officer = (signed_in(who).get(reverse("sittings:expense-rates")).text for who in ("lead", "officer"))
    for text in ("0,41\u00a0€ par kilomètre", "2025-11-042", "En vigueur"):
        assert text in lead
        assert text in officer
    assert (page in lead, page in officer) == (True, False)


def test_closed_absences_stand_apart(people, signed_in):
    opened, closed = AbsenceCaseFactory(mandate__term=people.term), AbsenceCaseFactory(mandate__term=people.term)
    type(closed).objects.filter(pk=closed.pk).update(state="lifted")
    browser, url = signed_in("officer"), reverse("sittings:absences")
    assert [row.pk for row in browser.get(url).context["list"].page] == [opened.pk]
    assert [row.pk for row in browser.get(f"{url}?etat=closes").context["list"].page] == [closed.pk]
    type(closed).objects.filter(pk=closed.pk).delete()
    assert "Aucune alerte close" in browser.get(f"{url}?etat=closes").text
