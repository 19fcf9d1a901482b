"""What the card of the next sitting says of answers, quorum, documents and place."""

from sessions.contributions import NextFact, attendance_facts
from sessions.sittings.queries.sittings import SittingFigures


def test_who_does_not_answer_and_who_lacks_for_the_quorum_is_counted():
    numbers = SittingFigures(expected=107, coming=54, coming_members=52, not_coming=9, unsure=3, silent=41)
    assert list(attendance_facts(numbers, 53)) == [
        NextFact("Réponses", "54 viennent sur 107", "41 sans réponse", is_ready=False),
        NextFact("Quorum", "1 membre manque", "52 annoncés, 53 requis", is_ready=False),
    ]


def test_guests_count_for_no_quorum():
    numbers = SittingFigures(expected=3, coming=3, coming_members=1)
    assert list(attendance_facts(numbers, 1)) == [
        NextFact("Réponses", "3 viennent sur 3"),
        NextFact("Quorum", "atteint", "1 annoncé, 1 requis"),
    ]


def test_a_sitting_without_quorum_or_convocation_says_nothing_of_them():
    assert [fact.label for fact in attendance_facts(SittingFigures(expected=1, silent=1), None)] == ["Réponses"]
    assert list(attendance_facts(SittingFigures(), 53)) == []
