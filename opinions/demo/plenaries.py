"""The seven plenaries of the story, from the installation to those still to come."""

from datetime import timedelta

from opinions.demo import conduct, opinion, own, referral, words
from opinions.demo.clock import at, paris
from opinions.demo.house import House
from sessions.actions import agenda, answers, approval, attendance, corrections, notices, publication, sittings
from sessions.actions import minutes as minutes_actions
from sessions.enums import VisaCapacity
from sessions.models import Minutes, Sitting
from sessions.queries.minutes import attended, people_who_attended
from sessions.rules.majority import Count
from sessions.workflows.minutes import MINUTES

CHAPTER = 20


def seed(house: House) -> None:
    """Seven plenaries in order; each one approves the minutes of the one before."""
    installation(house)
    referral.receive(house)
    learning = hold_learning(house)
    midterm = hold_midterm(house, learning)
    adoption = hold_adoption(house, midterm)
    second = lose_quorum(house)
    hold_autumn(house, adoption, second)
    announce_next(house)


def installation(house: House) -> None:
    sitting = conduct.plan_plenary(
        house, "2025-11-29", "Séance d’installation", words.INSTALLATION, "2025-11-29 09:05"
    )
    conduct.convene(house, sitting, "2025-11-29 09:10")
    items = conduct.hold(house, sitting, present=105, minutes_late=12)
    conduct.follow(
        house,
        sitting,
        "Envoyer à chacun la liste des groupes",
        owner="Nadia Fauré",
        due="2025-12-15",
        moment=items[4].sitting.ends_at - timedelta(minutes=10),
    )
    conduct.close(house, sitting)
    with at("2025-12-01 09:00"):
        minutes = minutes_actions.change_kind(
            conduct.write(house, sitting, words.INSTALLATION, words.INSTALLATION_TEXT, "2025-12-01 09:00"),
            "report",
            by=house.officer,
        )
    conduct.circulate(house, minutes, "2025-12-09 14:00")
    with at("2026-01-08 09:00"):
        MINUTES.transition(minutes, "archive", by=house.officer)
        sitting.refresh_from_db()
        sittings.archive(sitting, by=house.officer)


def hold_learning(house: House) -> Minutes:
    sitting = conduct.plan_plenary(
        house, "2026-01-24", "Séance plénière : apprendre", words.LEARNING, "2025-12-18 10:00"
    )
    conduct.convene(house, sitting, "2026-01-09 10:30", bounced=1)
    conduct.answer(sitting, paris("2026-01-09 11:00"), yes=95, no=8)
    items = conduct.hold(house, sitting, present=98, late=3, early=4)
    moment = conduct.during(items[3], minutes=20)
    ballot = conduct.vote(
        house, items[3], "Les règles de travail des groupes sont adoptées.", Count(88, 4, 5, 1), moment
    )
    conduct.decide(house, items[3], "Les règles de travail des groupes sont adoptées.", moment, ballot)
    conduct.follow(
        house, sitting, "Ouvrir une page de covoiturage", owner="Nadia Fauré", due="2026-02-15", moment=moment
    )
    conduct.close(house, sitting)
    minutes = conduct.write(house, sitting, words.LEARNING, words.LEARNING_TEXT, "2026-01-26 09:00")
    conduct.circulate(house, minutes, "2026-02-05 16:00")
    return minutes


def hold_midterm(house: House, former: Minutes) -> Minutes:
    sitting = conduct.plan_plenary(
        house, "2026-03-28", "Séance plénière de mi-parcours", words.MIDTERM, "2026-02-12 10:00"
    )
    with at("2026-02-17 09:00"):
        approval.submit_for_approval(former, sitting, by=house.officer)
    conduct.convene(house, sitting, "2026-03-13 10:30")
    conduct.answer(sitting, paris("2026-03-13 11:00"), yes=89, no=9, maybe=2)
    items = conduct.hold(house, sitting, present=91, late=1, early=2)
    with at(conduct.during(items[1], minutes=3)):
        approval.approve(former, by=house.officer)
    adoption = next(item for item in items if item.title.startswith("Adoption"))
    moment = conduct.during(adoption, minutes=25)
    conduct.decide(house, adoption, "Les trois questions de la salle ouvrent le carnet.", moment)
    ballot = conduct.vote(house, adoption, "Le carnet de mi-parcours est adopté.", Count(78, 4, 7, 2), moment)
    conduct.decide(house, adoption, "Le carnet de mi-parcours est adopté.", moment, ballot)
    for text, owner, due in (
        ("Chiffrer le reste à charge dans trois situations", "Direction de l’Autonomie", "2026-05-15"),
        ("Inviter la Région pour parler des transports", "Samuel Espinasse", "2026-04-30"),
    ):
        conduct.follow(house, sitting, text, owner=owner, due=due, moment=moment)
    conduct.close(house, sitting)
    finish(house, former, "2026-03-31 10:00")
    minutes = conduct.write(house, sitting, words.MIDTERM, words.MIDTERM_TEXT, "2026-03-30 09:00")
    conduct.circulate(house, minutes, "2026-04-10 17:40")
    return minutes


def finish(house: House, minutes: Minutes, on: str) -> None:
    """Visas, seals, publication, and the sealed file to everybody."""
    minutes = Minutes.objects.select_related("sitting__term__assembly").get(pk=minutes.pk)
    conduct.seal(house, minutes, on)
    with at(paris(on) + timedelta(days=1)) as moment:
        minutes = Minutes.objects.select_related("sitting__term__assembly", "public_document").get(pk=minutes.pk)
        MINUTES.transition(minutes, "publish", by=house.officer)
        distribution = publication.distribute_sealed(minutes, by=house.officer)
    conduct.settle(house, distribution, moment, bounced=2)


def hold_adoption(house: House, former: Minutes) -> Minutes:
    author = people_who_attended(former.sitting)[40]
    request = conduct.correct(
        house,
        former,
        author,
        ("34 idées", "36 idées", "Deux idées du groupe Aidants ont été oubliées."),
        "2026-04-13 09:12",
    )
    with at("2026-04-14 10:00"):
        corrections.accept(request, by=house.officer, answer="C’est exact : les deux idées sont ajoutées.")
    sitting = conduct.plan_plenary(
        house, "2026-06-27", "Séance plénière : vote de l’avis", words.ADOPTION, "2026-04-20 10:00"
    )
    with at("2026-04-27 09:00"):
        approval.submit_for_approval(former, sitting, by=house.officer)
    told, prepared = opinion.prepare(house, sitting)
    conduct.convene(house, sitting, "2026-06-12 10:30", bounced=1)
    opinion.propose(house, told)
    conduct.answer(sitting, paris("2026-06-12 11:00"), yes=86, no=12)
    items = conduct.hold(house, sitting, present=87, late=2)
    with at(conduct.during(items[1], minutes=3)):
        approval.approve(former, by=house.officer)
    item = next(item for item in items if item.title.startswith("Vote"))
    ballot = opinion.vote(house, told, prepared, items)
    moment = conduct.during(item, minutes=30)
    conduct.decide(house, item, "L’avis « Bien vieillir » est adopté.", moment, ballot)
    conduct.close(house, sitting)
    opinion.follow(house, told)
    finish(house, former, "2026-07-01 10:00")
    minutes = conduct.write(house, sitting, words.ADOPTION, words.ADOPTION_TEXT, "2026-06-29 09:00")
    conduct.circulate(house, minutes, "2026-07-10 17:00")
    return minutes


def lose_quorum(house: House) -> Sitting:
    """12 September: 49 members came, 54 were needed; the second sitting needs no quorum."""
    sitting = conduct.plan_plenary(house, "2026-09-12", "Séance plénière de rentrée", words.AUTUMN, "2026-07-15 10:00")
    conduct.convene(house, sitting, "2026-08-28 10:30")
    conduct.answer(sitting, paris("2026-08-28 11:00"), yes=56, no=30)
    conduct.enter(house, sitting, paris("2026-09-12 09:45"), present=49)
    with at("2026-09-12 10:30"):
        attendance.note_no_quorum(sitting, by=house.officer)
    with at("2026-09-14 09:00"):
        return notices.reconvene(
            sitting, starts_at=paris("2026-10-03 09:30"), ends_at=paris("2026-10-03 16:30"), by=house.officer
        )


def hold_autumn(house: House, former: Minutes, sitting: Sitting) -> None:
    """3 October: the second notice; its minutes are being corrected today."""
    with at("2026-09-15 09:00"):
        approval.submit_for_approval(former, sitting, by=house.officer)
    prepared = own.choose_care(house, sitting)
    conduct.convene(house, sitting, "2026-09-18 10:30")
    conduct.answer(sitting, paris("2026-09-18 11:00"), yes=70, no=20)
    items = conduct.hold(house, sitting, present=73, early=5)
    with at(conduct.during(items[1], minutes=3)):
        approval.approve(former, by=house.officer)
    choice = next(item for item in items if item.title.startswith("Choix"))
    moment = conduct.during(choice, minutes=30)
    ballot = conduct.count(house, prepared, Count(51, 15, 5, 2), moment)
    conduct.decide(house, choice, "Le sujet « accès aux soins » est retenu.", moment, ballot)
    conduct.follow(
        house,
        sitting,
        "Préparer le dossier du sujet retenu",
        owner="Samuel Espinasse",
        due="2026-11-15",
        moment=moment,
    )
    conduct.close(house, sitting)
    with at("2026-10-07 11:00"):
        former.refresh_from_db()
        approval.give_visa(former, VisaCapacity.CHAIR, by=house.chair)
    minutes = conduct.write(house, sitting, words.AUTUMN, words.AUTUMN_TEXT, "2026-10-05 09:00")
    conduct.circulate(house, minutes, "2026-11-17 17:40")
    here = [user for name, user in house.users.items() if name[-1].isdigit() and attended(user, sitting)]
    requests = (
        (here[0], "trois Maisons de", "quatre Maisons de", "Le directeur a dit quatre."),
        (here[2].person, "et l’eau", "et la qualité de l’eau", "C’était le titre exact."),
        (here[1], "pour la navette", "pour la navette de Luchon", ""),
    )
    for rank, (author, passage, proposal, reason) in enumerate(requests):
        on = f"2026-11-{20 + rank} 09:{12 + rank}"
        conduct.correct(house, minutes, author, (passage, proposal, reason), on)


def announce_next(house: House) -> None:
    """5 December is convened, with letters to print today; the others are only planned."""
    sitting = conduct.plan_plenary(
        house, "2026-12-05", "Séance plénière : accès aux soins", words.NEXT, "2026-10-12 10:00"
    )
    expert = house.users["dir_approver"].person
    with at("2026-11-10 10:00"):
        answers.add_guest(sitting, person=expert, capacity="directrice de l’Autonomie", by=house.officer)
        agenda.add_actions_item(sitting, by=house.officer)
    with at("2026-11-20 10:30") as moment:
        notice = notices.notify(sitting, by=house.officer)
    conduct.settle_mails(conduct.sent_with(notice), moment, bounced=2)
    conduct.answer(sitting, paris("2026-11-20 11:00"), yes=58, no=9, maybe=3)
    for day, title in (
        ("2027-01-30", "Séance plénière : auditions"),
        ("2027-04-03", "Séance plénière : vote de l’avis « accès aux soins »"),
        ("2027-06-12", "Séance plénière de clôture"),
    ):
        conduct.plan_plenary(house, day, title, words.NEXT[:2] + words.NEXT[4:], "2026-10-12 11:00")
