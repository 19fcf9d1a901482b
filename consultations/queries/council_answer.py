"""How far the council has answered an opinion: the app above stores the answers and registers one sentence here."""

from collections.abc import Callable

from consultations.models import Referral

type AnswerTeller = Callable[[Referral], str]

_tellers: list[AnswerTeller] = []


def tell_answers_with(teller: AnswerTeller) -> None:
    """Register a callable that returns « Le Conseil départemental a donné 9 réponses sur 10. … », or nothing."""
    if teller not in _tellers:
        _tellers.append(teller)


def council_answer_words(referral: Referral) -> str:
    """Return the sentence about the answers owed to this question; empty where no answer is stored here."""
    return next((sentence for provider in _tellers if (sentence := provider(referral))), "")
