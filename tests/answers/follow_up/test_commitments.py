"""« Engagements »: the words of the answer, by when, where it stands; public, narrowed, paged, taken away."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from answers.models import FollowUpState
from tests.answers.follow_up.test_pages import public_one
from tests.answers.publication.test_public import opinion_of, readable, statements
from tests.answers.stage import answered_by
from tests.factories.follow_up import FollowUpFactory, MilestoneFactory, ProgressUpdateFactory
from tests.factories.opinions import OpinionFactory, RecommendationFactory

pytestmark = pytest.mark.django_db
S = FollowUpState
PAGE, FILE = "/engagements/", "/engagements/engagements.csv"


def rows_of(answer):
    rows = csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";")
    return [row for row in rows if not row["Référence"].startswith("# ")]


def test_anybody_reads_what_was_promised_and_where_it_stands(people, client, signed_in):
    opinion = opinion_of(people, 3)
    going, done, _begun = (
        public_one(people, n, opinion, state=state) for n, state in ((1, S.IN_PROGRESS), (2, S.DONE), (3, S.PLANNED))
    )
    past = timezone.localdate() - timedelta(days=3)
    MilestoneFactory(follow_up=going, label="Le bus part", planned_on=past)
    ProgressUpdateFactory(follow_up=going, text="Le bus est commandé.", link="https://www.example.org/bus")
    ProgressUpdateFactory(
        follow_up=going,
        text="Un nom.",
        withdrawn_at=timezone.now(),
        withdrawn_by=people["lead"],
        withdrawn_reason="Nom.",
    )
    secret = RecommendationFactory(opinion=OpinionFactory(term=people.term, state="handed_over"), numbered=True)
    hidden = FollowUpFactory(case=answered_by(people, "published", recommendation=secret))
    promised = going.case.answers.get()
    page = client.get(PAGE)
    words = readable(page.text)
    for told in (
        promised.action or promised.retained or promised.body,
        "Le bus est commandé.",
        "https://www.example.org/bus",
        "Le bus part",
        people.directorate.name,
        going.case.reference,
        "Bien vieillir",
    ):
        assert told in words, told
    assert "jour promis passé" in words.lower()
    assert "Un nom." not in words
    assert hidden.case.reference not in words
    assert reverse("answers:thread", args=[going.case.reference]) in page.text
    kept = rows_of(client.get(FILE, {"etat": "done"}))
    assert [row["Référence"] for row in kept] == [done.case.reference]
    assert (kept[0]["État"], kept[0]["Ce qui le montre"]) == ("Réalisée", "https://www.haute-garonne.fr/bus")
    assert len(rows_of(client.get(FILE))) == 3
    for query, number in (
        ({"direction": people.directorate.pk}, 3),
        ({"etat": "abandoned"}, 3),
        ({"avis": "x"}, 3),
    ):
        assert client.get(PAGE, query).context["count"] == number, query
    assert "Ouvrir le suivi" in signed_in("officer").get(reverse("answers:commitments")).text
    assert len(rows_of(signed_in("lead").get(reverse("answers:commitments-export")))) == 4


def test_a_theme_narrows_where_there_are_some(people, client):
    opinion = opinion_of(people, 2)
    row = public_one(people, 1, opinion)
    public_one(people, 2, opinion)
    assert "theme" not in client.get(PAGE).context["form"].fields
    type(row.case.recommendation).objects.filter(pk=row.case.recommendation_id).update(theme="Mobilité")
    cache.clear()
    page = client.get(PAGE, {"theme": "Mobilité"})
    assert [one.follow_up.pk for one in page.context["rows"]] == [row.pk]
    assert rows_of(client.get(FILE))[0]["Thème"] in {"Mobilité", ""}


def test_the_page_costs_the_same_however_many_there_are(people, client, signed_in):
    opinion = opinion_of(people, 30)
    desk, address = signed_in("lead"), reverse("answers:commitments")

    def counted():
        desk.get(address)  # menus and what waits are kept until a table changes
        with CaptureQueriesContext(connection) as asked:
            desk.get(address)
        return statements(client, PAGE), len(asked)

    for number in (1, 2, 3):
        MilestoneFactory(follow_up=public_one(people, number, opinion))
    few = counted()
    for number in range(4, 31):
        ProgressUpdateFactory(follow_up=public_one(people, number, opinion))
    assert counted() == few == (10, 12)
    assert len(client.get(PAGE).context["rows"]) == 25
