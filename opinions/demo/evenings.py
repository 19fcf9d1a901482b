"""The smaller bodies: their meetings show every other state of a sitting and of its minutes."""

from datetime import timedelta

from opinions.demo import conduct, words
from opinions.demo.clock import at, paris
from opinions.demo.house import House
from sessions.actions import approval, attendance, corrections, notices, sittings
from sessions.actions import minutes as minutes_actions
from sessions.models import Minutes, Sitting
from sessions.workflows.minutes import MINUTES

CHAPTER = 30


def seed(house: House) -> None:
    """Each function leaves one meeting, or two, in a state that no plenary shows."""
    reports(house)
    formal(house)
    signed(house)
    today(house)
    put_off(house)


def meet(house: House, body: str, start: str, title: str, *, present: int, texts: bool = True) -> Sitting:
    """Planned, convened, held and closed."""
    steering = body in ("copil", "cotech")
    lines = words.STEERING if steering else words.EVENING
    sitting = conduct.plan_evening(house, body, start, title, lines)
    conduct.convene(house, sitting, sitting.starts_at - timedelta(days=14))
    conduct.answer(sitting, sitting.starts_at - timedelta(days=12), yes=present, no=2)
    items = conduct.hold(house, sitting, present=present, minutes_late=2)
    moment = conduct.during(items[1], minutes=20)
    conduct.decide(house, items[1], "Le calendrier proposé est retenu.", moment)
    conduct.follow(
        house,
        sitting,
        f"Envoyer la suite du travail ({title.lower()})",
        owner="Nadia Fauré",
        due=f"{sitting.starts_at + timedelta(days=21):%Y-%m-%d}",
        moment=moment,
    )
    conduct.close(house, sitting)
    return sitting


def reports(house: House) -> None:
    """Reports: being written, validated, circulated, published."""
    sitting = meet(house, "habiter", "2026-11-10 18:30", "Groupe Habiter", present=11)
    conduct.write(house, sitting, words.EVENING, words.EVENING_TEXT[:1], "2026-11-12 09:00")

    sitting = meet(house, "se-deplacer", "2026-11-12 18:30", "Groupe Se déplacer", present=12)
    validated = conduct.write(house, sitting, words.EVENING, words.EVENING_TEXT, "2026-11-16 09:00")
    with at("2026-11-20 09:00"):
        MINUTES.transition(validated, "validate", by=house.lead)

    sitting = meet(house, "prevention", "2026-11-05 18:30", "Groupe Prévention", present=13)
    circulated = conduct.write(house, sitting, words.EVENING, words.EVENING_TEXT, "2026-11-09 09:00")
    conduct.circulate(house, circulated, "2026-11-18 09:00")


def formal(house: House) -> None:
    """Formal minutes of smaller bodies: in check, under correction, waiting for approval."""
    sitting = meet(house, "copil", "2026-11-13 14:00", "Comité de pilotage avant la plénière", present=5)
    checked = _formal(house, sitting, "2026-11-16 09:00")
    with at("2026-11-19 09:00"):
        MINUTES.transition(checked, "submit", by=house.officer)

    sitting = meet(house, "cotech", "2026-10-20 10:00", "Comité technique d’automne", present=4)
    corrected = _formal(house, sitting, "2026-10-21 09:00")
    conduct.circulate(house, corrected, "2026-10-26 09:00")
    words_asked = ("une navette depuis Luchon", "deux navettes depuis Luchon", "Une à l’aller, une au retour.")
    conduct.correct(house, corrected, house.users["dir_contact"].person, words_asked, "2026-10-29 09:00")
    with at("2026-11-09 09:00"):
        MINUTES.transition(corrected, "end_corrections", by=house.officer)

    sitting = meet(house, "suivi", "2026-10-08 18:00", "Comité de suivi d’octobre", present=8)
    submitted = _formal(house, sitting, "2026-10-12 09:00")
    conduct.circulate(house, submitted, "2026-10-16 09:00")
    later = conduct.plan_evening(
        house, "suivi", "2026-12-10 18:00", "Comité de suivi de décembre", words.EVENING, on="2026-10-20 09:00"
    )
    with at("2026-10-30 09:00"):
        approval.submit_for_approval(submitted, later, by=house.officer)


def _formal(house: House, sitting: Sitting, on: str) -> Minutes:
    is_steering = sitting.committee in (house.committees["copil"], house.committees["cotech"])
    lines, texts = (words.STEERING, words.STEERING_TEXT) if is_steering else (words.EVENING, words.EVENING_TEXT)
    minutes = conduct.write(house, sitting, lines, texts, on)
    with at(on):
        return minutes_actions.change_kind(minutes, "formal", by=house.officer)


def signed(house: House) -> None:
    """A steering committee whose minutes are sealed and wait to be published."""
    sitting = meet(house, "copil", "2026-05-29 14:00", "Comité de pilotage de printemps", present=5)
    minutes = _formal(house, sitting, "2026-06-01 09:00")
    conduct.circulate(house, minutes, "2026-06-02 09:00")
    request = conduct.correct(
        house,
        minutes,
        house.users["president"].person,
        ("une séance à Saint-Gaudens", "deux séances à Saint-Gaudens", ""),
        "2026-06-04 09:00",
    )
    with at("2026-06-05 09:00"):
        corrections.refuse(request, by=house.officer, answer="Le comité n’en a retenu qu’une ; l’autre est à l’étude.")
    later = conduct.plan_evening(
        house, "copil", "2026-07-03 14:00", "Comité de pilotage d’été", words.STEERING, hours=1, on="2026-06-10 09:00"
    )
    with at("2026-06-15 09:00"):
        approval.submit_for_approval(minutes, later, by=house.officer)
    conduct.convene(house, later, "2026-06-19 09:00")
    conduct.hold(house, later, present=5, minutes_late=1)
    with at("2026-07-03 14:10"):
        approval.approve(minutes, by=house.officer)
    conduct.close(house, later)
    minutes = Minutes.objects.select_related("sitting__term__assembly").get(pk=minutes.pk)
    conduct.seal(house, minutes, "2026-07-06 09:00")


def today(house: House) -> None:
    """25 November: one meeting runs, one is suspended, one is confirmed for this evening."""
    running = conduct.plan_evening(house, "cotech", "2026-11-25 10:00", "Comité technique", words.STEERING)
    conduct.convene(house, running, "2026-11-12 09:00")
    conduct.enter(house, running, paris("2026-11-25 10:03"), present=4)

    paused = conduct.plan_evening(house, "suivi", "2026-11-25 09:00", "Comité de suivi", words.EVENING, hours=3)
    conduct.convene(house, paused, "2026-11-10 09:00")
    conduct.enter(house, paused, paris("2026-11-25 09:05"), present=8)
    with at("2026-11-25 10:15"):
        attendance.suspend(paused, by=house.officer)

    evening = conduct.plan_evening(house, "aidants", "2026-11-25 18:30", "Groupe Aidants", words.EVENING)
    conduct.convene(house, evening, "2026-11-11 09:00")
    conduct.answer(evening, paris("2026-11-11 12:00"), yes=12, no=2)
    with at("2026-11-24 09:00"):
        sittings.confirm(evening, by=house.officer)


def put_off(house: House) -> None:
    """One meeting lacked its quorum, one is cancelled, another put off to a new date."""
    thin = conduct.plan_evening(
        house, "lien-social", "2026-11-19 18:30", "Groupe Lien social", words.EVENING, is_quorum_required=True
    )
    conduct.convene(house, thin, "2026-11-05 09:00")
    conduct.answer(thin, paris("2026-11-05 12:00"), yes=6, no=9)
    conduct.enter(house, thin, paris("2026-11-19 18:35"), present=5)
    with at("2026-11-19 19:00"):
        attendance.note_no_quorum(thin, by=house.officer)

    cancelled = conduct.plan_evening(
        house, "vieillir-2050", "2026-11-03 18:30", "Groupe Vieillir en 2050", words.EVENING
    )
    conduct.convene(house, cancelled, "2026-10-20 09:00")
    with at("2026-11-02 10:00") as moment:
        notices.cancel(
            cancelled, reason="L’intervenante est malade ; le groupe travaille par écrit.", by=house.officer
        )
    conduct.settle(house, conduct.sent_with(cancelled.notices.latest("number")), moment)

    moved = conduct.plan_evening(house, "lien-social", "2026-12-01 18:30", "Groupe Lien social", words.EVENING)
    conduct.convene(house, moved, "2026-11-17 09:00")
    with at("2026-11-23 10:00") as moment:
        notices.postpone(
            moved,
            reason="Grève des transports ce soir-là.",
            by=house.officer,
            starts_at=paris("2026-12-08 18:30"),
            ends_at=paris("2026-12-08 20:30"),
        )
    conduct.settle(house, conduct.sent_with(moved.notices.latest("number")), moment)
