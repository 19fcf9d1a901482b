"""State table of opinions: the README carries the same."""

from assembly.workflow import Workflow
from opinions.enums import OpinionState as S
from opinions.enums import SectionState as P
from opinions.models import Opinion, OpinionSection

BEFORE_TABLING = {S.OUTLINE, S.DRAFTING, S.GROUP_VALIDATED, S.SERVICES_CHECK, S.CONSOLIDATED}

BEFORE_VOTE = {S.TABLED, S.AMENDING, S.FROZEN}

OPINION: Workflow[Opinion] = Workflow(
    [
        ("open", {S.OUTLINE}, S.DRAFTING),
        ("validate", {S.DRAFTING}, S.GROUP_VALIDATED),
        ("ask_services", {S.GROUP_VALIDATED}, S.SERVICES_CHECK),
        ("consolidate", {S.GROUP_VALIDATED, S.SERVICES_CHECK}, S.CONSOLIDATED),
        ("table", {S.CONSOLIDATED}, S.TABLED),
        ("take_off", {S.TABLED, S.AMENDING, S.FROZEN}, S.CONSOLIDATED),
        ("open_amendments", {S.TABLED}, S.AMENDING),
        ("freeze", {S.TABLED, S.AMENDING}, S.FROZEN),
        ("record_vote", {S.FROZEN}, S.VOTED),
        ("adopt", {S.VOTED}, S.ADOPTED),
        ("reject", {S.VOTED}, S.REJECTED),
        ("hand_over", {S.ADOPTED}, S.HANDED_OVER),
        ("publish", {S.HANDED_OVER}, S.PUBLISHED),
        ("return", {S.GROUP_VALIDATED, S.SERVICES_CHECK, S.CONSOLIDATED}, S.DRAFTING),
        ("reopen", {S.REJECTED}, S.DRAFTING),
        ("withdraw", BEFORE_TABLING | BEFORE_VOTE, S.WITHDRAWN),
    ]
)

SECTION: Workflow[OpinionSection] = Workflow(
    [
        ("validate", {P.DRAFTING}, P.VALIDATED),
        ("reopen", {P.VALIDATED}, P.DRAFTING),
    ]
)
