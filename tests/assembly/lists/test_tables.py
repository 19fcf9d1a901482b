"""A column said once is the same on the screen, in the order and in the file."""

import csv
import io

import pytest
from django import forms
from django.test import RequestFactory
from django.utils import timezone

from assembly.identity.models import Person, User
from assembly.lists import Column, Table
from assembly.web.forms import ListFilter
from tests.factories.identity import PersonFactory

pytestmark = pytest.mark.django_db

PEOPLE = Table(
    "Personnes d’essai",
    [
        Column("Nom", "last_name", key="nom", order=["last_name"], short_label="Personne"),
        Column("Contact", "get_channel_display", key="contact"),
        Column("Lettres", lambda person: len(person.last_name), key="lettres", number=True),
        Column("Prénom", "first_name"),
        Column("Action", key="action"),
    ],
    default="nom",
    orders={"prenom": ["first_name"]},
)


@pytest.fixture(autouse=True)
def people():
    for last, first in (("Abadie", "Zoé"), ("Barthès", "Anne"), ("Cazaux", "=1+1")):
        PersonFactory(last_name=last, first_name=first)


def get(**query):
    request = RequestFactory().get("/", query)
    request.user = User(person=Person(first_name="Odile", last_name="Faure"))
    return request


class Narrowed(ListFilter):
    q = forms.CharField(label="Chercher", required=False)


def lines(response):
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def test_the_screen_has_the_columns_with_a_key_in_their_order():
    shown = PEOPLE.page(get(), Person.objects.all())
    assert [column["label"] for column in shown.columns] == ["Personne", "Contact", "Lettres", "Action"]
    assert [column["key"] for column in shown.columns] == ["nom", "", "", ""], "only what has an order is sorted"
    assert [person.last_name for person in shown.page] == ["Abadie", "Barthès", "Cazaux"]
    assert shown.count == 3


def test_a_cell_tells_the_narrow_screen_its_column():
    cell = PEOPLE.page(get(), Person.objects.all()).cell
    assert cell["contact"] == 'data-l="Contact"'
    assert cell["lettres"] == 'class="r" data-l="Lettres"'


def test_words_of_a_column_are_escaped():
    quoted = Table("x", [Column('a"b', key="x")], default="x", orders={"x": ["pk"]})
    assert quoted.page(get(), Person.objects.all()).cell["x"] == 'data-l="a&quot;b"'


def test_the_file_has_the_columns_with_a_value_whole_and_in_the_order_asked():
    response = PEOPLE.file(get(tri="-nom"), Person.objects.all())
    name = f"personnes-dessai-{timezone.localdate():%Y-%m-%d}.csv"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    header, *rows, place, told, made = lines(response)
    assert header == ["Nom", "Contact", "Lettres", "Prénom"]
    assert [row[0] for row in rows] == ["Cazaux", "Barthès", "Abadie"]
    assert rows[0][2:] == ["6", "'=1+1"], "a number stays one, a formula does not run"
    assert (place, told) == (["# Personnes d’essai"], ["# Sans filtre"])
    assert made[0].endswith("par Odile Faure")


def test_the_file_says_where_and_what_it_was_narrowed_by():
    asked = get(q="ab")
    *_rows, place, told, _made = lines(PEOPLE.file(asked, Person.objects.all(), Narrowed(asked.GET), "Ici"))
    assert (place, told) == (["# Personnes d’essai, Ici"], ["# Chercher\u00a0: ab"])


def test_an_order_without_column_and_one_that_does_not_exist():
    assert PEOPLE.ordering(get(tri="prenom")).ordering == ("first_name",)
    assert PEOPLE.ordering(get(tri="contact")).ordering == ("last_name",)
