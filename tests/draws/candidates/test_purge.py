"""On the announced day nothing private is left: not in the database, not in files, pages, index, cache nor logs."""

import io
import logging
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry, EntryDetail
from assembly.institution.models import Term, TermState
from draws.candidates import actions
from draws.candidates.rules import CONFIRMED_WITHIN, NEWS_RETENTION, WITHDRAWN_RETENTION, page_token
from draws.candidates.workflow import CANDIDATE
from draws.models import CallCount, Candidate, CandidateNeed, CandidateState, NextCallAddress
from tests.draws.typed import answers, recorded
from tests.factories.candidates import CallFactory, CandidateFactory, NextCallAddressFactory
from tests.factories.institution import CantonFactory

pytestmark = pytest.mark.django_db
SEEDS = {
    "first_name": "Zuleikka",
    "last_name": "Quixbrandt",
    "address": "7 chemin Wyvernhof",
    "email": "zuleikka.quixbrandt@example.org",
    "phone": "06 39 98 77 31",
}


def found_in_database(words):
    """Return the tables and columns with one of these texts, whatever their type."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            matches = f'SELECT count(*) FROM "{table}" AS row WHERE row::text ILIKE ANY(%s)'  # noqa: S608 -- names of tables
            cursor.execute(matches, [[f"%{word}%" for word in words]])
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def later(row, days=1):
    return datetime.combine(row.erase_on + timedelta(days=days), datetime.min.time(), tzinfo=UTC)


def test_nothing_private_is_left_after_the_announced_day(client, signed_in, people, caplog):
    caplog.set_level(logging.DEBUG)
    call = CallFactory(term=people.term)
    canton = CantonFactory(name="Auterive")
    sent = client.post("/candidater/envoyer/", answers(canton, **SEEDS, needs=["childcare"]))
    assert sent.status_code == 302
    row = Candidate.objects.get()
    actions.confirm_candidature(row)
    actions.reject(row, ground="elected", by=people["officer"])
    actions.reject(row, ground="elected", by=people["lead"])
    CANDIDATE.transition(row, "reopen", by=people["lead"], reason="Mme Quixbrandt n’est plus élue.")
    other = actions.enter_by_hand(
        call, recorded(canton, first_name="Autre", last_name="Personne"), channel="paper", by=people["officer"]
    )
    words = ["Zuleikka", "Quixbrandt", "Wyvernhof", "39 98 77 31"]
    assert set(found_in_database(words)) == {"draws_candidate", "audit_entrydetail"}
    officer = signed_in("officer")
    officer.get(reverse("draws:candidate", args=[row.pk]))
    officer.get("/bureau/candidatures/?q=Quixbrandt")
    client.get(reverse("draws:candidate-page", args=[page_token(row)]))
    for address in ("/", "/candidater/", "/candidater/cantons/", "/recherche/?q=candidate", "/sitemap.xml"):
        assert not [word for word in words if word in client.get(address).text]

    Candidate.objects.filter(pk=other.pk).update(erase_on=row.erase_on + timedelta(days=30))
    assert actions.due_for_erasure(later(row)).get() == row
    actions.erase_one(row)
    assert found_in_database(words) == []
    assert list(Candidate.objects.all()) == [other]
    assert not CandidateNeed.objects.exists()
    assert client.get(reverse("draws:candidate-page", args=[page_token(row)])).status_code == 410
    kept = [cache._cache.get_client().get(key) or b"" for key in cache._cache.get_client().keys("*")]
    assert not [word for word in words for value in kept if word.encode() in value]
    logged = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    assert not [line for line in logged if any(word in line for word in words[1:])]
    assert Entry.objects.filter(event_type="candidate.erased").count() == 1
    assert not EntryDetail.objects.filter(text__contains="Quixbrandt").exists()


def test_numbers_stay_without_anybody_in_them():
    call = CallFactory()
    canton = CantonFactory()
    for number in range(3):
        row = CandidateFactory(call=call, canton=canton, number=number + 1, erase_on=date(2026, 1, 1))
    CandidateFactory(call=call, canton=None, number=9, erase_on=date(2026, 1, 1), is_canton_checked=False)
    for row in list(actions.due_for_erasure(timezone.now())):
        actions.erase_one(row)
    counted = {(c.canton, c.gender, c.age_band, c.occupation, c.channel): c.number for c in CallCount.objects.all()}
    assert counted == {
        (canton, "F", "45-59", "employe", "web"): 3,
        (None, "F", "45-59", "employe", "web"): 1,
    }


@pytest.mark.parametrize(
    ("state", "is_due"),
    [(state, state not in {"in_pool", "drawn", "alternate"}) for state in CandidateState.values],
)
def test_who_goes_on_the_announced_day(state, is_due):
    told = {"eligible": {}, "ineligible": {"ground": "agent"}, "excluded": {"exclusion": "late"}}.get(state, {})
    row = CandidateFactory(state=state, erase_on=timezone.localdate(), **told)
    assert list(actions.due_for_erasure(timezone.now())) == ([row] if is_due else [])
    assert list(actions.due_for_erasure(timezone.now() - timedelta(days=1))) == []


@pytest.mark.parametrize("state", ["drawn", "alternate"])
def test_members_and_alternates_stay_until_the_end_of_the_term(people, state):
    row = CandidateFactory(call=CallFactory(term=people.term), state=state, erase_on=date(2026, 1, 1))
    after = datetime(2027, 7, 1, tzinfo=UTC)
    assert not actions.seated_for_erasure(after).exists()
    Term.objects.filter(pk=people.term.pk).update(state=TermState.CLOSED)
    assert not actions.seated_for_erasure(datetime(2027, 5, 1, tzinfo=UTC)).exists()
    assert list(actions.seated_for_erasure(after)) == [row]


def test_a_form_that_nobody_confirmed_leaves_no_trace():
    now = timezone.now()
    CandidateFactory(unconfirmed=True)
    old = CandidateFactory(call=Candidate.objects.get().call, unconfirmed=True, received_at=now - CONFIRMED_WITHIN * 2)
    assert list(actions.never_confirmed(now)) == [old]
    actions.erase_row(old)
    assert not CallCount.objects.exists()


def test_a_withdrawal_may_be_undone_for_a_month():
    row = CandidateFactory()
    actions.withdraw_by_link(row)
    assert not actions.withdrawn_for_erasure(timezone.now()).exists()
    assert list(actions.withdrawn_for_erasure(timezone.now() + WITHDRAWN_RETENTION + timedelta(days=1))) == [row]


def test_an_address_of_the_next_call_stays_two_years_at_most():
    row = CandidateFactory(wants_news=True, erase_on=timezone.localdate())
    actions.erase_one(row)
    kept = NextCallAddress.objects.get()
    assert (kept.email, kept.agreed_on) == (row.email, timezone.localdate())
    assert not actions.old_news(timezone.now()).exists()
    assert actions.old_news(timezone.now() + NEWS_RETENTION + timedelta(days=1)).get() == kept
    NextCallAddressFactory(agreed_on=date(2020, 1, 1))
    assert actions.old_news(timezone.now()).count() == 1


def test_the_dry_run_of_the_house_counts_them_and_erases_nobody():
    CandidateFactory(erase_on=timezone.localdate())
    told = io.StringIO()
    call_command("retention", stdout=told)
    assert "Candidatures non retenues, au jour annoncé : 1" in told.getvalue()
    assert Candidate.objects.exists()
    call_command("retention", "--apply", stdout=told)
    assert not Candidate.objects.exists()
