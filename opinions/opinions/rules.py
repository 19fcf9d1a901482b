"""Rights on an opinion: the team leads its steps, groups write, the ballot decides, the lead can go back."""

from dataclasses import dataclass
from typing import Any

from assembly.dossiers.pages import ReaderPages, is_any_reader, is_published
from assembly.institution.models import DIRECTORATE_ROLES, TEAM_ROLES, Role
from assembly.institution.rules import has_role, is_facilitator, is_member, is_team
from consultations.models import Referral, ReferralState
from opinions.adoption.rules import can_draw, can_rank, can_vote_parts
from opinions.models import Opinion, OpinionSection, OpinionState

S = OpinionState


def can_see_desk(user: Any, term: Any) -> bool:
    """Return whether the user may read the list and the dossiers of the back office."""
    return is_team(user, term) or is_facilitator(user, term)


def can_create(user: Any, referral: Referral) -> bool:
    """Return whether the team may prepare the plan: once the assembly works on the referral."""
    return is_team(user, referral.term_id) and referral.state in ReferralState.tagged("open_to_opinion")


def can_edit(user: Any, opinion: Opinion) -> bool:
    """Return whether the team may edit title, label, officer, rapporteur and easy-read summary: until the end."""
    return is_team(user, opinion.term_id) and not opinion.is_ended


def can_plan(user: Any, opinion: Opinion) -> bool:
    """Return whether the order, names and groups of the sections may change: until all groups have validated."""
    return is_team(user, opinion.term_id) and opinion.state in S.tagged("planned")


def can_consolidate(user: Any, opinion: Opinion) -> bool:
    """Return whether the team may edit the themes, priorities and duplicates of the one text."""
    return is_team(user, opinion.term_id) and opinion.state == S.CONSOLIDATED


def can_read_sections(user: Any, opinion: Opinion) -> bool:
    """Return whether the user may read the texts of groups: team, facilitator, members; never the offices."""
    readers = TEAM_ROLES | {Role.FACILITATOR, Role.MEMBER}
    return opinion.state != S.OUTLINE and has_role(user, readers, term=opinion.term_id)


def can_read_as_office(user: Any, opinion: Opinion) -> bool:
    """Return whether the office of the president or the sponsor may read it, tabled, in their own area."""
    return opinion.is_tabled and has_role(user, {Role.PRESIDENT, Role.SPONSOR}, term=opinion.term_id)


def can_read_as_member(user: Any, opinion: Opinion) -> bool:
    return opinion.state not in S.tagged("hidden") and is_member(user, opinion.term_id)


OPINION_PAGES = ReaderPages(
    (lambda user, opinion: can_see_desk(user, opinion.term_id), "opinions:opinion"),
    (can_read_as_office, "opinions:office-opinion"),
    (can_read_as_member, "opinions:my-opinion"),
    (is_published, "opinions:public", "reference"),
)
TEXT_PAGES = ReaderPages(
    (lambda user, opinion: can_see_desk(user, opinion.term_id), "opinions:text"),
    (can_read_as_office, "opinions:office-opinion"),
    (is_any_reader, "opinions:my-text"),
)
SECTION_TEXT_PAGES = ReaderPages(
    (lambda user, section: can_see_desk(user, section.opinion.term_id), "opinions:section-text", "opinion_id", "pk"),
    (lambda user, _section: has_role(user, DIRECTORATE_ROLES), "opinions:check-text", "opinion_id", "pk"),
    (is_any_reader, "opinions:my-section-text", "opinion_id", "pk"),
)


def leads_group(user: Any, section: OpinionSection, leads: set[int]) -> bool:
    """Return whether the user is named for the section, or is among `leads`, the persons who lead its group today."""
    person = getattr(user, "person_id", None)
    return is_member(user, section.opinion.term_id) and person is not None and person in leads | {section.lead_id}


def abilities(user: Any, opinion: Opinion) -> dict[str, bool]:
    """Return what the pages of this opinion may offer to this reader besides its steps."""
    return {
        "edit": can_edit(user, opinion),
        "plan": can_plan(user, opinion),
        "work": can_consolidate(user, opinion),
        "parts": can_vote_parts(user, opinion),
        "rank": can_rank(user, opinion),
        "draw": can_draw(user, opinion),
        "follow_checks": is_team(user, opinion.term_id) and opinion.state not in S.tagged("planned"),
    }


def is_before_writing(opinion: Opinion) -> bool:
    """Return whether only the team's plan exists, so that there is nothing to read."""
    return opinion.state == S.OUTLINE


@dataclass(frozen=True)
class Votes:
    """Show of hands in a group."""

    votes_for: int
    votes_against: int
    abstentions: int
