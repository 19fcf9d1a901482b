"""A recommendation on the page of its opinion: what was answered, in its first words, and how far it is.

Cards, answer table and thread show the same summaries, so that the numbers above the cards agree with all of them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _, ngettext

from answers.cases.enums import VALUE_BADGES, AnswerValue
from answers.models import FollowUpState
from answers.publication.queries import AnswerSummary
from assembly.text.french import format_date, shortened
from opinions.models import Opinion, Recommendation
from opinions.papers.cards import ShownCards
from opinions.papers.documents.body import SHEET_ANCHOR

V, F = AnswerValue, FollowUpState
AWAITED, NOT_EXPECTED = "awaited", "not_expected"
STATES = (*V.values, AWAITED, NOT_EXPECTED)
# A sentence ends after a word of three letters at least: « M. » ends none.
SENTENCE_END = re.compile(r"(?<=\w{3}[.!?…])\s+(?=[A-ZÀÂÇÉÈÊÎÔ«])")
MOST_OF_ANSWER, MOST_OF_UPDATE = 120, 90
BARS = 4
BARS_OF = {F.PLANNED: 1, F.IN_PROGRESS: 2, F.DELAYED: 2, F.DONE: BARS, F.ABANDONED: 0}


def excerpt_of(text: str, most: int) -> str:
    """Return the first sentence of a text, cut between two words with « … » if it is longer than `most` characters."""
    return shortened(SENTENCE_END.split(" ".join(text.split()), maxsplit=1)[0], most)


@dataclass(frozen=True)
class CardProgress:
    """Foot of a card: how many of the four bars are full, the state they show, and a sentence; each may be missing."""

    bars: int = 0
    label: str = ""
    sentence: str = ""
    is_late: bool = False

    @property
    def steps(self) -> list[bool]:
        """Return one value a bar, whether it is full; none if no bar is drawn."""
        return [number < self.bars for number in range(BARS)] if self.bars else []


@dataclass(frozen=True)
class ProposalCard:
    """A recommendation with its answers."""

    summary: AnswerSummary
    proposal: Recommendation

    @property
    def anchor(self) -> str:
        """Return the anchor that the recommendation has in the text too."""
        return f"{SHEET_ANCHOR}{self.proposal.node_id}"

    @property
    def topic(self) -> str:
        """Return its theme, else the title of its part of the opinion."""
        section = self.proposal.section
        return self.proposal.theme or (section.title if section else "")

    @cached_property
    def state(self) -> str:
        """Return the value of the answer in force, or whether one is awaited."""
        if self.summary.answer:
            return str(self.summary.answer.value)
        return AWAITED if self.summary.clock_sentence else NOT_EXPECTED

    @property
    def is_late(self) -> bool:
        clock = self.summary.clock
        return self.state == AWAITED and clock is not None and clock.is_late

    @property
    def badge(self) -> str:
        if self.summary.answer:
            return VALUE_BADGES[V(self.state)]
        return "late" if self.is_late else "waiting" if self.state == AWAITED else "closed"

    @property
    def label(self) -> str:
        if self.summary.answer:
            return str(self.summary.answer.get_value_display())
        if self.is_late:
            return _("réponse en retard")
        return state_name(self.state, 1)

    @property
    def excerpt(self) -> str:
        """Return the first words of the answer."""
        return excerpt_of(self.summary.answer.body, MOST_OF_ANSWER) if self.summary.answer else ""

    @cached_property
    def progress(self) -> CardProgress | None:
        """Return what became of the answer; the clock while there is none; nothing where nothing follows."""
        answer, follow_up = self.summary.answer, self.summary.follow_up
        if answer is None:
            sentence = self.summary.clock_sentence
            return CardProgress(sentence=sentence, is_late=self.is_late) if sentence else None
        if answer.value == V.REJECTED:
            return CardProgress(sentence=_("Motif : %(reason)s.") % {"reason": answer.get_category_display()})
        if answer.value == V.ALREADY_DONE and answer.done_since:
            day = format_date(answer.done_since, weekday=False)
            return CardProgress(BARS, _("En place"), _("Depuis le %(day)s") % {"day": day})
        if follow_up is None:
            return None
        row, latest = follow_up.follow_up, follow_up.latest
        text = row.reason if row.ended_on else latest.text if latest else ""
        return CardProgress(
            BARS_OF[F(row.state)],
            capfirst(str(row.get_state_display())),
            excerpt_of(text, MOST_OF_UPDATE) or follow_up.due_sentence,
            is_late=row.state == F.DELAYED,
        )


def state_name(state: str, count: int) -> str:
    """Return « Acceptée » or « Acceptées », as the number of so many recommendations is named."""
    names = {
        V.ACCEPTED: ngettext("Acceptée", "Acceptées", count),
        V.ACCEPTED_IN_PART: ngettext("Acceptée en partie", "Acceptées en partie", count),
        V.ALREADY_DONE: _("Déjà en place"),
        V.UNDER_STUDY: _("À l’étude"),
        V.PASSED_ON: ngettext("Transmise", "Transmises", count),
        V.REJECTED: ngettext("Refusée", "Refusées", count),
        AWAITED: ngettext("Réponse attendue", "Réponses attendues", count),
        NOT_EXPECTED: _("Sans réponse attendue"),
    }
    return names[state]


def cards_of(summaries: Sequence[AnswerSummary]) -> list[ProposalCard]:
    return [ProposalCard(row, row.recommendation) for row in summaries if row.recommendation is not None]


def shown_cards(cards: Sequence[ProposalCard], shown: ShownCards) -> list[ProposalCard]:
    """Return the cards that the address asks for."""
    return [
        card
        for card in cards
        if shown.answer in {"", card.state} and (card.proposal.is_priority or not shown.only_priorities)
    ]


def numbers_above(cards: Sequence[ProposalCard], shown: ShownCards) -> list[dict[str, object]]:
    """Return the number of cards of each answer, with the address of those alone; none where they are all alike.

    Each card is counted once, so that the sum is their number; priorities are named apart.
    """
    columns = columns_of(shown.opinion, cards)
    priorities = sum(card.proposal.is_priority for card in cards)
    is_all = not (shown.answer or shown.only_priorities)
    if is_all and (len(cards) < 2 or len(columns) + bool(priorities) < 2):
        return []
    page = page_of(shown.opinion)
    rows = [(_("Toutes"), page, is_all, len(cards))]
    rows += [
        (state_name(column.state, len(column.cards)), column.url, shown.answer == column.state, len(column.cards))
        for column in columns
    ]
    if priorities:
        rows.append((_("Priorités"), f"{page}?priorite=1", shown.only_priorities, priorities))
    return [
        {"label": label, "url": url, "current": is_current, "count": count} for label, url, is_current, count in rows
    ]


MOST_DOTS = 60


@dataclass(frozen=True)
class AnswerColumn:
    """The recommendations of an opinion that have one answer: its name, its page, and its cards."""

    state: str
    url: str
    cards: list[ProposalCard]

    @property
    def label(self) -> str:
        name, late = state_name(self.state, len(self.cards)), sum(card.is_late for card in self.cards)
        if not late:
            return name
        if late == len(self.cards):
            return _("%(name)s, en retard") % {"name": name}
        return _("%(name)s, dont %(n)s en retard") % {"name": name, "n": late}


def columns_of(opinion: Opinion, cards: Sequence[ProposalCard]) -> list[AnswerColumn]:
    """Return the recommendations by answer, without the empty columns; each stands in one."""
    page = page_of(opinion)
    columns = [
        AnswerColumn(state, f"{page}?reponse={state}", [card for card in cards if card.state == state])
        for state in STATES
    ]
    return [column for column in columns if column.cards]


def page_of(opinion: Opinion) -> str:
    return reverse("opinions:public", args=[opinion.reference])
