"""A passage that was rewritten: which words went, which came."""

import pytest
from django.test import RequestFactory
from hypothesis import given, settings, strategies as st

from assembly.text.rewriting import Rewriting

WORDS = st.text(alphabet=st.sampled_from("aé1 ’'-.,;\n\u00a0"), max_size=40)


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("voté en novembre 2026.", "voté en décembre 2026.", ("novembre", "décembre")),
        ("un petit bus vert", "un bus vert", ("petit", "")),
        ("un bus vert", "un petit bus vert", ("", "petit")),
        ("à 14 h l’après-midi", "à 14 h le matin", ("l’après-midi", "le matin")),
        ("12,5 euros", "12,7 euros", ("12,5", "12,7")),
        ("un bus, un car", "un train, un tram", ("bus, un car", "train, un tram")),
        ("oui oui", "oui oui oui", ("", "oui")),
        ("le\u00a0soir :", "le soir\u00a0:", ("", "")),
        ("", "tout", ("", "tout")),
    ],
)
def test_the_span_holds_the_words_that_differ(was, now, expected):
    assert Rewriting(was, now).span() == expected


def test_neighbours_are_added_on_the_side_that_is_asked_as_far_as_there_are():
    one = Rewriting("un très petit bus vert", "un très grand bus vert")
    assert one.span(left=1) == ("très petit", "très grand")
    assert one.span(right=9) == ("petit bus vert", "grand bus vert")
    assert list(one.wider_spans()) == [
        ("très petit bus", "très grand bus"),
        ("un très petit bus vert", "un très grand bus vert"),
    ]


@settings(deadline=None, derandomize=True, database=None)
@given(WORDS, WORDS)
def test_putting_the_span_back_gives_what_was_written(was, now):
    one = Rewriting(was, now)
    for taken, added in [one.span(), *one.wider_spans()]:
        assert taken in was
        assert added in now


def test_only_a_form_opened_in_a_text_sends_one():
    def sent(**data):
        return Rewriting.from_request(RequestFactory().post("/", data))

    assert sent(passage="un") is None
    assert sent(rewritten=" deux\r\ntrois ", was="un") == Rewriting("un", "deux\ntrois")
    assert sent(rewritten="deux") == Rewriting("", "deux")
