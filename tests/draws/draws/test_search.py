"""Who finds a draw: anybody once it was announced, the team before; nobody a name of who was drawn."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from draws.models import CallState, Draw
from tests.assembly.search.indexing import found, hits, index_everything
from tests.draws.inner import internal_draw_in
from tests.factories.candidates import CallFactory

pytestmark = pytest.mark.django_db
SEES = ("lead", "officer", "witness")
OTHERS = ("facilitator", "member", "president", "dpo", "stranger")
DRAW = ("draw", "Comité de suivi des chênes")


@pytest.mark.parametrize(
    ("state", "public"),
    [("draft", False), ("announced", True), ("drawn", True), ("revealed", True), ("void", True)],
)
def test_who_finds_an_internal_draw(state, public, people):
    internal_draw_in(people, state, title=DRAW[1])
    index_everything()
    for role in SEES:
        assert found(people[role], "chenes") == [DRAW]
    for user in [AnonymousUser(), *(people[role] for role in OTHERS), people.elsewhere("lead")]:
        assert found(user, "chenes") == ([DRAW] if public else [])


def test_a_draw_is_found_by_its_reference_and_leads_where_the_reader_may_go(people):
    draw = internal_draw_in(people, "announced", title=DRAW[1])
    index_everything()
    assert [hit.url for hit in hits(AnonymousUser(), draw.reference)] == [
        reverse("draws:public", args=[draw.reference])
    ]
    assert [hit.url for hit in hits(people["officer"], draw.reference)] == [reverse("draws:draw", args=[draw.pk])]


def test_no_name_of_a_member_leads_to_a_draw(people):
    draw = internal_draw_in(people, "revealed", title=DRAW[1])
    index_everything()
    person = draw.designations.first().mandate.member.person
    for words in (person.last_name, person.first_name, draw.designations.first().pseudonym):
        assert [kind for kind, _title in found(AnonymousUser(), words) if kind == "draw"] == []


def test_the_call_is_for_the_team(people):
    CallFactory(term=people.term, state=CallState.OPEN, decision="Délibération des peupliers")
    index_everything()
    assert [kind for kind, _title in found(people["lead"], "peupliers")] == ["call"]
    for user in [AnonymousUser(), *(people[role] for role in (*OTHERS, "witness")), people.elsewhere("lead")]:
        assert found(user, "peupliers") == []


def test_the_map_of_the_site_holds_announced_draws_of_this_house(client, people):
    draft, shown = internal_draw_in(people), internal_draw_in(people, "announced")
    page = client.get("/sitemap.xml").content.decode()
    pages = page if "<urlset" in page else client.get("/sitemap-draws.xml").content.decode()
    assert reverse("draws:public", args=[shown.reference]) in pages
    assert draft.reference not in pages
    assert Draw.objects.count() == 2


def test_the_public_list_has_each_draw_that_anybody_can_compute_again(client, people):
    draft, announced = internal_draw_in(people), internal_draw_in(people, "announced")
    page = client.get(reverse("draws:public-list")).text
    assert reverse("draws:public", args=[announced.reference]) in page
    assert draft.reference not in page
    assert "Le tirage a lieu le" in page


def test_before_any_draw_the_public_list_says_so(client, people):
    assert "Aucun tirage annoncé" in client.get(reverse("draws:public-list")).text
