"""Every step of a mandate, from every state, by every role, through its page: 404, 403, 409, 422 or done."""

from itertools import product

import pytest
from django.urls import reverse

from assembly.audit.models import Entry
from members.enums import MandateState
from members.models import Mandate
from tests.factories.members import MandateFactory
from tests.undo import undone

pytestmark = pytest.mark.django_db

# slug: (from, to, journal). The team takes each of them.
STEPS = {
    "accepter": ({"proposed"}, "accepted", "mandate.accepted"),
    "refuser": ({"proposed"}, "declined", "mandate.declined"),
    "sans-reponse": ({"proposed"}, "no_answer", "mandate.lapsed"),
    "ouvrir": ({"accepted"}, "active", "mandate.activated"),
    "suspendre": ({"active"}, "suspended", "mandate.suspended"),
    "reprendre": ({"suspended"}, "active", "mandate.resumed"),
    "terminer": ({"accepted", "active", "suspended"}, "ended", "mandate.ended"),
}
TEAM = {"lead", "officer"}
OUTSIDE = ["member", "dpo", "dir_contact", "stranger"]  # the room stops them before a mandate is looked for
ROLES = [*sorted(TEAM), "facilitator", "officer elsewhere", *OUTSIDE]
OPENED = {"active", "suspended", "ended"}
SENT = {"on": "2026-04-10", "reason": "resigned"}


def in_state(state):
    return MandateFactory(**({} if state == "active" else {str(state): True}))


def step(mandate, slug):
    return reverse("members:member-step", args=[mandate.pk, slug])


def expected(role, state, sources):
    if role in TEAM:
        return 302 if state in sources else 409
    if role == "facilitator":  # sees in the list who sat, never a page
        return 403 if state in OPENED else 404
    return 404 if role == "officer elsewhere" else 403  # to the others the room is closed


@pytest.mark.parametrize("role", ROLES)
def test_every_step_from_every_state(role, people, signed_in):
    browser = signed_in(people.elsewhere("officer") if role == "officer elsewhere" else role)
    rows = {state: in_state(state) for state in (["active"] if role in OUTSIDE else MandateState.values)}
    for (slug, (sources, target, word)), (state, row) in product(STEPS.items(), rows.items()):
        with undone(slug, state, role):
            code = expected(role, state, sources)
            assert browser.post(step(row, slug), SENT).status_code == code
            assert Mandate.objects.get(pk=row.pk).state == (target if code == 302 else state)
            assert Entry.objects.filter(event_type=word).count() == (code == 302)
        asked = browser.get(step(row, slug)).status_code
        assert asked == (200 if code == 302 else code), (slug, state, role)


@pytest.mark.parametrize(
    ("state", "slug", "sent", "sentence"),
    [
        ("proposed", "accepter", {"on": "2099-01-01"}, "Cette date est dans le futur"),
        ("proposed", "accepter", {}, "Écrivez une date"),
        ("accepted", "ouvrir", {"on": "2020-01-01"}, "Cette date vient avant l’étape d’avant"),
        ("active", "terminer", {"on": "2026-04-10"}, "Choisissez une réponse"),
        ("active", "terminer", {"on": "2026-04-10", "reason": "excluded"}, "Sélectionnez un choix valide"),
    ],
)
def test_a_form_in_error_is_422_and_keeps_what_was_typed(state, slug, sent, sentence, signed_in):
    mandate = in_state(state)
    answer = signed_in("officer").post(step(mandate, slug), sent)
    html = answer.content.decode()
    assert (answer.status_code, Mandate.objects.get().state) == (422, state)
    assert sentence in html
    assert sent.get("on", "") in html


def test_what_lacks_is_said_before_anybody_clicks(signed_in):
    alternate = MandateFactory(alternate=True)
    browser = signed_in("officer")
    asked = browser.get(step(alternate, "ouvrir"))
    assert asked.status_code == 200
    assert "donnez-lui d’abord un siège vacant" in asked.content.decode()
    assert browser.post(step(alternate, "ouvrir"), SENT).status_code == 422
    assert step(alternate, "ouvrir") not in browser.get(f"/bureau/membres/{alternate.pk}/").content.decode()


def test_a_step_that_another_took_says_what_the_mandate_became(people, signed_in):
    mandate = MandateFactory(suspended=True)
    html = signed_in("officer").post(step(mandate, "suspendre"), SENT).content.decode()
    assert "« Suspendre » n’est pas possible maintenant" in html.replace("\xa0", " ")
    assert "L’état est maintenant «\u00a0Suspendu\u00a0»" in html
