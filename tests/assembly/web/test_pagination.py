from datetime import UTC, datetime

import pytest
from django.db.models import F
from django.db.models.functions import Length
from django.test import RequestFactory

from assembly.identity.models import Person, User
from assembly.web.pagination import keyset_page, sorting
from tests.factories.identity import PersonFactory, UserFactory

pytestmark = pytest.mark.django_db


def get(**query):
    return RequestFactory().get("/", query)


def all_pages(queryset, key="apres", start=None, **options):
    """Return every page from the first one (or from `start`), as lists of keys."""
    pages, at = [], start
    for _ in range(50):
        page = keyset_page(queryset, get(**({key: at} if at else {})), **options)
        pages.append([row.pk for row in page])
        at = page.after if key == "apres" else page.before
        if at is None:
            return pages
    raise AssertionError("the pages never end")


def flat(pages):
    return [key for page in pages for key in page]


@pytest.fixture
def persons():
    """Make seven persons, two with the same name."""
    return [PersonFactory(last_name=name) for name in ("Élie", "Abadie", "Zoé", "Élie", "Barthès", "Cazaux", "Diallo")]


@pytest.mark.parametrize("ordering", [("sort_name",), ("-sort_name",), ("last_name", "-pk"), ("-created_at",)])
def test_pages_hold_every_row_once_in_order(persons, ordering):
    expected = list(Person.objects.order_by(*ordering, "pk").values_list("pk", flat=True))
    assert flat(all_pages(Person.objects.all(), ordering=ordering, size=3)) == expected


def test_going_back_shows_the_same_pages(persons):
    forward = all_pages(Person.objects.all(), ordering=("sort_name",), size=3)
    last = keyset_page(Person.objects.all(), get(apres=forward[1][-1]), ordering=("sort_name",), size=3)
    back = all_pages(Person.objects.all(), key="avant", start=last.before, ordering=("sort_name",), size=3)
    assert back == [forward[1], forward[0]]


def test_first_and_last_page_know_their_neighbours(persons):
    first = keyset_page(Person.objects.all(), get(), ordering=("pk",), size=4)
    last = keyset_page(Person.objects.all(), get(apres=first.after), ordering=("pk",), size=4)
    assert (first.before, first.after, first.is_alone) == (None, first.rows[-1].pk, False)
    assert (last.before, last.after, len(last)) == (last.rows[0].pk, None, 3)
    assert keyset_page(Person.objects.all(), get(), size=7).is_alone


@pytest.mark.parametrize("ordering", [("anonymised_at", "pk"), ("-anonymised_at", "pk"), ("-anonymised_at", "-pk")])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_empty_values_have_a_place(persons, ordering, size):
    for person in persons[:3]:
        Person.objects.filter(pk=person.pk).update(anonymised_at=datetime(2026, 1, person.pk % 27 + 1, tzinfo=UTC))
    expected = list(Person.objects.order_by(*ordering).values_list("pk", flat=True))
    pages = all_pages(Person.objects.all(), ordering=ordering, size=size)
    assert flat(pages) == expected
    last = keyset_page(Person.objects.all(), get(apres=expected[-2]), ordering=ordering, size=size)
    back = all_pages(Person.objects.all(), key="avant", start=last.before, ordering=ordering, size=size)
    assert flat(reversed(back)) == expected[:-1]


def test_order_through_a_relation():
    users = [UserFactory(person__last_name=name) for name in "CAB"]
    expected = [users[1].pk, users[2].pk, users[0].pk]
    assert flat(all_pages(User.objects.all(), ordering=("person__sort_name",), size=1)) == expected


def test_order_by_a_computed_value(persons):
    computed = Person.objects.annotate(length=Length(F("last_name")))
    expected = list(computed.order_by("-length", "pk").values_list("pk", flat=True))
    assert flat(all_pages(computed, ordering=("-length",), size=2)) == expected


def test_the_row_where_a_page_begins_may_have_left_the_list(persons):
    edge = Person.objects.order_by("sort_name", "pk")[2]
    others = Person.objects.exclude(pk=edge.pk)
    page = keyset_page(others, get(apres=edge.pk), ordering=("sort_name",), size=9)
    assert [row.pk for row in page] == list(others.order_by("sort_name", "pk").values_list("pk", flat=True))[2:]


@pytest.mark.parametrize(
    "query",
    [
        {"apres": "999999"},
        {"apres": ""},
        {"apres": "-1"},
        {"apres": "1 OR 1=1"},
        {"apres": "9" * 5000},
        {"apres": "9223372036854775808"},
        {"apres": "１２"},
        {"apres": "\x00"},
        {"avant": "999999"},
        {"avant": "x"},
    ],
)
def test_a_hostile_number_gives_the_first_page(persons, query):
    page = keyset_page(Person.objects.all(), get(**query), ordering=("pk",), size=3)
    assert [row.pk for row in page] == [person.pk for person in persons[:3]]
    assert page.before is None


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_costs_one_query_and_a_later_one_two(django_assert_num_queries, rows):
    made = [PersonFactory() for _ in range(rows)]
    with django_assert_num_queries(1):
        keyset_page(Person.objects.all(), get(), ordering=("sort_name",))
    with django_assert_num_queries(2):
        keyset_page(Person.objects.all(), get(apres=made[0].pk), ordering=("sort_name",))


COLUMNS = {"nom": ("sort_name",), "date": ("-created_at", "sort_name")}


@pytest.mark.parametrize(
    ("query", "value", "ordering"),
    [
        ({}, "nom", ("sort_name",)),
        ({"tri": "date"}, "date", ("-created_at", "sort_name")),
        ({"tri": "-date"}, "-date", ("created_at", "-sort_name")),
        ({"tri": "password"}, "nom", ("sort_name",)),
        ({"tri": "--nom"}, "nom", ("sort_name",)),
        ({"tri": ""}, "nom", ("sort_name",)),
    ],
)
def test_the_order_is_one_the_list_allows(query, value, ordering):
    order = sorting(get(**query), COLUMNS, default="nom")
    assert (order.value, order.ordering) == (value, ordering)
