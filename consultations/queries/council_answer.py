"""How far the council has answered an opinion: the app above keeps the answers, and says it here in one sentence."""

from collections.abc import Callable

from consultations.models import Referral

type AnswerTeller = Callable[[Referral], str]

_tellers: list[AnswerTeller] = []


def tell_answers_with(teller: AnswerTeller) -> None:
    """Register who says it: « Le Conseil départemental a donné 9 réponses sur 10. … », or nothing."""
    if teller not in _tellers:
        _tellers.append(teller)


def council_answer_words(referral: Referral) -> str:
    """The sentence about the answers owed to this question; empty where no answer is kept here."""
    return next((words for teller in _tellers if (words := teller(referral))), "")
