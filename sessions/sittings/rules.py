"""Rights on a sitting, its hours and its reference; differences of notices; signed links."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from assembly.identity.personal_links import PersonalLink, SentLink
from assembly.institution.models import Committee, CommitteeKind, Term, TermState
from assembly.institution.rules import is_facilitator, is_team
from assembly.web.forms import whole_number
from sessions.models import CalendarFeed, Invitee, Sitting, SittingKind

THEMATIC_BODIES = (CommitteeKind.THEMATIC, CommitteeKind.TERRITORIAL, CommitteeKind.CROSS_CUTTING)


def kind_of_body(committee: Committee | None) -> SittingKind:
    """Return what a sitting of this body is; of none, a plenary one."""
    if committee is None:
        return SittingKind.PLENARY
    return SittingKind.THEMATIC if committee.kind in THEMATIC_BODIES else SittingKind.COMMITTEE


def is_day_past(sitting: Sitting) -> bool:
    """Return whether the day of the sitting is over: facts recorded from now on need their hour."""
    return is_day_over(timezone.now(), sitting.starts_at, sitting.ends_at)


def has_begun(sitting: Sitting) -> bool:
    """Return whether the planned beginning is past."""
    return sitting.starts_at <= timezone.now()


def is_over(sitting: Sitting) -> bool:
    """Return whether the planned end is past."""
    return sitting.ends_at <= timezone.now()


def can_see_term(user: Any, term: Term) -> bool:
    """Return whether the user may open the list in the back office."""
    return is_team(user, term) or is_facilitator(user, term)


def can_start(user: Any, term: Term) -> bool:
    """Return whether the user may plan a sitting at all; `can_create` checks which body may meet."""
    return is_team(user, term)


def can_create(user: Any, term: Term, committee: Committee | None = None) -> bool:
    """Return whether this body may meet; in an ended term, only the follow-up committee."""
    if not is_team(user, term):
        return False
    is_follow_up = committee is not None and committee.kind == CommitteeKind.FOLLOW_UP
    return is_follow_up or term.state not in TermState.tagged("ended")


def can_see_desk(user: Any, sitting: Sitting) -> bool:
    """Return whether the user may open the back-office dossier; members have their own page."""
    return is_team(user, sitting.term_id) or is_facilitator(user, sitting.term_id)


def can_edit(user: Any, sitting: Sitting) -> bool:
    """Return whether dates and places may be corrected: until the sitting begins."""
    return is_team(user, sitting.term_id) and sitting.is_upcoming


def can_edit_agenda(user: Any, sitting: Sitting) -> bool:
    """Return whether the agenda may be changed: until the end of the sitting."""
    return is_team(user, sitting.term_id) and (sitting.is_upcoming or sitting.is_running)


def can_run(user: Any, sitting: Sitting) -> bool:
    """Return whether arrivals and items may be recorded now: the sitting runs, on its day or night."""
    return is_team(user, sitting.term_id) and sitting.is_running and not is_day_past(sitting)


def can_add_papers(user: Any, sitting: Sitting) -> bool:
    """Return whether documents may be added: until the archiving, since slides often come late."""
    return is_team(user, sitting.term_id) and sitting.state not in ("archived", "cancelled", "postponed", "not_held")


def can_see_private(user: Any, sitting: Sitting) -> bool:
    """Return whether the user may read addresses, telephones and needs: the team, never the facilitator."""
    return is_team(user, sitting.term_id)


def abilities(user: Any, sitting: Sitting) -> dict[str, bool]:
    """Return what the page of the sitting may offer to this reader, besides the steps of its workflow."""
    return {
        "edit": can_edit(user, sitting),
        "agenda": can_edit_agenda(user, sitting),
        "run": can_run(user, sitting),
        "papers": can_add_papers(user, sitting),
        "private": can_see_private(user, sitting),
        "answers": can_record_answers(user, sitting),
        "attendance": can_take_attendance(user, sitting),
        "notes": can_take_notes(user, sitting),
        "copy": is_team(user, sitting.term_id),
        "invite": can_invite(user, sitting),
        "certify": can_send_certificates(user, sitting),
    }


def can_send_certificates(user: Any, sitting: Sitting) -> bool:
    """Return whether certificates may be sent: once the roll is closed, from which they are made."""
    return is_team(user, sitting.term_id) and sitting.is_held


def can_invite(user: Any, sitting: Sitting) -> bool:
    """Return whether guests may be added: until the closing, since somebody may come unannounced."""
    return is_team(user, sitting.term_id) and (sitting.is_upcoming or sitting.is_running)


def can_record_answers(user: Any, sitting: Sitting) -> bool:
    """Return whether the team may record answers given by telephone or on paper."""
    return is_team(user, sitting.term_id) and sitting.takes_answers


def can_take_notes(user: Any, sitting: Sitting) -> bool:
    """Return whether notes may be taken: during the sitting, and until the minutes are finished."""
    return is_team(user, sitting.term_id) and (sitting.is_running or sitting.state in ("closed", "not_quorate"))


def can_take_attendance(user: Any, sitting: Sitting) -> bool:
    """Return whether the roll may be changed: live, then corrected until the archiving."""
    return is_team(user, sitting.term_id) and (
        sitting.is_running or sitting.state in ("closed", "minuted", "not_quorate")
    )


HALF_A_DAY = timedelta(hours=12)


def day_of(hour: time, starts_at: datetime) -> date:
    """Return the day of the sitting, or the next day if the hour is more than twelve hours before the beginning."""
    day = timezone.localdate(starts_at)
    if starts_at - timezone.make_aware(datetime.combine(day, hour)) > HALF_A_DAY:
        return day + timedelta(days=1)
    return day


def is_during(moment: datetime, starts_at: datetime) -> bool:
    """Return whether a moment is on the day of the sitting, or in the night after an evening."""
    return timezone.localdate(moment) == day_of(timezone.localtime(moment).time(), starts_at)


def moment_of(hour: time, starts_at: datetime, after: datetime | None = None) -> datetime:
    """Return that hour on the day of the sitting, in UTC.

    In the night of October with two hours « 2 h 30 » it is the first one, unless that comes before `after`.
    """
    local = timezone.make_aware(datetime.combine(day_of(hour, starts_at), hour))
    first, second = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
    return second if after is not None and first <= after < second else first


def opens_from(starts_at: datetime) -> datetime:
    """Return the moment from which a sitting may be opened; counted in UTC, so that two hours last two hours."""
    return starts_at.astimezone(UTC) - timedelta(hours=settings.SITTING_OPENS_HOURS_BEFORE)


def last_day_ends(ends_at: datetime) -> datetime:
    """Return the midnight in Paris after which the sitting may no longer be opened."""
    day = timezone.localdate(ends_at - timedelta(microseconds=1)) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time.min))


def is_day_over(now: datetime, starts_at: datetime, ends_at: datetime) -> bool:
    """Return whether the last day of the sitting, and the night after it, are past."""
    return now >= last_day_ends(ends_at) and not is_during(now, starts_at)


def is_same_minute(one: datetime, other: datetime) -> bool:
    """Return whether both are in one minute, since forms submit hours without seconds."""
    return whole_minute(one) == whole_minute(other)


def whole_minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def is_within(moment: datetime, first: datetime, last: datetime) -> bool:
    """Return whether a moment is between two others, with their minutes included."""
    return whole_minute(first) <= whole_minute(moment) <= whole_minute(last)


PLENARY = "PL"
LONGEST = 16
SERIES = {
    CommitteeKind.STEERING: "COPIL",
    CommitteeKind.TECHNICAL: "COTECH",
    CommitteeKind.FOLLOW_UP: "SUIVI",
    CommitteeKind.GOVERNANCE: "GOUV",
}


def series_of(committee: Committee | None) -> str:
    """Return COPIL, COTECH, SUIVI or GOUV; for other committees their own short name (HABITER)."""
    if committee is None:
        return PLENARY
    if named := SERIES.get(CommitteeKind(committee.kind)):
        return named
    return committee.slug.upper()[:LONGEST].strip("-") or "GT"


LABELS = {
    "title": gettext_lazy("Titre"),
    "when": gettext_lazy("Date et heures"),
    "pause": gettext_lazy("Pause"),
    "place": gettext_lazy("Lieu"),
    "access": gettext_lazy("Accès"),
    "video_link": gettext_lazy("Visioconférence"),
    "message": gettext_lazy("Message"),
    "chair": gettext_lazy("Présidence"),
}


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return lines « Lieu : avant → après », then the items added, removed or renamed.

    The order is that of the notice. Changed hours are listed only when nothing else changed.
    """
    changes = [
        {"label": str(label), "before": before.get(key, ""), "after": after.get(key, "")}
        for key, label in LABELS.items()
        if before.get(key, "") != after.get(key, "")
    ]
    points = before.get("agenda", []), after.get("agenda", [])
    return changes + agenda_differences(*points) or hour_differences(*points)


def agenda_differences(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[dict[str, str]]:
    old = {line["id"]: line["title"] for line in before}
    new = {line["id"]: line["title"] for line in after}
    diffs = [{"label": _("Point retiré"), "before": title, "after": ""} for pk, title in old.items() if pk not in new]
    for pk, title in new.items():
        if pk not in old:
            diffs.append({"label": _("Point ajouté"), "before": "", "after": title})
        elif old[pk] != title:
            diffs.append({"label": _("Point modifié"), "before": old[pk], "after": title})
    common_before = [pk for pk in old if pk in new]
    common_after = [pk for pk in new if pk in old]
    if common_before != common_after:
        diffs.append({"label": _("Ordre des points"), "before": "", "after": _("L’ordre des points a changé.")})
    return diffs


def hour_differences(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return the first item whose hour changed: by another duration, or an internal item before it."""
    old = {line["id"]: line["hour"] for line in before if line.get("hour")}
    moved = (line for line in after if line.get("hour") != old.get(line["id"], line.get("hour")))
    line = next(moved, None)
    if line is None:
        return []
    texts = {"before": f"{old[line['id']]} {line['title']}", "after": f"{line['hour']} {line['title']}"}
    return [{"label": _("Heures des points"), **texts}]


REPLY = PersonalLink("sessions.reply", None)  # valid until the end of the day of the sitting, which may change
CALENDAR = Signer(salt="sessions.calendar", sep=".")


class BadLink(Exception):
    """Raised for a link that was not signed here, or is closed."""


def reply_token(invitee: Invitee) -> str:
    return REPLY.token(f"{invitee.public_id.hex}-{invitee.link_version}", invitee.person.email)


def calendar_token(feed: CalendarFeed) -> str:
    return CALENDAR.sign(f"{feed.pk}-{feed.version}")


def name_and_version(text: str) -> tuple[str, int]:
    name, _dash, version = text.partition("-")
    try:
        return name, int(version)
    except ValueError as error:
        raise BadLink from error


def read_reply(token: str) -> tuple[UUID, int, SentLink]:
    """Return the public id and the version of the invitee, and the link itself."""
    if (sent := REPLY.read(token)) is None:
        raise BadLink
    name, version = name_and_version(sent.name)
    try:
        return UUID(hex=name), version, sent
    except ValueError as error:
        raise BadLink from error


def read_calendar(token: str) -> tuple[int, int]:
    try:
        name, version = name_and_version(CALENDAR.unsign(token))
    except BadSignature as error:
        raise BadLink from error
    if (number := whole_number(name)) < 0:
        raise BadLink
    return number, version


def closes_at(starts_at: datetime) -> datetime:
    """Return the end of a personal link: the end of the day of the sitting, in Paris."""
    day = timezone.localdate(starts_at) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time.min))


def is_alive(invitee: Any, version: int) -> bool:
    return (
        invitee.link_version == version
        and invitee.withdrawn_at is None
        and timezone.now() < closes_at(invitee.sitting.starts_at)
    )


def preview_fingerprint(value: Any) -> str:
    """Return a short fingerprint of what a preview showed."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:20]


PARIS = ZoneInfo("Europe/Paris")


def moment(day: date, hour: time) -> datetime:
    """Return that hour of that day in Paris; raise ValidationError if the clock skips it in March."""
    instant = datetime.combine(day, hour, tzinfo=PARIS)
    if instant.astimezone(ZoneInfo("UTC")).astimezone(PARIS).replace(tzinfo=None) != instant.replace(tzinfo=None):
        raise forms.ValidationError(
            gettext_lazy(
                "Cette heure n’existe pas : cette nuit-là, on passe de 2 h à 3 h. Choisissez une autre heure."
            ),
            code="missing_hour",
        )
    return instant
