from datetime import UTC, datetime, timedelta

import pytest

from sessions.models import SittingState
from sessions.pages import status_of
from sessions.sittings.queries.sittings import SittingFigures
from tests.factories.institution import TermFactory
from tests.factories.sessions import SittingFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
ALL = dict.fromkeys(["notify", "renotify", "remind", "confirm", "private", "reconvene", "edit"], True)


def sitting_in(state, days=18, **facts):
    return SittingFactory.build(
        pk=7,
        term=TermFactory.build(),
        state=state,
        starts_at=datetime(2026, 3, 10, 8, 30, tzinfo=UTC) + timedelta(days=days),
        opened_at=NOW,
        closed_at=NOW,
        reason="Neige",
        **facts,
    )


@pytest.mark.parametrize(
    ("state", "figures", "changed", "days", "url", "words"),
    [
        ("planned", {}, 0, 18, "convoquer/", "doit partir avant le samedi 14 mars 2026, dans 4 jours"),
        ("planned", {}, 0, 4, "convoquer/", "aurait dû partir le samedi 28 février 2026, il y a 10 jours"),
        ("notified", {"expected": 9, "silent": 2, "coming": 1}, 0, 18, "relancer/", "2 personnes n’ont pas répondu"),
        (
            "notified",
            {"expected": 22, "silent": 22},
            0,
            18,
            "relancer/",
            "0 réponse sur 22. 22 personnes n’ont pas répondu",
        ),
        ("notified", {"expected": 9, "coming": 9}, 0, 18, "confirmer/", "9 réponses sur 9"),
        ("notified", {"expected": 9, "silent": 9}, 3, 18, "convoquer/changements/", "a changé depuis la convocation"),
        ("notified", {"expected": 9, "silent": 9}, 0, 0, "en-seance/", "Aujourd’hui"),
        ("confirmed", {"expected": 1, "coming": 1}, 0, 18, "", "Confirmée. 1 réponse sur 1 : 1 personne vient."),
        ("open", {"came": 1}, 0, 0, "en-seance/", "1 membre est arrivé"),
        ("suspended", {}, 0, 0, "en-seance/", "suspendue"),
        ("closed", {"came": 91}, 0, 0, "compte-rendu/", "91 membres présents"),
        ("minuted", {}, 0, 0, "compte-rendu/", "Le compte rendu est fait"),
        ("archived", {}, 0, 0, "compte-rendu/", "Le compte rendu est fait"),
        ("not_quorate", {"came": 40}, 0, 0, "convoquer-de-nouveau/", "40 membres sont venus"),
        ("reconvened", {}, 0, 0, "", "convoquée de nouveau"),
        ("postponed", {}, 0, 0, "", "Neige"),
        ("cancelled", {}, 0, 0, "", "annulée"),
    ],
)
def test_one_sentence_one_button(state, figures, changed, days, url, words):
    found = status_of(sitting_in(state, days), SittingFigures(**figures), ALL, changed, NOW)
    assert found.url.removeprefix("/bureau/seances/7/") == url
    assert words in f"{found.sentence} {found.consequence}".replace("\u00a0", " ")


@pytest.mark.parametrize("state", SittingState)
def test_who_may_nothing_gets_the_sentence_without_a_button(state):
    found = status_of(sitting_in(state), SittingFigures(), {}, 0, NOW)
    assert (bool(found.sentence), found.label, found.url) == (True, "", "")
