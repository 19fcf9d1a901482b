"""What this app mends in Django for all pages: plurals, messages, labels of choices."""

import pytest
from django.utils import translation
from django.utils.functional import lazystr
from django.utils.translation import gettext

from answers.models import Answer, AnswerValue


@pytest.mark.parametrize(
    ("value", "said"), [("rejected", "refusée"), ("accepted", "acceptée"), ("", ""), ("autre", "autre"), (None, None)]
)
def test_the_label_of_a_choice(value, said):
    assert Answer(value=value).get_value_display() == said


def test_the_label_of_a_choice_reads_no_other(monkeypatch):
    class Unread(str):
        __hash__ = None

    choices = [("a", "Premier"), ("Groupe", [("b", Unread("Deuxième")), ("c", lazystr("Troisième"))])]
    monkeypatch.setattr(Answer._meta.get_field("value"), "choices", choices)
    assert [Answer(value=value).get_value_display() for value in "abcd"] == ["Premier", "Deuxième", "Troisième", "d"]


def test_a_message_is_that_of_the_language_of_the_moment():
    """Each catalogue keeps its own, and forgets nothing of Django's."""
    said = []
    for _ in range(2):
        for language in ("fr", "en", "fr"):
            with translation.override(language):
                said.append((gettext("January"), gettext("La question posée"), str(AnswerValue.REJECTED.label)))
    french, english = ("janvier", "La question posée", "refusée"), ("January", "La question posée", "refusée")
    assert said == [french, english, french] * 2
