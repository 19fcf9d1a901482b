"""Answers among what can be found: the published one that stands, by anybody; never a draft nor a former one."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse

from answers.models import AnswerCaseState, AnswerValue
from assembly.search.models import SearchEntry
from assembly.search.registry import source_of
from opinions.models import Opinion, OpinionState
from tests.answers.publication.test_public import one_of, opinion_of
from tests.factories.answers import AnswerCaseFactory, AnswerFactory, said
from tests.factories.institution import AssemblyFactory, TermFactory

pytestmark = pytest.mark.django_db
S = AnswerCaseState
FIRST = "Une passerelle sera construite au-dessus de la rivière avant deux ans."
SECOND = "Un bac traversera finalement la rivière chaque matin et chaque soir."


def found(browser, words):
    cache.clear()
    return browser.get(reverse("search:results"), {"q": words}).text


@pytest.fixture
def case(people):
    made = AnswerCaseFactory(recommendation=one_of(opinion_of(people)), state=S.PUBLISHED)
    AnswerFactory(case=made, published=True, **said(AnswerValue.REJECTED, body=FIRST))
    return made


@pytest.mark.parametrize("who", ["anonymous", "member", "officer", "dir_contact"])
def test_anybody_finds_the_answer_and_is_led_to_the_thread(who, case, client, signed_in):
    call_command("reindex_search", "answer")
    page = found(client if who == "anonymous" else signed_in(who), "passerelle")
    assert "Refusée" in page
    assert f'href="{reverse("answers:thread", args=[case.reference])}"' in page


def test_only_the_one_that_stands_is_found(case, client):
    AnswerFactory(case=case, number=2, written=True, body=SECOND)
    call_command("reindex_search", "answer")
    address = reverse("answers:thread", args=[case.reference])
    assert (address in found(client, "passerelle"), address in found(client, "bac")) == (True, False)
    case.answers.filter(number=2).delete()
    AnswerFactory(case=case, number=2, published=True, **said(body=SECOND))
    call_command("reindex_search", "answer")
    assert (address in found(client, "passerelle"), address in found(client, "bac")) == (False, True)


def test_what_is_not_public_here_is_found_by_nobody(case, client):
    call_command("reindex_search", "answer")
    source = source_of("answer")
    assert source.visible_to(AnonymousUser())[""].count() == 1
    Opinion.objects.filter(pk=case.opinion.pk).update(state=OpinionState.HANDED_OVER, published_at=None)
    assert source.visible_to(AnonymousUser())[""].count() == 0
    elsewhere = TermFactory(assembly=AssemblyFactory(second=True), number=1, name="Ailleurs")
    other = AnswerCaseFactory(recommendation__opinion__term=elsewhere, state=S.PUBLISHED)
    AnswerFactory(case=other, published=True, **said())
    assert source.visible_to(AnonymousUser())[""].count() == 0


def test_what_the_journal_says_of_a_file_changes_the_words_of_its_published_answers(case):
    AnswerFactory(case=case, number=2, written=True, body=SECOND)
    first = case.answers.get(number=1)
    assert list(source_of("answer").touched_by("answers.AnswerCase", [case.pk])) == [first.pk]
    assert list(source_of("answer").touched_by("opinions.Opinion", [case.opinion.pk])) == []


def test_an_answer_to_the_whole_leads_to_its_thread(people):
    case = AnswerCaseFactory(whole=True, whole_of__term=people.term, state=S.PUBLISHED)
    AnswerFactory(case=case, published=True, **said())
    call_command("reindex_search", "answer")
    entry = SearchEntry.objects.get(kind="answer")
    assert source_of("answer").address(AnonymousUser(), entry) == reverse("answers:thread", args=[case.reference])
