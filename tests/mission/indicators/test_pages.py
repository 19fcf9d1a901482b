"""What pages and forms say: empty states, words, what is entered."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from assembly.indicators.registry import indicator
from assembly.institution.todo import todo_for
from mission.indicators import actions as indicators
from mission.indicators.models import ManualValue
from mission.indicators.queries import (
    Reader,
    breakdown_figures,
    figures_of,
    format_change,
    format_figure,
    months_earlier,
)
from mission.indicators.views import format_cell
from tests.browsing import StrictClient
from tests.mission.indicators.nights import begun_term, counted_night, yesterday
from tests.mission.indicators.year import a_year
from tests.people import People

pytestmark = pytest.mark.django_db
HIDDEN = "masqué"


def test_a_cell_without_a_value_says_nothing_of_the_code():
    assert [format_cell(value) for value in (None, "", True, Decimal("12.50"), "Revel")] == [
        "–",
        "–",
        "oui",
        "12,50",
        "Revel",
    ]


@pytest.fixture
def people(db):
    return People()


def entered(house, value="81.5", **facts):
    term = begun_term(house)
    told = {"day": yesterday(), "source": "Questionnaire de mars", "by": house["officer"]} | facts
    key = told.pop("key", "satisfaction")
    return indicators.enter_value(term, indicator(key), value=Decimal(value), **told)


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


def test_a_whole_of_three_people_is_hidden_too(people):
    entered(people, people=3)
    told = [indicator("satisfaction")]
    assert figures_of(Reader(people.term), told)["satisfaction"].text == HIDDEN
    assert figures_of(Reader(people.term, people["officer"], "desk"), told)["satisfaction"].text == "81,5\u00a0%"
    html = page(people, None, "mission:public-indicator", "satisfaction").content.decode()
    assert "81,5" not in html
    assert "Questionnaire de mars" not in html


def test_erased_candidates_count_and_open_no_list(people):
    a_year(people, erased=2)
    counted_night(people.term)
    reader = Reader(people.term, people["lead"], "desk")
    figure = figures_of(reader, [indicator("candidatures")])["candidatures"]
    assert (figure.text, figure.rows, figure.url) == ("5", None, "")
    answer = page(people, "lead", "mission:indicator-rows", "candidatures")
    assert answer.context["has_moved"] is True
    assert "n’est plus là : il reste 3 lignes aujourd’hui." in answer.content.decode().replace("\u00a0", " ")
    assert "None" not in answer.content.decode()


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
    assert format_figure(unit, None if value is None else Decimal(value)) == words


def test_changes_in_words():
    assert format_change("percent", Decimal(80), Decimal(83)) == "−\u00a03\u00a0points en un an"
    assert format_change("number", Decimal(5), Decimal(5)) == "stable sur un an"
    assert format_change("number", Decimal(5), None) == ""


def test_months_are_counted_back_to_the_end_of_a_short_one():
    assert [months_earlier(timezone.datetime(2026, 8, 31).date(), n).isoformat() for n in (6, 0, -6)] == [
        "2026-02-28",
        "2026-08-31",
        "2027-02-28",
    ]


def test_a_term_without_anything_says_when_figures_come(people):
    assert "Le premier relevé se fait cette nuit" in page(people, "lead", "mission:indicators").content.decode()
    assert "Les chiffres paraissent ici" in page(people, None, "mission:public-indicators").content.decode()
    assert "Les chiffres paraissent ici" in page(people, "member", "mission:my-indicators").content.decode()
    assert "Les chiffres paraissent ici" in page(people, "sponsor", "mission:directorate-indicators").content.decode()
    assert page(people, "lead", "mission:indicator", "assiduite").status_code == 200
    assert page(people, None, "mission:public-indicator", "assiduite").status_code == 200


def test_what_cannot_be_divided_says_why(people):
    counted_night(people.term)
    html = page(people, None, "mission:public-indicators").content.decode()
    assert "Aucune séance n’est encore close." in html
    assert "—" in html


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


def test_a_sheet_needs_a_night(people):
    answer = StrictClient().enter(people.ready(people["officer"])).post(reverse("mission:indicator-sheets"))
    assert answer.status_code == 422
    assert "Aucune nuit n’a encore été relevée." in answer.content.decode()
