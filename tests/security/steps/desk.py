"""Steps of terms, mandates, sittings, minutes and actions: the tables of the matrix, by hand."""

from datetime import UTC, date, datetime

from assembly.institution.models import Term
from assembly.tasks.models import Task, TeamNote
from members.enums import MandateState
from sessions.decisions import actions as decisions
from sessions.models import Ballot
from tests.factories.members import MandateFactory
from tests.factories.sessions import SittingFactory
from tests.security.steps.rule import DESK, NOBODY, ROLES, TEAM, Table
from tests.sessions.minutes.test_matrix import ASK, FORMAL, LETTERS, REPORT, STEPS as MINUTES_STEPS, minutes_at
from tests.sessions.route_objects import ballot, counted_ballot, proclaimed_ballot
from tests.sessions.sittings.test_steps import LEAD_ONLY, TABLE as SITTING_STEPS, WITHOUT_FORM, sitting_in

LEAD = "lead"
STATES = {state: letter for letter, state in LETTERS.items()}
EVERYBODY = " ".join({role.partition("@")[0]: "" for role in ROLES})


def term_at(people, state):
    """Put the term at work into another state; its people keep their roles."""
    Term.objects.filter(pk=people.term.pk).update(state=state)
    return Term.objects.get(pk=people.term.pk)


TERMS = Table(
    pages="institution:term-step",
    states="planned recruiting drawn installed active closing closed archived",
    row=term_at,
    enters=LEAD,
    steps={
        "appel": (LEAD, {422: "planned"}),  # no decision of the council is noted
        "tirage": (LEAD, {422: "recruiting"}),  # nobody was drawn
        "installer": (LEAD, {422: "drawn"}),  # no first plenary was held
        "commencer": (LEAD, {422: "installed"}),  # nobody sits
        "cloturer": (LEAD, {302: "active"}),
        "clore": (LEAD, {302: "closing"}),
        "archiver": (LEAD, {302: "closed"}),
        "rouvrir": (LEAD, {422: "closed"}),
    },
)


def mandate_at(people, state):
    trait = {} if state == MandateState.ACTIVE else {state: True}
    return MandateFactory(term=people.term, **trait)


MANDATES = Table(
    pages="members:member-step",
    states="proposed accepted active suspended ended declined no_answer",
    row=mandate_at,
    enters=DESK,
    unseen={"facilitator": "proposed accepted declined no_answer"},  # who never held a seat is the team's to know
    steps={
        "accepter": (TEAM, {422: "proposed"}),
        "refuser": (TEAM, {422: "proposed"}),
        "sans-reponse": (TEAM, {302: "proposed"}),
        "ouvrir": (TEAM, {422: "accepted"}),
        "suspendre": (TEAM, {422: "active"}),
        "reprendre": (TEAM, {422: "suspended"}),
        "terminer": (TEAM, {422: "accepted active suspended"}),
    },
)

SITTING_STATES = (
    "planned notified confirmed open suspended closed minuted archived postponed cancelled not_quorate reconvened "
    "not_held"
)


def sitting_steps(slugs):
    """Return the lines of `tests/sessions/sittings/test_steps.py`, with the answer to an empty form."""
    return {
        slug: (LEAD if slug in LEAD_ONLY else TEAM, {WITHOUT_FORM.get(slug, 302): SITTING_STEPS[slug][0]})
        for slug in slugs
    }


ON_THE_DAY = ("ouvrir", "suspendre", "reprendre", "clore", "sans-quorum")
SITTINGS = Table(
    pages="sittings:confirm",
    states=SITTING_STATES,
    row=lambda people, state: sitting_in(state),
    enters=DESK,
    steps=sitting_steps([slug for slug in SITTING_STEPS if slug not in ON_THE_DAY]),
)
ROLL = Table(
    pages="sittings:move",
    states=SITTING_STATES,
    row=lambda people, state: sitting_in(state),
    enters=DESK,
    steps=sitting_steps(ON_THE_DAY),
)


def words(letters):
    return " ".join(LETTERS[letter] for letter in letters)


def minutes_steps(kind):
    """Return the lines of `tests/sessions/minutes/test_matrix.py`, with the answer to an empty form."""
    lines = {}
    for slug, (whose, formal, report, *answers) in MINUTES_STEPS.items():
        states, answer = (formal, answers[0]) if kind == "formal" else (report, answers[1])
        asked = 422 if slug in ASK else answer
        lines[slug] = ("chair" if slug == "visa-presidence" else whose, {asked: words(states)}) if states else NOBODY
    return lines


def functions_of(people, minutes):
    """Return the secretary (another officer) and the chair (a member without access to the desk)."""
    return {"secretary": minutes.held.secretary, "chair": minutes.held.chair}


def minutes_table(kind, letters):
    return Table(
        pages="sittings:minutes-step",
        states=words(letters),
        row=lambda people, state: minutes_at(people, kind, STATES[state]),
        enters=f"{DESK} secretary",
        holders=functions_of,
        steps=minutes_steps(kind),
    )


def chaired_minutes(people, state):
    return minutes_at(people, "formal", STATES[state])


# One address for both visas: each person meets the one of the function that they hold.
CHAIR_VISA = Table(
    pages="sessions.minutes.views.members.MY_STEPS",
    states=words(FORMAL),
    row=chaired_minutes,
    enters=f"{EVERYBODY} chair",
    holders=lambda people, minutes: {"chair": minutes.held.chair},
    unseen={role: "any" for role in EVERYBODY.split() if role not in {*DESK.split(), "member"}}
    | {"member": "draft internal_check circulated corrections submitted_for_approval approved"},
    steps={"visa-presidence": ("chair", {302: "approved"})},
    address="sittings:minutes-visa",
)
SECRETARY_VISA = Table(
    pages="sessions.minutes.views.members.MY_STEPS",
    states=words(FORMAL),
    row=chaired_minutes,
    enters=f"{EVERYBODY} secretary",
    holders=lambda people, minutes: {"secretary": minutes.held.secretary},
    unseen=CHAIR_VISA.unseen,
    steps={"visa-secretariat": ("secretary", {302: "approved"})},
    address="sittings:minutes-visa",
)


def decided_task_at(people, state):
    task = decisions.add_action(
        SittingFactory(term=people.term, held=True),
        text="Envoyer la carte",
        owner_text="Direction de l’Autonomie",
        due_on=date(2026, 4, 17),
        by=people["officer"],
    )
    closed = {} if state == "open" else {"closed_at": datetime(2026, 4, 2, 9, tzinfo=UTC), "outcome": "Sans suite."}
    Task.objects.filter(pk=task.pk).update(state=state, **closed)
    return task


DECIDED_TASKS = Table(
    pages="tasks:step",
    states="open done dropped",
    row=decided_task_at,
    enters=DESK,
    steps={
        "faite": (TEAM, {302: "open"}),
        "prendre": (TEAM, {}),  # it is somebody's
        "passer": (TEAM, {422: "open"}),
        "reporter": (TEAM, {422: "open"}),
        "abandonner": (TEAM, {}),  # it is given up with a reason
        "renoncer": (TEAM, {422: "open"}),
        "suite": (TEAM, {302: "done dropped"}),
        "rouvrir": (TEAM, {302: "done dropped"}),
    },
)


def ballot_at(people, state):
    make = {"prepared": ballot, "cancelled": ballot, "counted": counted_ballot, "proclaimed": proclaimed_ballot}[state]
    row = Ballot.objects.get(pk=make(people)["pk"])
    Ballot.objects.filter(pk=row.pk).update(state=state)
    return row


BALLOTS = Table(
    pages="sittings:ballot-step",
    states="prepared counted proclaimed cancelled",
    row=ballot_at,
    enters=DESK,
    steps={
        "maintenir": (LEAD, {422: "proclaimed"}),  # a reason is asked for
        "retirer": (LEAD, {422: "counted proclaimed"}),
    },
)


def task_at(people, state):
    closed = {} if state == "open" else {"closed_at": datetime(2026, 4, 2, 9, tzinfo=UTC)}
    return Task.objects.create(term=people.term, text="Rappeler la mairie", state=state, **closed)


TASKS = Table(
    pages="tasks:step",
    states="open done dropped",
    row=task_at,
    enters=DESK,
    unseen={"facilitator": "any"},  # who reads what sittings decided, and nothing else
    steps={
        "faite": (TEAM, {302: "open"}),
        "prendre": (TEAM, {302: "open"}),  # nobody's yet
        "passer": (TEAM, {302: "open"}),  # without a person: to the team
        "reporter": (TEAM, {422: "open"}),
        "abandonner": (TEAM, {302: "open"}),
        "renoncer": (TEAM, {}),  # no sitting decided it
        "suite": (TEAM, {302: "done dropped"}),
        "rouvrir": (TEAM, {302: "done dropped"}),
    },
)


def note_at(people, state):
    text = "" if state == "erased" else "Appelé, rappellera"
    sitting = SittingFactory(term=people.term)
    about = {"object_type": "sittings.Sitting", "object_id": str(sitting.pk)}
    return TeamNote.objects.create(term=people.term, text=text, state=state, author=people["officer"], **about)


NOTES = Table(
    pages="tasks:note-step",
    states="written erased",
    row=note_at,
    enters=TEAM,
    steps={"corriger": ("officer", {422: "written"}), "effacer": (TEAM, {302: "written"})},
)
TABLES = {
    "terms": TERMS,
    "tasks": TASKS,
    "notes": NOTES,
    "mandates": MANDATES,
    "sittings": SITTINGS,
    "sittings-roll": ROLL,
    "minutes-formal": minutes_table("formal", FORMAL),
    "minutes-report": minutes_table("report", REPORT),
    "minutes-visa-chair": CHAIR_VISA,
    "minutes-visa-secretary": SECRETARY_VISA,
    "ballots": BALLOTS,
    "decided-tasks": DECIDED_TASKS,
}
