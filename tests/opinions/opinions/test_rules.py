"""Who reads the texts of groups, and who writes the chapters around an opinion, in each state."""

import pytest

from opinions.models import OpinionState
from opinions.opinions.rules import can_read_sections
from opinions.papers.rules import can_write_chapters
from tests.factories.opinions import OpinionFactory

S = OpinionState
OUTLINED = set(S) - {S.OUTLINE}


def opinion_in(people, state):
    opinion = OpinionFactory(term=people.term)
    opinion.state = state
    return opinion


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("role", ["lead", "officer", "facilitator", "member", "dir_contact", "sponsor", "stranger"])
def test_texts_of_groups_are_read_once_there_is_an_outline_and_never_by_the_offices(people, role, state):
    may = role in {"lead", "officer", "facilitator", "member"} and state in OUTLINED
    assert can_read_sections(people[role], opinion_in(people, state)) == may


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("role", ["officer", "member", "dir_contact"])
def test_the_team_writes_the_chapters_until_the_end(people, role, state):
    opinion = opinion_in(people, state)
    assert can_write_chapters(people[role], opinion) == (role == "officer" and not opinion.is_ended)
    assert opinion.is_ended == (state in {S.PUBLISHED, S.REJECTED, S.WITHDRAWN})
