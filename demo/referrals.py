"""Three referrals of the first term, closed; S-2025-01 « Bien vieillir », from the draft to the groups at work.

S-2026-02, on water, is complete, in internal review, ready for the visa of the president's office.
"""

from collections.abc import Iterable
from typing import Final

from django.utils import timezone

from assembly.audit.actions import record
from assembly.documents.models import Rendition
from assembly.identity.models import Person, User
from assembly.institution.models import Term
from consultations.models import IssueChannel, Referral, ReferralOrigin, ReferralState
from consultations.referrals import actions as referrals
from consultations.referrals.queries import LABEL
from consultations.referrals.workflow.by_origin import REFERRAL
from demo import sittings
from demo.context import QUESTION_TITLE, DemoContext, at, create_account
from demo.days import paris, retell, story_date
from demo.institution import directorate
from sessions.models import ActionItem, AgendaItem

QUESTION: Final = "Comment vieillir en Haute-Garonne dans des conditions choisies et adaptées aux personnes ?"

ASSOCIATED = ("habitat", "mobilites", "insertion", "finances")
MANDATES = {
    "habiter": "Comment vieillir chez soi, ou dans un lieu choisi, sans y être seul ?",
    "se-deplacer": "Comment garder le droit d’aller et venir, et de joindre un guichet, quand on ne conduit plus ?",
    "prevention": "Comment repérer plus tôt ce qui fait perdre l’autonomie ?",
    "lien-social": "Comment atteindre les personnes que personne ne voit ?",
    "aidants": "De quoi ont besoin ceux qui aident, par amour ou par métier ?",
    "vieillir-2050": "Qu’est-ce que ces propositions supposent pour ceux qui auront 80 ans en 2050 ?",
}
# Titles of agenda items that treat the question; on the site the form of the item sets this link.
TREATED = ("bien vieillir", "Vieillir en Haute-Garonne", "Auditions de trois experts", "schéma Autonomie", "carnet")


def seed(context: DemoContext) -> None:
    enter_first_term(context)
    referral = draft(context)
    issue(context, referral)
    publish(context, referral)


def enter_first_term(context: DemoContext) -> None:
    """Enter and publish what was asked and answered before this software, as it stands today."""
    term = Term.objects.get(assembly=context.assembly, number=1)
    rows = (
        ("2022-10-22 10:00", ReferralOrigin.PRESIDENT, "Réussir la transition écologique",
         "Comment la Haute-Garonne peut-elle réussir sa transition écologique sans laisser personne de côté ?",
         "2024-02-03"),
        ("2024-03-16 10:00", ReferralOrigin.PRESIDENT, "Les usages du numérique",
         "Comment faire du numérique un service pour tous les Haut-Garonnais ?", "2024-11-30"),
        ("2024-03-16 14:00", ReferralOrigin.SELF_REFERRAL, "La précarité alimentaire",
         "Comment permettre à chacun de bien manger en Haute-Garonne ?", "2024-11-30"),
    )  # fmt: skip
    for moment, origin, title, question, due in rows:
        with at(moment):
            enter_closed(context, term, origin, title, question, due)


def enter_closed(
    context: DemoContext, term: Term, origin: ReferralOrigin, title: str, question: str, due: str
) -> None:
    issued = origin == ReferralOrigin.PRESIDENT
    moment = paris(f"{due[:4]}-01-05 09:00")
    referral = Referral.objects.create(
        term=term,
        origin=origin,
        state=ReferralState.CLOSED,
        reference=referrals.next_reference(term, origin),
        title=title,
        question=question,
        due_on=story_date(due),
        suggested_by=None if issued else create_former_member(),
        issued_at=moment if issued else None,
        issued_by=context.users["president"] if issued else None,
        issue_channel=IssueChannel.VISA if issued else "",
        accepted_on=timezone.localdate(moment) if issued else None,
        published_at=moment,
    )
    record("referral.created", referral, by=None, reference=referral.reference)


def create_former_member() -> User:
    """Create somebody of the first assembly, who holds no role any more."""
    person = Person.objects.create(first_name="Rosine", last_name="Castéra", email="rosine.castera@example.org")
    return create_account(person, "rosine.castera@example.org")


def draft(context: DemoContext) -> Referral:
    """Create the draft, then put it in internal review."""
    with at("2025-11-03 09:30"):
        referral = referrals.create(
            context.term,
            by=context.officer,
            title=QUESTION_TITLE,
            lead=directorate(context, "autonomie"),
            associated=[directorate(context, code) for code in ASSOCIATED],
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
            budget_frame=retell("À moyens constants pour 2026 ; deux millions d’euros par an redéployables dès 2027."),
            deliverable=retell("Un avis voté avant l’été 2026, de dix préconisations au plus."),
            support_offered="L’équipe de la mission, un animateur, les directions, des auditions et une visite.",
            work_starts_on=story_date("2025-11-29"),
            due_on=story_date("2026-06-27"),
            target_decision="Schéma départemental de l’Autonomie",
            target_decision_on=story_date("2027-04-08"),
        )
    with at("2025-11-07 11:00"):
        REFERRAL.transition(referral, "submit", by=context.officer)
    return referral


def issue(context: DemoContext, referral: Referral) -> None:
    """Issue it for the president's office: five directorates are asked."""
    with at("2025-11-18 17:20"):
        referrals.issue(referral, reviews_due_on=story_date("2026-01-16"), by=context.users["president"])


def publish(context: DemoContext, referral: Referral) -> None:
    """Publish the question; the letter is requested again where it is sealed (`sealing`)."""
    with at("2025-11-18 17:30"):
        REFERRAL.transition(referral, "publish", by=context.officer)
    Rendition.objects.filter(kind=referrals.LETTER, subject_id=str(referral.pk)).delete()


def seal_letter(context: DemoContext, referral: Referral) -> None:
    with at("2025-11-18 17:25"):
        sittings.make_now(referrals.make_letter(referral, by=context.officer))


def get_referral(context: DemoContext) -> Referral:
    return Referral.objects.select_related("term__assembly").get(term=context.term, title=QUESTION_TITLE)


def accept(context: DemoContext, groups: Iterable[str] = MANDATES) -> None:
    """Receive it at the installation, assign it to these groups (by slug) and start the work."""
    referral = get_referral(context)
    items = AgendaItem.objects.filter(sitting__term=context.term, removed_at=None, title__icontains=TREATED[0])
    received = items.select_related("sitting").filter(sitting__title="Séance d’installation").first()
    if received is None:
        raise LookupError("the installation does not treat the question any more")
    items.filter(pk=received.pk).update(topic_type=LABEL, topic_id=str(referral.pk))
    with at("2025-12-01 10:00"):
        referrals.accept(referral, received, by=context.officer)
        for slug in groups:
            referrals.assign_committee(
                referral, context.committees[slug], mandate_statement=MANDATES[slug], by=context.officer
            )
        REFERRAL.transition(referral, "start", by=context.officer)


def link_agenda_items(context: DemoContext) -> None:
    """Link the items of plenaries and smaller bodies that treat it; the vote belongs to the opinion."""
    referral = get_referral(context)
    items = AgendaItem.objects.filter(sitting__term=context.term, removed_at=None)
    for text in TREATED:
        free = items.filter(title__icontains=text, topic_type="")
        free.update(topic_type=LABEL, topic_id=str(referral.pk))
    for name in ("copil", "cotech", *MANDATES):
        bodies = items.filter(sitting__committee=context.committees[name], title__startswith="Avancement")
        bodies.update(topic_type=LABEL, topic_id=str(referral.pk))
    carnet = items.get(title__contains="carnet")
    ActionItem.objects.filter(sitting=carnet.sitting, agenda_item=None).update(agenda_item=carnet)


def prepare_water(context: DemoContext) -> None:
    """Prepare it in November 2026; the visa is for whoever plays the president's office."""
    with at("2026-11-12 10:00"):
        referral = referrals.create(
            context.term,
            by=context.officer,
            title="L’eau qui manque l’été",
            lead=directorate(context, "ecologie"),
            associated=[directorate(context, code) for code in ("agriculture", "habitat", "education")],
            question="Comment partager l’eau en Haute-Garonne quand elle manque l’été ?",
            context="Quatre étés sur cinq, des restrictions touchent plus de la moitié des communes. Les usages se "
            "disputent la même eau : boire, produire, se baigner, laisser vivre les rivières.",
            decided="Les seuils de restriction sont fixés par la préfecture.",
            open_points="Ce que le Département fait dans ses collèges, ses routes, ses aides ; la manière d’informer.",
            impossible="Fixer le prix de l’eau : il dépend des communes et de leurs syndicats.",
            budget_frame=retell("Trois cent mille euros par an, dès le budget 2028."),
            deliverable="Un avis de huit préconisations au plus, avec ce que chacune demande aux habitants.",
            support_offered="L’équipe de la mission, les directions nommées, quatre auditions.",
            work_starts_on=story_date("2026-12-05"),
            due_on=story_date("2027-06-12"),
            target_decision="Plan départemental de l’eau",
            target_decision_on=story_date("2027-10-14"),
        )
    with at("2026-11-19 16:00"):
        REFERRAL.transition(referral, "submit", by=context.officer)
