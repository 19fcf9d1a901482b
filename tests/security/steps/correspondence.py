"""Steps of messages of the team and of saved texts: the tables of the matrix."""

from tests.security.correspondence_routes import message_at, text_at
from tests.security.steps.rule import TEAM, Table

TABLES = {
    "team-messages": Table(
        pages="correspondence:step",
        states="draft sent cancelled",
        row=message_at,
        enters=TEAM,
        steps={
            "envoyer": (TEAM, {409: "draft"}),  # what was read is not sent back
            "envoyer-en-nombre": (TEAM, {409: "draft"}),
            "abandonner": (TEAM, {302: "draft"}),
            "reprendre": (TEAM, {302: "cancelled"}),
        },
    ),
    "saved-texts": Table(
        pages="correspondence:text-step",
        states="offered removed",
        row=text_at,
        enters=TEAM,
        steps={"retirer": (TEAM, {302: "offered"}), "remettre": (TEAM, {302: "removed"})},
    ),
}
