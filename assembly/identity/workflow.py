"""Workflow of an erasure request. The README has the same table.

Only the person's own step has a permission here; the answers follow a decision whose right `institution` checks.
"""

from functools import partial

from django.utils.translation import gettext_lazy as _

from assembly.identity.models import ErasureRequest, ErasureState as S
from assembly.workflow import Permission, Step, Workflow

PERSON: Permission[ErasureRequest] = Permission(
    lambda user, request: user.person_id == request.person_id, _("la personne")
)
answer = partial(Step[ErasureRequest], when_column="answered_at", by_column="answered_by")

ERASURE: Workflow[ErasureRequest] = Workflow(
    [
        answer(
            "fulfil",
            {S.PENDING},
            S.DONE,
            event_type="erasure.done",
            history_text=_("a effacé les données de la personne"),
        ),
        answer(
            "refuse",
            {S.PENDING},
            S.REFUSED,
            event_type="erasure.refused",
            history_text=_("a refusé l’effacement"),
            reason_column="answer",
        ),
        answer(
            "withdraw",
            {S.PENDING},
            S.WITHDRAWN,
            by=PERSON,
            event_type="erasure.withdrawn",
            history_text=_("a retiré la demande d’effacement"),
        ),
    ]
)
