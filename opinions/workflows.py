"""State tables of opinions, sections, the services' check and amendments (B8, B9). The README carries the same."""

from assembly.workflow import Workflow
from opinions.amending.enums import AmendmentState
from opinions.enums import OpinionState, PositionState, SectionState, ServicesCheckState

S, P, C, A, M = OpinionState, SectionState, ServicesCheckState, AmendmentState, PositionState

BEFORE_TABLING = {S.OUTLINE, S.DRAFTING, S.GROUP_VALIDATED, S.SERVICES_CHECK, S.CONSOLIDATED}
BEFORE_VOTE = {S.TABLED, S.AMENDING, S.FROZEN}

OPINION = Workflow(
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

SECTION = Workflow(
    [
        ("validate", {P.DRAFTING}, P.VALIDATED),
        ("reopen", {P.VALIDATED}, P.DRAFTING),
    ]
)

CHECK = Workflow(
    [
        ("draft", {C.ASKED, C.DRAFTED, C.RETURNED}, C.DRAFTED),
        ("submit", {C.DRAFTED, C.RETURNED}, C.SUBMITTED),
        ("return", {C.SUBMITTED}, C.RETURNED),
        ("validate", {C.SUBMITTED}, C.VALIDATED),
        ("close", {C.ASKED, C.DRAFTED, C.RETURNED, C.SUBMITTED}, C.CLOSED),
    ]
)

OPEN_AMENDMENT = {A.ADMISSIBLE, A.RAPPORTEUR_VIEW, A.DEBATED}

AMENDMENT = Workflow(
    [
        ("submit", {A.DRAFT}, A.SUBMITTED),
        ("admit", {A.SUBMITTED}, A.ADMISSIBLE),
        ("refuse", {A.SUBMITTED}, A.INADMISSIBLE),
        ("check_again", {A.ADMISSIBLE, A.INADMISSIBLE}, A.SUBMITTED),
        ("give_view", {A.ADMISSIBLE, A.RAPPORTEUR_VIEW}, A.RAPPORTEUR_VIEW),
        ("call", {A.ADMISSIBLE, A.RAPPORTEUR_VIEW}, A.DEBATED),
        ("adopt", {A.DEBATED}, A.ADOPTED),
        ("reject", {A.DEBATED}, A.REJECTED),
        ("correct", {A.ADOPTED, A.REJECTED}, A.DEBATED),
        ("withdraw", {A.SUBMITTED, *OPEN_AMENDMENT}, A.WITHDRAWN),
        ("fall", {A.SUBMITTED, *OPEN_AMENDMENT}, A.FELL),
        ("restore", {A.FELL}, A.ADMISSIBLE),
        ("merge", {A.SUBMITTED, A.ADMISSIBLE, A.RAPPORTEUR_VIEW}, A.MERGED),
    ]
)

POSITION = Workflow(
    [
        ("submit", {M.DRAFT}, M.SUBMITTED),
        ("withdraw", {M.SUBMITTED}, M.WITHDRAWN),
    ]
)
