"""Answers on the home page of a member: how many, and which changed last, with one query."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, QuerySet
from django.db.models.functions import Coalesce, JSONObject
from django.urls import reverse
from django.utils import timezone

from answers.cases.models import answering
from answers.enums import VALUE_BADGES, AnswerValue, FollowUpState
from answers.models import Answer, AnswerCase, ProgressUpdate
from answers.queries.scoreboard import Scoreboard, counted, scored
from answers.rules.follow_up import seats_on_committee
from assembly.speed.compiled_query import CompiledQuery
from opinions.models import Opinion

SHOWN = 3


@dataclass(frozen=True)
class ChangedProposal:
    """A proposal whose answer was published, or with a newer update (`version` is None)."""

    title: str
    url: str
    state_badge: str
    label: str
    at: datetime
    version: int | None


def latest_changes(assembly: int, person: int) -> QuerySet[AnswerCase, tuple[Any, ...]]:
    public = Opinion.objects.public().filter(term__assembly=assembly).values("pk")
    answers = Answer.objects.standing().filter(answering(public, "case__")).order_by("-published_at", "-pk")
    updates = (
        ProgressUpdate.objects.not_withdrawn().filter(answering(public, "follow_up__case__")).order_by("-at", "-pk")
    )
    return counted(AnswerCase.objects.of_opinions(public), timezone.localdate()).annotate(
        answers=ArraySubquery(answers.values(entry=_row("case__", "published_at", "value", version="number"))[:SHOWN]),
        updates=ArraySubquery(updates.values(entry=_row("follow_up__case__", "at", "state"))[:SHOWN]),
        is_on_committee=Exists(seats_on_committee(person)),
    )


def _row(prefix: str, at: str, state: str, **more: str) -> JSONObject:
    return JSONObject(
        reference=Coalesce(f"{prefix}recommendation__reference", f"{prefix}whole_of__reference"),
        title=Coalesce(f"{prefix}recommendation__title", f"{prefix}whole_of__title"),
        at=at,
        state_value=state,
        **more,
    )


LATEST_CHANGES = CompiledQuery(latest_changes)


def our_answers(assembly: int, person: int) -> tuple[Scoreboard, list[ChangedProposal], bool]:
    """Return the score, the last changes, latest first, and whether the reader sits in a follow-up committee."""
    ((*score, answers, updates, is_on_committee),) = LATEST_CHANGES(assembly, person)
    changes = [_changed_proposal(row, AnswerValue(row["state_value"])) for row in answers]
    changes += [_changed_proposal(row, FollowUpState(row["state_value"])) for row in updates]
    changes.sort(key=lambda one: one.at, reverse=True)
    return scored([tuple(score)]), changes[:SHOWN], is_on_committee


def _changed_proposal(row: dict[str, Any], state: AnswerValue | FollowUpState) -> ChangedProposal:
    page, at = reverse("answers:thread", args=[row["reference"]]), datetime.fromisoformat(row["at"])
    badge = state.badge if isinstance(state, FollowUpState) else VALUE_BADGES[state]
    return ChangedProposal(row["title"], page, badge, str(state.label), at, row.get("version"))
