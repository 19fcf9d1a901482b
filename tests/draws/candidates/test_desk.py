"""Candidates in the bureau: list, file, page, keyed entry, the two opinions, the table of cells."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.institution.models import Term, TermState
from assembly.notifications.models import Delivery
from draws.candidates import actions
from draws.candidates.forms import initial_of
from draws.models import Call, CallExtension, Candidate, CandidateState
from tests.draws.typed import answers
from tests.factories.candidates import CallFactory, CandidateFactory
from tests.factories.institution import CantonFactory
from tests.factories.members import SeatFactory

pytestmark = pytest.mark.django_db
LIST = "/bureau/candidatures/"
ENTER = f"{LIST}saisir/"


@pytest.fixture
def call(people):
    return CallFactory(term=people.term)


@pytest.fixture
def canton(call):
    return CantonFactory(name="Auterive")


def made(call, canton, n, **more):
    return [CandidateFactory(call=call, canton=canton, number=k + 1, **more) for k in range(n)]


def step(row, slug):
    return reverse("draws:candidate-step", args=[row.pk, slug])


def test_without_a_call_every_page_leads_to_where_it_is_prepared(signed_in, people):
    browser = signed_in("lead")
    assert people.term
    for address in (LIST, ENTER, f"{LIST}choisies/"):
        assert browser.get(address).url == f"{LIST}appel/"
    page = browser.get(f"{LIST}appel/")
    assert "Préparer l’appel" in page.text
    assert "Préparer l’appel" not in signed_in("officer").get(f"{LIST}appel/").text
    assert browser.get(f"{LIST}cantons/").status_code == 200


def test_the_lead_prepares_opens_and_extends(signed_in, people):
    Term.objects.filter(pk=people.term.pk).update(state=TermState.PLANNED, decision_reference="D-4")
    canton = CantonFactory(assembly=people.assembly)
    SeatFactory(term=people.term, canton=canton)
    browser, today = signed_in("lead"), timezone.localdate()
    days = {"opens_on": today, "closes_on": today + timedelta(days=60), "draw_on": today + timedelta(days=75)}
    typed = {name: day.isoformat() for name, day in days.items()}
    typed |= {"minimum_age": 16, "excluded_grounds": ["elected", "outside"], "split_communes": "Toulouse"}
    wrong = browser.post(f"{LIST}appel/preparer/", typed | {"draw_on": typed["closes_on"]})
    assert wrong.status_code == 422
    assert browser.post(f"{LIST}appel/preparer/", typed).status_code == 302
    call = Call.objects.get()
    assert browser.post(reverse("draws:call-step", args=[call.pk, "ouvrir"])).status_code == 302
    call.refresh_from_db()
    assert call.state == "open"
    assert browser.post(f"{LIST}appel/preparer/", typed).status_code == 409
    longer = {"canton": canton.pk, "closes_on": (today + timedelta(days=70)).isoformat(), "reason": "Deux candidates."}
    assert browser.post(reverse("draws:call-step", args=[call.pk, "prolonger"]), longer).status_code == 302
    assert CallExtension.objects.get().canton == canton
    assert "Deux candidates." in browser.get(f"{LIST}appel/").text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_at_any_length(signed_in, call, canton, rows, django_assert_num_queries):
    browser = signed_in("officer")
    made(call, canton, rows)
    browser.get(LIST)
    with django_assert_num_queries(8):
        assert browser.get(LIST).status_code == 200


def test_filters_and_the_file_say_the_same(signed_in, call, canton):
    browser = signed_in("officer")
    other = CantonFactory(name="Blagnac")
    CandidateFactory(call=call, canton=canton, number=1, last_name="Mounié", first_name="Élodie")
    CandidateFactory(call=call, canton=other, number=2, last_name="=HYPERLINK(1)", gender="M", channel="market")
    CandidateFactory(call=call, canton=None, number=3, last_name="Nogaro", eligible=False, is_canton_checked=False)
    for query, names in (
        ("q=mounie", ["Mounié"]),
        ("q=C-0002", ["=HYPERLINK"]),
        (f"canton={other.pk}", ["=HYPERLINK"]),
        ("genre=M", ["=HYPERLINK"]),
        ("canal=market", ["=HYPERLINK"]),
        ("point=canton", ["Nogaro"]),
        ("etat=zzz&canton=abc&point=x", ["Mounié", "=HYPERLINK", "Nogaro"]),
    ):
        page = browser.get(f"{LIST}?{query}").text
        assert [name for name in ("Mounié", "=HYPERLINK", "Nogaro") if name in page] == names
    file = browser.get(f"{LIST}export.csv?genre=M").content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in file
    assert "Nogaro" not in file
    assert "@example.org" not in file
    assert "Aucune candidature ne correspond" in browser.get(f"{LIST}?q=introuvable").text


def test_two_people_examine_one_after_the_other(signed_in, people, call, canton):
    first, second = made(call, canton, 2)
    officer, lead = signed_in("officer"), signed_in("lead")
    assert "Vous donnez le premier avis" in officer.get(reverse("draws:candidate", args=[first.pk])).text
    sent = officer.post(step(first, "recevable"))
    assert (sent.status_code, sent.url) == (302, reverse("draws:candidate", args=[second.pk]))
    again = officer.get(reverse("draws:candidate", args=[first.pk]))
    assert step(first, "recevable") not in again.text
    assert officer.post(step(first, "recevable")).status_code == 409
    assert "Premier avis" in lead.get(step(first, "recevable")).text
    assert lead.post(step(first, "recevable")).status_code == 302
    first.refresh_from_db()
    assert (first.state, first.decided_by) == (CandidateState.ELIGIBLE, people["lead"])
    assert lead.post(step(second, "irrecevable"), {"ground": "zzz"}).status_code == 422
    assert lead.post(step(second, "irrecevable"), {"ground": "agent"}).status_code == 302


def test_needs_are_never_read_by_whoever_examines(signed_in, call, canton):
    [row] = made(call, canton, 1)
    actions.set_needs(row, ["sign_language"])
    browser = signed_in("lead")
    for address in (reverse("draws:candidate", args=[row.pk]), f"{LIST}export.csv", step(row, "recevable")):
        assert "langue des signes" not in browser.get(address).text


def test_several_are_admitted_and_told_at_once(signed_in, call, canton):
    rows = made(call, canton, 3)
    keys = [row.pk for row in rows]
    officer, lead = signed_in("officer"), signed_in("lead")
    chosen = reverse("draws:candidates-chosen")
    for browser in (officer, lead):
        assert "3 candidatures choisies" in browser.get(chosen, {"ligne": keys, "acte": "recevable"}).text
        assert browser.post(chosen, {"ligne": keys, "acte": "recevable"}).status_code == 302
    assert Candidate.objects.filter(state=CandidateState.ELIGIBLE).count() == 3
    assert lead.post(chosen, {"ligne": keys, "acte": "prevenir"}).status_code == 302
    assert Delivery.objects.count() == 3
    assert lead.post(chosen, {"ligne": keys, "acte": "prevenir"}).status_code == 409
    assert Delivery.objects.count() == 3


def test_keyed_entry_goes_on_to_the_next_with_the_same_channel(signed_in, people, call, canton):
    browser = signed_in("officer")
    typed = answers(canton, channel="market", email="")
    sent = browser.post(ENTER, typed)
    assert (sent.status_code, sent.url) == (302, f"{ENTER}?canal=market")
    row = Candidate.objects.get()
    assert (row.state, row.channel, row.recorded_by) == ("submitted", "market", people["officer"])
    page = browser.get(sent.url)
    assert re.search(r'value="market"[^>]*checked', page.text)
    assert "Vanuxem" in page.text  # what was just recorded
    wrong = browser.post(ENTER, typed | {"postcode": "1", "first_name": "Farid"})
    assert wrong.status_code == 422
    assert 'value="Farid"' in wrong.text
    assert not Delivery.objects.exists()
    Candidate.objects.update(state=CandidateState.IN_POOL)
    assert "figée" in browser.get(ENTER).text
    assert browser.post(ENTER, typed).status_code == 422


def test_an_officer_checks_the_canton_by_correcting(signed_in, call, canton):
    row = CandidateFactory(call=call, canton=None, is_canton_checked=False)
    browser = signed_in("officer")
    page = browser.get(reverse("draws:candidate", args=[row.pk]))
    assert "Vérifiez d’abord le canton" in page.text
    told = {name: value for name, value in initial_of(row).items() if value not in (None, False)}
    told |= {"birth_date": row.birth_date.isoformat(), "version": actions.version_of(row), "canton": str(canton.pk)}
    address = reverse("draws:candidate-correct", args=[row.pk])
    assert browser.post(address, told).status_code == 302
    row.refresh_from_db()
    assert (row.canton, row.is_canton_checked) == (canton, True)
    assert browser.post(address, told).status_code == 422  # an old page
    [entry] = Entry.objects.filter(event_type="candidate.corrected")
    assert entry.facts == {"fields": ["canton"]}


def test_a_candidate_of_another_house_is_not_seen(people, signed_in, call, canton):
    [row] = made(call, canton, 1)
    browser = signed_in(people.ready(people.elsewhere("lead")))
    for address in (reverse("draws:candidate", args=[row.pk]), step(row, "recevable")):
        assert browser.get(address).status_code == 404
    assert browser.post(step(row, "recevable")).status_code == 404


def test_the_cells_say_where_to_go(signed_in, call, canton):
    for gender in "FM":
        SeatFactory(term=call.term, canton=canton, gender=gender, rank=1)
    made(call, canton, 4)
    page = signed_in("lead").get(f"{LIST}cantons/").text
    assert "Trop peu" in page
    assert "Un tirage n’y est presque plus un tirage" in page.replace("\u00a0", " ")
    assert reverse("draws:call-step", args=[call.pk, "prolonger"]) in page
    assert (
        reverse("draws:call-step", args=[call.pk, "prolonger"]) not in signed_in("officer").get(f"{LIST}cantons/").text
    )
    file = signed_in("officer").get(f"{LIST}cantons.csv").content.decode("utf-8-sig")
    assert "Auterive;femme;1;4;4;0;assez;0" in file


def test_the_desk_tells_how_many_wait(signed_in, people, call, canton):
    made(call, canton, 2, verdict="admit", verdict_by=people["officer"])
    tray = "<b>2</b> <span>candidatures à examiner"
    assert tray in " ".join(signed_in("lead").get("/bureau/").text.split())
    assert tray not in " ".join(signed_in("officer").get("/bureau/").text.split())
    assert "Examiner 2 candidatures" in signed_in("lead").get("/bureau/taches/?bac=candidatures").text.replace(
        "\u00a0", " "
    )


def test_who_applies_is_told_in_numbers_the_erased_ones_too(signed_in, call, canton):
    made(call, canton, 3)
    CandidateFactory(call=call, canton=canton, number=7, gender="M", occupation="retraite", birth_date="1950-01-01")
    CandidateFactory(call=call, canton=canton, number=8, gender="M", state=CandidateState.WITHDRAWN)
    gone = CandidateFactory(
        call=call, canton=canton, number=9, gender="M", occupation="retraite", birth_date="1950-01-01"
    )
    actions.erase_one(gone)
    browser = signed_in("officer")
    assert "Personne à compter" not in browser.get(f"{LIST}profil/").text
    file = browser.get(f"{LIST}profil.csv").content.decode("utf-8-sig")
    for line in (
        "Genre;Femme",
        "Âge;45 à 59 ans",
        "Genre;Homme",
        "Âge;75 ans et plus",
        "Profession;Retraité ou retraitée",
    ):
        numbers = "3;0,6" if line in ("Genre;Femme", "Âge;45 à 59 ans") else "2;0,4"
        assert f"{line};Candidatures;{numbers}" in file
