"""How far the council has answered an opinion: the app above stores the answers and adds one sentence here."""

from collections.abc import Callable

from consultations.models import Referral

type AnswerSentence = Callable[[Referral], str]

_providers: list[AnswerSentence] = []


def add_answer_sentence(provider: AnswerSentence) -> None:
    """Register a callable that returns « Le Conseil départemental a donné 9 réponses sur 10. … », or nothing."""
    if provider not in _providers:
        _providers.append(provider)


def council_answer_sentence(referral: Referral) -> str:
    """Return the sentence about the answers owed to this question; empty where no answer is stored here."""
    return next((sentence for provider in _providers if (sentence := provider(referral))), "")
