"""The hook that reads a commit message: an area, an imperative summary, at most 72 characters."""

import re
from pathlib import Path

import pytest

CONFIG = Path(__file__).resolve().parents[1] / ".pre-commit-config.yaml"


def is_accepted(message: str) -> bool:
    """Search as the hook does (`pygrep --multiline --negate`)."""
    pattern = re.search(r"id: commit-message\n.*\n\s+entry: '(.+)'\n", CONFIG.read_text(encoding="utf-8"))
    assert pattern is not None
    return re.search(pattern[1], message, re.MULTILINE | re.DOTALL) is not None


@pytest.mark.parametrize(
    "message",
    [
        "sessions: Refuse a vote without quorum",
        "docs: Halve the README of sessions\n\nWhat the code says is deleted.",
        f"tests: {'A' * 65}",
    ],
)
def test_an_area_and_a_short_summary_are_accepted(message):
    assert is_accepted(message)


@pytest.mark.parametrize(
    "message",
    [
        "Refuse a vote without quorum",
        "sessions: refuse a vote without quorum",
        "sessions: Refuse a vote without quorum.",
        "elsewhere: Refuse a vote without quorum",
        f"tests: {'A' * 66}",
        "Update\n\nsessions: Refuse a vote without quorum",
        "",
    ],
)
def test_all_else_is_refused(message):
    assert not is_accepted(message)
