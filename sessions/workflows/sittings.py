"""State table of sittings: the README carries the same."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.institution.rules import is_team
from assembly.workflow import Step, Who, Workflow
from sessions.enums import SittingState as S
from sessions.models import Sitting
from sessions.queries.recipients import call_words, silent_people
from sessions.signals import sitting_notified, sitting_opened

TEAM: Who[Sitting] = Who(lambda user, sitting: is_team(user, sitting.term_id), _("équipe"))


def needs_silent_people(sitting: Sitting) -> None:
    """A reminder goes by mail; whoever is reached by letter is called."""
    by_mail, to_call = silent_people(sitting)
    if not by_mail:
        words = [str(_("Personne à relancer par courriel.")), *call_words(to_call)]
        raise ValidationError(" ".join(words), code="nobody")


SITTING: Workflow[Sitting] = Workflow(
    [
        Step(
            "notify",
            {S.PLANNED},
            S.NOTIFIED,
            by=TEAM,
            journal="sitting.notified",
            says=_("a convoqué la séance"),
            changes=lambda sitting, taken: {"notified_at": timezone.now()},
            then=lambda sitting, taken: sitting_notified.send(Sitting, sitting=sitting, by=taken.by),
        ),
        Step(
            "renotify",
            {S.NOTIFIED, S.CONFIRMED},
            S.NOTIFIED,
            by=TEAM,
            journal="sitting.renotified",
            says=_("a envoyé une convocation modifiée"),
            changes=lambda sitting, taken: {"notified_at": timezone.now()},
            then=lambda sitting, taken: sitting_notified.send(Sitting, sitting=sitting, by=taken.by),
        ),
        Step(
            "remind",
            {S.NOTIFIED, S.CONFIRMED},
            by=TEAM,
            journal="invitee.reminded",
            says=_("a relancé les personnes sans réponse"),
            guards=(needs_silent_people,),
        ),
        Step(
            "confirm", {S.NOTIFIED}, S.CONFIRMED, by=TEAM, journal="sitting.confirmed", says=_("a confirmé la séance")
        ),
        Step(
            "open",
            {S.NOTIFIED, S.CONFIRMED},
            S.OPEN,
            by=TEAM,
            journal="sitting.opened",
            says=_("a ouvert la séance"),
            changes=lambda sitting, taken: {"opened_at": timezone.now()},
            then=lambda sitting, taken: sitting_opened.send(Sitting, sitting=sitting, by=taken.by),
        ),
        Step("suspend", {S.OPEN}, S.SUSPENDED, by=TEAM, journal="sitting.suspended", says=_("a suspendu la séance")),
        Step("resume", {S.SUSPENDED}, S.OPEN, by=TEAM, journal="sitting.resumed", says=_("a repris la séance")),
        Step(
            "close",
            {S.OPEN, S.SUSPENDED},
            S.CLOSED,
            by=TEAM,
            journal="sitting.closed",
            says=_("a clos la séance"),
            changes=lambda sitting, taken: {"closed_at": timezone.now()},
        ),
        Step(
            "note_no_quorum",
            {S.OPEN, S.SUSPENDED},
            S.NOT_QUORATE,
            by=TEAM,
            journal="sitting.not_quorate",
            says=_("a constaté l’absence de quorum"),
            changes=lambda sitting, taken: {"closed_at": timezone.now()},
        ),
        Step(
            "reconvene",
            {S.NOT_QUORATE},
            S.RECONVENED,
            by=TEAM,
            journal="sitting.reconvened",
            says=_("a convoqué de nouveau, sans quorum exigé"),
        ),
        Step(
            "postpone",
            {S.PLANNED, S.NOTIFIED, S.CONFIRMED},
            S.POSTPONED,
            by=TEAM,
            journal="sitting.postponed",
            says=_("a reporté la séance"),
            reason_column="reason",
        ),
        Step(
            "cancel",
            {S.PLANNED, S.NOTIFIED, S.CONFIRMED},
            S.CANCELLED,
            by=TEAM,
            journal="sitting.cancelled",
            says=_("a annulé la séance"),
            reason_column="reason",
        ),
        Step("record_minutes", {S.CLOSED}, S.MINUTED),  # follows the minutes, as does `reopen_minutes`
        Step("reopen_minutes", {S.MINUTED}, S.CLOSED),
        Step("archive", {S.MINUTED}, S.ARCHIVED, by=TEAM, journal="sitting.archived", says=_("a archivé la séance")),
    ],
    onward={
        S.PLANNED: ["notify"],
        S.NOTIFIED: ["open"],
        S.CONFIRMED: ["open"],
        S.OPEN: ["close"],
        S.SUSPENDED: ["resume"],
        S.CLOSED: [TEAM],  # its minutes lead on
        S.NOT_QUORATE: ["reconvene"],
    },
)
