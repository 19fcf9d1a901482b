"""The path of a resource. The README of the mission carries the same table."""

from django.utils.translation import gettext_lazy as _

from mission.registers.moves import Move
from mission.resources.enums import ResourceState as S

MOVES = [
    Move(
        slug="hors-service",
        verb="withdraw",
        participle="withdrawn",
        sources={S.IN_SERVICE},
        target=S.WITHDRAWN,
        label=_("Mettre hors service"),
        question=_("Ne plus proposer à la réservation ?"),
        done=_("Ce n’est plus proposé."),
        says=_("a mis hors service"),
        reason=True,
    ),
    Move(
        slug="en-service",
        verb="restore",
        sources={S.WITHDRAWN},
        target=S.IN_SERVICE,
        label=_("Remettre en service"),
        question=_("Proposer de nouveau à la réservation ?"),
        done=_("C’est de nouveau proposé."),
        says=_("a remis en service"),
        primary=True,
    ),
]
