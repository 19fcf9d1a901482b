"""Pages of a draw: what is written comes back, what is not yet public is nowhere, odd input is refused with a word."""

import pytest
from django.urls import reverse

from draws.candidates.rules import entry_token
from draws.draws.actions import preparation as actions
from draws.models import Computation, ComputationKind, ComputationState, DrawState, PoolEntry, QuotaVersion
from tests.draws.stage import BALLS, DICE, draw_in, fresh
from tests.security.draw_routes import impossible

pytestmark = pytest.mark.django_db
S = DrawState


def page(draw, name="draw", *more):
    return reverse(f"draws:{name}", args=[draw.pk, *more])


def quota_form(browser, draw, **changed):
    """Return the data of the form as it is shown, with changes."""
    form = browser.get(page(draw, "quotas")).context["form"]
    values = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    return values | changed


def test_a_changed_bound_is_a_new_version_with_its_decision(signed_in, people):
    draw, browser = draw_in(people), signed_in("officer")
    form = quota_form(browser, draw, decision="COPIL du 3 septembre.", **{"max-16": 2})
    response = browser.post(page(draw, "quotas"), form)
    assert response.status_code == 302
    version = QuotaVersion.objects.get(number=2)
    assert (version.decision, b",0,2\n" in bytes(version.content)) == ("COPIL du 3 septembre.", True)


@pytest.mark.parametrize(
    "changed",
    [
        {"decision": ""},
        {"max-0": "x"},
        {"max-0": 2**63},
        {"min-0": -1},
        {"seats": 99},
        {"min-0": 3},
    ],
)
def test_odd_quotas_are_refused_and_nothing_typed_is_lost(changed, signed_in, people):
    draw, browser = draw_in(people), signed_in("officer")
    form = quota_form(browser, draw, **{"decision": "Décidé.", "max-16": 2, **changed})
    response = browser.post(page(draw, "quotas"), form)
    assert response.status_code == 422
    assert response.context["form"]["max-16"].value() == "2"
    assert QuotaVersion.objects.count() == 1


def test_a_stale_form_says_that_another_version_was_written(signed_in, people):
    draw, browser = draw_in(people), signed_in("officer")
    form = quota_form(browser, draw, decision="Décidé.", **{"max-16": 2})
    content = bytes(draw.quotas.content).replace(b"csp,employe,0,4", b"csp,employe,1,4")
    actions.set_quotas(draw, content, seats=4, decision="Ailleurs.", seen=1, by=people["lead"])
    response = browser.post(page(draw, "quotas"), form)
    assert response.status_code == 422
    assert "Une autre version des quotas a été écrite entre-temps" in response.content.decode()


def test_quotas_are_closed_after_the_freeze(signed_in, people):
    draw, browser = draw_in(people, S.FROZEN), signed_in("officer")
    assert "Garder comme nouvelle version" not in browser.get(page(draw, "quotas")).content.decode()
    assert browser.post(page(draw, "quotas"), {}).status_code == 409
    assert browser.get(page(draw, "quotas-file")).status_code == 409


def test_a_remedy_is_shown_before_it_is_decided(signed_in, people):
    found, browser = impossible(people), signed_in("officer")
    url = reverse("draws:quotas-remedy", kwargs=found)
    assert "Prolonger l’appel." in browser.get(url).content.decode()
    assert browser.post(url, {"decision": "", "seen": 1}).status_code == 422
    assert browser.post(url, {"decision": "Décidé.", "seen": 1}).status_code == 302
    assert QuotaVersion.objects.get(number=2).remedy == "extend_call"
    assert browser.get(reverse("draws:quotas-remedy", kwargs=found | {"number": 7})).status_code == 404


def test_the_bar_moves_alone_then_the_page_comes_whole(signed_in, people):
    draw, browser = draw_in(people), signed_in("officer")
    row = Computation.objects.create(
        draw=draw, kind=ComputationKind.TRIAL, quotas=draw.quotas, asked_by=people["officer"]
    )
    part = browser.get(page(draw, "computation"), headers={"HX-Request": "true"}).content.decode()
    assert ("<progress" in part, "<html" in part) == (True, False)
    browser.post(page(draw, "computation-stop", row.pk))
    row.refresh_from_db()
    assert row.state == ComputationState.CANCELLED
    whole = browser.get(page(draw, "computation"), headers={"HX-Request": "true"})
    assert whole.headers["HX-Refresh"] == "true"


def test_a_computation_of_another_draw_is_not_stopped_from_here(signed_in, people):
    draw, other, browser = draw_in(people), draw_in(people), signed_in("officer")
    row = Computation.objects.create(
        draw=other, kind=ComputationKind.TRIAL, quotas=other.quotas, asked_by=people["officer"]
    )
    assert browser.post(page(draw, "computation-stop", row.pk)).status_code == 404
    row.refresh_from_db()
    assert row.state == ComputationState.QUEUED


def test_the_first_reading_is_shown_to_nobody(signed_in, people):
    draw = draw_in(people, S.ANNOUNCED, reads=1)
    for role in ("officer", "lead", "witness"):
        browser = signed_in(role)
        for name in ("draw", "ceremony", "projection", "history"):
            shown = browser.get(page(draw, name)).content.decode()
            assert not any(digits in shown for digits in (BALLS, "4172", DICE))


def test_nothing_is_public_before_the_announcement(client, people):
    draw = draw_in(people, S.COMPUTED)
    assert client.get(reverse("draws:public", args=[draw.reference])).status_code == 404
    assert client.get(reverse("draws:public-file", args=[draw.reference, "lots.csv"])).status_code == 404


@pytest.mark.parametrize("state", [S.ANNOUNCED, S.DRAWN, S.CERTIFIED])
def test_no_name_and_no_private_file_is_public_before_the_end(state, client, people):
    draw = draw_in(people, state)
    shown = client.get(reverse("draws:public", args=[draw.reference])).content.decode()
    assert not any(word in shown for word in ("Prénom", "Commune", "example.org"))
    for name in ("pool.csv", "table.csv", "inconnu.csv"):
        assert client.get(reverse("draws:public-file", args=[draw.reference, name])).status_code == 404
    assert client.get(reverse("draws:public-file", args=[draw.reference, "resultat.json"])).status_code == (
        404 if state == S.ANNOUNCED else 200
    )


def test_a_voided_draw_stays_readable_with_its_reason(client, people):
    draw = draw_in(people, S.ANNOUNCED)
    actions.void_draw(draw, reason="Une empreinte était fausse.", by=people["lead"])
    shown = client.get(reverse("draws:public", args=[draw.reference])).content.decode()
    assert "Une empreinte était fausse." in shown


def test_names_reach_the_wall_once_the_draw_is_certified(signed_in, people):
    draw = draw_in(people, S.DRAWN)
    browser = signed_in("officer")
    assert "Prénom" not in browser.get(page(draw, "projection")).content.decode().split("<main")[1]
    draw.statement_reference = ""
    type(draw).objects.filter(pk=draw.pk).update(
        state=S.CERTIFIED, certified_at=draw.drawn_at, witness_name="Jean-Luc Mounié"
    )
    assert "Prénom" in browser.get(page(draw, "projection")).content.decode().split("<main")[1]


def test_a_volunteer_counts_the_own_tickets_and_contests(client, people):
    draw = draw_in(people, S.ANNOUNCED)
    entry = PoolEntry.objects.get(pool=draw.pool, pseudonym="V0001")
    own = reverse("draws:entry", args=[entry_token(entry)])
    shown = client.get(own)
    assert (shown.context["chances"], "no-store" in shown.headers["Cache-Control"]) == (3334, True)
    assert client.post(own, {"text": "Trop tard."}).status_code == 422
    assert client.get(reverse("draws:entry", args=["inconnue"])).status_code == 404


def test_an_older_list_says_that_it_serves_no_more(client, people):
    draw = draw_in(people, S.FROZEN)
    entry = PoolEntry.objects.first()
    actions.unfreeze(draw, reason="Un canton est faux.", by=people["lead"])
    assert "Cette liste ne sert plus" in client.get(reverse("draws:entry", args=[entry_token(entry)])).content.decode()
    assert fresh(draw).state == S.DRAFT


@pytest.mark.parametrize("balls", ["41x2", "417", "41727", "9" * 400])
def test_odd_digits_are_refused_in_the_form(balls, signed_in, people):
    draw = draw_in(people, S.ANNOUNCED)
    url = reverse("draws:draw-step", args=[draw.pk, "lecture"])
    assert signed_in("officer").post(url, {"balls": balls, "dice": DICE}).status_code == 422
