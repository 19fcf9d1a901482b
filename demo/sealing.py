"""Steps that seal a document after everything else, and what follows each seal, on the dates of the story.

A seal needs the key of this machine and a file contains the address of this site, so that no dump can bring them:
workers play these steps on a machine that loaded the dump, `manage.py demo` plays them itself.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from assembly.documents.models import Document
from consultations.models import Referral
from demo import answers, draw, follow_up, indicators, opinions, plenaries, referrals, sittings
from demo.context import QUESTION_TITLE, SLUG, DemoContext, saved_context, single_transaction
from demo.days import paris
from draws.models import Draw
from opinions.models import Opinion
from sessions.models import Minutes

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SealingStep:
    """One subject to seal: `subjects` returns it, or nothing where the database holds no demonstration."""

    subjects: QuerySet[Any]
    play: Callable[[DemoContext, Any], None]

    @property
    def is_played(self) -> bool:
        """Return whether it is done, or has no subject: one transaction stores the document and all that follows."""
        keys = [str(pk) for pk in self.subjects.values_list("pk", flat=True)]
        label = self.subjects.model._meta.label
        return not keys or Document.objects.filter(subject_type=label, subject_id__in=keys).exists()


def minutes_of(start: str) -> QuerySet[Minutes]:
    rows = Minutes.objects.filter(sitting__term__assembly__slug=SLUG, sitting__starts_at=paris(start))
    return rows.select_related("sitting__term__assembly")


def reveal_draw(context: DemoContext, row: Draw) -> None:
    """Seal and reveal the draw, play who left since and whom the rule named, then count the panel."""
    draw.seal_and_reveal(context, row)
    indicators.count_panel(context)


def publish_opinion(context: DemoContext, opinion: Opinion) -> None:
    """Publish the opinion, then what the council answers to it, then what becomes of that."""
    opinions.seal_and_publish(context, opinion)
    answers.seed(context, opinion)
    follow_up.seed(context, opinion)
    follow_up.publish_progress_report(context)
    indicators.count_answers(context)


def question() -> QuerySet[Referral]:
    rows = Referral.objects.filter(term__assembly__slug=SLUG, title=QUESTION_TITLE)
    return rows.select_related("term__assembly")


STEPS: Final[dict[str, SealingStep]] = {
    "draw": SealingStep(
        Draw.objects.filter(call__term__assembly__slug=SLUG, reference="AC2-TIRAGE-1").with_dossier(),
        reveal_draw,
    ),
    "letter": SealingStep(question(), referrals.seal_letter),
    "minutes-january": SealingStep(
        minutes_of("2026-01-24 09:30"),
        lambda context, minutes: plenaries.publish_minutes(context, minutes, "2026-03-31 10:00"),
    ),
    "minutes-march": SealingStep(
        minutes_of("2026-03-28 09:30"),
        lambda context, minutes: plenaries.publish_minutes(context, minutes, "2026-07-01 10:00"),
    ),
    "minutes-steering": SealingStep(
        minutes_of("2026-05-29 14:00"),
        lambda context, minutes: sittings.seal_minutes(context, minutes, "2026-07-06 09:00"),
    ),
    "opinion": SealingStep(
        Opinion.objects.filter(term__assembly__slug=SLUG, referral__title=QUESTION_TITLE),
        publish_opinion,
    ),
}


def steps_to_play() -> list[str]:
    """List the steps that this database still needs, in the order of their dates."""
    return [name for name, step in STEPS.items() if not step.is_played]


def play(name: str) -> None:
    """Seal one document and play what follows, all or nothing; idempotent."""
    step = STEPS[name]
    if step.is_played:
        return
    with single_transaction():
        step.play(saved_context(), step.subjects.get())
    log.info("demonstration: « %s » is sealed, %d to go", name, len(steps_to_play()))
