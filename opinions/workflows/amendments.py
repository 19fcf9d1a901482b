"""State table of amendments: the README carries the same."""

from assembly.workflow import Workflow
from opinions.amending.enums import AmendmentState as A
from opinions.models import Amendment

OPEN_AMENDMENT = {A.ADMISSIBLE, A.RAPPORTEUR_VIEW, A.DEBATED}

AMENDMENT: Workflow[Amendment] = Workflow(
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
