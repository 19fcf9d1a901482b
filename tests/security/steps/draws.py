"""Steps of a draw: the table of the matrix."""

from tests.draws.inner import internal_draw_in
from tests.draws.stage import draw_in
from tests.security.steps.rule import NOBODY, TEAM, Table

LEAD, SEES = "lead", f"{TEAM} witness"
OF_VOLUNTEERS = (
    *("reglages", "essai", "verifier", "figer", "ecrire", "degeler", "calculer", "accepter-ecart", "annoncer"),
    *("constater", "reveler", "mandats", "relancer", "remplacer"),
)
OF_MEMBERS = ("fonction", "figer-liste", "desistement", "nommer")
TABLES = {
    "draws": Table(
        pages="draws:draw-step",
        states="draft checked frozen computed announced drawn certified revealed void",
        row=draw_in,
        enters=SEES,
        steps={
            "reglages": (TEAM, {422: "draft checked frozen computed"}),
            "essai": (TEAM, {302: "draft checked"}),
            "verifier": (TEAM, {422: "draft"}),  # no trial yet
            "figer": (LEAD, {302: "checked"}),
            "ecrire": (TEAM, {302: "frozen computed announced"}),
            "degeler": (LEAD, {422: "frozen computed"}),
            "calculer": (TEAM, {302: "frozen computed"}),
            "accepter-ecart": (TEAM, {}),  # the lots on stage are exact
            "annoncer": (LEAD, {422: "computed"}),  # no place, no day
            "lecture": (SEES, {422: "announced"}),
            "incident": (SEES, {422: "announced drawn"}),
            "presents": (TEAM, {422: "announced drawn"}),
            "proces-verbal": (TEAM, {302: "drawn"}),
            "constater": ("witness", {422: "drawn"}),  # the record has no seal yet
            "reveler": (LEAD, {302: "certified"}),
            "mandats": (TEAM, {302: "revealed"}),
            "relancer": (TEAM, {}),  # nobody was proposed a seat
            "remplacer": (TEAM, {}),  # no seat is vacant
            "annuler": (LEAD, {422: "draft checked frozen computed announced drawn certified"}),
            **dict.fromkeys(OF_MEMBERS, NOBODY),
        },
    ),
    "internal draws": Table(
        pages="draws:draw-step",
        states="draft announced drawn revealed void",
        row=internal_draw_in,
        enters=SEES,
        steps={
            "fonction": (TEAM, {422: "draft"}),
            "figer-liste": (TEAM, {302: "draft"}),
            "lecture": (SEES, {422: "announced"}),
            "incident": (SEES, {422: "announced drawn"}),
            "presents": (TEAM, {422: "announced drawn"}),
            "proces-verbal": (TEAM, {302: "drawn"}),
            "desistement": (TEAM, {422: "drawn"}),
            "nommer": (TEAM, {422: "drawn"}),  # the record has no seal yet
            "annuler": (LEAD, {422: "draft announced drawn"}),
            **dict.fromkeys(OF_VOLUNTEERS, NOBODY),
        },
    ),
}
