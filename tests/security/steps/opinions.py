"""Steps of opinions, of their sections, checks, amendments and minority positions: the tables of the matrix."""

from django.utils import timezone

from opinions.models import Opinion
from tests.factories.amendments import AmendmentCosignerFactory, AmendmentFactory, said
from tests.factories.institution import CommitteeMembershipFactory
from tests.factories.opinions import (
    MinorityPositionFactory,
    OpinionFactory,
    OpinionSectionFactory,
    RecommendationFactory,
    ServiceNoteFactory,
    ServicesRequestFactory,
)
from tests.opinions.amendments.debated_opinion import in_sitting
from tests.security.steps.rule import DESK, TEAM, Table

LEAD = "lead"
BEFORE_TABLING = "outline drafting group_validated services_check consolidated"
OPINION_STATES = f"{BEFORE_TABLING} tabled amending frozen voted adopted rejected handed_over published withdrawn"
OPINIONS = Table(
    pages="opinions:step",
    states=OPINION_STATES,
    row=lambda people, state: OpinionFactory(term=people.term, state=state),
    enters=DESK,
    steps={
        "confier": (TEAM, {422: "outline"}),  # the plan has no part
        "directions": (TEAM, {422: "group_validated"}),
        "reunir": (TEAM, {302: "group_validated services_check"}),
        "deposer": (TEAM, {422: "consolidated"}),
        "ouvrir-amendements": (TEAM, {302: "tabled"}),
        "dates-amendements": (TEAM, {422: "tabled amending"}),
        "figer": (TEAM, {302: "tabled amending"}),
        "retirer-ordre-du-jour": (TEAM, {422: "tabled amending frozen"}),
        "remettre": (TEAM, {422: "adopted"}),
        "corriger-remise": (LEAD, {422: "handed_over published"}),
        "revenir-sur-remise": (LEAD, {422: "handed_over"}),
        "publier": (TEAM, {302: "handed_over"}),
        "facile-a-lire": (TEAM, {302: OPINION_STATES.removesuffix(" withdrawn")}),
        "rendre-aux-groupes": (LEAD, {422: "group_validated services_check consolidated"}),
        "rouvrir": (LEAD, {422: "rejected"}),
        "retirer": (LEAD, {422: f"{BEFORE_TABLING} tabled amending frozen"}),
    },
)


def section_at(people, state):
    """Return a section with text in its state, whose lead is that of `group_lead_of`."""
    opinion = OpinionFactory(term=people.term, state="drafting")
    return OpinionSectionFactory(opinion=opinion, validated=state == "validated")


def group_lead_of(people, section):
    user = people.ready(people.make("member", people.term))
    CommitteeMembershipFactory(committee=section.committee, person=user.person, function="group_lead")
    return {"group_lead": user}


GROUP = f"{TEAM} group_lead"
SECTIONS = Table(
    pages="opinions:section-validate",
    states="drafting validated",
    row=section_at,
    enters=f"{DESK} member group_lead",
    holders=group_lead_of,
    steps={"valider": (GROUP, {422: "drafting"}), "rouvrir": (GROUP, {422: "validated"})},
)


def check_at(people, state):
    """Return a check whose directorate (`dir_contact`, `dir_approver`) has noted the one recommendation."""
    opinion = OpinionFactory(term=people.term, state="services_check")
    request = ServicesRequestFactory(opinion=opinion, directorate=people.directorate, state=state)
    ServiceNoteFactory(request=request, recommendation=RecommendationFactory(opinion=opinion))
    return request


CHECK_STATES = "asked drafted returned submitted validated closed"
OPEN_CHECKS = "asked drafted returned submitted"
DESK_CHECKS = Table(
    pages="opinions:check-close",
    states=CHECK_STATES,
    row=check_at,
    enters=DESK,
    unseen={"facilitator": "any"},
    steps={
        "clore": (TEAM, {422: OPEN_CHECKS}),
        "date": (TEAM, {422: OPEN_CHECKS}),
        "relancer": (TEAM, {302: OPEN_CHECKS}),
    },
)
CHECKS = Table(
    pages="opinions:check-submit",
    states=CHECK_STATES,
    row=check_at,
    enters="dir_contact dir_approver",
    steps={
        "envoyer": ("dir_contact dir_approver", {302: "drafted returned"}),
        "visa": ("dir_approver", {302: "submitted"}),
        "a-reprendre": ("dir_approver", {422: "submitted"}),
    },
)

AMENDMENT_STATES = (
    "draft submitted admissible inadmissible rapporteur_view debated adopted rejected withdrawn fell merged"
)
UNDECIDED = "submitted admissible rapporteur_view debated"


def amendment_at(people, state):
    """Return an amendment from paper to a frozen text, which its author must confirm; the plenary is open."""
    author = people.ready(people.make("member", people.term))
    made = AmendmentFactory(
        opinion=in_sitting(people, voters=0),
        state=state,
        author=author.person,
        content=[said("De plus.")],
        on_paper=True,
    )
    made.author_user = author
    return made


def signers_of(people, amendment):
    """Return the signers: `cosigner` was invited and has not answered; no `member` was."""
    cosigner, rapporteur = (people.ready(people.make("member", people.term)) for _ in range(2))
    AmendmentCosignerFactory(amendment=amendment, person=cosigner.person)
    Opinion.objects.filter(pk=amendment.version.opinion_id).update(rapporteur=rapporteur.person)
    return {"author": amendment.author_user, "cosigner": cosigner, "rapporteur": rapporteur}


AMENDMENTS = Table(
    pages="opinions:amendment-step",
    states=AMENDMENT_STATES,
    row=amendment_at,
    enters=DESK,
    unseen=dict.fromkeys(DESK.split(), "draft"),
    steps={
        "recevable": (TEAM, {302: "submitted"}),
        "irrecevable": (TEAM, {422: "submitted"}),
        "reprendre": (TEAM, {302: "admissible inadmissible"}),
        "avis": (TEAM, {422: "admissible rapporteur_view"}),
        "appeler": (TEAM, {302: "admissible rapporteur_view"}),
        "voter": (TEAM, {422: "debated"}),
        "sans-opposition": (TEAM, {302: "debated"}),
        "corriger": (TEAM, {422: "adopted rejected"}),
        "tomber": (TEAM, {422: UNDECIDED}),
        "retablir": (LEAD, {422: "fell"}),
        "fusionner": (TEAM, {422: "submitted admissible rapporteur_view"}),
    },
)
OTHERS = "member rapporteur cosigner"
NOT_PASSED = "draft submitted inadmissible withdrawn"  # members read what passed the check
OWN_AMENDMENTS = Table(
    pages="opinions:amendment-withdraw",
    states=AMENDMENT_STATES,
    row=amendment_at,
    enters=f"author {OTHERS}",
    holders=signers_of,
    unseen={"member": NOT_PASSED, "rapporteur": NOT_PASSED},
    steps={
        "effacer": ("author", {302: "draft"}),
        "retirer": ("author", {302: UNDECIDED}),
        "signer": (OTHERS, {302: "draft submitted admissible rapporteur_view"}),
        "ne-pas-signer": ("cosigner", {302: "draft submitted admissible rapporteur_view"}),
        "confirmer": ("author", {302: f"draft {UNDECIDED} inadmissible adopted rejected"}),
        "avis": ("rapporteur", {422: "admissible rapporteur_view"}),
    },
)


def position_at(people, state):
    """Return a position on an adopted opinion; the submitted one is from paper, for its author to confirm."""
    facts = {
        "draft": {},
        "submitted": {"submitted_at": timezone.now(), "recorded_by": people["officer"], "via": "paper"},
        "withdrawn": {"withdrawn_at": timezone.now()},
    }[state]
    words = "Nous aurions voulu un arrêt dans chaque village, et des horaires du soir. " * 2
    author = people.ready(people.make("member", people.term))
    opinion = OpinionFactory(term=people.term, state="adopted")
    return MinorityPositionFactory(opinion=opinion, author=author, body=words, state=state, **facts)


POSITIONS = Table(
    pages="opinions:position-check",
    states="draft submitted withdrawn",
    row=position_at,
    enters="member author",
    holders=lambda people, position: {"author": position.author},
    unseen={"member": "draft withdrawn"},
    steps={
        "relire": ("author", {302: "draft"}),
        "effacer": ("author", {302: "draft"}),
        "retirer": ("author", {302: "submitted"}),
        "signer": ("member", {302: "submitted"}),
        "retirer-ma-signature": ("member", {302: "submitted"}),
        "confirmer": ("author", {302: "submitted"}),
    },
)
TABLES = {
    "opinions": OPINIONS,
    "sections": SECTIONS,
    "checks-desk": DESK_CHECKS,
    "checks": CHECKS,
    "amendments": AMENDMENTS,
    "amendments-own": OWN_AMENDMENTS,
    "positions": POSITIONS,
}
