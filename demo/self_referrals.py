"""Subjects of members: AS-2026-01, voted on 3 October 2026, then a subject in each state on the way to a vote."""

from collections.abc import Sequence
from datetime import date

from django.db.models import F

from assembly.identity.models import User
from consultations.models import Competence, CouncilStance, Referral, ReferralOrigin, SuggestionChannel
from consultations.referrals import actions as referrals
from consultations.referrals.queries import LABEL
from consultations.referrals.workflow.by_origin import REFERRAL
from consultations.self_referrals import actions as self_referrals
from demo.context import DemoContext, at
from demo.days import retell, story_date
from demo.institution import directorate
from sessions.agenda import actions as agenda
from sessions.models import AgendaItem, Ballot, Sitting

CARE = (
    "Accès aux soins et mobilités dans les cantons ruraux",
    "Dans quatre cantons, le médecin le plus proche est à plus de trente minutes. Qui ne conduit pas renonce.",
    "Le Département aide les maisons de santé, les transports à la demande et les Maisons de proximité.",
)
WATER = (
    "L’eau dans nos jardins et nos écoles",
    "On jette de l’eau propre pendant que les rivières baissent.",
    "Le Département gère les collèges et protège les rivières.",
)
SUBJECTS = (
    ("Des cantines de collège moins chères", "Des familles ne mangent plus à la cantine.",
     "Le Département gère les collèges.", (3, 2, 1)),
    ("Des bancs et de l’ombre sur les chemins", "On marche moins quand on ne peut pas s’asseoir.",
     "Le Département entretient des chemins et des routes.", (1, 1)),
    ("Un lieu pour les jeunes dans chaque canton", "Après 18 heures, il n’y a rien.",
     "Le Département agit pour la jeunesse avec les communes.", ()),
)  # fmt: skip


def members_with_account(context: DemoContext) -> list[User]:
    """List the members who have an account, the demonstration's own one last: it has dots left to give."""
    users = [user for name, user in context.users.items() if name.startswith("member") and name != "member"]
    return [*users, context.users["member"]]


def propose(context: DemoContext, author: User, texts: Sequence[str], on: str) -> Referral:
    title, why, powers = texts
    with at(on):
        self_referrals.save_draft(author, title=title, why=why, powers_link=powers)
        referral = self_referrals.suggest(context.term, by=author)
    if referral is None:
        raise LookupError(f"the subject {title!r} was not proposed")
    return referral


def support(context: DemoContext, referral: Referral, dots: Sequence[int], on: str) -> None:
    with at(on):
        for user, count in zip(members_with_account(context)[1:-1], dots, strict=False):
            self_referrals.put_dots(referral, count, by=user)


def prepare_vote_on_care(context: DemoContext, sitting: Sitting) -> Ballot:
    """Play AS-2026-01 up to the prepared vote: the council gave its view before the plenary of 3 October."""
    referral = propose(context, members_with_account(context)[0], CARE, "2026-03-10 20:15")
    support(context, referral, (3, 3, 2, 2), "2026-04-02 21:00")
    study_and_decide(
        context,
        referral,
        ("2026-06-05 10:00", "2026-07-06 15:00"),
        ("mobilites", "autonomie"),
        story_date("2026-07-03"),
    )
    with at("2026-09-10 11:30"):
        self_referrals.give_view(
            referral,
            stance=CouncilStance.WITH_REMARKS,
            reasons="Le sujet est utile et attendu. L’installation des médecins relève de l’État : l’avis gagnera à "
            "porter sur les trajets, les maisons de santé et l’accueil des internes.",
            by=context.users["president"],
        )
    with at("2026-09-16 09:00"):
        item = agenda_item(context, sitting, referral)
        self_referrals.put_to_vote(referral, sitting, by=context.officer)
    return Ballot.objects.select_related("agenda_item__sitting__term").get(agenda_item=item)


def agenda_item(context: DemoContext, sitting: Sitting, referral: Referral) -> AgendaItem:
    """Link the item « Choix d’un sujet » with the referral and return it."""
    item = sitting.agenda.filter(removed_at=None, title__startswith="Choix").select_related("sitting__term").get()
    agenda.change(item, by=context.officer, topic_type=LABEL, topic_id=str(referral.pk))
    return item


def study_and_decide(
    context: DemoContext,
    referral: Referral,
    days: tuple[str, str],
    codes: Sequence[str],
    due: date,
    *,
    fair: bool = True,
) -> None:
    """Short-list the subject, ask the directorates, decide on its admissibility."""
    with at(days[0]):
        self_referrals.shortlist(referral, by=context.officer)
        self_referrals.open_check(
            referral, [directorate(context, code) for code in codes], due_on=due, by=context.officer
        )
    with at(days[1]):
        self_referrals.decide_admissibility(
            referral,
            within_powers=Competence.PARTLY if fair else Competence.NO,
            is_fair=True,
            reasons="Le Département agit sur une part du sujet : les trajets, l’aide aux communes, l’information."
            if fair
            else "L’âge du permis de conduire est fixé par l’État : le Département ne peut pas le changer.",
            by=context.officer,
        )


def seed(context: DemoContext) -> None:
    """Create the subjects of today, then mark all states as announced, so that nobody gets news of the past."""
    crowd = members_with_account(context)
    for rank, (*texts, dots) in enumerate(SUBJECTS):
        referral = propose(context, crowd[rank % len(crowd)], texts, f"2026-10-{12 + rank} 19:30")
        support(context, referral, dots, f"2026-10-{20 + rank} 20:00")
    on_paper(context)
    same = propose(context, crowd[1], ("Moins d’eau perdue à l’école", *WATER[1:]), "2026-10-14 18:00")
    water = propose(context, crowd[2], WATER, "2026-10-13 18:00")
    with at("2026-10-16 09:00"):
        referrals.merge(
            same, water, reason="Les deux auteurs sont d’accord : c’est le même sujet.", by=context.officer
        )
    support(context, water, (1, 2), "2026-10-28 20:00")
    with at("2026-11-20 09:00"):
        self_referrals.shortlist(water, by=context.officer)
    on_the_way(context, crowd)
    with at("2026-11-20 11:00"):
        Referral.objects.filter(origin=ReferralOrigin.SELF_REFERRAL).update(author_announced_state=F("state"))


def on_paper(context: DemoContext) -> None:
    """Record the subject of a member who wrote a letter, and one that its author takes back."""
    with at("2026-10-19 10:00"):
        self_referrals.record_for(
            context.term,
            context.users["member"],
            via=SuggestionChannel.PAPER,
            title="Des guichets où l’on parle à quelqu’un",
            why="Tout se fait par internet, et personne ne répond au téléphone.",
            powers_link="Le Département tient les Maisons de proximité.",
            by=context.officer,
        )
    withdrawn = propose(
        context,
        members_with_account(context)[0],
        ("Un marché de nuit", "C’est beau.", "Il aide le tourisme."),
        "2026-10-21 19:00",
    )
    with at("2026-10-22 19:00"):
        REFERRAL.transition(withdrawn, "take_back", by=members_with_account(context)[0])


def on_the_way(context: DemoContext, crowd: Sequence[User]) -> None:
    """Create one under study, one inadmissible, one with the council's view, one put to the vote of January."""
    rural = ("Le dernier commerce du village", "Quand il ferme, on se croise moins.", "Il soutient les communes.")
    agriculture = directorate(context, "agriculture")
    study = propose(context, crowd[0], rural, "2026-10-24 19:00")
    with at("2026-11-13 10:00"):
        self_referrals.shortlist(study, by=context.officer)
        self_referrals.open_check(study, [agriculture], due_on=story_date("2026-12-11"), by=context.officer)
    permit = propose(
        context,
        crowd[1],
        ("Le permis de conduire à 16 ans", "Pour aller travailler.", "Il aide les jeunes."),
        "2026-10-25 19:00",
    )
    study_and_decide(
        context, permit, ("2026-11-13 11:00", "2026-11-19 16:00"), ("mobilites",), story_date("2026-11-18"), fair=False
    )
    for title, vote in (("La lecture partout et pour tous", False), ("Des chemins sûrs vers le collège", True)):
        texts = (title, "Chacun doit pouvoir y aller.", "Il aide les bibliothèques, les collèges et les routes.")
        referral = propose(context, crowd[2], texts, "2026-10-26 19:00")
        support(context, referral, (0, 0, 2, 1), "2026-10-30 20:00")
        study_and_decide(
            context, referral, ("2026-11-13 14:00", "2026-11-18 10:00"), ("education",), story_date("2026-11-17")
        )
        record_view(context, referral, vote=vote)


def record_view(context: DemoContext, referral: Referral, *, vote: bool) -> None:
    with at("2026-11-19 17:00"):
        self_referrals.record_view(
            referral,
            stance=CouncilStance.FAVOURABLE,
            reasons="Le sujet complète ce que le Département prépare.",
            given_on=story_date("2026-11-19"),
            decision_reference=retell("Délibération 2026-11-07"),
            by=context.officer,
        )
    if vote:
        january = Sitting.objects.get(term=context.term, title="Séance plénière : auditions")
        with at("2026-11-20 10:00"):
            self_referrals.put_to_vote(referral, january, by=context.officer)
