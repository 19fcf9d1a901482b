"""The seven plenaries, from the installation to those still to come, and who missed them in a row."""

from datetime import timedelta
from typing import Final

from demo import opinions, referrals, self_referrals, sittings
from demo.context import DemoContext, at
from demo.days import paris, retell, story_date
from demo.referrals import QUESTION
from sessions.agenda import actions as agenda
from sessions.attendance import actions as attendance
from sessions.attendance.mails import proposed_warning
from sessions.attendance.workflow import ABSENCE
from sessions.decisions.rules import Count
from sessions.minutes.actions import corrections, publication, writing
from sessions.minutes.queries.minutes import attended, people_who_attended
from sessions.minutes.workflow.tables import MINUTES
from sessions.models import AbsenceCase, AbsenceCaseState, Minutes, MinutesVisaCapacity, Sitting
from sessions.sittings.actions import convening
from sessions.sittings.workflow import SITTING

INSTALLATION: Final = (
    ("Ouverture par le président du Conseil départemental", "opening", 30),
    ("Missions et méthode de travail", "information", 60),
    ("La question posée : bien vieillir", "discussion", 90),
    ("Questions au président", "discussion", 45),
    ("Calendrier et groupes", "information", 30),
)
INSTALLATION_TEXT: Final = (
    "<p>Le président du Conseil départemental accueille les membres tirés au sort le 15 septembre 2025.</p>",
    "<p>La mission présente les étapes : apprendre, écrire, voter, remettre.</p>",
    f"<p>La question est lue : « {QUESTION} »</p>",
    "<p>Plusieurs membres demandent ce que deviendront leurs préconisations. Le président s’engage à répondre à "
    "chacune, avec un motif.</p>",
    "<p>Six groupes sont proposés. Chacun choisit le sien avant le 15 décembre.</p>",
)

LEARNING: Final = (
    ("Ouverture", "opening", 15),
    ("Vieillir en Haute-Garonne : les chiffres", "information", 60),
    ("Auditions de trois experts", "discussion", 120),
    ("Règles de travail des groupes", "vote", 30),
    ("Questions diverses", "other", 15),
)
LEARNING_TEXT: Final = (
    "<p>La séance est ouverte par Odile Labatut, vice-présidente chargée du Dialogue citoyen.</p>",
    "<p>La direction de l’Autonomie présente la situation :</p><ul><li>22 % des habitants ont plus de 60 ans ;</li>"
    "<li>trois cantons de montagne dépassent 35 % ;</li><li>la moitié des aides à domicile partent avant cinq ans."
    "</li></ul>",
    "<p>Trois personnes sont entendues : une gériatre, un bailleur social, une association d’aidants. Les échanges "
    "portent sur le reste à charge et sur les trajets.</p>",
    "<p>La règle proposée : un texte de groupe n’avance que si personne n’a d’objection expliquée.</p>",
    "<p>Des membres demandent un covoiturage pour les séances.</p>",
)

MIDTERM: Final = (
    ("Ouverture", "opening", 15),
    ("Le schéma Autonomie", "information", 45),
    ("Restitution des six groupes", "discussion", 120),
    ("Adoption du carnet de mi-parcours", "vote", 40),
    ("De l’idée à la préconisation", "discussion", 60),
    ("Questions diverses", "other", 15),
)
MIDTERM_TEXT: Final = (
    "<p>La séance est ouverte à l’heure dite.</p>",
    "<p>Le schéma Autonomie sera voté en novembre 2026. L’avis de l’Assemblée doit donc être remis avant l’été.</p>",
    "<p>Chaque groupe présente ses idées en dix minutes. Le groupe « Habiter » propose l’habitat partagé et la "
    "colocation entre générations.</p>",
    "<p>Le rapporteur présente le carnet : 34 idées, réparties entre six groupes. Trois questions reviennent dans la "
    "salle :</p><ul><li>le reste à charge des familles ;</li><li>la place des aidants ;</li><li>les cantons de "
    "montagne, où les trajets dépassent une heure.</li></ul>",
    "<p>Un atelier montre comment une idée devient une préconisation : qui décide, avec quels moyens, comment on "
    "saura si cela marche.</p>",
    "<p>La séance de juin commencera à 9 h 30.</p>",
)

ADOPTION: Final = (
    ("Ouverture", "opening", 15),
    ("Lecture du projet d’avis « Bien vieillir »", "information", 60),
    ("Débat et amendements", "discussion", 150),
    ("Vote de l’avis", "vote", 45),
    ("Désignation des porte-parole", "other", 20),
)
ADOPTION_TEXT: Final = (
    "<p>La séance est ouverte par Odile Labatut.</p>",
    "<p>Le projet compte dix préconisations, de l’adaptation du logement au transport solidaire.</p>",
    "<p>Quatre amendements avaient été déposés. L’un est retiré, un autre adopté, un troisième tombe avec lui, le "
    "dernier est rejeté. Le débat porte surtout sur le répit des aidants.</p>",
    "<p>L’avis est mis aux voix dans son ensemble.</p>",
    "<p>Six porte-parole sont tirés au sort pour présenter l’avis aux conseillers.</p>",
)

AUTUMN: Final = (
    ("Ouverture", "opening", 15),
    ("Premières réponses du Conseil départemental", "information", 75),
    ("Choix d’un sujet par l’Assemblée", "vote", 60),
    ("Organisation de la fin de la mandature", "discussion", 45),
    ("Questions diverses", "other", 15),
)
AUTUMN_TEXT: Final = (
    "<p>La vice-présidente rappelle que cette seconde réunion se tient sans condition de quorum, celle du "
    "12 septembre n’ayant pas réuni assez de membres.</p>",
    "<p>Le Conseil a répondu à quatre préconisations sur dix. Le guichet unique sera essayé dans trois Maisons de "
    "proximité dès janvier.</p>",
    "<p>Deux sujets sont en présence : l’accès aux soins dans les cantons ruraux, et l’eau. Le premier est retenu, "
    "le Conseil ayant donné son avis.</p>",
    "<p>Les membres souhaitent une séance de plus à Saint-Gaudens.</p>",
    "<p>Un membre remercie l’équipe pour la navette.</p>",
)

NEXT: Final = (
    ("Ouverture", "opening", 15),
    ("Réponse du Conseil sur les préconisations 5 à 10", "information", 60),
    ("Accès aux soins : ce que nous savons", "information", 60),
    ("Accès aux soins : premières questions", "discussion", 90),
    ("Questions diverses", "other", 15),
)


def seed(context: DemoContext) -> None:
    """Create seven plenaries in order; each one approves the minutes of the one before."""
    hold_installation(context)
    referrals.accept(context)
    learning = hold_learning(context)
    midterm = hold_midterm(context, learning)
    adoption = hold_adoption(context, midterm)
    second = lose_quorum(context)
    hold_autumn(context, adoption, second)
    announce_next(context)


def hold_installation(context: DemoContext) -> None:
    sitting = sittings.plan_plenary(context, "2025-11-29", "Séance d’installation", INSTALLATION, "2025-11-12 10:00")
    sittings.convene(context, sitting, "2025-11-29 09:10")
    items = sittings.run_sitting(context, sitting, present=105, minutes_late=12)
    sittings.add_action(
        context,
        sitting,
        "Envoyer à chacun la liste des groupes",
        owner="Nadia Fauré",
        due=story_date("2025-12-15"),
        moment=items[4].sitting.ends_at - timedelta(minutes=10),
    )
    sittings.close_sitting(context, sitting)
    with at("2025-12-01 09:00"):
        minutes = writing.change_kind(
            sittings.write_minutes(context, sitting, INSTALLATION, INSTALLATION_TEXT, "2025-12-01 09:00"),
            "report",
            by=context.officer,
        )
    sittings.circulate_minutes(context, minutes, "2025-12-09 14:00")
    with at("2026-01-08 09:00"):
        MINUTES.transition(minutes, "archive", by=context.officer)
        sitting.refresh_from_db()
        SITTING.transition(sitting, "archive", by=context.officer)


def hold_learning(context: DemoContext) -> Minutes:
    sitting = sittings.plan_plenary(context, "2026-01-24", "Séance plénière : apprendre", LEARNING, "2025-12-18 10:00")
    sittings.convene(context, sitting, "2026-01-09 10:30", bounced=1)
    sittings.record_replies(sitting, paris("2026-01-09 11:00"), yes=95, no=8)
    items = sittings.run_sitting(context, sitting, present=98, late=3, early=4)
    moment = sittings.after_opening(items[3], minutes=20)
    ballot = sittings.vote(
        context, items[3], "Les règles de travail des groupes sont adoptées.", Count(88, 4, 5, 1), moment
    )
    sittings.decide(context, items[3], "Les règles de travail des groupes sont adoptées.", moment, ballot)
    sittings.add_action(
        context,
        sitting,
        "Ouvrir une page de covoiturage",
        owner="Nadia Fauré",
        due=story_date("2026-02-15"),
        moment=moment,
    )
    sittings.close_sitting(context, sitting)
    minutes = sittings.write_minutes(context, sitting, LEARNING, LEARNING_TEXT, "2026-01-26 09:00")
    sittings.circulate_minutes(context, minutes, "2026-02-05 16:00")
    return minutes


def hold_midterm(context: DemoContext, former: Minutes) -> Minutes:
    sitting = sittings.plan_plenary(
        context, "2026-03-28", "Séance plénière de mi-parcours", MIDTERM, "2026-02-12 10:00"
    )
    with at("2026-02-17 09:00"):
        publication.submit_for_approval(former, sitting, by=context.officer)
    sittings.convene(context, sitting, "2026-03-13 10:30")
    sittings.record_replies(sitting, paris("2026-03-13 11:00"), yes=89, no=9, maybe=2)
    items = sittings.run_sitting(context, sitting, present=91, late=1, early=2)
    with at(sittings.after_opening(items[1], minutes=3)):
        publication.approve(former, by=context.officer)
    adoption = next(item for item in items if item.title.startswith("Adoption"))
    moment = sittings.after_opening(adoption, minutes=25)
    sittings.decide(context, adoption, "Les trois questions de la salle ouvrent le carnet.", moment)
    ballot = sittings.vote(context, adoption, "Le carnet de mi-parcours est adopté.", Count(78, 4, 7, 2), moment)
    sittings.decide(context, adoption, "Le carnet de mi-parcours est adopté.", moment, ballot)
    for text, owner, due in (
        ("Chiffrer le reste à charge dans trois situations", "Direction de l’Autonomie", "2026-05-15"),
        ("Inviter la Région pour parler des transports", "Samuel Espinasse", "2026-04-30"),
    ):
        sittings.add_action(context, sitting, text, owner=owner, due=story_date(due), moment=moment)
    sittings.close_sitting(context, sitting)
    minutes = sittings.write_minutes(context, sitting, MIDTERM, MIDTERM_TEXT, "2026-03-30 09:00")
    sittings.circulate_minutes(context, minutes, "2026-04-10 17:40")
    return minutes


def publish_minutes(context: DemoContext, minutes: Minutes, on: str) -> None:
    """Give the visas, seal, publish, and send the sealed file to everybody."""
    sittings.seal_minutes(context, minutes, on)
    with at(paris(on) + timedelta(days=1)) as moment:
        minutes = Minutes.objects.select_related("sitting__term__assembly", "public_document").get(pk=minutes.pk)
        MINUTES.transition(minutes, "publish", by=context.officer)
        distribution = publication.distribute_sealed(minutes, by=context.officer)
    sittings.mark_distribution_sent(context, distribution, moment, bounced=2)


def hold_adoption(context: DemoContext, former: Minutes) -> Minutes:
    author = people_who_attended(former.sitting)[40]
    request = sittings.ask_correction(
        context,
        former,
        author,
        ("34 idées", "36 idées", "Deux idées du groupe Aidants ont été oubliées."),
        "2026-04-13 09:12",
    )
    with at("2026-04-14 10:00"):
        corrections.accept(request, by=context.officer, answer="C’est exact : les deux idées sont ajoutées.")
    sitting = sittings.plan_plenary(
        context, "2026-06-27", "Séance plénière : vote de l’avis", ADOPTION, "2026-04-20 10:00"
    )
    with at("2026-04-27 09:00"):
        publication.submit_for_approval(former, sitting, by=context.officer)
    opinion, prepared = opinions.prepare_vote(context, sitting)
    sittings.convene(context, sitting, "2026-06-12 10:30", bounced=1)
    opinions.propose_amendments(context, opinion)
    sittings.record_replies(sitting, paris("2026-06-12 11:00"), yes=86, no=12)
    items = sittings.run_sitting(context, sitting, present=87, late=2)
    with at(sittings.after_opening(items[1], minutes=3)):
        publication.approve(former, by=context.officer)
    item = next(item for item in items if item.title.startswith("Vote"))
    ballot = opinions.vote(context, opinion, prepared, items)
    moment = sittings.after_opening(item, minutes=30)
    sittings.decide(context, item, "L’avis « Bien vieillir » est adopté.", moment, ballot)
    sittings.close_sitting(context, sitting)
    opinions.complete(context, opinion)
    minutes = sittings.write_minutes(context, sitting, ADOPTION, ADOPTION_TEXT, "2026-06-29 09:00")
    sittings.circulate_minutes(context, minutes, "2026-07-10 17:00")
    return minutes


def lose_quorum(context: DemoContext) -> Sitting:
    """Play 12 September: 49 members came, 54 were needed; the second sitting needs no quorum."""
    sitting = sittings.plan_plenary(context, "2026-09-12", "Séance plénière de rentrée", AUTUMN, "2026-07-15 10:00")
    sittings.convene(context, sitting, "2026-08-28 10:30")
    sittings.record_replies(sitting, paris("2026-08-28 11:00"), yes=56, no=30)
    sittings.open_with_attendance(context, sitting, paris("2026-09-12 09:45"), present=49)
    with at("2026-09-12 10:30"):
        attendance.note_no_quorum(sitting, by=context.officer)
    with at("2026-09-14 09:00"):
        return convening.reconvene(
            sitting, starts_at=paris("2026-10-03 09:30"), ends_at=paris("2026-10-03 16:30"), by=context.officer
        )


def hold_autumn(context: DemoContext, former: Minutes, sitting: Sitting) -> None:
    """Hold the plenary of 3 October after a second notice; its minutes are being corrected today."""
    with at("2026-09-15 09:00"):
        publication.submit_for_approval(former, sitting, by=context.officer)
    prepared = self_referrals.prepare_vote_on_care(context, sitting)
    sittings.convene(context, sitting, "2026-09-18 10:30")
    sittings.record_replies(sitting, paris("2026-09-18 11:00"), yes=70, no=20)
    items = sittings.run_sitting(context, sitting, present=73, early=5)
    with at(sittings.after_opening(items[1], minutes=3)):
        publication.approve(former, by=context.officer)
    choice = next(item for item in items if item.title.startswith("Choix"))
    moment = sittings.after_opening(choice, minutes=30)
    ballot = sittings.count_and_proclaim(context, prepared, Count(51, 15, 5, 2), moment)
    sittings.decide(context, choice, "Le sujet « accès aux soins » est retenu.", moment, ballot)
    sittings.add_action(
        context,
        sitting,
        sittings.FORGOTTEN,
        owner="Samuel Espinasse",
        due=story_date("2026-11-15"),
        moment=moment,
    )
    sittings.close_sitting(context, sitting)
    with at("2026-10-07 11:00"):
        former.refresh_from_db()
        publication.give_visa(former, MinutesVisaCapacity.CHAIR, by=context.chair)
    minutes = sittings.write_minutes(context, sitting, AUTUMN, AUTUMN_TEXT, "2026-10-05 09:00")
    sittings.circulate_minutes(context, minutes, "2026-11-17 17:40")
    here = [user for name, user in context.users.items() if name[-1].isdigit() and attended(user, sitting)]
    requests = (
        (here[0], "trois Maisons de", "quatre Maisons de", "Le directeur a dit quatre."),
        (here[2].person, "et l’eau", "et la qualité de l’eau", "C’était le titre exact."),
        (here[1], "pour la navette", "pour la navette de Luchon", ""),
    )
    for rank, (author, passage, proposal, reason) in enumerate(requests):
        on = f"2026-11-{20 + rank} 09:{12 + rank}"
        sittings.ask_correction(context, minutes, author, (passage, proposal, reason), on)


def announce_next(context: DemoContext) -> None:
    """Convene 5 December, with letters to print today; only plan the others."""
    sitting = sittings.plan_plenary(
        context, "2026-12-05", "Séance plénière : accès aux soins", NEXT, "2026-10-12 10:00"
    )
    expert = context.users["dir_approver"].person
    with at("2026-11-10 10:00"):
        convening.add_guest(sitting, person=expert, capacity="directrice de l’Autonomie", by=context.officer)
        agenda.add_actions_item(sitting, by=context.officer)
    with at("2026-11-20 10:30") as moment:
        notice = convening.notify(sitting, by=context.officer)
    sittings.mark_mails_sent(sittings.distribution_of(notice), moment, bounced=2)
    sittings.record_replies(sitting, paris("2026-11-20 11:00"), yes=58, no=9, maybe=3)
    for day, title in (
        ("2027-01-30", "Séance plénière : auditions"),
        ("2027-04-03", "Séance plénière : vote de l’avis « accès aux soins »"),
        ("2027-06-12", "Séance plénière de clôture"),
    ):
        sittings.plan_plenary(context, day, title, NEXT[:2] + NEXT[4:], "2026-10-12 11:00")


def examine_absences(context: DemoContext) -> None:
    """Warn one person and dismiss one alert; the others still need a decision."""
    rows = AbsenceCase.objects.filter(mandate__term=context.term, state=AbsenceCaseState.RAISED)
    rows = rows.exclude(mandate__member__person=context.users["member"].person)
    cases = list(rows.select_related("mandate__member__person", "mandate__term__assembly", "since").order_by("pk"))
    with at("2026-10-07 10:00"):
        attendance.warn_member(cases[0], text=proposed_warning(cases[0]), by=context.officer)
        reason = retell("Appelée le 6 octobre : garde de nuit ces deux samedis, elle vient le 5 décembre.")
        ABSENCE.transition(cases[1], "dismiss", by=context.officer, reason=reason)
