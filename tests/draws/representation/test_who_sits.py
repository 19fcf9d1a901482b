"""« Qui siège »: seats and public names by canton, the map beside the list, figures beside the population."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from draws.models import Draw, DrawState, Placement
from draws.representation.actions import publish_profile
from draws.representation.who_sits import TILES, cut_name, seats_of, short_name
from members.models import Mandate, Member, Seat
from tests.draws.stage import draw_in
from tests.factories.institution import AssemblyFactory, CantonFactory, TermFactory
from tests.factories.members import MandateFactory, SeatFactory

pytestmark = pytest.mark.django_db
PATH = "/qui-siege/"


@pytest.fixture
def canton(people):
    return CantonFactory(assembly=people.assembly, insee_code="31395", name="Muret", slug="muret")


def sitting(people, canton, first_name, last_name="Pujol", **values):
    mandate = MandateFactory(term=people.term, member__canton=canton, **values)
    person = mandate.member.person
    person.first_name, person.last_name = first_name, last_name
    person.save()
    return mandate


def draw_without_seats(people, state):
    draw = draw_in(people, state)
    Seat.objects.filter(term=people.term).delete()
    return draw


def placed(draw, people, *mandates, **values):
    for mandate in mandates:
        pseudonym = f"V{mandate.pk:04d}"
        Placement.objects.create(
            draw=draw, pseudonym=pseudonym, mandate=mandate, placed_by=people["officer"], **values
        )


def line_of(client, canton):
    page = client.get(PATH).text
    row = re.search(rf'<tr id="c-{canton.slug}">(.*?)</tr>', page, re.S)
    assert row
    return " ".join(re.sub(r"<[^>]+>", " ", row[1]).split())


def test_a_canton_names_whom_the_draw_named_and_counts_the_others(people, canton, client):
    draw = draw_without_seats(people, DrawState.REVEALED)
    yvette, amina, later = (sitting(people, canton, name) for name in ("Yvette", "Amina", "Karima"))
    placed(draw, people, yvette, amina)
    placed(draw, people, later, instead_of="V9999")
    SeatFactory(term=people.term, canton=canton)
    assert line_of(client, canton) == "Muret Amina P., Yvette P. et une autre personne 1 siège à pourvoir"


def test_nobody_is_named_before_the_draw_names_them_nor_after_they_left(people, canton, client):
    draw = draw_without_seats(people, DrawState.CERTIFIED)
    mandate = sitting(people, canton, "Amina")
    placed(draw, people, mandate)
    assert line_of(client, canton) == "Muret 1 siège tenu"
    now = timezone.now()
    Draw.objects.filter(pk=draw.pk).update(state=DrawState.REVEALED, revealed_at=now)
    assert line_of(client, canton) == "Muret Amina P."
    today = timezone.localdate()
    Mandate.objects.filter(pk=mandate.pk).update(
        state="ended", ended_on=today, end_reason="moved", activated_on=today - timedelta(days=30)
    )
    assert line_of(client, canton) == "Muret 1 siège à pourvoir"


def test_a_suspended_person_is_shown_as_every_other(people, canton, client):
    draw = draw_without_seats(people, DrawState.REVEALED)
    placed(draw, people, sitting(people, canton, "Amina", suspended=True))
    assert line_of(client, canton) == "Muret Amina P."


def test_the_page_reveals_no_gender_and_no_family_name(people, canton, client):
    draw = draw_without_seats(people, DrawState.REVEALED)
    placed(draw, people, sitting(people, canton, "Amina", "Lafforgue"))
    page = client.get(PATH).text
    assert "Lafforgue" not in page
    assert "un siège de femme" not in page.casefold()


def test_another_assembly_stays_out(people, canton, client):
    sitting(people, canton, "Amina")
    other = AssemblyFactory(slug="autre")
    term = TermFactory(assembly=other)
    elsewhere = CantonFactory(assembly=other, name="Ailleurs", slug="ailleurs")
    MandateFactory(term=term, member__canton=elsewhere)
    assert "Ailleurs" not in client.get(PATH).text


def test_the_map_has_one_tile_a_canton_and_its_link_leads_to_the_line(people, canton, client):
    sitting(people, canton, "Amina")
    page = client.get(PATH).text
    targets = re.findall(r'<a href="#(c-[\w-]+)" tabindex="-1">', page)
    assert targets == ["c-muret"]
    assert f'id="{targets[0]}"' in page


def test_an_assembly_with_other_cantons_has_the_list_alone(people, client):
    long = CantonFactory(assembly=people.assembly, name="Quarante lettres pour un canton imaginaire")
    MandateFactory(term=people.term, member__canton=long)
    page = client.get(PATH).text
    assert "tile-map" not in page
    assert long.name in page


def test_no_two_tiles_share_a_place():
    assert len(TILES) == len(set(TILES.values())) == 27


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Muret", ["Muret"]),
        ("Toulouse-11", ["Toulouse-11"]),
        ("Portet-sur-Garonne", ["Portet-", "sur-Garonne"]),
        ("Saint-Gaudens", ["Saint-", "Gaudens"]),
    ],
)
def test_a_long_name_is_cut_at_its_first_hyphen(name, lines):
    assert cut_name(name) == lines


def test_cantons_with_as_many_seats_are_told_in_the_heading(people, canton, client):
    revel = CantonFactory(assembly=people.assembly, name="Revel", slug="revel")
    for each in (canton, revel):
        for _ in range(2):
            SeatFactory(term=people.term, canton=each)
    assert "2 sièges par canton" in client.get(PATH).text
    SeatFactory(term=people.term, canton=revel)
    assert "Les sièges, canton par canton" in client.get(PATH).text
    assert seats_of(people.term).each is None


def test_ages_far_from_the_population_are_quoted_and_small_numbers_are_not(people, canton, client):
    made = [sitting(people, canton, f"N{place}") for place in range(20)]
    year = timezone.localdate().year
    for place, mandate in enumerate(made):
        Member.objects.filter(pk=mandate.member_id).update(birth_year=year - (65 if place < 12 else 50))
    publish_profile(people.term)
    page = " ".join(client.get(PATH).text.split())
    assert re.search(r"<b>60\s%</b> ont 60 à 74 ans, contre 17\s% de la population", page)
    assert "ont moins de 30 ans" not in page


def test_before_anybody_sits_the_page_says_so(people, client):
    assert people.term
    page = client.get(PATH).text
    assert "Personne ne siège encore" in page
    assert "tile-map" not in page


def test_without_an_assembly_there_is_no_page(db, client):
    assert client.get(PATH).status_code == 404


def test_the_public_menu_leads_to_it(people, client):
    assert f'href="{reverse("draws:public-who-sits")}"' in client.get("/").text


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Auterive", "Auterive"),
        ("Plaisance-du-Touch", "Plaisan."),
        ("Toulouse-11", "T-11"),
        ("Saint-Gaudens", "Saint-G."),
        ("La Salvetat", "La Salv."),
        ("Pechbo-nnieu", "Pechbo."),
    ],
)
def test_a_small_tile_holds_a_short_name(name, short):
    assert short_name(name) == short
