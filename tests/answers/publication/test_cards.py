"""The cards of an opinion: the answer in its first words and how far it is, as the table and the thread have it."""

import re
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from answers.models import AnswerCase, AnswerCaseState, AnswerValue, FollowUpState
from answers.publication.cards import MOST_OF_ANSWER, excerpt_of
from opinions.models import Opinion, Recommendation
from opinions.papers import public_pages
from tests.answers.publication.test_public import answered, cards, one_of, opinion_of, readable, text
from tests.factories.answers import AnswerCaseFactory
from tests.factories.follow_up import FollowUpFactory, ProgressUpdateFactory

pytestmark = pytest.mark.django_db
S, V, F = AnswerCaseState, AnswerValue, FollowUpState
TODAY = timezone.localdate()


def html_of(client, address):
    cache.clear()
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.text


def cards_on(html):
    """Return the text of each card."""
    listed = html.split('<ol class="proposal-cards">')[1].split("</ol>")[0]
    return [readable(one) for one in re.findall(r'<li id="preconisation.*?</li>', listed, re.DOTALL)]


def numbers_on(html):
    """Return the addresses and the words of the numbers above the cards."""
    row = re.search(r'<nav class="card-numbers.*?</nav>', html, re.DOTALL)
    links = re.findall(r'<a href="([^"]+)"[^>]*>(.*?)</a>', row[0], re.DOTALL) if row else []
    return {readable(words): address for address, words in links}


@pytest.mark.parametrize(
    ("whole", "shown"),
    [
        ("", ""),
        ("Oui, dès la rentrée.", "Oui, dès la rentrée."),
        ("Oui, dès la rentrée. Non pour le reste.", "Oui, dès la rentrée."),
        ("Oui dès mars.\n\nNon ensuite.", "Oui dès mars."),
        ("Ce que demande M. Vidal existe déjà.", "Ce que demande M. Vidal existe déjà."),
        ("Pourquoi pas ? Nous étudions.", "Pourquoi pas ? Nous étudions."),
        ("mot " * 60, "mot " * 29 + "mot…"),
    ],
)
def test_the_first_words_are_a_sentence_or_are_cut_between_two_words(whole, shown):
    assert excerpt_of(whole, MOST_OF_ANSWER) == shown


@pytest.mark.parametrize("value", V)
def test_a_card_has_title_answer_and_first_words(value, people, client):
    opinion = opinion_of(people, 2)
    answer = answered(people, one_of(opinion), value)
    html = html_of(client, cards(opinion))
    first, second = cards_on(html)
    label = answer.get_value_display()
    assert first.startswith(f"1 Préconisation 1 : Proposition 0 {label[0].upper()}{label[1:]} ")
    assert readable(excerpt_of(answer.body, MOST_OF_ANSWER)) in first
    assert f'class="proposal-dot dot-{value}"' in html
    assert second == "2 Préconisation 2 : Proposition 1 Sans réponse attendue"


def test_what_is_not_answered_shows_its_clock(people, client):
    opinion = opinion_of(people, 3)
    for number, days in ((1, 12), (2, -40)):
        AnswerCaseFactory(
            recommendation=one_of(opinion, number),
            opened_on=TODAY - timedelta(days=100),
            due_on=TODAY + timedelta(days=days),
        )
    AnswerCaseFactory(recommendation=one_of(opinion, 3), state=S.CANCELLED)
    soon, late, cancelled = cards_on(html_of(client, cards(opinion)))
    assert "Réponse attendue Réponse attendue avant le" in soon
    assert soon.endswith("dans 12 jours.")
    assert "Réponse en retard Réponse attendue avant le" in late
    assert late.endswith("en retard de 40 jours.")
    assert cancelled.endswith("Sans réponse attendue")


@pytest.mark.parametrize(
    ("state", "full", "words"),
    [
        (F.PLANNED, 1, "À commencer"),
        (F.IN_PROGRESS, 2, "En cours"),
        (F.DELAYED, 2, "Retardée"),
        (F.DONE, 4, "Réalisée"),
        (F.ABANDONED, 0, "Abandonnée"),
    ],
)
def test_the_foot_of_a_card_is_the_last_update(state, full, words, people, client):
    opinion = opinion_of(people, 1)
    follow_up = FollowUpFactory(case=answered(people, one_of(opinion)).case, state=state)
    if follow_up.is_open:
        ProgressUpdateFactory(follow_up=follow_up, text="Seize agents sont formés sur vingt-deux. Le reste suivra.")
    html = html_of(client, cards(opinion))
    foot = html.split('<p class="card-progress')[1].split("</p>")[0]
    assert foot.count('<i class="current">') == full
    assert f"<b>{words}</b>" in foot
    if follow_up.is_open:
        assert "Seize agents sont formés sur vingt-deux.</span>" in foot


def test_a_refusal_gives_its_reason_and_what_exists_its_day(people, client):
    opinion = opinion_of(people, 2)
    answered(people, one_of(opinion, 1), V.REJECTED)
    answered(people, one_of(opinion, 2), V.ALREADY_DONE, done_since=date(2026, 9, 1))
    refused, exists = cards_on(html_of(client, cards(opinion)))
    assert "Motif :" in refused
    assert exists.endswith("En place Depuis le 1er septembre 2026")


def test_the_numbers_above_the_cards_are_those_of_the_cards(people, client):
    opinion = opinion_of(people, len(V) + 3)
    for number, value in enumerate(V, start=1):
        answered(people, one_of(opinion, number), value)
    AnswerCaseFactory(recommendation=one_of(opinion, len(V) + 1))
    AnswerCaseFactory(recommendation=one_of(opinion, len(V) + 2))
    Recommendation.objects.filter(opinion=opinion, number__in=(1, 8)).update(is_priority=True)
    found = numbers_on(html_of(client, cards(opinion)))
    assert list(found) == [
        *("Toutes, 9", "Acceptée, 1", "Acceptée en partie, 1", "Déjà en place, 1", "À l’étude, 1", "Transmise, 1"),
        *("Refusée, 1", "Réponses attendues, 2", "Sans réponse attendue, 1", "Priorités, 2"),
    ]
    assert len(cards_on(html_of(client, found["Toutes, 9"]))) == 9
    shown = {words: cards_on(html_of(client, address)) for words, address in found.items()}
    assert [len(rows) for rows in shown.values()] == [int(words.rpartition(" ")[2]) for words in shown]
    assert [row[0] for row in shown["Réponses attendues, 2"]] == ["7", "8"]
    assert [row[0] for row in shown["Priorités, 2"]] == ["1", "8"]
    current = html_of(client, found["Refusée, 1"])
    assert numbers_on(current) == found
    assert current.count('aria-current="true"') == 1


def columns_on(html):
    """Return what each column of the home page says, with its address and its dots."""
    rows = re.findall(r"<li>(.*?)</li>", html.split('<ul class="answer-columns">')[1].split("</ul>")[0], re.DOTALL)
    links = [re.search(r'<a class="answer-figure" href="([^"]+)">(.*?)</a>', row, re.DOTALL) for row in rows]
    return {readable(link[2]): (link[1], row.count("proposal-dot")) for link, row in zip(links, rows, strict=True)}


def test_the_home_has_one_dot_a_recommendation_and_leads_to_those_of_each_answer(people, client):
    opinion = opinion_of(people, 6)
    for number, value in ((1, V.ACCEPTED), (2, V.ACCEPTED), (3, V.REJECTED)):
        answered(people, one_of(opinion, number), value)
    for number, days in ((4, 12), (5, -40)):
        AnswerCaseFactory(
            recommendation=one_of(opinion, number),
            opened_on=TODAY - timedelta(days=100),
            due_on=TODAY + timedelta(days=days),
        )
    found = columns_on(html_of(client, "/"))
    assert {words: dots for words, (_address, dots) in found.items()} == {
        "2 Acceptées": 2,
        "1 Refusée": 1,
        "2 Réponses attendues, dont 1 en retard": 2,
        "1 Sans réponse attendue": 1,
    }
    for words, (address, dots) in found.items():
        assert len(cards_on(html_of(client, address))) == dots, words


def test_an_address_that_asks_for_nothing_known_shows_all_and_is_cached_once(people, client, monkeypatch):
    opinion = opinion_of(people, 3)
    answered(people, one_of(opinion))
    assert "Aucune préconisation n’a cette réponse." in text(client, f"{cards(opinion)}?reponse=rejected")
    made = []
    make = public_pages.asked_cards
    monkeypatch.setattr(public_pages, "asked_cards", lambda query: made.append(make(query)) or made[-1])
    for query in ("", "?reponse=xyz", "?reponse=", "?reponse=ACCEPTED", "?priorite=2"):
        assert len(cards_on(html_of(client, cards(opinion) + query))) == 3
    assert set(made) == {("", False)}


def test_one_recommendation_has_no_numbers_above(people, client):
    opinion = opinion_of(people, 1)
    answered(people, one_of(opinion))
    assert numbers_on(html_of(client, cards(opinion))) == {}


def test_an_opinion_answered_as_a_whole_shows_its_answer_in_place_of_cards(people, client):
    case = AnswerCaseFactory(whole=True, whole_of__term=people.term)
    html = html_of(client, cards(case.whole_of))
    assert "proposal-cards" not in html
    assert "La réponse du Conseil départemental à l’avis" in readable(html)
    assert "Réponse Texte Votes" in readable(html)


def test_a_card_leaves_with_its_recommendation(people, client):
    opinion = opinion_of(people, 2)
    gone = one_of(opinion, 2)
    Recommendation.objects.filter(pk=gone.pk).update(state="removed")
    assert len(cards_on(html_of(client, cards(opinion)))) == 1
    assert AnswerCase.objects.count() == 0
    assert Opinion.objects.get(pk=opinion.pk).published_at
