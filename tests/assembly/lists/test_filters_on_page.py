"""Filters on the page of a list: one line, those in use with the address that takes each away, the others folded."""

import re

import pytest
from django import forms
from django.http import QueryDict

from assembly.web.forms import ListFilter

REFERRAL_LIST = "/bureau/saisines/"


class FiveFilters(ListFilter):
    q = forms.CharField(required=False)
    state = forms.ChoiceField(required=False, choices=[("", "Tous"), ("open", "Ouverte")])
    kind = forms.CharField(required=False)
    place = forms.CharField(required=False)
    due = forms.CharField(required=False)


class FourFilters(FiveFilters):
    due = None


def names(rows):
    return [row.field.name for row in rows]


def test_too_many_for_one_line_are_folded():
    form = FiveFilters(QueryDict())
    assert (names(form.line_fields), names(form.folded_fields)) == (["q", "state", "kind"], ["place", "due"])
    form = FourFilters(QueryDict())
    assert (names(form.line_fields), names(form.folded_fields)) == (["q", "state", "kind", "place"], [])


def test_each_filter_in_use_has_the_address_without_it():
    form = FiveFilters(QueryDict("q=eau&state=open&place=&due=30&tri=titre&col=a&col=b&apres=x"))
    assert {row.field.name: row.without for row in form.shown_fields} == {
        "q": "?state=open&due=30&tri=titre&col=a&col=b",
        "state": "?q=eau&due=30&tri=titre&col=a&col=b",
        "kind": "",
        "place": "",
        "due": "?q=eau&state=open&tri=titre&col=a&col=b",
    }
    assert form.folded_count == 1


def test_what_is_not_understood_is_not_in_use():
    form = FiveFilters(QueryDict("state=rien"))
    assert [row.without for row in form.shown_fields] == [""] * 5


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "is_open", "marked"),
    [("", False, []), ("?state=draft", False, ["État"]), ("?q=eau&late=opinion", True, ["Chercher", "Délai"])],
)
def test_a_list_marks_the_filters_in_use(signed_in, query, is_open, marked):
    page = signed_in("officer").get(f"{REFERRAL_LIST}{query}")
    html = " ".join(page.content.decode().split())
    if page.context["form"].folded_fields:
        assert ('<details class="more-filters" open>' in html) is is_open
    assert re.findall(r"Enlever le filtre ([^<]+?)\s*</span>", html) == marked
