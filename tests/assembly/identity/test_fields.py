"""Choosing a person: the whole list while it is short, a name to write where it is not."""

import pytest
from django.http import QueryDict

from assembly.identity.fields import PeopleField, PersonField
from assembly.identity.models import Person, User
from assembly.web import pagination
from assembly.web.forms import StyledForm
from tests.factories.identity import PersonFactory, UserFactory

pytestmark = pytest.mark.django_db
NAMES = [("Gisèle", "Rouquette"), ("Gisèle", "de l’Isle"), ("Jean-Luc", "Roux"), ("Marie", "Roux")]


class ChoiceForm(StyledForm):
    person = PersonField(queryset=Person.objects.none(), required=False, empty_label="À désigner")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Person.objects.order_by("sort_name", "pk")


@pytest.fixture
def crowd():
    return [PersonFactory(first_name=first, last_name=last, city=f"Ville {last}") for first, last in NAMES]


@pytest.fixture
def many(crowd, monkeypatch):
    monkeypatch.setattr(pagination, "WHOLE_LIST", 3)
    return crowd


def sent(**data):
    query = QueryDict(mutable=True)
    query.update(data)
    return ChoiceForm(query)


def answer(form):
    return form.cleaned_data["person"] if form.is_valid() else form.errors.as_data()["person"][0].code


def test_a_short_list_shows_everybody_and_who_they_are(crowd, django_assert_num_queries):
    with django_assert_num_queries(1):
        html = str(ChoiceForm(initial={"person": crowd[2]})["person"])
    assert html.count("<option") == 5
    assert f'<option value="{crowd[2].pk}" selected>Jean-Luc Roux, Ville Roux</option>' in html
    assert "À désigner" in html
    assert answer(sent(person=str(crowd[1].pk))) == crowd[1]
    assert answer(sent(person="")) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("rouquette", 0),
        ("GISELE Rouquette", 0),
        ("Rouquette, Gisèle", 0),
        ("de l'isle", 1),
        ("Jean Luc", 2),
        ("Roux", "several"),
        ("Gisèle", "several"),
        ("Dupont", "nobody"),
        ("%", "nobody"),
        ("-", "nobody"),
        ("999999999999999999999", "invalid_choice"),
        ("²", "nobody"),
        ("   ", None),
    ],
)
def test_beyond_a_name_is_enough(many, text, found):
    assert answer(sent(person=text)) == (many[found] if isinstance(found, int) else found)


def test_several_of_the_name_are_shown_and_one_is_chosen(many):
    form = sent(person="Roux")
    assert not form.is_valid()
    html = str(form["person"])
    assert [f'<option value="{person.pk}">' in html for person in many] == [False, False, True, True]
    assert 'value="Roux"' in html
    assert answer(sent(**{"person": "Roux", "person-choix": str(many[3].pk)})) == many[3]
    assert answer(sent(**{"person": "Rouquette", "person-choix": str(many[3].pk)})) == many[0]
    assert answer(sent(**{"person": "Roux", "person-choix": str(many[0].pk)})) == "several"
    assert answer(sent(**{"person": "", "person-choix": str(many[3].pk)})) is None


def test_who_is_chosen_already_stays_chosen_even_with_a_twin(many):
    twin = PersonFactory(first_name="Marie", last_name="Roux")
    html = str(ChoiceForm(initial={"person": twin.pk})["person"])
    assert 'value="Marie Roux"' in html
    assert f'<input type="hidden" name="person-choix" value="{twin.pk}"' in html
    assert "<option" not in html
    assert answer(sent(**{"person": "Marie Roux", "person-choix": str(twin.pk)})) == twin


def test_an_error_elsewhere_keeps_who_was_found(many):
    html = str(sent(person="rouquette")["person"])
    assert 'value="Gisèle Rouquette"' in html
    assert f'name="person-choix" value="{many[0].pk}"' in html


@pytest.mark.parametrize("more", [1, 9])
def test_the_box_weighs_the_same_whatever_the_number(many, more, django_assert_num_queries):
    for _ in range(more):
        PersonFactory()
    with django_assert_num_queries(1):
        assert len(str(ChoiceForm()["person"])) < 400


def test_accounts_are_chosen_by_the_name_of_their_person(many):
    users = [UserFactory(person=person) for person in many]
    field = PersonField(queryset=User.objects.select_related("person").order_by("person__sort_name"))
    assert field.clean("rouquette") == users[0]
    assert field.label_from_instance(users[0]) == "Gisèle Rouquette, Ville Rouquette"


def several(*lines, chosen=()):
    query = QueryDict(mutable=True)
    query.setlist("people", lines)
    query.setlist("people-choix", chosen)

    class PeopleForm(StyledForm):
        people = PeopleField(queryset=Person.objects.order_by("sort_name", "pk"), required=False)

    return PeopleForm(query)


def chosen_people(form):
    return form.cleaned_data["people"] if form.is_valid() else form.errors.as_data()["people"][0].code


def test_several_people_are_chosen_in_the_list(crowd):
    form = several(str(crowd[0].pk), str(crowd[2].pk))
    assert chosen_people(form) == [crowd[0], crowd[2]]
    assert str(form["people"]).count(" selected") == 2
    assert chosen_people(several()) == []


def test_beyond_a_name_a_line_and_a_list_for_those_who_share_it(many):
    assert chosen_people(several("rouquette\r\n\r\nJean Luc\nrouquette")) == [many[0], many[2]]
    form = several("rouquette\nRoux")
    assert chosen_people(form) == "several"
    html = str(form["people"])
    assert "rouquette\nRoux</textarea>" in html
    assert [f'<option value="{person.pk}"' in html for person in many] == [False, False, True, True]
    assert chosen_people(several("rouquette\nRoux", chosen=[str(many[3].pk)])) == [many[0], many[3]]
    assert chosen_people(several("rouquette\nDupont")) == "nobody"
