"""A figure and the list that it opens have the same count, for every indicator, every cell and every role."""

import pytest
from django.urls import reverse

from assembly.indicators.registry import indicators
from assembly.institution.models import Term
from mission.indicators import rules
from mission.indicators.models import IndicatorValue
from tests.browsing import StrictClient
from tests.factories.members import SeatFactory

pytestmark = pytest.mark.django_db
ROLES = ("lead", "officer", "facilitator", "member", "sponsor", "president", "dir_contact", "dir_approver", "stranger")
TEAM = {"lead", "officer"}
ANSWERS = {"reponses-a-temps", "delai-de-reponse", "reponses-publiees", "suites-realisees"}
COUNTED = [one for one in indicators() if not one.is_manual]


@pytest.fixture
def people(year):
    return year


def opened(people, role, value):
    """Return the response to the address of the rows of that value, in the area of that role."""
    route = "mission:indicator-rows" if role in TEAM else "mission:directorate-indicator-rows"
    browser = StrictClient().enter(people.ready(people[role]))
    asked = {"jour": value.day.isoformat(), "detail": value.breakdown, "case": value.cell}
    return browser.get(reverse(route, args=[value.key]), asked)


def may_open(role, value, directorate):
    """Return by hand: the team all, the elected what is answered, a directorate its own cell of that."""
    if role in TEAM:
        return True
    if value.key not in ANSWERS:
        return False
    if role in {"sponsor", "president"}:
        return True
    return role.startswith("dir_") and (value.breakdown, value.cell) == ("direction", str(directorate))


@pytest.mark.parametrize("role", ROLES)
def test_a_figure_and_its_list_have_the_same_count(people, role):
    term = Term.objects.get(pk=people.term.pk)
    met = {"opened": 0, "refused": 0}
    for value in IndicatorValue.objects.filter(term=term).exclude(rows=None):
        one = next(each for each in COUNTED if each.key == value.key)
        opens = rules.opens(people[role], term, one, value.breakdown, value.cell)
        assert opens is may_open(role, value, people.directorate.pk), (value.key, value.breakdown, value.cell)
        # Every row of a few is read by hand, of the others one empty and one full cell a breakdown.
        if not opens:
            met["refused"] += 1
            continue
        rows = one.lines.visible_rows(cell_of(one, term, value), people[role])
        assert rows.count() == value.rows, (value.key, value.breakdown, value.cell)
        met["opened"] += 1
    assert bool(met["opened"]) is (role not in {"facilitator", "member", "stranger"})


def cell_of(one, term, value):
    from assembly.indicators.counting import cell_rows

    return cell_rows(one, term, value.day, one.breakdown(value.breakdown), value.cell)


@pytest.mark.parametrize("one", [one for one in COUNTED if one.lines], ids=lambda one: one.key)
def test_the_page_of_the_rows_says_the_count_of_the_figure(people, one):
    value = IndicatorValue.objects.whole().get(key=one.key)
    answer = opened(people, "officer", value)
    assert answer.status_code == 200
    assert answer.context["list"].count == value.rows
    assert answer.context["has_moved"] is False
    # The cells too: each breakdown, its largest cell.
    for breakdown in one.breakdowns:
        largest = IndicatorValue.objects.filter(key=one.key, breakdown=breakdown.key).order_by("-rows", "cell").first()
        answer = opened(people, "officer", largest)
        assert answer.context["list"].count == largest.rows, (breakdown.key, largest.cell)


@pytest.mark.parametrize("role", ["sponsor", "dir_contact", "dir_approver"])
def test_a_room_opens_what_its_reader_sees_and_nothing_else(people, role):
    whole = IndicatorValue.objects.whole().get(key="delai-de-reponse")
    own = IndicatorValue.objects.get(key="delai-de-reponse", breakdown="direction", cell=str(people.directorate.pk))
    assert opened(people, role, own).status_code == 200
    assert opened(people, role, whole).status_code == (200 if role == "sponsor" else 403)
    seats = IndicatorValue.objects.whole().get(key="sieges-pourvus")
    assert opened(people, role, seats).status_code == 403


def test_a_list_that_changed_since_its_night_says_so(people):
    """A seat that was created after the night."""
    value = IndicatorValue.objects.whole().get(key="sieges-pourvus")
    SeatFactory(term=people.term)
    answer = opened(people, "lead", value)
    assert answer.context["has_moved"] is True
    assert "La liste a changé depuis ce relevé." in answer.content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        {"jour": "1999-01-01"},
        {"jour": "hier"},
        {"detail": "canton", "case": "9223372036854775808"},
        {"detail": "rien", "case": "1"},
        {"detail": "x" * 30},
    ],
)
def test_an_address_that_means_no_figure_is_not_found(people, asked):
    browser = StrictClient().enter(people.ready(people["lead"]))
    assert browser.get(reverse("mission:indicator-rows", args=["assiduite"]), asked).status_code == 404
