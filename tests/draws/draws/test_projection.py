"""The projection: each seat in its order, nothing before the names are public, odd steps refused."""

import pytest
from django.urls import reverse

from draws.draws.queries.draw import DrawnCanton, DrawnName
from draws.draws.queries.projection import name_lines, projection_of, seat_kinds
from draws.models import DrawState
from tests.draws.stage import draw_in

S = DrawState


def canton(number, name, people):
    return DrawnCanton(number, name, [DrawnName(f"V{n}", f"Prénom{n} N.", f"Commune{n}") for n in range(people)])


THREE = [canton(1, "Auterive", 4), canton(2, "Blagnac", 1), canton(3, "Portet-sur-Garonne", 6)]


@pytest.mark.parametrize(
    ("place", "kinds"),
    [
        (0, ["awaited"] * 11),
        (1, ["current", "next", *["awaited"] * 9]),
        (4, [*["current"] * 4, *["awaited"] * 7]),
        (5, [*["announced"] * 4, "current", *["awaited"] * 6]),
        (6, [*["announced"] * 5, "current", "next", *["awaited"] * 4]),
        (11, [*["announced"] * 5, *["current"] * 6]),
    ],
)
def test_each_seat_is_drawn_by_what_is_known_of_it(place, kinds):
    assert seat_kinds(THREE, place) == kinds


def test_a_large_canton_has_rows_of_four():
    rows = projection_of(THREE, 10).rows
    assert [(row.canton, row.first, row.last, row.following, row.is_shown) for row in rows] == [
        (1, 1, 4, "Blagnac", False),
        (2, 5, 5, "Portet-sur-Garonne", False),
        (3, 6, 9, "", False),
        (3, 10, 11, "", True),
    ]


def test_the_cantons_before_come_latest_first_and_the_one_at_hand_is_not_among_them():
    def announced(place):
        return [one.name for one in projection_of(THREE, place).cantons if one.is_announced]

    assert announced(0) == announced(4) == []
    assert announced(5) == ["Auterive"]
    assert announced(11) == ["Blagnac", "Auterive"]


def test_screen_readers_get_canton_seat_and_name():
    assert projection_of(THREE, 0).sentence == "11 sièges à attribuer."
    assert projection_of(THREE, 7).sentence == "Portet-sur-Garonne, siège 2 sur 6 : Prénom1 N."
    assert projection_of([canton(0, "Comité", 1)], 0).sentence == "1 siège à attribuer."


@pytest.mark.parametrize(
    ("name", "lines", "fit"),
    [
        ("Toulouse-1", ["Toulouse-1"], 1),
        ("Toulouse-10", ["Toulouse-10"], 2),
        ("Saint-Gaudens", ["Saint-", "Gaudens"], 2),
        ("Portet-sur-Garonne", ["Portet-", "sur-Garonne"], 2),
        ("La Salvetat-Saint-Gilles", ["La Salvetat-", "Saint-Gilles"], 3),
        ("Communauté-de-Saint-Bertrand-de-Comminges", ["Communauté-de-Saint-", "Bertrand-de-Comminges"], 6),
        ("Abcdefghijklmnopqrstuvwxyzabcdefghijklmn", ["Abcdefghijklmnopqrstuvwxyzabcdefghijklmn"], 7),
        ("-", ["-"], 1),
        ("", [""], 1),
    ],
)
def test_a_name_is_cut_where_it_stays_readable(name, lines, fit):
    assert name_lines(name) == (lines, fit)


@pytest.mark.django_db
@pytest.mark.parametrize("state", [S.COMPUTED, S.ANNOUNCED, S.DRAWN, S.CERTIFIED, S.VOID])
def test_nothing_is_served_before_the_names_are_public(state, client, people):
    draw = draw_in(people, state)
    assert client.get(reverse("draws:public-projection", args=[draw.reference])).status_code == 404
    assert client.get(reverse("draws:public-projection", args=[draw.reference]), {"place": 1}).status_code == 404


@pytest.mark.django_db
def test_each_step_is_an_address_with_the_names_of_the_public_page(client, people):
    draw = draw_in(people, S.REVEALED)
    url = reverse("draws:public-projection", args=[draw.reference])
    public = client.get(reverse("draws:public", args=[draw.reference]))
    assert url in public.content.decode()
    pages = [client.get(url), *(client.get(url, {"place": n}) for n in range(1, 5))]
    assert [page.status_code for page in pages] == [200] * 5
    for page in pages:
        assert [
            [(person.name, person.city) for person in canton.people]
            for canton in reversed(page.context["projection"].cantons)
        ] == [[(person.name, person.city) for person in canton.people] for canton in public.context["cantons"]]
    shown = [page.content.decode() for page in pages]
    assert [text.count('class="current') for text in shown] == [0, 1, 2, 1, 2]
    assert 'href="' + url + '?place=3"' in shown[2]
    assert 'href="' + url + '?place=1"' in shown[2]
    assert 'href="' + url + '"' in shown[1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "place", ["0", "5", "-1", "9223372036854775808", "abc", "", "²", "٣", "1 ", "1.0", "9" * 5000]
)
def test_an_odd_step_is_refused(place, client, people):
    draw = draw_in(people, S.REVEALED)
    assert client.get(reverse("draws:public-projection", args=[draw.reference]), {"place": place}).status_code == 404


@pytest.mark.django_db
def test_the_team_leaves_towards_the_ceremony_and_anybody_towards_the_draw(client, signed_in, people):
    draw = draw_in(people, S.REVEALED)
    desk = signed_in("officer").get(reverse("draws:projection", args=[draw.pk]))
    assert desk.context["back"] == reverse("draws:ceremony", args=[draw.pk])
    anybody = client.get(reverse("draws:public-projection", args=[draw.reference]))
    assert anybody.context["back"] == reverse("draws:public", args=[draw.reference])
