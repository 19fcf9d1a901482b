"""State table of checks: the README carries the same."""

from assembly.workflow import Workflow
from opinions.enums import ServicesCheckState as C
from opinions.models import ServicesRequest

CHECK: Workflow[ServicesRequest] = Workflow(
    [
        ("draft", {C.ASKED, C.DRAFTED, C.RETURNED}, C.DRAFTED),
        ("submit", {C.DRAFTED, C.RETURNED}, C.SUBMITTED),
        ("return", {C.SUBMITTED}, C.RETURNED),
        ("validate", {C.SUBMITTED}, C.VALIDATED),
        ("close", {C.ASKED, C.DRAFTED, C.RETURNED, C.SUBMITTED}, C.CLOSED),
    ]
)
