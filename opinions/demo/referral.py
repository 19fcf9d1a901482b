"""Three referrals of the first term, closed, and S-2025-01 « Bien vieillir », from the draft to the groups at work.

Issued before the installation, which receives it: `plenaries` calls `receive` and, at the end, `link`.
"""

from collections.abc import Iterable
from datetime import date

from assembly.audit.actions import record
from assembly.documents.actions.production import fulfil
from assembly.documents.models import Rendition
from assembly.identity.models import Person, User
from assembly.institution.models import Directorate, Term
from consultations.actions import committees, issuing, referrals
from consultations.enums import IssueChannel, ReferralOrigin, ReferralState
from consultations.models import Referral
from consultations.queries.committees import LABEL
from consultations.workflows.referrals import REFERRAL
from opinions.demo.clock import at, paris
from opinions.demo.house import House, account
from opinions.demo.words import QUESTION
from sessions.models import ActionItem, AgendaItem

CHAPTER = 15
ASSOCIATED = ("habitat", "mobilites", "insertion", "finances")
MANDATES = {
    "habiter": "Comment vieillir chez soi, ou dans un lieu choisi, sans y être seul ?",
    "se-deplacer": "Comment garder le droit d’aller et venir, et de joindre un guichet, quand on ne conduit plus ?",
    "prevention": "Comment repérer plus tôt ce qui fait perdre l’autonomie ?",
    "lien-social": "Comment atteindre les personnes que personne ne voit ?",
    "aidants": "De quoi ont besoin ceux qui aident, par amour ou par métier ?",
    "vieillir-2050": "Qu’est-ce que ces propositions supposent pour ceux qui auront 80 ans en 2050 ?",
}
# Agenda items of the story that treat the question: the form of an item would have said so.
TREATED = ("bien vieillir", "Vieillir en Haute-Garonne", "Auditions de trois experts", "schéma Autonomie", "carnet")


def seed(house: House) -> None:
    first_term(house)
    referral = prepare(house)
    give_visa(house, referral)
    publish(house, referral)


def first_term(house: House) -> None:
    """Before this software: what was asked and answered is entered as it stands today, and published."""
    term = Term.objects.get(assembly=house.assembly, number=1)
    told = (
        ("2022-10-22 10:00", ReferralOrigin.PRESIDENT, "Réussir la transition écologique",
         "Comment la Haute-Garonne peut-elle réussir sa transition écologique sans laisser personne de côté ?",
         date(2024, 2, 3)),
        ("2024-03-16 10:00", ReferralOrigin.PRESIDENT, "Les usages du numérique",
         "Comment faire du numérique un service pour tous les Haut-Garonnais ?", date(2024, 11, 30)),
        ("2024-03-16 14:00", ReferralOrigin.OWN, "La précarité alimentaire",
         "Comment permettre à chacun de bien manger en Haute-Garonne ?", date(2024, 11, 30)),
    )  # fmt: skip
    for moment, origin, title, question, due in told:
        with at(moment):
            enter_closed(house, term, origin, title, question, due)


def enter_closed(house: House, term: Term, origin: ReferralOrigin, title: str, question: str, due: date) -> None:
    issued = origin == ReferralOrigin.PRESIDENT
    moment = paris(f"{due.year}-01-05 09:00")
    referral = Referral.objects.create(
        term=term,
        origin=origin,
        state=ReferralState.CLOSED,
        reference=referrals.number(term, origin),
        title=title,
        question=question,
        due_on=due,
        suggested_by=None if issued else former_member(),
        issued_at=moment if issued else None,
        issued_by=house.users["president"] if issued else None,
        issue_channel=IssueChannel.VISA if issued else "",
        accepted_on=moment.date() if issued else None,
        published_at=moment,
    )
    record("referral.created", referral, by=None, reference=referral.reference)


def former_member() -> User:
    """Somebody of the first assembly, who holds no role any more."""
    person = Person.objects.create(first_name="Rosine", last_name="Castéra", email="rosine.castera@example.org")
    return account(person, "rosine.castera@example.org")


def directorate(house: House, code: str) -> Directorate:
    return Directorate.objects.get(assembly=house.assembly, code=code)


def prepare(house: House) -> Referral:
    """The draft, then the internal review."""
    with at("2025-11-03 09:30"):
        referral = referrals.create(
            house.term,
            by=house.officer,
            title="Bien vieillir en Haute-Garonne",
            lead=directorate(house, "autonomie"),
            associated=[directorate(house, code) for code in ASSOCIATED],
            question=QUESTION,
            context="Un habitant sur quatre aura plus de 60 ans en 2030. Dans trois cantons de montagne, c’est déjà "
            "plus d’un sur trois. La moitié des aides à domicile quittent leur métier avant cinq ans. Le schéma "
            "Autonomie sera revu : l’avis de l’Assemblée doit l’éclairer.",
            decided="Le Département reste chef de file de l’aide aux personnes âgées.\nL’allocation "
            "personnalisée d’autonomie est fixée par la loi.",
            open_points="Les services de proximité, l’habitat, les trajets, l’aide aux aidants, la manière d’aller "
            "vers les personnes isolées.",
            impossible="Changer le montant national de l’allocation.\nDécider à la place de la Région pour les "
            "trains et les cars.",
            budget_frame="À moyens constants pour 2026 ; deux millions d’euros par an redéployables dès 2027.",
            deliverable="Un avis voté avant l’été 2026, de dix préconisations au plus.",
            support_offered="L’équipe de la mission, un animateur, les directions, des auditions et une visite.",
            work_starts_on=date(2025, 11, 29),
            due_on=date(2026, 6, 27),
            target_decision="Schéma départemental de l’Autonomie",
            target_decision_on=date(2027, 4, 8),
        )
    with at("2025-11-07 11:00"):
        REFERRAL.transition(referral, "submit", by=house.officer)
    return referral


def give_visa(house: House, referral: Referral) -> None:
    """The president's office issues it: five directorates are asked."""
    with at("2025-11-18 17:20"):
        issuing.issue(referral, reviews_due_on=date(2026, 1, 16), by=house.users["president"])


def publish(house: House, referral: Referral) -> None:
    """The letter is sealed, anybody reads the question."""
    with at("2025-11-18 17:30"):
        fulfil(Rendition.objects.get(kind=issuing.LETTER, subject_id=str(referral.pk)))
        REFERRAL.transition(referral, "publish", by=house.officer)


def asked(house: House) -> Referral:
    return Referral.objects.select_related("term__assembly").get(term=house.term, reference="S-2025-01")


def receive(house: House, groups: Iterable[str] = MANDATES) -> None:
    """Received at the installation, confided to these groups (by slug)."""
    referral = asked(house)
    items = AgendaItem.objects.filter(sitting__term=house.term, removed_at=None, title__icontains=TREATED[0])
    received = items.select_related("sitting").filter(sitting__title="Séance d’installation").first()
    if received is None:
        raise LookupError("the installation does not treat the question any more")
    items.filter(pk=received.pk).update(subject_type=LABEL, subject_id=str(referral.pk))
    with at("2025-12-01 10:00"):
        issuing.accept(referral, received, by=house.officer)
        for slug in groups:
            committees.assign(referral, house.committees[slug], mandate_statement=MANDATES[slug], by=house.officer)
        REFERRAL.transition(referral, "start", by=house.officer)


def link(house: House) -> None:
    """What the plenaries and the smaller bodies treated says so; the vote of the opinion is about the opinion."""
    referral = asked(house)
    items = AgendaItem.objects.filter(sitting__term=house.term, removed_at=None)
    for words in TREATED:
        free = items.filter(title__icontains=words, subject_type="")
        free.update(subject_type=LABEL, subject_id=str(referral.pk))
    for name in ("copil", "cotech", *MANDATES):
        bodies = items.filter(sitting__committee=house.committees[name], title__startswith="Avancement")
        bodies.update(subject_type=LABEL, subject_id=str(referral.pk))
    carnet = items.get(title__contains="carnet")
    ActionItem.objects.filter(sitting=carnet.sitting, agenda_item=None).update(agenda_item=carnet)
