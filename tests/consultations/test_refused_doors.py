"""At the door: a step that is refused changes no row and leaves exactly one line in the security log.

Each step × each role × each state when all is asked; the short profile takes by turns a quarter of the steps of each
state with whoever is nearest to them, and every step with every kind of role in some state.
The tables of `random_steps.py` say who may, apart from the code.
"""

import logging
from itertools import cycle

import pytest
from django.urls import reverse
from django.utils import timezone

from consultations.models import ReferralState, ReviewState
from consultations.pages import SELF_REFERRAL_STEPS, STEPS
from consultations.referrals.views import OFFICE_STEPS
from consultations.reviews.views.directorate import STEPS as AGENT_STEPS
from consultations.reviews.views.team import STEPS as REVIEW_STEPS
from tests.browsing import StrictClient
from tests.consultations.desk import in_days
from tests.consultations.random_steps import (
    AGENTS,
    ASIDE_ACTS,
    OWN_ACTS,
    REFERRAL_ACTS,
    REVIEW_ACTS,
    ROLES,
    TEAM,
    World,
    digest,
    fresh,
)
from tests.factories.consultations import DirectorateReviewFactory, ReferralFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("proved_for_long")]
S, R = ReferralState, ReviewState
KINDS = [
    (own, state)
    for own in (False, True)
    for state in S
    if state not in S.tagged("president" if own else "self_referral")
]
REFERRAL_DOORS = {
    ("step", "instruire"): "submit",
    ("step", "reprendre"): "return",
    ("step", "lettre-signee"): "paper",
    ("step", "inscrire"): "announce",
    ("step", "recevoir"): "accept",
    ("step", "demarrer"): "start",
    ("step", "avis-adopte"): "adopt_opinion",
    ("step", "remettre"): "hand_over",
    ("step", "reponse-donnee"): "answer",
    ("step", "clore"): "close",
    ("step", "rouvrir"): "reopen",
    ("step", "publier"): "publish",
    ("step", "depublier"): "unpublish",
    ("step", "passer"): "pass_to",
    ("step", "fusionner"): "merge",
    ("step", "retirer"): "withdraw",
    ("office-step", "emettre"): "issue",
    ("office-step", "renvoyer"): "return",
    ("office-step", "avis-du-conseil"): "give_view",
    ("self-referral-step", "preselectionner"): "shortlist",
    ("self-referral-step", "ne-plus-preselectionner"): "unlist",
    ("self-referral-step", "recevabilite"): "check",
    ("self-referral-step", "decision"): "admit",
    ("self-referral-step", "rouvrir-recevabilite"): "check_again",
    ("self-referral-step", "avis-du-conseil"): "record_view",
    ("self-referral-step", "mettre-aux-voix"): "put_to_vote",
    ("self-referral-step", "retirer-du-vote"): "take_off",
}
REVIEW_DOORS = {
    ("review-step", "relancer"): "remind",
    ("review-step", "date"): "change_due",
    ("review-step", "complement"): "ask_supplement",
    ("review-step", "redemander"): "ask_again",
    ("review-step", "clore"): "close",
    ("instruction-step", "a-reprendre"): "return",
    ("instruction-step", "renvoyer"): "decline",
    ("instruction-step", "passer"): "pass_on",
    ("instruction-check", ""): "submit",
    ("instruction-visa", ""): "validate",
}
FILE_ACTS = REFERRAL_ACTS | OWN_ACTS | ASIDE_ACTS
ROOMS = {
    "step": TEAM,
    "self-referral-step": TEAM,
    "office-step": {"president"},
    "review-step": TEAM,
    "instruction-step": {*AGENTS},
    "instruction-check": {*AGENTS},
    "instruction-visa": {*AGENTS},
}
DESK = {*TEAM, "facilitator"}
ENTERED_BY = {"step": DESK, "self-referral-step": DESK, "office-step": {"president", "sponsor", *AGENTS}}
# Steps that only a referral of the president knows.
LETTER = {"submit", "return", "issue", "paper", "announce", "accept"}
# Who is nearest to each room: the state alone refuses them.
NEAREST = {"step": "lead", "self-referral-step": "lead", "review-step": "lead", "office-step": "president"}
OTHERS = ("officer", "facilitator", "member", "president", "sponsor", "stranger", "lead@elsewhere", "contact_b")


def test_every_step_stands_in_the_tables_of_this_test():
    tables = {"step": STEPS.pages, "self-referral-step": SELF_REFERRAL_STEPS.pages, "office-step": OFFICE_STEPS.pages}
    tables |= {"review-step": REVIEW_STEPS.pages, "instruction-step": AGENT_STEPS.pages}
    known = {(room, slug) for room, steps in tables.items() for slug in steps}
    known |= {("instruction-check", ""), ("instruction-visa", "")}
    assert known == {*REFERRAL_DOORS, *REVIEW_DOORS}


class Doors:
    """People and rows of the random steps, a signed-in browser for each role, a form that is enough for any step."""

    def __init__(self, people, caplog):
        self.world, self.caplog = World(people), caplog
        caplog.set_level(logging.INFO, "assembly.security")
        self.browsers = {who: StrictClient().enter(people.ready(self.world.user(who))) for who in ROLES}
        self.goal = ReferralFactory(term=people.term, issued=True)

    def data(self, version):
        return {
            "reason": "Le calendrier.",
            "reviews_due_on": in_days(21).isoformat(),
            "letter_on": timezone.localdate().isoformat(),
            "due_on": in_days(30).isoformat(),
            "officer": self.world.pks["lead"],
            "target": self.goal.pk,
            "item": self.world.item.pk,
            "sitting": self.world.coming.pk,
            "to": self.world.places["c"].pk,
            "version": version,
        }

    def refused(self, who, url, expected, version=1):
        """Post; an empty answer when it was refused as expected with one line, else what happened."""
        self.caplog.clear()
        response = self.browsers[who].post(url, self.data(version))
        lines = [record for record in self.caplog.records if record.name == "assembly.security"]
        if response.status_code in expected and len(lines) == 1:
            return ""
        return f"{url} by {who}: {response.status_code}, not {expected}, {len(lines)} lines"


def address(row, door):
    room, slug = door
    return reverse(f"consultations:{room}", args=[row.pk, slug] if slug else [row.pk])


def may_on_referral(doors, row, door, who):
    """Return whether the step is open: the desk's to the team only, the office's to the office only."""
    room, slug = door
    if room == "self-referral-step" and not row.is_self_referral:
        return False
    return who in ROOMS[room] and FILE_ACTS[REFERRAL_DOORS[door]].allowed(doors.world, row, who)


def sees(row, who):
    """Return whether `who` reads a referral without directorates, from the table of the README."""
    if who in TEAM:
        return True
    if who == "facilitator":
        return row.is_self_referral or row.issued_at is not None
    return who in {"president", "sponsor"} and row.state not in {S.DRAFT, S.SUGGESTED}


def answer_on_referral(doors, row, door, who):
    """Return the status: 403 other area, 404 not visible, 403 no right, 409 other state."""
    room, _slug = door
    name = REFERRAL_DOORS[door]
    if who.partition("@")[0] not in ENTERED_BY[room]:
        return {403}
    if not sees(row, who) or (room == "self-referral-step" and not row.is_self_referral):
        return {404}
    is_foreign = name in (LETTER if row.is_self_referral else OWN_ACTS)
    return {409} if who in FILE_ACTS[name].roles(doors.world, row) and not is_foreign else {403}


def may_on_review(doors, row, door, who):
    """Return whether the step is open; « Relire » of an unwritten answer asks to write first."""
    allowed = REVIEW_ACTS[REVIEW_DOORS[door]].allowed(doors.world, row, who)
    return allowed or (door[0] == "instruction-check" and REVIEW_ACTS["save"].allowed(doors.world, row, who))


def answer_on_review(doors, row, door, who):
    """Return the status for the answer of directorate « a »: 403, 404 or 409."""
    room, name = door[0], REVIEW_DOORS[door]
    if who.partition("@")[0] not in (TEAM if room == "review-step" else AGENTS):
        return {403}
    if who.endswith("@elsewhere") or (room != "review-step" and who not in {"contact_a", "approver_a"}):
        return {404}
    return {409} if who in REVIEW_ACTS[name].roles(doors.world, row) else {403}


def cells(rows, table, *, whole):
    """Yield (row, step, role); in short, a quarter of the steps of each state and each kind of role."""
    if whole:
        return [(row, door, who) for row in rows for door in table for who in ROLES]
    nearest = [
        (row, door, NEAREST.get(door[0], "approver_a"))
        for at, row in enumerate(rows)
        for step, door in enumerate(table)
        if (at + step) % 4 == 0
    ]
    turns = cycle(rows)
    return nearest + [(next(turns), door, who) for door in table for who in OTHERS]


def judge(doors, rows, table, may, answer, *, whole):
    wrong, tried, before = [], 0, digest()
    for row, door, who in cells(rows, table, whole=whole):
        if not may(doors, row, door, who):
            wrong.append(doors.refused(who, address(row, door), answer(doors, row, door, who), row.version))
            tried += 1
    assert list(filter(None, wrong)) == []
    assert digest() == before
    return tried


def referrals(doors, count, *, whole):
    """Return the number of refusals that were tried and checked."""
    rows = [fresh(ReferralFactory(term=doors.world.term, own=own, state=state)) for own, state in KINDS]
    tried = judge(doors, rows, REFERRAL_DOORS, may_on_referral, answer_on_referral, whole=whole)
    count(requests=tried, faults=0)
    return tried


def reviews(doors, count, *, whole):
    """Return the same number for answers of directorates."""
    rows = []
    for state in R:
        row = DirectorateReviewFactory(
            referral__term=doors.world.term, referral__issued=True, directorate=doors.world.places["a"], state=state
        )
        rows.append(fresh(row))
    tried = judge(doors, rows, REVIEW_DOORS, may_on_review, answer_on_review, whole=whole)
    count(requests=tried, faults=0)
    return tried


def test_refused_steps_of_referrals(people, caplog, count):
    assert referrals(Doors(people, caplog), count, whole=False) > 300


def test_refused_steps_of_reviews(people, caplog, count):
    assert reviews(Doors(people, caplog), count, whole=False) > 80


@pytest.mark.long
def test_every_refused_step_of_referrals(people, caplog, count):
    assert referrals(Doors(people, caplog), count, whole=True) > 10_000


@pytest.mark.long
def test_every_refused_step_of_reviews(people, caplog, count):
    assert reviews(Doors(people, caplog), count, whole=True) > 1_400
