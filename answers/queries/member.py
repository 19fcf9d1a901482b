"""Answers on the home page of a member: how many, and which changed last, with one query."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, QuerySet
from django.db.models.functions import Coalesce, JSONObject
from django.urls import reverse
from django.utils import timezone

from answers.enums import FOLLOW_UP_SHAPES, VALUE_SHAPES, AnswerValue, FollowUpState
from answers.models import Answer, AnswerFile, ProgressUpdate
from answers.models.answer_file import answering
from answers.queries.scoreboard import Scoreboard, counted, scored
from answers.rules.follow_up import seats_on_committee
from assembly.ui.compiled_query import CompiledQuery
from opinions.models import Opinion

SHOWN = 3


@dataclass(frozen=True)
class Moved:
    """A proposal whose answer was published, or with a newer update (`version` is None)."""

    title: str
    url: str
    shape: str
    words: str
    at: datetime
    version: int | None


def told_to_member(assembly: int, person: int) -> QuerySet[AnswerFile, tuple[Any, ...]]:
    public = Opinion.objects.public().filter(term__assembly=assembly).values("pk")
    answers = Answer.objects.standing().filter(answering(public, "file__")).order_by("-published_at", "-pk")
    updates = ProgressUpdate.objects.told().filter(answering(public, "follow_up__file__")).order_by("-at", "-pk")
    return counted(AnswerFile.objects.of_opinions(public), timezone.localdate()).annotate(
        answers=ArraySubquery(answers.values(told=_row("file__", "published_at", "value", version="number"))[:SHOWN]),
        updates=ArraySubquery(updates.values(told=_row("follow_up__file__", "at", "state"))[:SHOWN]),
        is_on_committee=Exists(seats_on_committee(person)),
    )


def _row(file: str, at: str, state: str, **more: str) -> JSONObject:
    return JSONObject(
        reference=Coalesce(f"{file}recommendation__reference", f"{file}whole_of__reference"),
        title=Coalesce(f"{file}recommendation__title", f"{file}whole_of__title"),
        at=at,
        said=state,
        **more,
    )


TOLD = CompiledQuery(told_to_member)


def our_answers(assembly: int, person: int) -> tuple[Scoreboard, list[Moved], bool]:
    """Return the score, the last changes, latest first, and whether the reader sits in a follow-up committee."""
    ((*score, answers, updates, is_on_committee),) = TOLD(assembly, person)
    moved = [_moved(row, AnswerValue(row["said"]), VALUE_SHAPES) for row in answers]
    moved += [_moved(row, FollowUpState(row["said"]), FOLLOW_UP_SHAPES) for row in updates]
    moved.sort(key=lambda one: one.at, reverse=True)
    return scored([tuple(score)]), moved[:SHOWN], is_on_committee


def _moved(row: dict[str, Any], state: Any, shapes: Any) -> Moved:
    page, at = reverse("answers:thread", args=[row["reference"]]), datetime.fromisoformat(row["at"])
    return Moved(row["title"], page, shapes[state], state.label, at, row.get("version"))
