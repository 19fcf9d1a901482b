"""Readers of the answers to AC2-2026-01: three follow two proposals, members rate two answers, many and few."""

from datetime import timedelta

from django.utils import timezone

from answers.models import Answer, AnswerCase, Following
from answers.voice import actions as voice
from assembly.identity.models import User
from demo.answers.ageing_well_texts import FOLLOWED, RATED, RATED_BY_FEW
from demo.clock import at, paris
from demo.context import SLUG
from opinions.models import Opinion, Recommendation

FOLLOWERS = ("camille@example.org", "sacha@example.org", "lecture@example.org")


def follow(opinion: Opinion) -> None:
    """Ask to follow on 2 September and confirm it; the last address confirms only one of its two."""
    with at("2026-09-02 18:00"):
        for title in FOLLOWED:
            row = Recommendation.objects.select_related("opinion__term__assembly").get(opinion=opinion, title=title)
            for address in FOLLOWERS:
                voice.ask(row, address, ip="192.0.2.1")
        for demand in Following.objects.exclude(follower__address=FOLLOWERS[-1]):
            voice.confirm_following(demand)
        voice.confirm_following(Following.objects.filter(follower__address=FOLLOWERS[-1]).order_by("pk")[0])


def send_news(day: str) -> None:
    """Send the mails of that day an hour later, after the waiting time of news."""
    with at(paris(day) + timedelta(hours=1)):
        voice.send_proposal_news(timezone.now())


def rate(opinion: Opinion) -> None:
    """Rate two answers on 20 November; the next night ten of twelve ratings are counted, none of three."""
    users = list(
        User.objects.filter(roles__role="member", roles__assembly__slug=SLUG, roles__ended_at=None)
        .order_by("pk")
        .distinct()[:12]
    )
    for title, marks in ((RATED, "443545344532"), (RATED_BY_FEW, "235")):
        case = AnswerCase.objects.of_opinion(opinion).with_dossier().get(recommendation__title=title)
        answer = Answer.objects.standing().get(case=case)
        answer.case = case
        with at("2026-11-20 18:00"):
            for user, mark in zip(users, marks, strict=False):
                voice.rate(answer, clarity=int(mark), fidelity=max(int(mark) - 1, 1), by=user)
    with at("2026-11-21 02:15"):
        voice.count_all(timezone.localdate())
