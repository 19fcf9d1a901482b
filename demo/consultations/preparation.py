"""The directorates' answers about « Bien vieillir »: given, late, with a supplement; the thread, the note."""

from datetime import date

from assembly.identity.models import User
from assembly.institution.enums import Role
from consultations.models import DeskEvent, DirectorateReview, Referral
from consultations.reviews.actions import answering, asking, thread
from demo.clock import at, paris
from demo.context import DemoContext
from demo.institution.directorates import directorate, directorate_staff

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


def seed(context: DemoContext) -> None:
    referral = Referral.objects.get(term=context.term, reference="S-2025-01")
    people = directorate_staff(context)
    give_answers(referral, people)
    follow_up(context, referral, people)
    exchange_messages(context, referral, people)
    delegate_visa(context)
    mark_events_sent()


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
    """Move the date of Finance, which is late again; ask Autonomy, which has begun to write, for a supplement."""
    with at("2026-01-14 09:00"):
        asking.change_due(
            get_review(referral, "finances"),
            date(2026, 11, 20),
            reason="Après le vote du budget : vos chiffres de 2027 nous serviront davantage.",
            by=context.officer,
        )
    with at("2026-02-12 10:00"):
        asking.generate_note(referral, by=context.officer)
    with at("2026-11-10 10:15"):
        asking.ask_supplement(
            get_review(referral, "autonomie"),
            reason="Combien de personnes de plus seraient aidées si l’on allait vers elles, canton par canton ?",
            due_on=date(2026, 12, 4),
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
            f"Oui, à part, merci. @{finance.get_full_name()} votre avis était attendu vendredi : quelle date vous "
            "aiderait ?",
            by=context.officer,
        )


def delegate_visa(context: DemoContext) -> None:
    """Delegate the visas of the director of Autonomy, who leaves for the holidays."""
    autonomy = directorate(context, "autonomie")
    with at("2026-11-23 17:00"):
        answering.delegate(
            autonomy,
            holder=context.users[Role.DIR_CONTACT],
            starts_on=date(2026, 12, 21),
            ends_on=date(2027, 1, 3),
            by=context.users[Role.DIR_APPROVER],
        )


def mark_events_sent() -> None:
    """Mark what happened before yesterday as sent in the mails of those days."""
    yesterday = paris("2026-11-24 08:00")
    DeskEvent.objects.filter(sent_at=None, happened_at__lt=yesterday).update(sent_at=yesterday)
