"""Meetings of the smaller bodies, in every other state of a sitting and of its minutes."""

from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from assembly.documents.actions.uploads import accept_upload
from assembly.files.fields import check_file
from assembly.files.file_kinds import KINDS
from demo import sittings
from demo.context import DemoContext, at
from demo.days import paris
from sessions.agenda import actions as agenda
from sessions.attendance import actions as attendance
from sessions.minutes.actions import corrections, publication, writing
from sessions.minutes.workflow.tables import MINUTES
from sessions.models import Minutes, Sitting
from sessions.sittings.actions import convening, planning
from sessions.sittings.workflow import SITTING

EVENING: Final = (("Ouverture", "opening", 5), ("Avancement du groupe", "discussion", 60), ("Suite", "other", 20))
EVENING_TEXT: Final = (
    "<p>Le groupe se retrouve à l’heure.</p>",
    "<p>Le groupe relit ses propositions une par une et garde les plus précises.</p>",
    "<p>La prochaine réunion portera sur la manière de savoir si cela marche.</p>",
)
OUTLINE: Final = "Qui aide les aidants ?\n\n1. Un tour de table.\n2. Trois situations.\n3. Ce que nous retenons.\n"
PAUSED: Final = "2026-11-25 09:00"
STEERING: Final = (("Avancement", "information", 30), ("Moyens et calendrier", "vote", 40), ("Divers", "other", 10))
STEERING_TEXT: Final = (
    "<p>La mission présente l’avancement des six groupes.</p>",
    "<p>Le comité retient une séance à Saint-Gaudens et une navette depuis Luchon.</p>",
    "<p>Le prochain comité se tient trois semaines avant la plénière.</p>",
)


# Evenings on which each group wrote its part of the opinion: what it saw, what it proposes, its agreement.
EVENINGS: Final = {
    "habiter": ("2026-02-16", "2026-03-16", "2026-04-20"),
    "se-deplacer": ("2026-02-17", "2026-03-17", "2026-04-21"),
    "prevention": ("2026-02-18", "2026-03-18", "2026-04-22"),
    "lien-social": ("2026-02-19", "2026-03-19", "2026-04-23"),
    "aidants": ("2026-02-23", "2026-03-23", "2026-04-27"),
    "vieillir-2050": ("2026-02-24", "2026-03-24", "2026-04-28"),
}
SUBJECTS: Final = ("ce que nous constatons", "ce que nous proposons", "accord sur notre texte")
# Where the third evening is held, for the groups that meet in person.
IN_PERSON: Final[dict[str, dict[str, str]]] = {
    "habiter": {"place_name": "Maison départementale, Muret", "place_address": "12, rue Clément Ader, 31600 Muret"},
    "se-deplacer": {"place_name": "Mairie de Revel", "place_address": "20, rue Jean Moulin, 31250 Revel"},
    "prevention": {"place_name": "Mairie de Cazères", "place_address": "Place de l’Hôtel de Ville, 31220 Cazères"},
}


def seed(context: DemoContext) -> None:
    """Create the meetings of each body in the order of their days, so that their references follow."""
    for rank, subject in enumerate(SUBJECTS):
        for body, days in EVENINGS.items():
            hold_evening(context, body, days[rank], subject)
    approved_minutes(context)
    meetings_not_held(context)
    informal_reports(context)
    formal_minutes(context)
    meetings_of_today(context)


def hold_evening(context: DemoContext, body: str, day: str, subject: str) -> None:
    """Hold a meeting of a group that writes; its report is sent a week later and archived a month later."""
    title = f"{context.committees[body].name} : {subject}"
    place = IN_PERSON.get(body) if subject == SUBJECTS[-1] else None
    sitting = sittings.plan_meeting(context, body, f"{day} 18:30", title, EVENING, hours=2.5, place=place)
    sittings.convene(context, sitting, sitting.starts_at - timedelta(days=14))
    sittings.record_replies(sitting, sitting.starts_at - timedelta(days=12), yes=13, no=2)
    sittings.run_sitting(context, sitting, present=13, minutes_late=2)
    sittings.close_sitting(context, sitting)
    morning = sitting.starts_at.replace(hour=9, minute=0)
    report = sittings.write_minutes(context, sitting, EVENING, EVENING_TEXT, morning + timedelta(days=2))
    archive_report(context, report, morning + timedelta(days=7))


def archive_report(context: DemoContext, report: Minutes, circulated: datetime) -> None:
    """Send a report to those who came, and archive it with its sitting a month later."""
    sittings.circulate_minutes(context, report, circulated)
    with at(circulated + timedelta(days=30)):
        MINUTES.transition(report, "archive", by=context.officer)
        sitting = Sitting.objects.get(pk=report.sitting_id)
        SITTING.transition(sitting, "archive", by=context.officer)


def hold_meeting(context: DemoContext, body: str, start: str, title: str, *, present: int) -> Sitting:
    """Plan, convene, hold and close a meeting."""
    steering = body in ("copil", "cotech")
    lines = STEERING if steering else EVENING
    sitting = sittings.plan_meeting(context, body, start, title, lines)
    sittings.convene(context, sitting, sitting.starts_at - timedelta(days=14))
    sittings.record_replies(sitting, sitting.starts_at - timedelta(days=12), yes=present, no=2)
    items = sittings.run_sitting(context, sitting, present=present, minutes_late=2)
    moment = sittings.after_opening(items[1], minutes=20)
    sittings.decide(context, items[1], "Le calendrier proposé est retenu.", moment)
    sittings.add_action(
        context,
        sitting,
        f"Envoyer la suite du travail ({title.lower()})",
        owner="Nadia Fauré",
        due=timezone.localdate(sitting.starts_at) + timedelta(days=21),
        moment=moment,
    )
    sittings.close_sitting(context, sitting)
    return sitting


def informal_reports(context: DemoContext) -> None:
    """Write three reports: in progress, validated, circulated."""
    sitting = hold_meeting(context, "habiter", "2026-11-10 18:30", "Groupe Habiter", present=11)
    sittings.write_minutes(context, sitting, EVENING, EVENING_TEXT[:1], "2026-11-12 09:00")

    sitting = hold_meeting(context, "se-deplacer", "2026-11-12 18:30", "Groupe Se déplacer", present=12)
    validated = sittings.write_minutes(context, sitting, EVENING, EVENING_TEXT, "2026-11-16 09:00")
    with at("2026-11-20 09:00"):
        MINUTES.transition(validated, "validate", by=context.lead)

    sitting = hold_meeting(context, "prevention", "2026-11-05 18:30", "Groupe Prévention", present=13)
    circulated = sittings.write_minutes(context, sitting, EVENING, EVENING_TEXT, "2026-11-09 09:00")
    sittings.circulate_minutes(context, circulated, "2026-11-18 09:00")


def formal_minutes(context: DemoContext) -> None:
    """Write formal minutes of smaller bodies: waiting for approval, under correction, in check."""
    sitting = hold_meeting(context, "suivi", "2026-10-08 18:00", "Comité de suivi d’octobre", present=8)
    submitted = write_formal_minutes(context, sitting, "2026-10-12 09:00")
    sittings.circulate_minutes(context, submitted, "2026-10-16 09:00")
    sittings.plan_meeting(context, "suivi", PAUSED, "Comité de suivi", EVENING, hours=3, on="2026-10-16 11:00")
    later = sittings.plan_meeting(
        context, "suivi", "2026-12-10 18:00", "Comité de suivi de décembre", EVENING, on="2026-10-20 09:00"
    )
    with at("2026-10-30 09:00"):
        publication.submit_for_approval(submitted, later, by=context.officer)

    sitting = hold_meeting(context, "cotech", "2026-10-20 10:00", "Comité technique d’automne", present=4)
    corrected = write_formal_minutes(context, sitting, "2026-10-21 09:00")
    sittings.circulate_minutes(context, corrected, "2026-10-26 09:00")
    correction = ("une navette depuis Luchon", "deux navettes depuis Luchon", "Une à l’aller, une au retour.")
    request = sittings.ask_correction(
        context, corrected, context.users["dir_contact"].person, correction, "2026-10-29 09:00"
    )
    with at("2026-10-30 10:00"):
        corrections.accept(request, by=context.officer, answer="C’est exact : il y en a une dans chaque sens.")
    with at("2026-11-09 09:00"):
        MINUTES.transition(corrected, "end_corrections", by=context.officer)

    sitting = hold_meeting(context, "copil", "2026-11-13 14:00", "Comité de pilotage avant la plénière", present=5)
    checked = write_formal_minutes(context, sitting, "2026-11-16 09:00")
    with at("2026-11-19 09:00"):
        MINUTES.transition(checked, "submit", by=context.officer)


def write_formal_minutes(context: DemoContext, sitting: Sitting, on: str) -> Minutes:
    is_steering = sitting.committee in (context.committees["copil"], context.committees["cotech"])
    lines, summaries = (STEERING, STEERING_TEXT) if is_steering else (EVENING, EVENING_TEXT)
    minutes = sittings.write_minutes(context, sitting, lines, summaries, on)
    with at(on):
        return writing.change_kind(minutes, "formal", by=context.officer)


def approved_minutes(context: DemoContext) -> None:
    """Write minutes of a steering committee: approved, then sealed (`sealing`), not published yet."""
    sitting = hold_meeting(context, "copil", "2026-05-29 14:00", "Comité de pilotage de printemps", present=6)
    minutes = write_formal_minutes(context, sitting, "2026-06-01 09:00")
    sittings.circulate_minutes(context, minutes, "2026-06-02 09:00")
    request = sittings.ask_correction(
        context,
        minutes,
        context.users["president"].person,
        ("une séance à Saint-Gaudens", "deux séances à Saint-Gaudens", ""),
        "2026-06-04 09:00",
    )
    with at("2026-06-05 09:00"):
        corrections.refuse(
            request, by=context.officer, answer="Le comité n’en a retenu qu’une ; l’autre est à l’étude."
        )
    later = sittings.plan_meeting(
        context,
        "copil",
        "2026-07-03 14:00",
        "Comité de pilotage d’été",
        STEERING,
        hours=1,
        on="2026-06-10 09:00",
    )
    with at("2026-06-15 09:00"):
        publication.submit_for_approval(minutes, later, by=context.officer)
    sittings.convene(context, later, "2026-06-19 09:00")
    sittings.run_sitting(context, later, present=5, minutes_late=1)
    with at("2026-07-03 14:10"):
        publication.approve(minutes, by=context.officer)
    sittings.close_sitting(context, later)
    report = sittings.write_minutes(context, later, STEERING, STEERING_TEXT, "2026-07-06 09:00")
    archive_report(context, report, paris("2026-07-10 09:00"))


def meetings_of_today(context: DemoContext) -> None:
    """Create the meetings of 25 November: one runs, one is suspended, one is confirmed for this evening."""
    running = sittings.plan_meeting(context, "cotech", "2026-11-25 10:00", "Comité technique", STEERING)
    sittings.convene(context, running, "2026-11-12 09:00")
    sittings.open_with_attendance(context, running, paris("2026-11-25 10:03"), present=4)

    paused = Sitting.objects.get(committee=context.committees["suivi"], starts_at=paris(PAUSED))
    sittings.convene(context, paused, "2026-11-10 09:00")
    sittings.open_with_attendance(context, paused, paris("2026-11-25 09:05"), present=8)
    with at("2026-11-25 10:15"):
        SITTING.transition(paused, "suspend", by=context.officer)

    evening = sittings.plan_meeting(context, "aidants", "2026-11-25 18:30", "Groupe Aidants", EVENING)
    sittings.convene(context, evening, "2026-11-11 09:00")
    sittings.record_replies(evening, paris("2026-11-11 12:00"), yes=12, no=2)
    with at("2026-11-13 09:00"):
        file = check_file("Trame.txt", OUTLINE.encode(), kinds=tuple(KINDS), max_size=10_000)
        upload = accept_upload(file, by=context.officer)
        agenda.add_paper(evening, upload=upload, title="Trame de la soirée", by=context.officer)
    with at("2026-11-24 09:00"):
        SITTING.transition(evening, "confirm", by=context.officer)


def meetings_not_held(context: DemoContext) -> None:
    """Create one meeting without quorum, one cancelled, one put off to a new date, one to which nobody came."""
    thin = sittings.plan_meeting(
        context, "lien-social", "2026-11-19 18:30", "Groupe Lien social", EVENING, is_quorum_required=True
    )
    sittings.convene(context, thin, "2026-11-05 09:00")
    sittings.record_replies(thin, paris("2026-11-05 12:00"), yes=6, no=9)
    sittings.open_with_attendance(context, thin, paris("2026-11-19 18:35"), present=5)
    with at("2026-11-19 19:00"):
        attendance.note_no_quorum(thin, by=context.officer)

    cancelled = sittings.plan_meeting(context, "vieillir-2050", "2026-11-03 18:30", "Groupe Vieillir en 2050", EVENING)
    sittings.convene(context, cancelled, "2026-10-20 09:00")
    with at("2026-11-02 10:00") as moment:
        convening.cancel(
            cancelled, reason="L’intervenante est malade ; le groupe travaille par écrit.", by=context.officer
        )
    sittings.mark_distribution_sent(context, sittings.distribution_of(cancelled.notices.latest("number")), moment)

    moved = sittings.plan_meeting(context, "lien-social", "2026-12-01 18:30", "Groupe Lien social", EVENING)
    sittings.convene(context, moved, "2026-11-17 09:00")
    with at("2026-11-23 10:00") as moment:
        convening.postpone(
            moved,
            reason="Grève des transports ce soir-là.",
            by=context.officer,
            starts_at=paris("2026-12-15 18:30"),
            ends_at=paris("2026-12-15 20:30"),
        )
    sittings.mark_distribution_sent(context, sittings.distribution_of(moved.notices.latest("number")), moment)

    empty = sittings.plan_meeting(context, "habiter", "2026-10-13 18:30", "Groupe Habiter", EVENING)
    sittings.convene(context, empty, "2026-09-29 09:00")
    with at("2026-10-14 09:00"):
        planning.note_not_held(
            empty, reason="Vigilance orange : les routes étaient coupées ce soir-là.", by=context.officer
        )
