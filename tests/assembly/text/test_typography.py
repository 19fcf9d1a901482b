"""What templates print holds no space that may break before a high sign or after an opening guillemet."""

import pytest
from django.template.loader import render_to_string
from hypothesis import given, strategies as st

from assembly.text.typography import no_break


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("<title>À lire : « oui » – ici</title>", "<title>À lire\u00a0: «\u00a0oui\u00a0» – ici</title>"),
        ("Viens-tu ? Oui ! 12 % ; 3 €", "Viens-tu\u00a0? Oui\u00a0! 12\u00a0%\u00a0; 3\u00a0€"),
        ('<a title="À lire : « oui »">x : y</a>', '<a title="À lire : « oui »">x\u00a0: y</a>'),
        ("<textarea>Quoi ?</textarea> Quoi ?", "<textarea>Quoi ?</textarea> Quoi\u00a0?"),
        ("<style>p { margin: 0 !important }</style>", "<style>p { margin: 0 !important }</style>"),
        (
            '<script type="application/json">{"a" : 1}</script> : ',
            '<script type="application/json">{"a" : 1}</script>\u00a0: ',
        ),
        ("déjà\u00a0: 1 : 2", "déjà\u00a0: 1\u00a0: 2"),
        ("", ""),
    ],
)
def test_spaces_that_may_break_are_kept_in_attributes_and_in_texts_to_edit_alone(written, printed):
    assert no_break(written) == printed


@given(st.text(alphabet=" :?«»<>ax", max_size=40))
def test_nothing_changes_but_spaces_and_a_second_pass_changes_nothing(text):
    once = no_break(text)
    assert once.replace("\u00a0", " ") == text
    assert no_break(once) == once


def test_every_template_prints_through_it():
    page = render_to_string("ui/alert.html", {"kind": "done", "title": "Fait : « oui »", "text": "Encore ?"})
    assert "Fait\u00a0: «\u00a0oui\u00a0»" in page
    assert "<title>Lettre\u00a0: n°\u00a01" in render_to_string(
        "documents/pdf/base.html", {"page": {"title": "Lettre : n°\u00a01"}}
    )
