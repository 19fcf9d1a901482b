"""Steps of absences in a row and of expense claims: the tables of the matrix."""

from tests.factories.life import claim_with_lines
from tests.security.life_routes import case, entered
from tests.security.steps.rule import TEAM, Table

LEAD = "lead"
CASES = "raised warned dismissed procedure ended lifted"
CLAIMS = "draft submitted returned checked sent paid refused withdrawn"

TABLES = {
    "absences": Table(
        pages="sittings:absence-step",
        states=CASES,
        row=case,
        enters=TEAM,
        steps={
            "ecrire": (TEAM, {422: "raised"}),
            "classer": (TEAM, {422: "raised warned"}),
            "procedure": (LEAD, {422: "raised warned"}),
            "observations": (TEAM, {422: "procedure"}),
            "arreter": (LEAD, {422: "procedure"}),
            "terminer": (LEAD, {422: "procedure"}),
        },
    ),
    "expenses-own": Table(
        pages="sittings:my-expense-step",
        states=CLAIMS,
        row=lambda people, state: claim_with_lines(people["member"].person, state=state),
        enters="member",
        steps={
            "envoyer": ("member", {422: "draft returned"}),
            "retirer": ("member", {302: "draft submitted returned"}),
        },
    ),
    "expenses-desk": Table(
        pages="sittings:expense-step",
        states=CLAIMS,
        row=entered,
        enters=TEAM,
        steps={
            "envoyer": (TEAM, {422: "draft returned"}),
            "controler": (TEAM, {302: "submitted"}),
            "completer": (TEAM, {422: "submitted checked"}),
            "refuser": (TEAM, {422: "submitted checked sent"}),
            "payer": (TEAM, {422: "sent"}),
            "retirer": (TEAM, {302: "draft submitted returned"}),
        },
    ),
}
