"""A form and its one action: what each way of sending it is answered."""

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import RequestFactory

from assembly.identity.models import Person
from assembly.web.errors import EditConflict
from assembly.web.forms import StyledForm, posted
from assembly.web.pages import form_page


class WordsForm(StyledForm):
    fields_by_code = {"long": "words"}
    words = forms.CharField(label="Mots")
    day = forms.DateField(label="Jour", required=False)


def send(act=lambda data: data["words"], *, data=None, form=None, **options):
    """Return the response, and the messages of the next page."""
    request = RequestFactory().post("/x/", data) if data is not None else RequestFactory().get("/x/")
    request._messages = CookieStorage(request)
    request.csp_nonce = ""
    form = form or WordsForm(posted(request))
    options = {"template": "ui/form.html", "to": "/fait/", "context": {"label": "Envoyer"}} | options
    return form_page(request, form, act, **options), [str(said) for said in get_messages(request)]


def never(data):
    raise AssertionError("the action ran")


def test_the_form_is_shown_and_nothing_done():
    answer, said = send(never)
    assert (answer.status_code, said) == (200, [])
    assert "Mots" in answer.content.decode()


@pytest.mark.parametrize("data", [{}, {"words": ""}, {"words": "a", "day": "hier"}])
def test_a_form_in_error_is_422_and_nothing_done(data):
    answer, said = send(never, data=data)
    assert (answer.status_code, said) == (422, [])


def test_done_it_says_so_and_leads_on():
    answer, said = send(
        data={"words": "oui"}, success_message=lambda words: f"Noté : {words}", to=lambda words: f"/{words}/"
    )
    assert (answer.status_code, answer["Location"], said) == (302, "/oui/", ["Noté : oui"])


def test_done_without_words_says_nothing():
    answer, said = send(data={"words": "oui"})
    assert (answer.status_code, answer["Location"], said) == (302, "/fait/", [])


@pytest.mark.parametrize(
    ("code", "field", "at"),
    [("words", None, "words"), ("long", None, "words"), ("other", None, "__all__"), ("words", "day", "day")],
)
def test_a_refusal_of_the_action_is_said_at_the_field_that_mends_it(code, field, at):
    def refuse(data):
        raise ValidationError("Non.", code=code)

    form = WordsForm({"words": "oui"})
    answer, _said = send(refuse, data={"words": "oui"}, form=form, field=field)
    assert answer.status_code == 422
    assert form.errors == {at: ["Non."]}
    assert "Non." in answer.content.decode()


def test_what_only_the_page_shows_is_not_read_for_a_form_that_succeeds():
    answer, _said = send(data={"words": "oui"}, context=lambda: never(None))
    assert answer.status_code == 302


def test_what_the_page_cannot_mend_goes_on_to_the_middleware():
    late = EditConflict(Person(pk=1), {}, version=2, by=None, at=None)
    for error in (PermissionDenied(), late):

        def refuse(data, error=error):
            raise error

        with pytest.raises(type(error)):
            send(refuse, data={"words": "oui"})
