"""Kept public pages tell an answer at the next look: the tables of answers are part of the key of each."""

import pytest
from django.urls import reverse
from django.utils import timezone

from answers.models import AnswerCase
from answers.publication import views as publication
from assembly.portal import views as portal_views
from opinions.papers import public_pages as areas
from tests.answers.publication.test_public import one_of, opinion_of, readable
from tests.factories.answers import AnswerCaseFactory, AnswerFactory, said

pytestmark = pytest.mark.django_db(transaction=True)
FIRST, SECOND = "Nous le ferons dès la rentrée.", "Nous le ferons un an plus tard."


@pytest.fixture
def made(monkeypatch):
    """Record the fragments that are rendered, request by request."""
    times = []
    for module, name in (
        (portal_views, "_home_content"),
        (areas, "_public_content"),
        (publication, "_thread_content"),
        (publication, "_table_content"),
    ):
        make = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *values, make=make: times.append(values) or make(*values))
    return times


@pytest.mark.parametrize("place", ["home", "opinion", "thread", "table"])
def test_each_is_kept_until_an_answer_changes(place, people, client, made):
    opinion = opinion_of(people)
    paths = {
        "home": "/",
        "opinion": reverse("opinions:public", args=[opinion.reference]),
        "thread": reverse("answers:thread", args=[one_of(opinion).reference]),
        "table": reverse("answers:table", args=[opinion.reference]),
    }

    def look():
        return readable(client.get(paths[place]).text)

    case = AnswerCaseFactory(recommendation=one_of(opinion))
    assert ("0 réponse sur 1" if place == "home" else "Réponse attendue avant le") in look() == look()
    AnswerCase.objects.filter(pk=case.pk).update(due_on=case.opened_on, due_reason="Plus tôt.")
    assert ("1 en retard" if place == "home" else "Réponse en retard") in look()
    AnswerCase.objects.filter(pk=case.pk).update(state="published", answered_on=timezone.localdate())
    answer = AnswerFactory(case=case, published=True, **said(body=FIRST))
    assert ("1 réponse sur 1" if place == "home" else FIRST) in look()
    times = len(made)
    AnswerFactory(case=case, number=answer.number + 1, published=True, **said(body=SECOND))
    if place != "home":
        assert SECOND in look()
        assert len(made) == times + 1


def test_a_reader_that_asks_the_feed_under_other_addresses_costs_no_thread(
    people, client, django_assert_max_num_queries
):
    feed = reverse("answers:thread-feed", args=[one_of(opinion_of(people)).reference])
    client.get(f"{feed}?x=1")
    with django_assert_max_num_queries(4):
        client.get(f"{feed}?x=2")
