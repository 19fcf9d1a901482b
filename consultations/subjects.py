"""What a line of the agents’ one daily mail is about, where an app above tells it: nothing here asks who that is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class DeskSubject:
    """Both are given the `DeskEvent`.

    `is_moot`: what was asked is done, or the person is no longer waited for. `line`: what it is about, until when or
    by whom, and the path of the page where it is done.
    """

    is_moot: Callable[[Any], bool]
    line: Callable[[Any], tuple[str, str, str]]


desk_subjects: dict[str, DeskSubject] = {}


def register_desk_subject(subject_type: str, subject: DeskSubject) -> None:
    """`subject_type`: the label of the model, « answers.AnswerFile »."""
    desk_subjects[subject_type] = subject
