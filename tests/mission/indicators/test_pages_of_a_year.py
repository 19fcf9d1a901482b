"""What pages say of a year that was counted: small cells, values, rights, comparison, the sheet."""

import csv
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from assembly.indicators.registry import indicator, indicators
from assembly.institution.models import RoleAssignment
from mission.indicators import actions as sheets
from mission.indicators.models import IndicatorSheet
from mission.indicators.queries import Reader, breakdown_figures, figures_of
from tests.browsing import StrictClient
from tests.mission.indicators.nights import yesterday

pytestmark = pytest.mark.django_db
HIDDEN = "masqué"


def page(people, role, route, *args, **asked):
    browser = StrictClient()
    if role:
        browser.enter(people.ready(people[role]))
    return browser.get(reverse(route, args=args), asked)


def words_of(cells):
    return {str(one.label): one.text for one in cells}


def cells(reader, key, breakdown):
    found = breakdown_figures(reader, indicator(key), yesterday())
    return next((one for one in found if one.breakdown.key == breakdown), None)


def test_a_cell_of_three_people_is_hidden_with_another_one_for_whoever_opens_no_rows(year):
    """Eight members in one canton, three in the other: one hidden alone would be told by the total.

    The public and the members read nothing of who sits but what was published as the profile.
    """
    assert cells(Reader(year.term), "assiduite", "canton") is None
    assert cells(Reader(year.term, year["member"], "member"), "assiduite", "canton") is None
    for role, area in (("sponsor", "directorate"), ("president", "directorate"), ("dir_contact", "directorate")):
        hidden = cells(Reader(year.term, year[role], area), "assiduite", "canton")
        assert words_of(hidden.figures).items() >= {"Canton du Nord": HIDDEN, "Canton du Sud": HIDDEN}.items(), role
        assert hidden.is_hidden, role
        assert all(one.is_hidden for one in hidden.figures), role
        assert all(one.value is None and one.numerator is None and not one.url for one in hidden.figures), role
    team = cells(Reader(year.term, year["officer"], "desk"), "assiduite", "canton")
    assert not any(one.is_hidden for one in team.figures)
    assert all(one.is_small for one in team.figures)
    assert {one.label: one.people for one in team.figures}.items() >= {"Canton du Nord": 8, "Canton du Sud": 3}.items()


def test_nothing_of_a_hidden_cell_is_on_any_page_of_those_who_open_no_rows(year):
    for role, route in ((None, "mission:public-indicator"), ("sponsor", "mission:public-indicator")):
        html = page(year, role, route, "assiduite").content.decode()
        assert "Canton du Nord" not in html
        assert "Canton du Sud" not in html
    rows = list(
        csv.reader(StringIO(page(year, "officer", "mission:indicators-export").content.decode()), delimiter=";")
    )
    # The file leaves as the public reads it: the whole, and no line of a canton, hidden or not.
    assert [row[2] for row in rows[:-3] if row[0] == "Assiduité"] == [""]


def test_no_breakdown_of_attendance_is_for_the_public(year):
    """Groups and sittings are the team’s; who sits, by canton, gender and age, is published once as the profile."""
    assert breakdown_figures(Reader(year.term), indicator("assiduite"), yesterday()) == []


@pytest.mark.parametrize(
    ("key", "value", "parts"),
    [
        ("sieges-pourvus", "100\u00a0%", "11 sur 11"),
        ("sieges-remplaces", "9,1\u00a0%", "1 sur 11"),
        ("candidatures", "3", ""),
        ("reunions", "1", ""),
        ("assiduite", "73,1\u00a0%", "19 sur 26"),
        ("heures-de-travail", "56\u00a0h", ""),
        ("auditions", "1", ""),
        ("personnes-entendues", "2", ""),
        ("amendements-adoptes", "50\u00a0%", "1 sur 2"),
        ("reponses-publiees", "3", ""),
        ("reponses-a-temps", "75\u00a0%", "3 sur 4"),
        ("suites-realisees", "50\u00a0%", "1 sur 2"),
        ("frais-rembourses", "1\u00a0€", ""),
    ],
)
def test_figures_of_a_year_counted_by_hand(year, key, value, parts):
    figure = figures_of(Reader(year.term, year["officer"], "desk"), [indicator(key)])[key]
    assert (figure.text, figure.parts) == (value, parts)


@pytest.mark.parametrize("one", indicators(), ids=lambda one: one.key)
def test_every_indicator_has_its_page_with_its_definition_and_its_witness(year, one):
    html = page(year, "officer", "mission:indicator", one.key).content.decode()
    assert "Comment c’est compté" in html
    is_only_witness = "Le relevé de la nuit est le seul témoin." in html
    assert is_only_witness is (not one.is_recomputable and not one.is_manual)
    public = page(year, None, "mission:public-indicator", one.key)
    assert public.status_code == (200 if one.is_public else 404)


def test_money_is_for_the_team_and_the_elected(year):
    assert "Coût d’une plénière" in page(year, "officer", "mission:indicators").content.decode()
    assert "Coût d’une plénière" in page(year, "sponsor", "mission:directorate-indicators").content.decode()
    for role, route in ((None, "mission:public-indicators"), ("member", "mission:my-indicators")):
        assert "Coût" not in page(year, role, route).content.decode()
    assert "Coût" not in page(year, "dir_contact", "mission:directorate-indicators").content.decode()


def test_a_directorate_reads_its_own_answers_first(year):
    answer = page(year, "dir_contact", "mission:directorate-indicators")
    assert [title for title, _figures in answer.context["themes"]] == ["Ce qui lui est répondu"]
    own = {(one.indicator.key, one.text, bool(one.url)) for one in answer.context["own"]}
    assert ("suites-realisees", "50\u00a0%", True) in own
    assert {key for key, _words, _url in own} == {"reponses-a-temps", "delai-de-reponse", "suites-realisees"}


@pytest.mark.parametrize("months", ["", "3", "999", "x", "9223372036854775808"])
def test_terms_are_compared_at_the_same_age(year, months):
    assert page(year, "officer", "mission:indicators-compare", mois=months).status_code == 200


def test_one_sheet_a_night_without_small_cells(year):
    first = sheets.make_sheet(year.term, by=year["officer"])
    assert sheets.make_sheet(year.term, by=year["lead"]) == first
    assert IndicatorSheet.objects.count() == 1
    assert first.reference == f"{year.term.code}-IND-01"
    names = [row["name"] for theme in first.content["themes"] for row in theme["figures"]]
    assert len(names) == len(indicators())
    with pytest.raises(PermissionDenied):
        sheets.make_sheet(year.term, by=year["facilitator"])
    with pytest.raises(PermissionDenied):
        sheets.seal_sheet(first, by=year["officer"])


@pytest.mark.parametrize(
    ("role", "route", "args"),
    [
        ("officer", "mission:indicators", []),
        ("sponsor", "mission:directorate-indicators", []),
        ("dir_contact", "mission:directorate-indicators", []),
        ("member", "mission:my-indicators", []),
        ("officer", "mission:indicator", ["assiduite"]),
    ],
)
def test_a_dashboard_reads_at_most_twenty_times(year, role, route, args, django_assert_max_num_queries):
    browser = StrictClient().enter(year.ready(year[role]))
    browser.get(reverse(route, args=args))
    with django_assert_max_num_queries(20):
        assert browser.get(reverse(route, args=args)).status_code == 200


def test_another_assembly_shows_nothing_of_ours(year):
    elsewhere = RoleAssignment.objects.select_related("term").get(user=year.elsewhere("lead")).term
    figures = figures_of(Reader(elsewhere, year.elsewhere("lead"), "desk"), indicators())
    assert all(one.day is None for one in figures.values())
