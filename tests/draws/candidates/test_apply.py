"""The public form, page after page, without script: nothing typed is lost, nothing is kept before the end."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assembly.notifications.models import Delivery
from draws.candidates.rules import code_token, confirmation_code, page_token
from draws.models import Call, CallExtension, Candidate, CandidateState
from tests.draws.typed import answers, page_fields
from tests.factories.candidates import CallFactory, CandidateFactory
from tests.factories.institution import AssemblyFactory, CantonFactory, TermFactory
from tests.factories.members import SeatFactory

pytestmark = pytest.mark.django_db
APPLY, SEND = "/candidater/", "/candidater/envoyer/"
PAGES = [
    ("conditions", ["outside", "elected", "agent", "former_member"]),
    ("vous", ["first_name", "last_name", "birth_date", "gender", "occupation"]),
    ("adresse", ["address", "postcode", "city", "canton"]),
    ("contact", ["email", "phone"]),
    ("besoins", ["needs"]),
]


@pytest.fixture
def call():
    return CallFactory()


@pytest.fixture
def canton(call):
    return CantonFactory(name="Auterive")


def step_of(page):
    found = re.search(r'name="etape" value="(\w*)"', page.text)
    return found[1] if found else ""


def walk(client, told, until=""):
    """Submit page after page as a browser without script does, up to the page `until`."""
    page = client.post(APPLY, {"aller": "suite"})
    while (name := step_of(page)) and name != until:
        page = client.post(
            APPLY, page_fields(page) | {n: told[n] for n in dict(PAGES)[name] if n in told} | {"aller": "suite"}
        )
    return page


def test_from_the_home_to_the_confirmed_candidature(call, canton, client):
    told = answers(canton, needs=["sign_language", "childcare"])
    home = client.get("/")
    assert APPLY in home.text
    assert client.get(APPLY).status_code == 200
    checked = walk(client, told)
    assert "Relisez avant d’envoyer" in checked.text
    for shown in ("Amina", "Vanuxem", "14 mars 1968", "Femme", "Auterive", "interprète en langue des signes"):
        assert shown in checked.text.replace("\u00a0", " ")
    assert not Candidate.objects.exists()
    sent = client.post(SEND, page_fields(checked) | {"consent": "on"})
    row = Candidate.objects.get()
    assert (sent.status_code, sent.url) == (302, reverse("draws:apply-code", args=[code_token(row)]))
    assert (row.state, row.number, row.canton, row.channel) == (CandidateState.UNCONFIRMED, 1, canton, "web")
    assert {need.kind for need in row.needs.all()} == {"sign_language", "childcare"}
    wrong = client.post(sent.url, {"code": "000000" if confirmation_code(row) != "000000" else "1"})
    assert wrong.status_code == 422
    right = client.post(sent.url, {"code": f" {confirmation_code(row)[:3]} {confirmation_code(row)[3:]} "})
    assert (right.status_code, right.url) == (302, reverse("draws:candidate-page", args=[page_token(row)]))
    assert "Vanuxem" in client.get(right.url).text
    row.refresh_from_db()
    assert row.state == CandidateState.SUBMITTED


def test_what_was_typed_stays_when_one_goes_back_and_forth(call, canton, client):
    told = answers(canton)
    page = walk(client, told, until="adresse")
    back = client.post(APPLY, page_fields(page) | {"address": "3 rue du Moulin", "aller": "retour"})
    assert step_of(back) == "vous"
    assert 'value="Vanuxem"' in back.text
    again = client.post(APPLY, page_fields(back) | {"first_name": "Aminata", "aller": "suite"})
    assert step_of(again) == "adresse"
    assert 'value="3 rue du Moulin"' in again.text
    assert page_fields(again)["first_name"] == ["Aminata"]
    assert back.status_code == again.status_code == 200


def test_each_page_of_the_check_can_be_opened_again(call, canton, client):
    checked = walk(client, answers(canton))
    page = client.post(APPLY, page_fields(checked) | {"aller": "contact"})
    assert step_of(page) == "contact"
    assert 'value="amina@example.org"' in page.text


@pytest.mark.parametrize(
    ("question", "answer", "words"),
    [
        ("outside", "non", "Il faut y habiter"),
        ("elected", "oui", "Les élus reçoivent les avis"),
        ("agent", "oui", "Les agents de la collectivité"),
        ("former_member", "oui", "entièrement renouvelée"),
        ("elected", "", "Choisissez une réponse"),
    ],
)
def test_who_may_not_be_a_candidate_learns_why_at_once(call, canton, client, question, answer, words):
    page = client.post(APPLY, {"aller": "suite"})
    refused = client.post(APPLY, page_fields(page) | answers(canton, **{question: answer}) | {"aller": "suite"})
    assert refused.status_code == 422
    assert words in refused.text
    assert step_of(refused) == "conditions"
    assert client.post(SEND, answers(canton, **{question: answer})).status_code == 422
    assert not Candidate.objects.exists()


def test_only_the_questions_of_this_call_are_asked(canton, client, call):
    Call.objects.filter(pk=call.pk).update(excluded_grounds=["outside"])
    page = client.post(APPLY, {"aller": "suite"})
    assert "département" in page.text
    assert "mandat" not in page.text


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("birth_date", "1890-01-01"),
        ("birth_date", "2999-01-01"),
        ("birth_date", "14/03"),
        ("postcode", "3119"),
        ("email", "a@b"),
        ("email", "a\n@example.org"),
        ("first_name", ""),
        ("last_name", "x" * 81),
        ("canton", "999999999999999999999"),
        ("canton", "abc"),
        ("gender", "Z"),
        ("occupation", "roi"),
        ("needs", "magie"),
        ("consent", ""),
    ],
)
def test_odd_answers_are_refused_where_they_were_typed(call, canton, client, field, typed):
    told = answers(canton) | {field: typed}
    refused = client.post(SEND, told)
    assert refused.status_code == 422
    assert not Candidate.objects.exists()


def test_somebody_too_young_on_the_day_of_the_draw(call, canton, client):
    birth = call.draw_on - timedelta(days=15 * 365)
    refused = client.post(SEND, answers(canton, birth_date=birth.isoformat()))
    assert refused.status_code == 422
    assert "Il faut avoir 16 ans le jour du tirage" in refused.text.replace("\u00a0", " ")


def test_a_minor_names_a_guardian(call, canton, client):
    birth = (timezone.localdate() - timedelta(days=17 * 365 + 5)).isoformat()
    told = answers(canton, birth_date=birth)
    page = client.post(APPLY, {"aller": "suite"})
    page = client.post(APPLY, page_fields(page) | told | {"etape": "vous", "aller": "suite"})
    assert step_of(page) == "parent"
    assert client.post(SEND, told).status_code == 422
    sent = client.post(SEND, told | {"guardian_name": "Odile Vanuxem", "guardian_email": "odile@example.org"})
    assert sent.status_code == 302
    assert Candidate.objects.get().guardian_agreed_on is None


def test_unknown_and_split_cantons_wait_for_an_officer(call, canton, client):
    client.post(SEND, answers(None))
    client.post(SEND, answers(canton, city=" toulouse ", email="b@example.org"))
    client.post(SEND, answers(canton, email="c@example.org"))
    found = [(row.canton, row.is_canton_checked) for row in Candidate.objects.order_by("number")]
    assert found == [(None, False), (canton, False), (canton, True)]


def test_the_form_is_sent_once_whatever_is_clicked_twice(call, canton, client):
    key = {"Idempotency-Key": "6f1c3c6e-6a3d-4a0e-9f5e-3f0f2d4f8a11"}
    first, second = (client.post(SEND, answers(canton), headers=key) for _click in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Candidate.objects.count() == 1


def test_robots_meet_limits_and_a_plain_sentence(call, canton, client):
    for _number in range(3):
        assert client.post(SEND, answers(canton)).status_code == 302
    refused = client.post(SEND, answers(canton))
    assert refused.status_code == 422
    assert "Trop de candidatures ont été envoyées" in refused.text
    assert "Vanuxem" in refused.text
    for number in range(16):
        client.post(SEND, answers(canton, email=f"robot{number}@example.org"))
    assert client.post(SEND, answers(canton, email="autre@example.org")).status_code == 302
    assert client.post(SEND, answers(canton, email="encore@example.org")).status_code == 422
    assert Candidate.objects.count() == 20
    assert not Candidate.objects.exclude(state=CandidateState.UNCONFIRMED).exists()


def test_a_code_is_guessed_five_times_at_most(call, canton, client):
    row = CandidateFactory(call=call, unconfirmed=True)
    address = reverse("draws:apply-code", args=[code_token(row)])
    for _guess in range(5):
        assert "Ce n’est pas ce code" in client.post(address, {"code": "12345"}).text
    refused = client.post(address, {"code": confirmation_code(row)})
    assert refused.status_code == 422
    row.refresh_from_db()
    assert row.state == CandidateState.UNCONFIRMED


def test_a_foreign_page_cannot_post_the_form(call, canton):
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(APPLY, answers(canton)).status_code == 403
    assert browser.post(SEND, answers(canton)).status_code == 403


# When it is open


def test_no_call_a_call_to_come_and_a_closed_one_say_so(client, canton):
    Call.objects.all().delete()
    assert "Aucun appel à candidatures en ce moment" in client.get(APPLY).text
    today = timezone.localdate()
    call = CallFactory(opens_on=today + timedelta(days=3))
    assert "n’est pas encore ouvert" in client.get(APPLY).text
    assert APPLY not in client.get("/").text
    Call.objects.update(opens_on=today - timedelta(days=30), closes_on=today - timedelta(days=1))
    assert "est clos" in client.get(APPLY).text
    assert "L’appel à candidatures est clos" in client.get("/").text
    late = client.post(SEND, answers(canton))
    assert late.status_code == 409
    assert "Trop de" not in late.text
    assert not Candidate.objects.exists()
    assert call.pk


def test_a_draft_is_nobody_s_business(client):
    CallFactory(draft=True)
    assert "Aucun appel à candidatures en ce moment" in client.get(APPLY).text


def test_an_extension_for_one_canton_receives_only_there(people, call, canton, client):
    today = timezone.localdate()
    Call.objects.update(
        opens_on=today - timedelta(days=30),
        closes_on=today - timedelta(days=1),
        draw_on=today + timedelta(days=40),
    )
    elsewhere = CantonFactory(name="Blagnac")
    CallExtension.objects.create(
        call=call,
        canton=canton,
        closes_on=today + timedelta(days=5),
        reason="Une seule candidate.",
        decided_by=people["lead"],
        decided_at=timezone.now(),
    )
    page = client.post(APPLY, answers(canton, etape="vous", aller="suite"))
    assert "Blagnac" not in page.text
    assert "Auterive" in page.text
    assert client.post(SEND, answers(elsewhere)).status_code == 422
    assert client.post(SEND, answers(None)).status_code == 422
    assert client.post(SEND, answers(canton)).status_code == 302


def test_the_call_of_another_assembly_is_not_the_one_of_the_house(client):
    AssemblyFactory()
    CallFactory(term=TermFactory(assembly=AssemblyFactory(second=True), number=1, name="Ailleurs"))
    assert "Aucun appel à candidatures en ce moment" in client.get(APPLY).text


def test_the_public_reads_numbers_and_no_small_ones(call, canton, client):
    for gender in "FM":
        SeatFactory(term=call.term, canton=canton, gender=gender, rank=1)
    for number in range(6):
        CandidateFactory(call=call, canton=canton, number=number + 1)
    CandidateFactory(call=call, canton=canton, number=9, gender="M", last_name="Zyxwvut")
    page = client.get("/candidater/cantons/")
    assert page.status_code == 200
    assert re.search(r'data-l="Femmes candidates">5 à 9<', page.text)
    assert "moins de 5" in page.text
    assert "Zyxwvut" not in page.text


# The mail


def test_the_outbox_holds_neither_name_nor_address(call, canton, client):
    client.post(SEND, answers(canton))
    row = Delivery.objects.get()
    assert (row.context, row.address) == ({"candidate": Candidate.objects.get().pk}, "")
    assert "Vanuxem" not in f"{row.recipient_name}{row.sort_name}{row.key}"
    assert not mail.outbox
