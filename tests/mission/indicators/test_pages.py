"""What the pages say: small cells, words, empty states, entries, the sheet, the file."""

import csv
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from assembly.indicators.registry import indicator, indicators
from assembly.institution.models import RoleAssignment
from assembly.institution.todo import todo_for
from mission.indicators import entering, sheets
from mission.indicators.figures import Reader, breakdown_figures, figures_of, months_earlier
from mission.indicators.models import IndicatorSheet, ManualValue
from mission.indicators.words import change_words, figure_words
from tests.browsing import StrictClient
from tests.mission.indicators.nights import begun_term, counted_night, yesterday
from tests.mission.indicators.year import a_year
from tests.people import People

pytestmark = pytest.mark.django_db
HIDDEN = "masqué"


@pytest.fixture
def people(db):
    return People()


@pytest.fixture
def year(people):
    a_year(people)
    counted_night(people.term)
    return people


def entered(house, value="81.5", **facts):
    term = begun_term(house)
    told = {"day": yesterday(), "source": "Questionnaire de mars", "by": house["officer"]} | facts
    key = told.pop("key", "satisfaction")
    return entering.enter_value(term, indicator(key), value=Decimal(value), **told)


def page(people, role, route, *args, **asked):
    browser = StrictClient()
    if role:
        browser.enter(people.ready(people[role]))
    return browser.get(reverse(route, args=args), asked)


def words_of(cells):
    return {str(one.label): one.words for one in cells}


# Small cells


def cells(reader, key, breakdown):
    found = breakdown_figures(reader, indicator(key), yesterday())
    return next((one for one in found if one.breakdown.key == breakdown), None)


def test_a_cell_of_three_people_is_hidden_with_another_one_for_whoever_opens_no_rows(year):
    """Eight members in one canton, three in the other: one hidden alone would be told by the total."""
    public = cells(Reader(year.term), "assiduite", "canton")
    assert words_of(public.figures).items() >= {"Canton du Nord": HIDDEN, "Canton du Sud": HIDDEN}.items()
    assert public.is_hidden
    for role, room in (("sponsor", "room"), ("president", "room"), ("dir_contact", "room"), ("member", "member")):
        hidden = cells(Reader(year.term, year[role], room), "assiduite", "canton")
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
        assert "Trop peu de personnes" in html
    rows = list(
        csv.reader(StringIO(page(year, "officer", "mission:indicators-export").content.decode()), delimiter=";")
    )
    hidden = [row for row in rows[:-3] if row[2] in ("Canton du Nord", "Canton du Sud") and row[0] == "Assiduité"]
    assert {row[4] for row in hidden} == {HIDDEN}
    assert {tuple(row[6:8]) for row in hidden} == {("", "")}


def test_a_whole_of_three_people_is_hidden_too(people):
    entered(people, people=3)
    told = [indicator("satisfaction")]
    assert figures_of(Reader(people.term), told)["satisfaction"].words == HIDDEN
    assert figures_of(Reader(people.term, people["officer"], "desk"), told)["satisfaction"].words == "81,5\u00a0%"
    html = page(people, None, "mission:public-indicator", "satisfaction").content.decode()
    assert "81,5" not in html
    assert "Questionnaire de mars" not in html


def test_groups_and_sittings_are_not_for_the_public(year):
    told = {one.breakdown.key for one in breakdown_figures(Reader(year.term), indicator("assiduite"), yesterday())}
    assert told == {"canton", "genre", "age"}


# What is gone still counts


def test_erased_candidates_count_and_open_no_list(people):
    a_year(people, erased=2)
    counted_night(people.term)
    reader = Reader(people.term, people["lead"], "desk")
    figure = figures_of(reader, [indicator("candidatures")])["candidatures"]
    assert (figure.words, figure.rows, figure.url) == ("5", None, "")
    answer = page(people, "lead", "mission:indicator-rows", "candidatures")
    assert answer.context["has_moved"] is True


# Values by hand


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
    assert (figure.words, figure.parts) == (value, parts)


@pytest.mark.parametrize(
    ("unit", "value", "words"),
    [
        ("percent", "82.1299", "82,1\u00a0%"),
        ("percent", "82", "82\u00a0%"),
        ("hours", "1234.4", "1\u00a0234\u00a0h"),
        ("days", "1", "1\u00a0jour"),
        ("days", "42.5", "42,5\u00a0jours"),
        ("euros", "1234.5", "1\u00a0234,50\u00a0€"),
        ("points", "-3.21", "−3,2\u00a0points"),
        ("number", None, "—"),
    ],
)
def test_values_in_words(unit, value, words):
    assert figure_words(unit, None if value is None else Decimal(value)) == words


def test_changes_in_words():
    assert change_words("percent", Decimal(80), Decimal(83)) == "−\u00a03\u00a0points en un an"
    assert change_words("number", Decimal(5), Decimal(5)) == "stable sur un an"
    assert change_words("number", Decimal(5), None) == ""


def test_months_are_counted_back_to_the_end_of_a_short_one():
    assert [months_earlier(timezone.datetime(2026, 8, 31).date(), n).isoformat() for n in (6, 0, -6)] == [
        "2026-02-28",
        "2026-08-31",
        "2027-02-28",
    ]


# Pages


def test_a_term_without_anything_says_when_figures_come(people):
    assert "Le premier relevé se fait cette nuit" in page(people, "lead", "mission:indicators").content.decode()
    assert "Les chiffres paraissent ici" in page(people, None, "mission:public-indicators").content.decode()
    assert "Les chiffres paraissent ici" in page(people, "member", "mission:own-indicators").content.decode()
    assert "Les chiffres paraissent ici" in page(people, "sponsor", "mission:room-indicators").content.decode()
    assert page(people, "lead", "mission:indicator", "assiduite").status_code == 200
    assert page(people, None, "mission:public-indicator", "assiduite").status_code == 200


def test_what_cannot_be_divided_says_why(people):
    counted_night(people.term)
    html = page(people, None, "mission:public-indicators").content.decode()
    assert "Aucune séance n’est encore close." in html
    assert "—" in html


@pytest.mark.parametrize("one", indicators(), ids=lambda one: one.key)
def test_every_indicator_has_its_page_with_its_definition_and_its_witness(year, one):
    html = page(year, "officer", "mission:indicator", one.key).content.decode()
    assert "Comment c’est compté" in html
    is_only_witness = "Le relevé de la nuit est le seul témoin." in html
    assert is_only_witness is (not one.recomputable and not one.is_manual)
    public = page(year, None, "mission:public-indicator", one.key)
    assert public.status_code == (200 if one.is_public else 404)


def test_money_is_for_the_team_and_the_elected(year):
    assert "Coût d’une plénière" in page(year, "officer", "mission:indicators").content.decode()
    assert "Coût d’une plénière" in page(year, "sponsor", "mission:room-indicators").content.decode()
    for role, route in ((None, "mission:public-indicators"), ("member", "mission:own-indicators")):
        assert "Coût" not in page(year, role, route).content.decode()
    assert "Coût" not in page(year, "dir_contact", "mission:room-indicators").content.decode()


def test_a_directorate_reads_its_own_answers_first(year):
    answer = page(year, "dir_contact", "mission:room-indicators")
    assert [title for title, _figures in answer.context["themes"]] == ["Ce qui lui est répondu"]
    own = {(one.indicator.key, one.words, bool(one.url)) for one in answer.context["own"]}
    assert ("suites-realisees", "50\u00a0%", True) in own
    assert {key for key, _words, _url in own} == {"reponses-a-temps", "delai-de-reponse", "suites-realisees"}


@pytest.mark.parametrize("months", ["", "3", "999", "x", "9223372036854775808"])
def test_terms_are_compared_at_the_same_age(year, months):
    assert page(year, "officer", "mission:indicators-compare", mois=months).status_code == 200


# What is entered


def test_an_entry_keeps_its_day_its_source_and_its_history(people):
    first = entered(people)
    second = entered(people, "79")
    assert (first.number, second.number) == (1, 2)
    assert list(ManualValue.objects.standing()) == [second]
    html = page(people, "officer", "mission:indicator", "satisfaction").content.decode()
    assert "81,5" in html
    assert "version 2" in html
    assert "Questionnaire de mars" in html


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"day": timezone.localdate() + timedelta(days=1)}, "day"),
        ({"day": timezone.localdate() - timedelta(days=4000)}, "day"),
        ({"value": "100.5"}, "value"),
        ({"key": "concertations", "value": "2.5"}, "value"),
        ({"key": "concertations", "value": "2", "place": ("niveau", "rien")}, "place"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(people, facts, code):
    with pytest.raises(ValidationError) as refused:
        entered(people, **facts)
    assert refused.value.code == code
    assert not ManualValue.objects.exists()


def test_only_the_owner_and_the_lead_enter(people):
    with pytest.raises(PermissionDenied):
        entered(people, by=people["facilitator"])
    with pytest.raises(PermissionDenied):
        entered(people, key="assiduite")
    assert entered(people, by=people["lead"]).number == 1


@pytest.mark.parametrize("value", ["", "abc", "-1", "1e999", "NaN", "9" * 40])
def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(people, value):
    begun_term(people)
    browser = StrictClient().enter(people.ready(people["officer"]))
    sent = {"value": value, "day": yesterday().isoformat(), "source": "Carnet de séance"}
    answer = browser.post(reverse("mission:indicator-entry", args=["parole-des-femmes"]), sent)
    assert answer.status_code == 422
    assert "Carnet de séance" in answer.content.decode()


def test_what_is_due_is_asked_of_the_team_in_one_line(people):
    term = begun_term(people)
    lines = [line for line in todo_for(people["officer"], "desk", term).lines if "indicateur" in str(line.title)]
    assert [str(line.title) for line in lines] == ["Saisir 4 indicateurs"]
    assert lines[0].due_on == months_earlier(term.starts_on, -6)
    entered(people)
    lines = [line for line in todo_for(people["officer"], "desk", term).lines if "indicateur" in str(line.title)]
    assert [str(line.title) for line in lines] == ["Saisir 3 indicateurs"]
    assert not [
        line for line in todo_for(people["facilitator"], "desk", term).lines if "indicateur" in str(line.title)
    ]


# The sheet


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
        sheets.seal(first, by=year["officer"])


def test_a_sheet_needs_a_night(people):
    answer = StrictClient().enter(people.ready(people["officer"])).post(reverse("mission:indicator-sheets"))
    assert answer.status_code == 422
    assert "Aucune nuit n’a encore été relevée." in answer.content.decode()


# Statements


@pytest.mark.parametrize(
    ("role", "route", "args"),
    [
        ("officer", "mission:indicators", []),
        ("sponsor", "mission:room-indicators", []),
        ("dir_contact", "mission:room-indicators", []),
        ("member", "mission:own-indicators", []),
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
