import re
from datetime import date

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.template.loader import render_to_string

from assembly.web.component_gallery import SpecimenForm
from assembly.web.forms import StyledForm, error_summary


class Laid(StyledForm):
    name = forms.CharField(label="Nom")

    @property
    def helper(self):
        helper = super().helper
        helper.layout = Layout(Fieldset("Qui êtes-vous ?", "name"))
        return helper


def html(template="ui/form.html", **context):
    return render_to_string(template, {"label": "Continuer", "csrf_token": "key", **context})


def test_every_error_leads_to_a_control_that_exists():
    form = SpecimenForm({})
    page = html(form=form)
    targets = re.findall(r'<a href="#([^"]+)">', page)
    assert targets == ["id_held_on", "id_place_0", "id_paper"]
    for target in targets:
        assert re.search(rf'<(input|select|textarea)[^>]*\bid="{target}"', page)


def test_label_help_error_field_in_this_order():
    page = html("ui/field.html", field=SpecimenForm({})["held_on"])
    found = [page.index(part) for part in ("<label", "_helptext", 'class="error"', "<input")]
    assert found == sorted(found)


def test_a_field_in_error_is_described_by_its_help_and_its_error():
    page = html("ui/field.html", field=SpecimenForm({})["held_on"])
    assert 'aria-describedby="id_held_on_helptext id_held_on_error"' in page
    assert 'aria-invalid="true"' in page
    assert 'id="id_held_on_error"' in page


def test_a_group_of_choices_is_a_fieldset_with_its_question():
    page = " ".join(html("ui/field.html", field=SpecimenForm()["place"]).split())
    assert page.index("<fieldset") < page.index("<legend> Lieu </legend>")
    assert page.count('<label class="choice"') == 2


def test_only_optional_fields_say_so():
    form = SpecimenForm()
    assert "(facultatif)" in html("ui/field.html", field=form["message"])
    assert "(facultatif)" not in html("ui/field.html", field=form["held_on"])
    assert "(facultatif)" not in html("ui/field.html", field=form["message"], plain=True)


def test_the_form_without_errors_has_no_summary():
    assert "error-summary" not in html(form=SpecimenForm())


def test_a_file_makes_the_form_multipart():
    assert 'enctype="multipart/form-data"' in html(form=SpecimenForm())
    assert "multipart" not in html(form=Laid())


def test_a_crispy_layout_keeps_our_fields():
    page = html(form=Laid({}))
    assert "<legend>Qui êtes-vous\u00a0?</legend>" in page
    assert 'class="field field-bad"' in page
    assert "form-control" not in page
    assert page.count("<form") == 1


def test_a_bare_django_form_is_dressed_too():
    class Bare(forms.Form):
        name = forms.CharField(label="Nom")

    assert 'class="control"' in str(Bare())


def test_what_was_typed_stays_after_an_error():
    assert "Bonjour à tous" in html(form=SpecimenForm({"message": "Bonjour à tous"}))


def test_days_have_the_picker_of_the_browser():
    form = SpecimenForm(initial={"held_on": date(2026, 6, 27)})
    page = str(form["held_on"])
    assert 'type="date"' in page
    assert 'value="2026-06-27"' in page
    assert SpecimenForm({"held_on": "27/06/2026"}).errors.get("held_on") is None


def test_messages_say_what_to_do():
    assert SpecimenForm({}).errors["held_on"] == ["Écrivez une date."]
    assert SpecimenForm({}).errors["place"] == ["Choisissez une réponse."]


def test_a_message_written_by_the_form_wins():
    class Own(StyledForm):
        name = forms.CharField(error_messages={"required": "Votre nom, s’il vous plaît."})

    assert Own({}).errors["name"] == ["Votre nom, s’il vous plaît."]


def test_an_error_of_the_whole_form_has_no_link():
    class Pair(StyledForm):
        name = forms.CharField(required=False)

        def clean(self):
            raise forms.ValidationError("Les deux dates se contredisent.")

    assert error_summary(Pair({})) == [{"target": "", "text": "Les deux dates se contredisent."}]


def test_the_helper_never_writes_its_own_form():
    assert isinstance(StyledForm().helper, FormHelper)
    assert (StyledForm().helper.form_tag, StyledForm().helper.disable_csrf) == (False, True)


@pytest.mark.parametrize("kind", ["primary", "danger"])
def test_the_button_says_its_kind(kind):
    assert f"btn-{kind}" in html(form=Laid(), kind=kind)
