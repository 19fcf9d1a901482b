import pytest

from sessions.attendance.rules import badge_number, fits


@pytest.mark.parametrize("typed", ["12F1", "12-f1", " 12 f 1 "])
def test_a_badge_is_one_number_however_it_is_typed(typed):
    assert badge_number(typed) == "12F1"


@pytest.mark.parametrize("typed", ["lab", "LABATUT jean", "luc l", "ode l"])
def test_words_begin_names(typed):
    assert fits(typed, "Jean-Luc Odé Labatut")


@pytest.mark.parametrize("typed", ["abatut", "luc x"])
def test_the_middle_of_a_name_does_not(typed):
    assert not fits(typed, "Jean-Luc Odé Labatut")
