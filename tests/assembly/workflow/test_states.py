"""A state is declared once: without its drawing it does not start, and a group that no state names is an error."""

import pytest

from assembly.workflow import State, States


class Light(States):
    RED = "red", State("refused", tags={"stops"}), "rouge"
    AMBER = "amber", State("waiting", tags={"stops", "short"}, word="Bientôt"), "orange"
    GREEN = "green", State("done"), "vert"


def test_a_state_is_its_value_with_a_label_a_drawing_and_a_word():
    assert Light.choices == [("red", "rouge"), ("amber", "orange"), ("green", "vert")]
    assert (Light("red"), Light.RED.badge, Light.RED.word, Light.AMBER.word) == ("red", "refused", "Rouge", "Bientôt")


def test_groups_of_states_are_tags():
    assert Light.tagged("stops") == [Light.RED, Light.AMBER]
    assert Light.tagged("short") == ["amber"]


def test_a_tag_that_no_state_has_is_refused():
    with pytest.raises(ValueError, match=r"No state of Light is tagged \['open'\]"):
        Light.tagged("open")


def test_a_state_without_its_drawing_does_not_start():
    with pytest.raises(TypeError, match="'red' of Dark has no State"):

        class Dark(States):
            RED = "red", "rouge"


def test_a_state_has_a_known_badge():
    with pytest.raises(ValueError, match="No badge 'foo': choose one of todo, in_progress"):
        State("foo")


def test_what_a_page_says_covers_each_state():
    class Light(States):
        GREEN = "green", State("done"), "vert"
        RED = "red", State("refused"), "rouge"

    assert Light.covers({Light.GREEN: 1, Light.RED: 2})[Light.RED] == 2
    with pytest.raises(ValueError, match=r"Nothing for the states \['red'\] of Light"):
        Light.covers({Light.GREEN: 1})


def test_a_sentence_without_figures_is_part_of_the_state():
    class Light(States):
        GREEN = "green", State("done", sentence="Passez."), "vert"
        AMBER = "amber", State("waiting", sentence="Ralentissez."), "orange"
        RED = "red", State("refused"), "rouge"

    parts = Light.covers({Light.RED: "stop", Light.AMBER: "slow"}, lambda state: state.state.sentence)
    assert parts == {Light.GREEN: "Passez.", Light.AMBER: "slow", Light.RED: "stop"}
    with pytest.raises(ValueError, match=r"Nothing for the states \['red'\]"):
        Light.covers({}, lambda state: state.state.sentence)
