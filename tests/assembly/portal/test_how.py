"""« Comment ça marche »: figures of the public pages, and an empty state before the first of each."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from draws.models import DrawState
from opinions.models import OpinionState
from sessions.models import SittingState
from tests.draws.stage import draw_in
from tests.factories.answers import AnswerCaseFactory
from tests.factories.institution import TermFactory
from tests.factories.opinions import OpinionFactory, RecommendationFactory
from tests.factories.sessions import SittingFactory

pytestmark = pytest.mark.django_db
PATH = "/comment-ca-marche/"
EMPTY = (
    "Aucun tirage n’a encore eu lieu.",
    "Aucune plénière n’a encore de date.",
    "Aucun avis n’est encore publié.",
    "Aucun avis n’attend encore de réponse.",
)


def text(answer):
    return " ".join(strip_tags(answer.content.decode()).replace("\u00a0", " ").split())


def test_before_the_assembly_the_page_says_so(client):
    assert "l’assemblée n’est pas encore créée" in text(client.get(PATH))


def test_before_the_first_of_each_the_four_steps_say_so(client):
    TermFactory()
    answer = client.get(PATH)
    shown = text(answer)
    assert [sentence for sentence in EMPTY if sentence not in shown] == []
    assert answer.content.decode().count("how-drawing") == 4
    assert PATH in client.get("/").content.decode()
    assert PATH in client.get("/sitemap.xml").content.decode()


def test_the_figures_are_those_of_the_other_public_pages(client, people, django_assert_num_queries):
    draw = draw_in(people, DrawState.CERTIFIED)
    term = people.term
    for _ in range(2):
        SittingFactory(term=term)
    SittingFactory(term=term, held=True, starts_at=timezone.now() - timedelta(days=9))
    SittingFactory(term=term, is_public=False)
    SittingFactory(term=term, state=SittingState.CANCELLED, reason="Neige")
    opinion = OpinionFactory(term=term, state=OpinionState.PUBLISHED)
    OpinionFactory(term=term)
    for number in (1, 2):
        proposal = RecommendationFactory(opinion=opinion, number=number, reference=f"{opinion.reference}-P0{number}")
        AnswerCaseFactory(recommendation=proposal)
    with django_assert_num_queries(7):
        shown = text(answer := client.get(PATH))
    assert f"{draw.pool.quotas.seats} personnes tirées au sort" in shown
    assert f"Les boules sorties : {draw.result.balls}." in shown
    assert reverse("draws:public", args=[draw.reference]) in answer.content.decode()
    assert "4 plénières datées" in shown  # with the one that adopted the opinion
    assert "2 tenues, 2 à venir." in shown
    assert "1 avis rendu" in shown
    assert "2 préconisations." in shown
    assert "2 réponses attendues Aucune n’est encore donnée." in shown


def test_a_draw_that_is_not_drawn_or_is_void_shows_no_ball(client, people):
    draw_in(people, DrawState.ANNOUNCED)
    assert EMPTY[0] in text(client.get(PATH))
