"""The life of a request to be erased. The README carries the same table.

Only the person's own step is asked here; the answers follow a decision whose right `institution` knows.
"""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.identity.enums import ErasureState as S
from assembly.identity.models import ErasureRequest
from assembly.workflow import Step, Transition, Who, Workflow

PERSON: Who[ErasureRequest] = Who(lambda user, request: user.person_id == request.person_id, _("la personne"))


def answer_columns(request: ErasureRequest, taken: Transition) -> dict[str, Any]:
    return {"answered_at": timezone.now(), "answered_by": taken.by}


ERASURE: Workflow[ErasureRequest] = Workflow(
    [
        Step(
            "fulfil",
            {S.PENDING},
            S.DONE,
            journal="erasure.done",
            says=_("a effacé les données de la personne"),
            changes=answer_columns,
        ),
        Step(
            "refuse",
            {S.PENDING},
            S.REFUSED,
            journal="erasure.refused",
            says=_("a refusé l’effacement"),
            needs_reason=True,
            reason_column="answer",
            changes=answer_columns,
        ),
        Step(
            "withdraw",
            {S.PENDING},
            S.WITHDRAWN,
            by=PERSON,
            journal="erasure.withdrawn",
            says=_("a retiré la demande d’effacement"),
            changes=answer_columns,
        ),
    ]
)
