"""Steps of minutes that have arguments or consequences of their own; the others are only rows of `MINUTES`."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import Person, User
from assembly.institution.rules import is_team
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Distribution
from sessions.enums import MinutesKind, SittingKind
from sessions.minutes.queries.minutes import people_who_attended
from sessions.minutes.workflow.tables import MINUTES
from sessions.models import Minutes, Sitting
from sessions.queries.minutes_facts import title_of
from sessions.rules import minutes as rules


@transaction.atomic
def start(sitting: Sitting, *, by: User, kind: str = "") -> Minutes:
    """Start the minutes of a sitting: formal for a plenary, a report for a committee, unless `kind` names another."""
    if not rules.can_start(by, sitting):
        raise PermissionDenied
    usual = MinutesKind.FORMAL if sitting.kind == SittingKind.PLENARY else MinutesKind.REPORT
    day = timezone.localdate(sitting.starts_at) + timedelta(days=sitting.term.minutes_days)
    minutes, is_new = Minutes.objects.get_or_create(
        sitting=sitting, defaults={"kind": MinutesKind(kind or usual), "writer": by, "due_on": day}
    )
    if is_new:
        record("minutes.started", minutes, by=by, dossier=sitting, kind=minutes.kind)
    return minutes


@MINUTES.action("change_kind")
def change_kind(minutes: Minutes, kind: str, *, by: User) -> Minutes:
    """Make a report formal, or the other way round, while it is a draft."""
    new_kind = MinutesKind(kind)
    MINUTES.transition(minutes, "change_kind", by=by, kind=new_kind, facts={"kind": new_kind})
    return minutes


def hand_over(minutes: Minutes, writer: User, *, by: User) -> Minutes:
    """Assign the writing to a colleague of the team."""
    if not is_team(writer, minutes.sitting.term_id):
        raise PermissionDenied
    MINUTES.transition(minutes, "hand_over", by=by, writer=writer, facts={"writer": writer.pseudonym})
    return minutes


@MINUTES.action("name_functions")
@transaction.atomic
def name_functions(minutes: Minutes, *, chair: Person | None, secretary: Person | None, by: User) -> Minutes:
    """Record who chaired the sitting and who was its secretary: they give their visas at the end."""
    if chair is not None and chair == secretary:
        raise ValidationError(_("La présidence et le secrétariat sont deux personnes différentes."), code="same")
    facts = {
        "chair": chair.pseudonym if chair else None,
        "secretary": secretary.pseudonym if secretary else None,
    }
    MINUTES.transition(minutes, "name_functions", by=by, facts=facts)
    sitting = minutes.sitting
    sitting.chair, sitting.secretary = chair, secretary
    sitting.save(update_fields=["chair", "secretary"])
    return minutes


@MINUTES.action("circulate")
@transaction.atomic
def circulate(minutes: Minutes, *, by: User) -> Distribution:
    """Send the text to those who attended, who may ask for corrections during the period set by the term."""
    MINUTES.transition(minutes, "circulate", by=by)
    return distribute(
        "minutes-circulated",
        minutes,
        [Recipient(person=person) for person in people_who_attended(minutes.sitting)],
        by=by,
        title=title_of(minutes),
        term=minutes.sitting.term,
        key=f"minutes-circulated:{minutes.pk}:{minutes.circulated_at:%Y%m%d%H%M%S}",
    )
