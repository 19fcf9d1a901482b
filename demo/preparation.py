"""What members read and hear about « Bien vieillir »: answers of directorates, the pack, hearings, a visit.

Of the answers four are given, one of them late, one gets a supplement, one is due in December.
"""

from typing import Any

from assembly.documents.actions.uploads import accept_upload
from assembly.files.fields import CheckedFile, check_file
from assembly.files.file_kinds import KINDS
from assembly.identity.models import User
from assembly.institution.models import Role
from consultations.briefing import actions as briefing
from consultations.briefing.models import BriefingKind, LanguageLevel
from consultations.hearings import actions as hearings
from consultations.hearings.models import GuestKind, HearingKind
from consultations.hearings.workflow import HEARING
from consultations.models import CHECKS, DeskEvent, DirectorateReview, Hearing, Referral, ScopingNote
from consultations.reviews.actions import answering, asking, thread
from demo.context import QUESTION_TITLE, DemoContext, at
from demo.days import paris, retell, story_date
from demo.institution import directorate, directorate_staff

GIVEN = {
    "autonomie": ("2026-01-08 15:10", "2026-01-12 09:20", {
        "summary": "La question est au cœur de nos missions. Les aides existent mais sont mal connues : quatre "
        "personnes sur dix qui y ont droit ne les demandent pas.",
        "competence": "yes",
        "feasibility": "conditions",
        "feasibility_note": "Tout ce qui demande de nouveaux postes d’aide à domicile dépend du recrutement.",
        "existing_schemes": "Allocation personnalisée d’autonomie (31 000 bénéficiaires).\nOnze maisons "
        "départementales de proximité.\nConférence des financeurs de la prévention.",
        "legal": "Le Département est chef de file de l’action sociale pour les personnes âgées.",
        "cost": "over_1m",
        "cost_note": "Un poste d’aide à domicile coûte 38 000 € par an.",
        "experts": "Une gériatre du CHU, une association d’aidants, un service d’aide à domicile de montagne.",
    }),
    "habitat": ("2026-01-13 11:00", "2026-01-15 17:45", {
        "summary": "Le Département peut aider à adapter des logements et à ouvrir de l’habitat partagé ; il ne "
        "construit pas lui-même.",
        "competence": "partly",
        "competence_note": "Avec les communes, l’Anah et les bailleurs.",
        "feasibility": "conditions",
        "feasibility_note": "Les communes doivent apporter le terrain.",
        "existing_schemes": "Aide de 4 000 € pour adapter une salle de bains.\nSix habitats partagés ouverts.",
        "legal": "L’aide à la vie partagée suppose une convention avec la Caisse nationale de solidarité.",
        "cost": "under_1m",
        "experts": "Une habitante d’un habitat partagé, un bailleur social.",
    }),
    "mobilites": ("2026-01-14 10:30", "2026-01-16 08:55", {
        "summary": "Le transport à la demande couvre douze communes. L’étendre est possible, pas partout à la fois.",
        "competence": "partly",
        "competence_note": "Les cars et les trains relèvent de la Région.",
        "feasibility": "conditions",
        "feasibility_note": "Un véhicule et un chauffeur pour quatre communes.",
        "existing_schemes": "Transport à la demande, deux jours par semaine.",
        "cost": "under_1m",
        "cost_note": "90 000 € par an pour quatre communes.",
        "experts": "Un chauffeur du transport à la demande.",
    }),
    "insertion": ("2026-02-05 14:00", "2026-02-09 12:10", {
        "summary": "Les maisons des solidarités reçoivent déjà les personnes âgées isolées. Aller vers elles demande "
        "du temps d’équipe.",
        "competence": "yes",
        "feasibility": "as_is",
        "existing_schemes": "Deux bus des solidarités, un numéro d’appel.",
        "cost": "under_100k",
        "experts": "Un facteur, une pharmacienne de village.",
    }),
}  # fmt: skip


def review_referral(context: DemoContext) -> None:
    referral = Referral.objects.get(term=context.term, title=QUESTION_TITLE)
    people = directorate_staff(context)
    give_answers(referral, people)
    follow_up(context, referral, people)
    exchange_messages(context, referral, people)
    delegate_visa(context)
    yesterday = paris("2026-11-24 08:00")
    DeskEvent.objects.filter(sent_at=None, happened_at__lt=yesterday).update(sent_at=yesterday)


def get_review(referral: Referral, code: str) -> DirectorateReview:
    rows = DirectorateReview.objects.select_related("referral", "directorate", "submitted_by")
    return rows.get(referral=referral, directorate__code=code)


def give_answers(referral: Referral, people: dict[str, tuple[User, User]]) -> None:
    """Give four answers, one of them after its due day."""
    for code, (submitted_at, validated_at, grid) in GIVEN.items():
        contact, approver = people[code]
        with at(submitted_at):
            review = answering.save(get_review(referral, code), grid, version=0, by=contact)
            answering.submit(review, version=review.version, by=contact)
        with at(validated_at):
            answering.validate(get_review(referral, code), version=review.version, by=approver)


def follow_up(context: DemoContext, referral: Referral, people: dict[str, tuple[User, User]]) -> None:
    """Move the date of Finance; ask Autonomy, which has begun to write, for a supplement."""
    with at("2026-01-14 09:00"):
        asking.change_due(
            get_review(referral, "finances"),
            story_date("2026-12-11"),
            reason=retell("Après le vote du budget : vos chiffres de 2027 nous serviront davantage."),
            by=context.officer,
        )
    with at("2026-02-12 10:00"):
        asking.generate_note(referral, by=context.officer)
    with at("2026-11-10 10:15"):
        asking.ask_supplement(
            get_review(referral, "autonomie"),
            reason="Combien de personnes de plus seraient aidées si l’on allait vers elles, canton par canton ?",
            due_on=story_date("2026-12-04"),
            by=context.officer,
        )
    with at("2026-11-19 16:40"):
        review = get_review(referral, "autonomie")
        more = {**answering.content_of(review), "cost_note": "Un poste d’aide à domicile coûte 39 500 € par an."}
        answering.save(review, more, version=review.version, by=people["autonomie"][0])


def exchange_messages(context: DemoContext, referral: Referral, people: dict[str, tuple[User, User]]) -> None:
    contact, finance = people["autonomie"][0], people["finances"][0]
    with at("2026-11-19 16:50"):
        thread.post(
            referral,
            f"@{context.officer.get_full_name()} les chiffres par canton arrivent lundi. Faut-il compter les communes "
            "de moins de 500 habitants à part ?",
            by=contact,
        )
    with at("2026-11-23 08:40"):
        thread.post(
            referral,
            retell(
                f"Oui, à part, merci. @{finance.get_full_name()} votre avis est attendu le 11 décembre : cette date "
                "vous va-t-elle toujours ?"
            ),
            by=context.officer,
        )


def delegate_visa(context: DemoContext) -> None:
    """Delegate the visas of the director of Autonomy, who leaves for the holidays."""
    autonomy = directorate(context, "autonomie")
    with at("2026-11-23 17:00"):
        answering.delegate(
            autonomy,
            holder=context.users[Role.DIR_CONTACT],
            starts_on=story_date("2026-12-21"),
            ends_on=story_date("2027-01-03"),
            by=context.users[Role.DIR_APPROVER],
        )


INTRODUCTION = (
    "Commencez par « L’essentiel en facile à lire » : une page. Lisez ensuite la note de cadrage, où chaque "
    "direction dit ce que le Département peut faire. Le reste est là pour les groupes qui veulent aller plus loin."
)
EASY = (
    "Bien vieillir en Haute-Garonne : l’essentiel.\n\nBeaucoup de personnes ont plus de 60 ans.\nElles seront encore "
    "plus nombreuses en 2030.\n\nLa plupart veulent rester chez elles.\nPour cela, il faut de l’aide.\n\nIl manque "
    "des personnes pour aider.\n\nLe Département peut aider.\nIl vous demande votre avis.\n"
)
FIGURES = (
    "Canton;Part des plus de 60 ans en 2030 (%)\nBagnères-de-Luchon;41\nRevel;33\nCazères;31\nAuterive;27\n"
    "Castelginest;22\nToulouse-1;18\n"
)
PAPERS = (
    ("L’essentiel en facile à lire", "Ce que l’assemblée doit savoir pour commencer, en phrases courtes.",
     BriefingKind.STUDY, "Mission dialogue citoyen", story_date("2026-01-19"), LanguageLevel.EASY_READ, EASY, ""),
    ("Population de plus de 60 ans, canton par canton", "Où vivent les personnes âgées, et où elles seront en 2030.",
     BriefingKind.FIGURES, "Direction de l’Autonomie, d’après l’Insee", story_date("2025-12-01"),
     LanguageLevel.STANDARD, FIGURES, ""),
    ("Qui décide de quoi pour les personnes âgées", "Ce qui revient au Département, à l’État, aux communes.",
     BriefingKind.LAW, "Service public", story_date("2025-09-01"), LanguageLevel.STANDARD, "",
     "https://www.pour-les-personnes-agees.gouv.fr/"),
)  # fmt: skip
# Moment, title, place, group, people (name, capacity, kind, public), report.
E, X, W = GuestKind.ELECTED, GuestKind.EXPERT, GuestKind.WITNESS
HEARD: tuple[tuple[str, str, str, str, tuple[tuple[str, str, str, bool], ...], str], ...] = (
    ("2026-02-04 18:00", "Audition d’une gériatre et d’un service d’aide à domicile", "Hôtel du Département",
     "prevention", (("Anne Pujol", "gériatre au CHU", X, True), ("Régis Lacombe", "aide à domicile", W, False)),
     "<p>On repère trop tard. <strong>Six chutes sur dix</strong> arrivent à domicile.</p><ul><li>Former les "
     "facteurs et les pharmaciens à donner l’alerte</li><li>Un numéro unique</li></ul>"),
    ("2026-02-18 18:00", "Audition du collectif des aidants", "Maison des solidarités de Muret", "aidants",
     (("Solveig Bonnet", "présidente du collectif", X, True), ("Malika Ortiz", "aidante de sa mère", W, False)),
     "<p>Les aidants demandent d’abord du répit, puis qu’on leur parle en clair.</p>"),
    ("2026-03-04 18:00", "Audition de trois maires de montagne", "Mairie de Saint-Béat", "se-deplacer",
     (("Jean Estrade", "maire", E, True), ("Luce Fourcade", "maire", E, True), ("Paul Ader", "maire", E, True)),
     "<p>Le transport à la demande s’arrête à 17 heures. Les médecins aussi.</p>"),
)  # fmt: skip
VISIT = ("2026-03-18 14:00", "Visite d’un habitat partagé à Revel", "Revel", "habiter")
COMING = (
    ("2026-12-09 18:00", "Audition d’une économiste du grand âge", "Hôtel du Département", "vieillir-2050"),
    ("2026-12-16 18:00", "Audition de la Caf et de la Carsat", "Hôtel du Département", "lien-social"),
)


def brief_members(context: DemoContext) -> None:
    referral = Referral.objects.get(term=context.term, title=QUESTION_TITLE)
    add_papers(context, referral)
    with at("2026-01-24 09:00"):
        briefing.release(referral, by=context.officer)
    record_hearings(context, referral)
    for facts in COMING:
        plan_hearing(context, referral, facts)
    add_recent_paper(context, referral)


def add_papers(context: DemoContext, referral: Referral) -> None:
    """Add three papers and, when it is written, the scoping note."""
    ticked = dict.fromkeys((name for name, _label in CHECKS), True)
    with at("2026-01-20 10:00"):
        briefing.introduce(referral, INTRODUCTION, by=context.officer)
        for title, summary, kind, source, day, level, content, link in PAPERS:
            briefing.add(
                referral, by=context.officer, file=file_of(title, content), link=link, title=title, summary=summary,
                kind=kind, source=source, dated_on=day, level=level, checks=ticked if content else {}, is_public=True,
            )  # fmt: skip
        if ScopingNote.objects.filter(referral=referral).exclude(body="").exists():
            briefing.add_scoping_note(referral, by=context.officer)


def file_of(title: str, content: str) -> CheckedFile | None:
    return check_file(f"{title}.txt", content.encode(), kinds=tuple(KINDS), max_size=1_000_000) if content else None


def record_hearings(context: DemoContext, referral: Referral) -> None:
    """Record the hearings that were held, with their report, and the visit."""
    for moment, title, place, group, people, report in HEARD:
        hearing = plan_hearing(context, referral, (moment, title, place, group))
        record_hearing(context, hearing, moment, people, report)
    visit = plan_hearing(context, referral, VISIT, kind=HearingKind.SITE_VISIT)
    record_hearing(context, visit, VISIT[0], (("Claire Serres", "directrice de la maison", X, True),), "")


def plan_hearing(context: DemoContext, referral: Referral, row: tuple[str, str, str, str], **facts: Any) -> Hearing:
    moment, title, place, group = row
    with at("2026-01-28 11:00" if moment < "2026-11" else "2026-11-20 11:00"):
        return hearings.plan(
            referral, by=context.officer, title=title, place=place, committee=context.committees[group],
            starts_at=paris(moment), **facts,
        )  # fmt: skip


def record_hearing(context: DemoContext, hearing: Hearing, moment: str, people: Any, report: str) -> None:
    """Record guests, result and report on the evening of that day."""
    with at(f"{moment[:10]} 21:00"):
        for name, capacity, kind, public in people:
            hearings.add_guest(hearing, by=context.officer, name=name, capacity=capacity, kind=kind, is_public=public)
        HEARING.transition(hearing, "hold", by=context.officer)
        if report:
            hearings.write_report(hearing, report, version=0, by=context.officer)


def add_recent_paper(context: DemoContext, referral: Referral) -> None:
    """Add a paper of last week, shown as « nouveau depuis… »."""
    with at("2026-11-19 17:00"):
        upload = accept_upload(
            check_file("Réponses du Conseil.txt", "Ce que le Conseil a répondu au premier avis.\n".encode(),
                  kinds=tuple(KINDS), max_size=1_000_000),
            by=context.officer,
        )  # fmt: skip
        briefing.add(
            referral, by=context.officer, file=upload, title="Premières réponses du Conseil au premier avis",
            summary="Ce qui est retenu, ce qui est étudié, ce qui ne l’est pas.", kind=BriefingKind.OTHER,
            source="Conseil départemental", dated_on=story_date("2026-11-16"), level=LanguageLevel.STANDARD,
            checks={"contrast": True},
        )  # fmt: skip
    with at("2026-11-20 08:05") as now:
        briefing.send_document_news(now)
