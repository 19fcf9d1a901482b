import itertools
import re

import pytest

from assembly.web import drawings


@pytest.mark.parametrize("total", [1, 2, 7, 8, 13, 18, 40, 54, 106, 108, 300])
def test_the_hemicycle_has_exactly_the_seats_it_says(total):
    svg = drawings.hemicycle([], total=total, title="x")
    assert svg.count("<circle") == total


@pytest.mark.parametrize("total", [3, 12, 20, 45, 106, 108])
def test_no_seat_leaves_the_drawing(total):
    for x, y, size, _ring in drawings.seat_positions(total):
        assert 33 <= x - size
        assert x + size <= 367
        assert 29 <= y - size
        assert y + size <= 206


def test_each_vote_is_drawn_once_and_the_rest_stays_empty():
    svg = drawings.hemicycle([("pour", 71), ("contre", 9), ("abst", 6), ("nspp", 2)], total=108, title="x")
    counts = {kind: svg.count(f'class="{kind}"') for kind in ("pour", "contre", "abst", "nspp", "vide")}
    assert counts == {"pour": 71, "contre": 9, "abst": 6, "nspp": 2, "vide": 20}


def test_more_voters_than_seats_are_all_drawn():
    assert drawings.hemicycle([("pour", 5)], total=3, title="x").count('class="pour"') == 5


def test_votes_fill_from_left_to_right():
    svg = drawings.hemicycle([("pour", 54)], total=108, title="x")
    filled = [float(x) for x in re.findall(r'class="pour" cx="([\d.]+)"', svg)]
    empty = [float(x) for x in re.findall(r'class="vide" cx="([\d.]+)"', svg)]
    assert max(filled) <= 201
    assert min(empty) >= 199


@pytest.mark.parametrize("total", [1, 4, 17, 45, 108, 300])
def test_a_hemicycle_of_kinds_draws_each_seat_once_within_the_drawing(total):
    svg = drawings.hemicycle_of(["current"] * total)
    assert svg.count("<circle") == total
    for x, y, size, _ring in drawings.seat_positions(total, drawings.WIDE_RADII, drawings.WIDE_DOTS):
        assert 33 <= x - size <= x + size <= 367
        assert 29 <= y - size <= y + size <= 206


def test_four_seats_of_one_kind_are_a_ray_with_its_outer_seat_first():
    svg = drawings.hemicycle_of(["announced"] * 4 + ["current"] * 3 + ["next"] + ["awaited"] * 100)
    assert re.findall(r'class="(\w+) (\w)"', svg)[:8] == [
        *(("announced", row) for row in "abcd"),
        *(("current", row) for row in "abc"),
        ("next", "d"),
    ]
    xs = [float(x) for x in re.findall(r'cx="([\d.]+)"', svg)]
    assert xs[0] < xs[1] < xs[2] < xs[3]


@pytest.mark.parametrize("total", [108, 160, 300])
def test_no_two_seats_of_a_row_touch(total):
    seats = drawings.seat_positions(total)
    for ring in range(4):
        row = [(x, y, size) for x, y, size, one in seats if one == ring]
        for (x, y, size), (x2, y2, _size) in itertools.pairwise(row):
            assert ((x - x2) ** 2 + (y - y2) ** 2) ** 0.5 > 2 * size


def test_titles_are_escaped():
    assert "<script>" not in drawings.hemicycle([], total=1, title='"><script>')


def test_the_longest_bar_belongs_to_the_largest_value():
    rows = [{"label": "a", "value": 5, "text": "5"}, {"label": "b", "value": 10, "text": "10"}]
    widths = [float(w) for w in re.findall(r'class="v1"[^>]*width="([\d.]+)"', drawings.bar_chart(rows, title="t"))]
    assert widths == [drawings.BAR_ROOM / 2, drawings.BAR_ROOM]


def test_a_chart_says_its_figures_in_words():
    rows = [{"label": "15 à 29 ans", "value": 12, "text": "12 %", "reference": 26, "reference_text": "26 %"}]
    svg = drawings.bar_chart(rows, title="Âge")
    assert 'aria-label="Âge : 15 à 29 ans 12 %"' in svg
    assert "26 %" in svg


def test_bars_without_any_value_do_not_divide_by_zero():
    assert 'width="0.0"' in drawings.bar_chart([{"label": "a", "value": 0, "text": "0"}], title="t")
    assert "<rect" in drawings.thin_bar(0, 0, "pour")
    assert drawings.share_bar([]).startswith("<svg")


def test_the_parts_of_a_bar_fill_it():
    svg = drawings.share_bar([("s1", 1, "faite"), ("s2", 1, "en cours"), ("s4", 2, "refusées")])
    assert re.findall(r'class="(s\d)" x="([\d.]+)"', svg) == [("s1", "0.0"), ("s2", "250.0"), ("s4", "500.0")]
    assert 'aria-label="1 faite, 1 en cours, 2 refusées"' in svg


def test_a_label_too_long_to_stand_beside_its_bar_stands_whole_above_it():
    names = ["Direction de l’Autonomie", "Direction de l’Enfance", "Direction des Routes"]
    svg = drawings.bar_chart([{"label": name, "value": 1, "text": "1"} for name in names], title="t")
    assert re.findall(r'<text x="6" y="(\d+)">([^<]+)</text>', svg) == [
        ("14", "Direction de l’Autonomie"),
        ("61", "Direction de l’Enfance"),
        ("108", "Direction des Routes"),
    ]
    assert re.findall(r'class="v1" x="(\d+)" y="(\d+)"', svg) == [("0", "23"), ("0", "70"), ("0", "117")]
