"""Lists of choices are written by Python, as Django's own template writes them but for its empty lines."""

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting

from assembly.web.forms import FormRenderer

GROUPED = [("", "Tous"), ("<Muret & co>", [('a"b', "l’un & <b>"), (2, "deux")]), (None, "rien")]


@pytest.mark.parametrize("value", ["", "2", 2, None, 'a"b'])
@pytest.mark.parametrize("attrs", [{}, {"id": "x", "required": True, "disabled": False, "title": 'dit "ça" & là'}])
@pytest.mark.parametrize("kind", [forms.Select, forms.NullBooleanSelect])
def test_a_list_is_that_of_django(kind, value, attrs):
    widget = kind(attrs) if kind is forms.NullBooleanSelect else kind(attrs, GROUPED)
    ours, theirs = (widget.render("n<om", value, renderer=one()) for one in (FormRenderer, TemplatesSetting))
    assert ours.splitlines() == [line for line in theirs.splitlines() if line]
